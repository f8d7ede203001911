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

@test "permcheck judges a home for the account that has it in passwd, each list for its owner, and no name of a group" {
	setup_accounts
	inside 4 <<-'END'
		own u1 /dev/null
		xferkey permcheck -s /srv/u1
		# a directory of two letters, and .. in the path
		as u1 mkdir -m 700 /srv/u1/.k
		install -o u1 -m 600 /dev/null /srv/u1/.k/list
		for path in .k .ssh/../.k; do
			xferkey permcheck -s u1:$path/list
			chmod 702 /srv/u1/.k
			ends 1 xferkey permcheck -s u1:$path/list >said
			grep '^refuse	/srv/u1/.k	world-writable	' said
			chmod 700 /srv/u1/.k
		done
		chown u2 /srv/u1
		ends 1 xferkey permcheck -s /srv/u1 >said
		grep '^refuse	/srv/u1	owner	' said
		for name in u2 u3; do
			install -o $name -m 600 /dev/null /srv/keys/authorized_keys-$name
		done
		xferkey permcheck -s /srv/keys/authorized_keys-u2 /srv/keys/authorized_keys-u3 >said
		[ ! -s said ]
		ends 1 xferkey permcheck -s u2:/srv/keys/authorized_keys-u3 >said
		grep '	unreadable	' said
		echo 'team:x:999999:ghost' >>/etc/group
		own u2 /dev/null
		fails '^xferkey-permcheck: ghost: no such user' xferkey permcheck -s /srv/u2 ghost
		# homes that are none
		sed -i 's,:/srv/u3:,::,; s,:/srv/u4:,:/srv/file:,' /etc/passwd
		fails '^xferkey-permcheck: u3:x: the home is not an absolute path' xferkey permcheck u3:x
		install -o u4 -m 600 /dev/null /srv/file
		xferkey permcheck -s u4:/srv/file >said
		[ ! -s said ]
	END
}

@test "authkeys -u finds a list below the home only, and makes no directory but its last" {
	setup_accounts
	new_key ed25519 -C one -f one
	inside 2 <<-'END'
		fails 'No such file' xferkey authkeys -u u1 -f a/b/list <one.pub
		[ ! -e /srv/u1/a ]
		as u1 mkdir /srv/u1/a
		xferkey authkeys -u u1 -f a//b/list <one.pub
		cmp one.pub /srv/u1/a/b/list
		[ "$(stat -c '%U %a' /srv/u1/a/b)" = 'u1 700' ]
		chmod 777 /srv/u2
		for path in ../u2/list a/../../u2/list /srv/u1/../u2/list; do
			fails 'Invalid argument' xferkey authkeys -u u1 -f $path <one.pub
		done
		[ -z "$(ls -A /srv/u2)" ]
	END
}
