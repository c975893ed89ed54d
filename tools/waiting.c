// SPDX-License-Identifier: GPL-2.0-or-later
/* Waits for the loan: reads it regularly, because no event reports that the target is met. */

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attribute.h"
#include "command.h"
#include "partition.h"
#include "progress.h"
#include "size.h"
#include "waiting.h"

/* Time between two reads of the loan */
#define PAUSE_MS 100

/*
 * A state counts only after it has lasted this long, because the driver may still show the old
 * state after a change of the target or of loan_policy.
 */
#define LASTING_MS 300

static int signals = -1;
static sigset_t mask_before;

/* The status for WAITING_FAILED */
static int failure;

/* The reason for WAITING_HELD_BACK */
static const char *hold;

/* The last wait was wait_for_target(), and it ended before the target changed. */
static bool is_unchanged;

int loan_read(struct loan *loan)
{
	int status;

	status = attribute_read_number(CMM_DEVICE, "loaned_kb", &loan->loaned_kb);
	if (status)
		return status;
	status = attribute_read_number(CMM_DEVICE, "loaned_target_kb", &loan->target_kb);
	loan->state[0] = '\0';
	if (status || !root_exists(CMM_DEVICE, "state"))
		return status;
	return attribute_read(CMM_DEVICE, "state", loan->state);
}

/*
 * The parent may have left a signal ignored: nohup does that to SIGHUP, and a shell to SIGINT of
 * jobs in the background. A signalfd would still receive the signal.
 */
static bool is_ignored(int signal_number)
{
	struct sigaction now;

	return !sigaction(signal_number, NULL, &now) && now.sa_handler == SIG_IGN;
}

int waiting_begin(void)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGQUIT, SIGHUP };
	sigset_t mask;
	size_t i;

	sigemptyset(&mask);
	for (i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		if (!is_ignored(ending[i]))
			sigaddset(&mask, ending[i]);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, &mask_before);
	signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals >= 0)
		return CMM_EXIT_OK;
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
	return complain_errno(errno, "signalfd");
}

void waiting_end(void)
{
	close(signals);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

unsigned long waiting_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000UL + now.tv_nsec / 1000000;
}

enum waiting_end wait_for_input(int events, int keys, unsigned long ms)
{
	struct pollfd inputs[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = events, .events = POLLIN },
		{ .fd = keys, .events = POLLIN },
	};
	struct signalfd_siginfo info;

	if (poll(inputs, sizeof(inputs) / sizeof(inputs[0]), ms < INT_MAX ? (int)ms : INT_MAX) <= 0)
		return WAITING_REACHED;
	while (read(signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			return WAITING_INTERRUPTED;
	return (inputs[2].revents & ~POLLIN) ? WAITING_INTERRUPTED : WAITING_REACHED;
}

/* Waits for @ms, or until SIGCHLD. */
static enum waiting_end pause_for(unsigned long ms)
{
	return wait_for_input(-1, -1, ms);
}

/* Pauses before the next read of the loan; WAITING_TIMED_OUT if @end_ms has passed */
static enum waiting_end pause_until(unsigned long end_ms)
{
	unsigned long now = waiting_clock_ms();

	if (now >= end_ms)
		return WAITING_TIMED_OUT;
	return pause_for(end_ms - now < PAUSE_MS ? end_ms - now : PAUSE_MS);
}

static unsigned long end_of(unsigned long timeout_ms)
{
	return timeout_ms == TIMEOUT_NONE ? TIMEOUT_NONE : waiting_clock_ms() + timeout_ms;
}

/*
 * Whether loan_policy has kept the loan below the target for LASTING_MS. This function keeps the
 * beginning of that time in @since_ms, which the caller sets to 0 before the first call.
 */
static bool is_held_back(const struct loan *now, unsigned long *since_ms)
{
	hold = now->loaned_kb < now->target_kb ? partition_policy_reason(now->state) : NULL;
	if (!hold)
		*since_ms = 0;
	else if (!*since_ms)
		*since_ms = waiting_clock_ms();
	return hold && waiting_clock_ms() - *since_ms >= LASTING_MS;
}

enum waiting_end wait_for_loan(unsigned long start_kb, unsigned long timeout_ms)
{
	unsigned long end_ms = end_of(timeout_ms), held_since_ms = 0;
	enum waiting_end end;
	struct loan now;

	is_unchanged = false;
	for (;;) {
		failure = loan_read(&now);
		if (failure) {
			end = WAITING_FAILED;
			break;
		}
		progress_show(start_kb, now.loaned_kb, now.target_kb);
		if (now.loaned_kb == now.target_kb) {
			end = WAITING_REACHED;
			break;
		}
		if (is_held_back(&now, &held_since_ms)) {
			end = WAITING_HELD_BACK;
			break;
		}
		end = pause_until(end_ms);
		if (end != WAITING_REACHED)
			break;
	}
	progress_end();
	return end;
}

enum waiting_end wait_for_child(pid_t child, unsigned long start_kb, unsigned long timeout_ms,
				int *status)
{
	unsigned long end_ms = end_of(timeout_ms);
	enum waiting_end end;
	struct loan now;

	for (;;) {
		if (waitpid(child, status, WNOHANG) == child) {
			end = WAITING_REACHED;
			break;
		}
		failure = loan_read(&now);
		if (failure) {
			end = WAITING_FAILED;
			break;
		}
		progress_show(start_kb, now.loaned_kb, 0);
		end = pause_until(end_ms);
		if (end != WAITING_REACHED)
			break;
	}
	progress_end();
	return end;
}

enum waiting_end wait_for_target(unsigned long before_kb, unsigned long timeout_ms)
{
	unsigned long end_ms = end_of(timeout_ms);
	enum waiting_end end;
	struct loan now;

	do {
		failure = loan_read(&now);
		if (failure)
			return WAITING_FAILED;
		is_unchanged = now.target_kb == before_kb;
		if (!is_unchanged)
			return WAITING_REACHED;
		end = pause_until(end_ms);
	} while (end == WAITING_REACHED);
	return end;
}

int waiting_failure(void)
{
	return failure;
}

const char *waiting_words(enum waiting_end end)
{
	switch (end) {
	case WAITING_TIMED_OUT:
		return "timed out";
	case WAITING_HELD_BACK:
		return hold;
	default:
		return "interrupted";
	}
}

int waiting_status(enum waiting_end end, struct loan *now)
{
	int status = end == WAITING_FAILED ? failure : loan_read(now);

	if (status || end == WAITING_REACHED)
		return status;
	status = end == WAITING_HELD_BACK ? CMM_EXIT_HELD_BACK : CMM_EXIT_TIMED_OUT;
	if (is_unchanged)
		return complain(status, "%s; the driver has not reacted to the request yet",
				waiting_words(end));
	if (now->loaned_kb <= now->target_kb)
		return complain(status, "%s; %s of %s on loan, %s missing", waiting_words(end),
				size_kb(now->loaned_kb).text, size_kb(now->target_kb).text,
				size_kb(now->target_kb - now->loaned_kb).text);
	return complain(status, "%s; %s on loan, %s still to be returned", waiting_words(end),
			size_kb(now->loaned_kb).text,
			size_kb(now->loaned_kb - now->target_kb).text);
}
