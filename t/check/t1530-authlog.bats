#!/usr/bin/env bats
# authlog: what a log says of keys. s1530 has the log of a real sshd.

load ../lib/test

setup() {
	private_home
	unset TZ
	one=SHA256:oneaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa+
	two=SHA256:twoaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/
	tail="from 192.0.2.1 port 22 ssh2: ED25519 $one"
	accepted="Accepted publickey for jane $tail"
	at=2026-11-30T18:53:13Z
}

# rows WANTED: authlog prints these rows for standard input, after its first one.
rows() {
	xferkey authlog >out || [ $? -eq 1 ]
	equal "$(sed 1d out)" "$1"
}

# row KIND ACCOUNT [FIRST LAST COUNT ADDRESS]: prints a row of $one.
row() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$one" "${3-$at}" "${4-${3-$at}}" "${5-1}" "${6-192.0.2.1}"
}

# says_nothing: no line of standard input gives a row, whatever follows a time stamp, a host and sshd's tag.
says_nothing() {
	local line
	while IFS= read -r line; do
		echo "$at host sshd[1]: $line"
	done | rows ''
	equal "$(cut -f 1 out)" log
}

@test "each form of a line gives the same row; the fraction of a second is ignored" {
	while IFS= read -r head; do
		rows "$(row login jane)" <<<"${head%|}$accepted"
		equal "$(cat out)" "log	-	-	$at	$at	1	-"$'\n'"$(row login jane)"
	done <<-'END'
		2026-11-30T19:53:13.123456+01:00 host sshd[1]: |
		2026-11-30T19:53:13+0100 host sshd[1]: |
		2026-11-30T17:23:13.1-0130 host sshd-session[99]: |
		2026-11-30T18:53:13Z host sshd[1]: |
		<38>1 2026-11-30T19:53:13.123456+01:00 host sshd 1 - - |
		<38>1 2026-11-30T18:53:13Z host sshd-session 1 - -  |
		<38>1 2026-11-30T18:53:13Z - sshd 1 ID47 [a@1 b="c] \" \\"][d] |
		2026-11-30T18:53:13Z host sshd 1 - - |
	END
	rows "$(row login jane)" <<<"$at host sshd[1]: $accepted"$'\r'
	printf '%s' "$at host sshd[1]: $accepted" | rows "$(row login jane)"
}

# classic TIME FORMAT [WANTED]: a time as FORMAT of date shows it is dated to itself, or to WANTED.
classic() {
	echo "$1"
	rows "$(row login jane "$(date -u -d "${3-$1}" +%Y-%m-%dT%H:%M:%SZ)")" \
		<<<"$(LC_ALL=C date -d "$1" "+$2") host sshd[1]: $accepted"
}

@test "a classic time stamp gets the latest year in which it is not more than a day in the future" {
	local now year stamp format='%b %e %H:%M:%S'
	now=$(date +%s)
	for stamp in 0 -1 +3600 +80000 -86400 -3000000 -31400000; do
		classic "@$((now + stamp))" "$format"
	done
	classic "@$((now - 15000000))" '%b %d %H:%M:%S'
	stamp=$(date -d "@$((now + 2 * 86400))" '+%m-%d %H:%M:%S') year=$(date -d "@$((now + 2 * 86400))" +%Y)
	[[ $stamp = 02-29* ]] || classic "$year-$stamp" "$format" "$((year - 1))-$stamp"
	until date -d "$year-02-29" && [ "$(date -d "$year-02-29 12:00:00" +%s)" -le "$((now + 80000))" ]; do
		year=$((year - 1))
	done
	classic "$year-02-29 12:00:00" "$format"
}

@test "29 February and leap seconds exist" {
	for stamp in 2024-02-29T12:00:00Z 2000-02-29T12:00:00Z 2016-12-31T23:59:60Z; do
		rows "$(row login jane "$(sed 's/2016.*/2017-01-01T00:00:00Z/' <<<"$stamp")")" <<<"$stamp host sshd[1]: $accepted"
	done
}

@test "a classic time stamp is of the system's time zone, and of standard time if it occurs twice" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to change the time zone'
	need unshare mount
	zone=/usr/share/zoneinfo/Europe/Berlin
	[ -e "$zone" ] && [ -e /etc/localtime ] || skip 'needs time zones'
	year=$(date +%Y)
	sunday=$((31 - $(date -d "$year-10-31" +%w)))
	if [ "$(date -u -d "$year-10-$sunday" +%s)" -gt "$(($(date +%s) + 80000))" ]; then
		year=$((year - 1)) sunday=$((31 - $(date -d "$((year - 1))-10-31" +%w)))
	fi
	while read -r stamp wanted; do
		echo "${stamp//_/ } host sshd[1]: $accepted" >log
		unshare -m sh -c 'mount --bind "$0" /etc/localtime && xferkey authlog log' "$zone" >out
		equal "$(sed 1d out)" "$(row login jane "$year-$wanted")"
	done <<-END
		Oct_$((sunday - 1))_14:00:00 10-$((sunday - 1))T12:00:00Z
		Oct_${sunday}_01:59:59 10-$((sunday - 1))T23:59:59Z
		Oct_${sunday}_02:30:00 10-${sunday}T01:30:00Z
		Oct_${sunday}_03:00:00 10-${sunday}T02:00:00Z
	END
}

