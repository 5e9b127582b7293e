#!/usr/bin/python3
"""Putting records into zones by dynamic update, at DNS servers that others wrote (Knot DNS, BIND), as the
account's steps do it; and nsupdate's word on what is there."""
import os
import shutil
import socket
import subprocess
import sys
import tempfile

from visit import SOURCE, Missing, Server, Visit, expect, run

sys.path.insert(0, os.path.join(SOURCE, "tests", "cli"))
from aws_place import ACM, Aws          # noqa: E402

PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
KEYS = {"certty-test": "hmac-sha256", "long": "hmac-sha512", "middle": "hmac-sha384", "old": "hmac-sha1",
        "oldest": "hmac-md5"}
TOKEN = 'a b;"c\\d%`$<>'

ZONE = """$ORIGIN example.test.
$TTL 300
@ SOA ns1 root 1 3600 600 86400 300
@ NS ns1
ns1 A 127.0.0.1
full A 192.0.2.1
_text TXT "one"
_alias CNAME elsewhere.other.test.
_acme-challenge.www CNAME www.validation
"""

KNOT = """server:
    rundir: "%(folder)s"
    listen: 127.0.0.1@%(port)d
log:
  - target: stderr
    any: info
database:
    storage: "%(folder)s"
key:
%(keys)s
acl:
  - id: all
    address: 127.0.0.0/8
    key: [%(names)s]
    action: update
zone:
  - domain: example.test
    file: "%(folder)s/zone"
    acl: all
    zonefile-load: difference-no-serial
    zonefile-sync: -1
    journal-content: all
"""
KNOT_KEY = "  - id: %s\n    algorithm: %s\n    secret: " + SECRET + "\n"

BIND = """options {
    directory "%(folder)s"; pid-file "%(folder)s/pid"; session-keyfile "%(folder)s/session";
    managed-keys-directory "%(folder)s"; listen-on port %(port)d { 127.0.0.1; };
    listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no; allow-transfer { none; };
};
controls { };
%(keys)s
zone "example.test" {
    type primary; file "%(folder)s/zone"; journal "%(folder)s/zone.jnl";
    update-policy { %(grants)s };
};
"""
BIND_KEY = 'key "%s" { algorithm %s; secret "' + SECRET + '"; };\n'
GRANT = "grant %s subdomain example.test. TXT CNAME; "


