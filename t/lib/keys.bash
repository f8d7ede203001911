# For the tests of the filters, loaded instead of test: keys of every kind, made once for all files of a run.
load ../lib/test

export PW='correct horse battery' WRONG='wrong horse battery'
# the ciphers of OPENSSH
ciphers=(3des-cbc aes{128,192,256}-{cbc,ctr} aes{128,256}-gcm@openssh.com chacha20-poly1305@openssh.com)

# begins FILE LABEL: the first line of FILE is PEM's BEGIN with this label.
begins() {
	equal "$(head -n 1 "$1")" "-----BEGIN $2-----"
}

# holds FILE NAME [SOURCE]: openssl reads the private key of spki/NAME in FILE, with $PW or another source.
holds() {
	openssl pkey -in "$1" -passin "${3-env:PW}" -pubout | cmp - "$spki/$2"
}

# refuses TEXT COMMAND ...: says 2, without output.
refuses() {
	says 2 "$@"
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
}

# genkeys MODE WORD ...
genkeys() {
	"$top/t/tools/genkeys" "$@"
}

# share MAKER: sets $shared to the directory in which MAKER made its files, for the first file of tests that called it.
share() {
	shared=$BATS_RUN_TMPDIR/$1
	if mkdir "$shared" 2>/dev/null; then
		(
			trap 'echo $? >"$shared.made"' EXIT
			cd "$shared" || exit
			umask 077
			"$1"
		)
	fi
	await 120 test -s "$shared.made"
	[ "$(cat "$shared.made")" -eq 0 ]
}

# ed25519_spki FILE.pub: the key as openssl would write it, from its 32 bytes.
ed25519_spki() {
	{
		printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'
		cut -d ' ' -f 2 "$1" | base64 -d | tail -c 32
	} | openssl pkey -pubin -inform DER -pubout
}

# private_keys: for setup: sets $keys to the keys of make_private_keys, $spki to their public halves.
private_keys() {
	need openssl
	private_home
	set -o pipefail
	share make_private_keys
	keys=$shared/keys
	spki=$shared/spki
}

# convert FILE ...: fips-convert, run by $host if that is set, converts each to new/NAME. Prints the name and the
# messages if that fails, or the output of converted NAME, if that function exists.
convert() {
	local file name option
	for file; do
		name=${file##*/}
		option=-P
		[[ $name != *.plain* ]] || option=-N
		if ! ${host-} xferkey fips-convert -a 10000 "$option" env:PW -o "new/$name" "$file" >"out/$name" \
			2>"err/$name" </dev/null
		then
			echo "$name: $(cat "err/$name")"
		elif declare -F converted >/dev/null; then
			converted "$file"
		fi
	done
}

# convert_all MAKER: all of its keys, two at a time.
convert_all() {
	mkdir new out err
	export host
	export -f convert
	of_every_kind "$1"
	printf '%s\0' "${files[@]}" | xargs -0 -n 8 -P 2 bash -c 'convert "$@"' bash >failed 2>&1
	equal "$(cat failed)" ''
	equal "$(ls -A new)" "$(printf '%s\n' "${files[@]##*/}" | sort)"
}

# of_every_kind MAKER: sets $files to some keys of make_private_keys in $keys: each format and protection, and each
# type; with XFERKEY_EVERY all.
of_every_kind() {
	case $1${XFERKEY_EVERY-} in
	ssh) files=("$keys"/ssh.{rsa2048.*,ecdsa256.*PEM,e*.aes256-ctr}) ;;
	openssl) files=("$keys"/openssl.{rsa2048.*,p256.{plain,dek}-*,[ep]*.v2-aes128}) ;;
	*) files=("$keys/$1".*) ;;
	esac
}

