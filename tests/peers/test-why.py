#!/usr/bin/python3
"""Planted faults: certty why must name each, and call none of them fine, nor what is fine a fault.

The servers are others' (why_world.py).  A fault is a zone with something wrong in it, what certty is
asked about it, and the words that its one sentence must hold.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "lint"))
import lint
import why_world
from why_world import CLOSED, DEAF, NOBODY, ONE, RESOLVER, SILENT, TWO, WEB, Zone

PROGRAM = os.environ.get("CERTTY_PROGRAM") or os.path.join(
    os.environ.get("top_builddir", "build"), "certty")
WITHIN = 5 * float(os.environ.get("CERTTY_SLOWNESS", "1"))
CNAME = "_a1.www CNAME _b2.acm-validations.aws.\n"
TXT = '_acme-challenge.www TXT "Tok3n-of-a-CA"\n'
RECORD = ("--record", "_a1.www.%s.test CNAME _b2.acm-validations.aws.")
TOKEN = ("--record", '_acme-challenge.www.%s.test TXT "Tok3n-of-a-CA"')
AMAZON = RECORD + ("--ca", "amazon")
NAME = ("www.%s.test",)
PAST = ["-s", "20200101000000", "-e", "20200201000000"]
FUTURE = ["-s", "now+864000", "-e", "now+1728000"]
URI = ' accounturi=https://ca.test/acct/'


def caa(text, owner="@"):
    return '%s CAA %s\n' % (owner, text)


def many(n, last):
    """A chain of CNAMEs."""
    return ("_acme-challenge.www CNAME c0\n" +
            "".join("c%d CNAME c%d\n" % (i, i + 1) for i in range(n)) + "c%d %s\n" % (n, last))


# Name of the case: the zone, what is asked, the check that is the culprit ("": nothing is wrong),
# words of the sentence.  %s is the name of the case.
CASES = {
    # ---- fine ----
    "fine-cname": (Zone(CNAME), RECORD, "", "nothing stands in the way"),
    "fine-text": (Zone(TXT), TOKEN, "", "nothing"),
    "fine-signed": (Zone(CNAME, sign=[]), RECORD, "", "nothing"),
    "fine-signed3": (Zone(TXT, sign=["-3", "-"]), TOKEN, "", "nothing"),
    "fine-name": (Zone(), NAME, "", "nothing"),
    "fine-more": (Zone(TXT + '_acme-challenge.www TXT "another"\n'), TOKEN, "", "nothing"),
    "fine-alias": (Zone('_acme-challenge.www CNAME tok.x\ntok.x TXT "Tok3n-of-a-CA"\n'), TOKEN, "",
                   "nothing"),
    "fine-away": (Zone("_acme-challenge.www CNAME _acme-challenge.www.fine-text.test.\n"), TOKEN, "",
                  "nothing"),
    "fine-caa": (Zone(CNAME + caa('0 issue "amazontrust.com"') + caa('0 issue "other.test"')), AMAZON,
                 "", "nothing"),
    "fine-near": (Zone(CNAME + caa('0 issue ";"') + caa('0 issue "amazon.com"', "www")), AMAZON, "",
                  "nothing"),
    "fine-wild": (Zone(caa('0 issue ";"') + caa('0 issuewild "pki.goog"')),
                  ("*.www.%s.test", "--ca", "google"), "", "nothing"),
    "fine-http": (Zone("www A %s\n" % WEB), NAME + ("--http", "/.well-known/token abc.def"), "",
                  "nothing"),
    "fine-uri": (Zone(TXT + caa('0 issue "letsencrypt.org;%s7; validationmethods=dns-01"' % URI)),
                 TOKEN + ("--ca", "letsencrypt", "--account-uri", "https://ca.test/acct/7"), "",
                 "nothing"),
    # ---- the record ----
    "absent": (Zone(), RECORD, "record", "no server of absent.test has the record _a1.www.absent.test"),
    "lags": (Zone(one=CNAME, serials=(3, 2)), RECORD, "record", "ns2.lags.test"),
    "stale": (Zone(one=CNAME, two="_a1.www CNAME _old.acm-validations.aws.\n"), RECORD, "record",
              "ns2.stale.test (127.0.1.5) has another value"),
    "other": (Zone("_a1.www CNAME _zz.acm-validations.aws.\n"), RECORD, "record", "another value"),
    "twice": (Zone("_a1.www.twice.test CNAME _b2.acm-validations.aws.\n"), RECORD, "record",
              "stands there twice"),
    "short": (Zone("_a1 CNAME _b2.acm-validations.aws.\n"), RECORD, "record",
              "parts of the name are missing"),
    "nodot": (Zone("_a1.www CNAME _b2.acm-validations.aws\n"), RECORD, "record",
              "the dot at its end is missing"),
    "cut": (Zone("_a1.www CNAME _b2.acm-validations.\n"), RECORD, "record", "last parts are missing"),
    "cutdot": (Zone("_a1.www CNAME _b2\n"), RECORD, "record", "the zone's name stands there instead"),
    "quotes": (Zone('_acme-challenge.www TXT "\\"Tok3n-of-a-CA\\""\n'), TOKEN, "record", "quotes"),
    "textcut": (Zone('_acme-challenge.www TXT "Tok3n-of"\n'), TOKEN, "record", "its end is missing"),
    "case": (Zone('_acme-challenge.www TXT "tok3n-of-a-ca"\n'), TOKEN, "record", "differ in case"),
    "blank": (Zone('_acme-challenge.www TXT "Tok3n-of-a-CA "\n'), TOKEN, "record", "blanks"),
    "type": (Zone('_a1.www TXT "_b2.acm-validations.aws."\n'), RECORD, "record", "another type: TXT"),
    "alias": (Zone('_acme-challenge.www CNAME tok.x\ntok.x TXT "older"\n'), TOKEN, "record",
              "tok.x.alias.test"),
    "aliasnone": (Zone("_acme-challenge.www CNAME tok.x\n"), TOKEN, "record",
                  "is a CNAME to tok.x.aliasnone.test, and the record is not there"),
    "circle": (Zone("_acme-challenge.www CNAME b\nb CNAME _acme-challenge.www\n"), TOKEN, "alias",
               "in a circle"),
    "chain": (Zone(many(12, 'TXT "Tok3n-of-a-CA"')), TOKEN, "alias", "too many names"),
    "dangling": (Zone("_acme-challenge.www CNAME tok.nobody-has-it.test.\n"), TOKEN, "zone",
                 "nobody-has-it.test is not delegated"),
    # ---- delegation and servers ----
    "gone": (Zone(CNAME, named=[]), RECORD, "zone", "gone.test is not delegated"),
    "dead": (Zone(own=[("ns1", NOBODY), ("ns2", SILENT)], named=[("ns1", NOBODY), ("ns2", SILENT)]),
             RECORD, "servers", "does not answer"),
    "silent": (Zone(CNAME, own=[("ns1", ONE), ("ns2", SILENT)], named=[("ns1", ONE), ("ns2", SILENT)]),
               RECORD, "servers", "ns2.silent.test (127.0.1.6)"),
    "lame": (Zone(CNAME, on="1"), RECORD, "servers",
             "ns2.lame.test (127.0.1.5), which lame.test names as a server of lame.test, does not serve"),
    "lameall": (Zone(CNAME, on=""), RECORD, "servers", "does not serve the zone"),
    "fails": (Zone(CNAME, broken="2"), RECORD, "servers", "something is wrong there"),
    "noaddress": (Zone(CNAME, own=[("ns1", ONE), ("ns2", TWO), ("ns3.nowhere.test.", None)],
                       named=[("ns1", ONE), ("ns2", TWO), ("ns3.nowhere.test.", None)]),
                  RECORD, "servers", "ns3.nowhere.test"),
    "moved": (Zone(one=CNAME, own=[("ns1", ONE)], named=[("ns2", TWO)], two="@ NS ns1\nns2 A 127.0.1.5\n"),
              RECORD, "delegation", "test still names ns2.moved.test"),
    "names": (Zone(CNAME, named=[("ns1", ONE)]), RECORD, "names", "test names other servers"),
    "glue": (Zone(CNAME, named=[("ns1", NOBODY), ("ns2", TWO)]), RECORD, "servers",
             "ns1.glue.test (127.0.1.7)"),
    "oldglue": (Zone(CNAME, named=[("ns1", TWO), ("ns2", TWO)]), RECORD, "glue",
                "old address for ns1.oldglue.test: 127.0.1.5"),
    # ---- who sees what ----
    "split": (Zone(), RECORD, "split-horizon", "another zone split.test"),
    "hidden": (Zone(named=[]), RECORD, "delegation", "do not delegate hidden.test"),
    "negative": (Zone(CNAME, serials=(5, 5)), RECORD, "cache", "remembers that there is none"),
    "remembered": (Zone(CNAME, serials=(5, 5)), RECORD, "cache", "remembers another value"),
    # ---- CAA ----
    "caa": (Zone(CNAME + caa('0 issue "letsencrypt.org"')), AMAZON, "caa",
            "the CAA records of caa.test do not let amazon issue"),
    "caanobody": (Zone(CNAME + caa('0 issue ";"')), RECORD, "caa", "forbid every CA"),
    "caahost": (Zone(CNAME + caa('0 issue "amazon.com"') + caa('0 issue "pki.goog"', "www")), AMAZON,
                "caa", "the CAA records of www.caahost.test"),
    "critical": (Zone(CNAME + caa('128 future "x"') + caa('0 issue "amazon.com"')), AMAZON, "caa",
                 "critical"),
    "wild": (Zone(caa('0 issue "amazon.com"') + caa('0 issuewild ";"')),
             ("*.www.%s.test", "--ca", "amazon"), "caa", "for a wildcard"),
    "account": (Zone(TXT + caa('0 issue "letsencrypt.org;%s1"' % URI)),
                TOKEN + ("--ca", "letsencrypt", "--account-uri", "https://ca.test/acct/7"), "caa",
                "another account"),
    "method": (Zone(TXT + caa('0 issue "letsencrypt.org; validationmethods=http-01"')),
               TOKEN + ("--ca", "letsencrypt"), "caa", "other methods than dns-01"),
    "caaalias": (Zone("www CNAME www.caahost.test.\n"), NAME + ("--ca", "amazon"), "caa",
                 "do not let amazon issue"),
    "caadeaf": (Zone(CNAME, own=[("ns1", DEAF)], named=[("ns1", DEAF)]), AMAZON, "caa",
                "does not answer when it is asked for CAA"),
    # ---- DNSSEC ----
    "expired": (Zone(CNAME, sign=PAST), RECORD, "dnssec", "a signature of expired.test has ended"),
    "early": (Zone(CNAME, sign=FUTURE), RECORD, "dnssec", "does not hold yet"),
    "bogus": (Zone(TXT.replace("Tok3n", "Other"), sign=[], tamper=("Other-of", "Tok3n-of")), TOKEN,
              "dnssec", "does not fit what it signs: TXT of _acme-challenge.www.bogus.test"),
    "wrongds": (Zone(CNAME, sign=[], ds="wrong"), RECORD, "dnssec", "the chain is broken"),
    "unsigned": (Zone(CNAME, ds="wrong"), RECORD, "dnssec", "there is no signature"),
    "island": (Zone(CNAME, sign=[], ds="none"), RECORD, "dnssec", "its parent has no DS"),
    "halfstale": (Zone(CNAME, sign=PAST, stale=True), RECORD, "dnssec", "has ended"),
    # ---- HTTP ----
    "status": (Zone("www A %s\n" % WEB), NAME + ("--http", "/.well-known/none abc"), "http",
               "status 404"),
    "token": (Zone("www A %s\n" % WEB), NAME + ("--http", "/.well-known/token abc"), "http",
              "has something else there: abc.def"),
    "redirect": (Zone("www A %s\n" % WEB), NAME + ("--http", "/.well-known/moved abc"), "http",
                 "sends one on to https://elsewhere.test/token"),
    "closed": (Zone("www A %s\n" % CLOSED), NAME + ("--http", "/.well-known/token abc.def"), "http",
               "lets nobody in on port 80"),
    "nowhere": (Zone("www TXT x\n"), NAME + ("--http", "/.well-known/token abc.def"), "http",
                "has no address"),
}
INNER = {name + ".test": why_world.HEAD % {"zone": name + ".test", "serial": 9} +
         "@ NS inner\ninner A 127.0.0.1\n" + CNAME for name in ("split", "hidden")}


class Place:
    def __init__(self, folder, port, anchor):
        self.folder, self.port, self.anchor = folder, port, anchor
        self.environ = dict(os.environ, HOME=folder, XDG_STATE_HOME=folder, XDG_DATA_HOME=folder,
                            XDG_CONFIG_HOME=folder)
        self.configure()

    def configure(self, resolver=RESOLVER, more=""):
        self.config = why_world.write(os.path.join(self.folder, "conf"), "[local]\nfolders=%s\n"
            "[dns]\nservers=%s@%d\nport=%d\nhttp-port=%d\nanchor=%s\n%s" % (
                self.folder, resolver, self.port, self.port, self.port, self.anchor, more))

    def why(self, *args, form="json"):
        began = time.monotonic()
        done = subprocess.run([PROGRAM, "--config", self.config, "why", *args, "-o", form],
                              env=self.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=120, check=False)
        took = time.monotonic() - began
        return done.returncode, done.stdout.decode(), done.stderr.decode(), took


def judge(p, key, asked, check, words):
    """What is wrong with what certty says; [] when nothing is."""
    args = [a % key if "%s" in a else a for a in asked]
    for _ in range(3):	# whoever else uses this machine may cost one look its time
        status, out, err, took = p.why(*args)
        if took < WITHIN:
            break
    try:
        page = json.loads(out)
    except ValueError:
        return ["%d %s %s" % (status, out, err)]
    wrong = []
    if page["culprit"] != check or words not in page["said"]:
        wrong.append("said %s: %s" % (page["culprit"], page["said"]))
        wrong += [str(f) for f in page["findings"]]
    if status != (1 if check else 0):
        wrong.append("status %d" % status)
    if took >= WITHIN:
        wrong.append("took %.1f s" % took)
    culprits = [f for f in page["findings"] if f["said"] == page["said"]]
    if check and not (culprits and culprits[0]["do"]):
        wrong.append("does not say what to do")
    if check == "record" and not (culprits[0]["record"] and culprits[0]["evidence"]):
        wrong.append("shows no record, or nothing that proves it: %s" % culprits)
    return wrong


def until(where, world, name, kind, wanted):
    for _ in range(3000):
        if why_world.ask(where, world.port, name, kind) in wanted:
            return
    raise RuntimeError("%s never says of %s what it should" % (where, name))


def plant_memories(world):
    """What the resolver remembers: it is asked, and only then the zones get the right record."""
    for key in ("negative", "remembered"):
        until(RESOLVER, world, "_a1.www.%s.test" % key, "CNAME", (0, 1))
        z = world.zones[key]
        z.both, z.serials = CNAME + "ready TXT x\n", (9, 9)
    world.change(["negative", "remembered"])
    for key in ("negative", "remembered"):
        for where in (ONE, TWO):
            until(where, world, "ready.%s.test" % key, "TXT", (1,))


def look_at_all(tap, p):
    slowest = 0
    for key, (_, asked, check, words) in CASES.items():
        began = time.monotonic()
        wrong = judge(p, key, asked, check, words)
        slowest = max(slowest, time.monotonic() - began)
        tap.ok("%s: %s" % (key, check or "fine"), wrong)
    print("# the slowest took %.1f s" % slowest)


def look_elsewhere(tap, p):
    """What is no zone's fault."""
    status, out, err, _ = p.why("www.nobody-has-it.test")
    tap.ok("a domain that nobody has", [] if status == 1 and
           "nobody-has-it.test is not delegated" in out else [out + err])
    p.configure(resolver=NOBODY)
    status, out, err, _ = p.why("www.fine-name.test")
    tap.ok("no resolver is no good news", [] if status == 3 and "no DNS resolver answers" in out
           else ["%d %s %s" % (status, out, err)])
    p.configure(more="[safety]\nhosts=%s\n" % ONE)
    status, out, err, _ = p.why("--record", "_a1.www.fine-cname.test CNAME _b2.acm-validations.aws.")
    tap.ok("safety.hosts is obeyed", [] if "safety.hosts does not name it" in out and
           "ns2.fine-cname.test" in out else ["%d %s %s" % (status, out, err)])
    p.configure()
    status, out, err, _ = p.why("www.expired.test", form="text")
    tap.ok("as text: the sentence first", [] if status == 1 and
           out.startswith("a signature of expired.test has ended") and "Evidence" in out else [out + err])
    status, out, err, _ = p.why("a name with blanks")
    tap.ok("what is no name", [] if status == 2 and "is no name of a host" in err else
           ["%d %s %s" % (status, out, err)])


def main():
    tap = lint.Tap()
    missing = why_world.missing()
    if missing:
        tap.skip("why", "not installed: %s (packages knot, bind9, bind9-utils, nginx-light)"
                 % ", ".join(missing))
        tap.done()
    with tempfile.TemporaryDirectory(prefix="certty-why-") as folder:
        zones = {key: case[0] for key, case in CASES.items()}
        zones["negative"].both = ""
        zones["remembered"].both = "_a1.www CNAME _old.acm-validations.aws.\n"
        world = None
        try:
            world = why_world.World(folder, zones, INNER)
            world.start()
            home = os.path.join(folder, "home")
            os.mkdir(home)
            plant_memories(world)
            p = Place(home, world.port, world.anchor)
            look_at_all(tap, p)
            look_elsewhere(tap, p)
        finally:
            if world:
                world.end()
    tap.done()


main()
