# Lists the mutants of the C files that are arguments, a tab-separated row each: file, line, kind, and one or two edits:
# offset, length and new text. With the edits in the environment variable edit, prints the one file so changed.
#
# Kinds: negate (the condition of an if), unchecked (an if, or one operand of its ||, that is computed and does not
# count), drop (a statement), edge (< and <=, + 1 and so on), swap (&& and ||, == and !=), constant (a number, a
# character, an error). Not dropped: free, because a leak at the end of a short process is no fault.
BEGIN { OFS = "\t" }

function mutant(kind, at, length_, text, at2, length2, text2) {
	print FILE, 1 + breaks(substr(code, 1, at - 1)), kind, at, length_, text \
		(at2 ? OFS at2 OFS length2 OFS text2 : "")
}

function breaks(s) { return gsub(/\n/, "", s) }

function blank(s) {
	gsub(/[^\n]/, " ", s)
	return s
}

# The text with its comments, strings, and lines of the preprocessor blanked; of characters only the quotes remain.
function masked(s, out, token) {
	while (match(s, /\/\*|\/\/|"|\047|(^|\n)[ \t]*#/)) {
		token = substr(s, RSTART, RLENGTH)
		out = out substr(s, 1, RSTART - 1)
		s = substr(s, RSTART)
		if (token == "/*")
			RLENGTH = index(s, "*/") + 1
		else if (token == "//")
			match(s, /^[^\n]*/)
		else if (token == "\"")
			match(s, /^"([^"\\]|\\.)*"/)
		else if (token == "\047")
			match(s, /^\047([^\047\\]|\\.)*\047/)
		else
			match(s, /^\n?([^\n\\]|\\\n|\\.)*/)
		token = blank(substr(s, 1, RLENGTH))
		if (substr(s, 1, 1) == "\047")
			token = "\047" substr(token, 3) "\047"
		out = out token
		s = substr(s, RLENGTH + 1)
	}
	return out s
}

# The offset of the parenthesis that closes the one at from. Sets ors to the offsets of each || directly inside, and
# mixed if there is a && or ?, too.
function closing(from, at, depth, c) {
	ors[0] = 0
	mixed = 0
	for (at = from; at <= length(code); at++) {
		c = substr(code, at, 1)
		if (c == "(")
			depth++
		else if (c == ")" && --depth == 0)
			return at
		else if (depth == 1 && substr(code, at, 2) == "||")
			ors[++ors[0]] = at
		else if (depth == 1 && (c == "?" || substr(code, at, 2) == "&&"))
			mixed = 1
	}
	return 0
}

# at: of the parenthesis after an if
function condition(at, end, i, last) {
	end = closing(at)
	if (!end)
		return
	mutant("negate", at, 1, "(!(", end, 1, "))")
	if (ors[0] == 0 || mixed) {
		mutant("unchecked", at, 1, "((", end, 1, ") && 0)")
		return
	}
	ors[ors[0] + 1] = end
	for (i = 1; i <= ors[0] + 1; i++) {
		last = ors[i]
		while (substr(code, last - 1, 1) ~ /[ \t\n]/)
			last--
		mutant("unchecked", last, 0, " && 0")
	}
}

# Each place of the pattern, whose first and last characters are context.
function each(kind, pattern, to, at, rest) {
	at = 1
	rest = code
	while (match(rest, pattern)) {
		at += RSTART
		mutant(kind, at, RLENGTH - 2, to == "" ? constant(substr(code, at, RLENGTH - 2)) : to)
		rest = substr(code, at)
	}
}

function constant(was) {
	if (was == "0" || was == "1")
		return 1 - was
	if (was == "ERROR_NONE" || was == "STATUS_YES")
		return was == "STATUS_YES" ? "STATUS_NO" : "ERROR_NOT_KEY"
	if (was ~ /^ERROR/)
		return "ERROR_NONE"
	if (was ~ /^STATUS/)
		return "STATUS_YES"
	return "(" was " + 1)"
}

# The statements that begin a line.
function statements(n, line, i, at, before, text, rest) {
	n = split(code, line, "\n")
	at = 1
	before = "{"
	for (i = 1; i <= n; i++) {
		text = line[i]
		if (before ~ /([;{}:)]|else)[ ]*$/ && text ~ /^\t+[a-z_(*]/ &&
		    text !~ /^\t+(return|goto|case|default|if|for|while|do|else|switch|struct|const|static|enum|union|free)[ (:;{]/ &&
		    text !~ /^\t+[a-z_0-9]+ +\**[a-z_0-9]+( *[;,=[]|$)/ && text !~ /^\t+(unsigned|volatile|extern) /) {
			match(text, /^\t+/)
			rest = substr(code, at + RLENGTH)
			text = substr(rest, 1, index(rest, ";") - 1)
			if (text !~ /[{}]/ && index(rest, ";"))
				mutant("drop", at + RLENGTH, length(text), "")
		}
		if (line[i] ~ /[^ \t]/)
			before = line[i]
		at += length(line[i]) + 1
	}
}

# The source, with the edits.
function edited(n, part) {
	n = split(ENVIRON["edit"], part, "\t")
	if (n > 3)
		source = substr(source, 1, part[4] - 1) part[6] substr(source, part[4] + part[5])
	return substr(source, 1, part[1] - 1) part[3] substr(source, part[1] + part[2])
}

function list(at, rest) {
	code = masked(source)
	at = 1
	rest = code
	while (match(rest, /[^a-z_]if \(/)) {
		at += RSTART + RLENGTH - 2
		condition(at)
		rest = substr(code, ++at)
	}
	statements()
	each("edge", " < ", "<=")
	each("edge", " <= ", "<")
	each("edge", " > ", ">=")
	each("edge", " >= ", ">")
	each("edge", " [+] 1[^0-9]", "+ 2")
	each("edge", " - 1[^0-9]", "- 0")
	each("swap", " == ", "!=")
	each("swap", " != ", "==")
	each("swap", " [|][|] ", "&&")
	each("swap", " && ", "||")
	each("constant", "[^A-Za-z_0-9.][0-9]+[^A-Za-z_0-9.]")
	each("constant", "[^A-Za-z_0-9]0x[0-9a-f]+[^A-Za-z_0-9]")
	each("constant", "[^A-Za-z_0-9](ERROR|STATUS)_[A-Z_]+[^A-Za-z_0-9(]")
	each("constant", ".\047 *\047.")
}

FNR == 1 && source != "" { list() }
FNR == 1 { FILE = FILENAME; source = "" }
{ source = source $0 "\n" }
END {
	if (ENVIRON["edit"] == "")
		list()
	else
		printf "%s", edited()
}
