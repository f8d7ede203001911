#!/usr/bin/env bats
# Each cause that prevents a login or a transfer, made with real parts: one line names it, and no line names another
# cause. A row: the cause; a function that makes it; the arguments; the line, a pattern of the shell; forbidden words,
# patterns of grep.

load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	new_key ecdsa -m PEM -f key
	new_key ecdsa -m PEM -f other
	new_key rsa -b 2048 -m PEM -f rsa
	new_key ed25519 -a 1 -N secret -f locked
	echo data >file
}

setup() {
	need lftp
	private_home
	cp "$BATS_FILE_TMPDIR"/{key,other,rsa,locked}{,.pub} "$BATS_FILE_TMPDIR/file" .
	mkdir -m 700 .ssh
	mkdir far
	chmod 755 "$HOME"
	install_keys
	me=$(id -un)
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

# server [LINE ...]: starts an sshd that check can ask.
server() {
	asked_sshd "$@"
	hostkey="ssh-ed25519 $(print "$sshd/host_ed25519.pub")"
	cp "$sshd/known_hosts" known
}

as_is() { :; }
half() { head -c 120 key >half && chmod 600 half; }
two() { cat key other >two && chmod 600 two; }
certificate() { ssh-keygen -q -s other -I x -n x key.pub; }
unreadable() { chmod 000 key; }
mode() { chmod 644 key; }
no_ascp() { PATH=${PATH//":$STAND_IN"/}; }
no_directory() { mv .ssh .away; }
user_unreachable() { user=unreachable; }
no_public() { rm other.pub; }
configured() { echo Nonsense yes >config && XFERKEY_SSH_CONFIG=config; }
no_configuration() { XFERKEY_SSH_CONFIG=nosuch; }
host_none() { host=a..b; }
port_1() { port=1; }
closed() {
	[ "$(id -u)" -ne 0 ] || there=daemon@127.0.0.1
	chmod 755 .ssh
	chmod 644 .ssh/authorized_keys
	reachable
}
key_other() { key=other; }
unknown() { : >"$sshd/known_hosts"; }
changed() { sed "s|ssh-ed25519 .*|$(blob locked.pub)|; /ecdsa\\|ssh-rsa/d" known >"$sshd/known_hosts"; }
expired() { sed -i 's/^ecdsa/expiry-time="20200101" &/' .ssh/authorized_keys; }
from() { sed -i 's/^ecdsa/from="192.0.2.1" &/' .ssh/authorized_keys; }
other_account() { mv .ssh/authorized_keys .ssh/elsewhere && cp other.pub .ssh/authorized_keys; }
dangling() { ln -sf nosuch .ssh/authorized_keys; }
linked() { cp other.pub elsewhere && ln -sf ../elsewhere .ssh/authorized_keys; }
profile() { lab_site "$(print other.pub)"; }

# every N COMMAND ... <ROWS: runs COMMAND for each of N rows, without its first field, the cause.
every() {
	local rows=0 failed='' row cause
	while IFS='|' read -a row <&9; do
		rows=$((rows + 1)) cause=${row[0]}
		("${@:2}" "${row[@]:1}") || failed+=" $cause,"
	done 9<&0
	equal "$rows:$failed" "$1:"
}

# says_only LINE NEVER [OUTPUT]: $said is LINE, and OUTPUT, of the same command, has none of NEVER.
says_only() {
	local line
	eval "line=\"$1\""
	# shellcheck disable=SC2254 # the line is a pattern
	case $said in
	*$'\n'*) ;;
	$line) grep -qE -e "${2//,/|}" <<<"$3" || return 0 ;;
	esac
	printf '%s:\nwanted: %s\nsaid:   %s\nall:    %s\nnever:  %s\n' "$cause" "$line" "$said" "$3" "$2" >&2
	return 1
}

# here WHO MAKE ARGUMENTS LINE NEVER
here() {
	chmod 600 key
	rm -f "$STAND_IN/arguments" key-cert.pub
	"$2"
	command=(xferkey -q "$1")
	[ "$1" != check ] || command=(xferkey check)
	[ "$2" != unreadable ] || {
		unset -f xferkey
		as_account
	}
	run "${command[@]}" $3 </dev/null
	[ "$(id -u)" -ne 0 ] || chown -R 0 "$HOME"
	said=${output#xferkey-"$1": }
	if [ "$1" = check ]; then
		said=$(grep '^fail' <<<"$output")
	else
		[ ! -e "$STAND_IN/arguments" ] || return
	fi
	[ "$status" -ne 0 ] && says_only "$4" "$5" "$(grep -v '^[+n]' <<<"$output")"
}

@test "before a connection, check and ascp name only the true cause" {
	stand_in
	every 9 here <<-'END'
		the public half|check|as_is|key.pub|fail	format	a public key; *./key|server,passphrase
		no such file|check|as_is|nosuch|fail	format	./nosuch: no such file|server,key:
		half a file|check|half|half|fail	format	./half: truncated*|server,install
		two keys|check|two|two|fail	format	./two: more than one key in it|server
		a certificate|check|certificate|key-cert.pub|fail	format	a public key*private*|server
		a file that may not be read|check|unreadable|key|fail	format	./key: Permission denied|server,passphrase
		modes of the key|check|mode|key|fail	permissions	ssh does not use the key: mode 0644*: chmod 600 ./key|no such
		the public half|ascp|as_is|-i key.pub file h:|key.pub: a public key; *./key|server
		no ascp|ascp|no_ascp|-i key file h:|ascp: not in PATH*(XFERKEY_ASCP, or XFERKEY_ENGINE=sftp)|no such
	END
}

# login MAKE ARGUMENTS LINE NEVER
login() {
	rm -rf .ssh .away
	mkdir -m 700 .ssh
	install_keys
	chmod 600 key
	cp known "$sshd/known_hosts"
	cp "$BATS_FILE_TMPDIR/other.pub" .
	user=$me host=127.0.0.1
	unknown="refused: the key is not installed for $me: xferkey authorize -u $me $HOME"
	"$1"
	case $2 in
	--site*) set -- "$1" "$2 --login" "$3" "$4" ;;
	*) set -- "$1" "$2 --login $user@$host:$port" "$3" "$4" ;;
	esac
	run xferkey check $2 </dev/null
	said=$(sed -n 's/^fail	login	//p' <<<"$output")
	[ "$status" -eq 1 ] && says_only "$3" "$4" "$(grep '^fail' <<<"$output")"
}

