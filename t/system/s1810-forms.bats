#!/usr/bin/env bats
# Private key files as other programs and people leave them (t/tools/genkeys): keyinfo and check must say of each what
# ssh-keygen, ssh and libssh2 do with it: OpenSSH 9.2, libssh2 1.10 and OpenSSL 3.0. Known differences of other versions
# are not asserted.

load ../lib/porcelain

# Forms with which ssh logs in, although check warns of them.
warned=(
	# only the owner can say which of the two keys is meant
	OPENSSH.ed25519.twice PEM.rsa.twice PKCS8.p256.twice
	# xferkey does not read RSA of more than two primes
	PEM.primes.plain PKCS8.primes.plain
)
# ssh-keygen reads the key, and ssh cannot sign with it.
no_signature=(PEM.rsa.noprimes PKCS8.rsa.noprimes)

setup_file() {
	made_once make_forms
}

make_forms() {
	need ssh ssh-keygen python3
	need_libssh2
	"$top/t/fixture/sshd" path >/dev/null 2>&1 || skip 'no sshd: make deps'
	echo correcthorse >pass
	sh_script askpass "cat '$PWD/pass'"
	echo hello >file
	mkdir -m 700 k
	(cd k && PW=correcthorse "$top/t/tools/genkeys" files) >names
	for cipher in 3des-cbc aes128-cbc aes192-cbc aes256-cbc aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com \
		aes256-gcm@openssh.com chacha20-poly1305@openssh.com; do
		name=OPENSSH.ed25519.${cipher%@*}
		cp k/OPENSSH.ed25519.plain "k/$name"
		ssh-keygen -q -p -P '' -N correcthorse -a 2 -Z $cipher -f "k/$name" >/dev/null
		echo "$name" >>names
		xferkey privfmt -m OPENSSH -a 2 -Z $cipher -N file:pass -o "k/ours.$cipher" k/OPENSSH.ed25519.plain
	done
	made_here
	"$top/t/fixture/sshd" start "$PWD/sshd" 'StrictModes no' "AuthorizedKeysFile $PWD/k/authorized_keys" \
		'ForceCommand internal-sftp' 'PubkeyAcceptedAlgorithms +ssh-rsa'
}

