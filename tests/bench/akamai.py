#!/usr/bin/python3
# akamai: reading a whole CPS, beside the least that it can take under CPS's limit of calls.
#
#   akamai.py BUILD
#
# The simulator of the tests lets through 35 calls in any minute, 10 of them for what is active, and turns
# away what is more.  That would take an hour, so its clock and certty's run SCALE times as fast (faster.c);
# times are those of that clock.  certty reads both networks, then again when nothing has changed, then shows
# what it knows.  The least: what is active for each network, the list of enrollments, and for each
# enrollment the one call that has its bytes, 35 of them a minute but for the first 35.
# Prints a table and judges by nothing but its last column.

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "sim")]
import running  # noqa: E402 pylint: disable=wrong-import-position

SCALE, MANY, A_MINUTE, LISTS = 30, 2000, 35, 3
BOTH = ("bench/production", "bench/staging")
TIME, CALLS = 1.10, 1.0         # so many times the least
IN_VAIN = 2     # the simulator's lists take long by that clock, and it counts them when it comes to them


class Place:
    """A home of its own with one account, and certty in it."""

    def __init__(self, build, sim, folder, fast):
        self.certty, self.fast = build + "/certty", fast
        os.makedirs(folder + "/.config/certty", 0o700)
        with open(folder + "/.config/certty/certty.conf", "w", encoding="ascii") as f:
            f.write("[local]\nfolders=\n\n[account bench]\nprovider=akamai\nhost=%s\nclient-token=akab-client\n"
                    "access-token=akab-access\nclient-secret=command: echo c2VjcmV0\n" % sim.url)
        self.env = dict(fast, PATH=os.environ["PATH"], HOME=folder, LC_ALL="C.UTF-8")

    def run(self, *args):
        """What it says, and its seconds, by the clock that runs faster."""
        began = time.monotonic()
        done = subprocess.run([self.certty, *args], env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=900, check=False)
        if done.returncode:
            raise RuntimeError("%s: status %d: %s" % (" ".join(args), done.returncode, done.stderr.decode()))
        return done.stdout.decode(), (time.monotonic() - began) * SCALE


class Log:
    def __init__(self, path):
        self.path = path

    def take(self):
        """What was asked since the last time: how many calls, and how many of them were turned away."""
        with open(self.path, encoding="utf-8") as f:
            calls = [json.loads(line) for line in f]
        with open(self.path, "w", encoding="utf-8"):
            pass
        calls = [c for c in calls if c["target"].startswith("/cps/")]
        return len(calls), sum(c["status"] == 429 for c in calls)


def say(what, amount, least, bound, unit):
    ratio = "%6.2f" % (amount / least) if least else "     -"
    print("  %-34s %9.1f %-3s %9.1f %s  %5.2f %s" % (what, amount, unit, least, ratio, bound,
                                                     "" if amount <= bound * least else "over"))


def post(sim, **what):
    sim.post("/sim/akamai", what).close()


def measure(build, sim, log, folder, fast):
    post(sim, do="seed", count=MANY)
    post(sim, do="set", rate=A_MINUTE, active_rate=10)
    place = Place(build, sim, folder, fast)
    place.run("account-stores", "bench")
    log.take()
    post(sim, do="advance", seconds=61)         # what that took of the limit is free again
    _, took = place.run("refresh", *BOTH)
    calls, turned_away = log.take()
    least = MANY + LISTS
    print("  %-34s %13s %9s %6s  %5s" % ("clocks run %d times as fast" % SCALE, "certty", "least", "ratio",
                                         "bound"))
    say("%d enrollments, both networks" % MANY, took / 60, (least - A_MINUTE) / A_MINUTE, TIME, "min")
    say("    calls", calls - turned_away, least, CALLS, "c")
    say("    calls that were turned away", turned_away, IN_VAIN, 1, "c")
    place.run("refresh", *BOTH)
    say("    calls when nothing changed", log.take()[0], LISTS, CALLS, "c")
    out, _ = place.run("ls", "certs", "-o", "json")
    say("    calls to show it again", log.take()[0], 0, 0, "c")
    rows = json.loads(out)["rows"]
    places = sum(len(r["places"]) for r in rows)
    if (len(rows), places) != (MANY, 2 * MANY):
        raise RuntimeError("%d certificates in %d places" % (len(rows), places))


def main(build):
    folder = tempfile.mkdtemp(prefix="certty-bench.")
    fast = {"LD_PRELOAD": os.path.abspath(build + "/tests/bench/faster.so"), "FASTER": str(SCALE),
            "FASTER_SINCE": str(int(time.time()))}
    log = Log(folder + "/sim.log")
    os.environ.update(fast)
    simulator = running.Running("akamai", "--log", log.path).__enter__()
    for key in fast:
        del os.environ[key]
    try:
        measure(build, simulator, log, folder, fast)
    finally:
        simulator.__exit__()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1])
