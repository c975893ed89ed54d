# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # some of the names are for the scripts only
# Shared by all scripts of the lab: directories, messages, slots, and the cache.

# Makes a failure inside $(...) end the script, too.
shopt -s inherit_errexit

# Variables of make's command line, such as O, must not reach the kernel's build.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES

# Identifies this run. Every script that this script starts inherits the variable.
CMM_RUN=${CMM_RUN:-$$-$EPOCHSECONDS}
export CMM_RUN

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/cmm-dkms
BUILD=$TOP/build
LAB_RELEASE=bookworm
CROSS=powerpc64le-linux-gnu-

say() {
	printf '== %s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# tick LABEL: prints a line with LABEL every half minute, until SIGTERM ends it. At SIGTERM, tick also kills its child
# process, sleep. Otherwise a process that reads the output would wait until sleep ends.
tick() {
	local nap=''
	trap 'kill $nap 2>/dev/null; exit 0' TERM
	while :; do
		sleep 30 &
		nap=$!
		wait "$nap"
		say "... still running: $*"
	done
}

# ticking LABEL COMMAND...: runs the command, and meanwhile prints a line with LABEL every half minute
ticking() {
	local ticker status=0
	tick "$1" >&2 &
	ticker=$!
	"${@:2}" || status=$?
	kill "$ticker" 2>/dev/null || true
	wait "$ticker" 2>/dev/null || true
	return "$status"
}

# quietly LOG COMMAND...: runs the command, and writes the command's output to the file LOG. If the command fails, shows
# the end of LOG and exits
quietly() {
	local log=$1 status=0
	shift
	mkdir -p "$(dirname "$log")"
	ticking "${*:1:4}" logged "$log" "$@" || status=$?
	[ "$status" -eq 0 ] && return
	tail -n 30 "$log" >&2
	die "failed with status $status: $* (whole log: $log)"
}

logged() {
	"${@:2}" >"$1" 2>&1
}

# Opens the pool of slots, which all parts of a run share. Each heavy step (guest, build, package) needs a slot, so that
# not too many run at the same time. The pool is a pipe with a byte for each free slot. There are as many slots as CPUs,
# because with more guests than CPUs the guests' kernels would report stalls. But there are at least two slots.
slots_open() {
	local pipe
	[ -z "${CMM_SLOTS:-}" ] || return 0
	mkdir -p "$BUILD"
	pipe=$(mktemp -u "$BUILD/slots.XXXXXX")
	mkfifo "$pipe"
	exec {CMM_SLOTS}<>"$pipe"
	rm "$pipe"
	export CMM_SLOTS
	printf '%*s' "$(($(nproc) > 2 ? $(nproc) : 2))" '' >&"$CMM_SLOTS"
}

# slot COMMAND...: waits for a free slot and runs the command in a subshell. If the caller has a slot already, the
# command runs at once. The number of seconds that the command took is appended to the file $CMM_WORK, if that variable
# is set.
slot() {
	local begun status=0
	if [ -n "${CMM_IN_SLOT:-}" ]; then
		"$@"
		return
	fi
	read -r -N 1 -u "$CMM_SLOTS"
	begun=$SECONDS
	(
		export CMM_IN_SLOT=1
		"$@"
	) &
	wait $! || status=$?
	printf ' ' >&"$CMM_SLOTS"
	[ -z "${CMM_WORK:-}" ] || echo "$((SECONDS - begun))" >>"$CMM_WORK"
	return "$status"
}

# side_by_side COMMAND...: runs all commands at the same time, and waits until all have ended. Each COMMAND is one
# argument, which is split into words. Fails if one of the commands fails. side_by_side takes no slots itself. So a
# command that is a heavy step (see slots_open) has to call slot.
side_by_side() {
	local command words process status=0 running=()
	for command in "$@"; do
		read -ra words <<<"$command"
		"${words[@]}" &
		running+=($!)
	done
	for process in "${running[@]}"; do
		wait "$process" || status=$?
	done
	return "$status"
}

# once NAME COMMAND...: runs the command, unless an earlier call with this NAME in the same run has done that. If an
# earlier call is still running, first waits until that call ends.
once() {
	local done=$BUILD/seen/$CMM_RUN/$1
	shift
	mkdir -p "${done%/*}"
	(
		flock 9
		[ ! -e "$done" ] || exit 0
		"$@"
		touch "$done"
	) 9>"$done.lock"
}

# A cache entry is a directory with checksums of its content. The directory has a temporary name until it is complete.
# The checksums are verified before the first use of the entry in a run.
cache_seal() {
	local dir=$1
	(
		cd "$dir" &&
			find . -type l -printf '%p %l\n' | LC_ALL=C sort >.links &&
			find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum >"$dir.sums" &&
			mv "$dir.sums" .sums
	) && sync -f "$dir"
}

cache_intact() {
	local dir=$1
	[ -s "$dir/.sums" ] || return 1
	(
		cd "$dir" || exit
		sha256sum --quiet --strict -c .sums >/dev/null 2>&1 &&
			find . -type l -printf '%p %l\n' | LC_ALL=C sort | cmp -s - .links
	)
}

# cache_entry NAME KEY FUNCTION [ARG...]: prints the directory of the cache entry for NAME and KEY. KEY is a text with
# everything that the entry's content depends on. If the entry is missing or damaged, first makes it: calls
# "FUNCTION DIR ARG...", which writes the content into DIR.
cache_entry() {
	local name=$1 key=$2 dir tmp seen
	shift 2
	# This checks that errexit works here. bash ignores errexit in a condition, before ||, and in similar places.
	# There, FUNCTION would go on after an error, and leave an incomplete entry that looks complete.
	(false; exit 2) &
	wait $! || [ $? -eq 1 ] || die "cache entry $name: requested in a condition or before ||, where bash ignores errors"
	dir=$CACHE/$name-$(printf '%s' "$key" | sha256sum | cut -c1-16)
	seen=$BUILD/seen/$CMM_RUN/${dir##*/}
	mkdir -p "$CACHE" "${seen%/*}"
	(
		flock 9
		if [ -e "$seen" ] && [ -e "$dir" ]; then
			exit 0
		fi
		if cache_intact "$dir"; then
			touch "$seen"
			exit 0
		fi
		[ ! -e "$dir" ] || say "cache: $name is damaged and is made again"
		rm -rf "$dir" "$CACHE/tmp-$name".*
		tmp=$(mktemp -d "$CACHE/tmp-$name.XXXXXX")
		chmod 755 "$tmp"
		"$1" "$tmp" "${@:2}"
		cache_seal "$tmp"
		mv -T "$tmp" "$dir"
		touch "$seen"
	) 9>"$CACHE/$name.lock"
	printf '%s\n' "$dir"
}

# Prints the commit that is checked out, with " with changes" after it if files differ from that commit. Changes in
# docs/results don't count.
commit_of_tree() {
	local commit
	commit=$(git -C "$TOP" rev-parse --short HEAD 2>/dev/null) || commit=unknown
	[ -z "$(git -C "$TOP" status --porcelain -- . ':(exclude)docs/results' 2>/dev/null)" ] || commit+=" with changes"
	printf '%s\n' "$commit"
}

# results_page NAME TITLE COMMAND KERNEL: writes the page docs/results/NAME.md, but only if $RESULTS_PAGES is set. The
# Makefile sets this variable for targets that run a whole kind of tests or measurements. The page has the heading
# TITLE, a line with COMMAND, the commit, KERNEL and the date, and then the Markdown from stdin.
# shellcheck disable=SC2016  # quotes of Markdown
results_page() {
	local page=$TOP/docs/results/$1.md
	[ -n "${RESULTS_PAGES:-}" ] || {
		cat >/dev/null
		return
	}
	mkdir -p "${page%/*}"
	{
		printf '# %s\n\nWritten by `%s`: commit %s, %s, %s.\n\n' "$2" "$3" "$(commit_of_tree)" "$4" "$(date -I)"
		cat
	} >"$page.new"
	mv "$page.new" "$page"
}

# results_rows NAME TITLE COLUMNS: reads rows of a Markdown table, and writes them to the table of the page
# docs/results/NAME.md, which has the heading TITLE. COLUMNS is the first line of the table. The last two columns are
# added here: the commit, and the date. Rows that were on the page before stay, unless a new row has the same first cell.
results_rows() {
	local page=$TOP/docs/results/$1.md title=$2 columns="$3 commit | date |" end
	end="$(commit_of_tree) | $(date -I) |"
	mkdir -p "${page%/*}"
	{
		printf '# %s\n\nEach row is from the last run of its tests, on that commit.\n\n' "$title"
		printf '%s\n' "$columns" "${columns//[!|]/-}" | sed '2s/-*|/---|/2g'
		awk -F '|' -v end="$end" '
			NR == FNR { rows[$2] = $0 " " end; next }
			!($2 in rows) { rows[$2] = $0 }
			END { for (name in rows) print rows[name] }
		' - <(sed '1,/^|---/d' "$page" 2>/dev/null) | sort -V
	} >"$page.new"
	mv "$page.new" "$page"
}

# as_code: prints the lines of stdin as a block of code in Markdown
as_code() {
	sed 's/^\(.\)/    \1/'
}
