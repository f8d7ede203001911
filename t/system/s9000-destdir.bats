#!/usr/bin/env bats
# Builds a copy with each make; install and uninstall, into a stage and into a home.

load ../lib/test

# copy DIR: this tree as git would clone it, with uncommitted changes.
copy() {
	mkdir -p "$1"
	(
		cd "$top" || exit
		{ git ls-files -co --exclude-standard 2>/dev/null ||
			find . -name .git -prune -o -path ./build -prune -o ! -type d ! -name '*.o' -print; } |
			while IFS= read -r file; do
				[ ! -f "$file" ] || printf '%s\n' "$file"
			done | tar -cf - -T -
	) | tar -xf - -C "$1"
	filters | sed 's/^/xferkey-/' | (cd "$1/libexec/xferkey" && xargs rm -f lib/xferkey-vis)
}

filters() {
	sed -n 's/^\([a-z-]*\)	filter	.*/\1/p' "$top/share/xferkey/commands"
}

# all_help XFERKEY: every command has its -h.
all_help() {
	local name
	for name in $(cut -f 1 "$top/share/xferkey/commands"); do
		[ "$name" = ascp-args ] || "$1" "$name" -h | grep "^usage: xferkey $name"
	done
}

# A built tree, and a stage with a blank in its name.
setup_file() {
	unset MAKEFLAGS MFLAGS MAKELEVEL
	export tree=$BATS_FILE_TMPDIR/tree stage="$BATS_FILE_TMPDIR/a stage"
	copy "$tree"
	(cd "$tree" && make) >"$BATS_FILE_TMPDIR/built" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/built"
		return 1
	}
	(umask 077 && cd "$tree" && make install DESTDIR="$stage" PREFIX=/usr) >"$BATS_FILE_TMPDIR/installed"
}

setup() {
	unset MAKEFLAGS MFLAGS MAKELEVEL
	# Each test names its own xferkey.
	PATH=:$PATH:
	while [[ $PATH == *:"${XFERKEY_BIN:-$top/bin}":* ]]; do
		PATH=${PATH/:"${XFERKEY_BIN:-$top/bin}":/:}
	done
	PATH=${PATH:1:-1}
	private_home
}

teardown() {
	[ -z "${home-}" ] || rm -rf "$home"
}

# into install|uninstall STAGE: as make calls it.
into() {
	sh "$tree/src/install" "$@" /usr/bin /usr/libexec/xferkey /usr/share/xferkey /usr/share/man
}

# nothing_anew MAKE ...: a second run in the working directory makes no file.
nothing_anew() {
	: >"$BATS_TEST_TMPDIR/now"
	while [ -z "$(find "$BATS_TEST_TMPDIR/now" -newer build/base/slice.o)" ]; do
		touch "$BATS_TEST_TMPDIR/now"
	done
	run -0 "$@"
	equal "$(find . -newer "$BATS_TEST_TMPDIR/now" -type f)" ''
}

@test "make builds a clone without a warning; a second make makes nothing" {
	cd "$tree"
	! grep -E ': (warning|error):' "$BATS_FILE_TMPDIR/built" || false
	for name in $(filters); do
		[ -x "libexec/xferkey/xferkey-$name" ]
	done
	nothing_anew make
}

@test "bmake builds it too; another directory, locale or shell gives the same programs" {
	need bmake
	copy "$BATS_TEST_TMPDIR/another tree"
	cd "$BATS_TEST_TMPDIR/another tree"
	run -0 env LC_ALL=C.UTF-8 TZ=Asia/Tokyo bmake -s SHELL=/bin/bash
	[[ ! $output =~ :\ (warning|error): ]]
	for name in $(filters); do
		cmp "libexec/xferkey/xferkey-$name" "$tree/libexec/xferkey/xferkey-$name"
	done
	run bmake
	[[ ! $output =~ (cc|clang)\  ]]
	run -0 bmake install DESTDIR="$BATS_TEST_TMPDIR/a stage" PREFIX=/usr
	diff <(cd "$stage" && find . | sort) <(cd "$BATS_TEST_TMPDIR/a stage" && find . | sort)
}

