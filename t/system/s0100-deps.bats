#!/usr/bin/env bats
# t/tools/deps on machines that have everything, nothing, no sudo or another package manager; and on a new Debian to the
# end of the demo.

load ../lib/test

setup() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	tree=$BATS_TEST_TMPDIR/tree
	bin=$BATS_TEST_TMPDIR/bin
	reachable
	mkdir -p "$tree/build" "$bin"
	cp -R "$top/t" "$tree/t"
	cp -R "$top"/build/{sshd,mta,ldap,fips,tools} "$tree/build/" 2>/dev/null || :
	chown -R 65534:65534 "$tree"
}

# without COMMAND ...: sets path to a directory with all commands of this machine except these.
without() {
	ln -s /usr/bin/* "$bin/"
	(cd "$bin" && rm -f "$@")
	path=$bin
}

# nobody COMMAND ...: as an ordinary user, without a network.
nobody() {
	unshare --net setpriv --reuid 65534 --regid 65534 --clear-groups env -i \
		HOME="$tree" TMPDIR=/tmp PATH="${path-/usr/bin:/bin}" "$@"
}

# asks LINE: deps, run as nobody, ends with status 2, and LINE is its last line.
asks() {
	run -2 nobody "$tree/t/tools/deps"
	equal "${lines[-1]}" "$1"
}

# stand_in NAME: makes a command that prints its arguments and fails.
stand_in() {
	sh_script "$bin/$1" "echo \"$1: \$*\"" 'exit 1'
}

@test "if nothing is missing, deps needs neither root nor a network" {
	# Debian 13 has no yash
	command -v yash >/dev/null || stand_in yash
	path=$bin:/usr/bin:/bin
	run -0 nobody "$tree/t/tools/deps" build check
	[ "${lines[-1]}" = 'deps: nothing is missing' ]
	[[ $output != *'+ '* ]]
	[ -z "$(ls -d "$tree"/build/deps.* 2>/dev/null)" ]
}

@test "a shell that the distribution lacks is named, and the status is 0" {
	without yash
	stand_in sudo
	run -0 nobody "$tree/t/tools/deps" build check
	[[ $output = *'+ sudo '*' yash'* ]]
	equal "${lines[-1]}" 'deps: still missing, tests are skipped: yash; the packages are yash'
}

@test "without root and sudo deps names the packages to ask for, with status 2" {
	without cc sudo
	asks "deps: still missing: a C compiler, libcrypto's headers (OpenSSL 3); ask the administrator to install $(
		)gcc libc6-dev libssl-dev"
	[[ $output != *'+ '* ]]
}

@test "without a package manager deps prints the list, with status 2" {
	without cc apt-get
	asks "deps: no apt, dnf or apk here; please install: a C compiler, libcrypto's headers (OpenSSL 3)"
}

@test "dnf and apk get the names of their own packages, through sudo" {
	without cc apt-get
	stand_in sudo
	stand_in dnf
	run -2 nobody "$tree/t/tools/deps"
	[[ $output = *'+ sudo dnf install -y --setopt=install_weak_deps=False gcc openssl-devel'* ]]
	rm "$bin/dnf"
	stand_in apk
	run -2 nobody "$tree/t/tools/deps"
	[[ $output = *'+ sudo apk add gcc musl-dev openssl-dev'* ]]
}

@test "an unknown operand is status 2, and nothing is installed" {
	run -2 nobody "$tree/t/tools/deps" everything
	[ "$output" = 'deps: usage: t/tools/deps [build] [check]' ]
}

@test "make deps demo works on a new Debian with make, git and sudo, as root and as a user" {
	need apt-get wget
	run "$top/t/long/clean-debian" deps demo
	tail -n 40 <<<"$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^demo: done in [0-9]* s: 64 MiB sent and fetched' <<<"$output")" -eq 2 ]
	[[ $output = *', root: make deps demo: status 0, '*', user: make deps demo: status 0, '* ]]
}