@test "at a login check names only the true cause" {
	server
	every 15 login <<-'END'
		a key that is not installed|as_is|other|$unknown/other.pub|mode,Accepted
		no .pub beside it either|no_public|other|\
			refused: the key is not installed for $me: xferkey pubfmt $HOME/other ? xferkey authorize -u $me|mode
		no key directory|no_directory|key|$unknown/key.pub|mode,symbolic
		no such account|user_unreachable|key|refused: unreachable is no account of this server|install,mode
		no such host|host_none|key|a..b: no address was found for this host|firewall,port,refused
		a port where nobody listens|port_1|key|nothing listens there on port 1*firewall*|host key,such host
		a configuration that ssh does not accept|configured|key|ssh does not start: *line 1: Bad *: nonsense|host
		a host key that is not known|unknown|key|\
			the host key is not known: $hostkey; *: ssh -F $XFERKEY_SSH_CONFIG * -p $port $me@127.0.0.1|\
			changed,not that of,refused
		a changed host key|changed|key|\
			the host key is not that of known_hosts, but $hostkey: *: ssh-keygen -R '*:$port' -f $sshd/known_hosts|\
			not known,refused
		another host key than the profile's|profile|--site lab|\
			the host key is $hostkey, and not $(print other.pub) of the site's profile*|not known,known_hosts,refused
		expiry-time= that is over|expired|key|refused: the key is installed; *(expiry-time)*|not installed,mode
		from= another address|from|key|refused: the key is installed; *(from)*|not installed,mode
		authorized_keys a link to nothing|dangling|key|$unknown/key.pub|mode
		authorized_keys a link to a file without the key|linked|key|$unknown/key.pub|mode
		a line in another file|other_account|key|$unknown/key.pub|mode
	END
}

# policy KEY [LINE NEVER]: the cause is a setting of sshd, which the line names.
policy() {
	stop_sshd
	rm -rf "$BATS_TEST_TMPDIR/sshd"
	chmod 700 .ssh
	[[ $cause != Strict* ]] || chmod 777 .ssh
	eval "cause=\"$cause\""
	IFS=';'
	server $cause
	IFS=' '
	run xferkey check "$1" --login "$me@127.0.0.1:$port" </dev/null
	# without the profile
	said=$(sed -n 's/^fail	login	//p' <<<"$output" | sed 's/ -s -p [a-z]* / /')
	set -- "${2-refused: $cause}" "${3-not installed,mode,the log}"
	[ "$status" -eq 1 ] && says_only "$@" "$(grep '^fail' <<<"$output")"
}

