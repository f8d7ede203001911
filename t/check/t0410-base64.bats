#!/usr/bin/env bats
# base64 by 32 characters at a time and by its tables: the same bytes and the same refusals as the simplest decoder, and
# no access outside the buffers.

load ../lib/test

# built FLAGS ...: the test's program, with sanitizers.
built() {
	need "${CC:-cc}"
	cd "$BATS_TEST_TMPDIR" || return 1
	"${CC:-cc}" -std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -O1 -g -Wall -Wextra -Wpedantic -Wshadow \
		-Wconversion -Werror -DXFERKEY_SANITIZE -fsanitize=address,undefined -fno-sanitize-recover=all "$@" \
		-I"$top/src" -o base64 "$top/t/check/base64.c" \
		"$top"/src/encoding/base64{,_avx2}.c "$top"/src/base/{buffer,secret,slice}.c
}

@test "base64 with the instructions of this processor is correct" {
	built
	[ "$(./base64)" = same ]
}

@test "base64 with the tables alone is correct" {
	built -DBASE64_TABLES
	[ "$(./base64)" = same ]
}
