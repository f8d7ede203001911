#!/usr/bin/env bats
# A whole rotation against a real sshd. --finish is killed, and fails, at each change of a file: a key that the server
# accepts is always under the name in use.

load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	new_key ed25519 -f old
	new_key ecdsa -f new
	new_key ecdsa -m PEM -N 'a horse' -f locked
}

setup() {
	private_home
	export XFERKEY_BATCH=1 TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir -m 700 .ssh "$TMPDIR"
	pair old key
	start_sshd
	cat "$BATS_FILE_TMPDIR"/{old,new,locked}.pub >.ssh/authorized_keys
}

teardown() {
	stop_sshd
}

# pair NAME FILE: copies this pair to .ssh/FILE.
pair() {
	cp "$BATS_FILE_TMPDIR/$1" ".ssh/$2"
	cp "$BATS_FILE_TMPDIR/$1.pub" ".ssh/$2.pub"
}

# waiting [NAME]: a new pair waits beside .ssh/key.
waiting() {
	rm -f .ssh/key*
	pair old key
	pair "${1:-new}" key.new
	echo 'xferkey renewal 1' >.ssh/key.renewal
}

finish() {
	xferkey -q rotate --finish .ssh/key test
}

# is NAME FILE: .ssh/FILE and its .pub are this pair.
is() {
	cmp "$BATS_FILE_TMPDIR/$1" ".ssh/$2"
	cmp "$BATS_FILE_TMPDIR/$1.pub" ".ssh/$2.pub"
}

# finished [NAME]: .ssh/key is the new pair, the old one is kept, and nothing else is left.
finished() {
	local today
	today=$(date -u +%Y-%m-%d)
	is "${1:-new}" key
	is old "key.old-$today"
	equal "$(ls .ssh)" "$(printf '%s\n' authorized_keys key "key.old-$today" "key.old-$today.pub" key.pub)"
}

# sound: .ssh/$in_use is the old or the new private key, no public key of another is beside it, and both private keys
# are under the documented names.
sound() {
	local half=old file found=''
	! cmp -s ".ssh/$in_use" "$BATS_FILE_TMPDIR/new" || half=new
	cmp ".ssh/$in_use" "$BATS_FILE_TMPDIR/$half"
	[ ! -e ".ssh/$in_use.pub" ] || cmp ".ssh/$in_use.pub" "$BATS_FILE_TMPDIR/$half.pub"
	for file in .ssh/key .ssh/key.new .ssh/key.old-* .ssh/key-*; do
		! cmp -s "$file" "$BATS_FILE_TMPDIR/old" || found+=o
		! cmp -s "$file" "$BATS_FILE_TMPDIR/new" || found+=n
	done
	[[ $found = *o* && $found = *n* ]]
}

# counting: makes tools, for a PATH that begins with path: their run number $AT on a key or a profile does as $HOW says:
# killed-before and killed-after kill all of xferkey, failed does nothing.
counting() {
	need setsid
	local tool
	export AT HOW COUNT=$BATS_TEST_TMPDIR/count
	for tool in ln mv rm sync; do
		fake "$tool" "case \"\$*\" in
			*/.xferkey-rotate) exec $(command -v "$tool") \"\$@\" ;;
			*.ssh* | */sites*) ;;
			*) exec $(command -v "$tool") \"\$@\" ;;
			esac
			n=\$((\$(cat '$COUNT') + 1))
			echo \$n >'$COUNT'
			case \$n:\$HOW in
			\$AT:killed-before) kill -s KILL 0 ;;
			\$AT:failed) echo \"$tool: not this time\" >&2; exit 1 ;;
			esac
			$(command -v "$tool") \"\$@\" || exit
			[ \$n:\$HOW != \$AT:killed-after ] || kill -s KILL 0"
	done
}

# interrupted RESTORE SOUND FINISHED WORD ...: for each change of rotate --finish WORD ... and each way, RESTORE makes
# the files, the command is interrupted, SOUND is true, the command run again ends well unless nothing was left to do,
# and FINISHED is true.
interrupted() {
	local last got restore=$1 sound=$2 finished=$3
	shift 3
	counting
	AT=0 HOW=none
	$restore
	echo 0 >"$COUNT"
	PATH=$PWD/path:$PATH xferkey -q rotate --finish "$@"
	last=$(cat "$COUNT")
	[ "$last" -ge 8 ]
	for HOW in killed-before killed-after failed; do
		for ((AT = 1; AT <= last; AT++)); do
			$restore
			echo 0 >"$COUNT"
			got=0
			PATH=$PWD/path:$PATH setsid -w xferkey -q rotate --finish "$@" >said 2>&1 || got=$?
			echo "$HOW $AT: status $got: $(cat said)"
			$sound
			! xferkey rotate --status "${@:1:words}" >status || xferkey -q rotate --finish "$@" >said 2>&1
			$finished
		done
	done
}

