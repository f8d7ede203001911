# From the rows that were reached, the reasons, and all rows: counts for each room, what was not reached, and what of
# that has no reason.
function percent(part, whole) { return whole ? 100 * part / whole : 100 }

input == 1 { hit[$1, $2, $3] = 1; next }
input == 2 {
	if (/^#/)
		next
	split($0, part, ": ")
	reason["src/" part[1], part[2]] = 1
	next
}
{
	kind = $3 == "-" ? "lines" : "branches"
	split($1, part, "/")
	room = part[2]
	rooms[room]
	all[room, kind]++
	total[kind]++
	if (($1, $2, $3) in hit) {
		got[room, kind]++
		reached[kind]++
		next
	}
	print "uncovered", $1 ":" $2 ": " $4 ": " ($3 == "-" ? "line" : "branch " $3) ": " $5
	if (!(($1, $4) in reason) && !(($1, "*") in reason))
		print "unexplained", $1 ": " $4 ": not covered, and no reason"
}
END {
	for (room in rooms)
		printf "room\t%s\tlines\t%d\t%.1f%%\tbranches\t%d\t%.1f%%\n", room, all[room, "lines"],
			percent(got[room, "lines"], all[room, "lines"]), all[room, "branches"],
			percent(got[room, "branches"], all[room, "branches"])
	split("lines branches", kinds, " ")
	least["lines"] = 98
	least["branches"] = 90
	for (i = 1; i <= 2; i++) {
		kind = kinds[i]
		share = percent(reached[kind], total[kind])
		printf "prove\tcoverage\t%s reached, of %d\t%.1f%%\n", kind, total[kind], share
		if (!total[kind] || share < least[kind])
			print "short", kind
	}
}
