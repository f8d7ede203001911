#!/usr/bin/env bats
# ldif.awk writes the keys of pubfmt as changes of an LDAP directory, which OpenLDAP's tool reads; in each installed
# awk.

load ../lib/test

setup() {
	private_home
	new_key ed25519 -C jane@lab -f key
	new_key ecdsa -C 'jané' -f other
	dn=uid=jane,ou=people,dc=example,dc=org
	awks=()
	for awk in awk mawk gawk 'busybox awk' original-awk; do
		! command -v "${awk%% *}" >/dev/null || awks+=("$awk")
	done
	awk="awk"
}

# ldif WORD ...: runs ldif.awk with these options of awk on the keys of standard input.
ldif() {
	$awk -f "$top/share/xferkey/ldif.awk" "$@"
}

# refused FACT WORD ...: ldif with key.pub ends with status 2, and prints only one line on standard error.
refused() {
	fact=$1
	shift
	xferkey pubfmt key.pub >keys
	[ ! -e lines ] || cat lines >>keys
	for awk in "${awks[@]}"; do
		ldif "$@" <keys >out 2>err && got=0 || got=$?
		equal "$awk: $got:$(cat out):$(cat err)" "$awk: 2::ldif.awk: $fact"
	done
}

@test "one key, or many in one change, are written without comments and without repetitions" {
	for awk in "${awks[@]}"; do
		equal "$(xferkey pubfmt key.pub | ldif -v dn="$dn")" "dn: $dn
changetype: modify
add: sshPublicKey
sshPublicKey: $(blob key.pub)
-"
		equal "$(cat key other.pub key.pub | xferkey pubfmt | ldif -v dn="$dn" -v change=delete)" "dn: $dn
changetype: modify
delete: sshPublicKey
sshPublicKey: $(blob key.pub)
sshPublicKey: $(blob other.pub)
-"
		xferkey pubfmt key | ldif -v comment="it's: <it>" -v dn="$dn" | grep -xF "sshPublicKey: $(blob key.pub) it's: <it>"
		equal "$(ldif -v dn="$dn" </dev/null)" ''
	done
}

@test "ldapmodify reads the output, with long lines too" {
	PATH=$PATH:$top/build/ldap
	need ldapmodify
	long=$(printf '<%.0s' {1..900})
	# a public key of RSA 16384; its number is not a real modulus
	blob=$({ printf '\0\0\0\7ssh-rsa\0\0\0\3\1\0\1\0\0\10\1\0'; head -c 2048 /dev/zero | tr '\0' '\377'; } | base64 -w 0)
	echo "ssh-rsa $blob" >long.pub
	{
		xferkey pubfmt key.pub other.pub | ldif -v dn="$dn"
		# awk reads a backslash as C does
		xferkey pubfmt key.pub long.pub |
			ldif -v comment="$long" -v change=delete -v dn='cn=a\\,b\\2C\\+\\\\,  o=c+1.2.3=#0401FF'
	} >ldif
	# with -n it connects to no server
	equal "$(LD_LIBRARY_PATH=$top/build/ldap ldapmodify -n -v -f ldif 2>/dev/null)" "add sshPublicKey:
	$(blob key.pub)
	$(blob other.pub)
!modifying entry \"$dn\"

delete sshPublicKey:
	$(blob key.pub) $long
	$(blob long.pub) $long
!modifying entry \"cn=a\\,b\\2C\\+\\\\,  o=c+1.2.3=#0401FF\""
}

@test "an invalid dn, comment or change is refused" {
	for name in '' ',' = a =b a= 'a b=c' 'jané=x' ' a=b' 'a=b ' $'a=b\n-' $'a=b\nchangetype: delete' $'a=b\r' $'a=b\t' \
		$'a=\e[2J' $'a=\x7f' $'a=\xff' $'a=\xe2\x80\xaeb' 'a=jané'; do
		refused 'dn: not a distinguished name in printable ASCII' -v dn="$name"
	done
	refused 'dn: not a distinguished name in printable ASCII'
	for comment in 'jané' $'a\nb' $'a\nsshPublicKey: x' ' x' 'x ' $'\e[2J' $'\xff'; do
		refused 'comment: not printable ASCII' -v dn="$dn" -v comment="$comment"
	done
	refused 'change: neither add nor delete' -v dn="$dn" -v change=replace
}

@test "a line that is not a public key, or has options, stops the output of all keys" {
	for line in 'ssh-ed25519 AAAA:' '' 'command="x"' "from=\"h\" $(blob key.pub)" 'x y' '-x AAAA=='; do
		printf '%s\n' "$line" >lines
		refused 'line 2: not a public key' -v dn="$dn"
	done
	xferkey pubfmt -m RFC4716 key.pub >lines
	refused 'line 2: not a public key' -v dn="$dn"
}

@test "pubfmt refuses -u without -R, and LDIF as a format" {
	says 2 '-u can be given only with -R' xferkey pubfmt -u "$dn" key.pub
	says 2 'unknown option -d' xferkey pubfmt -d key.pub
	for command in privfmt pubfmt; do
		says 2 'not a format that can be written here' xferkey "$command" -m LDIF key
	done
}
