# For the scripts of s2145-accounts.bats, which bash runs where t/fixture/accounts has made accounts: what they assert with.
set -eu
export TMPDIR=$HOME/tmp
mkdir -p "$TMPDIR"
trap 'head -n 50 out err 2>/dev/null' ERR

print() {
	ssh-keygen -lf "$1" | cut -d ' ' -f 2
}

# ends STATUS COMMAND ...
ends() {
	local want=$1 got=0
	shift
	"$@" || got=$?
	[ "$got" = "$want" ]
}

# logs_in NAME KEY: a real login, whatever the account's shell does then; no answer of sshd is no refusal.
logs_in() {
	ssh -v -F "$HOME/sshd/ssh_config" -i "$2" -l "$1" test true >login 2>&1 || :
	grep -q '^Authenticated to' login || {
		grep -q ': Permission denied (' login || exit 99
		return 1
	}
}

# start_sshd [CONFIG-LINE ...]: an sshd for them, until the script ends.
start_sshd() {
	export SSHD_OWNER=$$
	"$top/t/fixture/sshd" start "$HOME/sshd" "$@"
	PATH=$HOME/sshd:$PATH
	trap '"$top/t/fixture/sshd" stop "$HOME/sshd"' EXIT
}
