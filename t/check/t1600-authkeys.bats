#!/usr/bin/env bats
# authkeys: adds a key to authorized_keys and changes nothing else. t1700 has the refusals that do not depend on the
# list.

load ../lib/test

setup() {
	private_home
	new_key ed25519 -C first@host -f a
	new_key ed25519 -C second@host -f b
	list=.ssh/authorized_keys
	a=$(cat a.pub) b=$(cat b.pub) blob=$(blob a.pub) base64=$(cut -d ' ' -f 2 a.pub) print=$(print a.pub)
	tab=$'\t'
	mkdir -m 700 .ssh
}

authkeys() {
	xferkey authkeys "$@"
}

# add FILE [ARGUMENT ...]: status 0, and no output.
add() {
	run authkeys "${@:2}" <"$1"
	equal "$status:$output" 0:
}

# absent ARGUMENT ...: status 1, and no output.
absent() {
	run authkeys "$@"
	equal "$status:$output" 1:
}

# removed [FINGERPRINT]: -d empties a list that holds only the key of a.
removed() {
	authkeys -d "${1-$print}"
	[ ! -s $list ]
}

# has_list LINE: the list is only LINE; mode_is MODE: the list has this mode; alone: .ssh holds no other file.
has_list() {
	equal "$(cat $list)" "$1"
}

mode_is() {
	equal "$(stat -c %a $list)" "$1"
}

alone() {
	equal "$(ls -A .ssh)" authorized_keys
}

