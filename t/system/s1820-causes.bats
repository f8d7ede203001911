#!/usr/bin/env bats
# What keeps a login or a transfer from working, produced with real parts: of each cause the one line that says it, and
# words that would say another one. A row: who says it (check --login, the SFTP engine, ascp's pre-flight); what is wrong;
# a function that makes it so; the arguments; the line, whole; what no line may say, a regular expression.

load ../lib/test
load ../lib/porcelain

here() {
	cat <<-'END'
		check|the public half|as_is|key.pub|fail	format	a public key; its private one may be ./key|server|passphrase
		check|no such file|as_is|nosuch|fail	format	./nosuch: no such file|server|key:
		check|a directory|as_is|.ssh|fail	format	./.ssh: not a file|server
		check|half a file|half|half|fail	format	./half: truncated: its last line is missing|server|install
		check|a PuTTY key|as_is|winscp.ppk|fail	format	a PuTTY key: xferkey import ./winscp.ppk|server|install
		check|two keys|two|two|fail	format	./two: more than one key in it|server
		check|a certificate|certificate|key-cert.pub|fail	format	a public key, and ascp -i takes the private one|server
		check|a file that may not be read|unreadable|key|fail	format	./key: Permission denied|server|passphrase
		check|the .pub of another key|beside|key|fail	pair	./key.pub is of another key: $(print other.pub), but this one is $print|server
		check|modes of the key|mode|key|fail	permissions	ssh does not use the key: mode 0644 gives group or others access|no such
		ascp|the public half|as_is|-i key.pub file h:|key.pub: a public key; its private one may be ./key|server
		ascp|an empty variable|as_is|-i -l 100M file h:|-i: no key before the option -l|no such file
		ascp|no such file|as_is|-i nosuch file h:|nosuch: no such file|server
		ascp|a PuTTY key|as_is|-i winscp.ppk file h:|winscp.ppk: a PuTTY key: xferkey import ./winscp.ppk|server
		ascp|an encrypted key in a job|as_is|-i locked file h:|locked: has a passphrase, which ASPERA_SCP_PASS does not give; XFERKEY_BATCH=1 forbids to ask|wrong
		ascp|a host on both sides|as_is|-i key a:b h:c|h:c: both sides have a host|no such
		ascp|no ascp|no_ascp|-i key file h:|ascp: not in PATH, ~/.aspera, /opt/aspera, conda, /Applications (XFERKEY_ASCP, or XFERKEY_ENGINE=sftp)|no such
		put|no such site|as_is|file nosuch:|nosuch: no such site: xferkey sites lists them, and a host is for xferkey ascp|host key
	END
}

login() {
	cat <<-'END'
		check|a wrong passphrase|env_wrong|locked -P env:PW|not tried: wrong passphrase for ./locked|refused|server|install
		check|no passphrase in a job|as_is|locked|not tried: the key is encrypted, and no passphrase is given: -P SOURCE gives it|wrong|server
		check|modes of the key|mode|key|ssh does not use the key: mode 0644 gives group or others access|install|refused
		check|a key that is not installed|as_is|other|refused: it is not installed for $me: xferkey authorize -u $me $HOME/other.pub|mode|Accepted
		check|no key directory|no_directory|key|refused: it is not installed for $me: xferkey authorize -u $me $HOME/key.pub|mode|symbolic
		check|no such account|user_nosuch|key|refused: nosuch is no account of this server|install|mode
		check|no such host|host_none|key|a..b: no address was found for this host|firewall|port|refused
		check|a port where nobody listens|port_1|key|nothing listens there on port 1, or a firewall refuses it|host key|such host
		check|a host key that is not known|unknown|key|the host key is not known: $hostkey; where this asks, type the fingerprint that the data centre names: ssh -F $XFERKEY_SSH_CONFIG -o StrictHostKeyChecking=ask -p $port $me@127.0.0.1|changed|not that of|refused
		check|a changed host key|changed|key|the host key is not that of known_hosts, but $hostkey: ask the data centre; if it is theirs: ssh-keygen -R '[127.0.0.1]:$port' -f $sshd/known_hosts|not known|refused
		check|another host key than the profile's|profile|--site lab|the host key is $hostkey, and not $(print other.pub) of the site's profile: ask the data centre|not known|known_hosts|refused
		check|expiry-time= that is over|expired|key|refused: it is installed; perhaps refused for the options of its line (expiry-time); the log of sshd may have the reason|not installed|mode
		check|from= another address|from|key|refused: it is installed; perhaps refused for the options of its line (from); the log of sshd may have the reason|not installed|mode
		check|a symbolic link to nothing for authorized_keys|dangling|key|refused: it is not installed for $me: xferkey authorize -u $me $HOME/key.pub|mode
		check|a symbolic link for authorized_keys, to a file without the key|linked|key|refused: it is not installed for $me: xferkey authorize -u $me $HOME/key.pub|mode
		check|a line in the file of another account|other_account|key|refused: it is not installed for $me: xferkey authorize -u $me $HOME/key.pub|mode
	END
}

