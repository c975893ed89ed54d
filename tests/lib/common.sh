# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # some of the names are for the scripts only
# What every script of the lab shares: places, messages, and the cache.

# A failure inside $(...) ends the script too.
shopt -s inherit_errexit

# The O of make's command line is for our make only, not for that of the kernel's modules.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES

# One for a script and all that it runs
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

# Says every half minute that something is still at work, until it is killed.
# Its sleep must not outlive it: who reads our output would wait for that too.
tick() {
	local nap=''
	trap 'kill $nap 2>/dev/null; exit 0' TERM
	while :; do
		sleep 30 &
		nap=$!
		wait "$nap"
		say "... still at it: ${*:1:4}"
	done
}

# Runs a command with its output in a log that is shown when it fails.
quietly() {
	local log=$1 ticker status=0
	shift
	mkdir -p "$(dirname "$log")"
	tick "$@" >&2 &
	ticker=$!
	"$@" >"$log" 2>&1 || status=$?
	kill "$ticker" 2>/dev/null || true
	wait "$ticker" 2>/dev/null || true
	[ "$status" -eq 0 ] && return
	tail -n 30 "$log" >&2
	die "failed with status $status: $* (whole log: $log)"
}

# A cache entry is a folder with a list of what is in it. It appears under its name only
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
