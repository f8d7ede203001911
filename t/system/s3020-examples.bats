#!/usr/bin/env bats
# README's and the manuals' examples for root, run as written, with jane's account; t3010 runs the other examples.

load ../lib/test
load ../lib/accounts

setup() {
	setup_accounts
	new_key ed25519 -C jane@lab -f jane
}

@test "the examples for root run" {
	inside 1 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		. "$top/t/lib/examples.bash"
		# from here on the accounts are root, jane, and nobody for sshd
		sed -n -i 's;:/root:;:/srv/root:;; s;/srv/u1:;/srv/jane:;; /^root:/p; /^nobody:/p; s/^u1:/jane:/p' \
			/etc/passwd /etc/group /etc/shadow
		mv /srv/u1 /srv/jane
		mkdir -m 700 /srv/root
		mkdir -p /etc/ssh/keys
		list=/srv/jane/.ssh/authorized_keys
		tee received.pub ihmp.pub /etc/ssh/keys/jane /etc/ssh/ssh_host_rsa_key.pub <jane.pub
		new_key ed25519 -f new
		echo "jane:$(cat jane.pub)" >keys.txt
		printf '%s\n' 'absolute: "/srv/transfer"' 'write_allowed: "true"' >jane.txt
		mount -t tmpfs tmpfs /var/log
		echo "2026-01-01T00:00:00Z host sshd[1]: Accepted publickey for jane from 10.0.0.1 port 1 ssh2: ED25519 $(print jane.pub)" |
			tee /var/log/auth.log >auth.log
		echo jane >leavers.txt
		# sshd wrote a line a year ago, and now
		sh_script journalctl 'date -u -d "-365 days" "+%FT%TZ host sshd[1]: Received SIGHUP; restarting."' \
			'date -u "+%FT%TZ host sshd[1]: Received SIGHUP; restarting."'
		PATH=$PWD:$PATH
		n=0
		while IFS=$'\t' read -r page prompt command shown <&3; do
			case $prompt$page:$command in
			'#'*/ldap-authorized-keys*) continue ;; # s2190
			'#'*'xferkey intake'*) continue ;; # s2125
			*--token-account*) continue ;; # s2145
			'#'* | -README:xferkey\ who* | -README:xferkey\ authorize* | -README:xferkey\ revoke* | -README:xferkey\ permcheck*) ;;
			*) continue ;;
			esac
			case $command in
			*' --replaces '*) own jane jane.pub ;;
			*' authorize '* | *' authkeys'*) rm -f "$list" ;;
			*runuser*) chmod o+w /srv/jane ;;
			esac
			command=$(sed "s;SHA256:[^ ]*;$(print jane.pub);" <<<"$command")
			n=$((n + 1))
			got=0
			sh -c "$command" </dev/null >out 2>err || got=$?
			echo "$page: $command: $got" >>done
			case $command in
			*permcheck* | *' --krl '* | *' --log '*) [ "$got" -le 1 ] ;;
			*) [ "$got" -eq 0 ] ;;
			esac
			case $command in
			*' --replaces '*)
				grep "^expiry-time=\"[0-9]*\" $(cat jane.pub)" "$list"
				own jane jane.pub
				;;
			*' authorize '* | *' authkeys'*) [ "$(grep -c "$(cut -d ' ' -f 2 jane.pub)" "$list")" -eq 1 ] ;;
			*' --log '*) lacks err "nothing is removed" ;;
			*' --krl '*) ssh-keygen -Q -f /etc/ssh/revoked_keys jane.pub | grep REVOKED ;;
			*' revoke '*)
				[ ! -s "$list" ]
				undo
				[ -s "$list" ]
				;;
			*since=* | *leavers*) grep '^jane' out ;;
			*runuser*) [ "$(stat -c %a /srv/jane)" = 755 ] ;;
			esac
		done 3< <(examples)
		[ "$n" -ge 31 ]
	END
}