# state: everything that stat and cat show of the list and its directory.
state() {
	stat -c '%n %i %a %s %y %z' .ssh .ssh/* .ssh/.[!.]* 2>/dev/null
	[ ! -f "$list" ] || cat "$list" 2>/dev/null || :
}

# bind PATH: makes a socket; another_users PATH: a file of another user, as root.
bind() {
	need python3
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$1"
}

another_users() {
	if [ "$(id -u)" -eq 0 ]; then
		: >"$1"
		chown 12345 "$1"
	else
		mkdir "$1"
	fi
}

# refused MESSAGE FILE [ARGUMENT ...]: authkeys refuses with FILE as input, and nothing changes.
refused() {
	local before got
	before=$(state)
	authkeys "${@:3}" <"$2" >out 2>err && got=0 || got=$?
	equal "$got" 2
	equal "$(wc -l <err)" 1
	grep -qF -- "$1" err || equal "$(cat err)" "$1"
	[ ! -s out ]
	equal "$before" "$(state)"
}

other_options='there already, with other options'

@test "the first key makes .ssh and the file, closed to others; a second key is put after it" {
	rmdir .ssh
	umask 0
	add a.pub
	equal "$(stat -c '%a %n' .ssh $list | tr '\n' ' ')" "700 .ssh 600 $list "
	has_list "$a"
	ssh-keygen -lf $list
	add b.pub
	cat a.pub b.pub | cmp - $list
	alone
}

@test "other lines stay byte for byte; a last line without a line end gets one" {
	{
		printf '# a comment\r\n\n\t  \n'
		printf 'no-pty,command="echo \\"x, y\\" #" %s\r\n' "$b"
		printf 'ssh-rsa AAAAbroken \377\376\001 not a key at all\n'
		printf 'cert-authority %s\n' "$(blob b.pub)"
		head -c 70000 /dev/zero | tr '\0' x
		printf '\nNUL \000 in it\n\n\n'
	} >$list
	cp $list before
	add a.pub
	cat before a.pub | cmp - $list
	printf %s "$b" >$list
	add a.pub
	cat b.pub a.pub | cmp - $list
}

@test "an empty file keeps its mode, except that others lose write permission" {
	while read -r before after; do
		: >$list
		chmod "$before" $list
		add a.pub
		cmp a.pub $list
		mode_is "$after"
	done <<-'END'
		600 600
		640 640
		644 644
		666 644
		775 755
	END
}

@test "a key that is already in a line changes nothing" {
	for line in "$a" "$blob" "no-pty,command=\"a b\" $a" "  $a" "$blob other comment"$'\r'; do
		printf '%s\n%s' "$b" "$line" >$list
		chmod 640 $list
		before=$(state)
		add a.pub
		equal "$before" "$(state)"
	done
}

@test "a key is added if it is only where sshd does not find it" {
	for line in "#$a" "# $a" " # $a" "cert-authority $a" "expiry-time=\"20200101\",no-pty $a" "$base64" "$b $a" \
		"ssh-rsa $base64" "command=\"$a"; do
		echo "$line" >$list
		add a.pub
		has_list "$line
$a"
	done
}

@test "the options of a received key are dropped, and its comment is escaped" {
	printf 'command="rm -rf ~",permitopen="*:*" %s\n' "$a" >received
	says 0 'standard input: the options in it are dropped: command="rm -rf ~",permitopen="*:*"' \
		sh -c 'xferkey authkeys <received'
	has_list "$a"
	printf '%s \033[2J\377evil\r\n' "$(blob b.pub)" >received
	add received
	equal "$(wc -l <$list)" 2
	equal "$(LC_ALL=C tr -d '\012\040-\176' <$list)" ''
	equal "$(tail -n 1 $list | cut -d ' ' -f 1,2)" "$(blob b.pub)"
}

@test "keys in the formats of ssh-keygen -e and openssl are received too" {
	ssh-keygen -e -f a.pub >a.rfc4716
	add a.rfc4716
	equal "$(blob $list)" "$blob"
	new_key rsa -b 2048 -C c -f r
	ssh-keygen -e -m PKCS8 -f r.pub >r.spki
	add r.spki
	equal "$(tail -n 1 $list | cut -d ' ' -f 1,2)" "$(blob r.pub)"
	printf '\357\273\277# from a mail\r\n\r\n%s\r\n' "$b" >b.crlf
	add b.crlf
	equal "$(tail -n 1 $list)" "$b"
}

@test "a list that is not a regular file holds no key, as for sshd, also behind a symbolic link" {
	mkdir -m 700 dir
	mkfifo pipe
	for way in '/dev/null' ../dir ../pipe; do
		ln -sfn "$way" $list
		absent -d "$print"
		absent -k "$print"
		refused "$(realpath ".ssh/$way")" a.pub
		! grep 'the same with' err || false
	done
	rm $list
	mkfifo $list
	absent -d "$print"
	alone
	need python3
	rm $list
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' $list
	absent -d "$print"
	absent -k "$print"
	equal "$(authkeys -l)" ''
	refused "$list: " a.pub
}

@test "a file or directory of another user is refused" {
	if [ "$(id -u)" -ne 0 ]; then
		says 2 "belongs to another user" sh -c 'exec xferkey authkeys -f /etc/xferkey <a.pub'
		return
	fi
	cp b.pub $list
	for path in $list .ssh; do
		chown 65534 $path
		refused "$path" a.pub
		chown 0 $path
	done
	add a.pub
}

@test "an ACL of the list is kept" {
	need setfacl getfacl
	add b.pub
	setfacl -m u:12345:r $list 2>/dev/null || skip 'no ACLs in the temporary directory'
	add a.pub
	[[ $(getfacl -cn $list) == *user:12345:r--* ]]
	cat b.pub a.pub | cmp - $list
	# a default ACL of the directory is not applied
	setfacl -b $list
	setfacl -d -m u:12345:rwx .ssh
	chmod 640 $list
	authkeys -d "$print"
	mode_is 640
	[[ $(getfacl -cn $list) != *user:12345* ]]
}

@test "-f names another file; of its path only the last directory is made" {
	rmdir .ssh
	mkdir -m 700 "${HOME}x" real
	for file in list new/list "${HOME}x/list" "$HOME/real/list"; do
		add a.pub -f "$file"
		cmp a.pub "$file"
	done
	equal "$(stat -c %a new)" 700
	equal "$(ls -A "${HOME}x")" list
	ln -s real link
	refused 'link/list' a.pub -f "$HOME/link/list"
	[ ! -e .ssh ]
}

@test "sixteen authkeys at once lose no key and tear no line" {
	add b.pub
	for i in {1..8}; do
		new_key ed25519 -C "$i" -f "k$i"
	done
	for i in {1..8}; do
		{ authkeys <"k$i.pub" 2>"err$i" || : >"failed$i"; } &
		{ authkeys <a.pub || : >failed0; } &
	done
	wait
	equal "$(ls failed* 2>/dev/null)" ''
	equal "$(sort $list)" "$(cat a.pub b.pub k?.pub | sort)"
	alone
}

@test "authkeys killed at any moment leaves the old or the new file; TERM, INT and HUP leave nothing else" {
	# large enough that the signal comes in the middle
	yes "# $b" | head -n 40000 >old
	cat old a.pub >new
	for signal in KILL{,}{,,}{,} TERM INT HUP TERM INT HUP; do
		cat old >$list
		chmod 600 $list
		xferkey authkeys <a.pub 3>&- & # not a function: the signal would end only the subshell
		sleep "0.0$((RANDOM % 4))$((RANDOM % 10))" # another moment in each round
		kill -s $signal $! 2>/dev/null || :
		wait $! || :
		cmp -s old $list || cmp -s new $list
		if [ $signal = KILL ]; then
			# at most one hidden file, closed to others
			equal "$(find .ssh -name '.*' -type f ! -perm 600)" ''
			[ "$(find .ssh -name '.*' -type f | wc -l)" -le 1 ]
			rm -f .ssh/.[!.]*
		fi
		alone
	done
}

@test "-l shows fingerprint, bits, type, options, comment; -v shows what was done, and the key, and if it lets in" {
	printf '# first\nno line of sshd\nno-pty,command="a\tb" %s\n%s \033[2Jb\n' "$blob" "$(blob b.pub)" >$list
	authkeys -l >out
	printf '%s\n' "$print${tab}256${tab}ED25519${tab}no-pty,command=\"a\\011b\"$tab" \
		"$(print b.pub)${tab}256${tab}ED25519${tab}-$tab\\033[2Jb" | diff out -
	{ blob a.pub; echo "cert-authority $(blob b.pub)"; echo "x=y,expiry-time=\"29980101Z\" $(blob b.pub)"
		echo "command=\"expiry-time=\",expiry-time=\"29990101Z\",expiry-time=\"29980101Z\" $(blob b.pub)"; } >$list
	authkeys -l -v | cut -f 1,2,6,8 | diff - <(printf '%s\n' "yes$tab$print$tab$blob$tab-" \
		"no$tab$(print b.pub)$tab$(blob b.pub)$tab-" "unclear$tab$(print b.pub)$tab$(blob b.pub)$tab-" \
		"yes$tab$(print b.pub)$tab$(blob b.pub)${tab}2998-01-01T00:00:00Z")
	# sshd compares a certificate with no key
	ssh-keygen -q -s b -I id a.pub
	cp a-cert.pub $list
	equal "$(authkeys -l -v | cut -f 1)" no
	echo 'frob-key AAAACGZyb2Ita2V5 c' >$list
	equal "$(authkeys -l -v | cut -f 1,4)" "unclear${tab}frob-key"
	equal "$(authkeys -l -l | cut -f 3)" frob-key
	rm $list
	equal "$(authkeys -l)" ''
	equal "$(authkeys -l -f /no-such-list)" ''
	equal "$(authkeys -v <a.pub)" "added$tab$print${tab}256${tab}ED25519${tab}-$tab$blob${tab}first@host"
	echo "no-pty $blob own words" >$list
	equal "$(authkeys -v <a.pub)" "present$tab$print${tab}256${tab}ED25519${tab}no-pty$tab$blob${tab}own words"
	# a lost report of what is in the list
	cp $list before
	ln -s $list link
	for words in -l -v "-k $print" "-v -d $print -f link"; do
		[ -c /dev/full ] || continue
		run -2 sh -c 'exec xferkey authkeys "$@" <a.pub >/dev/full' sh $words
		equal "${#lines[@]}" 2
		[[ ${lines[1]} = *': not changed' ]]
	done
	cmp before $list
	equal "$(authkeys -v -d "$print")" "no-pty $blob own words"
}

@test "on a terminal -d -v shows each removed key in columns, not the line itself" {
	need script
	printf 'no-pty %s \033[2Jx\n' "$blob" >$list
	export print
	run -0 script -qec 'xferkey authkeys -v -d "$print"' /dev/null
	equal "${output%$'\r'}" "removed$tab$print${tab}256${tab}ED25519${tab}no-pty$tab$blob$tab\\033[2Jx"
	[ ! -s $list ]
}

@test "-d removes every line of the key, whatever its options; all other lines stay byte for byte" {
	for hash in md5 sha1 sha256 sha384 sha512; do
		printf '# %s\r\n\n%s\ncert-authority %s\n  no-such-option %s x\r\n%s\njunk\nno-pty %s' \
			"$a" "$a" "$a" "$blob" "$b" "$a" >$list
		printf '# %s\r\n\n%s\njunk\n' "$a" "$b" >want
		chmod 640 $list
		add /dev/null -d "$(print a.pub $hash)"
		cmp want $list
		mode_is 640
		alone
	done
	before=$(state)
	absent -d "$print"
	equal "$before" "$(state)"
	# another line's certificate authority may have signed the key
	for line in "cert-authority $b" "no-pty,CERT-Authority $b"; do
		printf '%s\n%s\n' "$a" "$line" >$list
		for want in 0 1; do
			run "-$want" xferkey authkeys -f $list -d "$print"
			equal "$output" "xferkey-authkeys: $list: a line has cert-authority, and lets in what its key signs"
		done
		equal "$(cat $list)" "$line"
	done
	for line in "# cert-authority $b" "$b cert-authority" 'cert-authority'; do
		printf '%s\n%s\n' "$a" "$line" >$list
		run -0 xferkey authkeys -f $list -d "$print"
		equal "$output" ''
	done
	rm -r .ssh
	absent -d "$print"
	[ ! -e .ssh ]
	md5=$(print a.pub md5)
	for bad in "${print%?}"{!,=,''} "${print}x" "${md5//:/-}" "${md5//[0-9]/g}" SHA256: SHA3:x ''; do
		refused '-d: not a whole fingerprint' a.pub -d "$bad"
	done
	refused 'only one of -a, -A, -d, -k and -l' a.pub -l -d "$print"
	for options in -w -r -T '-e +1d'; do
		refused '-O, -T, -e, -w and -r are only for adding a key' a.pub $options -l
	done
}

@test "-d accepts a fingerprint in each form in which people paste it; its base64 is compared exactly" {
	md5=$(print a.pub md5)
	for pasted in "sha256:${print#*:}" " $print " "$print=" "${md5#MD5:}" "$(tr a-z A-Z <<<"$md5")" "md5:${md5#MD5:}" \
		"$(ssh-keygen -lf a.pub)" "$(ssh-keygen -E md5 -lf a.pub)"; do
		cat a.pub >$list
		removed "$pasted"
	done
	cat a.pub >$list
	absent -d "$(sed 's/.*/\L&/; s/^sha256/SHA256/; s/.$/A/' <<<"$print")"
	cmp a.pub $list
}

