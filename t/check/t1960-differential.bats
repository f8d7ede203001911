#!/usr/bin/env bats
# A hundredth of make differential, which compares with ssh-keygen, puttygen and openssl; and a test that it finds wrong
# answers.

load ../lib/test

setup() {
	need ssh-keygen puttygen openssl "$top/build/t/libcrypto"
	private_home
}

# row NAME: the columns of each line NAME of the table.
row() {
	awk -v name="$1" '$1 == name { print $2, $3, $4, $5, $6 }' <<<"$output"
}

@test "1,000 public and 20 private keys: no disagreement" {
	run -0 "$top/t/long/differential" -p 1000 -k 20
	[[ ${lines[-1]} =~ ^[0-9]+\ keys,\ 0\ disagreements$ ]]
	[ "${lines[-1]%% *}" -ge 1020 ]
	equal "${lines[0]}" 'seed 1'
	# some keys of every type, public and private
	for type in ssh-rsa ssh-dss ssh-ed25519 ssh-ed448 ecdsa-sha2-nistp{256,384,521}; do
		[ "$(row "$type" | wc -l)" -eq 2 ]
	done
	for type in sk-ssh-ed25519@openssh.com sk-ecdsa-sha2-nistp256@openssh.com ssh-rsa-cert-v01@openssh.com; do
		[ "$(row "$type" | wc -l)" -eq 1 ]
	done
	# every program was compared with
	for type in ssh-rsa ssh-ed25519 ecdsa-sha2-nistp521; do
		[ "$(row "$type" | grep -cE '^([1-9][0-9]* ?){5}$')" -eq 2 ]
	done
}

# spoil FILTER SED: puts a FILTER into bin whose output is changed by SED.
spoil() {
	sh_script "libexec/xferkey-$1" 'set -e' "out=\$(mktemp '$PWD/out.XXXXXX')" \
		"'$(xferkey --exec-path)/xferkey-$1' \"\$@\" >\"\$out\"" "sed '$2' \"\$out\"" 'rm "$out"'
}

@test "differential reports a wrong answer, with the key and both answers" {
	mkdir bin libexec
	ln -s "$(xferkey --exec-path)"/* libexec/
	sh_script bin/xferkey "echo '$PWD/libexec'"
	spoil fpr 's/^384 /385 /; 8d'
	spoil pubfmt 's/^MCow/MCoW/; s/^ssh-dss \(.*\)A\(.*\)/ssh-dss \1B\2/'
	spoil privfmt 's/^MIIC\(.\)/MIID\1/'
	XFERKEY_BIN=$PWD/bin run -1 "$top/t/long/differential" -p 20 -k 1
	while read -r wanted; do
		grep -A 80 "^disagreement with $wanted" <<<"$output" >found
		for line in key theirs ours; do
			grep -q "^    $line: " found
		done
	done <<-'END'
		ssh-keygen: ssh-keygen -l -E sha256$
		ssh-keygen: ssh-keygen -l -E md5$
		itself: pubfmt -C ""$
		openssl: pubfmt -m PKCS8 read by libcrypto$
		openssl: PKCS#8$
		ssh-keygen: ssh-keygen -y of PEM$
	END
	grep -q '^    ours:   (no answer)' <<<"$output" # the last key, because fpr leaves out a line
	[[ ${lines[-1]} = *" keys, $(grep -c '^disagreement' <<<"$output") disagreements" ]]
}

@test "usage: wrong options and operands have status 2" {
	says 2 'usage: differential' "$top/t/long/differential" -x
	says 2 '7: no operand wanted' "$top/t/long/differential" 7
}
