#!/usr/bin/env bats
# The edge values of ssh_wire and der: lengths, integers, a full buffer; and no access outside the buffers.

load ../lib/test

@test "lengths and integers at their edges, read and written" {
	need "${CC:-cc}"
	cd "$BATS_TEST_TMPDIR"
	"${CC:-cc}" -std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -O1 -g -Wall -Wextra -Wpedantic -Wshadow \
		-Wconversion -Werror -DXFERKEY_SANITIZE -fsanitize=address,undefined -fno-sanitize-recover=all \
		-o wire "$top/t/check/wire.c" -I"$top/src" "$top"/src/encoding/{ssh_wire,der}.c \
		"$top"/src/base/{buffer,secret,slice}.c
	[ "$(./wire)" = 'as specified' ]
}