@test "-O adds the administrator's options; the key with other options is refused" {
	while read -r options; do
		# /etc/services may be missing
		[[ $options != *:http* ]] || getent services http >&2 || continue
		add a.pub -O "$options"
		has_list "$options $a"
		ssh-keygen -lf $list
		add a.pub -O "$options"
		add a.pub
		refused "$other_options" a.pub -O no-user-rc
		rm $list
	done <<-'END'
		no-pty
		restrict,pty
		command="/bin/aspshell -t",no-agent-forwarding,no-X11-forwarding
		from="10.0.0.0/8,*.example.org"
		environment="A=b",environment="C=d"
		permitopen="localhost:http"
		permitopen=":80",permitlisten=":8080"
		permitopen="[fe80::1%eth0]:80"
		tunnel="2147483645"
		expiry-time="29990101utc"
		expiry-time="29990101z"
		from="127.0.0.1,fe80::1%eth0"
		command=""
		command="a\"b,c"
		no-pty,command="a"
		command="a",no-pty
		no-pty,no-pty
	END
}

@test "-T accepts only Aspera's shared keys, and only with options that force a command" {
	# published in Aspera's software
	printf 'ssh-dss %s%s%s%s%s%s%s Aspera public access\n' \
		AAAAB3NzaC1kc3MAAACBAOQpAcPqbjIjGCOx7Lo+fLjppxlcRGwkfLnin8GpcjJiRU4CQSkqC9PepNM2bKRZ \
		bDii84/X4OLVz/YWlhyWVxOmGRZxLyUDuPTXaZQR5xdq9eM88bSLe3m+0HzEvLfeRDd72/38vCHTFxF+5rR3 \
		lR8XCikEgBe8kCvcHqtqmzz5AAAAFQC8LMnqrMdxKJQmglVyX/utXHiaaQAAAIA+g+0Q/jLMcbZe1zEJ9dpv \
		i73MTrA/Ph48m3RROfd9S+dCYlPuLQpUJGveDYfY5kxYXXbLSNSrxAG5nayjcId57tbVWYB1s3sXFz5zJX2c \
		TrNRGoBo/K3ZsT6uAzWk/otBRjGAPfEp2/Vkb6QMgMR/pTeieNwpuYDpyTFPoZq+gAAAAIEAobapDv5p2foH \
		+cG5K07sIFD9r0RD7uKJnlqjYAXzFc8U76wXKgu6WXup2ac0Co+RnZp7Hsa9G+E+iJ6poI9pOR08XTdPly4y \
		DULNST4PwlfrbSFT9FVhzkWfpOvAUc8fkQAhZqv/PE6VhFQ8w03Z8GpqXx7b3NvBR+EfIx368Ko= >shared.pub
	forced='restrict,command="/bin/aspshell -t"'
	refused 'a key that comes with Aspera software' shared.pub -w -O "$forced"
	refused '-T: requires -O with restrict and command=' shared.pub -T
	for options in no-pty restrict 'command="x"' 'restrict,command=""' "$forced,pty" "$forced,user-rc" \
		"$forced,permitopen=\":1\"" "$forced,port-forwarding" "$forced,environment=\"A=b\""; do
		refused '-T: requires -O with restrict and command=' shared.pub -T -O "$options"
	done
	refused '-T: not a key that comes with Aspera software' a.pub -T -w -O "$forced"
	[ ! -e $list ]
	add shared.pub -T -O "$forced"
	has_list "$forced $(cat shared.pub)"
	rm $list
	add shared.pub -T -O "from=\"10.0.0.0/8\",$forced" -e 29990101
	has_list "from=\"10.0.0.0/8\",$forced,expiry-time=\"29990101\" $(cat shared.pub)"
	rm $list
	add shared.pub -T -O "expiry-time=\"29990101\",$forced"
	has_list "expiry-time=\"29990101\",$forced $(cat shared.pub)"
}