@test "a line without a time that exists gives no row" {
	while IFS= read -r stamp; do
		echo "$stamp host sshd[1]: $accepted"
	done >log <<-'END'
		Feb 30 12:00:00
		Apr 31 12:00:00
		Nov 30 24:00:00
		Nov 30 12:60:00
		Nov  0 12:00:00
		Nov 32 12:00:00
		Non 30 12:00:00
		Nov_30 12:00:00
		Nov 30_12:00:00
		Nov 30 x2:00:00
		Nov 30 12:x0:00
		Nov 30 12:00:x0
		Nov 30 12:00:61
		Nov 30 12.00:00
		Nov 30 12:00.00
		2026-02-29T12:00:00Z
		2026-13-01T12:00:00Z
		2026-00-01T12:00:00Z
		2026-11-00T12:00:00Z
		2026-11-31T12:00:00Z
		2100-02-29T12:00:00Z
		1969-12-31T12:00:00Z
		2026.11-30T12:00:00Z
		2026-11.30T12:00:00Z
		2026-11-30T12:00:61Z
		2026-11-30T12:00:00
		2026-11-30T12:00:00.
		2026-11-30T12:00:00*01:00
		2026-11-30T12:00:00+0x:00
		2026-11-30T12:00:00+00:x0
		2026-11-30T12:00:00+00:60
		2026-11-30T12:00:00+24:00
		2026-11-30T12:00:00.Z1
		2026-11-30 12:00:00Z
		-
	END
	run -1 xferkey authlog log
	equal "$output" "log	-	-	-	-	0	-"
}

@test "first, last, count and address do not depend on the order of lines and files" {
	for n in 3 1 4 2; do
		echo "2026-11-0${n}T00:00:00Z host sshd[1]: ${accepted/192.0.2.1/192.0.2.$n}"
		echo "2026-11-0${n}T12:00:00Z host sshd[1]: Failed password for jane from 192.0.2.1 port 22 ssh2"
	done >log
	wanted="log	-	-	2026-11-01T00:00:00Z	2026-11-04T12:00:00Z	8	-
$(row login jane 2026-11-01T00:00:00Z 2026-11-04T00:00:00Z 4 192.0.2.4)"
	equal "$(xferkey authlog log)" "$wanted"
	equal "$(tac log | xferkey authlog)" "$wanted"
	head -n 3 log >begin
	tail -n +4 log >end
	equal "$(xferkey authlog - begin <end)" "$wanted"
}

@test "rows are sorted by account, then by fingerprint, then by kind" {
	for account in b jane a B 'a b' 'dom\\jane' '\303\251'; do
		for key in $two $one; do
			for type in "ED25519 $key" "ED25519-CERT $key ID x (serial 0) CA RSA $one"; do
				echo "$at host sshd[1]: Accepted publickey for $account from 192.0.2.1 port 22 ssh2: $type"
			done
		done
	done | xferkey authlog | sed 1d >out
	LC_ALL=C sort -t '	' -k 2,2 -k 3,3 -k 1,1r out | cmp - out
	equal "$(wc -l <out)" 28
	equal "$(cut -f 2 out | uniq | paste -sd ,)" 'B,a,a b,b,dom\jane,jane,é'
}

@test "what xferkey logs gives a row, with the administrator or the new key" {
	file=/home/jane/.ssh/authorized_keys
	{
		for tag in 'host xferkey:' 'host xferkey[1]:' 'host xferkey - - -' 'host xferkey - - [timeQuality tzKnown="1"]'; do
			echo "$at $tag $one is authorized for jane in $file by root"
		done
		echo "$at host xferkey: $one is revoked for a b in /x in /by by y by joe"
		echo "$at host xferkey: $one is superseded by $two for jane in $file by root"
		for text in "$one is authorized for jane in $file" "$one is authorized for jane in file by root" \
			"$one is authorized for jane in $file by " "$one is authorized for  in $file by a b" \
			"x $one is authorized for jane in $file by root" "MD5:$one is authorized for jane in $file by root" \
			"$one is superseded by x for jane in $file by root" \
			"$one is superseded by $two in $file by root" "$one is known for jane in $file by root" \
			"$one is authorized for jane in $file by a b" "$accepted"; do
			echo "$at host xferkey: $text"
		done
		for tag in xferkeys: notxferkey: sudo: 'sudo: xferkey:' 'sshd[1]:'; do
			echo "2020-01-01T00:00:00Z host $tag $one is authorized for jane in $file by root"
		done
	} >log
	rows "$(row revoked 'a b' "$at" "$at" 1 joe)
$(row authorized jane "$at" "$at" 4 root)
$(row superseded jane "$at" "$at" 1 $two)" <log
	equal "$(head -n 1 out)" "log	-	-	2020-01-01T00:00:00Z	2020-01-01T00:00:00Z	1	-"
}

