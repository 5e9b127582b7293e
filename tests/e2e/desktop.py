"""A session bus with a real keyring daemon, for journeys that keep secrets."""
import os
import shutil
import subprocess
import sys

from terminal import Failure, Skip

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

SCRIPTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "keyring",
                        "secret_service.py")


def below(*parts):
    return os.path.join(os.environ["HOME"], *parts)


class Desktop:
    """A session bus that starts nothing by itself, and a keyring daemon on it: a real one, or
    the scripted one of tests/keyring that misbehaves as told."""

    def __init__(self, scripted=None):
        for tool in ("dbus-daemon", "gnome-keyring-daemon"):
            if not shutil.which(tool):
                raise Skip(tool + " is not installed")
        self.scripted = scripted
        with open(below("bus.conf"), "w", encoding="utf-8") as f:
            f.write(BUS % below("run", "bus"))
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + below("run", "bus")
        self.daemon = self.watcher = None
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--nofork", "--config-file", below("bus.conf"), "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.bus.stdout.readline()

    def start_scripted(self):
        self.daemon = subprocess.Popen([sys.executable, SCRIPTED, self.scripted],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if self.daemon.stdout.readline() != b"ready\n":
            raise Skip("python3-dbus or python3-gi is not installed")

    def start(self):
        if self.scripted:
            self.start_scripted()
            return
        self.daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets",
             "--control-directory", below("run")],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _ in range(1000):
            if subprocess.run(["dbus-send", "--session", "--print-reply",
                               "--dest=org.freedesktop.DBus", "/",
                               "org.freedesktop.DBus.GetNameOwner",
                               "string:org.freedesktop.secrets"], check=False,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0:
                return
        raise Failure("the keyring daemon does not start")

    @staticmethod
    def items(of="certty"):
        """How many of ours the keyring holds."""
        return subprocess.run(["dbus-send", "--session", "--print-reply",
                               "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
                               "org.freedesktop.Secret.Service.SearchItems",
                               "dict:string:string:application," + of], check=True,
                              stdout=subprocess.PIPE).stdout.count(b"object path")

    def watch(self):
        """From now on all messages of the bus are noted."""
        if not shutil.which("dbus-monitor"):
            raise Skip("dbus-monitor is not installed")
        self.watcher = subprocess.Popen(["dbus-monitor", "--session", "--binary"], bufsize=0,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.watcher.stdout.read(1)
        return self.watched()

    def watched(self):
        """All that went over the bus since it was last asked, up to a message sent for that."""
        data = b""
        self.items(of="a mark of the watcher")
        while b"a mark of the watcher" not in data:
            data += os.read(self.watcher.stdout.fileno(), 1 << 16)
        return data

    def restart(self):
        """What was open is locked then."""
        self.stop(self.daemon)
        self.start()

    @staticmethod
    def stop(process):
        if process:
            process.kill()
            process.wait()
            process.stdout.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop(self.watcher)
        self.stop(self.daemon)
        self.stop(self.bus)