@test "-O: options that sshd does not accept, or that let nobody in, are refused" {
	for options in no-such 'command=x' 'command="x' 'command="x"y' command command= 'no-pty="x"' 'no-pty,' \
		'no-pty no-user-rc' 'command="a",command="b"' $'command="a\nssh-rsa AAAA"' '' ',' 'from="a" ssh-rsa' \
		'command,"x"' 'command="' 'command=a"' 'command=a"b"' 'command="a\"' 'command="a"b' \
		'command="a",' 'no-pty,command' 'no-pty="a"' $'command="a\177"' $'command="a\nb"' 'command="a\' \
		'principals="a",principals="b"'; do
		refused '-O: unknown or malformed options: ' a.pub -O "$options"
	done
	# options that let nobody in: impossible values, a certificate authority's, a time that is past
	for options in 'from="!'{10.0.0.0/8,'*,127.0.0.1','?*,::1'}'"' 'tunnel="'{2147483646,none,12345678901,1x}'"' \
		'from="'{10.0.0.0/33,10.0.0.0/8x,10.0.0.0/,10.0.0.0/4294967304,10.0.0/8,10.0.0.1/8,'a;b','a,,b',',a','a,'}'"' \
		"from=\"$(printf %0300d 0)/8\"" 'permitopen="'{localhost,'[::1:80',localhost:}'"' 'expiry-time="2999-01-01"' \
		'permitopen="localhost:'{0,65536,4294967376,80x,no-such-service}'"' "permitopen=\"$(printf %04096d 0):80\""; do
		refused ": ${options:0:1900}" a.pub -O "$options"
	done
	for options in cert-authority 'no-pty,CERT-Authority'; do
		refused '-O: an option for a certificate authority' a.pub -O "$options"
	done
	refused '-O: the option principals, which' a.pub -O 'principals="a",no-pty'
	refused '-O: an expiry-time in the past' a.pub -O 'no-pty,expiry-time="20200101"'
	refused '-O: given twice, or not printable: no-user-rc' a.pub -O no-pty -O no-user-rc
	refused '-O: given twice, or not printable: command="a\011b"' a.pub -O $'command="a\tb"'
	[ ! -e $list ]
}

