#!/usr/bin/env bats
# vis, a helper: makes text from outside safe to show.

load ../lib/test

setup() {
	private_home
	PATH=$(xferkey --exec-path)/lib:$PATH
}

# shown TEXT WANTED: vis shows TEXT as WANTED; both contain the escapes of printf.
shown() {
	equal "$(printf "$1" | xferkey-vis | od -c)" "$(printf "$2" | od -c)"
}

@test "harmless text stays as it is, line by line, with or without a last line end" {
	shown '' ''
	shown '\n\nx\n' '\n\nx\n'
	shown '\ta\t\tb\033\t\n\t' '\ta\t\tb\\033\t\n\t'
	shown ' J\303\274rgen \346\227\245 \360\237\224\221 !"#$&\\~' ' J\303\274rgen \346\227\245 \360\237\224\221 !"#$&\\~'
	shown "$(printf '%070000d' 0)" "$(printf '%070000d' 0)"
}

@test "control characters, and bytes that are not UTF-8, are shown in octal" {
	shown '\033[31m\r\177\000x\n' '\\033[31m\\015\\177\\000x\n'
	shown '\302\233 \302\205' '\\302\\233 \\302\\205'
	shown '\342\200\256 \342\201\246 \330\234 \342\200\250' '\\342\\200\\256 \\342\\201\\246 \\330\\234 \\342\\200\\250'
	shown '\377 \300\200 \355\240\200 \364\220\200\200 \303' '\\377 \\300\\200 \\355\\240\\200 \\364\\220\\200\\200 \\303'
	shown '\303\n\274' '\\303\n\\274'
	# too long for its character
	shown '\340\200\257 \360\200\200\257' '\\340\\200\\257 \\360\\200\\200\\257'
}

# t1660 tests hostile text with -j.
@test "-j: the operands become one JSON object" {
	equal "$(xferkey-vis -j 'a=' 'b#' 'c==#' 'd#33001' 'e=7' "f=$(printf '\342\200\250"')")" \
		'{"a":null,"b":null,"c":"=#","d":33001,"e":"7","f":"\u2028\""}'
}

@test "a missing operand, and an error on standard output or input, are refused" {
	says 2 'xferkey-vis: x: unexpected: the text is read from standard input' xferkey-vis x
	says 2 'xferkey-vis: unknown option -x' xferkey-vis -x
	says 2 'xferkey-vis: -j: a member is required' xferkey-vis -j
	says 2 'xferkey-vis: a: neither NAME=TEXT nor NAME#NUMBER' xferkey-vis -j b=1 a
	[ ! -c /dev/full ] || says 2 'xferkey-vis: standard output: ' sh -c 'xferkey-vis -j a=b >/dev/full'
	says 2 'xferkey-vis: standard input: ' sh -c 'exec xferkey-vis <.'
	[ ! -c /dev/full ] || says 2 'xferkey-vis: standard output: ' sh -c 'echo x | xferkey-vis >/dev/full'
	for n in 4096 4097 100000; do
		[ ! -c /dev/full ] || says 2 'standard output: ' sh -c "yes abc | head -c $n | xferkey-vis >/dev/full"
	done
	xferkey-vis -h | grep -q '^usage: xferkey-vis'
}

@test "-o: makes a new file, complete or not at all, with safe text only" {
	printf 'a\tb\n\n\303\274' >text
	xferkey-vis -o new <text
	cmp text new
	equal "$(stat -c %a new)" 600
	xferkey-vis -o empty </dev/null
	[ -f empty ]
	[ ! -s empty ]
	ln -s nowhere link
	mkdir folder
	for file in new link folder; do
		says 2 "xferkey-vis: $file: File exists" xferkey-vis -o "$file"
	done
	cmp text new
	says 2 'nosuch/new: No such file' xferkey-vis -o nosuch/new
	says 2 'File name too long' xferkey-vis -o "$(printf '/%0200d' {1..30})"
	for text in 'a\033[31m' 'a\r\n' '\377' '\342\200\256' 'a\000'; do
		says 2 'standard input: not safe to show' sh -c "printf '$text' | xferkey-vis -o bad"
	done
	says 2 'standard input: more than 16 MiB' sh -c 'exec xferkey-vis -o bad </dev/zero'
	says 2 'standard input: Is a directory' sh -c 'exec xferkey-vis -o bad <.'
	says 2 'File too large' bash -c 'ulimit -f 1; trap "" XFSZ; head -c 5000 /dev/zero | tr "\0" x | xferkey-vis -o bad'
	equal "$(ls -A | tr '\n' ' ')" 'empty folder link new text '
}

@test "-r: replaces a file whose contents are those of another, in one step, with any bytes" {
	: >empty
	printf 'a\000\033' >old
	for words in '' 'empty old'; do
		says 2 'xferkey-vis: -r: one file, OLD, is required' xferkey-vis -r list $words
	done
	says 2 'xferkey-vis: nosuch: No such file' xferkey-vis -r list nosuch
	says 2 'xferkey-vis: nosuch/list: No such file' xferkey-vis -r nosuch/list empty
	xferkey-vis -r list empty <old
	cmp old list
	equal "$(stat -c %a list)" 644
	says 2 'xferkey-vis: list: another program has changed it' xferkey-vis -r list empty
	cmp old list
	chmod 660 list
	xferkey-vis -r list old </dev/null
	cmp empty list
	equal "$(stat -c %a list)" 640
	ln -s list link
	says 2 'xferkey-vis: link: ' xferkey-vis -r link empty
	says 2 'xferkey-vis: standard input: more than 16 MiB' sh -c 'exec xferkey-vis -r list empty </dev/zero'
	# nearly 16 MiB
	truncate -s 16776000 list
	cp list big
	xferkey-vis -r list big <old
	cmp old list
	truncate -s 16777217 list
	says 2 'xferkey-vis: list: too large' xferkey-vis -r list big
	equal "$(stat -c %s list)" 16777217
	equal "$(ls -A | tr '\n' ' ')" 'big empty link list old '
}
