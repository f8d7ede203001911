#!/usr/bin/env bats
# File systems that are read-only, or become full at any moment: status 2, one line, and every file is as it was.

load ../lib/test

setup_file() {
	made_once make_disks
}

make_disks() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to mount'
	need ssh-keygen mount
	mkdir tmpfs ext4 inodes
	mount -t tmpfs -o size=64k tmpfs tmpfs || skip 'may not mount'
	mount -t tmpfs -o nr_inodes=4 tmpfs inodes
	head -c 4194304 /dev/zero >image
	if command -v mkfs.ext4 >/dev/null; then
		mkfs.ext4 -q -m 0 -b 4096 -O ^has_journal image
	else
		busybox mke2fs -F -m 0 -b 4096 image >/dev/null || skip 'no mkfs.ext4'
	fi
	mount -t ext4 -o loop image ext4 || skip 'no loop devices'
	new_key ed25519 -C c -f key
	new_key rsa -b 2048 -m PEM -C c -f rsa
}

teardown_file() {
	local disk
	for disk in tmpfs ext4 inodes; do
		! mountpoint -q "$BATS_FILE_TMPDIR/$disk" || umount "$BATS_FILE_TMPDIR/$disk"
	done
}

setup() {
	private_home
	# not on the full disk
	key=$BATS_FILE_TMPDIR/key
	rsa=$BATS_FILE_TMPDIR/rsa
}

# disk NAME: empties this disk, changes to it, and puts an old list and a key on it.
disk() {
	local name
	cd "$BATS_FILE_TMPDIR/$1" || return
	mount -o remount,rw .
	find . -mindepth 1 ! -name lost+found -delete
	cp "$key.pub" list
	printf 'precious\n' >old
}

# fill KEEP: fills the disk except KEEP blocks of 4 KiB.
fill() {
	local i
	rm -f filler
	for ((i = 0; i < $1; i++)); do
		head -c 4096 /dev/zero >"kept$i"
	done
	# a file system releases its reserve bit by bit
	for i in 1 2 3 4 5; do
		sync -f .
		cat /dev/zero >>filler 2>/dev/null || :
		while head -c 4096 /dev/zero >>filler; do :; done 2>/dev/null
	done
	for ((i = 0; i < $1; i++)); do
		rm "kept$i"
	done
	sync -f .
}

snapshot() {
	find . -exec ls -ldin {} + | awk '{ print $1, $2, $4, $5, $6, $10, $11, $12 }'
	cksum list old
}

# fails FACT COMMAND ...: status 2, one line with FACT, and nothing changes.
fails() {
	local before got fact=$1 said
	shift
	before=$(snapshot)
	"$@" 2>"$BATS_TEST_TMPDIR/err" </dev/null && got=0 || got=$?
	said=$(grep -v '^+ ' "$BATS_TEST_TMPDIR/err") || :
	[ "$got" -eq 2 ] && [ "$(wc -l <<<"$said")" -eq 1 ] && [[ $said == *"$fact"* ]] || {
		echo "$*: status $got: $said"
		return 1
	}
	equal "$before" "$(snapshot)"
}

to_out() {
	"$@" >>out
}

with_key() {
	"$@" <"$rsa.pub"
}

# everything FACT: each command that writes a file fails with FACT.
everything() {
	local words
	for words in 'keygen -t ed25519 -f new' 'keygen -t rsa -b 2048 -f new' "privfmt -m PKCS8 -o new $rsa" \
		"fips-convert -N none -o new $rsa" 'authkeys -f list' 'authkeys -f newlist' '-q generate -t ed25519 -f new'; do
		fails "$1" with_key xferkey $words
	done
	fails '' xferkey -q mail --to a@b.example -o new "$key.pub"
}

@test "no room: every command that writes fails, and changes nothing" {
	for name in tmpfs ext4; do
		disk "$name"
		fill 0
		everything 'No space left on device'
	done
}

@test "no inodes: every command that writes fails, and changes nothing" {
	disk inodes
	: >last
	everything 'No space left on device'
}

