#!/usr/bin/env bats
# fips-convert on a FIPS host: libcrypto has only the FIPS and base providers, and fips=yes.

load ../lib/keys

# fips COMMAND ...: runs COMMAND as on such a host.
fips() {
	OPENSSL_CONF=$top/build/fips/openssl.cnf OPENSSL_MODULES=$top/build/fips "$@"
}

setup() {
	[ -f "$top/build/fips/openssl.cnf" ] || skip 'no FIPS provider: make check-deps gets one'
	private_keys
	echo data >data
}

# signs KEY SPKI: openssl signs with KEY on the FIPS host; verified on this one.
signs() {
	local digest=(-digest sha256)
	[[ $2 != *ed25519* ]] || digest=()
	fips openssl pkeyutl -sign -inkey "$1" -passin env:PW -rawin "${digest[@]}" -in data -out sig &&
		openssl pkeyutl -verify -pubin -inkey "$2" -rawin "${digest[@]}" -in data -sigfile sig >/dev/null
}

# all_convert MAKER: converts the keys of MAKER on the FIPS host; openssl loads all results in one process and finds the
# same keys; one key of each type signs.
all_convert() {
	local host=fips file maker type variant
	export -f fips
	convert_all "$1"
	[ "$(grep -lx -e '-----BEGIN ENCRYPTED PRIVATE KEY-----' new/* | wc -l)" -eq "$(find new -type f | wc -l)" ]
	cat new/* >all
	fips openssl storeutl -keys -passin env:PW all | sed '/^[0-9]*: Pkey$/d; /^Total found/d' >loaded
	for file in new/*; do
		IFS=. read -r maker type variant <<<"${file##*/}"
		cat "$spki/$maker.$type"
		case $variant in
		aes256-ctr | v2-aes128) signs "$file" "$spki/$maker.$type" || echo "$file" >>failed ;;
		esac
	done >wanted
	equal "$(cat failed)" ''
	xferkey pubfmt -m PKCS8 loaded | cmp - wanted
}

@test "the FIPS host refuses MD5 and computes SHA-256" {
	run ! fips openssl dgst -md5 data
	fips openssl dgst -sha256 data
}

# proof CONFIGURATION: the last line of fips-convert with this openssl.cnf.
proof() {
	OPENSSL_CONF=$1 OPENSSL_MODULES=$top/build/fips xferkey fips-convert -a 10000 -N env:PW \
		"$keys/openssl.rsa2048.plain" 2>err | openssl pkey -passin env:PW | cmp - "$keys/openssl.rsa2048.plain"
	sed -n '$s/^xferkey-fips-convert: //p' err
}

@test "the result is proven with the FIPS provider, whether openssl.cnf activates it or only has its section" {
	local conf version
	version=$(fips openssl list -providers | awk '$1 == "fips" { f = 1 } f && $1 == "version:" { print $2; exit }')
	sed -n '/fips_sect\]/,$p' "$top/build/fips/openssl.cnf" >section
	sed 's/^activate/# &/' section >inactive
	{ printf 'openssl_conf = a\n[a]\nproviders = b\n[b]\nfips = c\ndefault = d\n[d]\nactivate = 1\n' &&
		sed 's/fips_sect/c/' inactive; } >named
	echo ".include $PWD/section" >included
	for conf in "$top/build/fips/openssl.cnf" section inactive named included; do
		[[ $(proof "$conf") = "proven with "*"FIPS Provider $version" ]]
	done
}

