#!/usr/bin/env bats
# One key in many spellings: authkeys finds each that sshd lets in, shows sshd's fingerprint, and removes it.

load ../lib/test

setup() {
	need openssl
	private_home
	need ssh-keygen
	list=.ssh/authorized_keys
	mkdir -m 700 .ssh
}

# line TYPE HEX: a key line with these bytes.
line() {
	echo "$1 $(printf "$(sed 's/../\\x&/g' <<<"$2")" | openssl base64 -A)"
}

# string TEXT [TAIL-IN-HEX]: TEXT with its length, in hexadecimal.
string() {
	local text
	text=$(printf %s "$1" | hex)${2-}
	printf '%08x%s' $((${#text} / 2)) "$text"
}

# spellings FILE.pub: prints lines "NAME<TAB>LINE" of the same key, all of which sshd reads.
spellings() {
	local type base64 rest other curve
	read -r type base64 _ <"$1"
	rest=$(openssl base64 -d -A <<<"$base64" | hex)
	rest=${rest#"$(string "$type")"}
	printf 'nul\t%s\n' "$(line "$type" "$(string "$type" 00)$rest")"
	case $type in
	ssh-rsa) other='RSA rsa rsa-sha2-256 rsa-sha2-512' ;;
	ssh-ed25519) other='ED25519 eD25519' ;;
	ssh-dss) other='DSA dsa' ;;
	*) other= ;;
	esac
	for other in $other; do
		# OpenSSH 10 does not know short names
		[[ $other == *-* ]] || ssh-keygen -lf - <<<"$(line "$type" "$(string "$other")$rest")" >&2 || continue
		printf 'alias\t%s\n' "$(line "$type" "$(string "$other")$rest")" "$(line "$type" "$(string "$other" 00)$rest")"
	done
	case $type in
	ecdsa-*)
		curve=${type#ecdsa-sha2-}
		printf 'nul\t%s\n' "$(line "$type" "$(string "$type")$(string "$curve" 00)${rest#"$(string "$curve")"}")"
		;;
	ssh-rsa | ssh-dss)
		printf 'zeros\t%s\n' "$(line "$type" "$(string "$type")$(printf '%08x0000%s' $((0x${rest:0:8} + 2)) "${rest:8}")")"
		;;
	esac
	[ "$type" != ssh-rsa ] || printf 'alias\trsa-sha2-512 %s\n' "$base64"
	printf 'spaces\t%s %s\f\v%s x\n' "$type" "${base64:0:9}" "${base64:9}"
}

make_keys() {
	local dsa=
	new_key ed25519 -C c -f e
	new_key rsa -b 2048 -C c -f r
	new_key ecdsa -b 384 -C c -f c
	! has_dsa || { new_key dsa -C c -f d && dsa=d; }
	keys="e r c $dsa"
}

@test "a key in another spelling is listed and removed, with the fingerprint that ssh-keygen shows" {
	make_keys
	for key in $keys; do
		spellings $key.pub >lines
		while IFS=$'\t' read -r _ text; do
			printf '%s\n%s\n' "$text" "$(cat $key.pub)" >$list
			equal "$(ssh-keygen -lf - <$list | cut -d ' ' -f 2 | uniq -c | sed 's/^ *//')" "2 $(print $key.pub)"
			equal "$(xferkey authkeys -l | cut -f 1 | uniq -c | sed 's/^ *//')" "2 $(print $key.pub)"
			equal "$(xferkey fpr $list | cut -d ' ' -f 1,2)" "$(ssh-keygen -lf - <$list | cut -d ' ' -f 1,2)"
			xferkey authkeys -d "$(print $key.pub)"
			[ ! -s $list ]
		done <lines
	done
}

@test "-O is refused if the list has the key in another spelling" {
	make_keys
	spellings r.pub >lines
	while IFS=$'\t' read -r _ text; do
		echo "$text" >$list
		says 2 'there already, with other options' sh -c 'xferkey authkeys -O restrict <r.pub'
		says 2 'in a line that sshd may or may not accept' sh -c 'xferkey authkeys <r.pub'
		equal "$(cat $list)" "$text"
	done <lines
}

@test "a received key in another spelling is refused, and the spelling is described" {
	make_keys
	for key in $keys; do
		spellings $key.pub >lines
		while IFS=$'\t' read -r name text; do
			echo "$text" >received
			case $name in
			nul) said='a NUL after a name inside the key' ;;
			alias) said='a type not spelled as in RFC 4253' ;;
			zeros) said='zeros before a number inside the key' ;;
			spaces) said='white space inside the base64' ;;
			esac
			says 2 "$said" sh -c 'xferkey authkeys <received'
			says 2 "$said" xferkey pubfmt received
			[ "$key" != e ] || says 2 "$said" xferkey authorize -u "$(id -un)" received
			[ "$key" != e ] || says 2 "$said" xferkey mail --to dcc@example.org --user jane received
			says 1 "$said" xferkey fpr -w received
			[ ! -e $list ]
		done <lines
	done
}