@test "-e sets the expiry in sshd's form; a past or invalid time is refused" {
	for word in 20991231 209912312359 20991231235959 20991231Z 20960229; do
		add a.pub -e $word
		has_list "expiry-time=\"$word\" $a"
		rm $list
	done
	# the system's time zone, not the caller's
	TZ=Pacific/Auckland add a.pub -O no-pty -e +90d
	word=$(sed -n 's/^no-pty,expiry-time="\([0-9]\{14\}\)" ssh-ed25519 .*/\1/p' $list)
	[ "$word" -ge "$(env -u TZ date -d '+90 days -1 minute' +%Y%m%d%H%M%S)" ]
	[ "$word" -le "$(env -u TZ date -d '+90 days' +%Y%m%d%H%M%S)" ]
	for word in 20200101 20991301 20990229 2099 209912312460 209912312260 20991231225860 99999999999999999999 +90 +d +1y \
		+-1d 90d '+1d ' +1000000001s +1000000000w ''; do
		refused '-e: not a time in the future' b.pub -e "$word"
	done
}

@test "a key that no server should let in is refused; -w permits RSA of 1024 bits, and no less" {
	need openssl
	new_key rsa -b 1024 -f weak
	xferkey keygen -t rsa -b 2048 -N none -f rsa
	openssl genrsa 768 2>/dev/null | xferkey privfmt -m OPENSSH | xferkey pubfmt >short.pub
	refused 'RSA under 2048 bits is too short (-w accepts it)' weak.pub
	refused 'RSA under 2048 bits is too short' short.pub -w
	add weak.pub -w
	add rsa.pub
	if has_dsa; then
		new_key dsa -f dsa
		refused 'DSA keys are no longer accepted' dsa.pub -w
	fi
	openssl genpkey -algorithm ed448 | xferkey pubfmt >ed448.pub
	refused 'OpenSSH knows no keys of this type' ed448.pub
}

@test "-r makes a new file that all may read; -u: only root may name another account" {
	add a.pub -r -f there
	equal "$(stat -c %a there)" 644
	equal "$(cat there)" "$a"
	refused '-u no-such-account: no such account' a.pub -u no-such-account
	other_account
	reachable
	says 2 '-u root: only root may do this for somebody else' \
		"${other[@]}" "$(xferkey --exec-path)/xferkey-authkeys" -u root
}

@test "-u: authkeys becomes the account for good, or changes nothing" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need setpriv
	reachable
	install -d -o daemon there
	# LeakSanitizer cannot look into a process with two users
	export ASAN_OPTIONS=detect_leaks=0
	# root without a capability; other users; privileges that would stay
	for way in --bounding-set=-setgid --bounding-set=-setuid '--reuid bin --clear-groups' '--euid bin' \
		'--securebits +no_setuid_fixup' '--bounding-set=-setuid --ruid daemon'; do
		says 2 '-u daemon: only root may do this' sh -c 'exec setpriv $1 "$2" -u daemon -f "$PWD/there/list" <a.pub' sh \
			"$way" "$(xferkey --exec-path)/xferkey-authkeys"
		[ ! -e there/list ]
	done
	says 2 '-u root: only root may do this' sh -c 'exec setpriv --bounding-set=-setuid --ruid daemon "$1" -u root \
		-f "$PWD/list" <a.pub' sh "$(xferkey --exec-path)/xferkey-authkeys"
	[ ! -e list ]
	setpriv --ruid daemon "$(xferkey --exec-path)/xferkey-authkeys" -u daemon -f "$PWD/there/list" <a.pub
	cmp a.pub there/list
	equal "$(stat -c '%U %G' there/list)" 'daemon daemon'
}

@test "root keeps the list's group, or changes nothing" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need setpriv strace
	export ASAN_OPTIONS=detect_leaks=0
	add a.pub
	chgrp 12345 $list
	for way in 'setpriv --bounding-set=-chown' 'strace -qq -o calls -e inject=fchown:error=EINVAL'; do
		says 2 "$list: " sh -c 'exec $1 "$2" <b.pub' sh "$way" "$(xferkey --exec-path)/xferkey-authkeys"
		has_list "$a"
		alone
	done
	add b.pub
	equal "$(stat -c %g $list)" 12345
}

@test "the files of a killed authkeys are used or removed by the next run" {
	lock=.ssh/.authorized_keys.xferkey
	echo junk >$lock
	add a.pub
	alone
	has_list "$a"
	# killed between link and unlink
	ln $list $lock
	add b.pub
	authkeys -d "$(print b.pub)"
	alone
	ln $list $lock
	removed
	alone
	add a.pub
	# another file under the name of the lock is refused
	cp a.pub other
	for make in 'ln other' 'ln -s ../other' mkfifo mkdir bind another_users; do
		$make $lock
		refused "$list: " b.pub
		cmp a.pub other
		rm -r $lock
	done
}

@test "-l and -d find a key in lines that sshd may read and authkeys does not write" {
	new_key rsa -b 2048 -f rsa
	key=$(cut -d ' ' -f 2 rsa.pub)
	for line in "rsa-sha2-512 $key" "no-pty rsa-sha2-256 $key x" "ssh-rsa "$'\v'"$key" \
		"ssh-rsa ${key:0:80}"$'\f'"${key:80}" "junk $key junk AAAA"; do
		printf '%s\n%s\n%s\n' "$a" "$line" "$b" >$list
		authkeys -l | grep -F "$(print rsa.pub)"
		authkeys -d "$(print rsa.pub)"
		cat a.pub b.pub | cmp - $list
	done
	printf 'ssh-rsa %s\0 x\n%s\n' "$key" "$b" >$list
	authkeys -d "$(print rsa.pub)"
	cmp b.pub $list
	# only two places in a line are searched
	for line in 'AAAA ' AAAA AAAAB3NzaC1yc2E= $'\v'; do
		yes "$line" | tr -d '\n' | head -c 10000000 >$list
		run -1 timeout 5 xferkey authkeys -d "$(print rsa.pub)"
	done
}

