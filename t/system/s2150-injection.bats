#!/usr/bin/env bats
# Every character that could do harm, in every field of the administrator's side: it is refused in one line and nothing
# changes; or the list gets one line with that key, the administrator's options, and a printable comment.

load ../lib/porcelain

characters=($'\n' $'\r' $'\t' $'\e' $'\177' $'\001' $'\233' $'\302\233' $'\342\200\256' $'\377' '-' ' ' '"' "'" '\'
	'$(touch evil)' '`touch evil`' ';touch evil;' '|' '&' '<' '>' '*' '#' '%' '@' ':' ',' '=' '/' '../' '~' '!' 'null')

setup() {
	need ssh-keygen python3
	private_home
	new_key ed25519 -C first -f first
	new_key ed25519 -C '' -f key
	key=$(blob key.pub)
	lines_of_keys=("$key a@b" "$key @" "$key@" "@$key" "x@y $key" "command=\"a@b\" $key c" "from=@ $key" "${key/25/@25}"
		"$key a@$key b")
	as_account
	n=0
	# authorize -b writes to the home in passwd
	inside=()
	if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
		sed "s,^\($me:.*:\)[^:]*\(:[^:]*\)\$,\1$HOME\2," /etc/passwd >passwd
		echo 'mount --bind "$HOME/passwd" /etc/passwd && exec "$@"' >inside
		inside=(unshare -m sh "$HOME/inside")
	fi
}

# batch FIELD: calls tried for -b, if this home can be put into passwd.
batch() {
	[ "${#inside[@]}" -eq 0 ] || tried "$1" '' "${inside[@]}" xferkey -q authorize -b
}

# fresh: makes the state in which every run begins.
fresh() {
	rm -rf .ssh evil
	mkdir -m 700 .ssh
	{
		echo '# a comment, and no key'
		echo "no-pty $(cat first.pub)"
	} >.ssh/authorized_keys
	chmod 600 .ssh/authorized_keys
}

