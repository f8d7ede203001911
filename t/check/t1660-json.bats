#!/usr/bin/env bats
# -j of keyinfo, fpr, permcheck, check and sites: a JSON object for each row.

load ../lib/keys

setup() {
	private_home
	need jq iconv
	set -o pipefail
	# in the name of a file or in a comment; all are UTF-8, and the bytes after them are not
	hostile=('"quoted" \ \n \u0041 {}[],:' $'a\tb' $'a\001\033[2Jb' $'\177' $'a\342\200\250\342\200\256\302\205b' 'é 日本 🔑' -)
	bytes=$'a\377\300\200\355\240\200\303'
}

# columns: prints the objects on standard input as rows, with "-" for null; all bytes must be UTF-8.
columns() {
	iconv -f UTF-8 -t UTF-8 | jq -r '[.[] | . // "-" | tostring] | join("\t")'
}

# as_rows STATUS COMMAND [ARG ...]: the objects of -j have the contents of the rows, with the same messages and status.
as_rows() {
	local status=0
	xferkey "${@:2}" >rows 2>said || status=$?
	equal "$status" "$1"
	status=0
	xferkey "$2" -j "${@:3}" >objects 2>said-j || status=$?
	equal "$status" "$1"
	[ -s objects ]
	columns <objects | cmp - rows
	equal "$(wc -l <objects)" "$(wc -l <rows)"
	cmp said-j said
}

@test "keyinfo: the members are the columns, for every key" {
	share make_public_keys
	as_rows 0 keyinfo "$shared/keys"
	share make_own_keys
	as_rows 0 keyinfo "$shared"/{rsa,ecdsa,ed25519}*
	{ cat "$shared/rsa.pub"; echo 'ssh-rsa AAAAB3NzaC1yc2EA'; cat "$shared/ecdsa"; } >list
	as_rows 2 keyinfo -F list - </dev/null
	equal "$(xferkey keyinfo -j "$shared/rsa-PKCS8-locked" | jq -c '[keys_unsorted, .line, .bits, .type]')" "$(
		)"'[["file","line","half","format","protection","type","bits","fingerprint","server","fips","ssh","libssh2",'"$(
		)"'"comment","derivation"],1,null,null]'
	equal "$(xferkey keyinfo -j "$shared/rsa.pub" | jq -c '[.bits, .protection]')" '[2048,null]'
}

@test "fpr: the members are the fields of a line" {
	share make_public_keys
	for option in -P\ none '-E md5' -B -w; do
		xferkey fpr $option "$shared/keys" >lines 2>said || [ "$option" = -w ]
		xferkey fpr -j $option "$shared/keys" 2>said-j >objects || [ "$option" = -w ]
		iconv -f UTF-8 -t UTF-8 objects |
			jq -r '"\(.bits // 0) \(.fingerprint) \(.comment // "no comment") (\(.type))"' | cmp - lines
		cmp said-j said
	done
	share make_own_keys
	equal "$(xferkey fpr -j -P env:PW "$shared"/{rsa,ecdsa}-locked | jq -r .comment)" $'its comment\nits comment'
	run -1 xferkey fpr -j -c "$(print "$shared/rsa")" "$shared/ecdsa"
	equal "$(jq .bits <<<"$output")" 384
}

@test "permcheck and sites: the members are the columns" {
	mkdir -m 775 .ssh
	new_key ed25519 -f .ssh/id
	chmod 664 .ssh/id
	install -m 666 .ssh/id.pub .ssh/authorized_keys
	as_rows 1 permcheck -sc "$HOME"
	equal "$(jq -c keys_unsorted objects | sort -u)" '["verdict","path","rule","reason"]'
	as_rows 1 permcheck "$(id -un):$HOME"
	chmod -R go= "$HOME"
	run -0 xferkey permcheck -j "$HOME"
	equal "$output" ''
	xferkey sites | sed -e ':a' -e 's/\t\t/\t-\t/;ta' >rows
	xferkey sites -j | columns | cmp - rows
	equal "$(xferkey sites -j | jq -c 'select(.name == "ihmp") | [.port, keys_unsorted]')" "$(
		)"'[22,["name","host","port","key","source","checked","origin"]]'
	xferkey sites ihmp >rows
	xferkey sites -j ihmp | jq -r 'to_entries[] | "\(.key)\t\(.value // "")"' | cmp - rows
}

