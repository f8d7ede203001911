#!/usr/bin/env bats
# judge, a helper of who: one row for each key of an account's file, with what sshd says of the line.

load ../lib/keys

setup() {
	private_home
	reachable
	new_key ed25519 -C one -f one
	new_key rsa -b 2048 -C two -f two
	mkdir -m 700 .ssh
	list=$HOME/.ssh/authorized_keys
	judge=$(xferkey --exec-path)/lib/xferkey-judge
}

# judged TEXT: the answers of judge for the list, which gets TEXT.
judged() {
	printf '%s' "$1" >"$list"
	chmod 600 "$list"
	echo ":$list" | "$judge" >rows
	cut -f 11 rows
}

@test "each line that lets a key in or keeps it out says so" {
	one=$(cut -d ' ' -f 1,2 one.pub)
	equal "$(judged "$one"$'\n')" yes
	equal "$(judged "$one")" yes
	equal "$(judged "from=\"1.2.3.4\",command=\"x\" $one note"$'\n')" yes
	equal "$(cut -f 7,9,12,13 rows)" "from=\"1.2.3.4\",command=\"x\"	note	1.2.3.4	command"
	equal "$(judged "no-such-option $one"$'\n')" 'not known: unknown or malformed options: sshd may refuse the key'
	[[ $(judged "cert-authority $one"$'\n') = 'no: an option for a certificate authority, '* ]]
	equal "$(judged "expiry-time=\"20200101\" $one"$'\n')" 'no: an expiry-time in the past'
	equal "$(judged "ssh-rsa ${one#* }"$'\n')" 'no: its line names another key type'
	equal "$(judged "odd-name ${one#* }"$'\n')" 'not known: malformed key'
	equal "$(judged $'\357\273\277'"$one"$'\n'"$one"$'\n')" \
		"no: sshd reads no key on line 1: it begins with a byte order mark or is UTF-16"$'\nyes'
	equal "$(judged 'frob-key AAAACGZyb2Ita2V5'$'\n')" 'not known: unknown key type'
	equal "$(cut -f 4 rows)" frob-key
	ssh-keygen -q -s two -I id one.pub
	equal "$(judged "$(cat one-cert.pub)")" 'no: a certificate, which sshd compares with no key'
	if command -v openssl >/dev/null; then
		equal "$(judged "$(openssl genpkey -algorithm ed448 | xferkey pubfmt)")" 'no: OpenSSH does not know this key type'
	fi
	for order in '29990101 29980101' '29980101 29990101'; do
		equal "$(judged "expiry-time=\"${order% *}\",expiry-time=\"${order#* }\" $one")" yes
		[[ $(cut -f 8 rows) = 299[78]-* ]]
	done
	equal "$(judged "# note"$'\n\n'"$one"$'\n'"$(cat two.pub)"$'\n' | tr '\n' ' ')" 'yes yes '
	equal "$(cut -f 3 rows | tr '\n' ' ')" '3 4 '
}

@test "a mode that sshd refuses is named; no file has no rows, and a pattern or too large a file is trouble" {
	cp one.pub "$list"
	chmod 666 "$list"
	echo ":$list" | "$judge" >rows
	equal "$(cut -f 10,11 rows)" "$list: mode 0666 lets everybody write	yes"
	rm "$list"
	echo ":$list" | "$judge" >rows
	[ ! -s rows ]
	mkdir "$list"
	run -0 sh -c 'echo ":$1" | "$0"' "$judge" "$list"
	rmdir "$list"
	for text in ":$HOME/a*b" ":$HOME/[a]"; do
		says 2 'its keys are not listed: since OpenSSH 10, this may be a pattern' sh -c 'echo "$1" | "$0"' "$judge" "$text"
	done
	head -c 9000000 /dev/zero | tr '\0' '#' >"$list"
	says 2 'its keys are not listed: more than 8 MiB' sh -c 'echo ":$1" | "$0"' "$judge" "$list"
}

@test "a line that is no USER:FILE, an unknown account and an unknown option are trouble" {
	says 2 'standard input: not USER:FILE: nobody' sh -c 'echo nobody | "$0"' "$judge"
	says 2 'the invoking user: x: not an absolute path' sh -c 'echo :x | "$0"' "$judge"
	says 2 'no-such-user' sh -c 'echo no-such-user:/x | "$0"' "$judge"
	says 2 'unknown option -x' "$judge" -x
	says 2 'standard input:' sh -c '"$0" <.' "$judge"
	"$judge" -h | grep -q '^usage: xferkey-judge'
	for home in '' relative; do
		says 2 'the invoking user: the home is not an absolute path' sh -c 'echo :/x | HOME=$1 "$0"' "$judge" "$home"
	done
	says 2 'the invoking user: the home is not an absolute path' sh -c 'unset HOME; echo :/x | "$0"' "$judge"
	other_account
	says 2 'root: only root' "${other[@]}" sh -c 'echo root:/etc/passwd | "$0"' "$judge"
}
