#!/usr/bin/env bats
# The parts of make coverage: what counts as reached.

load ../lib/test

setup() {
	private_home
}

@test "a line or branch that no test reaches is listed, and is short, and needs a reason" {
	need gcc gcov
	mkdir -p src/base
	cat >src/base/x.c <<-'END'
		static int f(int a)
		{
			if (a > 1)
				return 1;
			return 0;
		}
		int main(void) { return f(0); }
	END
	gcc -O0 --coverage -o x src/base/x.c
	rows() { gcov -b -c -t ./*.gcno 2>/dev/null | awk "$@" -f "$top/t/long/coverage/lines.awk" | sort -u; }
	rows >all
	./x
	rows -v hit=1 >hit
	report() { awk -F '\t' -v OFS='\t' -f "$top/t/long/coverage/report.awk" input=1 hit input=2 reasons input=3 all; }
	: >reasons
	run -0 report
	has_line $'uncovered\tsrc/base/x.c:4: f: line: return 1;' $'unexplained\tsrc/base/x.c: f: not covered, and no reason'
	has_line $'prove\tcoverage\tlines reached, of 5\t80.0%' $'prove\tcoverage\tbranches reached, of 2\t50.0%'
	has_line $'short\tlines' $'short\tbranches'
	echo 'base/x.c: f: never more than 0' >reasons
	run -0 report
	[[ $output != *unexplained* ]]
	# nothing counted is nothing reached
	: >all
	run -0 report
	has_line $'short\tlines' $'short\tbranches'
}
