#!/usr/bin/env bats
# A filter whose allocations fail. make allocations refuses each allocation; this is a part of it, in seconds.

load ../lib/test

setup() {
	not_packaged 'it builds a harness and takes minutes'
	private_home
	harness=$top/build/allocations
	getconf GNU_LIBC_VERSION >/dev/null 2>&1 || skip 'the harness is for glibc: execinfo.h'
	need cc make python3
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top" build/allocations/refuse.so
}

# driven WANTED LINE ...: compiles the lines as main; drive's report on the program, whose allocation is refused,
# contains WANTED.
driven() {
	printf '#include <stdio.h>\n#include <stdlib.h>\n#include <sys/wait.h>\n#include <unistd.h>\n' >program.c
	printf '%s\n' '#define SAY(text) write(2, text "\n", sizeof text)' 'int main(void) { char *p = malloc(10);' \
		"${@:2}" '}' >>program.c
	cc -O0 -w -o program program.c
	mkdir -p work
	run "$top/t/long/allocations/drive" "$harness/refuse.so" program "$PWD/program"
	[[ $output = *"$1"* ]]
}

@test "drive accepts a program that handles a failed allocation, and reports each wrong way" {
	local memory='SAY("xferkey-x: out of memory"); return 2;'
	driven $'total\tprogram\t1\t0\t2\t0\t0' "if (p == NULL) { $memory }" 'write(1, "done\n", 5); return 0;'
	[ "$status" -eq 0 ]
	equal "${#lines[@]}" 1
	driven 'no message; status 2' 'return p == NULL ? 2 : 0;'
	[ "$status" -eq 1 ]
	driven 'a message that tells of something else; status 2; xferkey-x: no such key' \
		'if (p == NULL) { SAY("xferkey-x: no such key"); return 2; } return 0;'
	driven 'another status; status 1' 'return p == NULL ? 1 : 0;'
	driven 'the status, with other output; status 0' 'if (p != NULL) write(1, "key\n", 4); return 0;'
	driven 'garbage on standard output; status 2' 'write(1, "ke", 2);' "if (p == NULL) { $memory }" \
		'write(1, "y\n", 2); return 0;'
	driven 'files were left or changed; status 2' "if (p == NULL) { fclose(fopen(\"left\", \"w\")); $memory } return 0;"
	driven 'it crashes; status 267' '*p = 1; return 0;'
	[[ $output = *$'total\tprogram\t1\t0\t2\t0\t2' ]]
	driven '2 messages that tell of memory; status 2' "if (p == NULL) { SAY(\"xferkey-x: out of memory\"); $memory }" \
		'return 0;'
	driven 'it crashes; status 0' 'if (fork() == 0) { p = malloc(9); *p = 1; _exit(0); } wait(NULL); return 0;'
	# the C library ends the program, but the fault is the program's
	driven 'it crashes; status 262' 'if (p == NULL) abort(); return 0;'
}

@test "a filter whose allocation fails reports it, or gives the right result, and leaves no file" {
	need ssh-keygen openssl puttygen
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-fpr" || skip 'the sanitizer has an allocator of its own'
	run -0 "$top/t/long/allocations/run" -s
}
