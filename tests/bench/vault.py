#!/usr/bin/python3
# vault: resolving the serials of a large pki, beside what a plain load generator gets done.
#
#   vault.py BUILD
#
# A server (vault-server.c) answers each call so long after it came.  certty reads 10,000 certificates of
# which the list has no more than serials; then the same calls are sent again by a client of the same
# library that does nothing else (replay.c), as many at a time as certty did, twice, and the better of the
# two counts.  Then the store is read again, which asks for no certificate.
# Prints a table and judges by nothing but its last column.

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request

CERTS = 10000
SHARE = 0.95            # of the generator's rate
MEMORY = 64             # MiB, that reading them may take beside what the program has anyway


class Server:
    def __init__(self, build, latency):
        self.process = subprocess.Popen([build + "/tests/bench/vault-server", str(latency), str(CERTS)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        self.url = "http://127.0.0.1:%d" % self.port

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as reply:
            return reply.read().decode()

    def done(self):
        self.process.stdin.close()
        self.process.wait(10)


class Place:
    """A home of its own with one account, and certty in it."""

    def __init__(self, build, server):
        self.home = tempfile.mkdtemp(prefix="certty-bench.")
        self.certty = build + "/certty"
        folder = self.home + "/.config/certty"
        os.makedirs(folder, 0o700)
        with open(folder + "/certty.conf", "w", encoding="utf-8") as f:
            f.write("[local]\nfolders=\n\n[account bench]\nprovider=vault\naddress=%s\nauth=token\n"
                    "token=command: echo root\n" % server.url)
        self.env = {"PATH": os.environ["PATH"], "HOME": self.home, "LC_ALL": "C.UTF-8"}

    def run(self, *args):
        """MiB that it had at the most, and its seconds of the processor."""
        process = subprocess.Popen([self.certty, *args], env=self.env, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError("%s: status %d" % (" ".join(args), process.returncode))
        return used.ru_maxrss / 1024, used.ru_utime + used.ru_stime

    def rows(self):
        out = subprocess.run([self.certty, "--offline", "ls", "certs", "-o", "json"], env=self.env,
                             stdout=subprocess.PIPE, timeout=60, check=True).stdout
        return sum(r["name"].startswith("host") for r in json.loads(out)["rows"])

    def done(self):
        shutil.rmtree(self.home)


def replay(build, server, calls, at_once):
    run = subprocess.run([build + "/tests/bench/replay", str(server.port), str(at_once)], input=calls,
                         stdout=subprocess.PIPE, timeout=600, check=True, text=True)
    ms, cpu = run.stdout.split()
    return float(ms) / 1000, float(cpu) / 1000


def read_all(build, server):
    place = Place(build, server)
    try:
        idle, _ = place.run("ls", "certs", "--offline")
        server.get("/reset")
        most, cpu = place.run("refresh")        # which finds the store, too
        seen = json.loads(server.get("/stats"))
        calls = server.get("/calls")
        if place.rows() != CERTS:
            raise RuntimeError("%d certificates instead of %d" % (place.rows(), CERTS))
        server.get("/reset")
        place.run("refresh", "bench/pki:pki")
        again = server.get("/calls").count("/cert/")
    finally:
        place.done()
    return seen, calls, again, most - idle, cpu


def main(build):
    print("pki: %d certificates" % CERTS)
    for latency in (0, 2000, 20000):
        server = Server(build, latency)
        try:
            seen, calls, again, memory, cpu = read_all(build, server)
            at_once = seen["at_once"]
            bare, bare_cpu = min(replay(build, server, calls, at_once) for _ in range(2))
            took = seen["us"] / 1e6
            print("  %2d ms, %2d at once %8.2f s, %6.0f a second; the generator %6.2f s, %6.0f; share %.2f%s"
                  % (latency // 1000, at_once, took, seen["calls"] / took, bare, seen["calls"] / bare,
                     bare / took, "" if bare >= SHARE * took else "  under"))
            print("      processor %.2f s, the generator's %.2f s; memory %.0f MiB more%s; read again: %d "
                  "certificates%s" % (cpu, bare_cpu, memory, "" if memory <= MEMORY else "  over", again,
                                      "  over" if again else ""))
        finally:
            server.done()


if __name__ == "__main__":
    main(sys.argv[1])
