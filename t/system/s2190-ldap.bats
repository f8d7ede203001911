#!/usr/bin/env bats
# Keys in an LDAP directory: ldif.awk puts pubfmt's keys into a real slapd, and ldap-authorized-keys gives them to a
# real sshd.

load ../lib/test

setup_file() {
	export tools=$top/build/ldap suffix=dc=example,dc=org base me reader
	made_once needed
	[ ! -e "$BATS_FILE_TMPDIR/skip" ] || return 0
	me=$(id -un) reader=$me
	base=$BATS_FILE_TMPDIR/base
	if [ "$(id -u)" -eq 0 ]; then
		# root's sshd runs no command below /tmp
		base=$(mktemp -d "/opt/xk$$.XXXXXX")
		chmod 755 "$base"
		me=xk$$ reader=nobody
		useradd -M -U -p '*' -s /bin/sh -d /nonexistent "$me"
	fi
	mkdir -p "$base/db"
	sh "$top/src/install" install '' "$base/bin" "$base/libexec/xferkey" "$base/share/xferkey" "$base/man" >/dev/null
	cp -R "$tools" "$base/ldap"
	for name in key second foe; do
		new_key ed25519 -C "$name of jané" -f "$base/$name"
	done
	start_slapd
	ldap modify -a <<-END
		dn: $suffix
		objectClass: domain
		dc: example

		dn: ou=people,$suffix
		objectClass: organizationalUnit
		ou: people
	END
	ask=(-H "$(cat "$base/uri")" -b "$suffix")
	export helper=$base/libexec/xferkey/lib/ldap-authorized-keys
	export environment="PATH=$base/ldap:/usr/bin:/bin LD_LIBRARY_PATH=$base/ldap"
	start_sshd sshd "/usr/bin/env $environment $helper %u ${ask[*]}"
}

teardown_file() {
	[ -n "${base-}" ] || return 0
	"$top/t/fixture/sshd" stop "$base/sshd"
	[ ! -s "$base/slapd" ] || "$top/t/fixture/sshd" end "$(cat "$base/slapd")"
	[ "$(id -u)" -ne 0 ] || {
		userdel "$me"
		rm -rf "$base"
	}
}

setup() {
	private_home
	ask=(-H "$(cat "$base/uri")" -b "$suffix")
	add_entry "uid=$me,ou=people,$suffix"
}

teardown() {
	[ -n "${base-}" ] || return 0
	[ ! -e "$base/pid" ] || kill -CONT "$(cat "$base/pid")" || :
	delete_entry "uid=$me,ou=people,$suffix"
}

needed() {
	[ -x "$tools/slapd" ] || skip 'no slapd: make check-deps unpacks one'
	need ssh ssh-keygen openssl timeout
}

# add_entry DN [LINE ...]: adds an account that can have keys, and sets $entry.
add_entry() {
	entry=$1
	printf '%s\n' "dn: $1" 'objectClass: account' 'objectClass: ldapPublicKey' "${@:2}" | ldap modify -a
}

delete_entry() {
	printf 'dn: %s\nchangetype: delete\n' "$1" | ldap modify
}

# start_slapd: on a free port, in $base/uri, and with ldaps on the next one.
start_slapd() {
	local port
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$base/tls.key" -out "$base/tls.crt" 2>/dev/null
	cat >"$base/slapd.conf" <<-END
		include $tools/schema/core.schema
		include $tools/schema/cosine.schema
		attributetype ( 1.3.6.1.4.1.24552.500.1.1.1.13 NAME 'sshPublicKey'
		  EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
		objectclass ( 1.3.6.1.4.1.24552.500.1.1.2.0 NAME 'ldapPublicKey'
		  SUP top AUXILIARY MUST uid MAY sshPublicKey )
		pidfile $base/pid
		TLSCertificateFile $base/tls.crt
		TLSCertificateKeyFile $base/tls.key
		database ldif
		directory $base/db
		suffix $suffix
		rootdn cn=admin,$suffix
		rootpw secret
	END
	for _ in {1..20}; do
		port=$((20000 + RANDOM % 12000))
		LD_LIBRARY_PATH=$tools timeout 120 "$tools/slapd" -d 0 -f "$base/slapd.conf" \
			-h "ldap://127.0.0.1:$port ldaps://127.0.0.1:$((port + 1))" >/dev/null 2>&1 3>&- &
		echo "$!" >"$base/slapd"
		echo "ldap://127.0.0.1:$port" >"$base/uri"
		echo "ldaps://127.0.0.1:$((port + 1))" >"$base/uris"
		for _ in {1..50}; do
			kill -0 "$!" 2>/dev/null || continue 2
			! ldap search -s base -b '' >/dev/null 2>&1 || return 0
			sleep 0.1
		done
	done
	return 1
}

# ldap search|modify ...: as the directory's administrator.
ldap() {
	local tool=ldap$1
	shift
	LD_LIBRARY_PATH=$tools "$tools/$tool" -x -D "cn=admin,$suffix" -w secret -H "$(cat "$base/uri")" "$@" \
		>"$BATS_FILE_TMPDIR/ldap" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/ldap"
		return 1
	}
	[ "$tool" = ldapmodify ] || cat "$BATS_FILE_TMPDIR/ldap"
}

