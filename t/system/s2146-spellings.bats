#!/usr/bin/env bats
# Keys in other spellings at a real sshd: authkeys lists each that logs in; a revoked one does not log in.

load ../lib/test
load ../lib/accounts

@test "authkeys lists each mutated line that logs in, and none logs in after revoke" {
	need python3
	setup_accounts
	for key in 'ed25519' 'rsa -b 2048' 'ecdsa -b 256' 'ecdsa -b 384' 'ecdsa -b 521'; do
		new_key $key -C '' -f "${key// -b /}"
	done
	dsa=
	! has_dsa || {
		new_key dsa -C '' -f dsa
		dsa='PubkeyAcceptedAlgorithms +ssh-dss'
	}
	export dsa N=${XFERKEY_LOGINS:-24}
	inside 2 'AuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2' ${dsa:+"$dsa"} <<-'END'
		let_in=0
		set -- *.pub
		for ((i = 1; i <= N; i++)); do
			key=${1%.pub} print=$(print "$1") user=u$((i % 2 + 1)) name=authorized_keys$((2 * (i % 3 != 0)))
			shift
			[ $# -gt 0 ] || set -- *.pub
			cut -d ' ' -f 1,2 "$key.pub" | "$top/t/tools/genkeys" spell "$i" $((i % 2 * 55 + 40)) >line
			rm -rf "/srv/$user/.ssh"
			own $user line "${name%0}"
			echo "$key, line $i"
			logs_in $user "$key" ${dsa:+-o "$dsa"} || continue
			let_in=$((let_in + 1))
			xferkey authkeys -u $user -l -f "/srv/$user/.ssh/${name%0}" | grep -F "$print" >listed
			revoke -u $user "$print"
			kept_out $user "$key" ${dsa:+-o "$dsa"}
		done
		echo "$let_in logged in and were revoked, $((N - let_in)) were refused"
		[ "$let_in" -ge $((N / 4)) ]
	END
	[ -z "${XFERKEY_LOGINS-}" ] || echo "# ${lines[-1]}" >&3
}