policy() {
	cat <<-'END'
		PubkeyAuthentication no|key|refused: sshd's configuration: PubkeyAuthentication no|not installed|the log
		PubkeyAcceptedAlgorithms rsa-sha2-512,ssh-ed25519|key|refused: sshd's configuration: PubkeyAcceptedAlgorithms rsa-sha2-512,ssh-ed25519|not installed|the log
		PubkeyAcceptedAlgorithms ssh-ed25519|rsa|refused: sshd's configuration: PubkeyAcceptedAlgorithms ssh-ed25519|not installed|the log
		RequiredRSASize 3072|rsa|refused: sshd's configuration: RequiredRSASize 3072|not installed|the log
		AllowUsers nobody-of-here|key|refused: sshd's configuration: AllowUsers nobody-of-here|not installed|mode
		DenyUsers $me|key|refused: sshd's configuration: DenyUsers $me|not installed|mode
		AuthenticationMethods publickey,keyboard-interactive;KbdInteractiveAuthentication yes|key|the server takes the key, and wants more than a key, which ascp may not have|not installed|the log
		StrictModes yes|key|refused: $HOME/.ssh: sshd refuses every key in the file: mode 0777 lets everybody write; xferkey permcheck -x $me:$HOME/.ssh/authorized_keys|not installed|the log
	END
}

engine() {
	cat <<-'END'
		a file that is missing here|as_is|nosuch $there:far/|2|nosuch: no such file|host|server
		a host key that is not known|unknown|file $there:far/|255|the server's host key is not known here: $check (ssh: Host key verification failed.)|changed|expected|the one
		a changed host key|changed|file $there:far/|255|the server's host key is not the one that is known here: $check (ssh: Host key verification failed.)|not known
		no such host|as_is|file a..b:far/|255|no address was found for the host (ssh: Could not resolve hostname a..b: Name or service not known)|firewall|port
		a port where nobody listens|port_1|file $there:far/|75|nothing listens there on that port (-P), or a firewall refuses it (ssh: connect to host 127.0.0.1 port 1: Connection refused)|host key|no such
		a wrong name of a folder there|as_is|file $there:far/|2|far/: no such directory|host|server
		a file that is missing there|as_is|$there:nosuch got|1|get: Access failed: No such file (./nosuch)|host|server
		a folder that may not be written to|closed|file $there:/etc/xferkey-test|1|put: ./file: Access failed: Permission denied (/etc/.xferkey-5-$(stat -c %Y file)-xferkey-test)|space|host
		modes of the key|mode|file $there:|255|ssh does not use the key (ssh: Load key \"./key\": bad permissions)|installed|host key
		a key that is not installed|key_other|file $there:far/|77|the server did not let the key in: ECDSA $(print other.pub) must be installed for $me there: $check (ssh: $me@127.0.0.1: Permission denied (publickey).)|host key
	END
}

account() {
	cat <<-'END'
		Subsystem other /bin/false|255|the server does not let this account use SFTP (ssh: subsystem request failed on channel 0)|host |lost
		ForceCommand /bin/false|75|it ended without a word: the server runs another program than SFTP for this account, or the connection was lost|host |install
	END
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	ssh-keygen -q -t ecdsa -m PEM -N '' -f key
	ssh-keygen -q -t ecdsa -m PEM -N '' -f other
	ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f rsa
	ssh-keygen -q -t ed25519 -a 1 -N secret -f locked
	puttygen key -O private -o winscp.ppk
	echo data >file
}

setup() {
	need puttygen lftp
	private_home
	cp "$BATS_FILE_TMPDIR"/{key,other,rsa,locked}{,.pub} "$BATS_FILE_TMPDIR/winscp.ppk" "$BATS_FILE_TMPDIR/file" .
	mkdir -m 700 .ssh
	mkdir far
	chmod 755 "$HOME"
	install_keys
	me=$(id -un) print=$(print key.pub)
	export XFERKEY_BATCH=1
	unset XFERKEY_SITE
}

teardown() {
	stop_sshd
	! mountpoint -q "$HOME/far" || umount "$HOME/far"
}

install_keys() {
	cat key.pub rsa.pub locked.pub >.ssh/authorized_keys
	chmod 600 .ssh/authorized_keys
}

# server [LINE ...]: one that check can ask, on $port.
server() {
	case $* in
	StrictModes*)
		sshd=$BATS_TEST_TMPDIR/sshd
		"$top/t/fixture/sshd" start "$sshd" "$@" "AuthorizedKeysFile $HOME/.ssh/authorized_keys"
		port=$(cat "$sshd/port")
		export XFERKEY_SSH_CONFIG=$sshd/ssh_config
		;;
	*) start_sshd "$@" ;;
	esac
	export XFERKEY_SSHD_CONFIG=$sshd/sshd_config
	PATH=$sshd:$PATH
	hostkey="ssh-ed25519 $(print "$sshd/host_ed25519.pub")"
	cp "$sshd/known_hosts" known
}