@test "only sshd's whole message, under its own first tag, gives a row" {
	long=$(printf '%065d' 0)
	says_nothing <<-END
		Invalid user Accepted publickey for jane $tail
		Invalid user x\\012$at host sshd[1]: $accepted
		Accepted key ED25519 $one found at /home/jane/.ssh/authorized_keys:1
		Accepted password for jane from 192.0.2.1 port 22 ssh2
		Failed publickey for jane $tail
		Partial publickey for jane $tail
		 $accepted
		$accepted x
		$accepted [preauth]
		message repeated 2 times: [ $accepted]
		Accepted publickey for  $tail
		Accepted publickey for ja\\nne $tail
		Accepted publickey for ja\\777ne $tail
		Accepted publickey for ja\\1-2ne $tail
		Accepted publickey for ja\\ $tail
		Accepted publickey for $(printf '%0101d' 0) $tail
		${accepted/192.0.2.1/}
		${accepted/port 22/port x}
		${accepted/port 22/port 12345678901}
		${accepted/ssh2/ssh1}
		${accepted/ED25519/ED25519-CERT}
		${accepted/ED25519/ED 25519}
		${accepted/ED25519/}
		${accepted/ED25519/ED_25519}
		${accepted/ED25519/ED~25519}
		${accepted/ED25519/$long}
		${accepted/SHA256:o/MD5:16:27}
		${accepted/SHA256:o/SHA256:}
		${accepted/SHA256:o/SHA256:=}
		${accepted% *}
	END
	for head in "host sudo[1]: sshd[1]:" "host sshd:" "host sshd[x]:" "host sshd[1]x:" "host sshdx[1]:" "sshd[1]:" \
		"host sshd[1]" "host sshd 1 -" "host sshd 1 - [x" "host sshd - - -" "host xsshd 1 - -" " sshd[1]:"; do
		echo "$at $head $accepted"
		echo "<38>1 $at $head $accepted"
		echo "Nov 30 19:53:13 $head $accepted"
	done >log
	printf '%s\n' "$accepted" "-- Boot 1 --" '' "<38>Nov 30 19:53:13 host sshd[1]: $accepted" \
		"<38>1 $at host sshd[1]: $accepted" "<x>1 $at host sshd 1 - - $accepted" \
		"<38>1 Nov 30 19:53:13 host sshd 1 - - $accepted" "<38" "$at" "$at " "$at host" "${at%Z}." >>log
	run -1 xferkey authlog log
	equal "$output" "log	-	-	-	-	0	-"
}

@test "an account's name ends before the first end of such a message; the ID of a certificate is not read" {
	{
		echo "$at host sshd[1]: Accepted publickey for a from b $tail"
		echo "$at host sshd[1]: ${accepted/19 $one/19-CERT $two} ID x $tail"
		echo "$at host sshd[1]: Accepted publickey for $(printf '%0100d' 0) $tail"
	} | xferkey authlog | cut -f 1-3 >out
	equal "$(sed 1d out)" "login	$(printf '%0100d' 0)	$one
login	a from b	$one
certificate	jane	$two"
}

@test "a line of 64 KiB is passed over, with any bytes; the next line is read" {
	{
		head -c 200000 /dev/urandom | tr -d '\n'
		echo
		echo "$at host sshd[1]: $accepted"
		printf '%s%070000d%s\n' "$at host sshd[1]: " 0 "$accepted"
		head -c 65536 /dev/zero
		echo "$at host sshd[1]: $accepted"
		echo "$at host sshd[1]: $accepted"
		printf '\0%s\n' "$at host sshd[1]: $accepted"
		head -c 65535 /dev/zero | tr '\0' x
	} | rows "$(row login jane "$at" "$at" 2)"
}

@test "-j prints an object for each row; all bytes are UTF-8" {
	need jq
	echo "$at host sshd[1]: ${accepted/jane/x\\377\\033\\303\\251}" >log
	equal "$(xferkey authlog -j log | jq -c '[keys_unsorted, .[]]' | head -n 1)" "$(
		)"'[["kind","account","fingerprint","first","last","count","address"],"log",null,null,"'$at'","'$at'",1,null]'
	equal "$(xferkey authlog -j log | sed 1d | jq -r '.account, .count')" 'x\377'$'\e\303\251\n1'
	equal "$(xferkey authlog log | sed 1d | cut -f 2)" 'x\377\033é'
	equal "$(xferkey authlog -j </dev/null | jq -c '[.first, .count]')" '[null,0]'
}

@test "the status is 0 with a row of a key, 1 without one, and 2 if anything is not read or not written" {
	echo "$at host sshd[1]: $accepted" >log
	run -0 xferkey authlog log
	run -1 xferkey authlog /dev/null
	mkdir folder
	for file in folder nosuch; do
		says 2 "$file: " xferkey authlog log "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done
	says 2 'standard input: Bad file descriptor' sh -c 'xferkey authlog <&-'
	says 2 'standard output: No space left' sh -c 'xferkey authlog log >/dev/full'
	says 2 'unknown option -x' xferkey authlog -x log
	says 2 'standard output: Bad file descriptor' sh -c 'xferkey authlog log >&-'
}
