#!/usr/bin/env bats
# xferkey get and put: the arguments that ascp gets from a site's profile, recorded by a stand-in.

load ../lib/porcelain

setup_file() {
	new_key rsa -b 2048 -m PEM -f "$BATS_FILE_TMPDIR/key"
}

setup() {
	private_home
	# yash reads only characters of the locale, not bytes
	export LC_ALL=C.UTF-8
	mkdir -m 700 .ssh
	mkdir -p .config/xferkey/sites
	cp "$BATS_FILE_TMPDIR/key" .ssh/lab
	cp .ssh/lab other
	profile=.config/xferkey/sites/lab
	printf '%s\n' 'host = lab.example.org' 'port = 33001' 'user = jane' 'flags = -QT -k1' 'rate = 300M' \
		'key = own' >"$profile"
	key=$HOME/.ssh/lab
	words=(-L LOG -QT -k1 -l 300M -P 33001 -i "$key")
	stand_in
}

# hands WORD ... -- ARG ...: xferkey -q ARG ... runs ascp with exactly these WORDs.
hands() {
	local want=()
	while [ "$1" != -- ]; do
		want+=("$1")
		shift
	done
	shift
	rm -f "$STAND_IN/arguments"
	run -0 xferkey -q "$@"
	equal "$output" ''
	arguments_are "${want[@]}"
}

@test "ascp gets flags, rate, port, key, then the user's options, sources and destination" {
	hands "${words[@]}" jane@lab.example.org:a . -- get lab:a .
	hands "${words[@]}" a jane@lab.example.org: -- put a lab:
	hands "${words[@]}" joe@lab.example.org:a joe@lab.example.org:/b dir/ -- get joe@lab:a joe@lab:/b dir/
	hands "${words[@]}" a ./b joe@x.org@lab.example.org:up/ -- put a ./b joe@x.org@lab:up/
	hands "${words[@]}" -k 2 -d --policy=fair a jane@lab.example.org:up -- put -dk2 --policy fair a lab:up
	hands "${words[@]:2}" -L logs -v a jane@lab.example.org:up -- put a lab:up -v -L logs
	hands -L LOG -QT -k1 -l 1m -P 22 -i other a jane@lab.example.org:up -- put -l1m -P 22 -i other a lab:up
	sed -i 's/^port = .*/port = 22/; /^rate/d; s/^flags = .*/flags =/; s/^host = .*/host = 2001:db8::1/' "$profile"
	sed -i '/^flags/d' "$profile"
	hands -L LOG -k2 -i "$key" 'jane@[2001:db8::1]:a' . -- get lab:a .
	echo 'keyfile = ~/other' >>"$profile"
	hands -L LOG -k2 -i "$HOME/other" 'jane@[2001:db8::1]:a' . -- get lab:a .
}

@test "from a whole host key ascp gets its SHA-1 in hex, unless the user gives another; from a fingerprint nothing" {
	echo "hostkey = $(print .ssh/lab)" >>"$profile"
	hands "${words[@]}" jane@lab.example.org:a . -- get lab:a .
	sed -i "s;^hostkey = .*;hostkey = $(ssh-keygen -yf .ssh/lab | cut -d ' ' -f 1,2);" "$profile"
	sha1=$(ssh-keygen -yf .ssh/lab | cut -d ' ' -f 2 | base64 -d | sha1sum | cut -d ' ' -f 1)
	hands "${words[@]:0:4}" --check-sshfp="$sha1" "${words[@]:4}" jane@lab.example.org:a . -- get lab:a .
	hands "${words[@]}" --check-sshfp=0123 jane@lab.example.org:a . -- get --check-sshfp 0123 lab:a .
	hands "${words[@]}" --check-sshfp=0123 a jane@lab.example.org: -- put a --check-sshfp=0123 lab:
	XFERKEY_ENGINE=sftp run -0 xferkey -n get lab:a .
	[[ $output != *sshfp* ]]
}

