#!/usr/bin/env bats
# xferkey ascp: the check of the key, and what ascp then gets, recorded by a stand-in.

load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	new_key rsa -b 2048 -m PEM -f key
	cp key sealed
	ssh-keygen -q -p -m PEM -P '' -N secret -f sealed
}

setup() {
	private_home
	mkdir -m 700 .ssh
	cp "$BATS_FILE_TMPDIR"/* .
	stand_in
}

@test "ascp gets exactly the arguments, the user's umask and an empty standard input" {
	words=(-i key -l 100M -QT -k1 --policy=fair "it's" \
		'a b' '*' '$x' '`x`' '"' '\' '' 'a@b' './c:d' -- ';evil' jane@host:up/)
	umask 027
	run -0 xferkey ascp "${words[@]}" < <(echo left alone)
	arguments_are -L LOG "${words[@]}"
	equal "$(cat "$STAND_IN/umask")" 0027
	[ ! -s "$STAND_IN/input" ]
	sh -c "$(xferkey -n ascp "${words[@]}")" </dev/null
	arguments_are "${words[@]}"
	ASPERA_SCP_PASS=secret ASPERA_SCP_COOKIE='a b' run -0 xferkey -q ascp -q f jane@host:
	equal "$output" ''
	arguments_are -L LOG -k2 -q f jane@host:
	grep -qx 'ASPERA_SCP_PASS=secret' "$STAND_IN/environment"
	grep -qx 'ASPERA_SCP_COOKIE=a b' "$STAND_IN/environment"
	echo data | xferkey -q ascp 'stdio:///x?5' jane@host:
	equal "$(cat "$STAND_IN/input")" data
	# ascp alone handles arguments that are not a transfer
	for word in -A -h --version; do
		STAND_IN_STATUS=17 run -17 xferkey ascp "$word"
		arguments_are "$word"
	done
}

@test "the documented command lines are passed to ascp word for word" {
	cp key .ssh/ihmp
	cp key .ssh/id_rsa
	while IFS= read -r line; do
		eval "set -- $line"
		run -0 xferkey ascp "$@" </dev/null
		case $line in
		*-L-*) arguments_are "$@" ;;
		*-k*) arguments_are -L LOG "$@" ;;
		*) arguments_are -L LOG -k2 "$@" ;;
		esac
	done <<-'END'
		-i ~/.ssh/ihmp -l100M huge_genome.tar jane@HOST:upload/
		-T -l 10M -m 1M -i ~/.ssh/id_rsa FILE jane@HOST:/PATH
		-T -v -l 300M -i ihmp FILE jane@aspera.ihmpdcc.org:FOLDER
		-P 33001 -l 1G -i ~/.ssh/id_rsa FILE jane@ascp.ddbj.nig.ac.jp:FOLDER
		-QT -l 300m -P 33001 -i ~/.ssh/id_rsa anonftp@ascp.ddbj.nig.ac.jp:/ddbj_database/dra/FILE .
		-i ~/.ssh/id_rsa -QT -l100m -k1 -d FOLDER subasp@upload.ncbi.nlm.nih.gov:uploads/jane_FOLDER
		-QTr -l 300M -i ~/.ssh/id_rsa FILE jane@upload.ncbi.nlm.nih.gov:FOLDER
		-T -l 300m -P 33001 -i ~/.ssh/id_rsa era-fasp@fasp.sra.ebi.ac.uk:vol1/FILE .
		-QT -l300M -L- FILE Webin-1@webin.ebi.ac.uk:.
		-QT -l 100M -P 33001 -i ~/.ssh/id_rsa prd_ascp@fasp.ebi.ac.uk:pride/FILE .
		-d -P 33001 -i ~/.ssh/id_rsa FILE bsaspera_w@hx-fasp-1.ebi.ac.uk:SECRET
		-QT -l 200M -P33001 -k3 FILE emp_dep@hx-fasp-1.ebi.ac.uk:upload
		-i ~/.ssh/id_rsa -P 33001 -QT -l100m -k1 -d aspera01@download.cncb.ac.cn:gsa/FILE .
		-P 33001 -T -k1 -l 100m -i ~/.ssh/id_rsa aspera_download@183.239.175.39:FILE .
		-T -l 500M -k1 -P 33001 --mode=recv --host=download.iprox.org --user=jane --file-list=LIST .
	END
	# the shown command is the one that is run
	run xferkey ascp -i ~/.ssh/ihmp -l100M huge_genome.tar jane@HOST:upload/
	[[ $output = "+ ascp -L "*"/ascp -k2 -i $HOME/.ssh/ihmp -l100M huge_genome.tar jane@HOST:upload/" ]]
}

@test "a signal ends xferkey and ascp at once, and no directory is left" {
	export TMPDIR=$PWD/tmp
	mkdir tmp
	for signal in TERM INT HUP; do
		rm -f "$STAND_IN/pid"
		STAND_IN_SLEEP=60 env --default-signal=INT xferkey ascp -i key f h: 2>/dev/null 3>&- &
		ended_by $signal "$STAND_IN/pid"
		[ -z "$(ls -A tmp)" ]
		equal "$(cat "$STAND_IN/runs")" $((${n-0} + 1))
		n=$((${n-0} + 1))
	done
}

@test "wrong arguments are refused before ascp starts; t1700 and s2156 have more" {
	refused <<-'END'
		-i: requires a value| ascp f jane@host: -i
		nosuch: no such file| ascp -QTinosuch f jane@host:
		| ascp -l 1M f jane@host: -QTi nosuch
		| ascp -i key -i nosuch f jane@host:
		new\012line: a control character| ascp -i key $'new\nline' h:
		-x: begins with -| ascp -i key -- -x h:
		-oProxyCommand=x:y: not the name of a host| ascp -- a -oProxyCommand=x:y
		h:-rf: begins with -| ascp a h:-rf
		both sides have a host| ascp g:a h:b
		XFERKEY_TRIES: not a number| XFERKEY_TRIES=0 ascp -i key f h:
		| XFERKEY_TRIES=100 ascp -i key f h:
		| XFERKEY_TRIES=x ascp -i key f h:
		| XFERKEY_TRIES=-1 ascp -i key f h:
		XFERKEY_PREFLIGHT: neither| XFERKEY_PREFLIGHT=on ascp -i key f h:
		XFERKEY_ASCP: /nosuch/ascp: no such file| XFERKEY_ASCP=/nosuch/ascp ascp f h:
		XFERKEY_ENGINE: neither ascp nor sftp| XFERKEY_ENGINE=scp ascp -i key f h:
	END
	[ ! -e "$STAND_IN/arguments" ]
}

@test "no private key is sent, or received over, as far as the arguments tell" {
	cp key .ssh
	cp key pair
	ssh-keygen -y -f key >key.pub
	ln -s . here
	mkdir -p data/dir
	ln -s ../../key data/dir/link
	printf '%s\n' f ./here/key >sent
	printf '%s\n' x up/key y z >pairs.recv
	printf '%s\n' key x f y >pairs.send
	printf '%s' f up/key >received
	printf '%s\n' f .ssh/key '' 'trailing/' >apart
	refused <<-'END'
		key: a private key is not sent| ascp -i key f key h:
		here/key: a private key is not sent| ascp -i key here/key h:
		here: the private key ./key is in it| ascp -i key here h:
		./here/key: a private key is not sent| ascp -i key --file-list=sent h:
		key: a private key is not sent| ascp -i key --file-pair-list=pairs.send h:
		the key in use is not overwritten| ascp -i key h:x key
		| ascp -i key h:up/key .
		| ascp -i key h:f h:up/key data/../
		| ascp -i key h:up/key.pub .
		| ascp -i ~/.ssh/key h:key .ssh
		| ascp -i ~/.ssh/key h:key ~/.ssh/
		| ascp -i key h:up/link data/dir
		| ascp -i ~/.ssh/key --src-base=up h:up/.ssh/key .
		| XFERKEY_PREFLIGHT=off XFERKEY_ENGINE=sftp ascp -i key h:up/key .
		| ascp -i key --file-list=received --mode=recv --host=h .
		| ascp -i key --file-pair-list=pairs.recv --mode=recv --host=h .
		pair: a private key is not overwritten| ascp h:pair .
		| ascp -i key h:x pair
		key: a private key is not overwritten| ascp h:up/key .ssh
		is in it, and could be overwritten: receive into another directory| ascp -i .ssh/key h:up/.ssh .
		| ascp -i key h:up/.ssh/ .
	END
	[ ! -e "$STAND_IN/arguments" ]
	for words in 'h:key data' 'h:up/.ssh/key data' 'h:f .' 'h:data .' 'h:x/. .' 'h:/ .' 'h:f key.new' \
		'--mode=recv --host=h --file-list=apart data' '--mode=recv --host=h --file-pair-list=pairs.send data' \
		'--file-pair-list=pairs.recv h:' '--file-list=nosuch h:'; do
		run -0 xferkey -q ascp -i key $words
		arguments_are -L LOG -k2 -i key $words
	done
	XFERKEY_PREFLIGHT=off run -0 xferkey -q ascp -i key h:up/key .
	cp key aspera-scp-transfer.log
	says 2 'aspera-scp-transfer.log: a private key is not overwritten' xferkey -q ascp -L . f h:
}

@test "an argument -i that is the value of another option is not a key" {
	for words in '-E -i f h:' '-Einosuch f h:' '-u -inosuch f h:' '-R -i f h:' '--policy -i f h:' '-iKEY f h:'; do
		eval "set -- ${words/KEY/key}"
		run -0 xferkey -q ascp "$@"
		arguments_are -L LOG -k2 "$@"
	done
}

@test "an encrypted key needs a terminal; XFERKEY_BATCH and, over SFTP, ASPERA_SCP_PASS do not help" {
	terminal -0 -- xferkey ascp -i sealed f h:
	arguments_are -L LOG -k2 -i sealed f h:
	rm "$STAND_IN/arguments"
	XFERKEY_BATCH=1 terminal -2 -- xferkey ascp -i sealed f h:
	[ ! -e "$STAND_IN/arguments" ]
	XFERKEY_ENGINE=sftp ASPERA_SCP_PASS=secret says 2 'sealed: has a passphrase' xferkey ascp -i sealed f h:
}

@test "a key in a FIFO is read only by ascp" {
	mkfifo pipe
	run -0 xferkey -q ascp -i pipe f h:
	arguments_are -L LOG -k2 -i pipe f h:
}

@test "a private key that xferkey cannot read, and ssh or ascp may, is a warning" {
	need python3
	"$top/t/tools/genkeys" primes primes
	says 0 'xferkey-ascp: primes: RSA with more than two primes is not supported' xferkey -q ascp -i primes f h:
	arguments_are -L LOG -k2 -i primes f h:
	# the libraries may read a damaged key
	sed '5s/./!/' key >damaged
	chmod 600 damaged
	says 0 'xferkey-ascp: damaged: malformed key; ssh or ascp may read it' xferkey -q ascp -i damaged f h:
	rm "$STAND_IN/arguments"
	{ cat key; echo text; cat key; } >two
	refused <<-'END'
		primes: RSA with more than two primes| XFERKEY_PREFLIGHT=strict ascp -i primes f h:
		two: line| ascp -i two f h:
	END
	[ ! -e "$STAND_IN/arguments" ]
}

@test "a file that libssh2, or with the SFTP engine ssh, does not load is a warning" {
	new_key ed25519 -f ed
	sed 's/$/\r/' ed >crlf
	sed '4s/$/\n/' key >blank
	xferkey privfmt -m OPENSSH -Z aes256-gcm@openssh.com -a 1 -N env:HOME -o gcm key
	chmod 600 crlf blank
	lib='libssh2, with which ascp reads keys, does not load it'
	says 0 "blank: $lib: a blank line inside: xferkey privfmt -m PEM -o NEW ./blank" xferkey -q ascp -i blank f h:
	ASPERA_SCP_PASS=x says 0 "gcm: $lib: an AES-GCM cipher: xferkey privfmt -m PKCS8 -o NEW ./gcm" \
		xferkey -q ascp -i gcm f h:
	XFERKEY_PREFLIGHT=strict says 2 "blank: $lib" xferkey -q ascp -i blank f h:
	XFERKEY_PREFLIGHT=strict xferkey -q ascp -i crlf f h:
	tr '\n' '\r' <key >cr
	says 2 'cr: not a key file without -F: line ends: xferkey privfmt -F -o NEW ./cr' xferkey -q ascp -i cr f h:
	# after a refusal both causes are named
	rm -f "$STAND_IN/runs"
	echo 1 >"$STAND_IN/1.status"
	echo 'LOG FASP Session Stop uuid=1 op=send status=failed errcode=19 errstr="Authentication failure"' >"$STAND_IN/1.log"
	run -77 xferkey -q ascp -i blank f h:
	has ': ascp may not load its file (a blank line inside: xferkey privfmt -m PEM -o NEW ./blank), or RSA SHA256:'
	echo data >f
	export XFERKEY_ENGINE=sftp
	says 0 'blank: ssh does not load it: a blank line inside: xferkey privfmt -m PEM -o NEW ./blank' \
		xferkey -q -n ascp -i blank f h:
	says 0 'crlf: ssh does not load it: CRLF line ends: xferkey privfmt -m OPENSSH -o NEW ./crlf' \
		xferkey -q -n ascp -i crlf f h:
	XFERKEY_PREFLIGHT=strict xferkey -q -n ascp -i key f h:
}

@test "ascp is found where products install it, or one line says where it was looked for" {
	PATH=${PATH%":$STAND_IN"}
	if command -v ascp >/dev/null || [ -e /opt/aspera/bin/ascp ]; then
		skip 'this machine has an ascp'
	fi
	says 2 'XFERKEY_ENGINE=sftp' xferkey ascp -i key f h:
	grep -q 'PATH.*aspera' "$BATS_TEST_TMPDIR/err"
	for folder in .aspera/connect/bin .aspera/cli/bin .aspera/sdk conda/bin; do
		mkdir -p "$folder"
		cp "$STAND_IN/ascp" "$folder/"
		rm -f "$STAND_IN/arguments"
		CONDA_PREFIX=$HOME/conda run -0 xferkey ascp -i key f h:
		arguments_are -L LOG -k2 -i key f h:
		rm "$folder/ascp"
	done
	HOME="$PWD/it's a home"
	mkdir -p "$HOME/.aspera/cli/bin"
	cp "$STAND_IN/ascp" "$HOME/.aspera/cli/bin/"
	run -0 xferkey ascp -i key f h:
	run -2 env -u HOME "$(command -v xferkey)" ascp -i key f h:
}
