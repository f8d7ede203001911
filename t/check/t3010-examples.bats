#!/usr/bin/env bats
# Every example of the manuals and of README is run as written, or is in not_run, with the reason. t3000 has README's
# table of documented steps.

load ../lib/porcelain
load ../lib/examples

# The page, the beginning of the example, and why it is not run.
not_run() {
	cat <<-'END'
		README|make deps demo|s3100-demo.bats runs the demo
		README|xferkey intake|needs GMime: s2125-intake.bats
		README|make check-deps check|this is a part of it
		README|make install|s9000-destdir.bats installs
		xferkey-authorize.1|xferkey authorize -u jane --token-account|needs aspshell: s2145-accounts.bats has it
		xferkey-check.1|xferkey check --docroot|needs her account: s3020-examples.bats
		xferkey-authlog.1|Nov 30|forms of a line
		xferkey-authlog.1|Accepted|forms of a message
		xferkey-authlog.1|journalctl|needs a journal with a login: s1530-authlog.bats
		xferkey-fips-convert.1|openssl pkcs8|the documented command, which cannot read the key
		xferkey-ldap-authorized-keys.8|Match Group|a part of sshd_config
		xferkey-ldap-authorized-keys.8|AuthorizedKeysCommand|a part of sshd_config
		xferkey-ldap-authorized-keys.8|ldap-authorized-keys|a part of sshd_config
		xferkey-ldap-authorized-keys.8|runuser|needs a directory server: s2190-ldap.bats
		xferkey-permcheck.1|xferkey permcheck -s jane:|needs her account: s3020-examples.bats
		xferkey-rotate.1|xferkey renewal 1|a text
		xferkey-revoke.1|journalctl|needs a journal: s3020-examples.bats
		xferkey-revoke.1|xferkey revoke -n --unused|needs accounts and their log: s3020-examples.bats
		xferkey-revoke.1|xferkey revoke --superseded|needs accounts and their log: s3020-examples.bats
		xferkey-revoke.1|xferkey revoke --krl|as root: s3020-examples.bats
		xferkey-intake.1|xferkey intake|needs GMime: s2125-intake.bats runs them
		xferkey-sites.5|title =|a profile
		xferkey-tutorial.7|pscp|on Windows
		xferkey-who.1|journalctl|needs a journal with a login: s1530-authlog.bats
		xferkey-tutorial.7|xferkey authorize -b|needs her account: s3020-examples.bats
	END
}

# reason PAGE COMMAND: why the example is not run.
reason() {
	local page begin why
	while IFS='|' read -r page begin why; do
		[[ $page != "$1" || $2 != "$begin"* ]] || echo "$why"
	done < <(not_run)
}

# The files of the examples: jane's keys, one with a passphrase, and her files; and the server of ihmp.
make_stock() {
	need ssh-keygen puttygen expect
	mkdir -p server/{upload,data} stock/{.config/xferkey/sites,data,upload,DIR,mnt/c/Users/me}
	cd stock || return 1
	mkdir -m 700 .ssh
	echo 'a good long passphrase' | tee phrase >secret
	new_key rsa -b 2048 -Z aes256-ctr -a 1 -N "$(cat phrase)" -C jane@lab -f id_rsa
	new_key rsa -b 2048 -m PEM -C jane@lab -f key
	new_key ed25519 -C joe@lab -f .ssh/id_ed25519
	cp -p id_rsa id_rsa.pub .ssh
	for name in ihmp aspera_rsa; do
		cp -p key ".ssh/$name"
		cp -p key.pub ".ssh/$name.pub"
	done
	cat id_rsa.pub .ssh/id_ed25519.pub | tee keys reviewed.keys >authorized_keys
	cp authorized_keys .ssh
	cp id_rsa.pub received.pub
	tee jane.pub old.pub <key.pub >ihmp.pub
	cp .ssh/id_ed25519.pub new.pub
	ssh-keygen -e -f id_rsa.pub | sed 's/^/> /' >puttygen.pub
	echo jane >leavers.txt
	{ echo 'Here is the key:' && cat id_rsa; } >mail.txt
	puttygen -q -t rsa -b 2048 -C "jane's" --new-passphrase /dev/null -o dcc_aspera.ppk
	puttygen dcc_aspera.ppk -O public | sed 's/$/\r/' >dcc_public.txt
	sed -i 's/$/\r/' dcc_aspera.ppk
	cp dcc_aspera.ppk mnt/c/Users/me/key.ppk
	echo payload | tee FILE genome.bam genome.tar huge_genome.tar >../server/data/genome.bam
	printf '%s\n' "$(LC_ALL=C date '+%b %e %T') host sshd[1]: Accepted publickey for jane from 192.0.2.7 port 1 ssh2: $(
		)RSA SHA256:KEKiyfXHzzY9aIG5B5S90Oydqp0tNc3WDIiQZuj4/I4" >auth.log
	cp FILE ../server/data/one
	cp genome.bam ../server/data/two
}

