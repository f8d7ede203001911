#!/usr/bin/env bats
# xferkey mail: the registration message, to paste, as a file, through a pipe.

load test
load porcelain

setup_file() {
	ssh-keygen -q -t rsa -b 2048 -N '' -C me@here -f "$BATS_FILE_TMPDIR/ihmp"
}

setup() {
	private_home
	export LC_ALL=C.UTF-8
	mkdir -m 700 .ssh
	cp "$BATS_FILE_TMPDIR/ihmp" "$BATS_FILE_TMPDIR/ihmp.pub" .ssh/
}

# message FILE: what Python's parser makes of it, a line each, the key's text last; fails on any defect.
message() {
	python3 - "$1" <<'END'
import email, email.policy, sys
data = open(sys.argv[1], "rb").read()
assert all(len(line) <= 998 for line in data.split(b"\n")), "a line is too long"
assert max(data) < 128 and b"\r" not in data and b"\0" not in data
m = email.message_from_bytes(data, policy=email.policy.default)
for part in m.walk():
    assert not part.defects, part.defects
for name, value in m.items():
    assert not getattr(value, "defects", ()), (name, value.defects)
text, key = m.iter_parts()
assert m["date"].datetime and m["message-id"].startswith("<") and m["mime-version"] == "1.0"
assert text.get_content_type() == "text/plain" and key.get_content_disposition() == "attachment"
assert key["content-transfer-encoding"] == "base64"
for value in (m["from"], m["to"], m["subject"], key.get_filename()):
    print(value)
print(text.get_content())
print("--")
sys.stdout.write(key.get_content().decode())
END
}

@test "on a terminal: address, subject, text with the key and its fingerprint, and the file to attach" {
	terminal -- xferkey mail --site ihmp --user jane --to dcc@example.org
	echo "$output"
	[ "$status" -eq 0 ]
	grep -qx 'To: dcc@example.org' <<<"$output"
	grep -qx 'Subject: iHMP-DCC ASPERA ACCESS' <<<"$output"
	grep -qx ' *jane' <<<"$output"
	grep -qxF "$(cat .ssh/ihmp.pub)" <<<"$output"
	grep -qF "$(ssh-keygen -l -f .ssh/ihmp.pub | awk '{ print $1, $2 }')" <<<"$output"
	grep -qx "attach: $HOME/.ssh/ihmp.pub" <<<"$output"
	[[ ${lines[-1]} = next:*xferkey\ check* ]]
	terminal -- xferkey mail --site ihmp
	[ "$status" -eq 0 ]
	grep -qx 'To: (.*)' <<<"$output"
	grep -qx " *$(id -un)" <<<"$output"
}

@test "to a pipe and with -o: a message that parses without defects, the key attached" {
	xferkey mail --site ihmp --user jane --to dcc@example.org --from jane@example.org >piped
	run message piped
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = jane@example.org ]
	[ "${lines[1]}" = dcc@example.org ]
	[ "${lines[2]}" = 'iHMP-DCC ASPERA ACCESS' ]
	[ "${lines[3]}" = ihmp.pub ]
	grep -qx ' *jane' <<<"$output"
	grep -qF "$(ssh-keygen -l -f .ssh/ihmp.pub | awk '{ print $1, $2 }')" <<<"$output"
	equal "$(sed '1,/^--$/d' <<<"$output")" "$(cat .ssh/ihmp.pub)"
	grep -qxF "$(cat .ssh/ihmp.pub)" piped
	run xferkey mail .ssh/ihmp.pub --to a@b.org -o draft.eml
	[ "$status" -eq 0 ]
	message draft.eml >parsed
	equal "$(stat -c %a draft.eml)" 600
	xferkey mail .ssh/ihmp.pub --to a@b.org >again
	[ "$(grep ^Message-ID: draft.eml)" != "$(grep ^Message-ID: again)" ]
	EMAIL=me@example.net xferkey mail .ssh/ihmp.pub --to a@b.org | grep -qx 'From: me@example.net'
}

@test "what is attached is the key written anew, not the file" {
	for name in id.pub noext $'n\nl.pub' 'bl ank.pub' 'quo"te.pub' -dash.pub ünï.pub; do
		{
			echo '# a comment line with a secret note'
			echo "command=\"x\",no-pty $(blob .ssh/ihmp.pub) Jürgen"
		} >"./$name"
		xferkey mail --to a@b.org -- "$name" >m 2>steps
		run message m
		echo "$name: $output"
		[ "$status" -eq 0 ]
		equal "$(sed '1,/^--$/d' <<<"$output")" "$(blob .ssh/ihmp.pub) Jürgen"
		[[ ${lines[3]} =~ ^[A-Za-z0-9._-]+\.pub$ ]]
		lacks m 'secret note'
		lacks m 'no-pty'
	done
	ssh-keygen -e -f .ssh/ihmp.pub >rfc4716
	xferkey mail --to a@b.org rfc4716 >m
	[[ $(message m | tail -n 1) = "$(blob .ssh/ihmp.pub) "* ]]
}

@test "long keys and non-ASCII text stay within the rules" {
	python3 -c '
import base64
def field(b):
    return len(b).to_bytes(4, "big") + b
blob = field(b"ssh-rsa") + field(b"\1\0\1") + field(b"\0" + b"\xc1" * 1024)
print("ssh-rsa", base64.b64encode(blob).decode(), "big")' >big.pub
	xferkey mail --to a@b.org --user 'Jürgen Müller' --subject "$(printf 'Schlüssel %.0s' 1 2 3 4 5 6 7 8 9 10 11)ü" big.pub >m
	run message m
	echo "$output"
	[ "$status" -eq 0 ]
	equal "${lines[2]}" "$(printf 'Schlüssel %.0s' 1 2 3 4 5 6 7 8 9 10 11)ü"
	grep -qx ' *Jürgen Müller' <<<"$output"
	equal "$(sed '1,/^--$/d' <<<"$output")" "$(cat big.pub)"
	[ "$(sed -n '/^Subject/,/^Message/p' m | awk 'length > 76' | wc -l)" -eq 0 ]
}

