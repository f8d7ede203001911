#!/usr/bin/env bats
# xferkey rotate makes a new pair, a text that both keys sign, and the message. s2116 has the login and the switch.

load ../lib/porcelain

setup() {
	private_home
	mkdir -m 700 .ssh
	new_key ed25519 -C 'jane \ "x"' -f .ssh/ihmp
}

# signed_by N KEY: the signature number N of .ssh/ihmp.renewal is by this key, over its first eight lines.
signed_by() {
	awk -v n="$1" '/^-----BEGIN/ { i++ } i == n' .ssh/ihmp.renewal >sig
	run -0 ssh-keygen -Y check-novalidate -n renewal@xferkey -s sig < <(head -n 8 .ssh/ihmp.renewal)
	has "$(print "$2")"
}

@test "the message has the new public key and a renewal that both keys sign, and names the administrator's command" {
	need python3
	xferkey -q rotate --site ihmp --user jane --to a@b.org -o draft
	mkdir out
	message draft out >text
	equal "$(ls out)" $'ihmp.new.pub\nihmp.renewal'
	cmp out/ihmp.new.pub .ssh/ihmp.new.pub
	cmp out/ihmp.renewal .ssh/ihmp.renewal
	date=$(sed -n 's/^date: //p' .ssh/ihmp.renewal)
	[[ $date =~ ^20[0-9-]{8}T[0-9:]{8}Z$ ]]
	old=$(print .ssh/ihmp.pub) new=$(print .ssh/ihmp.new.pub)
	head -n 8 .ssh/ihmp.renewal | diff - <(printf '%s\n' 'xferkey renewal 1' 'account: jane' 'site: ihmp' \
		'host: aspera.ihmpdcc.org' "date: $date" "old: $old" "new: $new" "key: $(cat .ssh/ihmp.new.pub)")
	[ "$(sed 1,8d .ssh/ihmp.renewal | grep -c '^-----BEGIN SSH SIGNATURE-----$')" -eq 2 ]
	signed_by 1 .ssh/ihmp.pub
	signed_by 2 .ssh/ihmp.new.pub
	grep -qx "    xferkey authorize --replaces $old -u jane ihmp.new.pub" text
	grep -qF " $new (ED25519)" text
	same_key .ssh/ihmp.new .ssh/ihmp.new.pub
	lacks draft "$(sed -n 3p .ssh/ihmp.new)"
}

@test "a second run keeps the new pair and signs again; --status names the next command; nothing switches without a login" {
	run -1 xferkey rotate --status .ssh/ihmp
	xferkey -n rotate .ssh/ihmp --to a@b.org >steps
	grep -qx 'xferkey generate -t ED25519 -f .ssh/ihmp.new' steps
	equal "$(ls .ssh)" $'ihmp\nihmp.pub'
	xferkey -q rotate .ssh/ihmp --user jane --to a@b.org >first
	cp .ssh/ihmp.new pair
	echo 'xferkey renewal 1' >.ssh/ihmp.renewal
	xferkey -q rotate .ssh/ihmp --user joe --to a@b.org >second
	cmp .ssh/ihmp.new pair
	sed -n 2,4p .ssh/ihmp.renewal | diff - <(printf '%s\n' 'account: joe' 'site: -' 'host: -')
	run -0 xferkey rotate --status .ssh/ihmp
	has "$(print .ssh/ihmp.new.pub) waits since 20" 'xferkey rotate --finish .ssh/ihmp'
	before=$(files)
	run -1 xferkey -q rotate --finish .ssh/ihmp nobody@127.0.0.1:1
	equal "$(files)" "$before"
	refused <<-END
		--user: a b:c: not the name of an account| rotate .ssh/ihmp --to a@b.org --user 'a b:c'
		-t, -b and -N| rotate .ssh/ihmp --to a@b.org -t rsa
		nosuch: no rotation is open| rotate --finish nosuch h
		ihmp.new: no rotation is open| rotate --finish .ssh/ihmp.new h
	END
}

@test "mail attaches only the renewal that rotate wrote for this account and these keys" {
	xferkey -q rotate .ssh/ihmp --user jane --to a@b.org -o draft
	good=.ssh/ihmp.renewal
	cat $good <(sed -n 2,6p .ssh/ihmp) >after
	head -n 8 $good | cat - <(sed -n 2,6p .ssh/ihmp) >instead
	sed "s,^date: .*,date: $(tr '\n' ' ' <.ssh/ihmp)," $good >dated
	sed "s,^date: .*,&\n&," $good >twice
	sed "s,^date: .*,date: 2026-01-01T00:00:00Z," $good >unsigned
	awk '/^-----BEGIN/ { i++ } { part[i + 0] = part[i + 0] $0 "\n" }
		END { printf "%s", part[0] part[2] part[1] }' $good >swapped
	sed 's/^account: .*/account: root/' $good >other
	echo >>$good
	cp $good blank
	sed -i '$d' $good
	new_key ed25519 -f x
	replaces="--to a@b.org --from a@b.org --user jane --replaces $(print .ssh/ihmp.pub)"
	refused <<-END
		not the text that rotate makes| mail $replaces --renewal after .ssh/ihmp.new.pub
		| mail $replaces --renewal instead .ssh/ihmp.new.pub
		| mail $replaces --renewal dated .ssh/ihmp.new.pub
		| mail $replaces --renewal twice .ssh/ihmp.new.pub
		| mail $replaces --renewal blank .ssh/ihmp.new.pub
		for these two keys| mail $replaces --renewal $good x.pub
		| mail $replaces --renewal $good x.pub .ssh/ihmp.new.pub
		cannot verify that both keys| mail $replaces --renewal unsigned .ssh/ihmp.new.pub
		| mail $replaces --renewal swapped .ssh/ihmp.new.pub
		for the account root, and this message is for jane| mail $replaces --renewal other .ssh/ihmp.new.pub
		for the account jane, and this message is for joe| mail $replaces --user joe --renewal $good .ssh/ihmp.new.pub
	END
	xferkey -q mail $replaces --renewal $good .ssh/ihmp.new.pub >message
}

@test "a FIFO is not waited for, and a new public key without its private half is named" {
	cp .ssh/ihmp .ssh/ihmp.new
	for file in ihmp.new.pub ihmp.pub ihmp; do
		rm -f ".ssh/$file"
		mkfifo ".ssh/$file"
		says 2 "$file: not a file" timeout 20 xferkey rotate --status .ssh/ihmp
	done
	rm .ssh/*
	new_key ed25519 -f .ssh/ihmp
	new_key ed25519 -f .ssh/ihmp.new
	mkfifo .ssh/ihmp.renewal
	run -0 timeout 20 xferkey rotate --status .ssh/ihmp
	has 'has no message'
	says 2 'ihmp.renewal exists and is left alone' timeout 20 xferkey -q rotate .ssh/ihmp --to a@b.org
	rm .ssh/ihmp.renewal .ssh/ihmp.new
	for file in ihmp.pub ihmp; do
		run -1 xferkey rotate --status .ssh/ihmp
		has 'no rotation is open' 'ihmp.new is missing'
		refused <<<'ihmp.new.pub is not the public half of| rotate --finish .ssh/ihmp h'
		rm ".ssh/$file"
	done
}