@test "-d: the key of a line is the one that sshd reads, not one in its options or its comment" {
	decoys=$(printf 'AAAA,%.0s' {1..120})
	for line in "ssh-ed25519 A"$'\v'"AA${base64#AAA} x" "command=\"$decoys\" $blob" \
		"command=\"echo $(blob b.pub)\" odd-name $base64" "command=\"x $(blob b.pub) \\\" y\"  $blob"; do
		echo "$line" >$list
		absent -d "$(print b.pub)"
		has_list "$line"
		equal "$(authkeys -l | cut -f 1)" "$print"
		removed
	done
}

@test "if a line of the key has weaker options than -O asks for, authkeys refuses" {
	for line in odd-name no-such-option touch-required no-verify-required $'environment="A=a\tb"' cert-authority ''; do
		[ "$line" = odd-name ] || line+=' ssh-ed25519'
		echo "$line $base64" >$list
		refused "$other_options" a.pub -O no-pty
		printf 'no-pty %s\n%s %s\n' "$a" "$line" "$base64" >$list
		refused "$other_options" a.pub -O no-pty
	done
	for line in touch-required no-verify-required $'environment="A=a\tb"'; do
		echo "$line $a" >$list
		equal "$(authkeys -v <a.pub | cut -f 1)" present
	done
	printf 'restrict %s\n%s\n' "$a" "$a" >$list
	refused "$other_options" a.pub -O restrict
	add a.pub
	# a line that sshd may read in another way than authkeys
	echo "no-pty ssh-rsa $base64" >$list
	refused "$list" a.pub -O no-pty
	# without -O the first line that is unclear is named
	printf 'no-such %s\nno-more %s\n' "$a" "$a" >$list
	refused "in a line that sshd may or may not accept; nothing was added; remove that line first: no-such $a" a.pub
}

@test "a key with which anybody can sign is refused: RSA with exponent 1 or a prime modulus, points of small order" {
	need python3
	python3 - <<-'END'
		import base64
		def field(b):
		    return len(b).to_bytes(4, "big") + b
		def put(file, *fields):
		    open(file, "w").write(f"{fields[0].decode()} {base64.b64encode(b''.join(map(field, fields))).decode()}\n")
		put("exponent", b"ssh-rsa", b"\1", b"\0" + b"\xc1" * 256)
		put("prime", b"ssh-rsa", b"\1\0\1", (2**2203 - 1).to_bytes(276, "big"))  # M2203
		put("large", b"ssh-ed25519", bytes(31) + b"\100")      # differs from such a point in its last byte alone
		# the points of order 8 or less, in all their encodings
		p = 2**255 - 19
		y = 2707385501144840649318225287225658788936804267575313519463743609750303402022
		ys = 0, 1, y, p - y, p - 1, p, p + 1
		for i, y in enumerate(ys):
		    for sign in 0, 1:
		        point = (y | sign << 255).to_bytes(32, "little")
		        put(f"small-{i}{sign}", b"ssh-ed25519", point)
		        put(f"small-{i}{sign}-sk", b"sk-ssh-ed25519@openssh.com", point, b"ssh:")
	END
	refused 'exponent 1' exponent -w
	refused 'a prime for the modulus' prime
	for file in small-*; do
		refused 'small order' $file
	done
	for file in prime small-00 small-61-sk; do
		run ! xferkey fpr -w $file
		has 'anybody can sign for it'
	done
	xferkey fpr -w large
}

@test "-v names the other lines of an added key" {
	printf 'cert-authority %s\nssh-rsa %s\n%s\n' "$a" "$base64" "$b" >$list
	equal "$(authkeys -v <a.pub | cut -f 1,2,5)" "$(printf "%s\t$print\t%s\n" added - beside cert-authority beside -)"
	equal "$(authkeys -v <a.pub | cut -f 1,5)" 'present	-'
}

@test "-A puts back the lines that -d removed, byte for byte, any number and kind of them" {
	{
		printf 'from="127.0.0.1" %s\n%s\n%s\n' "$a" "$a" "$a"
		printf 'command="printf '\''a\tb'\''" %s caf\351 \342\200\256\r\n' "$blob"
		printf 'odd-name %s \0 x\n  cert-authority  %s' "$base64" "$blob"
	} >lines
	{ cat b.pub; echo '-----END PRIVATE KEY-----'; cat lines; } >$list
	chmod 640 $list
	{ cat $list; echo; } >before
	authkeys -v -d "$print" >out
	equal "$(authkeys -v -A <out | cut -f 1,2 | sort -u)" "added$tab$print"
	cmp before $list
	mode_is 640
	alone
	printf %s "$a" >unterminated
	add unterminated -A -f new
	cmp a.pub new
	echo '# no key' >comment
	cat a.pub comment >both
	for file in comment both a; do
		refused 'standard input: not an SSH key' $file -A
	done
	refused 'standard input: no key in it' /dev/null -A
	refused '-O, -T, -e, -w and -r' a.pub -A -O no-pty
	refused 'only one of -a, -A, -d, -k and -l' a.pub -a -A
}