def free_port():
    """One that is free for both sorts."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, socket.socket() as t:
            s.bind(("127.0.0.1", 0))
            try:
                t.bind(s.getsockname())
                return s.getsockname()[1]
            except OSError:
                continue


def program(name, package):
    found = shutil.which(name, path=PATH)
    if not found:
        raise Missing("%s is not installed (package %s)" % (name, package))
    return found


class Place:
    """A primary server that also stands for the resolver, and an account there."""

    def __init__(self, sort):
        self.sort = sort
        self.folder = tempfile.mkdtemp(prefix="certty-update-")
        self.port = free_port()
        self.at = "127.0.0.1@%d" % self.port
        values = {"folder": self.folder, "port": self.port, "names": ", ".join(KEYS)}
        self.write("zone", ZONE)
        self.write("config", "[dns]\nservers=%s\nport=%d\n" % (self.at, self.port))
        if sort == "knot":
            values["keys"] = "".join(KNOT_KEY % pair for pair in KEYS.items())
            argv = [program("knotd", "knot"), "-c", self.write("conf", KNOT % values)]
        else:
            values["keys"] = "".join(BIND_KEY % pair for pair in KEYS.items())
            values["grants"] = "".join(GRANT % name for name in KEYS)
            argv = [program("named", "bind9"), "-g", "-n", "1", "-c", self.write("conf", BIND % values)]
        self.server = Server(argv, self.port, log=os.path.join(self.folder, "log"))

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def visit(self, name="certty-test", algorithm="hmac-sha256", secret=SECRET, **more):
        answers = dict({"server": self.at, "zones": "example.test"}, **more)
        v = Visit("rfc2136", key_name=name, algorithm=algorithm, auth="key",
                  **{key: value for key, value in answers.items() if value})
        return v.say("config", os.path.join(self.folder, "config")).secret("secret", secret)

    def publish(self, v, *records):
        v.say("no-records")
        for record in records:
            v.say("record", record)
        return v.ask("publish")

    def has(self, name, kind):
        """What stands there, as dig prints it, sorted."""
        done = subprocess.run([program("dig", "bind9-dnsutils"), "@127.0.0.1", "-p", str(self.port), "+short",
                               "+norec", name, kind], stdout=subprocess.PIPE, timeout=60, check=True)
        return sorted(done.stdout.decode().splitlines())

    def serial(self):
        return int(self.has("example.test", "SOA")[0].split()[2])

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.server.end()
        shutil.rmtree(self.folder)


def adds(p):
    with p.visit() as v:
        v.good("test")
        before = p.serial()
        v.good("test")
        expect(p.serial() == before, "a test changed the zone")
        said = p.publish(v, "_x1.www.example.test. 300 IN CNAME _y2.acm-validations.test.",
                         '_text.example.test. 60 IN TXT "two"')
        expect(said["ok"] and said["published"] == 2, said)
        expect(p.has("_x1.www.example.test", "CNAME") == ["_y2.acm-validations.test."], "no CNAME")
        expect(p.has("_text.example.test", "TXT") == ['"one"', '"two"'], "others' values")
        before = p.serial()
        said = p.publish(v, "_x1.www.example.test. 300 IN CNAME _y2.acm-validations.test.",
                         '_text.example.test. 60 IN TXT "two"')
        expect(said["published"] == 2 and p.serial() == before, "it was put twice")


def takes(p):
    """Only what is named goes, and only that value."""
    with p.visit() as v:
        said = p.publish(v, '_text.example.test. 60 IN TXT "two"',
                         "_acme-challenge.www.example.test. 60 IN TXT t")
        expect(said["placed"] == ['example.test _text.example.test. 60 IN TXT "two"',
                                  "example.test www.validation.example.test. 60 IN TXT t"], said)
        v.say("no-records").say("record", '_text.example.test. 60 IN TXT "two"')
        v.say("record", "www.validation.example.test. 60 IN TXT t")
        said = v.ask("unpublish")
        expect(said["ok"] and said["published"] == 2, said)
        expect(p.has("_text.example.test", "TXT") == ['"one"'], p.has("_text.example.test", "TXT"))
        expect(p.has("www.validation.example.test", "TXT") == [], "it is there")
        before = p.serial()
        v.say("no-records").say("record", '_text.example.test. 60 IN TXT "two"')
        expect(v.ask("unpublish")["published"] == 1 and p.serial() == before, "what is gone is gone")


def bytes_of_a_token(p):
    with p.visit() as v:
        text = '"' + TOKEN.replace("\\", "\\\\").replace('"', '\\"') + '"'
        said = p.publish(v, "_pki-validation.example.test. 60 IN TXT " + text)
        expect(said["published"] == 1, said)
        found = p.has("_pki-validation.example.test", "TXT")
        expect(len(found) == 1 and found[0].replace("\\;", ";").replace("\\$", "$") == text, found)


def delegation(p):
    with p.visit() as v:
        said = p.publish(v, "_acme-challenge.www.example.test. 60 IN TXT token")
        expect(said["published"] == 1, said)
        expect(p.has("www.validation.example.test", "TXT") == ['"token"'], "not where the CNAME leads")
        expect(p.has("_acme-challenge.www.example.test", "CNAME") == ["www.validation.example.test."],
               "the CNAME is gone")


def in_the_way(p):
    with p.visit() as v:
        before = p.serial()
        for record, part in (("full.example.test. 60 IN CNAME x.test.", "YXDOMAIN"),
                             ("_text.example.test. 60 IN CNAME x.test.", "YXDOMAIN"),
                             ("_alias.example.test. 60 IN CNAME x.test.", "elsewhere.other.test")):
            said = p.publish(v, record)
            expect(not said["ok"] and said["published"] == 0 and part in said["error"], said)
        expect(p.serial() == before, "it changed the zone")
        said = p.publish(v, "full.example.test. 60 IN CNAME x.test.", "_fit.example.test. 60 IN TXT y")
        expect(said["ok"] and said["published"] == 1 and "YXDOMAIN" in said["troubles"][0], said)


def all_algorithms(p):
    for name, algorithm in KEYS.items():
        with p.visit(name, algorithm) as v:
            v.good("test")
            said = p.publish(v, "_%s.example.test. 60 IN TXT %s" % (name, algorithm))
            expect(said["published"] == 1, said)


def refused_keys(p):
    for name, algorithm, secret, part in (
            ("nobody", "hmac-sha256", SECRET, "BADKEY"), ("certty-test", "hmac-sha512", SECRET, "BADKEY"),
            ("certty-test", "hmac-sha256", "YW5vdGhlciBzZWNyZXQ=", "BADSIG")):
        # Without a zone Knot does not look at the key.
        for zones in ("example.test", "") if p.sort == "bind" else ("example.test",):
            with p.visit(name, algorithm, secret, zones=zones) as v:
                v.bad("sign-in", part, order="test")
        with p.visit(name, algorithm, secret) as v:
            said = p.publish(v, "_never.example.test. 60 IN TXT x")
            expect(not said["ok"] and said["code"] == "sign-in" and part in said["error"], said)
    expect(p.has("_never.example.test", "TXT") == [], "it was put")


def clock(p):
    with p.visit() as v:
        v.good("test")
        v.say("ahead", "3600").bad("sign-in", "BADTIME", "by 1 h", order="test")


def other_zones(p):
    with p.visit(zones="other.test") as v:
        said = p.publish(v, "_x.example.test. 60 IN TXT x")
        expect(said["ok"] and said["published"] == 0, said)
        v.bad("not-found", "NOTAUTH", order="test")


def any_zone(p):
    """No zone is named: those that the server has."""
    with p.visit(zones="") as v:
        v.good("test")
        said = p.publish(v, "_any.example.test. 60 IN TXT x")
        expect(said["published"] == 1, said)


def by_soa(p):
    """No server is named: the primary of the zone's SOA."""
    with p.visit(server="") as v:
        v.good("test")
        said = p.publish(v, "_soa.example.test. 60 IN TXT x")
        expect(said["published"] == 1, said)


