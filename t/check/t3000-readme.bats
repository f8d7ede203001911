# README's table of documented steps, run as it stands there; t3010 has the other lines.

load ../lib/porcelain

# Our column of the table, one command on each line.
table() {
	awk -F ' *[|] *' '/^[|] .*[|] xferkey [a-z]/ { print $3 }' "$top/README"
}

# answers LINE: sets dialogue to the answers of a person at the terminal.
answers() {
	case $1 in
	*'generate -t rsa') dialogue=('File in which' '' 'New passphrase' '') ;;
	*generate*) dialogue=('New passphrase' '') ;;
	*fips-convert* | *privfmt*) dialogue=('Passphrase for' 'correct horse battery') ;;
	*) dialogue=() ;;
	esac
}

# at_home: makes a home with an RSA key and a file, and an ascp that records.
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

@test "our column of the table of documented steps runs as it is written" {
	at_home
	puttygen -q -t ed25519 -C "jane's" --new-passphrase /dev/null -o dcc_aspera.ppk
	rm -rf .ssh.kept
	cp -R .ssh .ssh.kept
	[ "$(table | wc -l)" -eq 14 ]
	while IFS= read -r line <&9; do
		answers "$line"
		rm -f "$STAND_IN/arguments"
		terminal -0 "${dialogue[@]}" -- bash -c "$line"
		[[ $line != *' ascp '* ]] || eval "arguments_are -L LOG -k2 ${line#xferkey ascp}"
	done 9< <(table)
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

@test "the pipe under umask 022: the key has mode 0600, and the fingerprint is that of the key" {
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
