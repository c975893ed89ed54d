// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for the loan, which is read regularly: the driver sends no event when it is met. */

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
#include "progress.h"
#include "size.h"
#include "waiting.h"

#define PAUSE_MS 100

static int signals = -1;
static sigset_t mask_before;

/* The status for WAITING_FAILED */
static int failure;

int loan_read(struct loan *loan)
{
	int status;

	status = attribute_read_number(CMM_DEVICE, "loaned_kb", &loan->loaned_kb);
	if (status)
		return status;
	return attribute_read_number(CMM_DEVICE, "loaned_target_kb", &loan->target_kb);
}

/* nohup ignores SIGHUP; a signalfd would get it all the same. */
static bool is_ignored(int signal_number)
{
	struct sigaction now;

	return !sigaction(signal_number, NULL, &now) && now.sa_handler == SIG_IGN;
}

int waiting_begin(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGQUIT);
	if (!is_ignored(SIGHUP))
		sigaddset(&mask, SIGHUP);
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
	return WAITING_REACHED;
}

/* Waits for @ms, or until SIGCHLD. */
static enum waiting_end pause_for(unsigned long ms)
{
	return wait_for_input(-1, -1, ms);
}

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

enum waiting_end wait_for_loan(unsigned long start_kb, unsigned long timeout_ms)
{
	unsigned long end_ms = end_of(timeout_ms);
	enum waiting_end end;
	struct loan now;

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
		if (now.target_kb != before_kb)
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
	return end == WAITING_TIMED_OUT ? "timed out" : "interrupted";
}

int waiting_status(enum waiting_end end, struct loan *now)
{
	int status = end == WAITING_FAILED ? failure : loan_read(now);

	if (status || end == WAITING_REACHED)
		return status;
	if (now->loaned_kb <= now->target_kb)
		return complain(CMM_EXIT_TIMED_OUT, "%s; %s of %s on loan, %s missing",
				waiting_words(end), size_kb(now->loaned_kb).text,
				size_kb(now->target_kb).text,
				size_kb(now->target_kb - now->loaned_kb).text);
	return complain(CMM_EXIT_TIMED_OUT, "%s; %s on loan, %s still to be returned",
			waiting_words(end), size_kb(now->loaned_kb).text,
			size_kb(now->loaned_kb - now->target_kb).text);
}