as_is() { :; }
half() { head -c 120 key >half && chmod 600 half; }
two() { cat key other >two && chmod 600 two; }
certificate() { ssh-keygen -q -s other -I x -n x key.pub; }
unreadable() { chmod 000 key; }
beside() { cp other.pub key.pub; }
mode() { chmod 644 key; }
no_ascp() { PATH=${PATH//":$STAND_IN"/}; }
env_wrong() { export PW=wrong; }
no_directory() { mv .ssh .away; }
user_nosuch() { user=nosuch; }
host_none() { host=a..b; }
port_1() { port=1; }
closed() {
	[ "$(id -u)" -ne 0 ] || there=daemon@127.0.0.1
	chmod 755 .ssh
	chmod 644 .ssh/authorized_keys
	chmod a+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"
}
key_other() { key=other; }
unknown() { : >"$sshd/known_hosts"; }
changed() { sed "s|ssh-ed25519 .*|$(blob locked.pub)|; /ecdsa\\|ssh-rsa/d" known >"$sshd/known_hosts"; }
expired() { sed -i 's/^ecdsa/expiry-time="20200101" &/' .ssh/authorized_keys; }
from() { sed -i 's/^ecdsa/from="192.0.2.1" &/' .ssh/authorized_keys; }
other_account() { mv .ssh/authorized_keys .ssh/elsewhere && cp other.pub .ssh/authorized_keys; }
dangling() { ln -sf nosuch .ssh/authorized_keys; }
linked() { cp other.pub elsewhere && ln -sf ../elsewhere .ssh/authorized_keys; }
profile() {
	mkdir -p .config/xferkey/sites
	printf '%s\n' 'host = 127.0.0.1' "port = $port" "user = $me" "keyfile = $HOME/key" "hostkey = $(print other.pub)" \
		>.config/xferkey/sites/lab
}

# says_only WANTED NEVER [OUTPUT]: $said is the line, and nothing else says another cause.
says_only() {
	[ "$said" = "$1" ] && ! grep -qE -e "$2" <<<"$3" && return
	printf '%s:\nwanted: %s\nsaid:   %s\nall:    %s\nnever:  %s\n' "$cause" "$1" "$said" "$3" "$2" >&2
	return 1
}

@test "here, before anything is connected to" {
	stand_in
	rows=0 failed=
	while IFS='|' read -r who cause make words line never; do
		rows=$((rows + 1))
		(
			"$make"
			eval "line=\"$line\""
			command=(xferkey -q "$who")
			[ "$who" != check ] || command=(xferkey check)
			[ "$make" != unreadable ] || {
				unset -f xferkey
				as_account
			}
			run "${command[@]}" $words </dev/null
			case $who in
			check) said=$(grep '^fail' <<<"$output") ;;
			*) said=${output#xferkey-"$who": } ;;
			esac
			[ "$status" -ne 0 ]
			says_only "$line" "$never" "$(grep -v '^[+n]' <<<"$output")"
		) || failed="$failed $cause,"
		[ "$who" = check ] || [ ! -e "$STAND_IN/arguments" ]
		rm -f "$STAND_IN/arguments"
		[ "$(id -u)" -ne 0 ] || chown -R 0 "$HOME"
		chmod 600 key
		rm -rf half two key-cert.pub
		cp "$BATS_FILE_TMPDIR/key.pub" .
	done < <(here)
	equal "$rows:$failed" 18:
}

@test "at a login" {
	server
	rows=0 failed=
	while IFS='|' read -r who cause make words line never; do
		rows=$((rows + 1))
		rm -rf .ssh .away
		mkdir -m 700 .ssh
		install_keys
		chmod 600 key
		cp known "$sshd/known_hosts"
		(
			user=$me host=127.0.0.1
			"$make"
			eval "line=\"$line\""
			case $words in
			--site*) words="$words --login" ;;
			*) words="$words --login $user@$host:$port" ;;
			esac
			run xferkey check $words </dev/null
			[ "$status" -eq 1 ] || return
			said=$(sed -n 's/^fail	login	//p' <<<"$output")
			says_only "$line" "$never" "$(grep '^fail' <<<"$output")"
		) || failed="$failed $cause,"
	done < <(login)
	equal "$rows:$failed" 16:
}