# text FORMAT: prints FORMAT with the character for each @; null stands for NUL, which no argument can hold.
text() {
	local text=${1//@/"$character"}
	if [ "$character" = null ]; then
		printf '%s' "${1//@/$'\001'}" | tr '\001' '\000'
	else
		printf '%s\n' "$text"
	fi
}

# tried FIELD OPTIONS COMMAND ...: runs COMMAND and records its output and effect; the new line may have OPTIONS. In all
# of them @ stands for the character.
tried() {
	local field=$1 dir
	n=$((n + 1)) dir=tried/$n
	shift
	set -- "${@//@/"$character"}"
	fresh
	mkdir -p "$dir"
	printf '%s' "${field//"$key"/KEY}: $(printf %q "$character")" >"$dir/field"
	printf '%s' "$1" >"$dir/options"
	"${@:2}" <input >"$dir/out" 2>"$dir/err" && echo 0 >"$dir/status" || echo $? >"$dir/status"
	cp .ssh/authorized_keys "$dir/list"
	ls -A . .ssh >"$dir/names"
}

# options COMMAND ...: tries -O and -e of COMMAND.
options() {
	local text
	for text in '@' 'no-pty@' '@no-pty' 'no-pty,@' 'command="a@b"' 'from=@' 'environment="A=@"'; do
		tried "-O $text" "$text" "$@" -O "$text"
	done
	for text in '@' '20301231@' '@20301231' '+9@' '+@9d'; do
		tried "-e $text" 'expiry-time="20301231Z"' "$@" -e "$text"
	done
}

# all_good: checks the record of every run.
all_good() {
	fresh
	python3 - "$n" "$key" <<-'END'
		import re, sys, unicodedata
		bad = 0
		def read(n, name): return open(f"tried/{n}/{name}", "rb").read()
		def plain(text, also=""):
		    try: text = text.decode()
		    except UnicodeDecodeError: return False
		    return all(c in also or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp", "Cs") for c in text)
		def options_of(line):
		    quoted = False
		    for i, c in enumerate(line):
		        if c == 34 and line[i - 1:i] != b"\\": quoted = not quoted
		        if c in b" \t" and not quoted: return line[:i], line[i + 1:]
		    return line, b""
		before = open(".ssh/authorized_keys", "rb").read()
		key = sys.argv[2].encode()
		count = {"0": 0, "1": 0, "2": 0}
		for n in range(1, int(sys.argv[1]) + 1):
		    said, status, after = read(n, "out") + read(n, "err"), read(n, "status").decode().strip(), read(n, "list")
		    wrong = []
		    if not plain(said, "\n\t"): wrong.append("what it says does not print")
		    if status not in count: wrong.append("status " + status)
		    else: count[status] += 1
		    if re.search(rb"^(evil|.*\.xferkey)$", read(n, "names"), re.M): wrong.append("left behind")
		    if not after.startswith(before): wrong.append("other lines changed")
		    batch = read(n, "field").startswith(b"-b")  # one verdict on each line
		    if status == "2" and after != before and not (batch and b"\tadded\t" in said):
		        wrong.append("changed all the same")
		    if status == "2" and read(n, "out" if batch else "err").count(b"\n") not in ((1, 2) if batch else (1,)):
		        wrong.append("not one line")
		    new = after[len(before):]
		    if new:
		        if new.count(b"\n") != 1 or not plain(new, "\n"): wrong.append("not one line that prints")
		        want, line = read(n, "options"), new[:-1]
		        got = b""
		        if not line.startswith(key): got, line = options_of(line)
		        if got != want: wrong.append(f"options {got}, not {want}")
		        if line != key and not line.startswith(key + b" "): wrong.append("not the key")
		    if wrong: print(read(n, "field").decode(errors="replace"), wrong, status, said, new); bad += 1
		print(count, bad)
		sys.exit(bad != 0 or 0 in (count["0"], count["2"]))
	END
}

@test "authorize and revoke: no character in any field does harm" {
	for character in "${characters[@]}"; do
		: >input
		if [ "$character" != null ]; then
			printf '%s\n' "$key x" >input
			for format in '@' "@$me" "$me@" 'x@y'; do
				tried "-u $format" '' xferkey -q authorize -u "$format"
			done
			options xferkey -q authorize
			mkdir -p files
			case $character in
			*/*) ;;
			*) cp input "files/a${character}b" ;;
			esac
			tried 'a path' '' xferkey -q authorize 'files/a@b'
			tried 'an operand' '' xferkey -q authorize '@'
			for format in '@' 'SHA256:@' "$(print first.pub)@" "@$(print first.pub)" 'files/a@b'; do
				# the fingerprint may have blanks around it, or padding
				case $character:$format in
				[[:space:]]:*"$(print first.pub)"* | =:"$(print first.pub)"@) continue ;;
				esac
				tried "revoke $format" '' xferkey -q revoke "$format"
			done
		fi
		for format in "${lines_of_keys[@]}"; do
			text "$format" >input
			tried "the key's line $format" '' xferkey -q authorize
			text "$me:$format" >input
			batch "-b, $format"
		done
		for format in "@:$key" "@$me:$key" "$me@:$key" "$me@$key"; do
			text "$format" >input
			batch "-b, $format"
		done
	done
	all_good
	[ "${#inside[@]}" -gt 0 ] || skip 'all but -b was tried, which needs root and a namespace of its own'
}

@test "authkeys: no character in any field does harm" {
	for character in "${characters[@]}"; do
		if [ "$character" != null ]; then
			printf '%s\n' "$key x" >input
			for format in '@' 'x@y' '.ssh/@' '.ssh@/x' "$HOME/.ssh/authorized_keys@"; do
				tried "-f $format" '' xferkey authkeys -f "$format"
				tried "-l -f $format" '' xferkey authkeys -l -f "$format"
			done
			tried -u '' xferkey authkeys -u '@'
			for format in '@' 'SHA256:@' "$(print key.pub)@"; do
				tried "-d $format" '' xferkey authkeys -d "$format"
			done
			options xferkey authkeys
		fi
		for format in "${lines_of_keys[@]}"; do
			text "$format" >input
			tried "the key's line $format" '' xferkey authkeys -v
		done
	done
	all_good
}
