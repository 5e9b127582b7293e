#!/usr/bin/python3
# screen: what a person feels, measured on a pseudo-terminal of 120x40: certty on saved states of
# 100,000 and 1,000,000 certificates, in turn with the smallest program of its kind.
#
#   screen.py BUILD [CERTIFICATES…]
#
# Nothing of this machine is read: state, configuration and home lie in a temporary folder.
# Times are from the write of a key to the last byte of the answer.  Prints a table and
# judges by nothing but its last column; the exit status says only whether it could measure.

import fcntl
import math
import mmap
import os
import re
import select
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

ROWS, COLS = 40, 120
STARTS = 25             # of each program, alternately
ENDPOINTS = 64
DOWN, HOME, END = b"\x1bOB", b"\x1bOH", b"\x1bOF"
PAGE_DOWN, PAGE_UP = b"\x1b[6~", b"\x1b[5~"
ROW = re.compile(rb"\.(example|test)\b")
LAST_LINE = b"filter"   # painted last, from top to bottom


def now():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e6


def p95(values):
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


class Program:
    """One run of a program on a terminal of its own."""

    def __init__(self, argv, env):
        clock = mmap.mmap(-1, 8)
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
            for fd in range(3):
                os.dup2(theirs, fd)
            os.closerange(3, 256)
            clock[:8] = struct.pack("d", now())
            os.execve(argv[0], argv, env)
        os.close(theirs)
        self.fd = ours
        os.set_blocking(ours, False)
        self.screen = bytearray()
        self.find_start = lambda: struct.unpack("d", clock[:8])[0]

    def read(self, limit):
        """Waits for output and takes it; the time when it was there, None: nothing came."""
        if not select.select([self.fd], [], [], max(limit, 0) / 1000)[0]:
            return None
        at = now()
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return None
        self.screen += data
        return at

    def first_screen(self):
        end = now() + 20000
        while now() < end:
            at = self.read(end - now())
            if LAST_LINE in self.screen and ROW.search(self.screen):
                return at - self.find_start()
        raise RuntimeError("no first screen: %r" % bytes(self.screen[-400:]))

    def quiet(self, limit):
        while self.read(limit) is not None:
            pass

    def press(self, keys, settle=12, limit=2000):
        """Milliseconds until the answer was complete, and its bytes."""
        before, began = len(self.screen), now()
        os.write(self.fd, keys)
        at = last = self.read(limit)
        while at is not None:
            last, at = at, self.read(settle)
        return (last or now()) - began, len(self.screen) - before

    def status(self, field):
        total = 0
        for task in os.listdir("/proc/%d/task" % self.pid):
            with open("/proc/%d/task/%s/status" % (self.pid, task)) as f:
                values = re.findall(r"^%s:\s*(\d+)" % field, f.read(), re.M)
            if field == "VmRSS":
                return int(values[0])
            total += int(values[0])
        return total

    def busy(self):
        with open("/proc/%d/stat" % self.pid) as f:
            return f.read().rsplit(")", 1)[1].split()[11:13]

    def loaded(self):
        """Waits until it has nothing to do any more."""
        before, end = None, now() + 60000
        while before != self.busy() and now() < end:
            before = self.busy()
            self.quiet(300)

    def quit(self, keys=b"q"):
        """Milliseconds from the key to the end of the process."""
        gone, began = os.pidfd_open(self.pid), now()
        os.write(self.fd, keys)
        while not select.select([gone], [], [], 0)[0] and now() < began + 20000:
            if gone not in select.select([gone, self.fd], [], [], 1)[0]:
                if self.read(0) is None:        # the terminal is closed already
                    select.select([gone], [], [], 1)
        took = now() - began
        if took >= 20000:
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(gone)
        os.close(self.fd)
        return took


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, figure, bound=None, unit="ms", beside=""):
        text = ("%.2f" if unit == "ms" else "%.0f") % figure
        self.rows.append((what, "%s %s" % (text, unit), beside,
                          "" if bound is None else "%g %s" % (bound, unit),
                          "" if bound is None else "ok" if figure <= bound else "not"))
        self.show(self.rows[-1])

    @staticmethod
    def show(row):
        print("  %-46s %14s %14s %14s  %s" % row, flush=True)


