# GNU make and bmake are tested. CC, AR, CPPFLAGS, CFLAGS, LDFLAGS and PKG_CONFIG are taken from the environment, too.
.SUFFIXES:

PREFIX = /usr/local
DESTDIR =
BINDIR = $(PREFIX)/bin
LIBEXECDIR = $(PREFIX)/libexec/xferkey
DATADIR = $(PREFIX)/share/xferkey
MANDIR = $(PREFIX)/share/man

VERSION != sed -n 's/^version=//p' libexec/xferkey/lib/base.sh

# bmake presets these variables, so ?= has no effect
CFLAGS != echo "$${CFLAGS--O2 -g}"
LDFLAGS != echo "$${LDFLAGS-}"
PKG_CONFIG ?= pkg-config
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
# --as-needed: filters without libcrypto do not load it. now: binding a symbol later
# would save registers, which may hold bytes of a key, to the stack.
LINKING = -Wl,--as-needed -Wl,-z,relro -Wl,-z,now
CRYPTO_CFLAGS != $(PKG_CONFIG) --cflags libcrypto 2>/dev/null || :
CRYPTO_LIBS != $(PKG_CONFIG) --libs libcrypto 2>/dev/null || echo -lcrypto
# CRYPTO_STATIC=1 links libcrypto.a and the libraries that it needs; libc stays shared.
CRYPTO_STATIC =
CRYPTO_LINK_ = $(CRYPTO_LIBS)
CRYPTO_LINK_1 = -Wl,-Bstatic $(CRYPTO_LIBS) -Wl,-Bdynamic \
	`$(PKG_CONFIG) --static --libs libcrypto 2>/dev/null | sed 's/-lcrypto//g'`
CRYPTO_LINK = $(CRYPTO_LINK_$(CRYPTO_STATIC))
# libcrypto has Argon2 since 3.2; an older one uses libargon2 if it is installed (ARGON2=
# turns this off). Checked when compiling: "make deps demo" installs libargon2 first.
ARGON2 = libargon2
HAS_ARGON2 = [ -n '$(ARGON2)' ] && $(PKG_CONFIG) --exists 'libcrypto < 3.2' $(ARGON2) 2>/dev/null
ARGON2_CFLAGS = `$(HAS_ARGON2) && echo -DXFERKEY_LIBARGON2`
ARGON2_LIBS = `$(HAS_ARGON2) && echo -largon2`
# intake reads mail by GMime, if that is installed (GMIME= turns this off); only one program links it.
GMIME = gmime-3.0
HAS_GMIME = [ -n '$(GMIME)' ] && $(PKG_CONFIG) --exists $(GMIME) 2>/dev/null
GMIME_CFLAGS = `$(HAS_GMIME) && echo -DXFERKEY_GMIME && $(PKG_CONFIG) --cflags $(GMIME) | sed 's/-I */-isystem /g'`
LIBS_mail-parts = `$(HAS_GMIME) && $(PKG_CONFIG) --libs $(GMIME)`

SANITIZE =
SANITIZE_1 = -DXFERKEY_SANITIZE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# Not if the flags set _FORTIFY_SOURCE, or do not optimize: glibc would warn.
FORTIFY != case '$(CPPFLAGS) $(CFLAGS)' in *_FORTIFY_SOURCE* | *-O0*) ;; \
	*-O*) echo -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 ;; esac
HARDEN_ = $(FORTIFY) -fstack-protector-strong
ALL_CFLAGS = -std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 \
	"-ffile-prefix-map=`pwd`=." $(HARDEN_$(SANITIZE)) $(SANITIZE_$(SANITIZE)) $(WARNINGS) \
	-DXFERKEY_VERSION=$(VERSION) $(CPPFLAGS) $(CFLAGS) -Isrc
ALL_LDFLAGS = $(LDFLAGS) $(LINKING) $(SANITIZE_$(SANITIZE))

