#!/usr/bin/env bats
# The test vectors of make vectors: the same bytes twice, and xferkey reads or refuses each as it must.

load ../lib/test

setup_file() {
	made_once vectors
}

vectors() {
	need python3 openssl
	python3 "$top/t/tools/vectors/vectors" set
}

setup() {
	private_home
	set=$BATS_FILE_TMPDIR/set
}

conformance() {
	sh "$top/t/long/conformance/run" -d "$set" "$@"
}

@test "there are at least 400 key files, each with a text that names its format, type and clause" {
	local file n=0
	for file in "$set"/test-*.txt; do
		[ -e "${file%.txt}" ]
		n=$((n + 1))
	done
	[ "$n" -ge 400 ]
	[ "$(grep -l '^format: ' "$set"/*.txt | wc -l)" -eq "$n" ]
	[ "$(grep -l '^type: ' "$set"/*.txt | wc -l)" -eq "$n" ]
	[ "$(grep -l '^clause: ' "$set"/*.txt | wc -l)" -eq "$n" ]
	[ "$(grep -lE '^(fingerprint: SHA256:.{43}$|refuse: )' "$set"/*.txt | wc -l)" -eq "$n" ]
	grep -q CC0 "$set/LICENSE"
}

@test "a second run makes the same bytes" {
	umask 077
	TZ=Asia/Tokyo PYTHONHASHSEED=1 python3 "$top/t/tools/vectors/vectors" again 40
	[ "$(ls again | wc -l)" -ge 40 ]
	for file in again/*; do
		cmp "$file" "$set/${file#*/}"
	done
}

@test "ssh-keygen prints the stated fingerprint of each line" {
	local file n=0
	for file in "$set"/test-line-*.txt; do
		! grep -qE '^(refuse|either)' "$file" || continue
		has_dsa || ! grep -q '^type: ssh-dss' "$file" || continue
		equal "$(ssh-keygen -lf - <"${file%.txt}" | cut -d ' ' -f 2)" "$(sed -n 's/^fingerprint: //p' "$file")"
		n=$((n + 1))
	done
	[ "$n" -ge 25 ]
}

@test "xferkey reads or refuses each vector as it must" {
	need_argon2
	run -0 conformance xferkey
	echo "$output"
	has_line $'prove\tvectors\txferkey: accepts what must be refused\t0' \
		$'prove\tvectors\txferkey: refuses what must be read\t0'
}

@test "a tool that refuses a key, accepts a damaged one or reads another key is found" {
	local libexec=$PWD/libexec
	mkdir bin libexec
	sh_script bin/xferkey "[ \"\$1\" = -V ] && echo fake || echo $libexec"
	cp "$(xferkey --exec-path)"/xferkey-* libexec/
	ln -s "$(xferkey --exec-path)/lib" libexec/lib
	while IFS='|' read -r text script; do
		sh_script libexec/xferkey-privfmt "real=$(xferkey --exec-path)/xferkey-privfmt" "key=$set/test-ppk3-p256" \
			"other=$set/test-ppk3-p384" "$script"
		XFERKEY_BIN=$PWD/bin run -1 conformance -n 'test-ppk3-p256*' xferkey
		echo "$output"
		has "$text"
	done <<-'END'
		test-ppk3-p256	refuses what must be read|exit 2
		test-ppk3-p256-aes256-cbc-argon2id	refuses what must be read|[ -z "$PW" ] || exit 2; exec $real "$@"
		test-ppk3-p256-private-1-another-number	accepts what must be refused|exec $real -N none $key
		test-ppk3-p256	reads another key|exec $real -N none $other
		test-ppk3-p256-private-1-another-number	ends with status 1|kill -SEGV $$
	END
}
