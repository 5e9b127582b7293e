#!/usr/bin/python3
# sectigo: reading the certificates and domains of an account of Sectigo, beside the least that it can take.
#
#   sectigo.py BUILD
#
# A server (sectigo-server.c) answers each call 100 ms after it came, over TLS.  certty reads 10,000
# certificates and 500 domains, 4 calls at a time, which is what an account allows.  What cannot be spared:
# a call for the organizations, one report of all certificates, a page for 200 domains and one for 200
# validations, each domain alone for its delegations, two lists for ACME and one of the organization's
# validations; then, behind all rows, the bytes of each certificate, once.  The least time is that of these
# calls in rounds of 4.  Of three listings the quickest counts, for what else the machine does is no matter;
# with the bytes it is one reading, of fewer certificates, for every one of them takes its time alike.
# Prints a table and judges by nothing but its last column.

import json
import math
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

LATENCY, PAGE, AT_ONCE, TRIES = 0.100, 200, 4, 3
TIME, CALLS = 1.10, 1.05        # so many times the least
CERTS, KEPT, DOMAINS, OTHERS = 10000, 2000, 500, 5


class Server:
    def __init__(self, build, folder, counted, certs):
        self.ca = folder + "/tls.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-keyout", folder + "/tls.key", "-out", self.ca, "-subj", "/CN=bench",
                        "-days", "2", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [build + "/tests/bench/sectigo-server", "%d" % (LATENCY * 1e6), str(certs), str(DOMAINS), counted,
             self.ca, folder + "/tls.key"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        self.url = "https://127.0.0.1:%d" % self.port
        self.trust = ssl.create_default_context(cafile=self.ca)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30, context=self.trust) as reply:
            return reply.read().decode()

    def stats(self):
        return json.loads(self.get("/stats"))

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
            f.write("[local]\nfolders=\n\n[account bench]\nprovider=sectigo\nsign-in=password\n"
                    "login=robot-example\npassword=command: echo secret\ncustomer-uri=exampleuni\n"
                    "instance=other\nurl=%s/api\nca-file=%s\n" % (server.url, server.ca))
        self.env = {"PATH": os.environ["PATH"], "HOME": self.home, "LC_ALL": "C.UTF-8"}
        self.run("account-stores", "bench")

    def start(self, *args):
        return subprocess.Popen([self.certty, *args], env=self.env, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def run(self, *args):
        """Its seconds of the processor."""
        process = self.start(*args)
        said = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError("%s: status %d: %s" % (" ".join(args), process.returncode, said))
        return used.ru_utime + used.ru_stime

    def count(self, what, end):
        """Those whose names end so."""
        out = subprocess.run([self.certty, "--offline", "ls", what, "-o", "json"], env=self.env,
                             stdout=subprocess.PIPE, timeout=60, check=True).stdout
        return sum(row["name"].endswith(end) for row in json.loads(out)["rows"])


def say(what, seconds, least, bound, unit="s"):
    print("  %-34s %9.2f %s %9.2f %6.2f  %5.2f %s" % (
        what, seconds, unit, least, seconds / least, bound, "" if seconds <= bound * least else "over"))


def listed(build, folder):
    """A listing, ended while bytes are collected: the seconds from its first call to its last answer, and its
    calls."""
    server = Server(build, folder, "list", CERTS)
    place = Place(build, server, folder)
    server.get("/reset")
    process = place.start("refresh", "bench/scm")
    try:
        before, now = None, server.stats()
        end = time.monotonic() + 120
        while not now["calls"] or now["calls"] != before["calls"]:
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError(process.stdout.read().decode())
            try:
                process.wait(10 * LATENCY)
            except subprocess.TimeoutExpired:
                pass
            before, now = now, server.stats()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
        server.done()
    return now["us"] / 1e6, now["calls"]


def main(build):
    folder = tempfile.mkdtemp(prefix="certty-bench.")
    least = OTHERS + 2 * math.ceil(DOMAINS / PAGE) + DOMAINS
    print("  %-34s %11s %9s %6s  %5s" % ("", "certty", "least", "ratio", "bound"))
    took, calls = min(listed(build, folder) for _ in range(TRIES))
    say("%d certificates, %d domains" % (CERTS, DOMAINS), took, math.ceil(least / AT_ONCE) * LATENCY, TIME)
    say("    calls", calls, least, CALLS, "c")
    server = Server(build, folder, "all", KEPT)
    try:
        place = Place(build, server, folder)
        server.get("/reset")
        cpu = place.run("refresh", "bench/scm")
        seen = server.stats()
        found = place.count("certs", ".example.org"), place.count("domains", ".example")
        if found != (KEPT, DOMAINS):
            raise RuntimeError("%d certificates, %d domains" % found)
        say("%d certificates, with their bytes" % KEPT, seen["us"] / 1e6,
            math.ceil((least + KEPT) / AT_ONCE) * LATENCY, TIME)
        say("    calls", seen["calls"], least + KEPT, CALLS, "c")
        server.get("/reset")
        again = place.run("refresh", "bench/scm")
        say("    calls when nothing changed", server.stats()["calls"], least, CALLS, "c")
        print("    %d connections, each a handshake; processor %.2f s, then %.2f s" % (
            seen["connections"], cpu, again))
    finally:
        server.done()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1])
