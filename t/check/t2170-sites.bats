#!/usr/bin/env bats
# xferkey sites: shows the profiles to people and scripts; where profiles are found, and what they may hold.

load ../lib/porcelain

setup() {
	private_home
	own=.config/xferkey/sites
}

@test "without a terminal: seven tab-separated columns, one line for each site" {
	xferkey sites >list
	[ "$(wc -l <list)" -ge 15 ]
	tr '\t' '|' <list >columns
	run ! grep -vxE '[a-z0-9-]+\|[a-z0-9.-]+\|[0-9]*\|(own|site-issued|shared|password)\|[^|]+\|20[0-9-]{8}\|share' columns
	grep -qxE $'ihmp\taspera.ihmpdcc.org\t22\town\thttps://[^\t]*\t20[0-9-]+\tshare' list
	sort -c list
}

@test "one site: every field is shown, on a terminal too" {
	run -0 xferkey sites ihmp
	has_line $'host\taspera.ihmpdcc.org' $'subject\tiHMP-DCC ASPERA ACCESS' $'tried\tnot tried against the live service'
	equal "$(cut -f 1 <<<"$output" | tr '\n' ' ')" "title host port user hostkey flags rate to subject key keyfile $(
	)keysource individual types bits passphrase source checked tried "
	terminal -0 -- xferkey sites ihmp
	grep -qx 'host *aspera.ihmpdcc.org' <<<"$output"
	terminal -0 -- xferkey sites
	grep -qE '^ihmp +own +share +iHMP-DCC \(integrative Human Microbiome Project\)$' <<<"$output"
	[ "${lines[-1]}" = 'next: xferkey sites NAME' ]
}

@test "on a terminal of 80 columns a site is one row, in every installed shell" {
	stage_sites
	printf '%s\n' "title = $(printf 'a long title %.0s' {1..20})" 'key = shared' >"$profiles/a-very-long-name-of-a-site"
	for shell in dash 'busybox sh' mksh ksh93 yash bash; do
		command -v "${shell%% *}" >/dev/null || continue
		terminal -0 -- $shell stage/libexec/xferkey/xferkey-sites
		equal "$(grep -v '^next: ' <<<"$output" | cut -d ' ' -f 1)" "$(stage/bin/xferkey sites | cut -f 1)"
		run ! grep -E '^.{80}' <<<"$output"
	done
}

@test "the next: line after a site shows a command that works as it stands, or is absent" {
	next_is() {
		terminal -0 -- xferkey sites "${@:2}"
		equal "$(grep '^next: ' <<<"$output" || :)" "${1:+next: xferkey $1}"
	}
	next_is 'generate --site ihmp' ihmp
	next_is '' ena
	next_is '' ena-upload
	next_is '' --user me ena-upload
	HOME='' next_is '' ihmp
	next_is 'generate --site ihmp' --user me ihmp
	xferkey -q generate --site ihmp -t rsa -b 2048 </dev/null
	next_is 'check --site ihmp --login' ihmp
	xferkey check --site ihmp >/dev/null
	next_is 'generate --site nig' --user me -f ~/other nig
	: >~/other
	next_is 'check --site nig --login' nig
	# generate would not replace the .pub file
	rm -r .config
	xferkey -q generate --site nig -t ed25519 </dev/null
	rm .ssh/nig
	next_is '' nig
}

@test "a shipped profile states its source, the date it was read, and that it was not tried" {
	for site in $(xferkey sites | cut -f 1); do
		xferkey sites "$site" >fields
		for field in title host key source checked tried; do
			grep -q "^$field	." fields || {
				echo "$site: no $field"
				return 1
			}
		done
		grep -qx 'tried	not tried against the live service' fields
		grep -qxE 'key	(own|password)' fields || {
			grep -q '^user	.' fields
			grep -q '^keysource	.' fields
		}
	done
}

@test "the list has the date on which a profile was compared with its source" {
	staged 'title = x' 'host = h' 'port = 1' 'key = own' 'source = s' 'checked = 2026-11-21'
	equal "$(xferkey sites)" $'x\th\t1\town\ts\t2026-11-21\tshare'
	staged 'title = x'
	equal "$(xferkey sites)" $'x\t\t\t\t\t\tshare'
}

@test "a profile is data: nothing in it is evaluated, and an unknown field is refused" {
	staged '# comment' '' 'title = $(touch evil) `touch evil` "x" = y' 'port = 33001'
	printf 'host = last.line' >>"$profile"
	run -0 xferkey sites x
	has_line 'title	$(touch evil) `touch evil` "x" = y' 'port	33001' 'host	last.line'
	for value in '$(touch evil)' '`touch evil`' '; touch evil' '"; touch evil' "'; touch evil" \
		'a[$(touch evil)]' '-x' '*'; do
		staged "title = $value"
		equal "$(xferkey sites x | sed 1q)" $'title\t'"$value"
		for field in port bits checked host user; do
			staged "$field = $value"
			says 2 "sites/x: $field: not " xferkey sites x
		done
	done
	for line in 'title host = x' 'colour = x' 'title' ' title = x' 'title=x' 'title	= x' 'a[$(touch evil)] = x' \
		'command = id' 'proxycommand = id' 'Title = x' '= x'; do
		staged "$line"
		says 2 'sites/x: ' xferkey sites x
	done
	for value in 'a\rBcc: x' 'a\r' 'a\033[31m' 'a\tb'; do
		printf "subject = $value\n" >"$profile"
		says 2 'sites/x: a control character' xferkey sites x
	done
	[ ! -e evil ]
}

