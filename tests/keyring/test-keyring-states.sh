#!/bin/sh
# The states of a keyring that a real daemon cannot be brought into, with one of ours that does
# as it is told; each is told within the limit, and no prompt is ever opened.

# shellcheck disable=SC2154 # from the Makefile
program=$top_builddir/tests/keyring/test-keyring

if [ -z "$CERTTY_TEST_INSIDE" ]; then
	if ! command -v dbus-run-session >/dev/null; then
		echo "1..0 # SKIP dbus-run-session is not installed"
		exit 0
	fi
	if ! "$CERTTY_PYTHON" -c 'import dbus.mainloop.glib, gi.repository.GLib' 2>/dev/null; then
		echo "1..0 # SKIP python3-dbus or python3-gi is not installed"
		exit 0
	fi
	if CERTTY_TEST_KEYRING=odd "$program" -l | grep -q odd; then :; else
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
service=

end_service() {
	[ -z "$service" ] || { kill "$service"; wait "$service"; } 2>/dev/null
	service=
}
trap end_service EXIT

echo 1..10
for mode in normal locked no-collection prompts locks-later hangs hangs-late dies dies-late odd; do
	count=$((count + 1))
	# libsecret 0.20 never frees the array of what it could not unlock.
	case $mode in locks-later) leaks=0 ;; *) leaks=1 ;; esac
	rm -f "$TMPDIR/said"
	mkfifo "$TMPDIR/said"
	"$CERTTY_PYTHON" "$top_srcdir/tests/keyring/secret_service.py" $mode \
		>"$TMPDIR/said" 2>"$TMPDIR/complaints" &
	service=$!
	exec 3<"$TMPDIR/said"
	read -r ready <&3
	if [ "$ready" = ready ] &&
		LSAN_OPTIONS=detect_leaks=$leaks CERTTY_TEST_KEYRING=$mode "$program" >"$TMPDIR/log" 2>&1; then
		result=ok
	else
		result="not ok"
		failed=1
	fi
	end_service
	if read -r prompted <&3; then
		echo "# $prompted" >>"$TMPDIR/log"
		result="not ok"
		failed=1
	fi
	exec 3<&-
	echo "$result $count - $mode"
	sed 's/^/# /' "$TMPDIR/log" "$TMPDIR/complaints"
done
exit $failed
