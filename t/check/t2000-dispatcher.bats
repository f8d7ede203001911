#!/usr/bin/env bats
# bin/xferkey finds its commands, passes arguments on, and reports mistakes.

load ../lib/porcelain

setup() {
	private_home
	bin=$(dirname "$(command -v xferkey)")
	prefix=$(cd "$bin/.." && pwd -P)
}

@test "without a command, or with -h, it lists the commands by task" {
	run -0 xferkey
	list=$output
	for option in -h --help; do
		run -0 xferkey $option
		equal "$output" "$list"
	done
	while IFS=$'\t' read -r name kind _ line; do
		if [ "$kind" = porcelain ]; then
			grep -qE "^  $name +$line\$" <<<"$list"
		else
			grep -A 1 -E '^filters:' <<<"$list" | grep -qwF -- "$name"
		fi
	done <"$prefix/share/xferkey/commands"
	[ "$(grep -c '^filters:' <<<"$list")" -eq 1 ]
}

@test "every command answers -h and --help with its usage, -V and --version with the version" {
	version=$(xferkey --version)
	for name in $(cut -f 1 "$prefix/share/xferkey/commands"); do
		[ "$name" != ascp-args ] || continue # its arguments are those of ascp
		for option in -h --help; do
			run -0 xferkey "$name" "$option"
			[[ $output = "usage: xferkey $name"* ]]
		done
		case $name in
		ascp | get | put) continue ;;
		esac
		for option in -V --version; do
			equal "$(xferkey "$name" "$option")" "$version"
		done
	done
	equal "$(xferkey keygen -q -t rsa --version)" "$version"
	refused <<-'END'
		no long options except --help and --version (xferkey fpr -h)| fpr --helpful
		| fpr --hel
		| fpr -v-
		| fpr -v-help
		xferkey-check: --versio: no such option| check --versio
	END
}

@test "-V and --exec-path" {
	run -0 xferkey -V
	[[ $output =~ ^xferkey\ [0-9]+\.[0-9]+ ]]
	equal "$(xferkey --exec-path)" "$prefix/libexec/xferkey"
}

