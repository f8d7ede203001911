#!/usr/bin/env bats
# The short pass of t/long/matrix, and README's table of formats, which is its output.

load ../lib/test

@test "every form is converted to every writable form, all tools read the results, and README's table says so" {
	need ssh-keygen puttygen openssl python3
	private_home
	"$top/t/long/matrix" -s >measured 2>wrong || {
		cat wrong
		return 1
	}
	sed -n '/^Measured by t.long.matrix/,/^$/p; /^| read (r)/,/^$/p' "$top/README" | sed '$d' >written
	if [ "$(head -n 1 written)" = "$(head -n 1 measured)" ]; then
		diff written measured
		return
	fi
	# other versions: only our column, if there was something to read
	diff <(columns written) <(columns measured)
}

# columns TABLE: the names of the forms and our column, without rows that have a ? here.
columns() {
	awk -F '|' 'FNR == NR { if (/[?]/) unknown[$2] = 1; next } !($2 in unknown) { print $2 $3 }' measured "$1"
}
