#!/usr/bin/env bats
# t/long/machines: other builds of the filters print the same as these.

load ../lib/test

@test "the filters print the same with sanitizers, which report nothing" {
	private_home
	run "$top/t/long/machines/run" 2 sanitized
	[[ $output != *'skipped: '* ]] || skip "${output##*skipped: }"
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} == *'sanitized: outputs, sum'* ]]
}
