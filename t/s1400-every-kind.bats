#!/usr/bin/env bats
# What make check does to a key of each kind is done to every type in every format and protection.

load test

@test "the filters' tests with all keys" {
	XFERKEY_EVERY=1 inner_run "$top"/t/t1[1-4]*.bats
}
