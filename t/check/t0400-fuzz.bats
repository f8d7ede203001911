#!/usr/bin/env bats
# A short run of make fuzz, FUZZ_SECONDS for each target.

load ../lib/test

setup() {
	unset MAKEFLAGS MFLAGS MAKELEVEL
	need make clang nm readelf
	echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
		clang -x c -fsanitize=address,fuzzer -o "$BATS_TEST_TMPDIR/empty" - 2>/dev/null || skip 'no libFuzzer'
	cd "$top" || return 1
	targets='open decode reader lenient der authorized arguments authlog'
}

@test "the targets build without libcrypto" {
	run -0 make fuzz-build
	! grep -E 'warning:|-lcrypto' <<<"$output" || false
	for target in $targets; do
		nm "build/fuzz/$target" | grep -w LLVMFuzzerTestOneInput
		! nm "build/fuzz/$target" | grep -E ' (EVP|BN|OSSL|CRYPTO|RAND)_' || false
		! readelf -d "build/fuzz/$target" | grep -E 'NEEDED.*(crypto|ssl)' || false
	done
}

@test "there are seeds of every private format that privfmt writes" {
	need build/t/keyfile ssh-keygen openssl puttygen python3
	sh t/fuzz/seeds
	for format in OPENSSH PEM PKCS8; do
		[ -s "build/fuzz/seeds/open/ec-$format" ]
		[ -s "build/fuzz/seeds/decode/ec-$format" ]
	done
	for target in $targets; do
		[ "$(find "build/fuzz/seeds/$target" -type f | wc -l)" -gt 10 ]
	done
}

# quick TARGET RATE: $output says that TARGET, exactly this name, made at least RATE runs in a second of CPU time. There
# is no verdict if a busy machine gave it less than one such second.
quick() {
	[[ $'\n'$output =~ $'\n'"$1: "([0-9]+)" runs, "([0-9]+)" a second of CPU time" ]]
	[ "${BASH_REMATCH[1]}" -lt "${BASH_REMATCH[2]}" ] || [ "${BASH_REMATCH[2]}" -ge "$2" ]
}

# The rates are half of those of an idle core. A busy neighbour slows one run, a slow target slows each: the best of
# three counts. If the input holds no key, the strict reader also runs the lenient one.
@test "the fuzzers find nothing, and are fast enough" {
	export FUZZ_SECONDS=${FUZZ_SECONDS:-2}
	run -0 sh t/fuzz/run
	all=$output
	for want in open:50000 decode:50000 reader:3000 lenient:2700 der:50000 authorized:15000 arguments:15000 \
		authlog:15000; do
		output=$all
		for try in 1 2 3; do
			! quick ${want/:/ } || continue 2
			run -0 sh t/fuzz/run "${want%:*}"
		done
		quick ${want/:/ }
	done
}

@test "a finding is kept, shown, and tried first in the next run" {
	work=$BATS_TEST_TMPDIR/work
	mkdir -p "$work/seeds/broken"
	echo xx >"$work/seeds/broken/seed"
	cat >"$BATS_TEST_TMPDIR/broken.c" <<-'END'
		#include <stddef.h>
		#include <stdlib.h>
		int
		LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
		{
			unsigned char *copy = malloc(2);

			copy[n > 0 && p[0] == 'f' ? n + 1 : 0] = 0;
			free(copy);
			return 0;
		}
	END
	clang -g -fsanitize=address,fuzzer -o "$work/broken" "$BATS_TEST_TMPDIR/broken.c"
	for n in 1 2; do
		FUZZ_WORK=$work FUZZ_SECONDS=20 run -1 sh t/fuzz/run broken
		found=$(sed -n 's/^broken: found: //p' <<<"$output")
		[[ $found == "$work"/found/broken/crash-* ]]
		[ -s "$found" ]
		[[ $output == *heap-buffer-overflow* ]]
	done
	[ "$(sed -n 's/^broken: \([0-9]*\) runs.*/\1/p' <<<"$output")" -lt 20 ]
	run ! "$work/broken" "$found"
}
