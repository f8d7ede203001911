#!/usr/bin/env bats
# Good keys of every format, damaged in every way that t/tools/badkeys knows: each has the right status, and one line
# says what is wrong. XFERKEY_BAD_INPUTS=all (make bad-inputs): more keys, and every filter for every input, not only
# one.

load ../lib/test

setup_file() {
	made_once seeds
}

seeds() {
	need ssh-keygen openssl puttygen python3
	[ -x "$top/build/t/keyfile" ] || skip 'no build/t/keyfile (make check builds it)'
	sh "$top/t/tools/badkeys/seeds" ${XFERKEY_BAD_INPUTS:+-a} >names 2>made || {
		cat made
		return 1
	}
}

setup() {
	made=$BATS_FILE_TMPDIR
	private_home
}

# bad [option ...] PROGRAMS
bad() {
	local seeds
	mapfile -t seeds < <(has_argon2 && cat "$made/names" || grep -vx ed-ppk3-sealed "$made/names")
	"$top/t/tools/badkeys/badkeys" "$@" "$made/pw" "$made/wrong" "${seeds[@]/#/"$made/"}"
}

sanitized() {
	grep -q __asan_init "$(xferkey --exec-path)/xferkey-fpr"
}

@test "each damaged key is refused in one line, within seconds, and no file is left" {
	how=(-s 4)
	# AddressSanitizer makes it five times slower
	! sanitized || how=(-s 8)
	[ -z "${XFERKEY_BAD_INPUTS-}" ] || how=(-a)
	run -0 bad "${how[@]}" "$(xferkey --exec-path)"
	echo "# ${lines[-1]}" >&3
	[ "${how[*]}" = '-s 8' ] || [ "${lines[-1]%% *}" -ge 1000 ]
}

@test "a damaged key that is not refused is read by ssh-keygen too" {
	local number name n=0
	mkdir kept
	bad -k kept none >list 2>/dev/null
	chmod 600 kept/*
	while IFS=$'\t' read -r number name; do
		case $name in
		*dsa*) has_dsa || continue ;;& # OpenSSH 10 has no DSA
		# ssh-keygen does not know the format
		ed-spki:* | ed-pkcs8:* | ed-pbes*:* | ed-scrypt:* | *-ppk* | *-sshcom*) continue ;;
		# only libssh2 reads text before OPENSSH
		*': text: text before it') ! grep -q 'BEGIN OPENSSH' "kept/$number" || continue ;;&
		# t/tools/badkeys/expect.py has the reason
		*': text: indented BEGIN' | *': line 4: twice') continue ;;
		*-line:* | *-options:*) set -- -l ;;
		*-rfc4716:*) set -- -i ;;
		*-spki:*) set -- -i -m PKCS8 ;;
		*-pkcs1:*) set -- -i -m PEM ;;
		*) set -- -y -P "$(cat "$made/pw")" ;;
		esac
		run ssh-keygen "$@" -f "kept/$number"
		echo "$name: $output"
		[ "$status" -eq 0 ]
		n=$((n + 1))
	done < <(grep -E '^[0-9]+	' list)
	echo "$n files"
	[ "$n" -ge 25 ]
}

@test "badkeys finds a filter that answers wrongly in each of these ways" {
	while IFS='|' read -r wanted how script; do
		case $wanted in
		'much memory') ! sanitized || continue ;; # badkeys does not check memory then
		esac
		mkdir -p fake scratch
		for filter in fpr pubfmt privfmt fips-convert; do
			sh_script "fake/xferkey-$filter" "key='xferkey-$filter: key'" "$script"
		done
		cd scratch
		run "$top/t/tools/badkeys/badkeys" $how -n '*: text: nothing' ../fake "$made/pw" "$made/wrong" "$made/ed-openssh"
		cd ..
		echo "$wanted: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"$wanted"* ]]
		rm -r scratch
	done <<-'END'
		status not 2|-a|exit 0
		ended by a signal|-a|kill -9 $$
		nothing is said|-a|exit 2
		not one line|-a|echo "$key: no key in it" >&2; echo more >&2; exit 2
		said of what|-a|echo "$key.pub: no key in it" >&2; exit 2
		no fact that is known|-a|echo "$key: not good" >&2; exit 2
		another fact|-a|echo "$key: malformed key" >&2; exit 2
		leaves a file: left|-a|echo "$key: no key in it" >&2; : >left; exit 2
		writes in trouble|-a|echo "$key: no key in it" >&2; echo x; exit 2
		much memory||echo "$key: no key in it" >&2; x=$(head -c 40000000 /dev/zero | tr '\0' x); exit 2
		slow||ulimit -S -t 2; trap 'echo "$key: no key in it" >&2; exit 2' XCPU; while :; do :; done
	END
}