@test "make takes flags from the command line, else the environment; install compiles nothing" {
	cp -R "$tree" tree
	cd tree
	# shellcheck disable=SC2016 # for make
	flags() {
		"$@" -f - flags <<<$'include Makefile\nflags:\n\t@echo $(CC) $(AR) $(ALL_CFLAGS) $(ALL_LDFLAGS)'
	}
	export CC=mycc AR=myar CPPFLAGS=-DMINE CFLAGS='-O1 -D_FORTIFY_SOURCE=3' LDFLAGS=-Lmine
	for make in make bmake; do
		command -v $make >/dev/null || continue
		run -0 flags $make
		has 'mycc myar -std=c11'
		has '-DMINE -O1 -D_FORTIFY_SOURCE=3 -Isrc'
		has '-Lmine'
		[[ $output != *FORTIFY*FORTIFY* ]]
		run -0 flags $make CC=cc CFLAGS=-O3
		has 'cc myar -std=c11'
		has '-D_FORTIFY_SOURCE=2 -fstack-protector-strong'
		has '-DMINE -O3 -Isrc'
	done
	run -0 make -s install DESTDIR="$PWD/stage"
	equal "$output" "installed: $PWD/stage/usr/local/bin/xferkey"
	make clean
	run ! make install DESTDIR="$PWD/none"
	has 'not built: make builds it'
	[ ! -e none ]
}

