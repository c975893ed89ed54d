# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # some of the names are for the scripts only
# What every script of the lab shares: places, messages, and the cache.

# A failure inside $(...) ends the script too.
shopt -s inherit_errexit

# The O of make's command line is for our make only, not for that of the kernel's modules.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES

# Identifies this run: inherited by every script that this one starts
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

# Prints a line every half minute, until it is killed. Its sleep must not outlive it: a reader of
# our output would wait for the sleep, too.
tick() {
	local nap=''
	trap 'kill $nap 2>/dev/null; exit 0' TERM
	while :; do
		sleep 30 &
		nap=$!
		wait "$nap"
		say "... still at it: $*"
	done
}

# ticking LABEL COMMAND...: runs the command, and says every half minute that LABEL is still at work
ticking() {
	local ticker status=0
	tick "$1" >&2 &
	ticker=$!
	"${@:2}" || status=$?
	kill "$ticker" 2>/dev/null || true
	wait "$ticker" 2>/dev/null || true
	return "$status"
}

# quietly LOG COMMAND...: runs the command with its output in a log, whose end is shown if it fails
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

# Heavy steps (guests, builds, packages) take turns on the CPUs. All parts of a run draw from one
# pool, a pipe that holds a byte for each free slot. A guest has two virtual CPUs; with more
# guests than real CPUs their kernels report stalls.
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

# slot COMMAND...: runs the command in a subshell of its own, once a slot is free. Within a
# slot it runs at once. The seconds that it took are added to the list $CMM_WORK, if there is one.
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

# side_by_side COMMAND...: all of these in the background, each a word or several; the slots bound
# how many really run. False if one of them failed.
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

# once NAME COMMAND...: the command, unless another one of this run has done so under that name.
# Those that come meanwhile wait.
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

# A cache entry is a directory with a list of its content. It appears under its name only
# when complete, and is looked through before its first use in a run.
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

# cache_entry NAME KEY FUNCTION [ARG...]: prints the folder of the entry, made
# by FUNCTION DIR ARG... where it isn't there or isn't what was once made.
# KEY is everything that the content depends on.
cache_entry() {
	local name=$1 key=$2 dir tmp seen
	shift 2
	# What the shell's errexit doesn't count for would be half made, and trusted ever after.
	(false; exit 2) &
	wait $! || [ $? -eq 1 ] || die "cache entry $name: wanted where failures don't end the script"
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
		[ ! -e "$dir" ] || say "cache: $name is damaged, made anew"
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

# The commit of the tree, and whether there are changes beside it; results in the documents don't count.
commit_of_tree() {
	local commit
	commit=$(git -C "$TOP" rev-parse --short HEAD 2>/dev/null) || commit=unknown
	[ -z "$(git -C "$TOP" status --porcelain -- "$TOP" ":!$TOP/docs/results" 2>/dev/null)" ] || commit+=" with changes"
	printf '%s\n' "$commit"
}
