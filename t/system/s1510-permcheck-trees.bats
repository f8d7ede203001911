#!/usr/bin/env bats
# permcheck and a real sshd agree on random homes, and on rows of the user database that no tool would write.

load ../lib/test
load ../lib/accounts

@test "permcheck and sshd agree on 100 random homes" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to make accounts'
	run -0 "$top/t/long/permcheck-trees" 100
	[[ $output == *$'\tok\tok'* ]]
	[[ $output == *$'\trefuse\trefuse'* ]]
}

@test "permcheck and sshd use the first of two rows of passwd with one name" {
	setup_accounts
	inside 2 <<-'END'
		echo "u1:x:265001:$(id -g u2)::/srv/second:/bin/false" >>/etc/passwd
		own u1 /dev/null
		cp -a /srv/u1 /srv/second
		chown -R u2 /srv/second
		# the groups of the account are those of its first row
		chown root:u2 /srv/u1/.ssh/authorized_keys
		chmod 640 /srv/u1/.ssh/authorized_keys
		ends 1 as u1 test -r /srv/u1/.ssh/authorized_keys
		for operand in u1 -; do
			ends 1 xferkey permcheck -s "$operand" <<<u1:/srv/u1 >said
			grep '	unreadable	' said
		done
		# no account has this home: permcheck judges it for its owner
		xferkey permcheck -s /srv/second
	END
}