# the installed ones; t2900 names the others
shells=(dash 'busybox sh' 'bash --posix' mksh ksh93 yash)
for n in "${!shells[@]}"; do
	command -v "${shells[n]%% *}" >/dev/null || unset "shells[n]"
done
# keys USER ...: as sshd calls it, with $ask, in $shell if that is set. configured USER ...: with ./ldap.conf instead.
keys() {
	env -i PATH="$tools:/usr/bin:/bin" LD_LIBRARY_PATH="$tools" ${conf+LDAPCONF="$conf"} \
		${shell-} "$helper" "$@" "${ask[@]}"
}

configured() {
	local ask=() conf=$PWD/ldap.conf
	keys "$@"
}

# change CHANGE DN FILE ...: the output of ldif.awk for the keys in the files.
change() {
	xferkey pubfmt "${@:3}" | awk -f "$base/share/xferkey/ldif.awk" -v "dn=$2" -v "change=$1" -v "comment=${comment-}"
}

# add FILE ...: adds the keys to $entry.
add() {
	change add "$entry" "$@" | ldap modify
}

# value: adds standard input, whatever it contains, as a value.
value() {
	printf 'dn: %s\nchangetype: modify\nadd: sshPublicKey\nsshPublicKey:: %s\n' "$entry" "$(base64 -w 0)" |
		ldap modify
}

# logs_in KEY [SERVER]
logs_in() {
	ssh -F "$base/${2-sshd}/ssh_config" -i "$base/$1" -l "$me" test true </dev/null
}

refused() {
	run -255 logs_in "$@"
	has 'Permission denied (publickey)'
}

# start_sshd NAME COMMAND: starts an sshd that gets all keys from COMMAND.
start_sshd() {
	"$top/t/fixture/sshd" start "$base/$1" 'AuthorizedKeysFile none' "AuthorizedKeysCommandUser $reader" \
		"AuthorizedKeysCommand $2"
}

@test "a key that pubfmt adds logs in; when it is deleted, the next login is refused" {
	refused key
	add "$base/key.pub" "$base/second"
	logs_in key
	logs_in second
	refused foe
	change delete "$entry" "$base/key" | ldap modify
	refused key
	logs_in second
	equal "$(keys "$me")" "$(blob "$base/second.pub")"
	# a key can be added and deleted only once, whatever its comment
	sed 's/ of .*/ elsewhere/' "$base/second.pub" >again.pub
	change add "$entry" again.pub >add
	change delete "$entry" again.pub >delete
	run ! ldap modify -f add
	ldap modify -f delete
	run ! ldap modify -f delete
	refused second
}

@test "comments and names in UTF-8, and long ones, come back byte for byte" {
	comment="jan$(printf 'x%.0s' {1..900})"
	add_entry "uid=jané\\, #1,ou=people,$suffix"
	# awk reads a backslash as C does
	change add 'uid=jan\\C3\\A9\\, #1,'"ou=people,$suffix" "$base/key.pub" "$base/second.pub" | ldap modify
	ldap search -LLL -o ldif-wrap=no -b "$entry" sshPublicKey | sed -n 's/^sshPublicKey: //p' >found
	cmp found <(xferkey pubfmt -C "$comment" "$base/key.pub" "$base/second.pub")
	# yash cannot pass such arguments in the locale C
	for shell in '' "${shells[@]%yash}"; do
		equal "$shell: $(keys 'jané, #1')" \
			"$shell: $(xferkey pubfmt -C '' "$base/key.pub" "$base/second.pub")"
	done
	delete_entry "$entry"
}