@test "a private key is refused, and none of it is printed" {
	ssh-keygen -q -t ed25519 -N '' -f ed
	xferkey privfmt -m PKCS8 -o pkcs8 .ssh/ihmp
	printf '%s\n' 'PuTTY-User-Key-File-3: ssh-ed25519' 'Encryption: none' 'Private-Lines: 1' \
		'AAAAIHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldCBzZWM=' >ppk
	cat .ssh/ihmp.pub .ssh/ihmp >both.pub
	tr '\n' '\r' <.ssh/ihmp >cr
	for key in .ssh/ihmp ed pkcs8 ppk both.pub cr; do
		says 2 "$key: " xferkey mail --to a@b.org -o draft "$key"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
		[ ! -e draft ]
		tail -n +2 "$key" | tr '\r' '\n' | grep -v -- ----- | while IFS= read -r line; do
			[ "${#line}" -lt 20 ] || lacks "$BATS_TEST_TMPDIR/err" "$line"
		done
	done
}

@test "one good public key, or status 2" {
	ssh-keygen -q -t ed25519 -N '' -f other
	cat .ssh/ihmp.pub other.pub >two.pub
	: >empty.pub
	head -c 100 .ssh/ihmp.pub >short.pub
	head -c 1000000 /dev/urandom >noise.pub
	mkdir folder.pub
	ssh-keygen -q -t rsa -b 1024 -N '' -f weak
	ssh-keygen -q -t dsa -N '' -f dsa
	says 2 'more than one public key' xferkey mail --to a@b.org two.pub
	says 2 'empty.pub' xferkey mail --to a@b.org empty.pub
	says 2 'short.pub' xferkey mail --to a@b.org short.pub
	says 2 'folder.pub: not a file' xferkey mail --to a@b.org folder.pub
	says 2 'RSA under 2048 bits is too short' xferkey mail --to a@b.org weak.pub
	says 2 'DSA' xferkey mail --to a@b.org dsa.pub
	says 2 'nosuch.pub: no such file' xferkey mail --to a@b.org nosuch.pub
	says 2 'one public key at a time' xferkey mail --to a@b.org other.pub other.pub
	says 2 'a public key is wanted' xferkey mail --to a@b.org
	says 2 'a public key is wanted' xferkey mail --to a@b.org -
	run xferkey mail --to a@b.org noise.pub
	[ "$status" -eq 2 ]
}

@test "no header can be forged" {
	for address in '' a @b a@ a@b@c 'a b@c' $'a@b\nBcc: x@y' 'a@b,c@d' -f@x '<a@b>' 'A <a@b>' 'a@b;' 'a..b@c' ü@b \
		$'a@b\r' '"a"@b' 'a@b c' '(x)a@b' 'a\@b'; do
		says 2 '--to: not an e-mail address' xferkey mail --site ihmp "--to=$address"
		says 2 'not an e-mail address' xferkey mail --site ihmp --to a@b.org --from "${address:-x}"
	done
	for text in $'x\nBcc: a@b' $'x\r' $'\e[31m'; do
		says 2 'control character' xferkey mail --site ihmp --to a@b.org --subject "$text"
		says 2 'control character' xferkey mail --site ihmp --to a@b.org --user "$text"
	done
	EMAIL=$'x@y\nBcc: a@b' says 2 'not an e-mail address' xferkey mail --site ihmp --to a@b.org
	xferkey mail --site ihmp --to "o'brien+x_y=z/w&v@sub.example.org" >m
	[[ $(message m) = *"o'brien+x_y=z/w&v@sub.example.org"* ]]
	says 2 'none is known for ihmp' xferkey mail --site ihmp
	says 2 'none is known for ihmp' xferkey mail --site ihmp -o draft
	says 2 'nosuch: no such site' xferkey mail --site nosuch --to a@b.org
}

@test "-o never overwrites, and nothing is left of what cannot be written" {
	echo old >draft
	says 2 'draft: already there' xferkey mail --site ihmp --to a@b.org -o draft
	equal "$(cat draft)" old
	ln -s nowhere link
	says 2 'link: already there' xferkey mail --site ihmp --to a@b.org -o link
	[ ! -e nowhere ]
	says 2 '/dev/full: already there' xferkey mail --site ihmp --to a@b.org -o /dev/full
	[ -c /dev/full ]
	says 2 'already there' xferkey mail --site ihmp --to a@b.org -o .
	says 2 'nosuch/draft: cannot create' xferkey -q mail --site ihmp --to a@b.org -o nosuch/draft
	says 2 "-o: a file is wanted" xferkey mail --site ihmp --to a@b.org -o ''
	says 2 'standard output: cannot write' sh -c 'xferkey -q mail --site ihmp --to a@b.org >/dev/full'
	xferkey -q mail --site ihmp --to a@b.org -o -draft
	[ -s ./-draft ]
	says 2 'cannot write' bash -c 'ulimit -f 1; trap "" XFSZ; xferkey -q mail --site ihmp --to a@b.org -o short'
	[ ! -e short ]
}

@test "-n shows the steps and writes nothing" {
	run xferkey -n mail --site ihmp --to a@b.org -o draft
	[ "$status" -eq 0 ]
	equal "$output" "xferkey pubfmt $HOME/.ssh/ihmp.pub
xferkey fpr $HOME/.ssh/ihmp.pub"
	[ ! -e draft ]
}
