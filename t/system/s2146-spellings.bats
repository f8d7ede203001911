#!/usr/bin/env bats
# A key in another spelling at a real sshd: what logs in is listed, and once revoked it does not log in.

load ../lib/test

setup() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need unshare ssh-keygen getent python3
	unshare -m true 2>/dev/null || skip 'may not have a namespace of its own'
	private_home
	for folder in "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$HOME"; do
		[ ! -d "$folder" ] || chmod a+x "$folder"
	done
	homes=$HOME/homes
	export homes top
}

@test "mutated lines at a real sshd: each that logs in is listed, and none logs in when it is revoked" {
	ssh-keygen -q -t ed25519 -N '' -C '' -f ed25519
	ssh-keygen -q -t rsa -b 2048 -N '' -C '' -f rsa
	for key in 256 384 521; do
		ssh-keygen -q -t ecdsa -b $key -N '' -C '' -f ecdsa$key
	done
	# OpenSSH 10 has no DSA
	! ssh -Q key | grep -qx ssh-dss || ssh-keygen -q -t dsa -N '' -C '' -f dsa
	cat >script <<-'END'
		set -eu
		export TMPDIR=$HOME/tmp SSHD_OWNER=$$
		mkdir -p "$TMPDIR"
		algorithms=
		[ ! -e dsa ] || algorithms='PubkeyAcceptedAlgorithms +ssh-dss'
		"$top/t/fixture/sshd" start "$HOME/sshd" 'AuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2' ${algorithms:+"$algorithms"}
		trap '"$top/t/fixture/sshd" stop "$HOME/sshd"' EXIT
		PATH=$HOME/sshd:$PATH
		logs_in() {
			ssh -v -F "$HOME/sshd/ssh_config" ${algorithms:+-o "PubkeyAcceptedAlgorithms=+ssh-dss"} -i "$2" -l "$1" test true >login 2>&1 || :
			grep -q '^Authenticated to' login
		}
		for user in u1 u2; do
			install -d -m 700 -o $user -g $user "$homes/$user/.ssh"
		done
		let_in=0 refused=0 i=0
		set -- *.pub
		while [ "$i" -lt "$N" ]; do
			i=$((i + 1))
			key=${1%.pub}
			user=u$((i % 2 + 1))
			list=$homes/$user/.ssh/authorized_keys$([ $((i % 3)) != 0 ] || echo 2)
			shift
			[ $# -gt 0 ] || set -- *.pub
			rm -f "$homes/$user/.ssh/"*
			cut -d ' ' -f 1,2 "$key.pub" | "$top/t/tools/genkeys" spell "$i" $((i % 2 * 55 + 40)) >"$list"
			chown $user:$user "$list"
			chmod 600 "$list"
			print=$(ssh-keygen -lf "$key.pub" | cut -d ' ' -f 2)
			if logs_in $user "$key"; then
				let_in=$((let_in + 1))
				xferkey authkeys -u $user -l -f "$list" | grep -F "$print" >/dev/null || {
					echo "not listed: $key, line $i"
					exit 1
				}
				xferkey -q revoke -u $user "$print" >/dev/null || {
					echo "not revoked: $key, line $i"
					exit 1
				}
				if logs_in $user "$key"; then
					echo "logs in although it is revoked: $key, line $i"
					exit 1
				fi
			else
				refused=$((refused + 1))
			fi
		done
		echo "$let_in logged in and were revoked, $refused were refused"
		[ "$let_in" -ge $((N / 4)) ]
	END
	N=${XFERKEY_LOGINS:-24} run -0 "$top/t/fixture/accounts" "$homes" 2 bash ./script
	[ -z "${XFERKEY_LOGINS-}" ] || echo "# $(tail -n 1 <<<"$output")" >&3
}
