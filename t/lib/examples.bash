# For the tests that run the examples of README and the manuals; $top is the tree.

# examples: prints for each example the page, the prompt ($, #, > or, without one, -), the command, and, if the page
# shows output, its last line; tab-separated. A command continues after "\", "|" and "&&". Text without a prompt is an
# example, too.
examples() {
	(cd "$top/share/man" && awk '
		function put() {
			if (command != "")
				print page "\t" prompt "\t" command "\t" shown
			command = shown = ""
		}
		FNR == 1 { put(); page = substr(FILENAME, 6) }
		/^\.Bd/ { literal = 1; next }
		/^\.Ed/ { put(); literal = 0; next }
		!sub(/^\.Dl /, "") && !literal { put(); next }
		{ gsub(/\\e/, "\\"); gsub(/\\\(dq/, "\""); gsub(/\\&/, ""); gsub(/\\-/, "-") }
		more { sub(/^ */, ""); command = command $0 }
		!more && /^[$#>] / { put() }
		!more && command != "" { sub(/^ */, ""); shown = (sub(/\\$/, "", shown) ? shown : "") $0 }
		command == "" { prompt = /^[$#>] / ? substr($0, 1, 1) : "-"; command = $0; sub(/^[$#>] /, "", command) }
		{ more = sub(/\\$/, "", command) || sub(/[|]$/, "| ", command) || sub(/&&$/, "\\&\\& ", command) }
		END { put() }' man?/*)
	sed -n 's/^    \([^# ][^#]*\)/README\t-\t\1/p' "$top/README" | sed 's/ *#.*//; s/ *$//'
}