@test "umask and status are passed on; -n only shows" {
	umask 027
	XFERKEY_TRIES=1 STAND_IN_STATUS=17 run -75 xferkey -q get lab:a .
	equal "$(cat "$STAND_IN/umask")" 0027
	rm "$STAND_IN/arguments"
	run -0 xferkey -n put "it's" 'lab:a b'
	equal "$output" "ascp -QT -k1 -l 300M -P 33001 -i $key 'it'\\''s' 'jane@lab.example.org:a b'"
	[ ! -e "$STAND_IN/arguments" ]
}

@test "file names arrive unchanged, or are refused" {
	names=('a b' ' a ' "it's" '"' '\' '*' '?[a]' '$x' '`touch evil`' '$(touch evil)' ';touch evil' '~' '#' '@' 'a@b' '%h'
		'ünï' '=')
	at=jane@lab.example.org:
	hands "${words[@]}" "${names[@]/#/$at}" $at. ${at}a:b $at . -- get "${names[@]/#/lab:}" lab:. lab:a:b lab: .
	hands "${words[@]}" "${names[@]}" 'jane@lab.example.org:$(x) '"'*" -- put "${names[@]}" 'lab:$(x) '"'*"
	for name in .ssh . "$HOME/.ssh/." / "$key"; do
		says 2 "xferkey-put: $name: " xferkey put "it's" "$name" lab:
		XFERKEY_PREFLIGHT=off hands "${words[@]}" "$name" jane@lab.example.org: -- put "$name" lab:
	done
	equal "$(xferkey get -V)" "$(xferkey sites -V)"
	hands "${words[@]}" ./a:b jane@lab.example.org: -- put ./a:b lab:
	hands "${words[@]}" jane@lab.example.org:x ./-d -- get lab:x ./-d
	rm "$STAND_IN/arguments"
	for name in -x -oProxyCommand=x $'a\nb' $'a\tb' $'a\e[31m'; do
		says 2 'xferkey-get: ' xferkey get "lab:$name" .
		says 2 'xferkey-put: ' xferkey put -- "$name" lab:
		says 2 'xferkey-put: ' xferkey put x "lab:$name"
		says 2 'xferkey-get: ' xferkey get -- "$name@lab:x" .
	done
	[ ! -e "$STAND_IN/arguments" ]
	[ ! -e evil ]
}

@test "an operand that is not a site, and options that sites exclude, are refused" {
	refused <<-'END'
		both sides| put a:b lab:
		another host or user than that of| get lab:a joe@lab:b .
		requires a value| get lab:a . -l
		nosuch: no such site: xferkey sites lists them, and a host is for xferkey ascp| get nosuch:x .
		lab.example.org: no such site| put x jane@lab.example.org:
		127.0.0.1: no such site| put x 127.0.0.1:
		required: [USER@]SITE:PATH ... DEST| get
		| get lab:x
		| get lab:x ''
		| get x lab:x
		| get x y
		required: FILE ... [USER@]SITE:PATH| put
		| put lab:x
		| put lab:x y
		are for xferkey ascp| put --mode=send x lab:
		| put --host=evil.example.org x lab:
		| put --user=evil x lab:
		| put --file-list=x x lab:
		| put --file-pair-list=x x lab:
	END
	echo 'colour = x' >>"$profile"
	refused <<<"$profile: colour: not a field| get lab:x ."
	[ ! -e "$STAND_IN/arguments" ]
}

