#!/usr/bin/python3
"""Looking for records, in the zones of a DNS server that others wrote (Knot DNS).

Two servers on two addresses of the loopback serve the same zone, each from a file of its own, so
that one can lag behind; the first one stands for the resolver as well.
"""
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "lint"))
import lint

TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests", "net", "dns-tool")
READY_WITHIN = 60
VALUE = "_b2.acm-validations.test."
LONG = "x" * 250

ZONE = """$ORIGIN example.test.
$TTL 300
@ SOA ns1 root %(serial)d 3600 600 86400 300
@ NS ns1
@ NS ns2
ns1 A 127.0.0.2
ns2 A 127.0.0.3
www A 192.0.2.1
*.wild CNAME other.test.
_moved CNAME target
target TXT "moved"
long TXT %(long)s
_a1.www CNAME _b2.acm-validations.test.
text TXT "a b" "\\"c;d"
%(more)s
"""
CONF = """server:
    rundir: "%(folder)s"
    listen: %(address)s@%(port)d
log:
  - target: stderr
    any: info
database:
    storage: "%(folder)s"
zone:
  - domain: %(domain)s
    file: "%(folder)s/zone"
"""


class Knot:
    def __init__(self, folder, address, port, domain, zone):
        os.mkdir(folder)
        values = {"folder": folder, "address": address, "port": port, "domain": domain}
        with open(os.path.join(folder, "zone"), "w", encoding="ascii") as f:
            f.write(zone)
        with open(os.path.join(folder, "conf"), "w", encoding="ascii") as f:
            f.write(CONF % values)
        self.process = subprocess.Popen(
            [KNOTD, "-c", os.path.join(folder, "conf")], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.wait()

    def wait(self):
        said = b""
        while b"server started" not in said:
            ready, _, _ = select.select([self.process.stdout], [], [], READY_WITHIN)
            more = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not more:
                raise RuntimeError("knotd does not start: " + said.decode(errors="replace"))
            said += more

    def end(self):
        self.process.terminate()
        self.process.communicate()


KNOTD = shutil.which("knotd", path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def free_port():
    """One that is free for both sorts on both addresses."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.2", 0))
            port = s.getsockname()[1]
            try:
                for where in ("127.0.0.2", "127.0.0.3"):
                    with socket.socket() as t:
                        t.bind((where, port))
                return port
            except OSError:
                continue


def zone(serial, more=""):
    return ZONE % {"serial": serial, "more": more, "long": " ".join([LONG] * 8)}


def look(port, name, kind, value):
    return subprocess.run([TOOL, "127.0.0.2@%d" % port, str(port), name, kind, value], text=True,
                          stdout=subprocess.PIPE, timeout=120, check=False).stdout


def says(name, one, two, where="example.test"):
    return ("%s %s\nns1.example.test 127.0.0.2 %s\nns2.example.test 127.0.0.3 %s\n"
            % (where, name, one, two))


ROWS = [
    ("both have the record", "_a1.www.example.test", "CNAME", VALUE, ("has it", "has it")),
    ("one lags behind", "_new.www.example.test", "CNAME", VALUE, ("has it", "does not have it")),
    ("an older value on one", "_old.www.example.test", "CNAME", "new.test.",
     ("has it", "has another value: old.test")),
    ("a wildcard's answer is another value", "_c3.wild.example.test", "CNAME", VALUE,
     ("has another value: other.test",) * 2),
    ("texts in pieces", "text.example.test", "TXT", '"a b\\"c;d"', ("has it", "has it")),
    ("an answer too long for UDP", "long.example.test", "TXT", '"%s"' % '" "'.join([LONG] * 8),
     ("has it", "has it")),
    ("not even the name", "_d4.nothing.example.test", "CNAME", VALUE,
     ("does not have it", "does not have it")),
]


def main():
    tap = lint.Tap()
    if not KNOTD:
        tap.skip("dns", "knotd is not installed (package knot)")
        tap.done()
    port, knots = free_port(), []
    with tempfile.TemporaryDirectory(prefix="certty-dns-") as folder:
        try:
            newer = zone(2, "_new.www CNAME %s\n_old.www CNAME new.test.\n" % VALUE)
            knots.append(Knot(folder + "/1", "127.0.0.2", port, "example.test", newer))
            knots.append(Knot(folder + "/2", "127.0.0.3", port, "example.test",
                              zone(1, "_old.www CNAME old.test.\n")))
            for what, name, kind, value, wanted in ROWS:
                said = look(port, name, kind, value)
                tap.ok(what, [] if said == says(name, *wanted) else [repr(said)])
            said = look(port, "_moved.example.test", "TXT", "moved")
            tap.ok("towards TXT a CNAME is followed",
                   [] if said == says("target.example.test", "has it", "has it") else [repr(said)])
            knots.pop().end()
            said = look(port, "_a1.www.example.test", "CNAME", VALUE)
            tap.ok("one is down", [] if said == says("_a1.www.example.test", "has it",
                                                     "does not answer") else [repr(said)])
            knots.append(Knot(folder + "/3", "127.0.0.3", port, "other.test",
                              zone(1).replace("example.test", "other.test")))
            said = look(port, "_a1.www.example.test", "CNAME", VALUE)
            tap.ok("one does not serve the zone",
                   [] if said == says("_a1.www.example.test", "has it",
                                      "does not serve the zone") else [repr(said)])
        finally:
            for knot in knots:
                knot.end()
    tap.done()


main()
