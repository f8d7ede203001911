#!/usr/bin/env bats
# authkeys -R, -E and -x: a key in place of another, a key that ends, an exact set of keys. s2147 kills them at every
# call, and logs in.

load ../lib/test

setup_file() {
	made_once make_keys
}

make_keys() {
	new_key ed25519 -C old@host -f a
	new_key ed25519 -C new@host -f b
	new_key ed25519 -C other@host -f c
}

setup() {
	private_home
	cp "$BATS_FILE_TMPDIR"/* .
	list=.ssh/authorized_keys
	a=$(cat a.pub) b=$(cat b.pub) c=$(cat c.pub) print=$(print a.pub) ends='expiry-time="29990101"'
	tab=$'\t'
	mkdir -m 700 .ssh
	XFERKEY=$(xferkey --exec-path)/xferkey-authkeys
}

authkeys() {
	"$XFERKEY" "$@"
}

# replace [ARGUMENT ...]: the key of b in place of that of a.
replace() {
	authkeys -R "$print" -e 29990101 "$@" <b.pub
}

# refused MESSAGE FILE ARGUMENT ...: status 2, one line with MESSAGE, and the list stays.
refused() {
	local got=0
	cp -p $list before
	authkeys "${@:3}" <"$2" >out 2>err || got=$?
	equal "$got:$(wc -l <err)" 2:1
	grep -qF -- "$1" err || equal "$(cat err)" "$1"
	[ ! -s out ]
	cmp before $list
	equal "$(ls -A .ssh)" authorized_keys
}

@test "-R adds the new key with the old one's options, and puts an expiry on every line of the old key" {
	printf '# one\r\n  no-pty,command="a \\"b\\"" %s\n%s\nno-pty,expiry-time="29991231",command="a \\"b\\"" %s' \
		"$a" "$c" "$a" >$list
	chmod 640 $list
	replace
	printf '# one\r\n  no-pty,command="a \\"b\\"",%s %s\n%s\nno-pty,command="a \\"b\\"",%s %s\n%s %s\n' \
		"$ends" "$a" "$c" "$ends" "$a" 'no-pty,command="a \"b\""' "$b" | cmp - $list
	equal "$(stat -c %a $list)" 640
	equal "$(ls -A .ssh)" authorized_keys
	# again, and later: nothing is changed
	cp $list before
	replace
	authkeys -R "$print" -e 29991231 <b.pub
	cmp before $list
}

@test "-R: an earlier expiry stays; -O gives other options; fingerprints of any hash name the old key" {
	echo "expiry-time=\"20990101\",restrict,expiry-time=\"29991231\" $a" >$list
	cp $list before
	authkeys -R "$(print a.pub md5)" -e 29990101 -O no-pty <b.pub
	{ cat before && echo "no-pty $b"; } | cmp - $list
	echo "$a" >$list
	replace
	equal "$(cat $list)" "$ends $a
$b"
	# the new key is there, and a line of the old one without an expiry is put back
	printf '%s\n%s\n' "$b" "$a" >$list
	replace
	equal "$(cat $list)" "$b
$ends $a"
	printf 'no-pty %s\nrestrict %s\n' "$a" "$a" >$list
	replace -O no-pty
	equal "$(cut -d ' ' -f 1 $list | tr '\n' ' ')" "no-pty,$ends restrict,$ends no-pty "
	# the options are those of a line that has not expired
	for order in 1 2; do
		printf '%s %s\n' 'expiry-time="20200101",no-pty' "$a" restrict "$a" | sort -rk "1.$order,1.$order" >$list
		replace
		equal "$(tail -n 1 $list)" "restrict $b"
	done
}

@test "-R -v prints the new key and each line of the old one, with its options before and the time" {
	printf 'no-pty %s\nno-pty,%s %s\n' "$a" "$ends" "$a" >$list
	row="$print${tab}256${tab}ED25519${tab}no-pty,$ends$tab$(blob a.pub)${tab}old@host$tab"
	replace -v >out
	printf '%s\n' "added$tab$(print b.pub)${tab}256${tab}ED25519${tab}no-pty$tab$(blob b.pub)${tab}new@host" \
		"superseded$tab${row}no-pty${tab}2999-01-01T00:00:00Z" \
		"superseded$tab${row}no-pty,$ends${tab}2999-01-01T00:00:00Z" | diff out -
	equal "$(replace -v | cut -f 1 | tr '\n' ' ')" 'present superseded superseded '
	equal "$(authkeys -v -E "$(print b.pub)" -e 29990101Z | cut -f 1,5,8)" \
		"superseded${tab}no-pty,expiry-time=\"29990101Z\"${tab}no-pty"
	run -1 authkeys -v -E "$(print c.pub)" -e +1d
	equal "$output" ''
	run -1 authkeys -v -R "$(print c.pub)" -e +1d <b.pub
	equal "$output" ''
	rm -r .ssh
	run -1 replace
	[ ! -e .ssh ]
}

@test "-R: what is unclear is an error that names the line, and changes nothing" {
	while IFS='|' read -r said lines; do
		eval "printf '%s\n' $lines" >$list
		refused "$list: $said" b.pub -R "$print" -e +14d
		[[ $said != *'authority'* && $said != 'unknown'* && $said != 'the key is there,'* ]] ||
			refused "$list: $said" /dev/null -E "$print" -e +14d
	done <<-'END'
		the lines of the key to replace have different options: -O says which the new key has: no-pty | "$a" "no-pty $a"
		the lines of the key to replace have different options: -O says which the new key has: no-pty | "$a" "no-pty $a" "restrict $a"
		an option for a certificate authority, whose key lets in every certificate that it signs: cert-auth| "$a" "cert-authority $a"
		unknown or malformed options: sshd may refuse the key: no-such | "no-such $a" "$a"
		the option principals, which sshd accepts only for a certificate authority: principals| "principals=\"x\" $a"
		the key is there, in a line that sshd may or may not accept; nothing was added; remove | "ssh-rsa ${a#* }"
		an expiry-time in the past: expiry-time="20200101" | "expiry-time=\"20200101\" $a"
		the key is there already, with other options: remove it first: xferkey authkeys -d | "$a" "no-pty $b"
		the key is there already, with other options: remove it first: xferkey authkeys -d | "no-pty $a" "$b"
		a private key, not a public one| "$a" '-----BEGIN OPENSSH PRIVATE KEY-----'
	END
	echo "$a" >$list
	refused 'the key to replace and the new key are the same' a.pub -R "$print" -e +14d
	refused 'standard input: a private key' b -R "$print" -e +14d
	refused '-R requires -e' b.pub -R "$print"
	refused '-E requires -e' b.pub -E "$print"
	refused '-e: not a time in the future' b.pub -R "$print" -e 20200101
	refused 'only one of -a, -A' b.pub -R "$print" -d "$print" -e +1d
	refused '-O, -T, -e, -w and -r' b.pub -E "$print" -e +1d -O no-pty
	# all have expired: only what is done already is well
	printf 'expiry-time="20200101" %s\n%s\n' "$a" "$b" >$list
	cp $list before
	replace
	cmp before $list
}

@test "-R: if ssh-keygen does not find the new key, or does not answer, the old one gets no expiry" {
	echo "$a" >$list
	fake ssh-keygen 'exit 1'
	PATH=$PWD/path:$PATH refused 'ssh-keygen does not read all of the file' b.pub -R "$print" -e +14d
	fake ssh-keygen "sed 's|$(blob b.pub)|$(blob c.pub)|' | $(command -v ssh-keygen) -l -E SHA256 -f -"
	PATH=$PWD/path:$PATH refused 'ssh-keygen does not find the new key' b.pub -R "$print" -e +14d
	run -2 env PATH=/nonexistent "$XFERKEY" -R "$print" -e +14d <b.pub
	has 'ssh-keygen does not read all of the file'
	equal "$(cat $list)" "$a"
}

@test "-x: other keys go, missing ones come, other options are replaced, all other lines stay byte for byte" {
	others=$(printf '# c\r\n\ncert-authority %s\nno-such %s\njunk \001\nssh-rsa %s\nprincipals="x" %s' "$a" "$a" "${c#* }" "$b")
	printf '%s\nno-pty %s\n%s other comment\nexpiry-time="20200101" %s' "$others" "$a" "$(blob b.pub)" "$c" >$list
	chmod 640 $list
	printf '# the set\n\n%s\r\nrestrict %s\n' "$b" "$a" >wanted
	authkeys -v -x <wanted >undo
	printf '%s\n%s other comment\nrestrict %s\n' "$others" "$(blob b.pub)" "$a" | cmp - $list
	equal "$(sed -n 's/^# //p' undo | cut -f 1,5)" "$(printf "%s\t%s\n" removed no-pty removed 'expiry-time="20200101"' \
		added restrict beside cert-authority beside no-such beside - beside 'principals="x"')"
	equal "$(stat -c %a $list)" 640
	authkeys -l >before
	authkeys -v -x <wanted >same
	authkeys -l | cmp - before
	lacks same removed
	# and back
	authkeys -x <undo
	printf '%s\nno-pty %s\n%s other comment\nexpiry-time="20200101" %s' "$others" "$a" "$(blob b.pub)" "$c" >was
	equal "$(authkeys -l | sort)" "$(authkeys -l -f was | sort)"
	authkeys -v -x <wanted >undo2
	cmp <(grep -v '^#' undo | sort) <(grep -v '^#' undo2 | sort)
	rm -r .ssh
	authkeys -x <wanted
	grep -v '^#' wanted | sed 1d | cmp - $list
	equal "$(stat -c %a $list)" 600
	authkeys -r -x -f new <wanted
	equal "$(stat -c %a new)" 644
}

@test "-x keeps the order of the lines of one key, and adds and removes nothing twice" {
	printf 'from="10.0.0.0/8" %s\n%s\ncommand="x" %s\n' "$a" "$b" "$a" >wanted
	printf 'command="x" %s\n%s\nfrom="10.0.0.0/8" %s\n' "$a" "$b" "$a" >$list
	authkeys -x <wanted
	printf '%s\nfrom="10.0.0.0/8" %s\ncommand="x" %s\n' "$b" "$a" "$a" | cmp - $list
	printf '%s\n%s\n' "$b" "$b" >$list
	echo "$b" >wanted
	authkeys -x <wanted
	cmp wanted $list
}

@test "-x: a last line without a line end gets one if a key comes after it, and else stays" {
	printf '%s\n# note' "$a" >$list
	echo "$b" >wanted
	authkeys -x <wanted
	printf '# note\n%s\n' "$b" | cmp - $list
	printf '%s\n%s' "$a" "$b" >$list
	authkeys -x <wanted
	printf %s "$b" | cmp - $list
}

@test "-x: an empty, truncated or partly bad set, or one that lets nobody in, changes nothing" {
	echo "$a" >$list
	: >empty
	printf '# only\n\n' >notes
	printf '%s\n%s' "$b" "$c" >short
	printf '%s\n%s\n' "$b" "${c:0:50}" >bad
	printf '%s\nno-such %s\n' "$b" "$c" >option
	printf '%s\ncert-authority %s\n' "$b" "$c" >authority
	printf '%s\nssh-rsa %s\n' "$b" "${c#* }" >misnamed
	printf '%s\n\0\n' "$b" >nul
	printf 'expiry-time="20200101" %s\n' "$b" >expired
	refused 'standard input: no key in it' empty -x
	refused 'standard input: no key in it' notes -x
	refused 'standard input: its last line has no line end' short -x
	refused 'standard input: line 2: not an SSH key' bad -x
	refused 'standard input: line 2: unknown or malformed options' option -x
	refused 'standard input: line 2: an option for a certificate authority' authority -x
	refused 'standard input: line 2: not an SSH key' misnamed -x
	refused 'standard input: line 2: not an SSH key' nul -x
	refused 'standard input: line 1: not an SSH key' a -x
	refused 'no key of the new set would be let in' expired -x
	refused '-O, -T, -e, -w and -r' a.pub -x -e +1d
	printf '%s\n-----BEGIN OPENSSH PRIVATE KEY-----\n' "$a" >$list
	refused 'a private key, not a public one' b.pub -x
	# a key that no set may have, but sshd lets in
	new_key dsa -f dsa
	cp dsa.pub $list
	refused 'no key of the new set would be let in' expired -x
	cp $list same
	authkeys -x <same
	cmp same $list
	# nobody is let in now
	echo "expiry-time=\"20200101\" $a" >$list
	authkeys -x <expired
	cmp expired $list
}

@test "-x -v says if its lines cannot undo the change: they let no key in, or there are no lines" {
	: >$list
	echo "$b" >wanted
	authkeys -x -v <wanted >undo
	grep -x '# no undo: authkeys -x refuses the lines that the file had: they let no key in' undo
	cp $list before
	refused 'no key in it' undo -x
	echo "expiry-time=\"20200101\" $a" >$list
	authkeys -x -v <wanted >undo
	grep '^# no undo: ' undo
	refused 'no key of the new set would be let in' undo -x
	echo "$a" >$list
	authkeys -x -v <wanted >undo
	lacks undo 'no undo'
	echo "expiry-time=\"20200101\" $a" >$list
	echo "expiry-time=\"20200102\" $a" >wanted
	authkeys -x -v <wanted >undo
	lacks undo 'no undo'
}

@test "on a terminal -x -v shows rows without the lines that undo the change" {
	need script
	echo "expiry-time=\"20200101\" $a" >$list
	printf '%s \033[2Jx\n' "$(blob b.pub)" >wanted
	export XFERKEY
	run -0 script -qec '"$XFERKEY" -x -v <wanted' /dev/null
	equal "${lines[*]//$'\r'}" "no undo: authkeys -x refuses the lines that the file had: they let no key in $(
		printf 'removed\t%s\t256\tED25519\texpiry-time="20200101"\t%s\told@host ' "$print" "$(blob a.pub)"
		printf 'added\t%s\t256\tED25519\t-\t%s\t\\033[2Jx' "$(print b.pub)" "$(blob b.pub)"
	)"
}