@test "a field with a value of the wrong form is refused" {
	print=SHA256:$(printf '%043d' 0) whole='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM'$(printf 'A%.0s' {1..42})
	while read -r verdict field values; do
		while read -r value; do
			staged "$field = $value"
			if [ "$verdict" = yes ]; then
				equal "$(xferkey sites x | grep "^$field	")" "$field	$value"
			else
				says 2 "sites/x: $field: " xferkey sites x
			fi
		done < <(tr '|' '\n' <<<"$values")
	done <<-END
		yes port 65535
		no port 65536|022|123456|22;
		no bits 0
		no checked 2026-1-1|20261121|2026-11-21x
		yes host 2001:db8::1
		no host -oProxyCommand=x|jane@host|host/path|a b
		yes user bsaspera_w|jane@example.org
		no user -l|jane:x
		yes hostkey $print|$whole
		no hostkey ${print}0|${print%0}|MD5:00|${print%0}=|${whole#* }|$whole comment|host $whole|${whole/ed25519/rsa}|${whole%A}
		yes rate 300M|1.5g|10000
		no rate 300MB|M|\$(x)|a[0]|1.|-1|1.2.3
		yes key site-issued
		no key stolen|*
		no individual true
		no passphrase nome|none wanted
		yes keyfile /etc/xferkey/key|~/.ssh/my key
		no keyfile key|-x|\$(x)|~jane/key
		yes flags -QT -k1 -d|-QTvk1 -m1M -Z1400 -O33001 -caes128 --policy=fair --overwrite=diff+older
		no flags -T -i/etc/key|-Ti|-L-|-P33001|-l300M|-l 300M|-T 300M|-k4|-m|-S/bin/evil|-f/etc/evil.conf
		no flags -Wtoken|-uuser|--host=other|--user=other|--mode=send|--file-list=/etc/passwd
		no flags --ssh-arg=-oProxyCommand=x|--remove-after-transfer|--policy|--policy=|--policy=\$(x)|--|-|*
	END
}

# field N [NAME]: line N of what sites prints about NAME, by default x.
field() {
	xferkey sites "${2-x}" | sed -n "$1p"
}

@test "a user's profile replaces the system's as a whole, as the system's replaces the shipped profile" {
	staged 'host = share.example.org' 'port = 1' 'key = own'
	mkdir -p "$own"
	cp "$profile" "$profiles/y"
	equal "$(field 2,4)" $'host\tshare.example.org\nport\t1\nuser\t'
	printf 'host = etc.example.org\nuser = jane\n' >stage/etc/x
	echo 'host = z.example.org' >stage/etc/z
	equal "$(field 2,4)" $'host\tetc.example.org\nport\t\nuser\tjane'
	echo 'host = own.example.org' >"$own/x"
	equal "$(field 2,4)" $'host\town.example.org\nport\t\nuser\t'
	equal "$(xferkey sites)" $'x\town.example.org\t\t\t\t\town
y\tshare.example.org\t1\town\t\t\tshare
z\tz.example.org\t\t\t\t\t/etc'
	mkdir -p xdg/xferkey/sites
	echo 'host = xdg.example.org' >xdg/xferkey/sites/x
	equal "$(XDG_CONFIG_HOME=$PWD/xdg field 2)" $'host\txdg.example.org'
	# a relative path is ignored
	equal "$(XDG_CONFIG_HOME=xdg field 2)" $'host\town.example.org'
	equal "$(env -u HOME xferkey sites x | sed -n 2p)" $'host\tetc.example.org'
	# a link may lead where others write; backups and other files are skipped
	mv "$own/x" elsewhere
	ln -s "$PWD/elsewhere" "$own/x"
	says 2 "$own/x: the profile, or its directory, is a symbolic link" xferkey sites x
	mv elsewhere "$own/x"
	chmod 777 "${own%/*}"
	says 2 "$own/x: the profile, or its directory, " xferkey sites x
	chmod 755 "${own%/*}"
	touch "$own/x~" "$own/READ ME" "$own/config"
	equal "$(xferkey sites | sed 1q)" $'x\town.example.org\t\t\t\t\town'
	[ "$(xferkey sites | wc -l)" -eq 3 ]
	# a bad profile is reported, and hides no other
	echo 'colour = x' >"$own/x"
	run -2 xferkey sites
	[ "${#lines[@]}" -eq 3 ]
	has "$own/x: colour: not a field"
}

@test "a profile that others can change is refused, unless it is in share" {
	stage_sites
	mkdir -p "$own"
	for place in "$own" stage/etc; do
		echo 'host = example.org' >"$place/x"
		xferkey sites x
		for change in 'chmod 664' 'chmod 646' 'chmod 666' 'chown 65534'; do
			[[ $change != chown* || $(id -u) -eq 0 ]] || continue
			$change "$place/x"
			says 2 "$place/x: the profile, or its directory, " xferkey sites x
			[ "$(id -u)" -ne 0 ] || chown 0:0 "$place/x"
			chmod 644 "$place/x"
		done
		chmod 777 "$place"
		says 2 "$place/x: the profile, or its directory, " xferkey sites x
		chmod 755 "$place"
		rm "$place/x"
		mkdir "$place/x"
		says 2 "$place/x: not a file" xferkey sites x
		rmdir "$place/x"
	done
	staged 'host = example.org'
	chmod 664 "$profile"
	xferkey sites x
}

@test "--user writes a profile of one's own, which every command then uses" {
	run -0 xferkey -n sites --user jane ihmp
	[ ! -e .config ]
	shown=$output
	xferkey sites --user jane ihmp 2>said >out
	[ ! -s out ]
	equal "$(sed 's/^+ //' said)" "$shown"
	[ "$(stat -c %a "$own/ihmp")" = 600 ]
	run -0 xferkey sites ihmp
	has_line 'user	jane' 'keyfile	~/.ssh/ihmp' 'rate	300M'
	grep -qxE $'ihmp\t.*\town' <<<"$(xferkey sites)"
	mv "$own/ihmp" want
	(umask 077; sh -c "$shown")
	cmp want "$own/ihmp"
	says 2 "$own/ihmp: already there: change its line user =" xferkey sites --user joe ihmp
	cmp want "$own/ihmp"
	while IFS='|' read -r dir file want; do
		rm "$own/ihmp"
		(cd "$dir" && xferkey -q sites --user jane -f "$file" ihmp)
		grep -qxF "keyfile = $want" "$own/ihmp"
	done <<-END
		.|it's a key|~/it's a key
		/|x/key|/x/key
	END
	rm "$own/ihmp"
	xferkey -q sites --user me ena-upload
	run ! grep -q ^keyfile "$own/ena-upload"
	rm "$own/ena-upload"
	xferkey -q sites --user me -f /key ena-upload
	grep -qx 'keyfile = /key' "$own/ena-upload"
	rm "$own/ena-upload"
	for user in -x 'a b' 'a:b' $'a\nport = 1' '$(x)'; do
		says 2 'ihmp: user: not the name of an account' xferkey sites ihmp "--user=$user"
	done
	refused <<-'END'
		keyfile: not a path of printable characters| sites ihmp --user jane -f $'a\nport = 1'
		an account is required| sites --user '' ihmp
		an account and a site are required| sites --user jane
		| sites -f key ihmp
	END
	rmdir "$own"
	: >"$own"
	run -2 xferkey -q sites --user jane ihmp
}

@test "a wrong or unknown name of a site is status 2" {
	for name in ../commands '' . .. /etc/passwd 'o*' $'a\nb' IHMP config -x; do
		says 2 'not the name of a site' xferkey sites -- "$name"
	done
	says 2 'etc: no such site' env -u HOME "$(command -v xferkey)" sites etc
	refused <<-'END'
		nosuch: no such site| sites nosuch
		one site at a time| sites ihmp ihmp
	END
}

@test "an empty profile is an error, and no other replaces it" {
	staged 'host = share.example.org'
	mkdir -p "$own"
	for file in "$own/x" stage/etc/x "$profile"; do
		: >"$file"
		for option in '' '--user jane'; do
			says 2 "${file#stage/share/xferkey/}: empty" xferkey sites $option x
		done
		run -2 xferkey sites
		[ ! -s "$file" ]
		rm "$file"
		staged 'host = share.example.org'
	done
	equal "$(field 2)" $'host\tshare.example.org'
	ln -s nowhere "$own/x"
	says 2 "$own/x: a symbolic link to nowhere" xferkey sites x
}

@test "if one's own profile cannot be read, the shipped one does not replace it" {
	need strace
	staged 'host = share.example.org'
	mkdir -p "$own"
	export ASAN_OPTIONS=detect_leaks=0
	{
		printf '# %04000d\n# %0200000d\n' 0 0
		echo 'host = own.example.org'
	} >"$own/x"
	while read -r call which text; do
		run -2 strace -f -qq -o calls -P "$PWD/$own/x" -e "trace=$call" -e "inject=$call:error=EIO:when=$which" -- \
			sh -c 'xferkey sites x'
		grep INJECTED calls
		has "$own/x: $text"
		[[ $output != *example.org* ]]
	done <<-'END'
		newfstatat,stat,faccessat2,faccessat,access,statx 1+
		open,openat 1+
		read 1+ cannot read
		read 1 cannot read
		read 2 cannot read
	END
}

@test "--user: killed at any call, the profile is whole or absent" {
	xferkey -q sites --user jane ihmp
	whole_or_none "$own/ihmp" 'xferkey sites --user jane ihmp' \
		write:error=ENOSPC write:signal=KILL fsync:error=EIO:when=1 fsync:error=EIO:when=2 fsync:signal=KILL \
		linkat:error=EROFS linkat:signal=KILL
}