# Only src/crypto includes <openssl/...>.
CFLAGS_crypto = $(CRYPTO_CFLAGS) $(ARGON2_CFLAGS)
CFLAGS_mail = $(GMIME_CFLAGS)
COMPILE = $(CC) $(ALL_CFLAGS) -c
LINK = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)
LIBRARY = build/libxferkey.a
LIBRARIES = $(LIBRARY) $(CRYPTO_LINK) $(ARGON2_LIBS)
HELPERS = vis judge mail-parts
HEADERS != echo src/*/*.h
RULES != mkdir -p build && sh src/rules $(HELPERS) >build/rules.new && \
	{ cmp -s build/rules.new build/rules.mk || cp build/rules.new build/rules.mk; }; rm -f build/rules.new

all:

include build/rules.mk

all: $(PROGRAMS)

$(OBJECTS): build/flags $(HEADERS)

$(LIBRARY): $(OBJECTS)
	rm -f $@
	$(AR) rc $@ $(OBJECTS)

# Changed flags rebuild everything. "make -j deps demo" compiles after deps.
FIRST != for goal in $(MAKECMDGOALS) $(.TARGETS); do case $$goal in deps | check-deps) echo $$goal ;; esac; done

build/flags: $(FIRST) FORCE
	@{ echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' "$(ARGON2_CFLAGS)" "$(GMIME_CFLAGS)" "$(CRYPTO_LINK)"; echo '$(AR)'; } >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

FORCE:

# The first commands of a newcomer; INSTALL says what each changes on the machine.
deps:
	sh t/tools/deps build

check-deps:
	sh t/tools/deps build check

demo: all
	sh t/tools/demo

# The longest tests start first, so that all cores end at about the same time.
check: all build/t/libcrypto build/t/keyfile build/t/growth
	sh t/tools/run t/check/t3*.bats t/check/t[!3]*.bats

# For builders of packages: no test of the source tree or of speed. Requires bats, and skips tests whose other programs
# are missing. If XFERKEY_BIN names an installed copy, builds nothing.
BUILD_ = all

check-build: $(BUILD_$(XFERKEY_BIN))
	XFERKEY_PACKAGE=1 sh t/tools/run t/check/t04[12]*.bats t/check/t[123]*.bats

# Compares xferkey with ssh-keygen, puttygen and openssl: 100,000 public keys, 2,000 private keys.
differential: all build/t/libcrypto
	sh t/long/differential

# Tens of thousands of key lines in forms that sshd may read, and hundreds of logins: t/long/spelled-lines. As root.
spelled-lines: all
	sh t/long/spelled-lines 40000
	XFERKEY_LOGINS=500 sh t/tools/run t/system/s2146-spellings.bats

# 300 messages in the shapes of mail programs; 1,000 honest and 1,000 forged renewals. As root.
intake-mail: all
	XFERKEY_MAILS=300 XFERKEY_RENEWALS=1000 sh t/tools/run t/system/s2125-intake.bats

build/t/libcrypto: t/tools/libcrypto.c build/flags
	@mkdir -p build/t
	$(LINK) $(CRYPTO_CFLAGS) -o $@ t/tools/libcrypto.c $(CRYPTO_LIBS)

matrix: all
	t/long/matrix

# Every filter reads thousands of bad keys: t/check/t1710-bad-inputs.bats.
bad-inputs: all build/t/keyfile
	XFERKEY_BAD_INPUTS=all sh t/tools/run t/check/t1710-bad-inputs.bats

build/t/keyfile: $(LIBRARY) t/tools/badkeys/keyfile.c
	@mkdir -p build/t
	$(LINK) -o $@ t/tools/badkeys/keyfile.c $(LIBRARIES)

# t/check/t1055-growth.bats
build/t/growth: $(LIBRARY) t/check/growth.c
	@mkdir -p build/t
	$(LINK) -o $@ t/check/growth.c $(LIBRARY)

# Makes each allocation of each filter fail, alone or with all later ones: t/long/allocations/run.
allocations: all build/allocations/refuse.so
	t/long/allocations/run

build/allocations/refuse.so: t/long/allocations/refuse.c
	@mkdir -p build/allocations
	$(CC) -std=c11 $(CFLAGS) $(WARNINGS) -fPIC -shared $(LDFLAGS) -o $@ t/long/allocations/refuse.c -ldl

# The proofs below and above that print figures, but fuzzing, coverage and mutants; and one table of them. As root.
prove: all
	t/long/prove

# Every command that writes, killed or with an error at its system calls: t/long/faults/run.
faults: all build/faults/fault
	t/long/faults/run

build/faults/fault: t/long/faults/fault.c
	@mkdir -p build/faults
	$(CC) -std=c11 $(CFLAGS) $(WARNINGS) $(LDFLAGS) -o $@ t/long/faults/fault.c

# build/vectors: key files and what a program must answer to each, the same bytes everywhere; and their tarball.
vectors:
	sh t/tools/vectors/pack

# TOOL='ssh-keygen puttygen': how these programs answer to the vectors; all of t/long/conformance if none is named.
conformance: all build/t/libcrypto vectors
	t/long/conformance/run $(TOOL)

check-shells: all
	sh t/tools/run t/long/every-shell.bats

# The filters' tests of make check, with gcc's sanitizers of addresses, leaks and undefined behaviour: in a build by
# make CFLAGS='-O1 -g $(SANITIZERS)' LDFLAGS='$(SANITIZERS)'.
SANITIZERS = -DXFERKEY_SANITIZE -fsanitize=address,undefined -fno-sanitize-recover=all

check-sanitized:
	t/long/sanitized t/check/t1*.bats

check-system: all build/t/trace
	sh t/tools/run t/system/*.bats

# Ten thousand concurrent changes; a batch of a thousand accounts, killed and run again. As root.
races: all
	t/long/races
	XFERKEY_ACCOUNTS=1000 sh t/tools/run t/system/s2145-accounts.bats

# Kills authorize --replaces at each of its system calls, and runs it again.
replace-cuts: all
	XFERKEY_EVERY=1 sh t/tools/run t/system/s2148-replace.bats

# Loses power at each sync of each command that writes, on ext4, xfs and btrfs. As root.
power-cuts: all build/t/trace
	t/long/power-cuts/run

build/t/trace: t/long/power-cuts/trace.c
	@mkdir -p build/t
	$(CC) -std=c11 $(CFLAGS) $(WARNINGS) $(LDFLAGS) -o $@ t/long/power-cuts/trace.c

# The filters built for i386, s390x and musl answer as here.
machines: all build/t/libcrypto
	t/long/machines/run

# Compares permcheck with real sshds, Debian's and OpenSSH's own, on 4,000 random homes each. As root.
permcheck-trees: all
	sh t/tools/upstream-sshd
	t/long/permcheck-trees

# Compares who with a real sshd on 500 random keys; lists 10,000 accounts. As root.
who-logins: all
	t/long/who-logins

who-accounts: all
	t/long/who-accounts

# Transfers 1 GiB and 2,000 files over SFTP, interrupted by each signal and run again.
sftp-cuts: all
	t/long/sftp-cuts

# Compares the speed of the filters with ssh-keygen, openssl, find and cat; bench-gate fails if they are too slow.
bench: all
	t/bench/run

bench-gate: all
	t/bench/run -g

lint:
	sh t/tools/lint

# Targets for libFuzzer. They link only the members of the archive that they call, which
# do not need libcrypto.
FUZZ_CC = clang
FUZZ_CFLAGS = -std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -O2 -g $(WARNINGS) $(CRYPTO_CFLAGS) \
	-DXFERKEY_VERSION=$(VERSION) $(SANITIZERS)
FUZZ_COVERAGE = -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp
FUZZ_SECONDS = 600
FUZZ = build/fuzz
FUZZ_TARGETS = $(FUZZ)/open $(FUZZ)/decode $(FUZZ)/reader $(FUZZ)/lenient $(FUZZ)/der $(FUZZ)/authorized \
	$(FUZZ)/arguments $(FUZZ)/authlog

$(FUZZ)/library.a: build/flags $(HEADERS) src/*/*.c
	@mkdir -p $(FUZZ)
	rm -f $@ $(FUZZ)/*.o
	cd $(FUZZ) && for o in $(OBJECTS); do o=$${o#build/}; echo ../../src/$${o%o}c; done | \
		xargs $(FUZZ_CC) $(FUZZ_CFLAGS) $(FUZZ_COVERAGE) -I../../src -c
	$(AR) rc $@ $(FUZZ)/*.o

$(FUZZ_TARGETS): $(FUZZ)/library.a t/fuzz/*.[ch]
	$(FUZZ_CC) $(FUZZ_CFLAGS) $(FUZZ_COVERAGE) -fsanitize=fuzzer -Isrc -o $@ t/fuzz/$(@F).c $(FUZZ)/library.a

fuzz-build: $(FUZZ_TARGETS)

fuzz: all build/t/keyfile fuzz-build
	sh t/fuzz/seeds
	FUZZ_SECONDS='$(FUZZ_SECONDS)' sh t/fuzz/run

# Half an hour for each target, and as long again with AFL++; says its hours, and continues an earlier run.
prove-fuzz:
	sh t/long/fuzz

# The lines and branches of src that the tests reach. As root.
coverage:
	t/long/coverage/run

# Whether a test fails if src has a small fault: 300 mutants. Says its hours, and continues an earlier run. As root.
prove-mutants:
	t/long/mutants/run

install:
	sh src/install install '$(DESTDIR)' '$(BINDIR)' '$(LIBEXECDIR)' '$(DATADIR)' '$(MANDIR)'

uninstall:
	sh src/install uninstall '$(DESTDIR)' '$(BINDIR)' '$(LIBEXECDIR)' '$(DATADIR)' '$(MANDIR)'

# The tarball of HEAD, or of TAG=v1.0: the same bytes on every machine.
TAG = HEAD

dist:
	@set -e; mkdir -p build; \
	version=`git show '$(TAG):libexec/xferkey/lib/base.sh' | sed -n 's/^version=//p'`; \
	name=xferkey-$${version:?}; \
	git -c tar.umask=0022 -c core.autocrlf=false -c core.attributesFile=/dev/null archive --format=tar \
		--prefix="$$name/" -o "build/$$name.tar" '$(TAG)^{commit}'; \
	gzip -9nf "build/$$name.tar"; \
	echo "build/$$name.tar.gz"

# build/xferkey-VERSION-static-ARCH.tar.gz, with the libcrypto of t/tools/static-crypto: make static CC=musl-gcc.
STATIC_CRYPTO ?= build/static/crypto

static:
	CC='$(CC)' CFLAGS='$(CFLAGS)' sh src/static '$(STATIC_CRYPTO)'

# Tests that tarball in a root directory with little more than a busybox. As root.
check-static:
	sh t/tools/run t/long/static.bats

release-check:
	sh t/tools/release

# Builds the packages of share/packaging whose tools are installed.
check-package:
	TAG='$(TAG)' sh t/tools/package

clean:
	rm -rf build $(PROGRAMS)
