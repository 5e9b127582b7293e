"""A small world of DNS on the loopback, for tests of what stands in the way of validations.

A root and a top-level zone, both signed; below it one zone for each case, on two servers (Knot DNS)
each of which has files of its own; a resolver (BIND) that starts at that root; web servers (nginx).
Zones are signed by BIND's own tools.  Everything listens on one port at addresses
127.0.1.x, the resolver at 127.0.0.1.
"""
import glob
import os
import select
import shutil
import socket
import struct
import subprocess
import threading

ROOT, TLD, ONE, TWO, SILENT, NOBODY, DEAF, WEB, CLOSED = (
    "127.0.1.%d" % n for n in (1, 2, 4, 5, 6, 7, 9, 10, 11))
RESOLVER = "127.0.0.1"	# BIND listens at addresses that an interface has
READY_WITHIN = 60
PROGRAMS = ("knotd", "named", "dnssec-keygen", "dnssec-signzone", "dnssec-dsfromkey", "nginx")
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
TYPES = {"A": 1, "SOA": 6, "CNAME": 5, "TXT": 16, "CAA": 257}

HEAD = """$ORIGIN %(zone)s.
$TTL 300
@ SOA ns1 root %(serial)d 3600 600 86400 300
"""
KNOT = """server:
    rundir: "%(folder)s"
    listen: %(address)s@%(port)d
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "%(folder)s"
zone:
%(zones)s"""
NAMED = """options {
    directory "%(folder)s"; pid-file none; session-keyfile "%(folder)s/session";
    managed-keys-directory "%(folder)s"; port %(port)d;
    listen-on port %(port)d { %(address)s; }; listen-on-v6 { none; };
    recursion yes; max-cache-size 16M; allow-recursion { any; }; dnssec-validation no; notify no;
    empty-zones-enable no; qname-minimization off;
};
controls { };
zone "." { type hint; file "%(folder)s/hints"; };
%(zones)s"""
NGINX = """daemon off; pid %(folder)s/pid; error_log %(folder)s/error;
events { worker_connections 32; }
http {
    access_log off; client_body_temp_path %(folder)s/b; proxy_temp_path %(folder)s/p;
    fastcgi_temp_path %(folder)s/f; uwsgi_temp_path %(folder)s/u; scgi_temp_path %(folder)s/s;
    server {
        listen %(address)s:%(port)d;
        location = /.well-known/token { return 200 "abc.def\\n"; }
        location = /.well-known/moved { return 301 https://elsewhere.test/token; }
        location / { return 404; }
    }
}
"""


def missing():
    return [p for p in PROGRAMS if not shutil.which(p, path=PATH)]


def program(name):
    return shutil.which(name, path=PATH)


def run(*args, **more):
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          stdin=subprocess.DEVNULL, timeout=120, **more)
    if done.returncode:
        raise RuntimeError("%s: %s" % (" ".join(args), done.stdout.decode(errors="replace")))
    return done.stdout.decode()


def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)
    return path


def ask(where, port, name, kind):
    """How many answers a server gives; None when it gives none that means something."""
    wire = b"".join(bytes([len(p)]) + p.encode() for p in name.split(".") if p) + b"\0"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.connect((where, port))
        s.send(struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0) + wire
               + struct.pack(">HH", TYPES[kind], 1))
        try:
            flags, _, n = struct.unpack(">HHH", s.recv(4096)[2:8])
            return n if flags & 15 in (0, 3) else None
        except OSError:
            return None


