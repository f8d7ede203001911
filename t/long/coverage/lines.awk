# From gcov -b -c -t: a row for each line and branch of src, tab-separated: file, line, branch ("-" for the line),
# function, text; or, with hit=1, the first three of those that were reached. An inline function of a header is in many
# objects: a sort -u makes one of its rows.
function row(branch) {
	if (file !~ /^src\//)
		return
	print file, line, branch (hit ? "" : "\t" name "\t" text)
}

BEGIN { OFS = "\t" }

/^ *-: *0:Source:/ {
	file = $0
	sub(/^ *-: *0:Source:/, "", file)
	branches = 0
	next
}
/^function / { name = $2; next }
/^branch / {
	if (!hit || ($3 == "taken" && $4 > 0))
		row($2)
	next
}
# not the names above the instances of an inline function
/^ *[^ :]+: *[1-9][0-9]*:/ {
	split($0, field, ":")
	line = field[2] + 0
	text = $0
	sub(/^[^:]*:[^:]*:[ \t]*/, "", text)
	gsub(/\t/, " ", text)
	if (field[1] !~ /-$/ && (!hit || field[1] + 0 > 0))
		row("-")
}