@test "-k prints the numbers of the lines in which ssh-keygen finds the key, or says that this is not known" {
	need python3
	{
		echo '# -----BEGIN OPENSSH PRIVATE KEY-----'
		cat b.pub
		printf '\n# %s\ngarbage\nno-pty,command="a \\" b" %s\n' "$a" "$a"
		# a NUL after the inner name: OpenSSH compares only the text before it
		python3 -c 'import base64, sys
name, text = sys.argv[1].split()[:2]
print(name, base64.b64encode(b"\0\0\0\x0cssh-ed25519\0" + base64.b64decode(text)[15:]).decode())' "$a"
		printf %s "$a"
	} >$list
	for hash in sha256 md5 sha512; do
		equal "$(authkeys -k "$(print a.pub "$hash")")" $'6\n7\n8'
	done
	equal "$(authkeys -k "$(print b.pub)")" 2
	absent -k "SHA256:$(printf 'A%.0s' $(seq 43))"
	absent -k "$print" -f none
	real=$(command -v ssh-keygen) program=$(xferkey --exec-path)/xferkey-authkeys
	fake ssh-keygen 'env >"${0%/*}/env"; exec '"$real"' "$@"'
	equal "$(SECRET=1 PATH=$PWD/path:$PATH authkeys -k "$(print b.pub)")" 2
	equal "$(cut -d = -f 1 path/env | grep -vxE 'PWD|OLDPWD|SHLVL|_')" PATH
	for way in 'exit 0' 'head -c 100 >/dev/null' "head -n 4 | $real \"\$@\"" "$real \"\$@\"; exit 1" 'kill -KILL $$'; do
		fake ssh-keygen "$way"
		PATH=$PWD/path:$PATH says 2 "$list: not known whether the key is there: ssh-keygen" authkeys -k "$print"
	done
	says 2 'only one of -a, -A, -d, -k and -l' authkeys -l -k "$print"
	says 2 '-k: not a whole fingerprint' authkeys -k SHA256:AAAA
	says 2 'jane: unexpected: a key comes on standard input; -u names an account' authkeys -k "$print" jane
	alone
	# of ten lines the first eight; a list of many pieces; without PATH
	for ((n = 0; n < 10; n++)); do cat a.pub; done >$list
	equal "$(authkeys -k "$print")" "$(seq 8)"
	{ head -c 100000 /dev/zero | tr '\0' '\n'; printf %s "$a"; } >$list
	equal "$(authkeys -k "$print")" 100001
	if [ -x /usr/bin/ssh-keygen ]; then equal "$(env -u PATH "$program" -k "$print")" 100001; fi
	if ! grep -q __asan_init "$program"; then equal "$(ulimit -v 400000 && "$program" -k "$print")" 100001; fi
	fake ssh-keygen "sleep 0.2; exec $real \"\$@\""
	equal "$(PATH=$PWD/path:$PATH authkeys -k "$print")" 100001
	# lines that ssh-keygen does not print today
	fake ssh-keygen "printf '%s\n' odd '256 ${print}x c (ED25519)' 'SHA256: x'; exec $real \"\$@\""
	equal "$(PATH=$PWD/path:$PATH authkeys -k "$print")" 100001
	cp b.pub $list
	PATH=$PWD/path:$PATH absent -k "$print"
	chmod 644 path/ssh-keygen
	says 2 "$list: not known whether the key is there: ssh-keygen" env PATH="$PWD/path" "$program" -k "$print"
	ln -sf ssh-keygen path/ssh-keygen
	says 2 "$list: Too many levels of symbolic links" env PATH="$PWD/path" "$program" -k "$print"
	# a key without a comment, longer than the lines before it
	new_key rsa -b 3072 -f r
	for ((n = 1; n < 200; n += 20)); do
		{ printf "no-pty,command=\"%0${n}d\" %s\n" 0 "$a" && blob r.pub; } >$list
		equal "$(authkeys -k "$(print r.pub)")" 2
	done
}

@test "if a program replaces the list without the lock, authkeys tries again, and at last gives up" {
	need "${CC:-cc}"
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-authkeys" || skip 'AddressSanitizer must be loaded first'
	# fsync replaces the list, without a lock, TIMES times; or it appends to the list, which keeps its time; or it changes
	# bytes, and the time by a second or less; or it removes the lock file
	"${CC:-cc}" -shared -fPIC -o others.so -xc - <<-'END'
		#include <fcntl.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/stat.h>
		#include <unistd.h>
		static const char list[] = ".ssh/authorized_keys";
		int fsync(int fd)
		{
			static int done;
			const char *how = getenv("HOW");
			struct timespec times[2] = { { 0, UTIME_OMIT } };
			struct stat st;
			FILE *f;

			if (done++ >= atoi(getenv("TIMES")) || chdir(getenv("HOME")) != 0)
				return 0;
			if (strcmp(how, "unlock") == 0)
				return unlink(".ssh/.authorized_keys.xferkey");
			if (stat(list, &st) != 0)
				return -1;
			times[1] = st.st_mtim;
			if (strcmp(how, "second") == 0)
				times[1].tv_sec--;
			if (strcmp(how, "less") == 0)
				times[1].tv_nsec ^= 1;
			f = strcmp(how, "replace") == 0 ? fopen("other", "w") : fopen(list, strcmp(how, "append") == 0 ? "a" : "r+");
			if (strcmp(how, "second") == 0 || strcmp(how, "less") == 0)
				fseek(f, -7, SEEK_END);
			if (fprintf(f, strcmp(how, "append") && strcmp(how, "replace") ? "# %d" : "# other %d\n", done) < 0 || fclose(f))
				return -1;
			return strcmp(how, "replace") == 0 ? rename("other", list) : utimensat(AT_FDCWD, list, times, 0);
		}
	END
	export HOW=replace
	for times in 1 5; do
		cp a.pub $list
		TIMES=$times LD_PRELOAD=$PWD/others.so timeout 20 xferkey authkeys <b.pub
		has_list "# other $times
$b"
	done
	run -2 env TIMES=100000 LD_PRELOAD="$PWD/others.so" timeout 20 xferkey authkeys <a.pub
	equal "${#lines[@]}" 1
	! grep -qxF "$a" $list || false
	alone
	equal "$(sed -n 's/^# other //p' $list)" 19
	for HOW in append second less; do
		cp a.pub $list
		TIMES=1 LD_PRELOAD=$PWD/others.so timeout 20 xferkey authkeys <b.pub
		if [ $HOW = append ]; then has_list "$a"$'\n# other 1\n'"$b"; else has_list "${a%??????}# 1${a: -3}"$'\n'"$b"; fi
		alone
	done
	HOW=unlock
	cp a.pub $list
	run -2 env TIMES=1 LD_PRELOAD="$PWD/others.so" timeout 20 xferkey authkeys <b.pub
	[[ $output = *"$list: Stale file handle" ]]
	has_list "$a"
	alone
}