@test "CRYPTO_STATIC=1 links libcrypto statically into the filters, and no other library" {
	need readelf
	local library
	for library in $(pkg-config --static --libs-only-l libcrypto | sed 's/-lcrypto//; s/-ldl//; s/-pthread//') -lcrypto; do
		library=lib${library#-l}.a
		[ "$(cc -print-file-name="$library")" != "$library" ] || skip "no $library"
	done
	cp -R "$tree" tree
	cd tree
	run -0 make -s CRYPTO_STATIC=1
	[[ ! $output =~ :\ (warning|error): ]]
	readelf -d "$tree/libexec/xferkey/xferkey-fpr" | grep 'NEEDED.*libcrypto'
	for name in $(filters); do
		run readelf -d "libexec/xferkey/xferkey-$name"
		[[ ! $output =~ NEEDED.*libcrypto ]]
		[[ $output =~ NEEDED.*libc\. ]]
	done
	(umask 077 && bin/xferkey keygen -t ed25519 >KEY)
	bin/xferkey fips-convert -N none -o new KEY
	bin/xferkey fpr -v -B KEY new KEY | diff - <("$tree/bin/xferkey" fpr -v -B KEY new KEY)
	nothing_anew make CRYPTO_STATIC=1
}

@test "the stage has all files of bin, libexec and share except packaging, and no others" {
	[ -d "$tree/share/packaging" ]
	diff <(cd "$tree" && find bin libexec share ! -type d ! -path '*/packaging/*' | sort) \
		<(cd "$stage/usr" && find * ! -type d | sort)
	equal "$(find "$stage" ! -type f ! -type d)" "$stage/usr/share/xferkey/ldap-authorized-keys"
	equal "$(readlink "$stage/usr/share/xferkey/ldap-authorized-keys")" /usr/libexec/xferkey/lib/ldap-authorized-keys
	[ -z "$(find "$stage" -name '*.new')" ]
	while IFS= read -r file; do
		cmp <(sed -E 's| *[^ ]* # @[A-Z]*@$||; s|/usr/local(/[a-z]*/xferkey)|/usr\1|g' "$tree/$file") \
			<(sed 's| *[^ ]* # @[A-Z]*@$||' "$stage/usr/$file")
	done < <(cd "$tree" && find bin libexec share -type f ! -path '*/packaging/*')
	grep -qF '/usr/libexec/xferkey' "$stage/usr/bin/xferkey"
	run -1 grep -rF "$BATS_FILE_TMPDIR" "$stage/usr/bin" "$stage/usr/share"
	# the manuals name the files where they are
	! grep -rE '/usr/local/(libexec|share)/xferkey' "$stage/usr/share/man" || false
	grep -q '^[.]Nm /usr/libexec/xferkey/lib/ldap-authorized-keys$' "$stage/usr/share/man/man8/"*
}

@test "the modes of installed files do not depend on the umask" {
	equal "$(find "$stage" -type d ! -perm 755)" ''
	equal "$(find "$stage/usr/bin" "$stage/usr/libexec" -type f ! -name '*.sh' ! -perm 755)" ''
	equal "$(find "$stage/usr/share" "$stage"/usr/libexec/xferkey/lib/*.sh -type f ! -perm 644)" ''
	umask 000
	into install "$PWD/open"
	equal "$(find open/* ! -type l -perm /022)" ''
}

@test "every command runs from the stage, through symbolic links too" {
	mkdir -p 'some where/bin' else
	ln -s "$stage/usr/bin/xferkey" 'some where/bin/xferkey'
	ln -s '../some where/bin/xferkey' else/xferkey
	for xferkey in "$stage/usr/bin/xferkey" "$PWD/some where/bin/xferkey" else/xferkey; do
		[ "$("$xferkey" --exec-path)" = "$(realpath "$stage/usr/libexec/xferkey")" ]
		all_help "$xferkey"
	done
}

@test "the story runs from the stage, with no other xferkey in PATH" {
	PATH=$stage/usr/bin:$PATH
	umask 022
	(umask 077; xferkey keygen -t ed25519 | tee KEY) | xferkey pubfmt -C me | xferkey fpr | grep ' me (ED25519)$'
	xferkey setup </dev/null
	equal "$(stat -c %a KEY .ssh)" $'600\n700'
	xferkey pubfmt KEY | xferkey authkeys
	xferkey permcheck -s "$HOME"
	told KEY | grep '^OPENSSH'
	xferkey fips-convert -N none -o new KEY
	xferkey sites | grep .
}

@test "t2000 and t2170, which look for files beside xferkey, pass on the stage" {
	# The tests of a copy, which has no commands of its own.
	cp -R "$tree" tree
	cd tree
	rm -r bin libexec
	clean=$(compgen -e BATS_ | sed 's/^/-u /')
	run -0 env $clean PATH="${PATH//"$BATS_LIBEXEC":/}" XFERKEY_BIN="$stage/usr/bin" \
		bats t/check/t2000-*.bats t/check/t2170-*.bats
}

@test "uninstall removes the files that install put there, and no others" {
	cp -R "$stage" 'b stage'
	touch 'b stage/usr/share/xferkey/sites/mine' 'b stage/usr/bin/xferkey-mine' 'b stage/usr/share/man/man1/mine.1'
	into uninstall "$PWD/b stage"
	equal "$(find 'b stage' ! -type d | sort | sed 's,.*/,,')" $'xferkey-mine\nmine.1\nmine'
	find 'b stage' ! -type d -delete
	into uninstall "$PWD/b stage"
	equal "$(find 'b stage' -name 'xferkey*')" ''
	[ -d 'b stage/usr/share/man/man1' ]
}

@test "commands find bin, libexec and share in separate directories" {
	set -- "$PWD/my bin" "$PWD/lib/it's \$(here) & \\|there" "$PWD/data" "$PWD/man pages"
	sh "$tree/src/install" install '' "$@"
	PATH=$1:$PATH
	[ "$(xferkey --exec-path)" = "$(realpath "$2")" ]
	xferkey | grep '^filters: keygen'
	all_help xferkey
	xferkey sites | grep .
	[ -f "$4/man1/xferkey-fpr.1" ]
	"$3/ldap-authorized-keys" -h | grep '^usage: ldap-authorized-keys'
	sh "$tree/src/install" uninstall '' "$@"
	[ -z "$(find . ! -type d)" ]
}

@test "install replaces an older version that is running" {
	cp -R "$stage" 'b stage'
	binary='b stage/usr/libexec/xferkey/xferkey-fpr'
	ln "$binary" linked
	mkfifo keys
	"$binary" <keys >told 2>&1 3>&- &
	exec 4>keys
	into install "$PWD/b stage"
	exec 4>&-
	wait $! || [ "$?" -eq 2 ]
	grep -q 'no key in it' told
	diff -r --no-dereference "$stage" 'b stage'
	[ ! "$binary" -ef linked ]
}

@test "an ordinary user installs into the home without root" {
	home=$(mktemp -d)
	cp -a "$tree" "$home/tree"
	as=
	if [ "$(id -u)" -eq 0 ]; then
		need setpriv
		chown -R 65534:65534 "$home"
		as='setpriv --reuid 65534 --regid 65534 --clear-groups'
	fi
	$as env HOME="$home" sh -eu -c '
		cd "$HOME/tree"
		make install PREFIX="$HOME/my tools"
		cd
		PATH="$HOME/my tools/bin:$PATH"
		xferkey keygen -t ed25519 -f key
		xferkey fpr key
		xferkey sites
		cd tree
		make uninstall PREFIX="$HOME/my tools"
		[ -z "$(find "$HOME/my tools" -type f)" ]
	'
}

@test "install refuses a relative directory and the source tree itself" {
	says 2 'usr/bin: not an absolute path' \
		sh "$tree/src/install" install '' usr/bin /usr/libexec/xferkey /usr/share/xferkey /usr/share/man
	for verb in install uninstall; do
		says 2 "$tree/bin: this source tree itself" \
			sh "$tree/src/install" "$verb" '' "$tree/bin" "$tree/libexec/xferkey" "$tree/share/xferkey" "$tree/share/man"
	done
	[ -x "$tree/bin/xferkey" ]
	says 2 'usage: src/install' sh "$tree/src/install" install
	if [ "$(id -u)" -ne 0 ]; then
		run ! into install ''
	fi
}
