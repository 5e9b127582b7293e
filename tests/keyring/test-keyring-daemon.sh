#!/bin/sh
# The keyring against a real session bus and a real gnome-keyring-daemon.
#
# Outside: makes a bus whose configuration starts no service by itself, and runs itself in it.
# Inside: starts, ends, starts again and stops the daemon, and runs one stage of test-keyring
# at each point.

# shellcheck disable=SC2154 # from the Makefile
program=$top_builddir/tests/keyring/test-keyring

if [ -z "$CERTTY_TEST_INSIDE" ]; then
	for tool in dbus-run-session dbus-send gnome-keyring-daemon; do
		if ! command -v $tool >/dev/null; then
			echo "1..0 # SKIP $tool is not installed"
			exit 0
		fi
	done
	if CERTTY_TEST_KEYRING=no-daemon "$program" -l | grep -q no-daemon; then :; else
		echo "1..0 # SKIP built without libsecret"
		exit 0
	fi
	cat >"$TMPDIR/bus.conf" <<-END
		<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
		 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
		<busconfig>
		  <type>session</type>
		  <listen>unix:tmpdir=$TMPDIR</listen>
		  <auth>EXTERNAL</auth>
		  <policy context="default">
		    <allow send_destination="*" eavesdrop="true"/>
		    <allow eavesdrop="true"/>
		    <allow own="*"/>
		  </policy>
		</busconfig>
	END
	CERTTY_TEST_INSIDE=1
	export CERTTY_TEST_INSIDE
	exec dbus-run-session --config-file="$TMPDIR/bus.conf" -- "${SHELL:-/bin/sh}" "$0"
fi

count=0
failed=0
daemon=

stage() {
	count=$((count + 1))
	if CERTTY_TEST_KEYRING=$1 "$program" >"$TMPDIR/log" 2>&1; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		failed=1
	fi
	sed 's/^/# /' "$TMPDIR/log"
}

owns_name() {
	dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
		org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets >/dev/null 2>&1
}

start_daemon() {
	gnome-keyring-daemon --foreground --components=secrets \
		--control-directory="$TMPDIR/control" >/dev/null 2>&1 &
	daemon=$!
	tries=0
	until owns_name; do
		tries=$((tries + 1))
		if [ $tries -gt 1000 ]; then
			echo "Bail out! the keyring daemon does not start"
			exit 1
		fi
	done
}

end_daemon() {
	[ -z "$daemon" ] || { kill -CONT "$daemon"; kill "$daemon"; wait "$daemon"; } 2>/dev/null
	daemon=
}

trap end_daemon EXIT
mkdir -m 700 "$TMPDIR/control"
# What other programs show of an item of ours: its name, and by what it can be found.
shown() {
	count=$((count + 1))
	if ! command -v secret-tool >/dev/null; then
		echo "ok $count - secret-tool shows it # SKIP secret-tool is not installed"
		return
	fi
	secret-tool search --all application certty >"$TMPDIR/shown" 2>&1
	for line in 'label = certty: a test' 'secret = kept' 'schema = org.certty.Secret' \
		'attribute.application = certty' 'attribute.account = local' \
		'attribute.store = local/ca:/srv/ca' 'attribute.field = passphrase'; do
		grep -qx "$line" "$TMPDIR/shown" || {
			echo "not ok $count - secret-tool shows it"
			sed 's/^/# /' "$TMPDIR/shown"
			failed=1
			return
		}
	done
	echo "ok $count - secret-tool shows it"
}

echo 1..5
stage no-daemon
start_daemon
stage daemon
shown
end_daemon
start_daemon
stage restarted
kill -STOP "$daemon"
stage stopped
exit $failed
