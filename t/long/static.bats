#!/usr/bin/env bats
# The tarball of "make static", with the libcrypto in STATIC_CRYPTO or build/static/crypto, on a system with only a
# busybox; and in STATIC_ROOT, a directory with another system.

load ../lib/test

setup_file() {
	unset MAKEFLAGS MFLAGS MAKELEVEL
	made_once unpack
}

# Two copies in different directories; and a system with devices, but without /proc and /etc/passwd.
unpack() {
	local crypto=${STATIC_CRYPTO:-$top/build/static/crypto} from name
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need musl-gcc busybox unshare ldd readelf
	[ -f "$crypto/lib/libcrypto.a" ] || skip 'no libcrypto for musl: t/tools/static-crypto makes one'
	unshare -m true 2>/dev/null || skip 'may not have a namespace of its own'
	for from in a 'b c'; do
		mkdir "$from"
		tar -C "$top" -cf - Makefile README INSTALL LICENSE bin libexec share src | tar -xf - -C "$from"
		SOURCE_DATE_EPOCH=1700000000 make -s -C "$from" static CC=musl-gcc STATIC_CRYPTO="$crypto" >said 2>&1 || {
			cat said
			return 1
		}
	done
	mkdir -p unpacked root/bin root/dev root/tmp
	chmod 1777 root/tmp
	tar -xzf a/build/*.tar.gz --strip-components=1 -C unpacked
	cp "$(command -v busybox)" root/bin
	for name in $(ldd root/bin/busybox 2>/dev/null | grep -o '/[^ ]*'); do
		mkdir -p "root${name%/*}"
		cp "$name" "root$name"
	done
	for name in $(busybox --list); do
		ln -s busybox "root/bin/$name" 2>/dev/null || :
	done
	rm -f root/bin/getent root/bin/sendmail
}

setup() {
	private_home
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR"
}

# within ROOT UID <SCRIPT: sh runs SCRIPT there, with the tarball in /xferkey, and a HOME that no passwd names.
within() {
	(printf '%s\n' 'set -eux' 'cd "$HOME"' && cat) >script
	unshare -m sh -euc '
		mkdir -p "$1/xferkey"
		mount -t tmpfs -o mode=755 tmpfs "$1/xferkey"
		mount --bind /dev "$1/dev"
		cp -R "$3/." script "$1/xferkey"
		mkdir -m 700 "$1/xferkey/home"
		chown "$2:$2" "$1/xferkey/home"
		exec env -i HOME=/xferkey/home XFERKEY_BATCH=1 PATH=/xferkey/bin:/usr/bin:/bin \
			SECRET="correct horse battery staple" "$(command -v chroot)" "--userspec=$2:$2" "$1" sh /xferkey/script
	' sh "$1" "$2" "$BATS_FILE_TMPDIR/unpacked" >out 2>&1 || {
		cat out
		return 1
	}
}

# The story of a user whose uid has no name, on one account.
story() {
	within "$1" 4242 <<'END'
[ "$(xferkey fpr -V)" = "xferkey $(sed -n 's/^version=//p' /xferkey/libexec/xferkey/lib/base.sh) (static)" ]
xferkey setup
xferkey generate --site ihmp -N none
case $(cat .ssh/ihmp.pub) in ssh-rsa\ *\ 4242@*) ;; *) exit 1 ;; esac
xferkey check --site ihmp
xferkey mail --site ihmp --user jane --from jane@example.org --to a@example.org -o draft.eml
grep -q "$(cut -d ' ' -f 2 .ssh/ihmp.pub | cut -c 1-60)" draft.eml
export OPENSSL_CONF=/nonexistent OPENSSL_MODULES=/nonexistent
xferkey fips-convert -N env:SECRET -o new .ssh/ihmp 2>said
[ "$(grep -c 'no FIPS provider in a static build: proven with OpenSSL Default Provider .* only$' said)" = 1 ]
for type in rsa ecdsa ed25519; do
	xferkey keygen -t $type -f $type
	for format in PKCS8 OPENSSH PPK2 PPK3; do
		xferkey privfmt -m $format -N env:SECRET -o $type.$format $type
		[ "$(xferkey fpr -P env:SECRET $type.$format | cut -d ' ' -f 2)" = "$(xferkey fpr $type | cut -d ' ' -f 2)" ]
	done
done
xferkey import -P env:SECRET -N none -o .ssh/putty rsa.PPK3
xferkey pubfmt -m RFC4716 .ssh/putty
xferkey pubfmt .ssh/putty.pub | xferkey authkeys
xferkey authkeys -l | grep "$(xferkey fpr rsa | cut -d ' ' -f 2)"
xferkey permcheck
xferkey permcheck "$HOME"
xferkey authkeys -d "$(xferkey fpr rsa | cut -d ' ' -f 2)"
chmod 777 .ssh
xferkey permcheck && exit 1 || [ $? = 1 ]
END
}

@test "make static gives the same tarball in two directories; its programs are PIE and need no other file" {
	local file helpers
	cmp "$BATS_FILE_TMPDIR"/*/build/*-static-*.tar.gz
	for file in "$BATS_FILE_TMPDIR"/unpacked/libexec/xferkey/{,lib/}xferkey-*; do
		[ "$(head -c 4 "$file" | tail -c 3)" = ELF ] || continue
		echo x >>programs
		run -0 readelf -hldW "$file"
		[[ $output =~ Type:\ +DYN ]]
		[[ $output = *BIND_NOW* ]]
		[[ ! $output =~ INTERP|NEEDED ]]
		run ! grep -F "$BATS_FILE_TMPDIR" "$file"
	done
	helpers=$(sed -n 's/^HELPERS = //p' "$top/Makefile" | wc -w)
	equal "$(wc -l <programs)" "$(($(grep -c '	filter	' "$top/share/xferkey/commands") + helpers))"
}

@test "the story runs on a system with only busybox: no /etc/passwd, no /proc" {
	story "$BATS_FILE_TMPDIR/root"
}

@test "the story runs on the systems of STATIC_ROOT" {
	local root
	[ -n "${STATIC_ROOT-}" ] || skip 'no STATIC_ROOT="DIRECTORY ...": other systems'
	for root in $STATIC_ROOT; do
		story "$root"
	done
}

@test "another account is refused, even one of /etc/passwd, because this libc knows no others" {
	local root=$BATS_TEST_TMPDIR/root
	cp -R "$BATS_FILE_TMPDIR/root" "$root"
	mkdir -p "$root/etc" "$root/home/jane/.ssh"
	printf '%s\n' 'root:x:0:0::/xferkey/home:/bin/sh' 'jane:x:1001:1001::/home/jane:/bin/sh' >"$root/etc/passwd"
	printf '%s\n' root:x:0: jane:x:1001: >"$root/etc/group"
	: >"$root/home/jane/.ssh/authorized_keys"
	chown -R 1001:1001 "$root/home/jane"
	within "$root" 0 <<'END'
refused() {
	said=$("$@" 2>&1 >/dev/null </dev/null) && exit 1 || [ $? = 2 ]
	case $said in *"
"*) exit 1 ;; *'not the invoking user, and this static build has no name service'*) ;; *) exit 1 ;; esac
}
export XFERKEY_QUIET=1
xferkey keygen -t ed25519 -f key
for name in jane nobody-here; do
	refused xferkey authkeys -l -u $name
	refused xferkey permcheck -s $name
	refused xferkey permcheck $name:.ssh/authorized_keys
done
refused xferkey permcheck /home/jane
refused xferkey permcheck /home/jane/.ssh/authorized_keys
refused xferkey authorize -u jane key.pub
refused xferkey authorize -u root --individual key.pub
refused xferkey revoke -u jane key.pub
refused xferkey revoke --everywhere key.pub
[ "$(printf 'jane:%s\n' "$(cat key.pub)" | xferkey authorize -b 2>&1 | grep -c 'jane.*refused.*static build')" = 1 ]
[ "$(ls -A /home/jane/.ssh)" = authorized_keys ]
[ ! -s /home/jane/.ssh/authorized_keys ]
xferkey authorize -u root key.pub || [ $? = 2 ]
grep "$(cut -d ' ' -f 2 key.pub)" .ssh/authorized_keys
xferkey authkeys -u root -l
END
}