# made_here: keys of keygen, privfmt and fips-convert, ours.*.
made_here() {
	local type pass format key
	for pass in none file:pass; do
		for type in 'rsa -b 2048' 'ecdsa -b 256' 'ecdsa -b 384' 'ecdsa -b 521' ed25519; do
			xferkey keygen -t $type -N $pass -f "k/ours.keygen.${type// -b /}.${pass%:*}"
		done
	done
	cat k/ours.*.pub >>k/authorized_keys
	for key in k/ours.keygen.{rsa2048,ecdsa256,ed25519}.none; do
		type=${key#*keygen.}
		for format in OPENSSH PEM PKCS8; do
			[ "$type$format" = ed25519.nonePEM ] || xferkey privfmt -m $format -o "k/ours.$type.$format" "$key"
		done
		xferkey privfmt -m OPENSSH -a 2 -N file:pass -o "k/ours.$type.OPENSSH.locked" "$key"
		xferkey fips-convert -N none -o "k/ours.$type.PKCS8.fips.plain" "$key"
		xferkey fips-convert -a 10000 -N file:pass -o "k/ours.$type.PKCS8.fips.locked" "$key"
	done
	for pass in aes128 aes192 aes256; do
		xferkey privfmt -m PKCS8 -a 10000 -Z $pass -N file:pass -o "k/ours.PKCS8.$pass" k/ours.keygen.ecdsa256.none
	done
	(cd k && printf '%s\n' ours.* | grep -v '\.pub$') >>names
}

teardown_file() {
	[ ! -d "$BATS_FILE_TMPDIR/sshd" ] || "$top/t/fixture/sshd" stop "$BATS_FILE_TMPDIR/sshd"
}

setup() {
	private_home
	files=$BATS_FILE_TMPDIR
	port=$(cat "$files/sshd/port")
	export XFERKEY_ASCP=$HOME/none
}

by_ssh() {
	SSH_ASKPASS=${askpass-$files/askpass} SSH_ASKPASS_REQUIRE=force DISPLAY=none \
		ssh -F "$files/sshd/ssh_config" -o BatchMode=no -o NumberOfPasswordPrompts=1 \
		-o PreferredAuthentications=publickey -i "$1" -s test sftp </dev/null >/dev/null 2>&1
}

by_libssh2() {
	[ "$(libssh2 "$1" "$files/file" correcthorse 2>/dev/null)" = hello ]
}

# yes_no COMMAND ...
yes_no() {
	if "$@" >/dev/null 2>&1 </dev/null; then echo y; else echo n; fi
}

# judge NAME ...: prints a line for each: whether ssh-keygen, ssh, libssh2 and pubfmt read it, y or n; the two columns
# of keyinfo; check's verdict, which is asked for once for equal columns.
judge() {
	local name key columns
	local -A checked=()
	for name; do
		key=$files/k/$name
		columns=$(told "$key" 2>/dev/null) && [ "$(wc -l <<<"$columns")" -eq 1 ] ||
			columns="$name"$'\t-\t-\t-\t-\tunread\tunread'
		[ -n "${checked[$columns]-}" ] ||
			checked[$columns]=$(XFERKEY_ASCP=$(type -P true) xferkey check "$key" 2>/dev/null </dev/null |
				grep '	format	' | tr '\t' ' ')
		printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$(yes_no ssh-keygen -y -P correcthorse -f "$key")" \
			"$(yes_no by_ssh "$key")" "$(yes_no by_libssh2 "$key")" \
			"$(yes_no xferkey pubfmt -P "file:$files/pass" "$key")" "$(cut -f 6,7 <<<"$columns")" \
			"${checked[$columns]}"
	done
}

# other_version TEXT: the versions here are known to read what TEXT calls odd, unlike the versions above.
other_version() {
	case $1 in
	*'ssh reads it since '*) since ssh "$(sed 's/^.*since \([0-9.]*[0-9]\).*/\1/' <<<"$1")" || since libssh2 1.11 ;;
	*AES-GCM* | *chacha20*) since libssh2 1.11 ;;
	*) return 1 ;;
	esac
}

@test "keyinfo and check say of each form what ssh-keygen, ssh and libssh2 do; keys made by xferkey log in" {
	local names half wrong=
	mapfile -t names <"$files/names"
	[ "${#names[@]}" -ge 190 ]
	half=$((${#names[@]} / 2))
	judge "${names[@]:half}" >second 3>&- &
	judge "${names[@]:0:half}" >"$files/judged"
	wait $!
	cat second >>"$files/judged"
	[ "$(wc -l <"$files/judged")" -eq "${#names[@]}" ]
	while IFS='	' read -r name keygen ssh_does libssh2_does reads ssh_odd libssh2_odd check; do
		case $ssh_odd:$libssh2_odd:$check in
		unread:unread:fail*) ours=n:n ;;
		unread:unread:note*) ours=note ;;
		-:-:ok* | -:-:'note format OPENSSH, which old versions of ascp cannot read: '*) ours=y:y ;;
		-:[!-]*:"note format libssh2, with which ascp reads keys, does not load it: $libssh2_odd: "*) ours=y:n ;;
		[!-]*:-:"note format ssh does not load it: $ssh_odd: "*) ours=n:y ;;
		[!-]*:[!-]*:"fail format neither ssh nor libssh2, with which ascp reads keys, loads it: $ssh_odd"*) ours=n:n ;;
		*) ours=contradiction ;;
		esac
		case $name$keygen$ssh_does$libssh2_does$reads in
		# ssh reads Ed25519 in PKCS#8 since 9.6
		ours.*yyyy | ours.*gcm*yyny | ours.*chacha*yyny | ours.ed25519.*PKCS8*) ;;
		ours.*) wrong+="$name: does not log in: $keygen $ssh_does $libssh2_does $reads"$'\n' ;;
		esac
		! other_version "$ssh_odd $libssh2_odd" || ours=$ssh_does:$libssh2_does
		if [[ " ${no_signature[*]} " = *" $name "* ]]; then
			theirs=$ssh_does:$libssh2_does$keygen ours+=y
		elif [ "$keygen" != "$ssh_does" ]; then
			theirs='ssh-keygen and ssh differ'
		elif [[ " ${warned[*]} " = *" $name "* ]]; then
			[ "$ssh_does" = y ] && [[ $check != ok* ]] && theirs=$ours || theirs='not warned of'
		elif [ "$ssh_does$reads" = yn ]; then
			theirs='refused here'
		else
			theirs=$ssh_does:$libssh2_does
		fi
		[ "$ours" = "$theirs" ] ||
			wrong+="$name: $ssh_does, $libssh2_does, here $reads, $theirs: $ssh_odd, $libssh2_odd; $check"$'\n'
	done <"$files/judged"
	equal "$wrong" ''
	[ "${#warned[@]}" -le 5 ]
}

