#!/usr/bin/env bats
# The whole way of a key, as root: made, mailed, taken in, used, replaced and removed, with a real mail system, a real
# sshd and its log.

load ../lib/test
load ../lib/accounts

setup() {
	setup_accounts
	need python3 setpriv
	"$(xferkey --exec-path)/lib/xferkey-mail-parts" </dev/null >/dev/null 2>&1 || skip 'built without GMime'
	"$top/t/fixture/mta" path >/dev/null 2>&1 || skip 'no exim: make check-deps unpacks one'
	declare -f equal await user mailed row who_row >functions
}

# user NAME COMMAND ...: runs it as this account, on a computer where its home is /srv/NAME/laptop.
user() {
	[ -d "/srv/$1/laptop" ] || install -d -m 700 -o "$1" "/srv/$1/laptop"
	(cd / && as "$1" env HOME="/srv/$1/laptop" TMPDIR=/tmp XFERKEY_BATCH=1 XFERKEY_SENDMAIL=/srv/mta/sendmail \
		XFERKEY_SSH_CONFIG="$HOME/sshd/ssh_config" "${@:2}")
}

# mailed COUNT: this number of whole messages is in the mailbox.
mailed() {
	[ "$(grep -c '^--=_.*--$' /srv/mta/mailbox)" = "$1" ]
}

# row VERDICT: intake's only row with a verdict that begins so, in the file row.
row() {
	awk -F '\t' -v verdict="$1" 'index($7, verdict) == 1' rows >row
	equal "$(wc -l <row)" 1
}

# who_row PUBLIC-KEY COLUMNS: these columns of who's row for the key.
who_row() {
	grep -F "$(print "$1")" rows | cut -f "$2" | tr '\t' ' '
}

@test "a key is registered by mail, logs in, is replaced by renewal, and the old one is removed by the log" {
	inside 1 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		. ./functions
		own_syslog "$HOME/auth.log"
		install -d -o u1 /srv/mta
		as u1 env TMPDIR=/tmp MTA_OWNER=$$ "$top/t/fixture/mta" start /srv/mta
		keys=/srv/u1/laptop/.ssh
		# the user makes a key, and sends it
		user u1 xferkey -q generate --site ihmp --user u1
		user u1 xferkey -q mail --site ihmp --to dcc@example.org --send
		await 10 mailed 1
		# the administrator has compared the fingerprint
		ends 0 xferkey intake --site ihmp /srv/mta/mailbox >rows
		row 'new key'
		equal "$(cut -f 4,6,8 row)" "$(printf 'u1\t%s\t-' "$(print $keys/ihmp.pub)")"
		[[ $(cut -f 5 row) = '#'* ]]
		cut -f 5 row | xferkey authorize -b | cmp - /dev/null
		cut -f 5 row | sed 's/^#//' | xferkey authorize -b -O no-pty >out
		equal "$(cut -f 1,2 out)" "$(printf 'u1\tadded')"
		logs_in u1 $keys/ihmp
		await 10 grep -q 'Accepted publickey for u1 ' auth.log
		xferkey who --log auth.log >rows
		equal "$(who_row $keys/ihmp.pub 1,6,10,11,13)" 'u1 no-pty 127.0.0.1 1 yes'
		[[ $(who_row $keys/ihmp.pub 8) = 20*T*Z ]]
		[[ $(who_row $keys/ihmp.pub 9) = 20*T*Z ]]
		# the user asks for a new one
		cp $keys/ihmp.pub old.pub
		user u1 xferkey -q rotate --site ihmp --to dcc@example.org --send
		await 10 mailed 2
		ends 0 xferkey intake --site ihmp /srv/mta/mailbox >rows
		row renewal
		equal "$(cut -f 4,6,8 row)" "$(printf 'u1\t%s\t%s' "$(print $keys/ihmp.new.pub)" "$(print old.pub)")"
		cut -f 5 row | xferkey authorize -b | cmp - /dev/null
		# as the manual of intake has it
		awk -F '\t' '$7 == "renewal" { sub(/^#?[^:]*:/, "", $5); print $4, $8, $5 }' rows | while read -r user old key; do
			printf '%s\n' "$key" | xferkey authorize --replaces "$old" -u "$user"
		done >out
		until=$(sed -n "s,^$(print old.pub) is accepted until \\([^ ]*Z\\) in .*,\\1,p" out)
		# a login in the same second would not be later
		second=$(date +%s)
		await 10 eval '[ "$(date +%s)" != "$second" ]'
		logs_in u1 $keys/ihmp.new
		logs_in u1 $keys/ihmp
		cp $keys/ihmp old
		user u1 xferkey rotate --finish --site ihmp --port "$(cat sshd/port)" u1@127.0.0.1 >out 2>&1
		new=$(sed -n 's,^keyfile = ~,/srv/u1/laptop,p' /srv/u1/laptop/.config/xferkey/sites/ihmp)
		logs_in u1 $new
		xferkey who --log auth.log >rows
		equal "$(wc -l <rows)" 2
		equal "$(who_row $new.pub 1,6,7,13)" 'u1 no-pty - yes'
		equal "$(who_row old.pub 1,6,7,13)" "u1 no-pty,expiry-time=\"$(date -d "$until" +%Y%m%d%H%M%S)\" $until yes"
		# the old key goes
		xferkey revoke --superseded -u u1 --log auth.log >out
		grep "^$(print old.pub) is removed from" out
		kept_out u1 old
		logs_in u1 $new
		xferkey who --log auth.log >rows
		equal "$(wc -l <rows)" 1
		equal "$(who_row $new.pub 1,7,13)" 'u1 - yes'
		ends 1 xferkey intake --site ihmp /srv/mta/mailbox >rows
		row 'refused: the account has the new key already'
		as u1 "$top/t/fixture/mta" stop /srv/mta
	END
	echo "$output"
}

