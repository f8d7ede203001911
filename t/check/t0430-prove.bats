#!/usr/bin/env bats
# The parts of make coverage and make prove-mutants: which faults are made, and what counts as reached.

load ../lib/test

setup() {
	private_home
	cat >x.c <<'END'
#define ONE 1
/* if (a == 1) */
int
f(int a, int b)
{
	if (a == 0 || b < 2)
		return ERROR_MEMORY;
	puts("if (a == 1)");
	free(p);
	return b + 1;
}
END
}

@test "the mutants are each kind of fault, and none in a comment, a string or a directive" {
	awk -f "$top/t/long/mutants/mutate.awk" x.c >list
	while IFS=$'\t' read -r file line kind edit; do
		edit=$edit awk -f "$top/t/long/mutants/mutate.awk" "$file" >mutant.c
		echo "$line $kind$(diff x.c mutant.c | sed -n 's/^>[[:space:]]*/ /p')"
	done <list | sort >got
	sort >want <<-'END'
		6 negate if (!(a == 0 || b < 2))
		6 unchecked if (a == 0 && 0 || b < 2)
		6 unchecked if (a == 0 || b < 2 && 0)
		6 edge if (a == 0 || b <= 2)
		6 swap if (a != 0 || b < 2)
		6 swap if (a == 0 && b < 2)
		6 constant if (a == 1 || b < 2)
		6 constant if (a == 0 || b < (2 + 1))
		7 constant return ERROR_NONE;
		8 drop ;
		10 edge return b + 2;
		10 constant return b + 0;
	END
	diff want got
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
