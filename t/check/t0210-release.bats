#!/usr/bin/env bats
# What every release needs: one version and one tarball. release-check says what is missing.

load ../lib/test

# clone: the checkout, as it is committed, in the working directory.
clone() {
	need git
	git -C "$top" rev-parse -q --verify HEAD >/dev/null || skip 'no checkout of this user'
	git clone -q "$top" "$BATS_TEST_TMPDIR/clone"
	cd "$BATS_TEST_TMPDIR/clone" || return
	unset MAKEFLAGS MFLAGS MAKELEVEL
}

release() {
	sh t/tools/release "$@"
}

@test "every file states the same version" {
	cd "$top"
	release versions
}

@test "make dist gives the same tarball in another directory, locale and umask, with every file" {
	clone
	release dist
	run ! make -s dist TAG=v9
	has v9
}

@test "release-check says what a release lacks" {
	clone
	sed -i 's/^Version:.*/Version: 9.9/' share/packaging/xferkey.spec
	sed -i 's/^pkgver=.*//' share/packaging/APKBUILD
	echo '9.8, not released yet' >share/doc/xferkey/CHANGES
	echo >new
	version=$(bin/xferkey -V)
	version=${version#* }
	export GIT_AUTHOR_NAME=me GIT_AUTHOR_EMAIL=me@lab GIT_COMMITTER_NAME=me GIT_COMMITTER_EMAIL=me@lab
	git tag "v$version" "$(git commit-tree -m other 'HEAD^{tree}')"
	run -1 release committed versions released
	has_line 'new: not committed' 'share/packaging/xferkey.spec: not committed' \
		"share/packaging/xferkey.spec: version 9.9, not $version" "share/packaging/APKBUILD: version , not $version" \
		"share/doc/xferkey/CHANGES: version 9.8, not $version" \
		'share/doc/xferkey/CHANGES: 9.8, not released yet' "v$version: a tag of another commit"
	git commit -qam version
	git tag -f "v$version"
	rm new
	run release committed versions released
	[[ ! $output =~ committed|tag ]]
}