# make_public_keys: makes, in the working directory, keys: an authorized_keys file of at least 500 keys of every type
# and of certificates, with comments and options of every kind; and plain: the same without options.
make_public_keys() {
	local unknown=ssh-ed448
	has_dsa || unknown='ssh-ed448\|ssh-dss'
	new_key rsa -b 3072 -f a
	new_key ed25519 -f b
	new_key ecdsa -b 521 -f c
	rm ./*.pub
	genkeys public 1 1 502 | grep -v "^\($unknown\) " | split -a 3 -l 1 --additional-suffix=.pub - k
	ssh-keygen -q -s a -I me -n "$(seq -s , 200)" -V +1d -z 18446744073709551615 \
	    -O force-command=true -O source-address=192.0.2.0/24 kaa?.pub
	ssh-keygen -q -s b -h -I host -n host.example kab?.pub
	ssh-keygen -q -s c -I '' kac?.pub
	cat ./*.pub | awk '
		BEGIN {
			split("x|jane@example.org|two words|Zo\303\253 M\303\274ller|\"quoted\" \\ it\047s|" \
			    "\346\227\245\346\234\254|a=b,c #d", comment, "|")
			options[0] = "from=\"192.0.2.0/24,*.example.org\",command=\"echo \\\"hi there\\\"\",no-pty "
			options[2] = "[host.example]:33001,192.0.2.7 "
		}
		{
			# ssh-keygen 9.2 shows a key with neither comment nor options with the
			# last one of the lines before
			text = $1 " " $2 (NR % 35 ? " " comment[NR % 7 + 1] : "")
			print text >"plain"
			print options[NR % 5] text >"keys"
		}'
	rm -f ./*.pub
}

# in_format FILE NEW PASSPHRASE OPTION ...: ssh-keygen -p writes NEW, a copy of FILE, with few rounds.
in_format() {
	cp "$1" "$2"
	ssh-keygen -q -p -P '' -N "$3" -a 1 -f "$2" "${@:4}" >/dev/null
}

# make_own_keys: makes, in the working directory, a pair of each type with a comment, and its private key in every
# format, with and without the passphrase $PW.
make_own_keys() {
	local type format
	new_key rsa -b 2048 -C 'its comment' -f rsa
	new_key ecdsa -b 384 -C 'its comment' -f ecdsa
	new_key ed25519 -C 'its comment' -f ed25519
	for type in rsa ecdsa ed25519; do
		in_format "$type" "$type-locked" "$PW"
		[ "$type" != ed25519 ] || continue
		for format in PEM PKCS8; do
			in_format "$type" "$type-$format" '' -m "$format"
			in_format "$type" "$type-$format-locked" "$PW" -m "$format"
		done
	done
	# ssh-keygen writes Ed25519 as PKCS#8 only since 10.3; the seed follows 161 bytes
	{
		printf '\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20'
		sed /-/d ed25519 | base64 -d | tail -c +162 | head -c 32
	} | openssl pkey -inform DER -out ed25519-PKCS8
	openssl pkey -in ed25519-PKCS8 -aes128 -passout env:PW -out ed25519-PKCS8-locked
}

# make_private_keys: makes, in the working directory, keys/MAKER.TYPE.VARIANT: for each type one key of ssh-keygen and
# one of openssl, each in the formats and protections that its maker writes; *.plain* are unencrypted, the others have
# $PW. And spki/MAKER.TYPE, the public half as openssl writes it.
make_private_keys() {
	local type bits base cipher more format legacy=(-provider legacy -provider default)
	mkdir keys spki
	while read -r type bits; do
		base=keys/ssh.$type$bits
		new_key "$type" -b "$bits" -C 'its comment' -f "$base.plain"
		if [ "$type" = ed25519 ]; then
			ed25519_spki "$base.plain.pub"
		else
			ssh-keygen -e -m PKCS8 -f "$base.plain.pub"
		fi >"spki/ssh.$type$bits"
		mv "$base.plain.pub" "spki/ssh.$type$bits.pub"
		for cipher in "${ciphers[@]}"; do
			in_format "$base.plain" "$base.$cipher" "$PW" -Z "$cipher"
		done
		# for Ed25519 OpenSSH before 10.3 writes OPENSSH, later versions refuse PEM
		for format in PEM PKCS8; do
			in_format "$base.plain" "$base.plain-$format" '' -m "$format" || rm "$base.plain-$format"
			in_format "$base.plain" "$base.$format" "$PW" -m "$format" || rm "$base.$format"
		done
	done <<-'END'
		rsa 2048
		ecdsa 256
		ecdsa 384
		ecdsa 521
		ed25519 256
	END
	while read -r type options; do
		base=keys/openssl.$type
		openssl genpkey $options -out "$base.plain"
		openssl pkey -in "$base.plain" -pubout -out "spki/openssl.$type"
		more='aes128 des3'
		[ "$type" != rsa2048 ] || more='aes128 aes192 aes256 des3'
		for cipher in $more; do
			openssl pkcs8 -topk8 -v2 "$cipher" -in "$base.plain" -passout env:PW -out "$base.v2-$cipher"
		done
		openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in "$base.plain" -passout env:PW -out "$base.PBE-SHA1-3DES"
		openssl pkcs8 -topk8 -scrypt -in "$base.plain" -passout env:PW -out "$base.scrypt"
		[ "$type" != ed25519 ] || continue
		openssl pkey -in "$base.plain" -traditional -out "$base.plain-traditional"
		for cipher in $more; do
			openssl pkey -in "$base.plain" -traditional "-$cipher" -passout env:PW -out "$base.dek-$cipher"
		done
	done <<-'END' 2>/dev/null
		rsa2048 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
		p256 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
		p384 -algorithm EC -pkeyopt ec_paramgen_curve:P-384
		p521 -algorithm EC -pkeyopt ec_paramgen_curve:P-521
		ed25519 -algorithm ED25519
	END
	base=keys/openssl.rsa2048
	for format in 1 224 256 384 512; do
		openssl pkcs8 -topk8 -v2prf "hmacWithSHA$format" -in "$base.plain" -passout env:PW -out "$base.prf-$format"
	done
	# parameters before the key, as openssl ecparam -genkey writes it
	{ openssl ecparam -name prime256v1; cat keys/openssl.p256.plain-traditional; } >keys/openssl.p256.plain-ecparam
	# DES, if OpenSSL still has it; openssl rsa may leave out the encryption without a message
	openssl rsa -in "$base.plain" "${legacy[@]}" -traditional -des -passout env:PW -out "$base.dek-des" \
	    2>/dev/null || :
	grep -qs ENCRYPTED "$base.dek-des" || rm -f "$base.dek-des"
	for cipher in PBE-MD5-DES PBE-SHA1-DES; do
		openssl pkcs8 -topk8 "${legacy[@]}" -v1 "$cipher" -in "$base.plain" -passout env:PW \
		    -out "$base.$cipher" 2>/dev/null || rm -f "$base.$cipher"
	done
}