class Bench:
    def __init__(self, build, folder):
        self.build, self.folder, self.table = build, folder, Table()
        self.env = {"HOME": folder, "TERM": "xterm-256color", "LANG": "C.UTF-8",
                    "PATH": os.environ["PATH"]}
        for name in ("CONFIG", "DATA", "CACHE", "STATE", "RUNTIME"):
            where = os.path.join(folder, name.lower())
            os.makedirs(where, mode=0o700, exist_ok=True)
            self.env["XDG_%s_%s" % (name, "DIR" if name == "RUNTIME" else "HOME")] = where

    def configure(self, name, **settings):
        path = os.path.join(self.folder, name + ".conf")
        with open(path, "w") as f:
            f.write("[local]\nfolders=\nendpoints=%s\n" % settings.get("endpoints", ""))
            f.write("[refresh]\ninterval=%d\ntimeout=600\n" % settings.get("interval", 0))
        return path

    def make_states(self, certs):
        self.state = os.path.join(self.folder, "state-%d" % certs)
        os.makedirs(self.state, mode=0o700)
        subprocess.run([os.path.join(self.build, "tests/bench/make-state"), self.state,
                        str(certs)], check=True)
        self.plain = os.path.join(self.folder, "minimal-%d.db" % certs)
        db = sqlite3.connect(self.plain)
        db.execute("CREATE TABLE cert(id INTEGER PRIMARY KEY, name TEXT, store TEXT,"
                   " expires TEXT, issuer TEXT)")
        db.executemany("INSERT INTO cert VALUES(?, ?, ?, ?, ?)",
                       ((i, "www-%d.prod.example.org" % (i * 7919 % 1000000),
                         "Folder %d" % (i % 500), "in %d d" % (i % 400),
                         "Example Issuing CA %d" % (i % 300)) for i in range(certs)))
        db.commit()
        db.close()

    def certty(self, config):
        return Program([os.path.join(self.build, "certty"), "--state", self.state,
                        "--config", config], self.env)

    def minimal(self):
        return Program([os.path.join(self.build, "tests/bench/minimal"), self.plain], self.env)

    # ---- what is measured ----

    def starts(self):
        config = self.configure("still")
        ours, theirs, quits = [], [], []
        for i in range(STARTS + 1):
            for make, times in ((self.minimal, theirs), (lambda: self.certty(config), ours)):
                p = make()
                times.append(p.first_screen())
                took = p.quit()
                if times is ours:
                    quits.append(took)
        ours, theirs = p95(ours[1:]), p95(theirs[1:])    # the first one fills the caches
        self.table.add("first useful screen, p95 of %d" % STARTS, ours, 3.5 * theirs,
                       beside="%.2f ms" % theirs)
        self.table.add("quit while it loads, p95", p95(quits), 20)

    def beside(self):
        p = self.minimal()
        p.first_screen()
        p.loaded()
        keys = [p.press(DOWN) for _ in range(30)]
        figures = (p95([t for t, _ in keys]), max(b for _, b in keys), p.status("VmRSS"))
        return figures + (p.quit(),)

    def keys(self, p, million, their_key, their_bytes):
        down = [p.press(DOWN) for _ in range(150)]
        self.table.add("cursor key to paint, p95 of 150", p95([t for t, _ in down]), 1,
                       beside="%.2f ms" % their_key)
        self.table.add("  bytes, most, within the page", max(b for _, b in down[:30]), 200,
                       "bytes", "%d bytes" % their_bytes)
        self.table.add("  bytes, most, where a row scrolls in", max(b for _, b in down[40:]),
                       None, "bytes")
        pages = [p.press(k) for k in [PAGE_DOWN] * 40 + [PAGE_UP] * 20]
        self.table.add("page, p95 of 60", p95([t for t, _ in pages]), 2)
        self.table.add("  bytes, most", max(b for _, b in pages), 4700, "bytes")
        ends = [p.press(k)[0] for k in [END, HOME] * 20]
        self.table.add("home and end, p95 of 40", p95(ends), 2)
        storm = p.press(DOWN * 200)     # more than one page of bytes would be a second repaint
        self.table.add("200 keys in one write", storm[0])
        self.table.add("  bytes", storm[1], 4700, "bytes")
        p.press(HOME)
        self.filters(p, million)
        self.sorts(p, million)

    def filters(self, p, million):
        for text in ("shop-12.example", "issuer:example state:exp"):
            typed = []
            for _ in range(3):
                p.press(b"/")
                typed += [p.press(bytes([c]), 40)[0] for c in text.encode()]
                p.press(b"\x1b", 60)
                p.press(b"\x1b", 60)
            self.table.add("filter, a typed key of %s" % text[:19], p95(typed),
                           30 if million else 5)

    def sorts(self, p, million):
        took = [p.press(b">", 60)[0] for _ in range(8)]
        took += [p.press(b"I", 60)[0] for _ in range(2)]
        self.table.add("sort, each column, worst", max(took), 100 if million else 10)

    def session(self, certs):
        their_key, their_bytes, their_kb, their_quit = self.beside()
        million = certs >= 1000000
        p = self.certty(self.configure("still"))
        p.first_screen()
        p.loaded()
        kb = p.status("VmRSS")
        if million:
            self.table.add("resident, all of it, a certificate", kb * 1024 / certs, 200,
                           "bytes", "%.1f MiB" % (their_kb / 1024))
        else:
            self.table.add("resident, all of it", kb / 1024, 45, "MiB",
                           "%.1f MiB" % (their_kb / 1024))
        self.keys(p, million, their_key, their_bytes)
        kb = p.status("VmRSS")
        self.table.add("resident after all that", kb / 1024, None, "MiB")
        p.quiet(3000)       # after two seconds of quiet the first page is kept for the next start
        before, wakes = len(p.screen), p.status("voluntary_ctxt_switches")
        p.quiet(5000)
        self.table.add("idle for 5 s: wake-ups",
                       p.status("voluntary_ctxt_switches") - wakes, 0, "")
        self.table.add("  bytes", len(p.screen) - before, 0, "bytes")
        self.table.add("quit", p.quit(), 20, beside="%.2f ms" % their_quit)

    def in_flight(self):
        """Endpoints that take the connection and say nothing."""
        quits, taken = [], []
        server = socket.create_server(("0.0.0.0", 0), backlog=256)
        endpoints = "; ".join("127.0.1.%d:%d" % (i + 1, server.getsockname()[1])
                              for i in range(ENDPOINTS))
        config = self.configure("hanging", endpoints=endpoints, interval=15)
        threading.Thread(target=lambda: [taken.append(server.accept()) for _ in range(10 ** 6)],
                         daemon=True).start()
        for run in range(5):
            p = self.certty(config)
            p.first_screen()
            end = now() + 20000
            while len(taken) < ENDPOINTS * (run + 1) and now() < end:
                p.read(50)
            p.quiet(500)
            if run == 0:
                self.table.add("requests in flight", len(taken), None, "")
                down = [p.press(DOWN, 3)[0] for _ in range(150)]
                self.table.add("  cursor key to paint, p95 of 150", p95(down), 1)
                pages = [p.press(k, 3)[0] for k in [PAGE_DOWN, PAGE_UP, END, HOME] * 15]
                self.table.add("  page, home, end, p95 of 60", p95(pages), 2)
            quits.append(p.quit())
            taken.extend([None] * (ENDPOINTS * (run + 1) - len(taken)))
        self.table.add("  quit, worst of 5", max(quits), 50)

    def run(self, certs):
        print("\n%s certificates in 500 stores, %dx%d" % (format(certs, ","), COLS, ROWS))
        self.table.show(("", "certty", "minimal", "at most", ""))
        self.make_states(certs)
        self.starts()
        self.session(certs)
        self.in_flight()


def main(build, *sizes):
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:                # where one may: what else the machine does is not to be measured
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pass
    print("%d cores, load %.1f" % (os.cpu_count(), os.getloadavg()[0]))
    folder = tempfile.mkdtemp(prefix="certty-bench-")
    try:
        bench = Bench(os.path.abspath(build), folder)
        for certs in [int(s) for s in sizes] or [100000, 1000000]:
            bench.run(certs)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
