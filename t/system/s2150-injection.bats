#!/usr/bin/env bats
# Every character that could do harm, in every field of the administrator's side: it is refused in one line and nothing
# changes, or what reached the list is one line with that key, the administrator's options, and a comment that prints.

load ../lib/test
load ../lib/porcelain

characters=($'\n' $'\r' $'\t' $'\e' $'\177' $'\001' $'\233' $'\302\233' $'\342\200\256' $'\377' '-' ' ' '"' "'" '\' '$(touch evil)'
	'`touch evil`' ';touch evil;' '|' '&' '<' '>' '*' '#' '%' '@' ':' ',' '=' '/' '../' '~' '!' 'null')

setup() {
	need ssh-keygen python3
	private_home
	ssh-keygen -q -t ed25519 -N '' -C first -f first
	ssh-keygen -q -t ed25519 -N '' -C '' -f key
	key=$(blob key.pub)
	as_account
	n=0
	# -b goes to the home that the account has
	inside=()
	if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
		sed "s,^\($me:.*:\)[^:]*\(:[^:]*\)\$,\1$HOME\2," /etc/passwd >passwd
		inside=(unshare -m sh -c 'mount --bind "$HOME/passwd" /etc/passwd && exec "$@"' sh)
	fi
}

# batch FIELD: as tried, if the account's home can be this one.
batch() {
	[ "${#inside[@]}" -eq 0 ] || tried "$1" '' "${inside[@]}" xferkey -q authorize -b
}

# fresh: what every run begins with.
fresh() {
	rm -rf .ssh evil
	mkdir -m 700 .ssh
	{
		echo '# a comment, and no key'
		echo "no-pty $(cat first.pub)"
	} >.ssh/authorized_keys
	chmod 600 .ssh/authorized_keys
}

# text FORMAT: where @ stands for the character; null is the one that no argument can hold.
text() {
	local text=${1//@/"$character"}
	if [ "$character" = null ]; then
		printf '%s' "${1//@/$'\001'}" | tr '\001' '\000'
	else
		printf '%s\n' "$text"
	fi
}

# tried FIELD OPTIONS COMMAND ...: notes what it says and does; OPTIONS are those that the line may get.
tried() {
	local field=$1 options=$2
	shift 2
	n=$((n + 1))
	fresh
	mkdir -p "tried/$n"
	printf '%s' "$field: $(printf %q "$character")" >"tried/$n/field"
	printf '%s' "$options" >"tried/$n/options"
	"$@" <input >"tried/$n/out" 2>"tried/$n/err" && echo 0 >"tried/$n/status" || echo $? >"tried/$n/status"
	cp .ssh/authorized_keys "tried/$n/list"
	ls -A . .ssh >"tried/$n/names"
}

# all_good: what every run must have left.
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
		    if re.search(rb"(^|\n)evil(\n|$)|(^|\n)[^\n]*\.xferkey(\n|$)", read(n, "names")): wrong.append("left behind: " + str(read(n, "names")))
		    if not after.startswith(before): wrong.append("other lines changed")
		    batch = read(n, "field").startswith(b"-b")  # a verdict for each line
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

@test "authorize and revoke: every field, every character" {
	for character in "${characters[@]}"; do
		: >input
		if [ "$character" != null ]; then
			printf '%s\n' "$key x" >input
			for format in '@' "@$me" "$me@" 'x@y'; do
				tried "-u $format" '' xferkey -q authorize -u "${format//@/"$character"}"
			done
			for options in '@' 'no-pty@' '@no-pty' 'no-pty,@' "command=\"a@b\"" 'from=@' "environment=\"A=@\""; do
				options=${options//@/"$character"}
				tried "-O $options" "$options" xferkey -q authorize -O "$options"
			done
			for format in '@' '20301231@' '@20301231' '+9@' '+@9d'; do
				tried "-e $format" 'expiry-time="20301231Z"' xferkey -q authorize -e "${format//@/"$character"}"
			done
			mkdir -p files
			case $character in
			*/*) ;;
			*) cp input "files/a${character}b" ;;
			esac
			tried 'a path' '' xferkey -q authorize "files/a${character}b"
			tried 'an operand' '' xferkey -q authorize "${character}"
			for format in '@' 'SHA256:@' "$(print first.pub)@" "@$(print first.pub)" 'files/a@b'; do
				# with blanks around it, or padded, it is the fingerprint
				case $character:$format in
				[[:space:]]:*"$(print first.pub)"* | =:"$(print first.pub)"@) continue ;;
				esac
				tried "revoke $format" '' xferkey -q revoke "${format//@/"$character"}"
			done
		fi
		for format in "$key a@b" "$key @" "$key@" "@$key" "x@y $key" "command=\"a@b\" $key c" "from=@ $key" "${key/25/@25}" "$key a@$key b"; do
			text "$format" >input
			tried "the key's line ${format//"$key"/KEY}" '' xferkey -q authorize
			text "$me:$format" >input
			batch "-b, ${format//"$key"/KEY}"
		done
		for format in "@:$key" "@$me:$key" "$me@:$key" "$me@$key"; do
			text "$format" >input
			batch "-b, $format"
		done
	done
	all_good
	[ "${#inside[@]}" -gt 0 ] || skip 'all but -b was tried, which needs root and a namespace of its own'
}

@test "authkeys: every field, every character" {
	for character in "${characters[@]}"; do
		if [ "$character" != null ]; then
			printf '%s\n' "$key x" >input
			for format in '@' 'x@y' '.ssh/@' '.ssh@/x' "$HOME/.ssh/authorized_keys@"; do
				tried "-f $format" '' xferkey authkeys -f "${format//@/"$character"}"
				tried "-l -f $format" '' xferkey authkeys -l -f "${format//@/"$character"}"
			done
			tried -u '' xferkey authkeys -u "$character"
			for format in '@' 'SHA256:@' "$(print key.pub)@"; do
				tried "-d $format" '' xferkey authkeys -d "${format//@/"$character"}"
			done
			for options in '@' 'no-pty@' '@no-pty' 'no-pty,@' "command=\"a@b\"" 'from=@'; do
				options=${options//@/"$character"}
				tried "-O $options" "$options" xferkey authkeys -O "$options"
			done
			for format in '@' '20301231@' '@20301231' '+9@'; do
				tried "-e $format" 'expiry-time="20301231Z"' xferkey authkeys -e "${format//@/"$character"}"
			done
		fi
		for format in "$key a@b" "$key@" "@$key" "x@y $key" "command=\"a@b\" $key c" "${key/25/@25}" "$key a@$key b"; do
			text "$format" >input
			tried "the key's line ${format//"$key"/KEY}" '' xferkey authkeys -v
		done
	done
	all_good
}
