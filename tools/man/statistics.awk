# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the manual page of the driver:
#
#	awk -f statistics.awk interface.h cmm.4.in
#
# In the second file, the line @S@ stands for the statistics. It is replaced by an item for each row of the table of
# statistics in interface.h, with the meaning as a sentence.

FNR == NR {
	if (match($0, /^\t[PAS]\([a-z_]+/))
		name = substr($0, 2, 2) == "S(" ? substr($0, 4, RLENGTH - 3) : ""
	if (name && match($0, /"[^"]+"\)/))
		items = items ".It Sy " name "\n" toupper(substr($0, RSTART + 1, 1)) substr($0, RSTART + 2, RLENGTH - 4) ".\n"
	next
}

$0 == "@S@" {
	printf "%s", items
	next
}

{ print }
