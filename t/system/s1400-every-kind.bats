#!/usr/bin/env bats
# Runs for every type in every format and protection the tests that make check runs for one key of each kind.

load ../lib/test

@test "the filters' tests pass with all keys" {
	XFERKEY_EVERY=1 inner_run "$top"/t/check/t1[1-4]*.bats "$top/t/system/s1450-fips-provider.bats"
}

@test "the tests of t1700 pass when each call of each tool of the front ends fails once" {
	XFERKEY_EVERY=1 inner_run -f 'each tool' "$top/t/check/t1700-faults.bats"
}