@test "the whole rotation: message, --status, refused before the new key is installed, --finish" {
	rm .ssh/key*
	xferkey -q generate -t ed25519 -f .ssh/key >out
	mv .ssh/key.pub .ssh/authorized_keys
	xferkey -q rotate .ssh/key --user jane --to a@b.org -o draft.eml
	run -1 xferkey rotate --finish .ssh/key test
	has 'refused: '
	run -0 xferkey rotate --status .ssh/key
	has "$(print .ssh/key.new.pub)" 'xferkey rotate --finish .ssh/key'
	cat .ssh/key.new.pub >>.ssh/authorized_keys
	cp .ssh/key first
	cp .ssh/key.new second
	finish
	cmp .ssh/key second
	cmp ".ssh/key.old-$(date -u +%Y-%m-%d)" first
	same_key .ssh/key .ssh/key.pub
	logs_in .ssh/key
	run -1 xferkey rotate --status .ssh/key
}

@test "interrupted at each change, --finish loses no key, and ends well when it is run again" {
	in_use=key words=1
	interrupted waiting sound finished .ssh/key test
}

# lab: the profile lab names .ssh/key, and a new pair waits.
lab() {
	waiting
	rm -f .ssh/key-*
	lab_names key
	echo '# of my own' >>.config/xferkey/sites/lab
	cp .config/xferkey/sites/lab profile
}

# lab_sound: the profile is whole, and its key file is.
lab_sound() {
	in_use=$(sed -n 's,^keyfile = ~/.ssh/,,p' .config/xferkey/sites/lab)
	equal "$(sed 's/^keyfile = .*/x/' .config/xferkey/sites/lab)" "$(sed 's/^keyfile = .*/x/' profile)"
	sound
}

lab_finished() {
	local today
	today=$(date -u +%Y-%m-%d)
	grep -qxF "keyfile = ~/.ssh/key-$today" .config/xferkey/sites/lab
	is new "key-$today"
	is old key
	equal "$(ls .ssh)" "$(printf '%s\n' authorized_keys key "key-$today" "key-$today.pub" key.pub)"
	equal "$(ls .config/xferkey/sites)" lab
}

@test "interrupted at each change, --finish leaves the profile with a pair that works" {
	words=2
	interrupted lab lab_sound lab_finished --site lab
}

# thrice NAME WORD ...: after each of three rotations with rotate --finish WORD ..., the new key is in use; at the end
# every pair is there. NAME is the first key.
thrice() {
	local name=$1 n file
	shift
	rm -f .ssh/*key*.* .ssh/lab* .ssh/key
	pair old "$name"
	cp .ssh/"$name.pub" .ssh/authorized_keys
	for n in 1 2 3; do
		new_key ed25519 -f ".ssh/$name.new"
		cat ".ssh/$name.new.pub" >>.ssh/authorized_keys
		cp ".ssh/$name.new" "made$n"
		xferkey -q rotate --finish "$@"
		[ "$1" != --site ] || name=$(sed -n 's,^keyfile = ~/.ssh/,,p' .config/xferkey/sites/lab)
		cmp ".ssh/$name" "made$n"
		rm "made$n"
	done
	equal "$(ls .ssh | wc -l)" 9
	for file in .ssh/*.pub; do
		same_key "${file%.pub}" "$file"
	done
	equal "$(cut -d ' ' -f 2 .ssh/*.pub | sort -u | wc -l)" 4
}

# lab_names FILE: the profile lab names .ssh/FILE.
lab_names() {
	lab_site "$(print "$sshd/host_ed25519.pub")"
	sed -i "s,^keyfile = .*,keyfile = ~/.ssh/$1," .config/xferkey/sites/lab
}

@test "three rotations in a row lose no key, with and without a profile, and if the name of the key has a date" {
	thrice key .ssh/key test
	thrice lab-2024-05-01 .ssh/lab-2024-05-01 test
	for name in lab lab-2024-05-01 lab-2024-05-01.2 "lab-$(date -u +%Y-%m-%d)"; do
		lab_names "$name"
		thrice "$name" --site lab
	done
}

@test "no name of a key is removed because of a symbolic link, or another name that only looks like ours" {
	lab_names key
	waiting
	for name in key-2024-05-01 key-copy; do
		ln -s key.new ".ssh/$name"
	done
	xferkey -q rotate --finish --site lab
	is new "$(sed -n 's,^keyfile = ~/.ssh/,,p' .config/xferkey/sites/lab)"
	rm -f .ssh/key*
	waiting
	# a backup, and not the first step of --finish
	ln .ssh/key .ssh/key.old-backup
	rm .ssh/key.pub
	echo secret >.ssh/key.renewal
	run -0 xferkey rotate --status .ssh/key
	[[ $output != *'half switched'* ]]
	finish
	cmp "$BATS_FILE_TMPDIR/new" .ssh/key
	cmp "$BATS_FILE_TMPDIR/old" ".ssh/key.old-$(date -u +%Y-%m-%d)"
	grep -qx secret .ssh/key.renewal
}

@test "--finish makes these changes, synced in between, and no others" {
	need strace
	waiting
	strace -f -qq -o calls -e trace=%file,fsync -y xferkey -q rotate --finish .ssh/key test
	grep -E '^[0-9]+ +((link|rename|unlink)[a-z0-9]*\(.*"\.ssh/.* = 0$|fsync\([0-9]+<.*/\.ssh>)' calls |
		sed -E -e 's/^[0-9]+ +//; s/^fsync.*/fsync/; s/(at2?)?\([^"]*"/ /; s/"[^"]*"/ /; s/".*//' \
			-e 's/(old)-[0-9-]*/\1/' | uniq >made
	diff - made <<-END
		link .ssh/key .ssh/key.old
		fsync
		link .ssh/key.pub .ssh/key.old.pub
		fsync
		unlink .ssh/key.pub
		fsync
		rename .ssh/key.new .ssh/key
		fsync
		link .ssh/key.new.pub .ssh/key.pub
		fsync
		unlink .ssh/key.renewal
		fsync
		unlink .ssh/key.new.pub
		fsync
		unlink .ssh/.xferkey-rotate
	END
	finished
	# rm alone is killed, between two names
	in_use=key
	for file in key.renewal key.new.pub; do
		waiting
		run -2 strace -f -qq -o calls -P ".ssh/$file" -e inject=?unlink,unlinkat:signal=KILL \
			xferkey -q rotate --finish .ssh/key test
		grep SIGKILL calls
		sound
		finish
		finished
	done
}

