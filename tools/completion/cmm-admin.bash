# shellcheck shell=bash disable=SC2207  # the completed words contain no spaces
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of cmm-admin for bash: commands, options, names, columns and present values

_cmm_admin_names() {
	cmm-admin get --raw --noheadings -o NAME 2>/dev/null
}

# The present value of the setting $1; the user can edit it
_cmm_admin_value() {
	cmm-admin get "$1" --raw --noheadings -o VALUE 2>/dev/null
}

# The --help of a command, which lists its options, names and columns
_cmm_admin_help() {
	cmm-admin "$1" --help 2>/dev/null
}

# The names that the --help of command $1 lists
_cmm_admin_listed() {
	_cmm_admin_help "$1" | sed -n '/^Names:/,/^$/s/^  \([a-z_0-9]*\) .*/\1/p'
}

_cmm_admin_options() {
	_cmm_admin_help "$1" | grep -oE '^ +-[a-zA-Z], --[a-z-]+' | grep -oE -- '--[a-z-]+'
}

_cmm_admin_columns() {
	_cmm_admin_help "$1" | sed -n '/^Columns:/,/^$/s/^  \([A-Z_]*\) .*/\1/p'
}

_cmm_admin_commands() {
	cmm-admin --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

# Completes the last name in a list of columns.
_cmm_admin_complete_columns() {
	local before=''
	[[ $cur != *,* ]] || before=${cur%,*},
	COMPREPLY=($(compgen -P "$before" -W "$(_cmm_admin_columns "$1")" -- "${cur##*,}"))
	compopt -o nospace
}

_cmm_admin() {
	local cur prev words cword command
	_init_completion -n = || return
	command=${words[1]}
	# Without a command, the options are those of cmm-admin report.
	[[ $command != -* ]] || command=report

	if [ "$cword" -eq 1 ] && [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(_cmm_admin_options report) --version" -- "$cur"))
		return
	fi
	if [ "$cword" -eq 1 ]; then
		COMPREPLY=($(compgen -W "$(_cmm_admin_commands) --help --version" -- "$cur"))
		return
	fi
	case $command,$prev in
	*,--sysroot | *,-s)
		_filedir -d
		return
		;;
	apply,--config | apply,-c | metrics,--output | metrics,-o | doctor,--report | doctor,-R)
		_filedir
		return
		;;
	report,--section | report,-S)
		COMPREPLY=($(compgen -W "$(_cmm_admin_listed report)" -- "$cur"))
		return
		;;
	*,--output | *,-o)
		_cmm_admin_complete_columns "$command"
		return
		;;
	check,-w | check,-c | check,--warning | check,--critical)
		COMPREPLY=($(compgen -S = -W "$(_cmm_admin_listed check)" -- "$cur"))
		compopt -o nospace
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(_cmm_admin_options "$command")" -- "$cur"))
		return
	fi
	case $command,$cur in
	get,*)
		COMPREPLY=($(compgen -W "$(_cmm_admin_names)" -- "$cur"))
		;;
	set,*=*)
		COMPREPLY=("$cur$([ "${cur#*=}" ] || _cmm_admin_value "${cur%=*}")")
		compopt -o nospace
		;;
	set,*)
		COMPREPLY=($(compgen -S = -W "$(_cmm_admin_listed set)" -- "$cur"))
		compopt -o nospace
		;;
	esac
}

complete -F _cmm_admin cmm-admin
