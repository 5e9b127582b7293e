#!/bin/sh
# A credential command that people really use: pass, with a GnuPG home that is thrown away.

# shellcheck disable=SC2154 # from the Makefile
program=$top_builddir/tests/keyring/test-keyring-run

for tool in pass gpg gpg-agent gpgconf; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	fi
done

# Short: the agent's socket lies in it.
GNUPGHOME=$(mktemp -d /tmp/certty-gpg.XXXXXX) || exit 99
PASSWORD_STORE_DIR=$TMPDIR/store
export GNUPGHOME PASSWORD_STORE_DIR
trap 'gpgconf --kill all; rm -rf "$GNUPGHOME"' EXIT

make_store() {
	gpg --batch --quiet --pinentry-mode loopback --passphrase '' \
		--quick-generate-key 'A test <test@example.org>' ed25519 sign never &&
		fpr=$(gpg --batch --with-colons --list-keys |
			awk -F: '$1 == "fpr" { print $10; exit }') &&
		gpg --batch --quiet --pinentry-mode loopback --passphrase '' \
			--quick-add-key "$fpr" cv25519 encr never &&
		pass init "$fpr" >/dev/null &&
		printf 'hunter2\nlogin: me\n' | pass insert --multiline vault/token >/dev/null
}

if ! make_store; then
	echo "1..0 # SKIP gpg makes no key here"
	exit 0
fi

count=0
failed=0

# says STATUS WORDS COMMAND
says() {
	count=$((count + 1))
	said=$("$program" "$3" token 2>&1)
	status=$?
	if [ $status = "$1" ] && case $said in *"$2"*) ;; *) false ;; esac; then
		echo "ok $count - $3"
	else
		echo "not ok $count - $3"
		echo "# status $status: $said"
		failed=1
	fi
}

echo 1..4
says 0 hunter2 'pass show vault/token'
says 0 hunter2 'sh: pass show vault/token | head -1'
says 1 'pass was to print a secret: it ended with status 1: Error: no/such is not' \
	'pass show no/such'
rm -rf "$GNUPGHOME"/private-keys-v1.d
gpgconf --kill gpg-agent
says 1 'pass was to print a secret: it ended with status 2: gpg:' 'pass show vault/token'
exit $failed