@test "room for the private key only: neither half of the pair is left" {
	disk tmpfs
	fill 1
	fails 'new.pub: No space left on device' xferkey keygen -t ed25519 -f new
	fails 'No space left on device' xferkey -q generate -t ed25519 -f new
	fill 2
	xferkey keygen -t ed25519 -f new
	ssh-keygen -y -f new | cut -d ' ' -f 1,2 | grep -qxF "$(blob new.pub)"
}

@test "room for a part of a long list only: the old list stays" {
	disk tmpfs
	yes "# $(cat "$key.pub")" | head -n 110 >list
	fill 2
	fails 'list: No space left on device' with_key xferkey authkeys -f list
	fill 3
	with_key xferkey authkeys -f list
	equal "$(tail -n 1 list)" "$(cat "$rsa.pub")"
}

@test "no room for standard output: the filters and mail fail" {
	disk tmpfs
	umask 077
	: >out
	fill 0
	for words in 'keygen -t ed25519' "privfmt $rsa" "fips-convert -N none $rsa" "pubfmt $rsa" "fpr $rsa"; do
		fails 'standard output: No space left on device' to_out xferkey $words
	done
	fails 'standard output: cannot write' to_out xferkey -q mail --to a@b.example "$key.pub"
}

@test "no room in TMPDIR: this is the only error" {
	local name fact=': cannot write'
	echo hello >"$HOME/file"
	sh_script "$HOME/ascp" 'exit 1'
	cp "$key" "$HOME/bad"
	head -c 100 "$key" >"$HOME/bad.pub"
	for name in tmpfs ext4; do
		disk "$name"
		fill 0
		export TMPDIR=$PWD
		# here a directory takes a block
		[ "$name" = tmpfs ] || fact="$PWD: cannot make a directory"
		# an unreadable public half, no fingerprint, an empty log of ascp
		fails "$fact" xferkey check "$HOME/bad"
		fails "$fact" xferkey check "$key" --login nobody@127.0.0.1:1
		fails "$fact" xferkey -q authorize -u root "$HOME/bad.pub"
		XFERKEY_ASCP=$HOME/ascp fails "$fact" xferkey ascp -i "$rsa" "$HOME/file" h:
		XFERKEY_ENGINE=sftp fails "$fact" xferkey ascp -P 1 "$HOME/file" 127.0.0.1:
	done
}

@test "a read-only file system: every command that writes fails, and changes nothing" {
	disk ext4
	mount -o remount,ro .
	everything 'Read-only file system'
}

@test "an immutable directory: every command that writes fails, and changes nothing" {
	need chattr
	disk ext4
	mkdir -m 700 fixed
	cp list old fixed
	cd fixed
	chattr +i .
	everything 'Operation not permitted'
	chattr -i .
}

@test "without O_TMPFILE the next run removes the file of a killed one" {
	need ntfs-3g mkfs.ntfs strace
	cd "$BATS_TEST_TMPDIR"
	mkdir ntfs
	head -c 8388608 /dev/zero >ntfs.image
	mkfs.ntfs -q -F -f ntfs.image >/dev/null 2>&1
	mount -t ntfs-3g -o loop,permissions ntfs.image ntfs || skip 'may not mount NTFS'
	killed_on_ntfs && got=0 || got=$?
	umount ntfs
	[ "$got" -eq 0 ]
}

# killed_on_ntfs: each step with "|| exit", because errexit is off where the status is tested.
killed_on_ntfs() (
	cd ntfs || exit
	set -- strace -qq -o ../calls -e trace=openat "$(xferkey --exec-path)/xferkey-privfmt" -m PKCS8
	export ASAN_OPTIONS=detect_leaks=0
	"$@" -o whole "$rsa" || exit
	grep 'O_TMPFILE.*EOPNOTSUPP' ../calls || exit
	strace -qq -o ../calls -e inject=linkat:signal=KILL "${@:7}" -o killed "$rsa"
	[ "$(find . -name '.xferkey.??????' | wc -l)" -eq 1 ] || exit
	"$@" -o next "$rsa" || exit
	[ "$(ls -A)" = "$(printf 'next\nwhole')" ] && cmp next whole
)