setup_file() {
	made_once make_stock
	server=$BATS_FILE_TMPDIR/server
	export sshd=$BATS_FILE_TMPDIR/sshd
	! "$top/t/fixture/sshd" path >/dev/null 2>&1 || "$top/t/fixture/sshd" start "$sshd" 'StrictModes no' \
		"AuthorizedKeysFile $server/keys" "Subsystem sftp internal-sftp -d $server"
}

teardown_file() {
	"$top/t/fixture/sshd" stop "$BATS_FILE_TMPDIR/sshd"
}

setup() {
	private_home
	as_account
	stand_in
	chmod a+rwx "$STAND_IN"
	sh_script "$STAND_IN/sendmail" 'cat >sent'
	sh_script "$STAND_IN/ldapmodify" 'cat >ldif'
	sh_script "$STAND_IN/getent" "echo '$me:x:1:1::$HOME:/bin/sh'"
	# of sshd
	me=$(id -un) prefix=$(xferkey --exec-path)/../..
	PATH=$STAND_IN:$PATH
	export PAGER=cat MANPAGER=cat XFERKEY_SSH_CONFIG=$sshd/ssh_config XFERKEY_SENDMAIL=$STAND_IN/sendmail
}

# at_home PAGE: gives HOME the files again, except those that the page itself makes.
at_home() {
	local port
	find . -mindepth 1 -delete
	cp -Rp "$BATS_FILE_TMPDIR/stock/." .
	chmod 755 .
	[ ! -e "$sshd" ] || {
		port=$(cat "$sshd/port")
		grep -v '^\(host\|port\) =' "$prefix/share/xferkey/sites/ihmp"
		printf '%s\n' 'host = 127.0.0.1' "port = $port" "user = $me" "hostkey = $(print "$sshd/host_ed25519.pub")"
	} >.config/xferkey/sites/ihmp
	case $1 in
	README | *-tutorial.7 | *-generate.1 | *-import.1 | xferkey.1) rm key key.pub .ssh/ihmp .ssh/ihmp.pub ;;
	*-setup.1) rm -r .ssh ;;
	*-permcheck.1) chmod g+w . ;;
	esac
}

# as_here: changes an example for this HOME: this account instead of another, this sshd instead of HOST, no root; and
# permcheck refuses a group that may write, even if this account is its only member.
as_here() {
	local print
	print=$(print .ssh/ihmp.pub 2>/dev/null) || :
	sed -E -e "s/runuser -u jane //; s/ -u jane( |$)/ /; s/ --everywhere / /; s/permcheck (-x )?jane/permcheck -p upstream \1~/" \
		-e "s/--user jane/--user $me/; s/(jane|joe|USER)@/$me@/g; s/@(HOST|host):?/@127.0.0.1:/; s/ADDRESS/a@b.org/" \
		-e "s;SHA256:[A-Za-z0-9.+/]*;$print;; s;/mnt/c/;mnt/c/;; s;/run/secrets/key;phrase;; s;^ssh root@one ;;" \
		-e "s;/usr/local/;$prefix/;; s;^sshd -T;$sshd/sshd -T -o AuthorizedKeysFile=/etc/ssh/keys/%u;" \
		-e '/--login|--finish/s/:$//' -e "s;/etc/ssh/ssh_host_rsa_key;$sshd/host_rsa;" \
		-e "s;-p 33001 aspera.example.org;-p $(cat "$sshd/port" 2>/dev/null) 127.0.0.1;; s;/var/log/;;"
}

