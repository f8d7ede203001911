#!/usr/bin/env bats
# pubfmt -m LDIF: modifications of a directory, as OpenLDAP's own tool reads them.

load test

setup() {
	private_home
	ssh-keygen -q -t ed25519 -N '' -C jane@lab -f key
	ssh-keygen -q -t ecdsa -N '' -C 'jané' -f other
	dn=uid=jane,ou=people,dc=example,dc=org
}

# fails COMMAND ...: its status is not 0.
fails() {
	if "$@"; then return 1; fi
}

@test "one key, or many in one modification; without comments, so that they are found again" {
	equal "$(xferkey pubfmt -m LDIF -u "$dn" key.pub)" "dn: $dn
changetype: modify
add: sshPublicKey
sshPublicKey: $(blob key.pub)
-"
	equal "$(cat key other.pub | xferkey pubfmt -d -m ldif -u "$dn")" "dn: $dn
changetype: modify
delete: sshPublicKey
sshPublicKey: $(blob key.pub)
sshPublicKey: $(blob other.pub)
-"
	xferkey pubfmt -m LDIF -C "it's: <mine>" -u "$dn" key | grep -xF "sshPublicKey: $(blob key.pub) it's: <mine>"
}

@test "ldapmodify reads it, records one after the other and long lines too" {
	PATH=$PATH:$top/build/ldap
	need ldapmodify
	long=$(printf '<%.0s' {1..900})
	# RSA 16384, as far as its public half tells
	blob=$({ printf '\0\0\0\7ssh-rsa\0\0\0\3\1\0\1\0\0\10\1\0'; head -c 2048 /dev/zero | tr '\0' '\377'; } | base64 -w 0)
	echo "ssh-rsa $blob" >long.pub
	{
		xferkey pubfmt -m LDIF -u "$dn" key.pub other.pub
		xferkey pubfmt -m LDIF -C "$long" -d -u "cn=a\\,b\\2C\\+\\  ,  o=c+1.2.3=#0401FF" key.pub long.pub
		xferkey pubfmt -m LDIF -C 'jané' -u 'uid=jané,o=x' other.pub
		xferkey pubfmt -m LDIF -C ' ' -u ' o=x' key.pub
	} >ldif
	# with -n it asks no server
	equal "$(LD_LIBRARY_PATH=$top/build/ldap ldapmodify -n -v -f ldif 2>/dev/null)" "add sshPublicKey:
	$(blob key.pub)
	$(blob other.pub)
!modifying entry \"$dn\"

delete sshPublicKey:
	$(blob key.pub) $long
	$(blob long.pub) $long
!modifying entry \"cn=a\\,b\\2C\\+\\  ,  o=c+1.2.3=#0401FF\"

add sshPublicKey:
	NOT ASCII ($(printf '%s jané' "$(blob other.pub)" | wc -c) bytes)
!modifying entry \"uid=jané,o=x\"

add sshPublicKey:
	$(blob key.pub)  
!modifying entry \" o=x\""
}

@test "what is no SAFE-STRING is base64" {
	decoded() { sed -n "s/^$1:: //p" ldif | base64 -d; }
	xferkey pubfmt -m LDIF -C 'jané ' -u 'uid=jané,o=x' other.pub >ldif
	fails grep -q '[^ -~]' ldif
	equal "$(decoded dn)" 'uid=jané,o=x'
	equal "$(decoded sshPublicKey)." "$(blob other.pub) jané ."
	xferkey pubfmt -m LDIF -u ' o=x' key.pub >ldif
	equal "$(decoded dn)" ' o=x'
	xferkey pubfmt -m LDIF -u 'o=x\ ' key.pub >ldif
	equal "$(decoded dn)." 'o=x\ .'
	# what a comment may be is the same for every format
	for comment in $'a\nb' $'\e[2J' $'\xff'; do
		says 2 'a comment is one line' xferkey pubfmt -m LDIF -u "$dn" -C "$comment" key.pub
	done
}

@test "a name that is none is refused" {
	for name in '' ',' = a =b a= 'a=b,' ',a=b' 'a=b,,c=d' 'a=b,c' 'a=b+' 'a=b;c=d' 'a="b"' 'a=<b>' 'a=b\' 'a=b\x' 'a=b\0' \
		'a b=c' '-a=b' 'jané=x' $'a=b\n-' $'a=b\nchangetype: delete' $'a=b\r' $'a=b\t' $'a=\e[2J' $'a=\x7f' $'a=\xff' \
		$'a=\u202eb'; do
		says 2 'not a distinguished name' xferkey pubfmt -m LDIF -u "$name" key.pub
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done
}

@test "all keys or nothing" {
	for bad in 'ssh-ed25519 AAAA' '' 'command="x"'; do
		echo "$bad" >bad.pub
		says 2 bad.pub xferkey pubfmt -m LDIF -u "$dn" key.pub bad.pub other.pub
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done
	says 2 'No such file' xferkey pubfmt -m LDIF -u "$dn" key.pub missing
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	# the numbers are base64
	awk 'BEGIN { for (i = 0; i < 2000; i++) printf "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA%042d\n", i }' >many.pub
	[ "$(xferkey pubfmt -m LDIF -u "$dn" many.pub | grep -c '^sshPublicKey: ssh-ed')" -eq 2000 ]
	echo x >>many.pub
	says 2 'many.pub: line 2001' xferkey pubfmt -m LDIF -u "$dn" many.pub
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	awk 'BEGIN { for (i = 0; i < 15000; i++) printf "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA%042d\n", i }' >many.pub
	says 2 'one modification has at most 1 MiB' xferkey pubfmt -m LDIF -u "$dn" many.pub
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
}

@test "a key that is given twice is a value once" {
	xferkey pubfmt -m LDIF -u "$dn" key.pub other.pub >once
	for option in '' '-d'; do
		# shellcheck disable=SC2086 # none or one
		xferkey pubfmt -m LDIF $option -u "$dn" key.pub other.pub key.pub other.pub other.pub | sed 's/^delete: /add: /' |
			cmp - once
	done
}

@test "-u and -d go with LDIF, and LDIF is not for reading or for private keys" {
	says 2 'is required (-u dn)' xferkey pubfmt -m LDIF key.pub
	says 2 'is required (-u dn)' xferkey pubfmt -m LDIF -d key.pub
	says 2 '-u is for -m LDIF' xferkey pubfmt -u "$dn" key.pub
	says 2 '-u is for -m LDIF' xferkey pubfmt -m PEM -d -u "$dn" key.pub
	says 2 '-d is for -m LDIF' xferkey pubfmt -d key.pub
	says 2 'not a format that can be written here' xferkey privfmt -m LDIF key
	xferkey pubfmt -m LDIF -u "$dn" key.pub >ldif
	xferkey pubfmt ldif >out 2>err && got=0 || got=$?
	equal "$got $(cat out) $(grep -vc 'ldif: .*not an SSH key' err)" "2 $(blob key.pub) 0"
	to_full() { xferkey pubfmt -m LDIF -u "$dn" key.pub >/dev/full; }
	run to_full
	[ "$status" -eq 2 ]
}
