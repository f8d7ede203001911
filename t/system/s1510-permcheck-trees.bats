#!/usr/bin/env bats
# permcheck and a real sshd of random homes; and of rows of the user database that no tool would write.

load ../lib/permcheck

setup() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to make accounts'
}

@test "100 random homes: permcheck says of each what sshd does" {
	run -0 "$root/t/long/permcheck-trees" 100
	[[ $output == *$'\tok\tok'* ]]
	[[ $output == *$'\trefuse\trefuse'* ]]
}

# Run where /etc is a copy (t/fixture/accounts): u1's name again, in a second row.
@test "a name that passwd has twice: sshd never sees the second row" {
	base=$(mktemp -d /opt/permcheck-rows.XXXXXX)
	chmod 755 "$base"
	cat >"$base/run" <<-'END'
		set -eux
		base=$1 permcheck=$2
		echo "u1:x:265001:$(id -g u2)::$base/second:/bin/false" >>/etc/passwd
		mkdir -m 700 "$base/u1/.ssh"
		: >"$base/u1/.ssh/authorized_keys"
		chown -R u1 "$base/u1/.ssh"
		cp -a "$base/u1" "$base/second"
		chown -R u2 "$base/second"
		# Its groups are not the account's.
		chown root:u2 "$base/u1/.ssh/authorized_keys"
		chmod 640 "$base/u1/.ssh/authorized_keys"
		if runuser -u u1 -- test -r "$base/u1/.ssh/authorized_keys"; then exit 3; fi
		for operand in u1 -; do
			if echo "u1:$base/u1" | "$permcheck" permcheck -s "$operand" >"$base/said"; then exit 4; fi
			grep '	unreadable	' "$base/said"
		done
		# Its home is nobody's: it is judged for its owner.
		"$permcheck" permcheck -s "$base/second"
	END
	run "$root/t/fixture/accounts" "$base" 2 sh "$base/run" "$base" "${permcheck[0]}"
	rm -rf "$base"
	[ "$status" -eq 0 ]
}
