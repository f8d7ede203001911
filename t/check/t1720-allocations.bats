#!/usr/bin/env bats
# What a filter does when it is refused memory. make allocations does all of it; here a part, in seconds.

load ../lib/test

setup() {
	private_home
	harness=$top/build/allocations
	getconf GNU_LIBC_VERSION >/dev/null 2>&1 || skip 'the harness is for glibc: execinfo.h'
	need cc make python3
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top" build/allocations/refuse.so
}

# drive NAME LINE ...: a program of these lines in main, refused each of its allocations.
drive() {
	local name=$1
	printf '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\nint\nmain(void)\n{\n' \
		>"$name.c"
	printf '\t%s\n' 'char *p = malloc(10);' "${@:2}" '}' >>"$name.c"
	cc -O0 -w -o "$name" "$name.c"
	mkdir -p work
	run "$top/t/long/allocations/drive" "$harness/refuse.so" "$name" "$PWD/$name"
}

@test "a program that handles a shortage is right, and each way not to is found" {
	drive right 'if (p == NULL) { write(2, "xferkey-x: out of memory\n", 25); return 2; }' 'write(1, "done\n", 5);' 'return 0;'
	[ "$status" -eq 0 ]
	equal "$output" 'total right 1 0 2 0 0 0'
	drive silent 'return p == NULL ? 2 : 0;'
	[ "$status" -eq 1 ]
	[[ $output = *'no message; status 2'* ]]
	drive other 'if (p == NULL) { write(2, "xferkey-x: no such key\n", 23); return 2; }' 'return 0;'
	[[ $output = *'a message that tells of something else; status 2; xferkey-x: no such key'* ]]
	drive no 'return p == NULL ? 1 : 0;'
	[[ $output = *'another status; status 1'* ]]
	drive less 'if (p != NULL) write(1, "key\n", 4);' 'return 0;'
	[[ $output = *'the status, with other output; status 0'* ]]
	drive half 'write(1, "ke", 2);' \
		'if (p == NULL) { write(2, "xferkey-x: out of memory\n", 25); return 2; }' 'write(1, "y\n", 2);' 'return 0;'
	[[ $output = *'garbage on standard output; status 2'* ]]
	drive leaves 'if (p == NULL) { fclose(fopen("left", "w")); write(2, "xferkey-x: out of memory\n", 25); return 2; }' \
		'return 0;'
	[[ $output = *'files were left or changed; status 2'* ]]
	drive crashes '*p = 1;' 'return 0;'
	[[ $output = *'it crashes; status 267'* ]]
	[[ $output = *'total crashes 1 0 2 0 2 0' ]]
}

@test "no filter crashes, gives another answer, is silent or leaves anything when it is refused memory" {
	need ssh-keygen openssl puttygen
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-fpr" || skip 'the sanitizer has an allocator of its own'
	run -0 "$top/t/long/allocations/run" -s
}