@test "a certificate goes with its key, and no certificate of another key is beside the new one" {
	waiting
	new_key ed25519 -f ca
	ssh-keygen -q -s ca -I id -n jane .ssh/key.pub .ssh/key.new.pub
	cp .ssh/key-cert.pub old-cert
	cp .ssh/key.new-cert.pub new-cert
	finish
	is new key
	cmp .ssh/key-cert.pub new-cert
	cmp ".ssh/key.old-$(date -u +%Y-%m-%d)-cert.pub" old-cert
	equal "$(ls .ssh | wc -l)" 7
	lab
	ssh-keygen -q -s ca -I id -n jane .ssh/key.pub
	xferkey -q rotate --finish --site lab
	equal "$(echo .ssh/*cert*)" .ssh/key-cert.pub
	waiting
	cp old-cert .ssh/key-cert.pub
	finish
	equal "$(echo .ssh/*cert*)" ".ssh/key.old-$(date -u +%Y-%m-%d)-cert.pub"
}

@test "of two runs of --finish at once, the second is refused, and a killed run does not hinder the next" {
	waiting
	# the first one stops before it takes key.pub away
	fake rm "case \"\$*\" in *key.pub) until [ -e go ]; do sleep 0.1; done ;; esac
		exec $(command -v rm) \"\$@\""
	PATH=$PWD/path:$PATH xferkey -q rotate --finish .ssh/key test 3>&- &
	await 30 [ -e ".ssh/key.old-$(date -u +%Y-%m-%d).pub" ]
	says 2 'another rotate --finish works here' xferkey -q rotate --finish .ssh/key test
	touch go
	wait "$!"
	finished
	waiting
	ln -s process-4194305 .ssh/.xferkey-rotate
	finish
	finished
	[ ! -L .ssh/.xferkey-rotate ]
}

@test "a new key with a passphrase: asked for once, and without it nothing changes" {
	waiting locked
	before=$(files)
	run -1 xferkey rotate --finish .ssh/key test
	has 'no passphrase is given'
	equal "$(files)" "$before"
	need expect
	unset XFERKEY_BATCH
	cat >answers <<-'END'
		set timeout 60
		spawn xferkey -q rotate --finish .ssh/key test
		expect "assphrase for" { send "a horse\r" }
		expect "assphrase for" { exit 99 } eof
		exit [lindex [wait] 3]
	END
	expect -f answers
	finished locked
}

@test "on a terminal ssh-keygen asks for the passphrase of the old key, PEM or OPENSSH, and of the new key" {
	need expect
	unset XFERKEY_BATCH
	rm .ssh/key*
	pair locked pem
	new_key ed25519 -a 1 -N 'a horse' -f .ssh/openssh
	for key in pem openssh; do
		cat >answers <<-END
			set timeout 60
			spawn xferkey -q rotate .ssh/$key --to a@b.org -o $key.eml
			expect {
				-re {New passphrase|same again} { send "another horse\r"; exp_continue }
				-re {assphrase:|assphrase for} { send [expr {[incr asked] == 1 ? "a horse\r" : "another horse\r"}]; exp_continue }
				timeout { exit 99 }
				eof
			}
			exit [expr {[lindex [wait] 3] + (\$asked != 2)}]
		END
		sed -i 's/\[incr/[incr/' answers
		expect -f answers
		for half in "$key" "$key.new"; do
			awk -v n="$([ "$half" = "$key" ] && echo 1 || echo 2)" '/^-----BEGIN/ { i++ } i == n' ".ssh/$key.renewal" >sig
			run -0 ssh-keygen -Y check-novalidate -n renewal@xferkey -s sig < <(head -n 8 ".ssh/$key.renewal")
			has "$(print ".ssh/$half.pub")"
		done
	done
	equal "$(xferkey keyinfo .ssh/pem.new.pub | cut -f 6)" ECDSA
}