@test "at a login: what the configuration of sshd does not permit" {
	rows=0 failed=
	while IFS='|' read -r cause words line never; do
		rows=$((rows + 1))
		chmod 700 .ssh
		[[ $cause != Strict* ]] || chmod 777 .ssh
		(
			eval "line=\"$line\" cause=\"$cause\""
			IFS=';'
			server $cause
			IFS=' '
			run xferkey check "$words" --login "$me@127.0.0.1:$port" </dev/null
			[ "$status" -eq 1 ] || return
			# whose profile it is
			said=$(sed -n 's/^fail	login	//p' <<<"$output" | sed 's/ -s -p [a-z]* / /')
			says_only "$line" "$never" "$(grep '^fail' <<<"$output")"
		) || failed="$failed $cause,"
		stop_sshd
		rm -rf "$BATS_TEST_TMPDIR/sshd"
	done < <(policy)
	equal "$rows:$failed" 8:
}

@test "at a transfer over SFTP" {
	server "ForceCommand internal-sftp -d $HOME/far"
	export XFERKEY_ENGINE=sftp XFERKEY_TRIES=1
	rows=0 failed=
	while IFS='|' read -r cause make words want line never; do
		rows=$((rows + 1))
		cp known "$sshd/known_hosts"
		chmod 600 key
		(
			key=key there=$me@127.0.0.1
			"$make"
			check="XFERKEY_SSH_CONFIG=$XFERKEY_SSH_CONFIG xferkey check ./$key --login $there --port $port"
			eval "line=\"$line\" words=\"$words\""
			run xferkey -q ascp -i $key -P $port $words </dev/null
			said=${lines[-1]#xferkey-*: }
			[ "$status" -eq "$want" ] || echo "$cause: status $status" >&2
			says_only "$line" "$never" "$output" && [ "$status" -eq "$want" ]
		) || failed="$failed $cause,"
	done < <(engine)
	equal "$rows:$failed" 10:
}

@test "at a transfer over SFTP: what the server runs for this account" {
	export XFERKEY_ENGINE=sftp XFERKEY_TRIES=1
	rows=0
	while IFS='|' read -r cause want line never; do
		rows=$((rows + 1))
		server "$cause"
		run xferkey -q ascp -i key file "$me@127.0.0.1:$HOME/far/" </dev/null
		said=${lines[-1]#xferkey-*: }
		says_only "$line" "$never" "$output"
		[ "$status" -eq "$want" ]
		stop_sshd
		rm -rf "$sshd"
	done < <(account)
	[ "$rows" -eq 2 ]
}

@test "at a transfer over SFTP: the disk there is full" {
	export XFERKEY_ENGINE=sftp XFERKEY_TRIES=1
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to mount'
	mount -t tmpfs -o size=64k tmpfs far || skip 'may not mount'
	head -c 100000 /dev/zero >big
	server
	run xferkey -q ascp -i key big "$me@127.0.0.1:$HOME/far/" </dev/null
	cause='a full disk there' said=${lines[-1]#xferkey-*: }
	says_only "put: ./big: Access failed: Failure ($HOME/far/.xferkey-100000-$(stat -c %Y big)-big)" 'permi|host|lost' "$output"
}