@test "a NUL in a FIDO application: the fingerprint is sshd's, and a received key is refused" {
	plain=$(string sk-ssh-ed25519@openssh.com)$(string 01234567890123456789012345678901)
	line sk-ssh-ed25519@openssh.com "$plain$(string ssh:)" >sk.pub
	line sk-ssh-ed25519@openssh.com "$plain$(string ssh: 00)" >nul.pub
	line sk-ssh-ed25519@openssh.com "$plain$(string s 0073)" >inside.pub
	equal "$(ssh-keygen -lf - <nul.pub | cut -d ' ' -f 2)" "$(print sk.pub)"
	equal "$(xferkey fpr nul.pub | cut -d ' ' -f 2)" "$(print sk.pub)"
	says 2 'a NUL after a name inside the key' sh -c 'xferkey authkeys <nul.pub'
	says 2 'malformed key' sh -c 'xferkey authkeys <inside.pub'
	[ ! -e $list ]
	xferkey authkeys <sk.pub
	cp nul.pub $list
	xferkey authkeys -d "$(print sk.pub)"
	[ ! -s $list ]
}

@test "base64 of any length is searched; if memory is short, that is an error, not a missing key" {
	make_keys
	{
		printf 'ssh-ed25519 %s' "$(cut -d ' ' -f 2 e.pub | cut -c 1-20)"
		head -c 1500000 /dev/zero | tr '\0' '\f'
		cut -d ' ' -f 2 e.pub | cut -c 21-
	} >$list
	equal "$(ssh-keygen -lf - <$list | cut -d ' ' -f 2)" "$(print e.pub)"
	equal "$(xferkey authkeys -l | cut -f 1)" "$(print e.pub)"
	xferkey authkeys -d "$(print e.pub)"
	[ ! -s $list ]
	{
		printf 'ssh-ed25519 AAAA'
		head -c 50000000 /dev/zero | tr '\0' '\f'
		printf '\n%s\n' "$(cat e.pub)"
	} >$list
	cp $list before
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-authkeys" || skip 'AddressSanitizer needs more memory than that'
	says 2 'out of memory' sh -c 'ulimit -v 90000; exec xferkey authkeys -d "$1"' sh "$(print e.pub)"
	says 2 'out of memory' sh -c 'ulimit -v 90000; exec xferkey authkeys -l'
	cmp before $list
}

@test "if it is not known whether a line lets the key in, the line is shown and nothing is added" {
	make_keys
	for options in 'from="10.9.9.9",no-pty,' 'principals="x"' 'no-such-option' 'permitopen="nowhere"' 'tunnel="x"' \
		'from="10.0.0.0/33"' 'from="127.0.0.1/8"' 'from="::1/0"' 'expiry-time="tomorrow"' 'environment="=x"' \
		'permitlisten="x:0"'; do
		printf '%s %s\n' "$options" "$(cat e.pub)" >$list
		says 2 "$options ssh-ed25519" sh -c 'xferkey authkeys -v <e.pub'
		equal "$(cat $list)" "$options $(cat e.pub)"
	done
	for options in 'from="10.0.0.0/8,::1/128,10.1.0.0/16,!*.example.org"' 'permitopen="[::1]:22",permitopen="h:*"' \
		'tunnel="any"' 'expiry-time="29991231"' 'environment="A=x"' 'permitlisten="8080"'; do
		printf '%s %s\n' "$options" "$(cat e.pub)" >$list
		equal "$(xferkey authkeys -v <e.pub | cut -f 1,5)" "present	$options"
	done
	# the line does not let the key in: the key is added
	for options in 'expiry-time="20200101"' 'cert-authority'; do
		printf '%s %s\n' "$options" "$(cat e.pub)" >$list
		equal "$(xferkey authkeys -v <e.pub | cut -f 1,5)" "added	-
beside	$options"
	done
}

@test "authkeys finds, removes and replaces each key that ssh-keygen finds in mutated lines" {
	need python3
	# OpenSSH 10 knows neither DSA nor short names of types inside a key
	least=2700
	ssh -Q key-plain | grep -x ssh-dss || least=1800
	run -0 "$top/t/long/spelled-lines" 6000 14 50
	[[ $output = *$'ours: not found\t0\n'* ]]
	[[ $output = *$'ours: still found\t0' ]]
	[[ $output =~ ssh-keygen\ finds$'\t'([0-9]+) ]]
	[ "${BASH_REMATCH[1]}" -ge "$least" ]
}