@test "without a directory, or with one that hangs, sshd refuses within seconds" {
	add "$base/key.pub"
	logs_in key
	kill -STOP "$(cat "$base/pid")"
	SECONDS=0
	# timeout's status is 124; ldapsearch since 2.6 ends before, with its own
	(ask=(-H "$(cat "$base/uris")" -b "$suffix") && run -2 keys "$me" && has 'ldapsearch: status ') 3>&- &
	refused key
	wait "$!"
	[ "$SECONDS" -lt 15 ]
	kill -CONT "$(cat "$base/pid")"
	logs_in key
	ask=(-H ldap://127.0.0.1:1 -b "$suffix")
	run -2 keys "$me"
	has "xferkey-ldap-authorized-keys: $me: ldapsearch: status 255"
}

@test "root's sshd runs the installed script, and its old name, which is a link" {
	[ "$(id -u)" -eq 0 ] || skip 'an ordinary user owns it, and sshd wants root to'
	equal "$(stat -c '%a %U' "$helper")" '755 root'
	[ -L "$base/share/xferkey/ldap-authorized-keys" ]
	for command in "$helper" "$base/share/xferkey/ldap-authorized-keys"; do
		start_sshd direct "$command %u -H ldap://127.0.0.1:1"
		refused key direct
		"$top/t/fixture/sshd" stop "$base/direct"
		grep "AuthorizedKeysCommand $command .* failed, status 2" "$base/direct/log"
	done
	# the script finds its files by the link too
	start_sshd direct "/usr/bin/env $environment $base/share/xferkey/ldap-authorized-keys %u ${ask[*]}"
	add "$base/key.pub"
	run -0 logs_in key direct
	"$top/t/fixture/sshd" stop "$base/direct"
}

@test "a value that is not a plain key lets nobody in, and does not hide the good key" {
	good=$(blob "$base/key.pub")
	foe=$(blob "$base/foe.pub")
	bad=(
		"# comment\n$foe\n"
		"ssh-ed25519 AAAA\n$foe\n"
		"$(blob "$base/second.pub")\n$foe\n"
		"$foe\r$foe"
		"x\0$foe"
		"\0\n$foe"
		"command=\"id\" $foe"
		"from=\"192.0.2.1\",restrict $foe"
		"cert-authority $foe"
		"environment=\"A=ssh-ed25519 AAAA\" $foe"
		"${foe%????}"
		"$foe=="
		"${foe#ssh-ed25519 }"
		"dn: x\nsshPublicKey: $foe"
		"\e[2J$foe"
		" "
		"$(head -c 100000 /dev/zero | tr '\0' x)"
	)
	add "$base/key.pub"
	for text in "${bad[@]}"; do
		printf '%b' "$text" | value
	done
	value <"$base/foe"
	logs_in key
	refused foe
	for shell in '' "${shells[@]}"; do
		echo "in ${shell:-sh}"
		keys "$me" >out 2>err
		cat err
		equal "$(cat out)" "$good"
		[ "$(grep -c ': a key with options$' err)" -eq 4 ]
		[ "$(wc -l <err)" -eq 18 ]
		run ! grep -F AAAA err
		says 2 'not an account' keys ''
	done
}

@test "wildcards and filters in a user name find no keys, and two entries with one name are refused" {
	add "$base/key.pub"
	for name in '*' "${me%?}*" "${me%?}?" 'x)(uid=*' 'x)(|(uid=*)' "$me)(uid=$me" "$me\\00" ' ' "$me,$suffix" nobody; do
		equal "$name: $(keys "$name")" "$name: "
	done
	# another name of uid 0
	if [ "$(id -u)" -eq 0 ]; then
		useradd -M -N -o -u 0 -p '*' -d /nonexistent "root$$"
		run keys "root$$"
		sed -i "/^root$$:/d" /etc/passwd /etc/shadow
		equal "$status:$output" "2:xferkey-ldap-authorized-keys: 'root$$' is not an account of a directory service"
	fi
	for name in '' root 0 "$me"$'\n' $'x\n*' "$me"$'\e'; do
		says 2 'is not an account of a directory service' keys "$name"
	done
	says 2 'no such option' keys -x
	says 2 'is not the name of an attribute' keys -a '* sshPublicKey' "$me"
	says 2 'is not the name of an attribute' keys -n 'uid=*)(uid' "$me"
	add_entry "uid=$me,$suffix" 'description: guest' "sshPublicKey: $(base64 -w 0 <"$base/foe.pub")"
	run -2 keys "$me"
	[[ $output != *AAAA* ]]
	refused key
	equal "$(keys -f '(!(description=guest))' "$me")" "$(blob "$base/key.pub")"
	ask+=(-b "ou=people,$suffix")
	equal "$(keys "$me")" "$(blob "$base/key.pub")"
	delete_entry "uid=$me,$suffix"
	logs_in key
}

@test "another attribute, ldap.conf, STARTTLS and ldaps work; an untrusted certificate is refused" {
	change add "$entry" "$base/key.pub" | sed s/sshPublicKey/description/ | ldap modify
	key=$(blob "$base/key.pub")
	equal "$(keys -a description -n UID -f '' "$me")" "$key"
	add "$base/key.pub"
	printf 'URI %s\nBASE %s\n' "$(cat "$base/uris")" "$suffix" >ldap.conf
	run ! configured "$me"
	echo "TLS_CACERT $base/tls.crt" >>ldap.conf
	equal "$(configured "$me")" "$key"
	equal "$(configured "$me" -H "$(cat "$base/uri")" -ZZ)" "$key"
	equal "$(configured "$me" -D "cn=admin,$suffix" -w secret)" "$key"
	run ! keys "$me" -ZZ
	run ! configured "$me" -D "cn=admin,$suffix" -w wrong
	run ! configured "$me" -Y EXTERNAL
}

@test "blanks, line ends and comments around a key are accepted" {
	key=$(blob "$base/key.pub")
	for text in " \t$key\n" "$key\r\n" "$key\n\n" "$key jané \xff"; do
		printf '%b' "$text" | value
		for shell in '' "${shells[@]}"; do
			equal "$shell: $(keys "$me")" "$shell: $key"
		done
		printf 'dn: %s\nchangetype: modify\ndelete: sshPublicKey\n' "$entry" | ldap modify
	done
}