@test "a symbolic link on the way is refused; the error names its target and options that work there" {
	local same="the same with -f" leads="a symbolic link, which sshd follows and authkeys does not, leads to"
	mkdir -m 700 real 'a b'
	for way in 'real/list .ssh/authorized_keys' 'a b/list .ssh/authorized_keys' 'real/authorized_keys .ssh'; do
		link=${way##* }
		way=${way% *}
		rm -rf .ssh
		[ "$link" = .ssh ] || mkdir -m 700 .ssh
		[ "$link" = .ssh ] && ln -s real .ssh || ln -s "../$way" "$link"
		cp a.pub "$way"
		refused "/$list: $leads: $HOME/$way: $same " b.pub
		refused "$leads: $HOME/$way: $same " a.pub -A
		refused "$leads: $HOME/$way: $same " /dev/null -d "$print"
		cmp a.pub "$way"
		equal "$(authkeys -l | cut -f 1)" "$print"
		run authkeys -v -d "$print"
		equal "$status:${lines[0]}" "2:link	$(id -un)	$HOME/$way"
		sh -c "xferkey authkeys -d $print $(sed 's/.*: the same with//' err)"
		[ ! -s "$way" ]
	done
	ln -sfn gone .ssh
	absent -d "$print"
	refused "leads to: $HOME/gone/authorized_keys" a.pub
	ln -sfn /no-such-directory .ssh
	refused "leads to: /no-such-directory/authorized_keys" a.pub
	refused "leads to: /no-such-directory/authorized_keys" a.pub -f .ssh/authorized_keys
	rm .ssh
	mkdir -m 700 .ssh
	ln -s ../real/new $list
	refused "leads to: $HOME/real/new: $same " a.pub
	equal "$(ls real)" 'authorized_keys
list'
	# if others may have chosen the path, root gets no options
	run authkeys -f "$HOME/$list" <b.pub
	if [ "$(id -u)" -ne 0 ]; then
		[[ $output = *"leads to: $HOME/real/new: $same $HOME/real/new" ]]
	else
		[[ $output = *"leads to: $HOME/real/new" ]]
		run authkeys -u root -f "$HOME/$list" <b.pub
		[[ $output = *"leads to: $HOME/real/new" ]]
	fi
	# others could change the target: no options are shown
	chmod 777 real
	refused "leads to: $HOME/real/new" a.pub
	! grep -F 'the same with' err || false
	chmod 700 real
	if [ "$(id -u)" -eq 0 ]; then
		for path in real/new .; do
			: >real/new
			chown 12345 "$path"
			run authkeys <b.pub
			chown 0 "$path"
			[[ $output = *"leads to: $HOME/real/new" ]]
		done
	fi
	ln -sfn $'../real/esc\033' $list
	refused "leads to: $HOME/real/esc\\033" a.pub
	! grep -F 'the same with' err || false
	ln -sfn authorized_keys $list
	refused 'Too many levels of symbolic links' a.pub
	rm -r .ssh
	echo >.ssh
	refused 'Not a directory' a.pub
}

@test "the group of the file is kept" {
	cat a.pub b.pub >$list
	group=$(id -G | awk '{ print $NF }')
	[ "$(id -u)" -ne 0 ] || group=7
	chgrp "$group" $list
	chmod 640 $list
	authkeys -d "$print"
	equal "$(stat -c '%g %a' $list)" "$group 640"
	cmp b.pub $list
}

@test "a private key anywhere in the received text is refused" {
	new_key ecdsa -m PEM -C c -f pem
	for end in ' ' '\r' '\f' '\v' '\0'; do
		printf "%s$end" "$b" >both
		tr '\n' '\r' <pem >>both
		refused 'a private key, not a public one' both
		printf "%s${end}PuTTY-User-Key-File-3: ssh-ed25519Encryption: none Private-Lines: 1 AAAA\n" "$b" >both
		refused 'a private key, not a public one' both
	done
	[ ! -e $list ]
}
