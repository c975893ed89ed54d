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

# interface_initial PARAMETER: prints the default of this parameter, as sysfs shows it
interface_initial() {
	sed -nE "s/^\tP\($1, (bool|u?int|ulong), \w+, \w+, \"\w*\", ([0-9]+),.*/\1 \2/p" "$INTERFACE" |
		sed 's/^bool 0/N/; s/.* //'
}

# interface_type PARAMETER: prints the type of this parameter
interface_type() {
	sed -nE "s/^\tP\($1, (\w+),.*/\1/p" "$INTERFACE"
}

# interface_mode PARAMETER: prints RO for a read-only parameter, or else RW
interface_mode() {
	sed -nE "s/^\tP\($1, \w+, \w+, (R[OW]),.*/\1/p" "$INTERFACE"
}
