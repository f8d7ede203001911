# For the tests of permcheck: the command, a real sshd, files to log in with.
# shellcheck shell=bash disable=SC2034 # used by the tests

bats_require_minimum_version 1.5.0
root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
# XFERKEY_BIN: the bin of a stage or an installation to be tested.
permcheck=("${XFERKEY_BIN:-$root/bin}/xferkey" permcheck)

# start_sshd DIR LINE...: also makes DIR/key, whose .pub may log in.
start_sshd() {
	mkdir -p "$1"
	ssh-keygen -q -t ed25519 -N '' -C key -f "$1/key"
	"$root/t/fixture/sshd" start "$@"
}

# logs_in DIR [USER]
logs_in() {
	ssh -F "$1/ssh_config" -i "$1/key" ${2:+-l "$2"} test true 2>/dev/null </dev/null
}

