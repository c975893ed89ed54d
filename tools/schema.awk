# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the schema of the JSON documents:
#
#	awk -f schema.awk interface.h cmm-admin.schema.json.in
#
# In the second file, the lines @P@, @A@ and @S@ stand for the parameters, the attributes and the statistics. Each of
# these lines is replaced by a member for each row of that table of interface.h.

# Adds a member for the current row, to the members of the row's table
function add(schema) {
	table = substr($1, 2)
	members[table] = members[table] separator[table] "\t\t\t\t\"" $2 "\": { " schema " }"
	separator[table] = ",\n"
}

BEGIN {
	FS = "[(,][ \t]*"
	number = "\"type\": \"integer\", \"minimum\": 0"
}

FNR == NR && $1 == "\tP" {
	seconds = $6 == "\"s\"" ? ", \"description\": \"seconds\"" : ""
	add($3 == "bool" ? "\"type\": \"boolean\"" : number seconds)
}

# An attribute without a unit is a word. The second file defines its schema.
FNR == NR && $1 == "\tA" { add($4 == "\"\"" ? "\"$ref\": \"#/$defs/" $2 "\"" : number) }

FNR == NR && $1 == "\tS" { add(number) }

FNR != NR && /^@[PAS]@$/ {
	print members[substr($0, 2, 1)]
	next
}

FNR != NR