@test "a renewal for another account, altered or not, is refused, and one whose old or new key was revoked since" {
	inside 3 'AuthorizedKeysFile .ssh/authorized_keys' 'RevokedKeys /srv/revoked/keys' <<-'END'
		. ./functions
		# taken VERDICT FILE: intake refuses the only message in FILE so, and installs nothing.
		taken() {
			ends 1 xferkey intake --site ihmp "$2" >rows
			row "refused: $1"
			equal "$(cut -f 5 row)" '#'
			cut -f 5 row | xferkey authorize -b | cmp - /dev/null
		}
		mkdir /srv/revoked
		ssh-keygen -q -k -f /srv/revoked/keys /dev/null
		cp /srv/revoked/keys none
		keys=/srv/u1/laptop/.ssh
		user u1 xferkey -q generate --site ihmp --user u1
		# u2 has the same key, and u3 has none
		for name in u1 u2; do
			authorize -u $name $keys/ihmp.pub
		done
		user u1 xferkey -q rotate --site ihmp --to dcc@example.org >eml
		python3 - <<-'PYTHON'
			import email, email.policy
			for account in "u2", "u3":
			    for words in True, False:
			        m = email.message_from_binary_file(open("eml", "rb"), policy=email.policy.default)
			        for part in m.iter_attachments():
			            if part.get_filename() == "ihmp.renewal":
			                text = part.get_content()
			                if isinstance(text, bytes): text = text.decode()
			                name = part.get_filename()
			                if not words: text = text.replace("account: u1", "account: " + account)
			                assert ("account: u1" in text) == words
			                part.set_content(text, filename=name, disposition="attachment")
			        body = m.get_body(("plain",))
			        body.set_content(body.get_content().replace("    u1\n", "    %s\n" % account))
			        open("%s-%s" % (account, "words" if words else "both"), "wb").write(m.as_bytes())
		PYTHON
		for name in u2 u3; do
			taken "its text is for the account $name" $name-words
		done
		taken 'the signature by the old key: ' u2-both
		taken 'the old key is not one of the account' u3-both
		# revoked in between
		revoke --krl /srv/revoked/keys $keys/ihmp.new.pub 2>err
		taken 'sshd would refuse the new key: RevokedKeys /srv/revoked/keys' eml
		cp none /srv/revoked/keys
		revoke --krl /srv/revoked/keys $keys/ihmp.pub 2>err
		taken 'sshd would refuse the old key: RevokedKeys /srv/revoked/keys' eml
		cp none /srv/revoked/keys
		ends 0 xferkey intake --site ihmp eml >rows
		row renewal
		revoke -u u1 $keys/ihmp.pub
		taken 'the old key is not one of the account' eml
	END
	echo "$output"
}
