#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion in bash and zsh. To find names, completion calls a cmm-admin that works on the tree $ROOT
# shellcheck disable=SC2154  # admin() sets errors

bats_require_minimum_version 1.5.0
load ../lib/cli

COMPLETION=$BATS_TEST_DIRNAME/../../tools/completion

setup() {
	fixture
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexec "%s" "$@" --sysroot "%s"\n' "$CMM_ADMIN" "$ROOT" >"$BATS_TEST_TMPDIR/bin/cmm-admin"
	chmod +x "$BATS_TEST_TMPDIR/bin/cmm-admin"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

teardown() {
	tmux -L "$BATS_TEST_NAME" kill-server 2>/dev/null || true
}

# completes WORD...: prints the completions that bash offers for the last WORD of the command line
completes() {
	bash -c '
		. /usr/share/bash-completion/bash_completion
		. "$1"
		compopt() { :; }
		COMP_WORDS=(cmm-admin "${@:2}")
		COMP_CWORD=$(($# - 1)) COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
		_cmm_admin
		printf "%s\n" "${COMPREPLY[@]}" | sort | xargs
	' bash "$COMPLETION/cmm-admin.bash" "$@"
}

@test "bash completes the name of a command" {
	[ "$(completes re)" = "report reset-oom" ]
	[[ " $(completes "") " == *" apply "*" doctor "*" wait "* ]]
}

@test "bash completes the options of a command" {
	[ "$(completes wait --t)" = --timeout ]
	[ "$(completes monitor --c)" = "--count --csv" ]
}

@test "bash completes the options of report if there is no command" {
	[[ " $(completes --) " == *" --help "*" --raw "*" --version "* ]]
	[ "$(completes --s)" = "--section --sysroot" ]
	[ "$(completes --section p)" = "parameters partition" ]
	[ "$(completes --section driver --js)" = --json ]
}

@test "bash completes names of parameters and attributes after get and set" {
	[ "$(completes get loaned)" = "loaned_kb loaned_target_kb" ]
	[ "$(completes set oom)" = "oom_freed_kb= oom_kb=" ]
	[ "$(completes set loaned)" = "" ]
	[ "$(completes get oom_kb de)" = "debug delay" ]
}

@test "bash completes names of thresholds after check -w and check --critical" {
	[ "$(completes check -w psi_some)" = "psi_some_avg10= psi_some_avg60=" ]
	[ "$(completes check --critical st)" = "state=" ]
}

@test "after set, bash completes NAME= with the present value of NAME" {
	[ "$(completes set oom_kb=)" = oom_kb=1024 ]
	[ "$(completes set oom_kb=5)" = oom_kb=5 ]
}

@test "bash completes names of sections after report --section" {
	[ "$(completes report --section p)" = "parameters partition" ]
}

@test "bash completes names of columns, also after a comma" {
	[ "$(completes get -o U)" = UNIT ]
	[ "$(completes get -o NAME,V)" = NAME,VALUE ]
	[ "$(completes monitor --output S)" = STATE ]
}

# zsh_shows TEXT TYPED: types TYPED and a tab in zsh, and checks that TEXT appears on the screen
zsh_shows() {
	tmux -L "$BATS_TEST_NAME" send-keys -l "$2"
	tmux -L "$BATS_TEST_NAME" send-keys Tab
	for _ in $(seq 100); do
		screen=$(tmux -L "$BATS_TEST_NAME" capture-pane -p)
		[[ $screen != *"$1"* ]] || break
		sleep 0.1
	done
	tmux -L "$BATS_TEST_NAME" send-keys C-c C-l
	[[ $screen == *"$1"* ]] || {
		printf 'not on the screen: %s\n%s\n' "$1" "$screen"
		return 1
	}
}

@test "zsh completes commands, options, names and values" {
	cat >"$BATS_TEST_TMPDIR/.zshrc" <<-EOF
		fpath=($COMPLETION \$fpath)
		PATH=$PATH
		PS1='READY> '
		autoload -U compinit && compinit -u -d $BATS_TEST_TMPDIR/zcompdump
	EOF
	ZDOTDIR=$BATS_TEST_TMPDIR tmux -u -L "$BATS_TEST_NAME" new-session -d -x 100 -y 40 \
		"ZDOTDIR=$BATS_TEST_TMPDIR zsh -d -i" 3>&-
	for _ in $(seq 100); do
		[[ $(tmux -L "$BATS_TEST_NAME" capture-pane -p) != *READY* ]] || break
		sleep 0.1
	done
	zsh_shows "let the target rise again after out-of-memory events" "cmm-admin re"
	zsh_shows "cmm-admin wait --timeout" "cmm-admin wait --ti"
	zsh_shows "loaned_target_kb" "cmm-admin get loaned_"
	zsh_shows "cmm-admin set oom_kb=1024" "cmm-admin set oom_kb="
	zsh_shows "cmm-admin --noheadings" "cmm-admin --noh"
	zsh_shows "cmm-admin --version" "cmm-admin --vers"
	zsh_shows "cmm-admin --section statistics" "cmm-admin --section st"
	zsh_shows "cmm-admin report --section statistics" "cmm-admin report --section st"
	zsh_shows "cmm-admin get -o NAME,VALUE" "cmm-admin get -o NAME,V"
}
