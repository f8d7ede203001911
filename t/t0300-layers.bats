#!/usr/bin/env bats
# The library's layers: who may call whom, who may speak, who may hold state, and what each file may export.

load test

# Each file includes only headers above it. key_format.h is the contract that the formats fulfil, key_format.c their
# table; permission_* come before all that knows of keys, but for the errors.
order='
	slice secret key_error buffer escape shell_quote path path_target ascp_option ascp_place ascp_arguments die
	io atomic_write passphrase account locked_file
	base64_avx2 base64 key_line
	permission_parent permission_acl permission_text permission_rules permission_report permission_scan
	permission_target
	pem ssh_wire der
	key_type key_blob key key_comment protection key_asn1
	key_format.h
	format_openssh_private format_openssh_public format_pkcs1_sec1 format_pkcs8 format_ppk format_public_pem
	format_rfc4716 format_sshcom
	key_format.c
	digest blowfish_pi bcrypt_pbkdf bignum crypto kdf cipher key_complete key_check key_generate
	key_file key_deviation fips_pkcs8 fingerprint randomart key_policy
	key_der key_forgive.h key_charset key_lines key_rewrap key_mark key_armour key_ppk
	key_forgive.c key_received key_feed key_list key_reader key_summary key_input authorized_keys authorized_list authorized_openssh authorized_edit
	option output
'
speakers='die option output'
libcrypto='bignum crypto digest kdf cipher key_complete key_check key_generate'

# What a file exports beside its own name, and why.
exceptions='
	die warn_line                           # speech that goes on
'
# What may change while a process runs.
variables='
	crypto on_shortage                  # the allocator of libcrypto can reach nothing else
	passphrase caught                       # a signal handler can write to nothing else
	secret wipe                             # const, and volatile so that no compiler looks through it
'

setup() {
	cd "$top/src" || return
	filters=" $({ sed -n 's/^\([a-z-]*\)	filter	.*/\1/p' ../share/xferkey/commands; sed -n 's/^HELPERS = //p' ../Makefile; } |
		tr '\n' ' ') "
	library='' silent=()
	for file in *.c; do
		case "$filters $speakers " in
		*" ${file%.c} "*) ;;
		*) silent+=("${file%.c}") ;;
		esac
	done
	library="${silent[*]} $speakers"
	found=0
}

# finding TEXT
finding() {
	echo "$1"
	found=$((found + 1))
}

# listed LIST WORD ...: the words are a line of LIST, but for its comment.
listed() {
	local list=$1
	shift
	sed 's/#.*//' <<<"$list" | awk -v words="$*" '{ $1 = $1 } $0 == words { yes = 1 } END { exit !yes }'
}

@test "each file includes only what is above it" {
	declare -A place
	n=0
	for name in $order; do
		n=$((n + 1))
		case $name in
		*.*) place[$name]=$n ;;
		*) place[$name.c]=$n place[$name.h]=$n ;;
		esac
		[ -e "${name%.*}.h" ] || finding "$name: no such file"
	done
	for name in $filters; do
		place[$name.c]=$((n + 1))
	done
	for file in *.c *.h; do
		[ -n "${place[$file]-}" ] || finding "$file: in no layer"
	done
	while IFS=: read -r file header; do
		[ "${header%.h}" != "${file%.c}" ] || continue
		[ "${place[$header]-999}" -lt "${place[$file]-0}" ] ||
			finding "$file includes $header, which is not above it"
	done < <(grep '^ *# *include "' ./*.[ch] | sed 's/^\.\/\(.*:\).*"\(.*\)"/\1\2/')
	[ "$found" -eq 0 ]
}

@test "the library does not include what speaks" {
	# shellcheck disable=SC2046 # patterns
	run grep -nE '"(die|option|output)\.h"' $(printf '%s.[ch] ' "${silent[@]}")
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "permission_* know no key" {
	# but for the fields of a line and the errors of the library
	! grep -nE '# *include "(key|format|fingerprint|pem|ssh_wire|cipher|passphrase|protection)' permission_*.[ch] permcheck.c |
		grep -vE '"key_(error|line)\.h"' ||
		finding 'a permission file knows keys'
	[ "$found" -eq 0 ]
}

@test "libcrypto is in its own files" {
	for file in $(grep -lE '^ *# *include *<openssl/' ./*.[ch]); do
		file=${file#./}
		case " $libcrypto " in
		*" ${file%.[ch]} "*) ;;
		*) finding "$file: includes <openssl/...>" ;;
		esac
	done
	[ "$found" -eq 0 ]
}

@test "permcheck is not linked with libcrypto" {
	need readelf
	[ -x permcheck ] || skip 'not built'
	# The name is in the tables of symbols with a shared and with a static one.
	libcrypto='NEEDED.*libcrypto| OPENSSL_init_crypto(@|$)'
	readelf -dsW fpr | grep -E "$libcrypto"
	! readelf -dsW permcheck | grep -E "$libcrypto" || finding 'permcheck: linked with libcrypto'
	[ "$found" -eq 0 ]
}

# objects: skips where there are none to look into.
objects() {
	need nm objdump
	[ -e slice.o ] || skip 'not built'
	for name in $library; do
		[ -e "$name.o" ] || finding "$name.o: not built"
	done
}

@test "only what serves the mains ends the process or prints" {
	objects
	says='(__)?(v?f?printf|vd?printf|dprintf)(_chk)?|perror|f?puts|f?putc|putchar|fwrite|v?(err|warn)x?|v?syslog'
	ends='_?exit|_Exit|quick_exit|abort|__assert_fail'
	! nm -A -u "${silent[@]/%/.o}" | grep -wE "($says|$ends|stdout|stderr)(@.*)?\$" ||
		finding 'the library speaks or ends the process'
	nm -u die.o | grep -w exit
	[ "$found" -eq 0 ]
}

@test "a file exports only what bears its name" {
	objects
	# shellcheck disable=SC2046,SC2086 # names
	while read -r name symbol; do
		case $symbol in
		"$name" | "$name"_* | __*) ;;
		*) listed "$exceptions" "$name" "$symbol" || finding "$name: exports $symbol" ;;
		esac
	done < <(nm -A -g --defined-only $(printf '%s.o ' $library) | sed 's/\.o:.* / /')
	while read -r name symbol; do
		[ -z "$name" ] || nm -g --defined-only "$name.o" | grep -qw "$symbol" ||
			finding "$name: $symbol is an exception for nothing"
	done < <(sed 's/#.*//' <<<"$exceptions")
	[ "$found" -eq 0 ]
}

@test "no state outlives a call" {
	objects
	for name in $library; do
		# Constants with addresses in them are in .data.rel.ro.
		for symbol in $(objdump -t "$name.o" | awk -F '\t' '
			{ sub(/.* /, "", $1); sub(/.* /, "", $2) }
			$1 ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && $1 !~ /^\.data\.rel\.ro/ { print $2 }'); do
			case $symbol in
			.* | __* | _sub_*) ;; # the section itself, a sanitizer's
			*) listed "$variables" "$name" "${symbol%%.*}" || finding "$name: $symbol can change" ;;
			esac
		done
	done
	objdump -t passphrase.o | grep -w caught
	[ "$found" -eq 0 ]
}