@test "the command that check names for a form makes a file that ssh and libssh2 load" {
	local seen=' ' odd key command made=0
	while IFS='	' read -r name _ _ _ _ _ _ check; do
		[[ $check = *': xferkey privfmt -'* ]] || continue
		odd=${check%: xferkey privfmt *} command=${check##*: } key=${command##* }
		odd=$(tr ' ' _ <<<"${command%% -o *} $odd")
		[[ $seen != *" $odd "* ]] || continue
		seen+="$odd "
		rm -f NEW
		[[ $command = *" -o NEW $files/k/"* ]]
		xferkey privfmt -P "file:$files/pass" ${command#xferkey privfmt} 2>err || cat err
		by_ssh NEW || echo "ssh: $name: $command" >>wrong
		by_libssh2 NEW || echo "libssh2: $name: $command" >>wrong
		made=$((made + 1))
	done <"$files/judged"
	equal "$(cat wrong 2>/dev/null)" ''
	[ "$made" -ge 20 ]
}

@test "if ssh does not load the file at a login, check says so, with ssh's words and the user's file" {
	for name in OPENSSH.ed25519.crlf PEM.rsa.blankin PKCS8.p256.der; do
		words=$(ssh-keygen -y -P '' -f "$files/k/$name" 2>&1 >/dev/null </dev/null | tr -d '\r' | sed 's/^.*: //')
		[ -n "$words" ]
		XFERKEY_SSH_CONFIG=$files/sshd/ssh_config run -1 xferkey check "$files/k/$name" --login test
		grep -qF "fail	login	ssh does not load $files/k/$name: $words" <<<"$output"
	done
}

@test "after the passphrase is removed, changed or not ASCII, ssh and libssh2 log in" {
	printf 'Fu\303\237g\303\244nger \342\202\254 "quoted" $HOME\n' >utf8
	xferkey privfmt -P file:"$files/pass" -N none -o open "$files/k/ours.keygen.ed25519.file"
	by_ssh open
	by_libssh2 open
	xferkey privfmt -P file:"$files/pass" -N file:utf8 -a 2 -o changed "$files/k/ours.keygen.ed25519.file"
	xferkey privfmt -N file:utf8 -m PKCS8 -a 10000 -o pkcs8 "$files/k/ours.keygen.ecdsa256.none"
	for key in changed pkcs8; do
		run ! by_ssh "$key"
		equal "$(libssh2 "$key" "$files/file" "$(cat utf8)")" hello
	done
	sh_script askpass "cat '$PWD/utf8'"
	askpass=$PWD/askpass by_ssh changed
}