@test "without an account, host or key, one line says what to do" {
	sed -i '/^user/d' "$profile"
	says 2 'lab: no account: USER@lab:PATH, or once: xferkey sites --user USER lab' xferkey get lab:x .
	hands "${words[@]}" joe@lab.example.org:x . -- get joe@lab:x .
	rm "$STAND_IN/arguments" .ssh/lab
	says 2 "$key: no such file (xferkey generate --site lab makes it)" xferkey get joe@lab:x .
	xferkey -q import --site lab other
	cmp .ssh/lab other
	rm .ssh/lab
	sed -i 's/^key = .*/key = shared/' "$profile"
	echo 'keysource = on the page of the lab' >>"$profile"
	says 2 "$key: no such file: on the page of the lab" xferkey get joe@lab:x .
	sed -i 's/^key = .*/key = password/' "$profile"
	hands -L LOG -QT -k1 -l 300M -P 33001 joe@lab.example.org:x . -- get joe@lab:x .
	rm "$STAND_IN/arguments"
	echo 'keyfile = /nonexistent/key' >>"$profile"
	says 2 '/nonexistent/key: no such file' xferkey get joe@lab:x .
	hands -L LOG -QT -k1 -l 300M -P 33001 -i other joe@lab.example.org:x . -- get -i other joe@lab:x .
	says 2 'xferkey-get: -i: the name of the key is empty' xferkey get -i '' joe@lab:x .
	sed -i '/^host/d' "$profile"
	says 2 "$profile: no host" xferkey get joe@lab:x .
}

@test "for each shipped site, ascp gets the arguments that the source documents" {
	while read -r verb site want; do
		case $want in
		*' -k'*) want="-L LOG $want" ;;
		*) want="-L LOG -k2 $want" ;;
		esac
		if [ "$verb" = put ]; then
			hands $want: -- put -i other x "$site:"
		else
			hands $want:x . -- get -i other "$site:x" .
		fi
	done <<-END
		get ddbj -QT -l 300m -P 33001 -i other anonftp@ascp.ddbj.nig.ac.jp
		get ena -T -l 300m -P 33001 -i other era-fasp@fasp.sra.ebi.ac.uk
		get pride -QT -l 100M -P 33001 -i other prd_ascp@fasp.ebi.ac.uk
		get bia -P 33001 -i other bsaspera@fasp-beta.ebi.ac.uk
		get empiar -QT -l 200M -P 33001 -i other emp_ext3@hx-fasp-1.ebi.ac.uk
		get gsa -QT -k2 -d -l 100m -P 33001 -i other aspera01@download.cncb.ac.cn
		get cngb -T -k2 -l 100m -P 33001 -i other aspera_download@183.239.175.39
		get jane@nig -l 1G -P 33001 -i other jane@ascp.ddbj.nig.ac.jp
		get jane@iprox -T -k2 -l 500M -P 33001 -i other jane@download.iprox.org
		put jane@ihmp -T -v -l 300M -i other x jane@aspera.ihmpdcc.org
		put ncbi-upload -QT -k2 -d -l 100m -i other x subasp@upload.ncbi.nlm.nih.gov
		put Webin-1@ena-upload -QT -l 300M -i other x Webin-1@webin.ebi.ac.uk
		put dcc_x@ena-hub -QT -l 300M -P 33001 -i other x dcc_x@fasp.sra.ebi.ac.uk
		put bia-upload -d -P 33001 -i other x bsaspera_w@hx-fasp-1.ebi.ac.uk
		put empiar-upload -QT -k3 -l 200M -P 33001 -i other x emp_dep@hx-fasp-1.ebi.ac.uk
	END
	for site in ena ncbi-upload gsa; do
		says 2 "$HOME/.ssh/$site: no such file: $(xferkey sites $site | sed -n 's/^keysource	//p')" xferkey get "$site:x" .
	done
	says 2 "gsa: accepts no key of your own: https://ngdc.cncb.ac.cn/" xferkey generate --site gsa
}

@test "get and put need only the profile that generate writes" {
	rm "$profile"
	xferkey -q generate --site ihmp --user jane -t ed25519
	hands -L LOG -k2 -T -v -l 300M -i "$HOME/.ssh/ihmp" genome.bam jane@aspera.ihmpdcc.org:upload/ \
		-- put genome.bam ihmp:upload/
	hands -L LOG -k2 -T -v -l 300M -i "$HOME/.ssh/ihmp" jane@aspera.ihmpdcc.org:genome.bam . -- get ihmp:genome.bam .
}
