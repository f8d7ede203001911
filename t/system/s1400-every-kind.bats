#!/usr/bin/env bats
# What make check does to a key of each kind is done to every type in every format and protection.

load ../lib/test

@test "the filters' tests with all keys" {
	XFERKEY_EVERY=1 inner_run "$top"/t/check/t1[1-4]*.bats "$top/t/system/s1450-fips-provider.bats"
}

@test "each call of each tool of the front ends fails, once" {
	XFERKEY_EVERY=1 inner_run -f 'each tool' "$top/t/check/t1700-faults.bats"
}
