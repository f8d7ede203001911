#!/usr/bin/env bats
# The rooms of the library: which room calls which, which may print, which may keep state, and what each file exports.

load ../lib/test

# The rooms of src; a room may use those before it (src/README).
rooms='base ascp log encoding permission key format crypto keyfile reader mail authorized cmd'
# The only variables that may change while a process runs.
variables='
	crypto/crypto on_shortage	# the allocator of libcrypto gets no argument
	base/passphrase caught	# a signal handler gets no other argument
	base/secret wipe	# const, and volatile so that no compiler looks through it
'

setup() {
	cd "$top/src" || return
	filters=" $({
		sed -n 's/^\([a-z-]*\)	filter	.*/\1/p' ../share/xferkey/commands
		sed -n 's/^HELPERS = //p' ../Makefile | tr ' ' '\n'
	} | sed 's,^,cmd/,' | tr '\n' ' ') "
	library=() silent=()
	for file in */*.c; do
		[[ $filters = *" ${file%.c} "* ]] || library+=("${file%.c}")
		[[ $file = cmd/* ]] || silent+=("${file%.c}")
	done
	found=0
}

# finding TEXT
finding() {
	echo "$1"
	found=$((found + 1))
}

@test "a file includes only headers of its room and of the rooms above it" {
	above=' '
	for room in $rooms; do
		above="$above$room "
		while IFS=: read -r file header; do
			[[ $above = *" ${header%/*} "* ]] || finding "$file includes $header, which is not above it"
		done < <(grep '^ *# *include "' "$room"/*.[ch] | sed 's/:.*"\(.*\)".*/:\1/')
	done
	equal "$(printf '%s\n' */ | sort)" "$(printf '%s/\n' $rooms | sort)"
	[ "$found" -eq 0 ]
}

@test "only one room uses libcrypto" {
	run grep -lE '# *include *<openssl/' */*.[ch]
	[ "$(grep -vc '^crypto/' <<<"$output")" -eq 0 ]
}

@test "each room links with only the rooms above it" {
	objects
	cc=$(sed 's/ .*//; q' "$top/build/flags")
	libraries=$(pkg-config --libs libcrypto) # and libargon2 where kdf.o was built with it
	! grep -q LIBARGON2 "$top/build/flags" || libraries="$libraries -largon2"
	! grep -q XFERKEY_GMIME "$top/build/flags" || libraries="$libraries $(pkg-config --libs gmime-3.0)"
	archives=()
	echo 'const char die_tool[] = ""; int main(void) { return 0; }' >"$BATS_TEST_TMPDIR/main.c"
	for room in $rooms; do
		archive=$BATS_TEST_TMPDIR/$room.a
		objects=()
		for name in "${library[@]}"; do
			[[ $name != "$room"/* ]] || objects+=("$name.o")
		done
		ar rc "$archive" "${objects[@]}"
		"$cc" -o "$BATS_TEST_TMPDIR/main" "$BATS_TEST_TMPDIR/main.c" -Wl,--whole-archive "$archive" \
			-Wl,--no-whole-archive "${archives[@]}" $libraries ||
			finding "$room: does not link with what is above it"
		archives=("$archive" "${archives[@]}")
	done
	[ "$found" -eq 0 ]
}

@test "permcheck is not linked with libcrypto" {
	need readelf
	cd "$top/libexec/xferkey" || return
	[ -x xferkey-permcheck ] || skip 'not built'
	# The tables of symbols name libcrypto, whether it is shared or static.
	libcrypto='NEEDED.*libcrypto| OPENSSL_init_crypto(@|$)'
	readelf -dsW xferkey-fpr | grep -E "$libcrypto"
	! readelf -dsW xferkey-permcheck | grep -E "$libcrypto" || finding 'permcheck: linked with libcrypto'
	[ "$found" -eq 0 ]
}

# objects: skips the test if there are no object files.
objects() {
	need nm objdump
	cd "$top/build" || return
	[ -e base/slice.o ] || skip 'not built'
	for name in "${library[@]}"; do
		[ -e "$name.o" ] || finding "$name.o: not built"
	done
}

@test "only the code that serves the mains ends the process or prints" {
	objects
	says='(__)?(v?f?printf|vd?printf|dprintf)(_chk)?|perror|f?puts|f?putc|putchar|fwrite|v?(err|warn)x?|v?syslog'
	ends='_?exit|_Exit|quick_exit|abort|__assert_fail'
	! nm -A -u "${silent[@]/%/.o}" | grep -wE "($says|$ends|stdout|stderr)(@.*)?\$" ||
		finding 'the library speaks or ends the process'
	nm -u cmd/die.o | grep -w exit
	[ "$found" -eq 0 ]
}

@test "a file exports only names that begin with its own name" {
	objects
	while read -r file symbol; do
		case $symbol in
		"${file##*/}" | "${file##*/}"_* | __*) ;;
		*) finding "$file: exports $symbol" ;;
		esac
	done < <(nm -A -g --defined-only "${library[@]/%/.o}" | sed 's/\.o:.* / /')
	[ "$found" -eq 0 ]
}

@test "no state remains after a call" {
	objects
	for name in "${library[@]}"; do
		# Constants with addresses in them are in .data.rel.ro.
		for symbol in $(objdump -t "$name.o" | awk -F '\t' '
			{ sub(/.* /, "", $1); sub(/.* /, "", $2) }
			$1 ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && $1 !~ /^\.data\.rel\.ro/ { print $2 }'); do
			case $symbol in
			.* | __* | _sub_*) ;; # the section itself, a sanitizer's
			*) grep -q "^	$name ${symbol%%.*}	" <<<"$variables" || finding "$name: $symbol can change" ;;
			esac
		done
	done
	objdump -t base/passphrase.o | grep -w caught
	[ "$found" -eq 0 ]
}

# sourced FILE: FILE, and each library that it reads, in turn.
sourced() {
	local file
	echo "$1"
	while read -r file; do
		sourced "lib/$file"
	done < <(sed -n 's,^\. "$libexecdir/lib/\(.*\)"$,\1,p' "$1")
}

@test "no command has two functions of one name, in itself and its libraries" {
	cd ../libexec/xferkey
	# shellcheck disable=SC2016 # the text
	while IFS= read -r command; do
		while IFS= read -r name; do
			finding "$command: two functions $name"
		done < <(sourced "$command" | sort -u | xargs sed -n 's/^\([a-z_]*\)() .*/\1/p' | sort | uniq -d)
	done < <(grep -lIF '. "$libexecdir/lib/' xferkey-* lib/xferkey-*)
	[ "$found" -eq 0 ]
}
