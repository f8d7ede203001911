#!/usr/bin/env bats
# xferkey import and a disk of Windows, whose files cannot have mode 0600: FAT if the kernel has it, else NTFS without
# permissions, as a system mounts a plugged-in disk.

load ../lib/test

setup() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to mount'
	need puttygen ssh-keygen mount
	private_home
	mkdir disk
	head -c 8388608 /dev/zero >image
	if command -v mkfs.vfat >/dev/null && mkfs.vfat image >/dev/null && mount -t vfat -o loop image disk; then
		:
	else
		need mkfs.ntfs ntfs-3g
		mkfs.ntfs -q -F -f image >/dev/null 2>&1
		mount -t ntfs-3g -o loop image disk || skip 'may mount neither FAT nor NTFS'
	fi
	new_key ed25519 -C "jane's" -f key
	puttygen key -o disk/key.ppk
}

teardown() {
	! mountpoint -q "$HOME/disk" || umount "$HOME/disk"
}

@test "import reads a key from a FAT disk, and refuses to write one there" {
	grep "$HOME/disk" /proc/mounts
	equal "$(find disk -type f -perm 600)" ''
	xferkey -q import disk/key.ppk
	equal "$(stat -c %a .ssh/key)" 600
	equal "$(cat .ssh/key.pub)" "$(cat key.pub)"
	export XFERKEY_QUIET=1
	for words in 'import disk/key.ppk' 'import -m PPK3 .ssh/key' 'fips-convert -N none .ssh/key'; do
		says 2 'disk/new: its directory keeps no mode 0600' xferkey ${words% *} -o disk/new "${words##* }"
	done
	(cd disk && says 2 'new: its directory keeps no mode 0600' xferkey -q import ../key -o new)
	says 2 'keeps no mode 0600' xferkey keygen -t ed25519 -f disk/made
	equal "$(ls -A disk)" key.ppk
	mkdir disk/home
	HOME=$PWD/disk/home says 2 'keeps no mode 0600' xferkey -q import key
	equal "$(find disk/home -type f)" ''
}
