"""What journeys of accounts share: simulated providers with TLS, and the wizard's pages."""
import contextlib
import json
import os
import re
import shutil
import sys
import tempfile

from fixture import configure, shop
from terminal import Failure, expect, start

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim"))
from running import Running  # noqa: E402 pylint: disable=wrong-import-position

QUIET = {"CERTTY_REFRESH_INTERVAL": "0"}


class Record:
    """A folder outside the home for what is to be compared and is no part of the program."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="certty-record.", dir="/tmp")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def program(self, name, prints):
        """A program that notes its arguments and its environment, and prints something."""
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\ncat /proc/$$/cmdline /proc/$$/environ >>%s.seen\n"
                    "cat <<'END'\n%s\nEND\n" % (path, prints))
        os.chmod(path, 0o755)
        return path

    def requests(self, name):
        """What a simulator noted with --log."""
        if not os.path.exists(self.path(name)):
            return []
        with open(self.path(name), encoding="utf-8") as f:
            return [json.loads(line) for line in f]


@contextlib.contextmanager
def provider(name, *options, tls=True):
    """A simulator; with TLS its certificate is of a CA that SSL_CERT_FILE names."""
    if tls:
        s = shop()
        options += ("--cert", s.cert("localhost", san="DNS:localhost,IP:127.0.0.1"),
                    "--key", s.key("localhost"))
        os.environ["SSL_CERT_FILE"] = s.path("ca.pem")
    with Running(name, *options) as sim:
        yield sim


# --- the console ------------------------------------------------------------------------------
def console(*arguments, **how):
    """A console that looks nowhere by itself, and logs all that it can."""
    if not os.path.exists(os.path.join(os.environ["HOME"], ".config", "certty", "certty.conf")):
        configure()
    how.setdefault("size", "110x40")
    how["env"] = {**QUIET, **how.get("env", {})}
    t = start("--log-file", os.path.join(os.environ["HOME"], "log"), "--log-level", "debug",
              *arguments, **how)
    t.wait("Stores [1-9]")          # the saved state is loaded
    return t


def go(t, label):
    """Down, until the cursor is on that row of the wizard."""
    for _ in range(40):
        at = [line for line in t.lines() if line.startswith("▸")]
        if at and re.match(label, at[0][1:].strip()):
            return t
        t.keys("Down")
        t.until(lambda: [line for line in t.lines() if line.startswith("▸")] != at,
                "the cursor on another row")
    raise Failure("no row " + label)


def pick(t, title):
    """The wizard's form of a provider."""
    t.keys("A")
    t.wait("Add an account")
    t.wait(title)
    number = re.search(r"(\d) +" + title, t.text()).group(1)
    t.keys(number)
    t.wait("▸ %s +%s" % (number, title))
    t.keys("Enter")
    return t.wait("Add an account › " + title)


def answer(t, label, text):
    """Types into a row, and waits until it is seen that it was taken."""
    go(t, label)
    before = t.text()
    t.keys(text)
    return t.until(lambda: t.text() != before, "what was typed at " + label)


def press(t, label, says):
    """Does a row, and waits for what comes of it."""
    go(t, label + "$")
    t.keys("Enter")
    return t.wait(says)


def said_below(t):
    """What stands below the row with the cursor."""
    lines = t.lines()
    return next((below for at, below in zip(lines, lines[1:]) if at.startswith("▸")), "")


def keep(t, sentence):
    """Right, until the place for secrets is the one of which this is said."""
    go(t, "Keep")
    for _ in range(8):
        before = said_below(t)
        if sentence in before:
            return t
        t.keys("Right")
        t.until(lambda: said_below(t) != before, "another place")
    raise Failure("no place of which is said " + sentence)


def make_keyring(t, passphrase):
    """In the form: the order finds that there is none, and two passphrases make one."""
    press(t, "Save", "^✗ .*no keyring yet")
    answer(t, "Passphrase", passphrase)
    answer(t, "Once more", passphrase)
    return press(t, "Make it", "^✓ secrets are kept in the keyring")


def is_kept():
    """What of an account would be left: its group in the configuration, certty's file."""
    home = os.environ["HOME"]
    with open(os.path.join(home, ".config", "certty", "certty.conf"), encoding="utf-8") as f:
        conf = f.read()
    file = os.path.join(home, ".local", "share", "certty", "secrets.pem")
    return "[account" in conf, os.path.exists(file)