@test "check: the members are the columns, for a login too" {
	new_key ed25519 -f key
	as_rows 0 check key
	equal "$(jq -c keys_unsorted objects | sort -u)" '["verdict","subject","reason"]'
	as_rows 1 check nosuch
	as_rows 1 check key --login me@127.0.0.1 --port 1
	equal "$(tail -n 1 objects | jq -r .subject)" login
	# a variable of the caller with the same name is not used
	equal "$(XFERKEY_JSON=1 xferkey check key 2>/dev/null | head -n 1 | cut -f 1-2)" $'ok\tformat'
	run -0 xferkey -q check -j key
	equal "$output" ''
	run -1 xferkey check -j "./$(cat key)"
	has '"reason":"a private key, which is not shown here"' '+ a private key'
	[[ $output != *"$(sed -n 2p key)"* ]]
}

@test "UTF-8 is printed unchanged; another byte is printed as three octal digits" {
	new_key ed25519 -C '' -f key
	read -r type blob <key.pub
	long=$(head -c 60000 /dev/zero | tr '\0' '"')
	for text in "${hostile[@]}" "$long"; do
		printf '%s %s x%sx\n' "$type" "$blob" "$text" >key.pub
		printf 'x%sx' "$text" >wanted
		for command in fpr keyinfo; do
			xferkey "$command" -j key.pub >object
			run ! grep -a -e '[[:cntrl:]]' -e $'\342\200\250' -e $'\342\200\256' -e $'\302\205' object
			equal "$(wc -l <object)" 1
			jq -j .comment object | cmp - wanted
		done
	done
	printf '%s %s %s\n' "$type" "$blob" "$bytes" | xferkey keyinfo -j | iconv -f UTF-8 -t UTF-8 >object
	equal "$(jq -r .comment object)" 'a\377\300\200\355\240\200\303'
	new_key ed25519 -C $'its\n"comment"' -f two
	equal "$(xferkey fpr -j two | jq -r .comment)" $'its\n"comment"'
}

@test "names with special characters, of a file and of a link to it, are escaped" {
	mkdir -m 700 .ssh
	new_key ed25519 -f key
	chmod 666 key.pub
	for name in "${hostile[@]}" "$bytes" $'a\nb'; do
		shown=$name
		[ "$name" != "$bytes" ] || shown='a\377\300\200\355\240\200\303'
		mkdir "./$name"
		install -m 644 key "./$name/$name"
		equal "$(xferkey keyinfo -j "./$name/$name" | jq -r .file)" "./$shown/$shown"
		run -1 xferkey permcheck -jc "./$name/$name"
		equal "$(jq -r .path <<<"$output")" "$(realpath .)/$shown/$shown"
		ln -s ../key.pub "./$name/link"
		run -1 xferkey permcheck -js "$(id -un):$HOME/$name/link"
		equal "$(jq -r .reason <<<"${lines[0]}")" "sshd refuses every key in the file: mode 0666 lets everybody write; $(
			)sshd follows a symbolic link there from $HOME/$shown/link"
		xferkey check -j "./$name/$name" 2>/dev/null >objects || [ $? -eq 1 ]
		[[ $(jq -r 'select(.subject == "pair").reason' objects) = "there is no ./$shown/$shown.pub; "* ]]
	done
}

@test "a row is complete or absent, and the status tells of an error" {
	new_key ed25519 -f key
	chmod 644 key
	mkdir -p .config/xferkey/sites
	echo 'title = "a" \ b' >.config/xferkey/sites/x
	equal "$(xferkey sites -j x | jq -c '[.title, .host, .port]')" '["\"a\" \\ b",null,null]'
	for command in 'keyinfo -j key' 'fpr -j key' 'permcheck -j key' 'check -j key' 'sites -j' 'sites -j x'; do
		run -2 sh -c "xferkey $command >/dev/full"
		has 'standard output: '
	done
}
