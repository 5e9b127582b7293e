#!/usr/bin/python3
# served: what many sites serve, beside the least that asking them can take.
#
#   served.py BUILD
#
# A server (slow-server.c) waits 200 ms before each handshake.  certty served asks 500 names of it, 64 at a
# time, each for a key of either kind.  The least time is that of the delays that follow each other, or the
# processor's time of the handshakes alone, whichever is larger: that of both sides when nothing waits, less
# that of asking for one name.  The time is that of the whole command; of three the quickest counts.
# Prints a table and judges by nothing but its last column.

import math
import os
import shutil
import subprocess
import sys
import tempfile
import time

SITES, AT_ONCE, DELAY, TRIES = 500, 64, 0.200, 3
TIME = 1.2                      # so many times the least


class Server:
    def __init__(self, build, delay):
        self.process = subprocess.Popen([build + "/tests/bench/slow-server", "%d" % (delay * 1000)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def done(self):
        """Its seconds of the processor."""
        self.process.stdin.close()
        _, status, used = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime


def ask(build, home, port, count):
    """Its seconds, and those of the processor."""
    sites = home + "/sites"
    with open(sites, "w", encoding="ascii") as f:
        f.writelines("n%03d.example.org@127.0.0.1:%d\n" % (i, port) for i in range(count))
    begun = time.monotonic()
    process = subprocess.Popen([build + "/certty", "served", "--file", sites],
                               env={"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8"},
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if said.count("EC P-256") != count or said.count("RSA 2048") != count:
        raise RuntimeError("status %d: %s" % (process.returncode, said[-2000:]))
    return time.monotonic() - begun, used.ru_utime + used.ru_stime


def both(build, home, count):
    """The processor's seconds of both sides, when nothing waits."""
    server = Server(build, 0)
    _, cpu = ask(build, home, server.port, count)
    return cpu + server.done()


def main(build):
    home = tempfile.mkdtemp(prefix="certty-bench.")
    try:
        work = both(build, home, SITES) - both(build, home, 1)
        server = Server(build, DELAY)
        took = min(ask(build, home, server.port, SITES)[0] for _ in range(TRIES))
        server.done()
    finally:
        shutil.rmtree(home)
    least = max(math.ceil(SITES / AT_ONCE) * DELAY, work)
    print("  %-34s %11s %9s %6s  %5s" % ("", "certty", "least", "ratio", "bound"))
    print("  %-34s %9.2f s %9.2f %6.2f  %5.2f %s" % (
        "%d sites, %d at once" % (SITES, AT_ONCE), took, least, took / least, TIME,
        "" if took <= TIME * least else "over"))
    print("    handshakes for keys of both kinds; their processor time %.2f s" % work)


if __name__ == "__main__":
    main(sys.argv[1])