def free_port():
    """One that is free for UDP and TCP on all addresses."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind((ROOT, 0))
            port = s.getsockname()[1]
        try:
            for where in (ROOT, TLD, ONE, TWO, SILENT, NOBODY, RESOLVER, DEAF, WEB, CLOSED):
                for sort in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                    with socket.socket(socket.AF_INET, sort) as t:
                        t.bind((where, port))
            return port
        except OSError:
            continue


class Zone:
    """A zone KEY.test and what is wrong with it.

    `both`, `one`, `two`: records on both servers, or on one of them.  `own`: the zone's NS and their
    addresses; `named`: those that the parent has.  `on`: which servers have it; `broken`: which fail
    to load it.  `sign`: options of dnssec-signzone, or None; `ds`: right, none, wrong."""

    def __init__(self, both="", one="", two="", own=None, named=None, on="12", broken="",
                 sign=None, ds="right", tamper=None, stale=False, serials=(2, 2)):
        usual = [("ns1", ONE), ("ns2", TWO)]
        self.both, self.one, self.two = both, one, two
        self.own, self.named = own or usual, usual if named is None else named
        self.on, self.broken, self.sign, self.ds, self.tamper = on, broken, sign, ds, tamper
        self.stale, self.serials = stale, serials

    def text(self, zone, which):
        more = self.one if which == 1 else self.two
        lines = [HEAD % {"zone": zone, "serial": self.serials[which - 1]}]
        for name, address in self.own:
            lines.append("@ NS %s\n" % name)
            if address and not name.endswith("."):
                lines.append("%s A %s\n" % (name, address))
        return "".join(lines) + self.both + "\n" + more + "\n"


class Process:
    def __init__(self, args, ready):
        self.process = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        said = b""
        while ready not in said:
            can, _, _ = select.select([self.process.stdout], [], [], READY_WITHIN)
            more = os.read(self.process.stdout.fileno(), 65536) if can else b""
            if not more:
                raise RuntimeError("%s: %s" % (args[0], said.decode(errors="replace")))
            said += more
        self.drain = threading.Thread(target=self.read_on, daemon=True)
        self.drain.start()

    def read_on(self):
        while os.read(self.process.stdout.fileno(), 65536):
            pass

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.drain.join()
        self.process.stdout.close()


class World:
    def __init__(self, folder, zones, inner):
        """`zones`: key → Zone; `inner`: zones that only the resolver has, name → text."""
        self.folder, self.zones, self.processes = folder, zones, []
        self.port = free_port()
        self.anchor = os.path.join(folder, "anchor")
        self.sockets, self.inner = [], inner

    def start(self):
        self.sockets.append(self.hole(SILENT))
        self.start_deaf()
        self.start_zones()
        self.start_resolver(self.inner)
        self.start_web()

    # ---- signing ----

    def key(self, zone):
        folder = os.path.join(self.folder, "keys", zone or "root")
        os.makedirs(folder, exist_ok=True)
        name = run(program("dnssec-keygen"), "-q", "-K", folder, "-a", "ECDSAP256SHA256", "-f",
                   "KSK", zone + ".").strip()
        return os.path.join(folder, name)

    def signed(self, zone, text, key, options=()):
        folder = os.path.dirname(key)
        plain = write(os.path.join(folder, "plain"), text)
        with open(key + ".key", encoding="ascii") as f:
            write(plain, text + f.read())
        run(program("dnssec-signzone"), "-z", "-P", "-O", "full", "-d", folder, "-K", folder, *options,
            "-o", zone + ".", "-f", plain + ".signed", plain, key, cwd=folder)
        with open(plain + ".signed", encoding="ascii") as f:
            return f.read()

    @staticmethod
    def ds(key):
        return run(program("dnssec-dsfromkey"), "-2", key + ".key").strip() + "\n"

    # ---- authorities ----

    def child(self, key, z):
        """The files of a zone on both servers, and what the parent has of it."""
        zone = key + ".test"
        texts, above = [z.text(zone, 1), z.text(zone, 2)], ""
        if z.sign is not None:
            real = self.key(zone)
            above = self.ds(real)
            options = [z.sign, []] if z.stale else [z.sign, z.sign]
            texts = [self.signed(zone, t, real, o) for t, o in zip(texts, options)]
        if z.tamper:
            texts = [t.replace(*z.tamper) for t in texts]
        if z.ds == "none":
            above = ""
        elif z.ds == "wrong":
            above = self.ds(self.key(zone))
        for name, address in z.named:
            above += "%s NS %s\n" % (key, name if name.endswith(".") else name + "." + key)
            if address and not name.endswith("."):
                above += "%s.%s A %s\n" % (name, key, address)
        return texts, above

    def start_zones(self):
        tld = HEAD % {"zone": "test", "serial": 1} + "@ NS ns1\nns1 A %s\n" % TLD
        files = {ONE: [], TWO: []}
        for key, z in self.zones.items():
            texts, above = self.child(key, z)
            tld += "$ORIGIN test.\n" + above
            for which, where in ((1, ONE), (2, TWO)):
                text = "@ SOA broken" if str(which) in z.broken else texts[which - 1]
                if str(which) in z.on:
                    files[where].append((key + ".test", text))
        key = self.key("test")
        tld = self.signed("test", tld, key)
        root = (HEAD % {"zone": "", "serial": 1} + "@ NS ns1\nns1 A %s\ntest NS ns1.test.\n"
                "ns1.test. A %s\n" % (ROOT, TLD)) + self.ds(key)
        key = self.key("")
        root = self.signed("", root, key)
        shutil.copy(key + ".key", self.anchor)
        self.start_knot(ROOT, [(".", root)])
        self.start_knot(TLD, [("test", tld)])
        self.knots = [self.start_knot(where, files[where]) for where in (ONE, TWO)]

    def start_knot(self, where, zones):
        folder = os.path.join(self.folder, where)
        os.mkdir(folder)
        lines = ""
        for name, text in zones:
            path = write(os.path.join(folder, "zone-" + (name.strip(".") or "root")), text)
            lines += '  - domain: %s\n    file: "%s"\n' % (name, path)
        conf = write(os.path.join(folder, "conf"), KNOT % {
            "folder": folder, "address": where, "port": self.port, "zones": lines})
        p = Process([program("knotd"), "-c", conf], b"server started")
        self.processes.append(p)
        return p

    def change(self, keys):
        """Their zones as they are by now are what the servers have."""
        for key in keys:
            z = self.zones[key]
            for which, where in ((1, ONE), (2, TWO)):
                write(os.path.join(self.folder, where, "zone-%s.test" % key),
                      z.text(key + ".test", which))
        for knot in self.knots:
            knot.process.send_signal(1)

    # ---- the resolver ----

    def start_resolver(self, inner):
        folder = os.path.join(self.folder, "resolver")
        os.mkdir(folder)
        write(os.path.join(folder, "hints"), ". 3600 NS ns1.\nns1. 3600 A %s\n" % ROOT)
        lines = ""
        for zone, text in inner.items():
            path = write(os.path.join(folder, "zone-" + zone), text)
            lines += 'zone "%s" { type primary; file "%s"; };\n' % (zone, path)
        conf = write(os.path.join(folder, "conf"), NAMED % {
            "folder": folder, "address": RESOLVER, "port": self.port, "zones": lines})
        self.processes.append(Process([program("named"), "-g", "-n", "1", "-c", conf], b"running"))

    # ---- what is no server, or a bad one ----

    def hole(self, where):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind((where, self.port))
        return s

    def start_deaf(self):
        """A box before a server that lets pass only what it has heard of."""
        inside = self.hole(DEAF)
        self.sockets.append(inside)

        def serve():
            while True:
                try:
                    packet, sender = inside.recvfrom(4096)
                except OSError:
                    return
                at = 12
                while packet[at]:
                    at += 1 + packet[at]
                if struct.unpack(">H", packet[at + 1:at + 3])[0] == TYPES["CAA"]:
                    continue
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                    s.settimeout(5)
                    s.connect((ONE, self.port))
                    s.send(packet)
                    try:
                        inside.sendto(s.recv(65535), sender)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()

    def start_web(self):
        folder = os.path.join(self.folder, "web")
        os.mkdir(folder)
        conf = write(os.path.join(folder, "conf"), NGINX % {
            "folder": folder, "address": WEB, "port": self.port})
        web = subprocess.Popen([program("nginx"), "-p", folder, "-c", conf, "-g",
                                "error_log stderr notice;"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.web = web
        for _ in range(2000):
            with socket.socket() as s:
                s.settimeout(0.05)
                if s.connect_ex((WEB, self.port)) == 0:
                    return
                select.select([], [], [], 0.02)
        raise RuntimeError("nginx does not start: " + "".join(
            open(p, encoding="utf-8").read() for p in glob.glob(folder + "/error")))

    def end(self):
        for s in self.sockets:
            s.close()
        for p in self.processes:
            p.end()
        if hasattr(self, "web"):
            self.web.terminate()
            self.web.wait()