@test "at a login check names the setting of sshd that forbids it" {
	every 8 policy <<-'END'
		PubkeyAuthentication no|key
		PubkeyAcceptedAlgorithms rsa-sha2-512,ssh-ed25519|key|\
			refused: PubkeyAcceptedAlgorithms has no ecdsa-sha2-nistp256
		PubkeyAcceptedAlgorithms ssh-ed25519|rsa|refused: PubkeyAcceptedAlgorithms has no ssh-rsa
		RequiredRSASize 3072|rsa
		AllowUsers nobody-of-here|key
		DenyUsers $me|key
		AuthenticationMethods publickey,keyboard-interactive;KbdInteractiveAuthentication yes|key|\
			the server accepts the key, but requires more*|not installed,the log
		StrictModes yes|key|refused: $HOME/.ssh: *mode 0777*; xferkey permcheck -x $me:$HOME/.ssh/authorized_keys|\
			not installed,the log
	END
}

# engine MAKE OPERANDS STATUS LINE NEVER
engine() {
	cp known "$sshd/known_hosts"
	chmod 600 key
	key=key there=$me@127.0.0.1
	"$1"
	check="XFERKEY_SSH_CONFIG=$XFERKEY_SSH_CONFIG xferkey check ./$key --login $there --port $port"
	eval "operands=\"$2\""
	run xferkey -q ascp -i $key -P $port $operands </dev/null
	said=${lines[-1]#xferkey-*: }
	[ "$status" -eq "$3" ] && says_only "$4" "$5" "$output"
}

@test "at a transfer over SFTP ascp names only the true cause" {
	server "ForceCommand internal-sftp -d $HOME/far"
	export XFERKEY_ENGINE=sftp XFERKEY_TRIES=1
	every 12 engine <<-'END'
		a file that is missing here|as_is|nosuch $there:far/|2|nosuch: no such file|host,server
		a host key that is not known|unknown|file $there:far/|255|*host key is not known here: $check*|\
			changed,expected,the one
		a changed host key|changed|file $there:far/|255|*host key is not the one that is known here: $check*|not known
		a configuration that ssh does not accept|configured|file $there:far/|255|\
			ssh does not start (ssh: config: line 1: Bad configuration option: nonsense)|lost,host
		a configuration that is missing|no_configuration|file $there:far/|255|\
			ssh does not start (ssh: *nosuch: No such file or directory)|lost,host
		no such host|as_is|file a..b:far/|255|no address was found for the host (ssh: *a..b*)|firewall,port
		a port where nobody listens|port_1|file $there:far/|75|\
			nothing listens there on that port (-P), or a firewall*Connection refused)|host key,no such
		no such directory there|as_is|file $there:far/|2|far/: no such directory on 127.0.0.1; -d makes it|here,server
		a file that is missing there|as_is|$there:nosuch got|1|get: Access failed: No such file (./nosuch)|host,server
		a directory that may not be written to|closed|file $there:/etc/xferkey-test|1|\
			put: ./file: Access failed: Permission denied (/etc/.xferkey-5-$(stat -c %Y file)-xferkey-test)|space,host
		modes of the key|mode|file $there:|255|ssh does not use the key (ssh: *./key*bad permissions)|installed,host key
		a key that is not installed|key_other|file $there:far/|77|\
			*did not let the key in: ECDSA $(print other.pub) must be installed for $me there: $check (ssh: *)|\
			host key
	END
}

# account STATUS LINE NEVER: the cause is the program that the server runs for this account.
account() {
	server "$cause"
	run xferkey -q ascp -i key file "$me@127.0.0.1:$HOME/far/" </dev/null
	stop_sshd
	said=${lines[-1]#xferkey-*: }
	[ "$status" -eq "$1" ] && says_only "$2" "$3" "$output"
}

@test "at a transfer over SFTP ascp says that the server runs another program" {
	export XFERKEY_ENGINE=sftp XFERKEY_TRIES=1
	every 2 account <<-'END'
		Subsystem other /bin/false|255|*not let this account use SFTP (ssh: subsystem request failed*|host ,lost
		ForceCommand /bin/false|75|the connection ended without a message: *no SFTP*|host ,install
	END
}

@test "at a transfer over SFTP ascp reports a full disk on the server" {
	export XFERKEY_ENGINE=sftp XFERKEY_TRIES=1
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to mount'
	mount -t tmpfs -o size=64k tmpfs far || skip 'may not mount'
	head -c 100000 /dev/zero >big
	server
	run xferkey -q ascp -i key big "$me@127.0.0.1:$HOME/far/" </dev/null
	cause='a full disk there' said=${lines[-1]#xferkey-*: }
	says_only "put: ./big: Access failed: Failure ($HOME/far/.xferkey-100000-*-big)" permi,host,lost "$output"
}
