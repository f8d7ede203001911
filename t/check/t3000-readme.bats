# The lines of the README and of the tutorial, run as they stand there.

load ../lib/porcelain

# Our column of the table, a command a line.
table() {
	awk -F ' *[|] *' '/^[|] .*[|] xferkey [a-z]/ { print $3 }' "$top/README"
}

# answers LINE: sets dialogue to what a person types there.
answers() {
	case $1 in
	*'generate -t rsa') dialogue=('File in which' '' 'New passphrase' '') ;;
	*generate*) dialogue=('New passphrase' '') ;;
	*fips-convert* | *privfmt*) dialogue=('Passphrase for' 'correct horse battery') ;;
	*) dialogue=() ;;
	esac
}

# at_home: somebody's home, with an RSA key and a file, and an ascp that records.
at_home() {
	need ssh-keygen puttygen openssl python3
	private_home
	stand_in
	chmod a+rwx "$STAND_IN"
	as_account
	mkdir -m 700 .ssh
	new_key rsa -b 2048 -N 'correct horse battery' -f .ssh/id_rsa
	echo payload >genome.tar
}

@test "the table of documented steps: our column runs as it is written" {
	at_home
	puttygen -q -t ed25519 -C "jane's" --new-passphrase /dev/null -o dcc_aspera.ppk
	rm -rf .ssh.kept
	cp -R .ssh .ssh.kept
	[ "$(table | wc -l)" -eq 14 ]
	while IFS= read -r line <&3; do
		answers "$line"
		rm -f "$STAND_IN/arguments"
		terminal -0 "${dialogue[@]}" -- bash -c "$line"
		[[ $line != *' ascp '* ]] || eval "arguments_are -L LOG -k2 ${line#xferkey ascp}"
	done 3< <(table)
	for pair in aspera_rsa aspera_ed25519 ihmp dcc_aspera; do
		same_key ".ssh/$pair" ".ssh/$pair.pub"
	done
	puttygen dcc_aspera.ppk -L | cmp - .ssh/dcc_aspera.pub
	equal "$(puttygen ihmp.ppk -L | cut -d ' ' -f 1,2)" "$(blob .ssh/ihmp.pub)"
	[ "$(stat -c %a .ssh)" = 700 ]
	equal "$(blob .ssh/authorized_keys)" "$(blob .ssh/ihmp.pub)"
	grep -q '^Subject: iHMP-DCC ASPERA ACCESS$' ihmp.eml
	equal "$(openssl pkey -in new-id_rsa -passin 'pass:correct horse battery' -pubout)" \
		"$(ssh-keygen -e -m PKCS8 -f .ssh.kept/id_rsa.pub)"
	cmp .ssh/id_rsa .ssh.kept/id_rsa
}

# tutorial: its command lines but those on Windows, for this HOME and the key in ~/.ssh/ihmp.pub: an account that is
# named has its real home, and so -b is left out. A login needs the network.
tutorial() {
	local print='$(xferkey fpr ~/.ssh/ihmp.pub | cut -d " " -f 2)'
	sed -n '/^\.Bd/,/^\.Ed/s/^[$#] //p' "$top/share/man/man7/xferkey-tutorial.7" |
		sed -e '/ -b /d' -e 's/ --login//' -e 's/ --everywhere//; s/ -u jane//' -e 's/permcheck jane/permcheck ~/' \
			-e 's/ADDRESS/dcc@example.org/; s/HOST/host/' -e "s;SHA256:[.]*;$print;"
}

@test "the tutorial: each command line runs" {
	at_home
	fake ssh 'shift; exec "$@"'
	PATH=$PWD/path:$PATH
	puttygen -q -t rsa -b 2048 -C "jane's" --new-passphrase /dev/null -o dcc_aspera.ppk
	puttygen dcc_aspera.ppk -O public | sed 's/$/\r/' >dcc_public.txt
	sed -i 's/$/\r/' dcc_aspera.ppk
	[ "$(tutorial | wc -l)" -eq 31 ]
	while IFS= read -r line <&3; do
		answers "$line"
		terminal "${dialogue[@]}" -- bash -c "$line"
		echo "$line: status $status: $output"
		case $line in
		*' authorize '*)
			[ "$status" -eq 0 ]
			equal "$(print .ssh/authorized_keys)" "$(print .ssh/ihmp.pub)"
			;;
		*' revoke '*)
			# the second time there is none
			[ "$status" -le 1 ]
			[ ! -s .ssh/authorized_keys ]
			;;
		*) [ "$status" -eq 0 ] ;;
		esac
		[ -e ihmp.pub ] || [ ! -e .ssh/ihmp.pub ] || cp .ssh/ihmp.pub .
	done 3< <(tutorial)
	for pair in ihmp aspera_ed25519 dcc_aspera ihmp2; do
		same_key ".ssh/$pair" ".ssh/$pair.pub"
	done
}

@test "the pipe: the key is 0600 under umask 022, and the fingerprint is its own" {
	need ssh-keygen
	private_home
	line=$(grep -E '^ +\(umask 077; xferkey keygen' "$top/README")
	run -0 bash -c "umask 022; $line"
	[ "$(stat -c %a KEY)" = 600 ]
	equal "$output" "$(ssh-keygen -lf KEY | sed "s/ [^ ]* (ED25519)/ me (ED25519)/")"
}

@test "every command that the README names exists" {
	commands=$(grep -E '^    |^[|]' "$top/README" | grep -oE '\bxferkey [a-z][a-z-]+' | sort -u)
	[ -n "$commands" ]
	while read -r _ command; do
		grep "^$command	" "$top/share/xferkey/commands"
	done <<<"$commands"
}
