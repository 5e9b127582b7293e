#!/usr/bin/python3
# vault: resolving the serials of a large pki, beside what a plain load generator gets done.
#
#   vault.py BUILD
#
# A server (vault-server.c) answers each call so long after it came.  certty reads 10,000 certificates of
# which the list has no more than serials; then the same calls are sent again by a client of the same
# library that does nothing else (replay.c), as many at a time as certty did, twice, and the better of the
# two counts.  Then the store is read again, which asks for no certificate.
# The same is done with a real OpenBao, where dev/openbao has brought one: there the whole of a refresh counts,
# with the start of the program, beside the same calls of the generator.
# Prints a table and judges by nothing but its last column.

import concurrent.futures
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

CERTS = 10000
REAL = 3000             # in a real OpenBao, which has to issue them first
SHARE = 0.95            # of the generator's rate
PAGE = 500              # certificates of a list with names
AT_ONCE = 8             # calls of one store
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


class Real:
    """OpenBao in memory, without TLS, with a pki of REAL certificates."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="certty-bench.")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.process = subprocess.Popen(
            [program, "server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token",
             "-dev-listen-address=127.0.0.1:%d" % self.port], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self, path, body=None):
        request = urllib.request.Request("%s/v1/%s" % (self.url, path), headers={"X-Vault-Token": "root"},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.loads(reply.read() or b"{}")

    def fill(self):
        ends = time.monotonic() + 30
        while True:
            try:
                self.ask("sys/health")
                break
            except (OSError, urllib.error.URLError):
                if time.monotonic() > ends or self.process.poll() is not None:
                    raise
        self.ask("sys/mounts/pki", {"type": "pki", "config": {"max_lease_ttl": "8760h"}})
        self.ask("pki/root/generate/internal", {"common_name": "Root", "key_type": "ec", "ttl": "8760h"})
        self.ask("pki/roles/web", {"allow_any_name": True, "key_type": "ec", "key_bits": 256, "max_ttl": "72h"})
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda i: self.ask("pki/issue/web", {"common_name": "host%d.example.com" % i}),
                          range(REAL)))

    def calls(self):
        """What a refresh asks: lists, whose pages come one after the other, and each certificate."""
        keys = self.ask("pki/certs?list=true")["data"]["keys"]
        pages = [key.replace(":", "-") for key in keys[PAGE - 1::PAGE]]
        lists = ["certs?list=true", "certs/revoked?list=true", "certs/detailed?limit=%d&list=true" % PAGE]
        lists += ["certs/detailed?limit=%d&after=%s&list=true" % (PAGE, key) for key in pages]
        return ["".join("GET /v1/pki/%s\n" % path for path in paths)
                for paths in (lists, ["cert/" + key for key in keys])]

    def done(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder)


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
        """How many certificates of those that were made are known."""
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


def real(build):
    found = subprocess.run([os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "dev",
                                         "openbao"), "--path"], stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode:
        print("  no OpenBao here: dev/openbao brings it")
        return
    server = Real(found.stdout.strip())
    try:
        server.fill()
        lists, certs = server.calls()
        place = Place(build, server)
        try:
            place.run("account-stores", "bench")
            began = time.monotonic()
            place.run("refresh", "bench/pki:pki")
            took = time.monotonic() - began
            if place.rows() != REAL:
                raise RuntimeError("%d certificates instead of %d" % (place.rows(), REAL))
        finally:
            place.done()
        bare = min(replay(build, server, lists, 1)[0] + replay(build, server, certs, AT_ONCE)[0]
                   for _ in range(2))
        print("  OpenBao, %d at once, %d certificates: %.2f s with all, %.0f a second; the generator %.2f s, "
              "%.0f; share %.2f%s" % (AT_ONCE, REAL, took, REAL / took, bare, REAL / bare, bare / took,
                                      "" if bare >= SHARE * took else "  under"))
    finally:
        server.done()


if __name__ == "__main__":
    main(sys.argv[1])
    real(sys.argv[1])
