#!/usr/bin/env bats
# permcheck: the findings that one account can cause in its own home.

load ../lib/porcelain

setup() {
	private_home
	me=$(id -un)
	keys=$HOME/.ssh/authorized_keys
	make_home "$HOME"
}

permcheck() {
	xferkey permcheck -p upstream "$@"
}

make_home() {
	install -d -m 755 "$1"
	install -d -m 700 "$1/.ssh"
	install -m 600 /dev/null "$1/.ssh/authorized_keys"
}

make_key() {
	new_key ed25519 -C '' -f "$1"
}

# judged STATUS ARGUMENT ...
judged() {
	run "-$1" permcheck "${@:2}"
}

# finding N WORD PATH RULE: line N of the output has these columns, of four; a relative PATH is in the home.
finding() {
	local columns path=$3
	[[ $path == /* ]] || path=$HOME/$path
	IFS=$'\t' read -r -a columns <<<"${lines[$1]}"
	echo "line $1: ${lines[$1]-none}"
	[ "${#columns[@]}" -eq 4 ]
	[ "${columns[*]:0:3}" = "$2 $path $4" ]
}

# found STATUS WORD PATH RULE ARGUMENT ...: permcheck ends with STATUS, and this is its first line.
found() {
	judged "$1" "${@:5}"
	finding 0 "${@:2:3}"
}

# silent ARGUMENT ...: status 0, and no output.
silent() {
	run permcheck "$@"
	equal "$status:$output" 0:
}

# repaired OPERAND...: -x prints commands; when they have run, permcheck finds nothing.
repaired() {
	local repair
	repair=$(permcheck -x "$@") || [ "$?" -eq 1 ]
	echo "$repair"
	[ -n "$repair" ]
	sh -c "$repair"
	silent "$@"
}

has_acl() {
	setfacl -m u:12345:r "$HOME/.ssh" 2>/dev/null || skip 'no setfacl, or no ACLs in the temporary directory'
	setfacl -b "$HOME/.ssh"
}

@test "a clean home has no finding, in whatever form it is named" {
	for operand in ~ ~/ "$keys" .ssh/authorized_keys . "$me:$HOME" "$me:$HOME/"; do
		silent "$operand"
		silent -s -x -p debian "$operand"
	done
	silent
	ln -s . self
	silent self
	# the default is this system's
	chmod g+w "$HOME"
	[ -e /etc/debian_version ] && set -- -p debian || set -- -p upstream
	equal "$(xferkey permcheck -s)" "$(permcheck -s "$@")"
	[ -n "$(permcheck -s)" ]
	chmod g-w "$HOME"
}

@test "each mode that sshd refuses has a line and a repair" {
	while read -r mode path rules; do
		chmod "$mode" "$path"
		judged 1 ~
		n=0
		for rule in $rules; do
			finding "$n" refuse "$(realpath "$path")" "$rule"
			n=$((n + 1))
		done
		[ "${#lines[@]}" -eq "$n" ]
		repaired ~
	done <<-'END'
		777 . world-writable group-writable
		1777 . world-writable group-writable
		775 . group-writable
		702 .ssh world-writable
		2770 .ssh group-writable
		666 .ssh/authorized_keys world-writable group-writable
		620 .ssh/authorized_keys group-writable
	END
}

@test "findings are listed from the file up to the home, where sshd stops" {
	chmod 777 .. . .ssh
	chmod 602 .ssh/authorized_keys
	found 1 refuse .ssh/authorized_keys world-writable -p debian ~
	finding 1 refuse .ssh world-writable
	equal "$(cut -f2 <<<"$output" | sort -u)" "$(printf '%s\n' ~ ~/.ssh "$keys")"
	chmod 755 ..
	repaired ~
}

@test "for a file outside the home, all directories up to the root are checked" {
	mkdir ../else
	mv .ssh/authorized_keys ../else/
	ln -s ../../else/authorized_keys .ssh/authorized_keys
	chmod 707 ../else
	found 1 refuse "$(realpath ../else)" world-writable ~
	judged 1 -x ~
	! grep -qvE '^(# needs the administrator: |$)' <<<"$output" || false
	sh -c "$output"
	[ "$(stat -c %a ../else)" = 707 ]
}

@test "a list that is missing, or that sshd cannot open, is reported" {
	rm .ssh/authorized_keys
	found 0 note .ssh/authorized_keys missing ~
	silent -x ~
	for make in mkdir mkfifo; do
		$make "$keys"
		found 1 refuse .ssh/authorized_keys not-regular ~
		rm -r "$keys"
	done
	need python3
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(".ssh/authorized_keys")'
	found 1 refuse .ssh/authorized_keys unreadable ~
	[[ $output = *'No such device or address' ]]
	rm -r .ssh
	: >.ssh
	found 1 refuse .ssh/authorized_keys unreadable ~
}

@test "a list of more than 256 MiB is not judged" {
	truncate -s 268435457 "$keys"
	says 2 "xferkey-permcheck: $keys: File too large" permcheck ~
}

@test "a file or directory that the account cannot read is refused, unless the account is root" {
	for object in . .ssh .ssh/authorized_keys; do
		chmod 0 "$HOME/$object"
		if [ "$(id -u)" -eq 0 ]; then
			silent "$me:$HOME"
		else
			found 1 refuse "$(realpath "$HOME/$object")" unreadable "$me:$HOME"
			repaired "$me:$HOME"
		fi
		chmod 700 "$HOME" "$HOME/.ssh"
	done
}

@test "no verdict, and status 2: loops, too long names, unknown users, other users" {
	long=$(printf '%0300d' 0)
	ln -sf authorized_keys .ssh/authorized_keys
	mkdir loop
	ln -s .ssh loop/.ssh
	for operand in ~ "$me:$HOME/loop" "$me:$HOME/$long" "$HOME/$long" "$me:$(printf '/%0200d' {1..30})" "$me:" \
		nobody-has-this-name "nobody-has-this-name:$HOME" "$HOME/none" "$me:$long" "$long"; do
		judged 2 "$operand"
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == "xferkey-permcheck: "*": "* ]]
		[[ $operand != *"$long" || $output != *'no such user or file'* ]]
	done
	if [ "$(id -u)" -eq 0 ]; then
		chown 54321 loop
		says 2 "xferkey-permcheck: $HOME/loop: its owner has no account here" permcheck "$HOME/loop"
	fi
}

@test "only root, with its capabilities, can check as another user" {
	set -- '' root
	if [ "$(id -u)" -eq 0 ]; then
		need setpriv
		set -- 'setpriv --reuid bin --clear-groups' root 'setpriv --bounding-set=-setuid' daemon
	fi
	for (( ; $# > 0; )); do
		says 2 "xferkey-permcheck: $2: only root can check as another user" $1 "$(xferkey --exec-path)/xferkey-permcheck" "$2"
		shift 2
	done
}

@test "if the accounts cannot be read, the error is said, not that there is none" {
	need "${CC:-cc}"
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-permcheck" || skip 'AddressSanitizer must be loaded first'
	"${CC:-cc}" -shared -fPIC -o ../none.so -xc - <<-'END'
		#include <errno.h>
		#include <grp.h>
		#include <pwd.h>
		#include <stdlib.h>
		static void *fail(const char *variable)
		{
			static const int errors[] = { 0, EIO, EMFILE, ENFILE, ENOMEM, ENOENT };

			errno = errors[atoi(getenv(variable))];
			return NULL;
		}
		struct passwd *getpwnam(const char *name) { (void)name; return fail("USER_ERROR"); }
		struct group *getgrent(void) { return fail("GROUPS_ERROR"); }
		struct group *getgrgid(gid_t gid) { (void)gid; return fail("GROUP_ERROR"); }
	END
	set -- env LD_PRELOAD="$BATS_TEST_TMPDIR/none.so"
	while read -r n text; do
		says 2 "$me:$HOME: $text" "$@" USER_ERROR=$n xferkey permcheck -s "$me:$HOME"
	done <<-END
		0 no such user
		1 Input/output error
		2 Too many open files
		3 Too many open files in system
		4 Cannot allocate memory
		5 no such user
	END
	chmod g+w .
	says 2 "$HOME: Input/output error" "$@" GROUPS_ERROR=1 xferkey permcheck -s -p debian ~
	says 2 "$keys: Input/output error" "$@" GROUPS_ERROR=1 xferkey permcheck -s -p debian
	says 2 "$keys: Too many open files" "$@" GROUPS_ERROR=0 GROUP_ERROR=2 xferkey permcheck -s -p debian ~
	run -1 "$@" GROUPS_ERROR=0 GROUP_ERROR=5 xferkey permcheck -s -p debian ~
	finding 0 refuse "$HOME" group-writable
}

@test "ACLs: the finding names who may write, and the repair removes that entry" {
	has_acl
	for object in . .ssh .ssh/authorized_keys; do
		setfacl -m u:12345:rwx,g:12346:rw,g:12347:r "$object"
		found 1 refuse "$(realpath "$object")" acl ~
		[[ $output == *u:12345,g:12346* ]]
		repaired ~
		[ "$(getfacl -cn "$object" | grep -c 1234)" -eq 1 ]
		getfacl -cn "$object" | grep '^group:12347:r--$'
	done
}

@test "ACLs: the mask decides who may write, and a default ACL does not matter" {
	has_acl
	setfacl -m u:12345:rwx,m::rx .
	setfacl -d -m u:12345:rwx .ssh
	silent ~
	setfacl -m u:12345:r,g::rw,m::rw .ssh/authorized_keys
	found 1 refuse .ssh/authorized_keys group-writable ~
	repaired ~
}

@test "text that hides a key is refused; a second key in a comment, which sshd does not read, is a note" {
	make_key k
	new_key rsa -C '' -f r
	key=$(cat k.pub)
	for text in '\357\273\277%s\n' '\377\376%s\n' '\376\377%s\n' 's\000%s\n'; do
		printf "$text" "$key" >.ssh/authorized_keys
		found 1 refuse .ssh/authorized_keys encoding ~
	done
	for text in '%s%s\n' '%s\r%s\r' '%s%s' 'from="A AAAA" %s%s comment\n' '%s=%s\n' '%s\rfrom="a" %s\n'; do
		printf "# one\n$text" "$(blob k.pub)" "$key" >.ssh/authorized_keys
		found 1 refuse .ssh/authorized_keys joined ~
		[[ $output == *"line 2"* ]]
	done
	judged 1 -x ~
	[[ $output == "# needs an editor: $keys: "* ]]
	for text in '\377%s\n' '\376%s\n' '\376\376%s\n' '\377\377%s\n'; do
		printf "$text" "$key" >.ssh/authorized_keys
		silent ~
	done
	printf '#%s%s\n%s\r\n%s comment AAAA\n%s' "$key" "$key" "$key" "$key" "$key" >.ssh/authorized_keys
	silent ~
	for text in '%s comment%s\n' '%s comment %s\n' '%s\t%s' '%s %s\r\n' 'from="A AAAA" %s comment%s\n' \
		'command="\\\\" b" %s comment%s\n'; do
		printf "# one\n$text" "$(blob r.pub)" "$key" >.ssh/authorized_keys
		found 0 note .ssh/authorized_keys joined ~
		[[ $output == *"line 2: a second key is in the comment of the first, where sshd does not read it" ]]
		silent -x ~
	done
}

@test "private keys: modes that let others read or write are refused and repaired" {
	make_key k
	for mode in 600 400 700; do
		chmod "$mode" k
		silent "$HOME/k"
	done
	for mode in 640 604 601 610 666; do
		chmod "$mode" k
		found 1 refuse k key-mode k
		repaired k
		[ "$(stat -c %a k)" = 600 ]
	done
	chmod 777 . .ssh
	silent -c k
	says 2 'xferkey-permcheck: none: no such user or file' permcheck -c none
	says 2 '/none-has-this-name: No such file or directory' permcheck -c "$me:none-has-this-name"
}

@test "private keys: a file system without ACLs is judged too" {
	[ -O "/proc/$$/comm" ] || skip 'no /proc'
	found 1 refuse "/proc/$$/comm" key-mode -c "/proc/$$/comm"
}

@test "private keys: the group bits of an ACL are refused and repaired" {
	has_acl
	make_key k
	setfacl -m u:12345:r k
	found 1 refuse k key-mode k
	run permcheck -x k
	equal "$output" "setfacl -n -x u:12345 $HOME/k"$'\n'"chmod go= $HOME/k"
	repaired k
}

@test "private keys of another account are a note, and their modes are not judged" {
	key=/etc/passwd
	if [ "$(id -u)" -eq 0 ]; then
		make_key k
		chown 12345 k
		chmod 644 k
		key=$HOME/k
	fi
	found 0 note "$key" others-key -c "$key"
}

@test "private keys outside the home are not repaired" {
	make_key ../k
	chmod 644 ../k
	judged 1 -x ../k
	[[ $output == "# needs the administrator: $BATS_TEST_TMPDIR/k: "* ]]
}

@test "-c on a home judges its private keys and its ssh configuration" {
	need openssl
	make_key .ssh/one
	make_key .ssh/two
	openssl genpkey -algorithm ed25519 -out .ssh/three 2>/dev/null
	: >.ssh/config
	: >.ssh/known_hosts
	chmod 644 .ssh/*
	found 1 refuse .ssh/one key-mode -c ~
	[ "${#lines[@]}" -eq 3 ]
	finding 1 refuse .ssh/three key-mode
	finding 2 refuse .ssh/two key-mode
	repaired -c ~
	chmod 666 .ssh/config
	found 1 refuse .ssh/config world-writable -c ~
	finding 1 refuse .ssh/config group-writable
	repaired -c ~
	# a link to nothing is no configuration
	ln -sf none .ssh/config
	silent -c ~
	rm -r .ssh
	silent -c ~
}

@test "without an operand, server and client side of HOME are judged" {
	make_key .ssh/k
	chmod 644 .ssh/k
	chmod 702 .ssh
	found 1 refuse .ssh world-writable
	finding 1 refuse .ssh/k key-mode
	equal "$(for words in -s -c "-s -c $HOME"; do permcheck $words | wc -l; done)" $'1\n1\n2'
}

@test "the home in passwd is judged the same by its path, by a link, and for its account; it stands for no HOME" {
	passwd=$(eval "echo ~$me")
	[ -d "$passwd" ] || skip "no $passwd"
	run permcheck -s "$me"
	want=$status:$(cut -f 1,3 <<<"$output")
	ln -s "$passwd" link
	[ "$(id -u)" -ne 0 ] || chown -h 54321 link
	for operand in "$passwd" "$passwd/" link; do
		run permcheck -s "$operand"
		equal "$status:$(cut -f 1,3 <<<"$output")" "$want"
	done
	run env "HOME=$passwd" xferkey permcheck
	want=$status:$output
	for home in '-u HOME' HOME= HOME=relative; do
		run env $home xferkey permcheck
		equal "$status:$output" "$want"
	done
}

@test "a file in a short path, and the directory /, belong to their owner" {
	if [ "$(id -u)" -ne 0 ]; then
		for operand in /etc/passwd /; do
			says 2 "$operand: only root can check as another user" permcheck -s "$operand"
		done
		return
	fi
	silent -s /etc/passwd
	[ -e /.ssh ] || found 0 note /.ssh/authorized_keys missing /
}

@test "names with special characters are shown on one line and quoted for sh" {
	for name in $'new\nline' "it's" '"double"' ' blanks  ' '-dash' '$(touch pwned)' '`touch pwned`' \
	    $'tab\there' '\back\\slash\' $'esc\033[2J' $'ends\n' $'\303\274\377' '*' "'; touch pwned; '" \
	    $'\n# x\ntouch pwned\n'; do
		home=$BATS_TEST_TMPDIR/$name
		make_home "$home"
		chmod 777 "$home/.ssh"
		judged 1 "$me:$home"
		[ "${#lines[@]}" -eq 2 ]
		[ "$(tr -d '[:print:]\n\303\274' <<<"$output")" = $'\t\t\t\t\t\t' ]
		repaired "$me:$home"
		mv "$home/.ssh" "$home.else"
		chmod 777 "$home.else"
		ln -s "$home.else" "$home/.ssh"
		judged 1 -x "$me:$home"
		! grep -v '^# needs' <<<"$output" || false
		sh -c "$output"
		[ "$(stat -c %a "$home.else")" = 777 ]
		new_key ed25519 -f key
		mv key "./$name"
		chmod 644 "./$name"
		repaired -c -- "./$name"
		[ ! -e pwned ]
	done
}

@test "on a terminal the repairs are escaped too" {
	need script
	home=$BATS_TEST_TMPDIR/$'esc\033[2J'
	make_home "$home"
	chmod 702 "$home/.ssh"
	export home me
	run -1 script -qec "xferkey permcheck -x \"\$me:\$home\"" /dev/null
	[ "${output%$'\r'}" = "chmod o-w '$BATS_TEST_TMPDIR/esc\\033[2J/.ssh'" ]
}

@test "the repair of a name with a leading dash works in every shell" {
	make_key ./-k
	for shell in dash busybox mksh ksh93 yash bash; do
		command -v "$shell" >/dev/null || continue
		case $shell in busybox) shell='busybox sh' ;; bash) shell='bash --posix' ;; esac
		chmod 644 ./-k
		permcheck -x -c ./-k | $shell
		silent -- ./-k
	done
}

@test "a uid without a line in passwd: its own keys are judged" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need setpriv
	reachable
	make_key "$HOME/.ssh/key"
	chown -R 54321:54321 "$HOME"
	set -- setpriv --reuid 54321 --regid 54321 --clear-groups "$(xferkey --exec-path)/xferkey-permcheck" \
		-p upstream
	equal "$("$@" "$HOME/.ssh/key" "$HOME" 2>&1)" ''
	"$@" -s
	equal "$("$@" "$HOME/.ssh//authorized_keys" 2>&1)" ''
	chmod 644 "$HOME/.ssh/key"
	run -1 "$@" "$HOME/.ssh/key"
	finding 0 refuse .ssh/key key-mode
	says 2 'no such user' env -u HOME "$@"
	# a list that is not in .ssh is judged for its owner, whose home may be missing
	mv "$keys" "$HOME/authorized_keys"
	chmod 666 "$HOME/authorized_keys"
	for home in "$HOME" "$HOME/none"; do
		run -1 env "HOME=$home" "$@" "$HOME/authorized_keys"
		finding 0 refuse authorized_keys world-writable
	done
	run -1 env "HOME=$HOME/none" "$@" -x "$HOME/authorized_keys"
	[[ ${lines[0]} = "# needs the administrator: $HOME/authorized_keys: "* ]]
	says 2 'root: only root can check as another user' "$@" root
}

@test "the client's side: what cannot be read is refused if it may be a private key" {
	other_account
	set -- "${other[@]}" "$(xferkey --exec-path)/xferkey-permcheck" -p upstream -c
	make_key .ssh/key
	: >.ssh/known_hosts2
	chmod 0 .ssh/authorized_keys .ssh/known_hosts2 .ssh/key.pub
	if [ "$(id -u)" -eq 0 ]; then
		reachable
		chown -R 54321:54321 "$HOME"
	fi
	run -0 "$@"
	equal "$output" ''
	chmod 0 .ssh/key
	run -1 "$@"
	equal "${#lines[@]}" 1
	finding 0 refuse .ssh/key unreadable
	chmod 0 .ssh
	run -1 "$@"
	chmod 700 .ssh
	equal "${#lines[@]}" 1
	finding 0 refuse .ssh unreadable
}

@test "lines user:home on standard input are judged; other lines are errors" {
	make_home "$HOME/a"
	make_home "$HOME/b b"
	chmod 777 "$HOME/b b"
	silent - <<<"$me:$HOME/a"
	found 1 refuse "$HOME/b b" world-writable - < <(printf '%s\n%s' "$me:$HOME/a" "$me:$HOME/b b")
	silent - </dev/null
	judged 2 - <<<"nobody-has-this-name:$HOME/a"
	has ': no such user'
	for line in '' 'a' "$me" "$me:" ":$HOME/a" "$HOME/a" "$me:a" "$me:$(printf '/%09000d' 0)" '\000'; do
		judged 2 - < <(printf '%s\n'"$line"'\n%s\n' "$me:$HOME/a" "$me:$HOME/b b")
		[ "${lines[0]}" = 'xferkey-permcheck: standard input: line 2: not user:home' ]
		finding 1 refuse "$HOME/b b" world-writable
	done
}

@test "20,000 lines are judged within 20 s" {
	yes "$me:$HOME" | head -n 20000 >lines
	run -0 timeout 20 xferkey permcheck - <lines
	equal "$output" ''
	chmod 702 .ssh
	timeout 20 xferkey permcheck - <lines >found || [ "$?" -eq 1 ]
	[ "$(wc -l <found)" -eq 20000 ]
}

@test "status 2 overrides status 1, and an error does not stop the run" {
	chmod 702 .ssh
	judged 2 "$HOME" nobody-has-this-name ~
	[ "${#lines[@]}" -eq 3 ]
	judged 2 nobody-has-this-name ~
	run -2 sh -c '"$@" >/dev/full' sh xferkey permcheck "$HOME"
	[[ $output == 'xferkey-permcheck: standard output: '* ]]
	run -2 sh -c '"$@" >&-' sh xferkey permcheck "$HOME"
	refused <<-'END'
		-p redhat: not one of upstream debian| permcheck -p redhat ~
		-z| permcheck -z
	END
}

@test "libcrypto is not loaded" {
	need ldd
	libraries=$(ldd "$(xferkey --exec-path)/xferkey-permcheck")
	[[ $libraries != *crypto* ]]
}

@test "permcheck agrees with a real sshd run by this account" {
	need_sshd
	# not below /tmp: a login can succeed only if every directory above is clean
	base=$(mktemp -d "$top/build/permcheck.XXXXXX" 2>/dev/null || mktemp -d)
	file=$base/.ssh/authorized_keys
	profile=upstream
	if grep -aqE 'OpenSSH_[^ ]* (Debian|Ubuntu)' "$("$top/t/fixture/sshd" path)"; then profile=debian; fi
	new_key ed25519 -f key
	sshd=$BATS_TEST_TMPDIR/sshd
	"$top/t/fixture/sshd" start "$sshd" "AuthorizedKeysFile $file"
	disagree=''
	for change in : 'chmod 664 authorized_keys' 'chmod 646 authorized_keys' 'chmod 0 authorized_keys' \
		'chmod 770 .' 'chmod 777 .' 'chmod 777 ..' 'mv authorized_keys ..' 'ln -sf /dev/null authorized_keys'; do
		make_home "$base"
		cp key.pub "$file"
		(cd "$base/.ssh" && $change)
		login=1
		if XFERKEY_SSH_CONFIG=$sshd/ssh_config logs_in key; then login=0; fi
		run permcheck -s -p "$profile" "$me:$file"
		case $output in *missing*) status=1 ;; esac
		[ "$login" -eq "$status" ] || disagree+="$change: sshd $login, permcheck $status: $output"
		rm -rf "$base"
		mkdir "$base"
	done
	stop_sshd
	rm -rf "$base"
	equal "$disagree" ''
}

@test "an operand .ssh stands for its home, and authorized_keys2 is judged too" {
	mv .ssh/authorized_keys{,2}
	chmod 666 .ssh/authorized_keys2
	for operand in ~ ~/.ssh; do
		found 1 refuse .ssh/authorized_keys2 world-writable -s $operand
		[[ $output != *missing* ]]
	done
}

@test "a link to a file that cannot be read is a finding, a link to nothing is not, for both lists" {
	mkdir shut
	: >shut/k
	chmod 600 shut/k
	for target in none /etc/passwd/none loop "$HOME/shut/k"; do
		for link in authorized_keys2 authorized_keys; do
			make_home "$HOME"
			: >.ssh/authorized_keys2
			chmod 600 .ssh/authorized_keys2
			if [ "$target" = loop ]; then ln -sf $link .ssh/$link; else ln -sf "$target" .ssh/$link; fi
			chmod 0 shut
			run permcheck -s ~
			chmod 700 shut
			echo "$link, $target: $status: $output"
			case $(id -u):$target in
			*:none | 0:*/shut/k) [ "$status:$output" = 0: ] ;;
			*:loop)
				[ "$status" -eq 2 ]
				[[ $output == "xferkey-permcheck: $HOME/.ssh/$link: "* ]]
				;;
			*)
				[ "$status" -eq 1 ]
				finding 0 refuse "${target%/k}" unreadable || finding 0 refuse .ssh/$link unreadable
				[ "${#lines[@]}" -eq 1 ]
				;;
			esac
			rm .ssh/*
		done
	done
	# A .ssh that hides both lists is one finding.
	rm -r .ssh
	: >.ssh
	judged 1 -s ~
	[ "${#lines[@]}" -eq 1 ]
}

@test "the client's side: a link to a file that cannot be read may be a key, and is refused" {
	mkdir shut
	make_key shut/k
	ln -s none .ssh/id_none
	ln -s /etc/passwd/none .ssh/id_none2
	ln -s known_hosts .ssh/known_hosts
	silent -c ~
	ln -s "$HOME/shut/k" .ssh/id_shut
	chmod 0 shut
	if [ "$(id -u)" -eq 0 ]; then silent -c ~; else found 1 refuse .ssh/id_shut unreadable -c ~; fi
	chmod 700 shut
	ln -s id_loop .ssh/id_loop
	judged 2 -c ~
	[[ $output == "xferkey-permcheck: $HOME/.ssh/id_loop: "* ]]
}

@test "a symbolic link: permcheck judges the file that sshd opens, names the link, and reports a missing target" {
	mkdir -m 700 'real dir'
	mv "$keys" 'real dir/list'
	ln -s '../real dir/list' "$keys"
	silent ~
	chmod 666 'real dir/list'
	found 1 refuse "$HOME/real dir/list" world-writable ~
	[[ ${lines[0]} = *"; sshd follows a symbolic link there from $keys" ]]
	rm 'real dir/list'
	found 0 note .ssh/authorized_keys missing ~
	[[ ${lines[0]} = *": it follows a symbolic link to $HOME/real dir/list" ]]
	rm -r .ssh
	ln -s gone .ssh
	found 0 note .ssh/authorized_keys missing ~
	[[ ${lines[0]} = *": it follows a symbolic link to $HOME/gone/authorized_keys" ]]
	# the target of a link may be as long as a path can be
	rm .ssh
	make_home "$HOME"
	ln -sf "$(printf 'a/%.0s' {1..2040})k" "$keys"
	found 0 note .ssh/authorized_keys missing ~
	# a link above the home is not named
	rm -r .ssh
	make_home "$HOME"
	ln -s "$HOME" "$BATS_TEST_TMPDIR/link"
	chmod 666 "$keys"
	found 1 refuse .ssh/authorized_keys world-writable "$me:$BATS_TEST_TMPDIR/link"
	[[ $output != *symbolic* ]]
}

@test "there may be more operands than open files" {
	operands=$(printf "$HOME %.0s" {1..60})
	run -0 sh -c 'ulimit -n 30 && exec "$@"' - xferkey permcheck -s $operands
	equal "$output" ''
}