@test "a FIPS provider without or with another module's configuration: this is said, and the default one proves" {
	local conf
	[ ! -e "$(openssl version -d | cut -d '"' -f 2)/fipsmodule.cnf" ] || skip 'this host has a fipsmodule.cnf'
	grep -q 'module-mac' "$top/build/fips/openssl.cnf" || skip 'this module needs no configuration'
	sed -n '/fips_sect\]/,$p' "$top/build/fips/openssl.cnf" | sed 's/^module-mac = ../& 00/' >stale
	echo 'x = ${none}' >broken
	for conf in /dev/null /nonexistent broken; do
		[[ $(proof "$conf") = 'a FIPS provider is here, not configured (fipsmodule.cnf): proven with '*' only' ]]
	done
	[[ $(proof stale) = 'a FIPS provider is here, but does not start with its configuration: proven with '*' only' ]]
}

@test "a result that the FIPS provider does not load is refused, although the default provider would load it" {
	need cc
	mkdir modules
	cc -w -shared -fPIC -o modules/fips.so -x c - <<-'END' || skip 'no headers of OpenSSL'
		#include <openssl/core_dispatch.h>
		#include <openssl/core_names.h>
		#include <openssl/params.h>
		static int get(void *x, OSSL_PARAM *p) {
			return OSSL_PARAM_set_utf8_ptr(OSSL_PARAM_locate(p, OSSL_PROV_PARAM_NAME), "Stand-in\033") &&
			    OSSL_PARAM_set_utf8_ptr(OSSL_PARAM_locate(p, OSSL_PROV_PARAM_VERSION), "1.2");
		}
		static const OSSL_DISPATCH has[] = {{OSSL_FUNC_PROVIDER_GET_PARAMS, (void (*)(void))get}, {0, NULL}};
		int OSSL_provider_init(const OSSL_CORE_HANDLE *h, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **x) {
			*x = (void *)h;
			*out = has;
			return 1;
		}
	END
	OPENSSL_CONF=/dev/null OPENSSL_MODULES=$PWD/modules says 2 'the result: Stand-in\033 1.2: libcrypto refuses this' \
		xferkey fips-convert -N none -o new "$keys/openssl.rsa2048.plain"
	[ ! -e new ]
}

@test "ssh-keygen's keys of all types, formats and ciphers are converted on the FIPS host, and sign" {
	all_convert ssh
}

@test "openssl's keys with old and new protections are converted on the FIPS host, and sign" {
	all_convert openssl
}

@test "openssl itself reads neither the old protections nor OPENSSH on the FIPS host" {
	for file in "$keys"/openssl.rsa2048.{dek-aes128,scrypt,PBE-SHA1-3DES} "$keys"/ssh.rsa2048.{PEM,aes256-ctr}; do
		openssl pkey -in "$file" -passin env:PW -noout 2>/dev/null || [[ $file = *-ctr ]]
		echo "$file"
		run ! fips openssl pkcs8 -topk8 -v2 aes128 -in "$file" -out theirs -passin env:PW -passout env:PW
		[ ! -s theirs ]
		rm -f theirs
	done
}

@test "keys of which keyinfo says "loads" load on the FIPS host; those with "convert" do not" {
	loads=0 convert=0
	for file in "$keys"/*; do
		word=$(told "$file" | cut -f 5)
		run fips openssl pkey -in "$file" -passin env:PW -noout
		case $word:$status in
		loads:0) loads=$((loads + 1)) ;;
		convert:[!0]*) convert=$((convert + 1)) ;;
		loads:* | convert:*) echo "$file: $word: $status" >>wrong ;;
		esac
	done
	equal "$(cat wrong 2>/dev/null)" ''
	[ "$loads" -gt 5 ] && [ "$convert" -gt 5 ]
}

@test "-Z aes256, -N none and an already converted key load on the FIPS host" {
	fips xferkey fips-convert -Z aes256 -a 20000 -P env:PW -o aes256 "$keys/openssl.p384.dek-des3"
	signs aes256 "$spki/openssl.p384"
	fips xferkey fips-convert -N none -o plain "$keys/ssh.ecdsa521.plain"
	equal "$(head -n 1 plain)" '-----BEGIN PRIVATE KEY-----'
	signs plain "$spki/ssh.ecdsa521"
	fips xferkey fips-convert -P env:PW -o again aes256
	cmp aes256 again
}

@test "keys and passphrases that are refused elsewhere are refused on the FIPS host with the same message" {
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024 2>/dev/null
	new_key rsa -b 1024 -f rsa1024-openssh
	openssl dsaparam -genkey 1024 2>/dev/null | openssl pkey -out dsa
	for file in rsa1024 rsa1024-openssh; do
		says 2 "$file: refused: FIPS forbids signing with RSA under 2048 bits" \
			fips xferkey fips-convert -N env:PW -o new "$file"
	done
	says 2 'libcrypto refuses this operation' fips xferkey privfmt -m OPENSSH -Z chacha20-poly1305@openssh.com \
		-N env:PW -o new "$keys/ssh.rsa2048.plain"
	says 2 'dsa: refused: FIPS 186-5 has withdrawn DSA' fips xferkey fips-convert -N env:PW -o new dsa
	for file in ssh.rsa2048.aes256-ctr openssl.rsa2048.dek-aes128 openssl.p256.scrypt openssl.p521.v2-aes128; do
		says 2 "$file: wrong passphrase, or a damaged key" \
			fips xferkey fips-convert -P env:WRONG -o new "$keys/$file"
	done
	[ ! -e new ]
}

@test "fpr and pubfmt print the same on the FIPS host" {
	for command in 'fpr -E md5' 'fpr -B -v' 'pubfmt -m PKCS8'; do
		set -- xferkey $command -P env:PW "$keys"/*.{plain,dek-aes128,aes256-ctr,scrypt}
		fips "$@" | cmp - <("$@")
	done
}
