#!/usr/bin/env bats
# When a filter has ended, by whatever path, its writable memory holds no passphrase and no byte of a private key
# (canary.c searches it). While it runs, it shows none.

load ../lib/test

setup_file() {
	made_once make_files
}

make_files() {
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-keygen" || skip 'AddressSanitizer keeps copies of its own'
	[ -r /proc/self/maps ] || skip 'no /proc/self/maps'
	need openssl ssh-keygen "${CC:-cc}"
	"${CC:-cc}" -O2 -Wl,-z,now -o canary "$top/t/check/canary.c"
	"${CC:-cc}" -O2 -shared -fPIC -Wl,-z,now -DPRELOAD -o canary.so "$top/t/check/canary.c" -ldl
	PW=$(head -c 24 /dev/urandom | openssl base64 -A | tr +/ xy)
	OTHER=$(head -c 24 /dev/urandom | openssl base64 -A | tr +/ xy)
	printf '%s\n' "$PW" >pw
	printf '%s\n' "$OTHER" >other
	chmod 600 pw other
	make_keys 2>/dev/null
}

setup() {
	private_home
	ln -s "$BATS_FILE_TMPDIR"/* .
	rm -f core err leaks
	read -r PW <pw
	read -r OTHER <other
	export -n PW OTHER
}

make_keys() {
	new_key rsa -b 2048 -C c -f rsa
	new_key rsa -b 1024 -C c -f rsa1024
	new_key ecdsa -b 521 -C c -f ecdsa
	new_key ed25519 -C c -f ed25519
	for key in rsa rsa1024 ecdsa ed25519; do
		xferkey privfmt -m PKCS8 -N none -o $key.pkcs8 $key
		openssl pkcs8 -topk8 -v2 aes128 -passout file:pw -in $key.pkcs8 -out $key.pbes2
		secrets $key.pkcs8 >$key.secrets
		xferkey privfmt -m PPK2 -N file:pw -o $key.ppk2 $key
		! has_argon2 || xferkey privfmt -m PPK3 -N file:pw -a 1 -o $key.ppk3 $key
		for cipher in aes256-ctr aes256-gcm@openssh.com chacha20-poly1305@openssh.com 3des-cbc; do
			cp $key $key.$cipher
			ssh-keygen -q -p -a 1 -Z $cipher -P '' -N "$PW" -f $key.$cipher >/dev/null
		done
	done
	for key in rsa ecdsa; do
		xferkey privfmt -m PEM -o $key.pem $key
	done
	openssl rsa -traditional -aes128 -passout file:pw -in rsa.pem -out rsa.dek
	openssl ec -des3 -passout file:pw -in ecdsa.pem -out ecdsa.dek
	openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout file:pw -in rsa.pkcs8 -out rsa.pbes1
	openssl pkcs8 -topk8 -scrypt -scrypt_N 1024 -passout file:pw -in rsa.pkcs8 -out rsa.scrypt
	chmod 600 rsa* ecdsa* ed25519*
}

# passphrase_secrets WORD NAME: prints WORD, its form in PKCS#12, and the hashes that decrypt OPENSSH and PPK.
passphrase_secrets() {
	echo "$2 $(printf %s "$1" | hex)"
	echo "$2-utf16 $(printf %s "$1" | sed 's/./&0/g' | hex | sed 's/\(..\)30/00\1/g')"
	echo "$2-sha512 $(printf %s "$1" | openssl dgst -sha512 -r | cut -d ' ' -f 1)"
	echo "$2-ppk2 $(printf '\0\0\0\0%s' "$1" | openssl dgst -sha1 -r | cut -d ' ' -f 1)"
}

# secrets PKCS8-FILE: prints all secrets of the key, PW and OTHER.
secrets() {
	openssl pkey -in "$1" -noout -text | awk '
		/^[^ ]/ {
			if (name != "") print ""
			name = ""
			if (/^(privateExponent|prime1|prime2|exponent1|exponent2|coefficient|priv):/) {
				name = $1
				sub(/:$/, "", name)
				printf "%s ", name
			}
			next
		}
		name != "" {
			gsub(/[ :]/, "")
			printf "%s", $0
		}
		END { if (name != "") print "" }'
	case $1 in
	*25519*)
		echo "expanded-seed $(openssl pkey -in "$1" -outform DER | tail -c 32 |
			openssl dgst -sha512 -r | cut -d ' ' -f 1)"
		;;
	esac
	passphrase_secrets "$PW" passphrase
	passphrase_secrets "$OTHER" new-passphrase
}

# watched COMMAND ...: writes its memory at exit to core, its messages to err, its output to out (mode 0600).
watched() {
	rm -f core err out
	(
		umask 077
		CANARY_CORE=$PWD/core LD_PRELOAD=$PWD/canary.so "$@" 2>err >"${to-out}"
	)
}

# clean STATUS COMMAND ...: xferkey COMMAND ends with STATUS, and holds no part of the passphrases or of the first key
# that it names, else rsa. Findings go to leaks, so that one test shows all.
clean() {
	local want=$1 got key=rsa
	shift
	[[ ! "$*" =~ rsa1024|ecdsa|ed25519|rsa ]] || key=${BASH_REMATCH[0]}
	watched xferkey "$@" && got=0 || got=$?
	if [ "$got" -ne "$want" ] || [ ! -s core ]; then
		echo "$*: status $got, wanted $want: $(cat err)" >>leaks
	else
		holds_nothing "$key" "$@"
	fi
}

# holds_nothing KEY COMMAND ...
holds_nothing() {
	./canary scan "$1.secrets" core err >found || {
		echo "${*:2}:"
		sed 's/^/    /' found
	} >>leaks
}

no_leaks() {
	[ ! -e leaks ] || {
		cat leaks
		return 1
	}
}

# found PATTERN: the last search found a line that matches.
found() {
	grep -q "$1" found || {
		echo "not found: $1"
		cat found
		return 1
	}
}

@test "the search finds a secret in every kind of memory, in every form, and finds nothing if none is left" {
	hex=$(printf %s "$PW" | hex)
	reversed=$(echo "$hex" | sed 's/../& /g' | tr ' ' '\n' | sed '1!G;h;$!d' | tr -d '\n')
	passphrase_secrets "$PW" canary >s
	watched ./canary leak none "$hex"
	./canary scan s core
	for where in heap stack static mapped; do
		watched ./canary leak $where "$hex"
		run -1 ./canary scan s core
		[[ $output == *'of canary (plain)'*'at exit'*'after exit'* ]]
	done
	watched ./canary leak heap "$reversed"
	run ./canary scan s core
	[[ $output == *'of canary (backwards)'* ]]
	watched ./canary leak heap "$(printf %s "$PW" | openssl base64 -A | hex)"
	run ./canary scan s core
	[[ $output == *'of canary (base64)'* ]]
	C=$PW watched ./canary leak none "$hex"
	run ./canary scan s core
	[[ $output == *'of canary (plain)'*'[stack]'* ]]
	run -1 ./canary scan s pw
}

@test "the search finds a key and its passphrase while they are in use" {
	export CANARY_AT=fsync
	for key in rsa ecdsa ed25519; do
		PW=$PW watched xferkey fips-convert -P env:PW -N none -o new $key.pbes2
		./canary scan $key.secrets core >found || [ $? -eq 1 ]
		found 'of pri.*(plain)'
		found 'of pri.*(base64)'
		found 'of passphrase (plain)'
		rm new
	done
	watched xferkey keygen -t ecdsa -N stdin -f new <other
	./canary scan rsa.secrets core >found || [ $? -eq 1 ]
	found 'of new-passphrase (plain)'
}

# made OPTION ...: runs keygen, then reads its key to learn the secrets, and searches for them.
made() {
	rm -f new new.pub new.pkcs8
	watched xferkey keygen "$@" 7<pw <pw
	[ ! -e new ] || mv new out
	chmod 600 out
	PW=$PW xferkey privfmt -P env:PW -m PKCS8 -N none -o new.pkcs8 out
	secrets new.pkcs8 >new.secrets
	[ "$(wc -l <new.secrets)" -gt 6 ]
	holds_nothing new keygen "$@"
}

@test "keygen leaves no secret: every type and format, every source of the passphrase" {
	made -t rsa -b 2048
	made -t rsa -b 2048 -m OPENSSH -f new
	made -t rsa -b 2048 -N file:pw -f new
	made -t ecdsa -f new
	made -t ecdsa -m PKCS8
	PW=$PW made -t ecdsa -m OPENSSH -N env:PW
	made -t ed25519
	made -t ed25519 -m PKCS8 -f new
	made -t ed25519 -N stdin -f new
	made -t ed25519 -m PKCS8 -N fd:7
	no_leaks
}

@test "privfmt leaves no secret: every format in and out" {
	for key in rsa ecdsa ed25519; do
		for in in $key $key.pkcs8 $key.pem; do
			[ -e $in ] || continue
			clean 0 privfmt -m OPENSSH $in
			clean 0 privfmt -m PKCS8 $in
			[ $key = ed25519 ] || clean 0 privfmt -m PEM $in
			clean 0 privfmt -m OPENSSH -a 1 -N file:other $in
			clean 0 privfmt -m PKCS8 -a 1000 -N file:other $in
			clean 0 privfmt -m PPK2 -N file:other $in
			[ ! -e $key.ppk3 ] || clean 0 privfmt -m PPK3 -a 1 -N file:other $in
		done
		for in in $key.{{aes256-ctr,3des-cbc},{aes256-gcm,chacha20-poly1305}@openssh.com,pbes2,dek,pbes1,scrypt,ppk2,ppk3}; do
			[ -e $in ] || continue
			clean 0 privfmt -m OPENSSH -a 1 -P file:pw $in
			clean 0 privfmt -m PKCS8 -P file:pw -N none $in
		done
		for in in aes128-cbc aes256-gcm@openssh.com chacha20-poly1305@openssh.com; do
			clean 0 privfmt -m OPENSSH -a 1 -Z $in -P file:pw -N file:other $key.pbes2
		done
		clean 0 keyinfo $key
	done
	no_leaks
}

@test "privfmt leaves no secret, in its environment either, from every source of a passphrase" {
	export OTHER
	PW=$PW clean 0 privfmt -P env:PW -N env:OTHER -a 1 ed25519.pbes2
	export -n OTHER
	clean 0 privfmt -P stdin -N stdin -a 1 ed25519.pbes2 < <(cat pw other)
	clean 0 privfmt -P fd:7 -N fd:8 -a 1 ed25519.pbes2 7<pw 8<other
	clean 0 privfmt -P file:pw -N file:other -a 1 ed25519.pbes2
	no_leaks
}

@test "fips-convert leaves no secret: encrypted and plain, from every format" {
	for in in rsa rsa.pem rsa.pkcs8 ecdsa ed25519; do
		clean 0 fips-convert -a 10000 -N file:other $in
		clean 0 fips-convert -N none $in
	done
	for in in rsa.{aes256-ctr,dek,pbes1,pbes2,scrypt} ecdsa.{3des-cbc,pbes2} ed25519.{aes256-ctr,pbes2}; do
		clean 0 fips-convert -a 10000 -P file:pw $in
	done
	PW=$PW clean 0 fips-convert -a 10000 -P env:PW -o ecdsa-new ecdsa.pbes2
	PW=$PW clean 0 fips-convert -P env:PW ecdsa-new
	no_leaks
}

@test "pubfmt and fpr leave no secret of a private key" {
	for key in rsa ecdsa ed25519; do
		for in in $key $key.{pkcs8,pem,aes256-ctr,pbes2,dek,pbes1}; do
			[ -e $in ] || continue
			PW=$PW clean 0 pubfmt -P env:PW $in
			clean 0 pubfmt -m RFC4716 -P file:pw $in
			clean 0 pubfmt -m PKCS8 -P stdin $in <pw
			PW=$PW clean 0 fpr -v -P env:PW $in
			clean 0 fpr -B -P file:pw $in
			clean 0 pubfmt -F -P file:pw $in
			clean 2 pubfmt -R $in
			tr '\n' ' ' <$in >joined-$key
			clean 2 pubfmt -R joined-$key
		done
		clean 0 fpr -P file:pw $key $key.pbes2 $key.pub
	done
	no_leaks
}

@test "after a wrong passphrase, neither it nor the right one is left" {
	for in in rsa.{aes256-ctr,dek,pbes1,scrypt,pbes2,ppk2} ecdsa.chacha20-poly1305@openssh.com \
		ed25519.aes256-gcm@openssh.com; do
		clean 2 privfmt -P file:other $in
		OTHER=$OTHER clean 2 fips-convert -P env:OTHER $in
		clean 2 pubfmt -P file:other $in
		clean 2 fpr -P file:other $in
	done
	no_leaks
}

@test "an error after the key is decrypted leaves no secret" {
	{
		tr -d '\n' <pw
		head -c 1100 /dev/zero | tr '\0' x
	} >long
	: >there
	cat rsa.pkcs8 rsa.pem >two-rsa
	head -c 1000 rsa.pem >half-rsa
	while read -r command; do
		clean 2 $command </dev/null
	done <<-'END'
		privfmt -P file:pw -o there rsa.pbes2
		privfmt -P file:pw -N none -o no/new rsa.pbes2
		privfmt -P file:pw -N none -m PKCS8 -o no/new rsa.pbes2
		privfmt -P file:pw -m PEM rsa.pbes2
		privfmt -P file:pw -N none -m PEM ed25519.pbes2
		privfmt -P file:pw -N env:NOTHERE rsa.pbes2
		privfmt -P file:pw -N file:nothere rsa.pbes2
		privfmt -P file:pw -Z nothing rsa.pbes2
		privfmt -P file:long rsa.pbes2
		privfmt -P file:pw -o new rsa.pbes2 rsa
		privfmt -o new two-rsa
		privfmt half-rsa
		pubfmt half-rsa
		fips-convert -P file:pw -o no/new rsa.pbes2
		fips-convert -P file:pw -o there rsa.pbes2
		fips-convert -P file:pw rsa1024.pbes2
		fips-convert -N file:other rsa1024
		fips-convert rsa
		fips-convert -N none two-rsa
		keygen -N file:other -f no/new
		keygen -t ecdsa -N file:long -f new
		keygen -N file:pw -f there
	END
	clean 2 authkeys -f keys <rsa
	no_leaks
}

@test "a full output leaves no secret" {
	[ -w /dev/full ] || skip 'no /dev/full'
	to=/dev/full
	for key in rsa ecdsa ed25519; do
		clean 2 privfmt -P file:pw -N none -m PKCS8 $key.pbes2
		clean 2 pubfmt -P file:pw $key.pbes2
		clean 2 fpr -P file:pw $key.pbes2
		clean 2 fips-convert -P file:pw -a 10000 $key.pbes2
	done
	clean 2 keygen -N file:pw
	no_leaks
}

# waits PID: the filter waits in a read(2).
waits() {
	[[ $(cat "/proc/$1/comm") == xferkey-* ]] && grep -q '^State:.S' "/proc/$1/status" &&
		! grep -q '^voluntary_ctxt_switches:.0$' "/proc/$1/status"
}

@test "a running filter shows no passphrase in its arguments, and nobody can read its environment" {
	[ "$(id -u)" -ne 0 ] || need setpriv
	umask 077
	export PW
	mkfifo fifo
	exec 9<>fifo
	xferkey privfmt -P env:PW -N fd:8 -a 1 ed25519.pbes2 8<fifo >out 2>err 3>&- 9>&- &
	pid=$!
	export -n PW
	await 5 waits $pid
	tr '\0' '\n' <"/proc/$pid/cmdline" >shown
	# only a process that may trace every process can
	if [ "$(id -u)" -eq 0 ]; then
		run setpriv --bounding-set=-all cat "/proc/$pid/environ"
	else
		run cat "/proc/$pid/environ"
	fi
	[[ $output == *'Permission denied' ]]
	cat other >&9
	wait $pid
	[ ! -s err ]
	grep -q 'BEGIN OPENSSH' out
	grep -q 'env:PW' shown
	./canary scan rsa.secrets shown
}

@test "a filter killed by a signal leaves no core file" {
	limit=$(ulimit -Hc)
	ulimit -c "$limit"
	mkdir empty
	umask 077
	mkfifo fifo
	exec 9<>fifo
	for signal in SEGV ABRT; do
		(
			cd empty || exit
			exec xferkey privfmt -P file:../pw -N fd:8 ../ed25519.pbes2
		) 8<fifo >out 2>err 3>&- 9>&- &
		pid=$!
		await 5 waits $pid
		grep -q '^Max core file size  *0  *0 ' "/proc/$pid/limits"
		kill -s $signal $pid
		wait $pid && got=0 || got=$?
		[ "$got" -eq $((128 + $(kill -l $signal))) ]
		[ -z "$(ls -A empty)" ]
		[ ! -s out ]
	done
}
