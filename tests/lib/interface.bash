# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the tables of src/interface.h, for tests and lint. In a guest, a copy of interface.h is in the same directory as
# this file.

INTERFACE=${BASH_SOURCE[0]%/*}/interface.h
[ -e "$INTERFACE" ] || INTERFACE=${BASH_SOURCE[0]%/*}/../../src/interface.h

# interface_names TABLE [DRIVER]: prints the names in TABLE, which is P (parameters), A (attributes) or S (statistics).
# With DRIVER (IN_TREE, OURS or SIMULATED) prints only the names in rows that have this word
interface_names() {
	sed -nE "s/^\t$1\(([a-z_]+),.*${2-}.*/\1/p" "$INTERFACE"
}

# interface_column PARAMETER NUMBER: prints a column of the row of this parameter. The name is column 1
interface_column() {
	awk -F '[(,][ \t]*' -v name="$1" -v column="$2" '$1 == "\tP" && $2 == name {
		gsub(/"/, "", $(column + 1))
		print $(column + 1)
	}' "$INTERFACE"
}

# interface_type PARAMETER: prints the type of this parameter
interface_type() {
	interface_column "$1" 2
}

# interface_mode PARAMETER: prints RO for a read-only parameter, or else RW
interface_mode() {
	interface_column "$1" 4
}

# interface_unit PARAMETER: prints the unit of this parameter, and nothing if the parameter has no unit
interface_unit() {
	interface_column "$1" 5
}

# interface_initial PARAMETER: prints the default of this parameter, as sysfs shows it
interface_initial() {
	if [ "$(interface_type "$1")" = bool ]; then echo N; else interface_column "$1" 6; fi
}