def key_file(p):
    made = subprocess.run([program("tsig-keygen", "bind9"), "-a", "hmac-sha256", "certty-test"],
                          stdout=subprocess.PIPE, timeout=60, check=True, text=True).stdout
    head, _, tail = made.partition('secret "')
    path = p.write("key", head + 'secret "' + SECRET + tail[tail.index('"'):])
    with Visit("rfc2136", auth="tsig-file", tsig_file=path, zones="example.test", server=p.at) as v:
        v.say("config", os.path.join(p.folder, "config")).good("test")
    with Visit("rfc2136", auth="key", zones="example.test", server=p.at) as v:
        v.say("config", os.path.join(p.folder, "config")).say("paste", path).good("test")


def policy(p):
    """BIND alone can limit a key to types."""
    with p.visit() as v:
        said = p.publish(v, "_a.example.test. 60 IN A 192.0.2.7")
        expect(not said["ok"] and "REFUSED" in said["error"], said)


class Journey(Aws):
    """The program, with an account at the simulated AWS, whose world this server is."""

    def __init__(self, server):
        super().__init__()
        self.configure("[dns]\nservers=%s\nport=%d\n" % (server.at, server.port))
        self.sim.do("zone", name="example.test", account="999988887777")


def an_order(p):
    """The program: an order's challenge is published, and seen at the zone's server."""
    with Journey(p) as j:
        j.account()
        j.good("accounts", "add", "--name", "dns", "--provider", "rfc2136", "--keep", "memory", "--key-name",
               "certty-test", "--secret-command", "echo " + SECRET, "--zones", "example.test", "--server", p.at)
        j.good("order", "--names", "www.example.test", "--yes", ACM)
        row = j.request("www.example.test")
        name, _, _, kind, value = row["records"][0].split(" ")
        run_ = j.certty("publish", row["id"])
        expect("1 of 1 records stand in their zones, by dns" in run_.out, run_.out + run_.err)
        expect(p.has(name, kind) == [value], p.has(name, kind))
        j.sim.do("record", name=name, kind=kind, value=value)
        j.good("sync", row["id"])
        expect(j.request("www.example.test")["state"] == "issued", j.request("www.example.test"))


def by_hand(p):
    """What a plan says for the program nsupdate does what the program certty does."""
    with Journey(p) as j:
        key = p.write("key-by-hand", BIND_KEY % ("certty-test", "hmac-sha256"))
        j.account()
        j.good("accounts", "add", "--name", "dns", "--provider", "rfc2136", "--auth", "tsig-file",
               "--tsig-file", key, "--zones", "example.test", "--server", p.at)
        j.good("order", "--names", "hand.example.test", "--yes", ACM)
        row = j.request("hand.example.test")
        name, _, _, kind, value = row["records"][0].split(" ")
        plan = j.good("publish", "--dry-run", "-o", "json", row["id"]).json
        expect(p.has(name, kind) == [], "a plan put it there")
        [line] = [line for line in plan["commands"] if "nsupdate" in line]
        done = subprocess.run(["sh", "-ec", line], timeout=60, capture_output=True, check=False)
        expect(done.returncode == 0 and p.has(name, kind) == [value], (line, done.stderr))
        taken = line.replace("update add", "update delete").replace(" 300 IN ", " IN ")
        done = subprocess.run(["sh", "-ec", taken], timeout=60, capture_output=True, check=False)
        expect(done.returncode == 0 and p.has(name, kind) == [], (taken, done.stderr))


BOTH = (adds, takes, bytes_of_a_token, delegation, in_the_way, all_algorithms, refused_keys, clock, other_zones,
        any_zone, by_soa, key_file, an_order, by_hand)


def played(sort, case):
    with Place(sort) as p:
        case(p)


def main():
    cases = [(sort + ": " + case.__name__.replace("_", " "), lambda sort=sort, case=case: played(sort, case))
             for sort in ("knot", "bind") for case in BOTH + ((policy,) if sort == "bind" else ())]
    return run(cases)


sys.exit(main())
