#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests tests/lab/driver-order, which finds files of the driver that use each other.

bats_require_minimum_version 1.5.0

TOP=$BATS_TEST_DIRNAME/../..

# source_file NAME LINE...: writes a C file
source_file() {
	printf '%s\n' "${@:2}" >"$BATS_TEST_TMPDIR/$1.c"
}

order() {
	run "$TOP/tests/lab/driver-order" "$BATS_TEST_TMPDIR"
}

# is_circle: checks that the last call of order() failed because files use each other
is_circle() {
	[ "$status" -ne 0 ]
	[[ $output == *"contains a loop"* ]]
}

@test "driver-order: a file comes before the files that it uses" {
	source_file a 'int cmm_a(void)' '{' '}' 'static int cmm_c;'
	source_file b 'int cmm_b(void)' '{' 'return cmm_a();' '}' '/* cmm_c */'
	source_file c 'int cmm_c(void);' 'int cmm_d(void)' '{' 'return cmm_b();' '}'
	order
	[ "$status" -eq 0 ]
	[ "$output" = "c b a" ]
}

@test "driver-order: two files that use each other's functions are an error" {
	source_file a 'int cmm_a(void)' '{' 'return cmm_b();' '}'
	source_file b 'int cmm_b(void)' '{' 'return cmm_a();' '}'
	order
	is_circle
}

@test "driver-order: a return type on its own line does not hide a function" {
	source_file a 'MACRO(x)' 'struct page *' 'cmm_a(int a,' 'int b)' '{' 'if (a) {' '}' 'return cmm_b();' '}'
	source_file b 'int cmm_b(void)' '{' 'return cmm_a();' '}'
	order
	is_circle
}

@test "driver-order: finds variables and arrays, also without an initial value" {
	local definition
	for definition in 'int cmm_b;' 'const char *const cmm_b[] = {' 'unsigned long cmm_b[4][8];' 'struct b cmm_b = {'; do
		source_file a 'int cmm_a(void)' '{' 'return cmm_b;' '}'
		source_file b 'struct b {' 'int x;' '};' "$definition" "$([[ $definition == *';' ]] || echo '1 };')" \
			'static int cmm_c(void)' '{' 'return cmm_a();' '}'
		order
		is_circle
	done
}

@test "driver-order: a file with code but no link to other files is an error" {
	source_file a 'int cmm_a(void)' '{' '}'
	source_file b 'int cmm_b(void)' '{' 'return cmm_a();' '}'
	source_file c 'static int cmm_c;'
	source_file d '#include "d.h"'
	order
	[ "$status" -ne 0 ]
	[ "$output" = "$BATS_TEST_TMPDIR/c.c uses no other file, and no other file uses it" ]
}

@test "driver-order: if gcc fails, the check fails" {
	source_file a 'int cmm_a(void)' '{' '}'
	source_file b 'int cmm_b(void)' '{' 'return cmm_a();' '}'
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$(type -P false)" "$BATS_TEST_TMPDIR/bin/gcc"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH order
	[ "$status" -ne 0 ]
}