# before COMMAND: empties authorized_keys for a command that installs a key, fills it for one that uses or removes a
# key.
before() {
	[ ! -e .ssh/ihmp.pub ] || cp .ssh/ihmp.pub .
	case $1 in
	*' authkeys '*' -R '* | *' authkeys -x '* | *' --replaces SHA'*) cat ./*.pub >.ssh/authorized_keys ;;
	*' authorize '* | *' authkeys'*) rm -f .ssh/authorized_keys ;;
	*' revoke '*) cat ./*.pub >.ssh/authorized_keys ;;
	*--login* | *--finish* | *ENGINE=sftp* | *' put '* | *' get '*) cat .ssh/*.pub ./*.pub >"$BATS_FILE_TMPDIR/server/keys" ;;
	esac
	export XFERKEY_ENGINE=ascp
	[[ $1 != *' put '* && $1 != *' get '* ]] || XFERKEY_ENGINE=sftp
}

# answering COMMAND: runs COMMAND on a terminal and answers its questions; generate gets no passphrase.
answering() {
	cat >"$BATS_TEST_TMPDIR/answers" <<-'END'
		set timeout 60
		log_user 0
		set new [expr {[string match "*generate*" [lindex $argv 0]] ? "" : "a good long passphrase"}]
		spawn -noecho sh -c [lindex $argv 0]
		expect {
			-re {New passphrase|same again} { send "$new\r"; exp_continue }
			-re {assphrase( for|:)} { send "a good long passphrase\r"; exp_continue }
			timeout { exit 99 }
			eof
		}
		puts -nonewline $expect_out(buffer)
		exit [lindex [wait] 3]
	END
	# the descriptors of bats and of the loop
	expect -f "$BATS_TEST_TMPDIR/answers" "$1" 3>&- 9<&-
}

# wanted PAGE COMMAND: the expected status.
wanted() {
	case $2 in
	*'| grep ^fail') echo 1 ;; # grep finds no failed key
	*' permcheck jane' | *' permcheck -x jane') [ "$1" != xferkey-permcheck.1 ] && echo 0 || echo 1 ;;
	*) echo 0 ;;
	esac
}

# janes: changes an output to that in jane's home, with N for each number.
janes() {
	tr -d '\r' | sed "s;$HOME;/home/jane;g; s/[0-9][0-9]*/N/g"
}

# runs PAGES: runs the examples of the pages that match this extended regular expression.
runs() {
	local page prompt command shown last=''
	while IFS=$'\t' read -r page prompt command shown <&9; do
		[ -z "$(reason "$page" "$command")" ] || continue
		[ "$page" = "$last" ] || at_home "$page"
		last=$page
		before "$command"
		run answering "$(as_here <<<"$command")"
		echo "$page: $command: $status: $output"
		[ "$status" -eq "$(wanted "$page" "$command")" ]
		[ -z "$shown" ] || janes <<<"$output" | grep -qxF -- "$(janes <<<"$shown")"
	done 9< <(examples | grep -E "^($1)	")
	[ -n "$last" ]
}

filters() {
	awk -F '\t' '$2 == "filter" { print "xferkey-" $1 "[.]1" }' "$prefix/share/xferkey/commands" | paste -sd '|' -
}

need_server() {
	need lftp
	[ -e "$sshd" ] || skip 'no sshd'
}

@test "each entry of not_run is the beginning of an example, with a reason" {
	while IFS='|' read -r page begin why; do
		[ -n "$why" ]
		examples | cut -f 1,3 | grep -qF -- "$page	$begin"
	done < <(not_run)
}

@test "the examples of the filters' manuals run" {
	need_sshd
	need jq
	runs "$(filters)"
	[ "$(wc -l <.ssh/authorized_keys)" -gt 0 ]
}

@test "the examples of the other manuals run" {
	need_server
	need jq
	runs "$(examples | cut -f 1 | grep -vE "README|tutorial|^($(filters))$" | sort -u | paste -sd '|' -)"
}

@test "the commands of the tutorial run, and make whole pairs" {
	need_server
	runs xferkey-tutorial.7
	for pair in ihmp aspera_ed25519 dcc_aspera ihmp2; do
		same_key ".ssh/$pair" ".ssh/$pair.pub"
	done
}

@test "the commands of README run" {
	need_server
	runs README
}
