#!/usr/bin/python3
# azure: reading the certificates of many vaults, beside the least that it can take.
#
#   azure.py BUILD
#
# A server (azure-server.c) answers each call 50 ms after it came, over TLS on a name for each vault.
# certty reads all vaults with all bytes and policies, 16 calls at a time; then again when nothing has
# changed.  The least time is that of the calls which cannot be spared, in rounds of 16: a page for 25
# certificates, one for each certificate, and a vault's contacts and issuers, which are rows too.  Of three
# readings the quickest counts, for what else the machine does is no matter.
# Prints a table and judges by nothing but its last column.

import json
import math
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.request

LATENCY, PAGE, AT_ONCE, TRIES = 0.050, 25, 16, 3
TIME, CALLS = 1.10, 1.05        # so many times the least
WHOM = 2                        # calls for whom a vault knows
SHAPES = ((4, 500), (40, 50), (1, 1000))    # vaults, certificates in each
APP, TENANT = "bbbbbbbb-0000-4000-8000-000000000002", "aaaaaaaa-0000-4000-8000-000000000001"


class Server:
    def __init__(self, build, folder, vaults, certs):
        self.ca = folder + "/tls.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-keyout", folder + "/tls.key", "-out", self.ca, "-subj", "/CN=bench",
                        "-days", "2", "-addext",
                        "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:*.vault.localhost"],
                       check=True, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [build + "/tests/bench/azure-server", "%d" % (LATENCY * 1e6), str(vaults), str(certs), self.ca,
             folder + "/tls.key"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        self.url = "https://127.0.0.1:%d" % self.port
        self.trust = ssl.create_default_context(cafile=self.ca)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30, context=self.trust) as reply:
            return reply.read().decode()

    def done(self):
        self.process.stdin.close()
        self.process.wait(10)


class Place:
    """A home of its own with one account, and certty in it."""

    def __init__(self, build, server, folder):
        self.home = tempfile.mkdtemp(dir=folder)
        self.certty = build + "/certty"
        os.makedirs(self.home + "/.config/certty", 0o700)
        with open(self.home + "/.config/certty/certty.conf", "w", encoding="ascii") as f:
            f.write("[local]\nfolders=\n\n[account bench]\nprovider=azure\nfrom=client-secret\ntenant=%s\n"
                    "client-id=%s\nclient-secret=command: echo secret\ncloud=custom\nauthority=%s\narm=%s\n"
                    "vault-suffix=vault.localhost:%d\nca-file=%s\nvaults=all\n"
                    % (TENANT, APP, server.url, server.url, server.port, server.ca))
        self.env = {"PATH": os.environ["PATH"], "HOME": self.home, "LC_ALL": "C.UTF-8"}

    def run(self, *args):
        """Its seconds of the processor."""
        process = subprocess.Popen([self.certty, *args], env=self.env, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        said = process.stderr.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError("%s: status %d: %s" % (" ".join(args), process.returncode, said))
        return used.ru_utime + used.ru_stime

    def rows(self):
        out = subprocess.run([self.certty, "--offline", "ls", "certs", "-o", "json"], env=self.env,
                             stdout=subprocess.PIPE, timeout=60, check=True).stdout
        return sum(r["name"].startswith("host") for r in json.loads(out)["rows"])


def say(what, seconds, least, bound, unit="s"):
    print("  %-34s %9.2f %s %9.2f %6.2f  %5.2f %s" % (
        what, seconds, unit, least, seconds / least, bound, "" if seconds <= bound * least else "over"))


def read_all(build, server, folder, count):
    place = Place(build, server, folder)
    place.run("account-stores", "bench")
    server.get("/reset")
    cpu = place.run("refresh")
    seen = json.loads(server.get("/stats"))
    if place.rows() != count:
        raise RuntimeError("%d certificates instead of %d" % (place.rows(), count))
    server.get("/reset")
    place.run("refresh")
    return seen["us"] / 1e6, seen, cpu, json.loads(server.get("/stats"))["calls"]


def main(build):
    print("  %-34s %11s %9s %6s  %5s" % ("", "certty", "least", "ratio", "bound"))
    for vaults, certs in SHAPES:
        folder = tempfile.mkdtemp(prefix="certty-bench.")
        server = Server(build, folder, vaults, certs)
        try:
            pages = math.ceil(certs / PAGE)
            least = vaults * (pages + certs + WHOM)
            took, seen, cpu, again = min((read_all(build, server, folder, vaults * certs)
                                          for _ in range(TRIES)), key=lambda one: one[0])
            say("%d vault%s of %d, %d at once" % (vaults, "s"[vaults == 1:], certs, seen["at_once"]), took,
                math.ceil(least / AT_ONCE) * LATENCY, TIME)
            say("    calls", seen["calls"], least, CALLS, "c")
            say("    calls when nothing changed", again, vaults * pages, CALLS, "c")
            print("    %d connections, each a handshake; processor %.2f s" % (seen["connections"], cpu))
        finally:
            server.done()
            shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1])