@test "an unknown command is status 2, with a hint if a similar command exists" {
	for pair in fingerprint:fpr convert:import puttygen:import impo:import copy-id:authorize send:mail doctor:check \
		copy:ascp download:get upload:put authori:authorize ch:check gene:generate; do
		word=${pair%:*}
		says 2 "xferkey: $word: no such command, perhaps: xferkey ${pair#*:}" xferkey "$word"
	done
	for word in frobnicate say chekc sitess sh-setup mime askpass vis; do
		says 2 "xferkey: $word: no such command (xferkey lists them)" xferkey "$word"
		lacks "$BATS_TEST_TMPDIR/err" perhaps
	done
	refused <<-'END'
		no such command| ''
		| ../libexec/xferkey/xferkey-sites
		| base.sh
		a?b| $'a\nb'
		a\033[31m| $'a\e[31m'
		-x: no such option| -x
		a command is required| -n
		| -q --
	END
}

@test "only commands of the manifest are run, whatever files exist" {
	echo 'a private key' >key
	for word in sh-setup mail-send mail-keys mail-words mime complete try-login why-refused base.sh lib/base.sh \
		lib/xferkey-mime \
		lib/xferkey-mail-send ./fpr fpr/ ../xferkey/xferkey-fpr xferkey-fpr 'fpr ' ' fpr' fp 'f*' '*' '.*' . .. \
		$'fpr\n' $'fpr\tfilter' $'keygen\tfilter' "$prefix/libexec/xferkey/xferkey-fpr"; do
		for before in '' -q; do
			says 2 'no such command' env XFERKEY_SENDMAIL=/bin/false xferkey ${before:+"$before"} "$word" key a@b.org next
		done
	done
	equal "$(cat key)" 'a private key'
	stage .
	sh_script libexec/xferkey/xferkey-planted 'echo it ran'
	says 2 'xferkey: planted: no such command' bin/xferkey planted
	says 2 'xferkey: planted: no such command' bin/xferkey -n planted
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	# the last line may lack its line end
	printf 'planted\tporcelain\tx\tx' >>share/xferkey/commands
	run bin/xferkey planted
	equal "$status:$output" '0:it ran'
	chmod 644 libexec/xferkey/xferkey-planted
	says 2 'xferkey: planted: no such command' bin/xferkey planted
	rm share/xferkey/commands
	for word in fpr -h -n help; do
		says 2 'share/xferkey/commands: cannot read' bin/xferkey "$word"
	done
}

@test "files that are not commands are in lib" {
	for file in "$prefix"/libexec/xferkey/xferkey-*; do
		cut -f 1 "$prefix/share/xferkey/commands" | grep -qxF -- "${file##*/xferkey-}"
	done
}

@test "-n and -q reach porcelain, and are refused for a filter" {
	run -0 xferkey -n setup
	equal "$output" "mkdir -m 700 $HOME/.ssh"
	[ ! -e .ssh ]
	equal "$(xferkey -q setup 2>&1)" ''
	[ -d .ssh ]
	run -0 xferkey -nq setup
	refused <<-'END'
		xferkey: fpr: -n and -q are not for filters| -n fpr
		xferkey: keygen: -n and -q are not for filters| -q keygen
	END
}

@test "arguments are passed on unchanged" {
	stage stage
	printf 'show\tfilter\tx\tx\n' >stage/share/xferkey/commands
	sh_script stage/libexec/xferkey/xferkey-show 'printf "%s\0" "$@"'
	printf '%s\0' -n '' $'a\nb' "it's" '*' '$x' -- >want
	stage/bin/xferkey show -n '' $'a\nb' "it's" '*' '$x' -- >got
	cmp want got
}

@test "the commands are found through links, blanks and relative names" {
	mkdir links
	stage 'a b/prefix'
	here=$(pwd -P)
	want="$here/a b/prefix/libexec/xferkey"
	ln -s "$here/a b/prefix/bin/xferkey" links/absolute
	ln -s '../a b/prefix/bin/xferkey' links/relative
	ln -s relative links/twice
	ln -s 'a b/prefix/bin' bin
	for path in "$here/a b/prefix/bin/xferkey" 'a b/prefix/bin/xferkey' ./links/absolute \
		links/relative "$here/links/twice" bin/xferkey; do
		equal "$("$path" --exec-path)" "$want"
		run -0 "$path" sites
		has ihmp
	done
	cd links
	equal "$(PATH=.:$PATH relative --exec-path)" "$want"
	cd ../bin
	equal "$(sh xferkey --exec-path)" "$want"
}

@test "libexec and share may be elsewhere, where the marked lines say" {
	mkdir -p moved/bin moved/lib moved/data
	sed "s|^\(.*libexecdir=\)[^ ]* # @LIBEXECDIR@|\1$PWD/moved/lib/xferkey # @LIBEXECDIR@|" \
		"$bin/xferkey" >moved/bin/xferkey
	grep -qF "$PWD/moved/lib/xferkey # @LIBEXECDIR@" moved/bin/xferkey
	chmod 755 moved/bin/xferkey
	cp -R "$prefix/libexec/xferkey" moved/lib/
	cp -R "$prefix/share/xferkey" moved/data/
	sed "s|^\(.*sharedir=\)[^ ]* # @DATADIR@|\1$PWD/moved/data/xferkey # @DATADIR@|" \
		"$prefix/libexec/xferkey/lib/base.sh" >moved/lib/xferkey/lib/base.sh
	grep -qF "$PWD/moved/data/xferkey # @DATADIR@" moved/lib/xferkey/lib/base.sh
	run -0 moved/bin/xferkey sites
	has ihmp
	equal "$(moved/bin/xferkey --exec-path)" "$(pwd -P)/moved/lib/xferkey"
}

@test "CDPATH, IFS, ENV, PATH, LC_ALL and variables with the names of ours change nothing" {
	mkdir -p other/bin
	echo 'echo poisoned' >startup
	answers() {
		xferkey sites
		xferkey -n setup
		xferkey --exec-path
	}
	want=$(answers)
	poisoned=$(
		export CDPATH=$PWD/other IFS=/aeiou ENV=$PWD/startup BASH_ENV=$PWD/startup LC_ALL=tr_TR.UTF-8
		export libexecdir=/nonexistent sharedir=/nonexistent tool=x opt_user=x show=1 quiet=1 tmp=/x
		answers
	)
	equal "$poisoned" "$want"
	equal "$(unset PATH; "$bin/xferkey" -n setup)" "mkdir -m 700 $HOME/.ssh"
}

@test "a closed pipe causes no message, and status 2 or 141" {
	new_key ed25519 -f key
	IFS= read -r interpreter <"$(xferkey --exec-path)/xferkey-setup"
	for how in default ignored; do
		while IFS= read -r command; do
			exec 7> >(:)
			wait $! || : # if bash no longer knows it, it has ended
			(
				[ "$how" = default ] || trap '' PIPE
				eval "exec xferkey $command" >&7 2>err </dev/null
			) && got=0 || got=$?
			exec 7>&-
			echo "$how: $command: $got: $(cat err)"
			# printf of ksh93 succeeds there
			[ "$got" -eq 2 ] || [ "$how $got" = 'default 141' ] ||
				[[ "$how $got $interpreter" = 'ignored 0 '*ksh93 ]]
			[ ! -s err ]
		done <<-'END'
			-h
			sites
			sites ihmp
			help -h
			-q generate -h
			fpr key key.pub
			pubfmt key
			privfmt key
			permcheck -h
			ascp-args x jane@host:
		END
	done
}

@test "a full disk or a closed output is status 2" {
	for words in '' -V sites 'setup -h' 'setup -V'; do
		says 2 'standard output: cannot write' sh -c "xferkey $words >/dev/full"
	done
	for option in -h -V; do
		says 2 'xferkey-fpr: standard output: No space left' sh -c "xferkey fpr $option >/dev/full"
	done
	run -2 sh -c 'xferkey sites >&-'
}
