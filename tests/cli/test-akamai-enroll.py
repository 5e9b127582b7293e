#!/usr/bin/python3
"""Enrolments whose keys are made at Akamai, signed by an authority here (a small CA), and brought back to the
simulated CPS, whose bodies jsonschema checks and whose time a test moves."""
import json

from akamai_place import Beside, missing, running
from enroll_place import STEPS_MOST, WRITES, Cloud, Small, traced
from keyfactor_place import STORE as COMMAND, Keyfactor
from place import case, cases, holds, same
from sectigo_place import STORE as SECTIGO, Sectigo

PROFILE = """[enrollment shop]
contract=C-0N7RAC7
country=DE
state=Bayern
city=Ansbach
organisation=Beispiel GmbH
org-name=Beispiel GmbH
org-address=Weg 1
org-city=Ansbach
org-region=Bayern
org-postal-code=91522
org-country=DE
org-phone=+49 981 5550100
admin-first-name=Ada
admin-last-name=Admin
admin-title=Administrator
admin-organisation=Beispiel GmbH
admin-email=ada@shop.example
admin-phone=+49 981 5550101
admin-address=Weg 1
admin-city=Ansbach
admin-region=Bayern
admin-postal-code=91522
admin-country=DE
tech-first-name=Tom
tech-last-name=Tech
tech-title=Engineer
tech-email=tom@akamai.com
tech-phone=+1 617 5550111
tech-address=Broadway 1
tech-city=Cambridge
tech-region=MA
tech-postal-code=02142
tech-country=US
"""
NAMES = "www.shop.example,api.shop.example"
STORE = "ak/production"


class Place(Small):
    """A place with a small CA and an account at Akamai."""

    def __init__(self, profile=PROFILE):
        super().__init__()
        self.sim = running.Running("akamai", "--log", self.path("sim.log")).__enter__()
        self.set(profile)

    def __exit__(self, *why):
        self.sim.__exit__(*why)
        super().__exit__(*why)

    def do(self, deed, **how):
        """Something of the simulator's own (akamai_cps_control.py); what it answers."""
        with self.sim.post("/sim/akamai", dict(how, do=deed)) as reply:
            return json.load(reply)

    def account(self):
        self.good("accounts", "add", "--name", "ak", "--provider", "akamai", "--host", self.sim.url,
                  "--client-token", "akab-client", "--access-token", "akab-access", "--keep", "memory",
                  "--client-secret-command", "echo c2VjcmV0")
        self.good("account-stores", "ak")
        return self

    def words(self, *more, names=NAMES):
        return ("enroll", "--names", names, "--issuer", "local/ca:" + self.path("ca"), "--key-in", STORE,
                "--yes", *more)

    def start(self, *more, names=NAMES):
        return self.certty(*self.words(*more, names=names))

    def theirs(self):
        return self.do("state")["enrollments"]

    def calls(self, part):
        with open(self.path("sim.log"), encoding="utf-8") as f:
            said = [json.loads(line) for line in f]
        return [s for s in said if part in "%s %s" % (s["method"], s["target"])]

    def later(self):
        """Akamai makes the key; then somebody looks."""
        for _ in range(2):
            self.do("advance", seconds=100)
        return self.good("sync", self.enrolment()["id"])


@case
def new_one():
    """a new enrollment: its key made at Akamai, signed here, brought back, and on its way to Staging"""
    if missing():
        return missing()
    with Place() as p:
        p.account()
        run = p.start("--key-profile", "shop", "--dry-run", names="www.shop.example&api.shop.example")
        same(run.status, 0, run.err)
        holds(run.out, "a new third-party enrollment", "POST", "/cps/v2/enrollments?contractId=C-0N7RAC7")
        same(p.theirs(), {})
        run = p.start("--key-profile", "shop", names="www.shop.example&api.shop.example")
        same(run.status, 0, run.out + run.err)
        holds(run.out, "Akamai makes the key")
        row = p.enrolment()
        same((row["waits_for"], row["can"][0]), ("the provider", "sync"), row)
        p.later()
        row = p.enrolment()
        holds(row["theirs"], "Waits for approval")
        p.good("refresh", "local/ca:" + p.path("ca"))
        p.approve()
        p.good("sync", row["id"])
        row = p.enrolment()
        same(row["state"], "issued", row)
        (number, there), = p.theirs().items()
        same(sorted(there["body"]["csr"]["sans"]), ["api.shop.example", "www.shop.example"])
        same(there["body"]["techContact"]["organizationName"], "Akamai")
        same(len(p.calls("POST /cps/v2/enrollments?")), 1)
        sent = json.loads(p.calls("third-party-cert-and-trust-chain")[0]["body"])
        one, = sent["certificatesAndTrustChains"]
        same((one["keyAlgorithm"], one["certificate"].count("BEGIN"), one["trustChain"]), ("RSA", 1, None))
        p.do("go", id=int(number), word="complete")
        same(p.theirs()[number]["deployed"]["production"], [row["result"]])
    return None


@case
def renewed():
    """an enrollment that is there gets a new key with all else as it is"""
    if missing():
        return missing()
    with Place(profile="") as p:
        p.account()
        number, = p.do("seed", cn="www.shop.example", sans=["www.shop.example", "api.shop.example"])["ids"]
        before = p.theirs()[str(number)]
        run = p.start("--key-of", str(number), names="www.shop.example,other.example")
        holds(run.out + run.err, "is for other names")
        p.good("dismiss", p.enrolment()["id"])
        same(p.start("--key-of", str(number)).status, 0)
        same(len(p.calls("PUT ")), 1)
        p.later()
        p.good("refresh", "local/ca:" + p.path("ca"))
        p.approve()
        row = next(r for r in p.enrolments() if r["waits_for"])
        p.good("sync", row["id"])
        after = p.theirs()[str(number)]
        same({k: v for k, v in after["body"].items() if k != "csr"},
             {k: v for k, v in before["body"].items() if k != "csr"})
        same(after["change"]["kind"], "renewal")
        same(after["change"]["word"] != "wait-upload-third-party", True, after["change"])
    return None


@case
def renew():
    """renew starts a change, which is a request then; one that is under way is left alone"""
    if missing():
        return missing()
    with Place(profile="") as p:
        p.account()
        number, = p.do("seed", cn="www.shop.example")["ids"]
        p.good("refresh", STORE)
        cert = next(r["id"] for r in p.rows("certs") if r["name"] == "www.shop.example")
        before = p.theirs()[str(number)]["body"]
        for words in (("renew", cert, "--yes"), p.words("--key-of", str(number), names="www.shop.example")):
            p.sim.fault(path="/cps/v2/enrollments/%d$" % number, method="GET", body="{}", status=200, times=1)
            run = p.certty(*words)
            holds(run.out + run.err, "has no common name", "nothing was changed")
        same(p.calls("PUT "), [])
        holds(p.good("renew", cert, "--dry-run").out, "force-renewal=true", "no change that is under way")
        same(p.theirs()[str(number)]["change"], None)
        holds(p.good("renew", cert, "--yes").out, "of enrollment %d makes a new key" % number)
        same((p.theirs()[str(number)]["change"]["kind"], p.theirs()[str(number)]["body"]), ("renewal", before))
        p.good("refresh", STORE)
        row, = [r for r in p.rows("requests") if r["type"] == "change"]
        holds(row["id"], "change:%d/" % number)
        run = p.certty("renew", cert, "--yes")
        holds(run.out + run.err, "is under way already")
        same(len(p.calls("PUT ")), 1)
    return None


@case
def renewed_by_issuer():
    """certificates that are marked get successors by an issuer that is named, as far as both networks"""
    if missing():
        return missing()
    with Place(profile="") as p:
        p.account()
        ca, names = "local/ca:" + p.path("ca"), ["one.shop.example", "two.shop.example"]
        ids = [p.do("seed", cn=name, sans=[name, "www." + name])["ids"][0] for name in names]
        p.good("refresh", STORE)
        p.good("refresh", ca)
        certs = [next(r["id"] for r in p.rows("certs") if r["name"] == name) for name in names]
        before = {number: p.theirs()[str(number)]["body"] for number in ids}
        holds(p.good("renew", certs[0], "--issuer", ca, "--dry-run").out, "?force-renewal=true",
              "third-party-cert-and-trust-chain", "which gets a new key")
        run = p.certty("renew", certs[0], "--issuer", ca, "--issuer-answers", "role=web", "--yes")
        holds(run.out + run.err, "'role' is nothing that", "asks for an enrolment")
        own = next(r["id"] for r in p.rows("certs") if r["name"] == "Small CA")
        run = p.certty("renew", own, "--issuer", ca, "--yes")
        same(run.status != 0, True, run.out)
        same((p.calls("PUT "), p.enrolments()), ([], []))
        p.good("renew", *certs, "--issuer", ca, "--yes")
        run = p.certty("renew", *certs, "--issuer", ca, "--yes")
        holds(run.out + run.err, "is renewed already, by the request")
        same((len(p.calls("PUT ")), len(p.enrolments())), (2, 2))
        for _ in range(2):
            p.do("advance", seconds=100)
        for row in p.enrolments():
            p.good("sync", row["id"])
        p.good("refresh", ca)
        for _ in names:
            p.approve()
        for row in p.enrolments():
            p.good("sync", row["id"])
        results = {r["title"]: (r["state"], r["result"]) for r in p.enrolments()}
        same({state for state, _ in results.values()}, {"issued"}, results)
        for number, name in zip(ids, names):
            p.do("go", id=number, word="complete")
            there = p.theirs()[str(number)]
            same((there["deployed"]["staging"], there["deployed"]["production"]), ([results[name][1]],) * 2)
            same(there["body"], before[number], "all else is as it was")
        same(len(p.calls("PUT ")), 2)
    return None


def by_command(p):
    p.account()
    issuer = ("--issuer", COMMAND, "--template", "WebServer")
    return Beside(p, ("web.example.org", "api.example.org")), issuer, None


def by_command_later(p):
    p.do("set", approval="ca")
    beside, issuer, _ = by_command(p)
    return beside, issuer, lambda a: p.do("decide", id=71)


def by_sectigo(p):
    p.do("domain", name="example.org", status="VALIDATED", method="CNAME", expires="2099-01-01")
    p.account()

    def approve(_):
        order = next(r for r in p.rows("requests") if r["type"] == "order")
        p.good("--yes", "approve", order["id"])
    return Beside(p, ("www.example.org",)), ("--issuer", SECTIGO, "--organization", "Example University",
                                             "--profile", "9001"), approve


def by_aws(p):
    return Beside(p, ("web.corp.example", "api.corp.example")), ("--issuer", "prod/ca:" + p.authority), None


def by_file(p):
    def supply(a):
        with open(p.path("out.csr"), encoding="utf-8") as f:
            made = a.do("sign", csr=f.read())
        with open(p.path("in.pem"), "w", encoding="utf-8") as f:
            f.write(made["root"] + made["chain"] + made["leaf"])     # in the wrong order, and with the root
        p.good("supply", a.row()["id"], "--file", p.path("in.pem"), "--yes")
    return Beside(p, ("www.shop.example",)), ("--csr-file", p.path("out.csr")), supply


@case
def by_any_issuer():
    """Keyfactor Command, at once and later; Sectigo; AWS Private CA; or whoever gets the request as a file"""
    if missing():
        return missing()
    for place, begin in ((Keyfactor, by_command), (Keyfactor, by_command_later), (Sectigo, by_sectigo),
                         (Cloud, by_aws), (Small, by_file)):
        with place() as p:
            beside, issuer, between = begin(p)
            with beside:
                beside.renew(*issuer, between=between)
    return None


def pass_by(p):
    for _ in range(3):
        p.do("advance", seconds=100)


def answered(p, word):
    """Somebody reads what CPS found, and says yes to just that."""
    row = next(r for r in p.rows("requests") if r["type"] == "change")
    holds(row["theirs"], word)
    p.good("approve", row["id"], "--yes", "--accept", "; ".join(row["oddities"]))
    pass_by(p)
    return row


@case
def both_of_a_pair():
    """both keys of a dual-stacked enrollment are renewed, with warnings on the way; or one is brought in"""
    if missing():
        return missing()
    with Place(profile="") as p:
        p.account()
        ca = "local/ca:" + p.path("ca")
        number, = p.do("seed", cn="www.shop.example", stacked=True)["ids"]
        p.do("set", pre_warnings="[SAN name [x] overlaps.]\n  with 10077", post_warnings="It is short-lived.")
        p.good("refresh", STORE)
        certs = [r["id"] for r in p.rows("certs") if r["name"] == "www.shop.example"]
        p.certty("renew", *certs, "--issuer", ca, "--yes")
        same((len(certs), p.theirs()[str(number)]["change"]["kind"]), (2, "renewal"))
        pass_by(p)
        for row in p.enrolments():
            holds(p.good("sync", row["id"]).out, "CPS found something")
        same(len(p.enrolments()), 2)
        p.good("refresh", STORE)
        answered(p, "wait-review-pre-verification")
        for row in p.enrolments():
            p.certty("sync", row["id"])
        p.good("refresh", ca)
        p.approve()
        waiting = {r["id"]: p.certty("sync", r["id"]).out for r in p.enrolments()}
        same(sum("One of two" in said for said in waiting.values()), 1, waiting)
        same(len(p.calls("third-party-cert-and-trust-chain")), 0)
        p.approve()
        for row in [r for r in p.enrolments() if r["theirs"] != "One of two"]:
            p.good("sync", row["id"])
        same(len(p.calls("third-party-cert-and-trust-chain")), 1)
        for row in [r for r in p.enrolments() if r["waits_for"]]:
            p.good("sync", row["id"])
        results = {r["result"] for r in p.enrolments() if r["state"] == "issued"}
        pass_by(p)
        p.good("sync", next(r["id"] for r in p.rows("requests") if r["type"] == "change"))
        holds(" ".join(answered(p, "wait-review-third-party-cert")["oddities"]), "It is short-lived.")
        p.do("go", id=number, word="complete")
        same((len(results), set(p.theirs()[str(number)]["deployed"]["production"])), (2, results))
    with Place(profile="") as p:
        p.account()
        number, = p.do("seed", cn="www.shop.example", stacked=True)["ids"]
        p.start("--key-of", str(number), names="www.shop.example")
        pass_by(p)
        p.certty("sync", p.enrolment()["id"])
        p.good("refresh", "local/ca:" + p.path("ca"))
        p.approve()
        p.good("sync", p.enrolment()["id"])
        same(p.enrolment()["theirs"], "One of two")
        p.good("refresh", STORE)
        change = next(r for r in p.rows("requests") if r["type"] == "change")
        made = p.do("sign", csr=p.theirs()[str(number)]["change"]["csrs"]["ECDSA"])
        with open(p.path("other.pem"), "w", encoding="utf-8") as f:
            f.write(made["leaf"] + made["chain"])
        p.good("supply", change["id"], "--file", p.path("other.pem"))
        p.good("sync", p.enrolment()["id"])
        same((p.enrolment()["state"], len(p.calls("third-party-cert-and-trust-chain"))), ("issued", 1))
    return None


@case
def never_twice():
    """an answer that is lost: what was created is gone on with, and one with that name is not made again"""
    if missing():
        return missing()
    with Place() as p:
        p.account()
        p.sim.fault(path="/cps/v2/enrollments$", method="POST", drop=True, times=1)
        run = p.start("--key-profile", "shop")
        same(run.status, 3, run.out + run.err)
        same(len(p.theirs()), 1)
        p.later()
        same(len(p.theirs()), 1)
        holds(p.enrolment()["theirs"], "Waits for approval")
        same(len(p.calls("POST /cps/v2/enrollments?")), 1)
    with Place() as p:
        p.account()
        number, = p.do("seed", cn="www.shop.example")["ids"]
        run = p.start("--key-profile", "shop")
        holds(run.out + run.err, "the enrollment %d has the common name" % number, "key-of=%d" % number)
        same(len(p.calls("POST /cps/")), 0)
    return None


@case
def warned():
    """what CPS finds before it makes a key is for a person, and is never acknowledged from here"""
    if missing():
        return missing()
    with Place() as p:
        p.account()
        p.do("set", pre_warnings="[SAN name [x] overlaps.]")
        p.start("--key-profile", "shop")
        p.later()
        row = p.enrolment()
        same((row["waits_for"], row["theirs"]), ("you", "Warnings"), row)
        holds(row["reason"], "read and answer it at its change")
        same(p.calls("-ack"), [])
        p.good("withdraw", row["id"], "--yes")
        same(p.theirs(), {}, "its first change took it along")
    return None


@case
def refused():
    """what CPS would refuse without saying why is said before anything is sent"""
    if missing():
        return missing()
    with Place(PROFILE.replace("tom@akamai.com", "tom@shop.example").replace("+49 981 5550100", "ask Ada")
               .replace("admin-city=Ansbach", "admin-city=SET-DEFAULT")) as p:
        p.account()
        for more in (("--dry-run",), ()):
            run = p.start("--key-profile", "shop", *more)
            holds(run.out + run.err, "not an address at akamai.com", "(org-phone) is no phone number",
                  "(admin-city) is still the placeholder")
        run = p.start("--key-profile", "shpo", "--dry-run")
        holds(run.out + run.err, "there are shop")
        run = p.start("--key-profile", "shop", "--to", "local/repository")
        holds(run.out + run.err, "the key stays at")
        same(p.calls("POST /cps/"), [])
    return None


@case
def paced():
    """Akamai makes one enrollment in five minutes: the second one says so, and goes on later"""
    if missing():
        return missing()
    with Place() as p:
        p.account()
        p.do("set", pace=True)
        same(p.start("--key-profile", "shop").status, 0)
        run = p.start("--key-profile", "shop", names="mail.shop.example")
        same(run.status, 3, run.out + run.err)
        holds(run.err, "less than five minutes ago")
        p.do("advance", seconds=301)
        p.good("sync", next(r["id"] for r in p.enrolments() if r["title"] == "mail.shop.example"))
        same(len(p.theirs()), 2)
    return None


HEAD = "cn,sans,key-in,key-profile,key-of,issuer\n"


def csv(p, *lines, head=HEAD):
    with open(p.path("many.csv"), "w", encoding="utf-8") as f:
        f.write(head)
        f.writelines(line.format(ca="local/ca:" + p.path("ca"), there=STORE) + "\n" for line in lines)
    return p.path("many.csv")


@case
def many():
    """a file of enrolments: looked at whole first, begun line by line, gone on with after an end, none twice"""
    if missing():
        return missing()
    with Place() as p:
        p.account()
        out = p.good("enrollments", "template").out
        holds(out, "cn,sans,", "www.example.org&api.example.org")
        with open(p.path("as-it-is.csv"), "w", encoding="utf-8") as f:
            f.write(out)
        run = p.certty("enrollments", "import", p.path("as-it-is.csv"), "--yes")
        holds(run.err, "line 2: none of the stores", "nothing was begun")
        number, = p.do("seed", cn="old.shop.example")["ids"]
        bad = csv(p, "www.shop.example,www.shop.example&api.shop.example,{there},shop,,{ca}",
                  "mail.shop.example,www.shop.example,{there},shop,,{ca}",
                  "a.shop.example,,{there},shpo,,{ca}",
                  "b.shop.example,,ak/nowhere,shop,,{ca}",
                  "WWW.shop.example,,{there},shop,,{ca}",
                  "c shop.example,,{there},shop,,{ca}",
                  "d.shop.example,d.shop.example&-d,{there},shop,,{ca}",
                  "e.shop.example,,{there},shop,,",
                  "f.shop.example,,{there},shop,ten,{ca}")
        run = p.certty("enrollments", "import", bad, "--yes")
        same(run.status != 0, True, run.out)
        holds(run.err, "line 3: the common name mail.shop.example is not among its SANs",
              "line 4: ", "there are shop", "line 5: none of the stores",
              "line 6: it is for the same name and the same store as line 2",
              "line 7: the common name is one name", "line 8: ", "'-d' is no host name",
              "line 9: say who signs it", "line 10: ",
              "8 of 9 lines are bad, so nothing was begun")
        same((p.calls("POST /cps/"), p.enrolments()), ([], []))
        for head, said in (("cn,colour\n", "nothing is called 'colour'"), ("sans,issuer\n", "no column cn")):
            run = p.certty("enrollments", "import", csv(p, "x,y", head=head), "--yes")
            holds(run.err, said)
        head = HEAD.strip() + ",admin-email,org-city,contract\n"
        bad = csv(p, "www.shop.example,,{there},shop,,{ca},nobody,,",
                  "a.shop.example,,{there},shop,,{ca},,a;b,",
                  "old.shop.example,,{there},,%d,{ca},,Ulm," % number,
                  "b.shop.example,,{there},shop,,{ca},,SET-DEFAULT,", head=head)
        run = p.certty("enrollments", "import", bad, "--yes")
        holds(run.err, "line 2: ", "(admin-email) is no e-mail address", "line 3: org-city may have no ';'",
              "line 4: ", "keeps all else as it is", "line 5: ", "(org-city) is still the placeholder",
              "4 of 4 lines are bad")
        run = p.start("--key-profile", "shop", "--key-answers", "org-cty=Ulm", "--dry-run")
        holds(run.out + run.err, "'org-cty' is nothing that a profile", "org-city")
        good = csv(p, "www.shop.example,api.shop.example&www.shop.example,{there},shop,,{ca}",
                   "mail.shop.example,,{there},shop,,{ca}",
                   "old.shop.example,,{there},,%d,{ca}" % number)
        holds(p.good("enrollments", "import", good, "--dry-run").out, "line 2: www.shop.example begins",
              "a new key for enrollment %d" % number, "Nothing was begun")
        same((p.calls("POST /cps/"), p.calls("PUT /cps/"), p.enrolments()), ([], [], []))
        if not traced():
            died = p.die_at(WRITES[0], 6, "enrollments", "import", good, "--yes")
            same(died, True, "it was ended in the midst")
            holds(p.good("enrollments", "import", good, "--dry-run").out, "is begun already, as the request")
            for row in p.enrolments():
                p.certty("sync", row["id"])
        run = p.certty("enrollments", "import", good, "--yes")
        same(run.status, 0, run.out + run.err)
        same(len(p.enrolments()), 3)
        same((len(p.theirs()), len(p.calls("POST /cps/v2/enrollments?")), len(p.calls("PUT /cps/"))), (3, 2, 1))
        named = {tuple(sorted(e["body"]["csr"]["sans"] or [])) for e in p.theirs().values()}
        same(("api.shop.example", "www.shop.example") in named, True, named)
        calls = len(p.calls(""))
        holds(p.good("enrollments", "import", good, "--yes").out, "line 4: old.shop.example is begun already",
              "nothing to begin")
        same(len(p.calls("")), calls, "nothing is asked for what is there")
        other = csv(p, "ulm.shop.example,,{there},shop,,{ca},eva@shop.example,"
                    "\"Ulm, Donau\",admin-city=Neu-Ulm",
                    head=HEAD.strip() + ",admin-email,org-city,key-answers\n")
        p.good("enrollments", "import", other, "--yes")
        body = next(e["body"] for e in p.theirs().values() if e["body"]["csr"]["cn"] == "ulm.shop.example")
        same((body["adminContact"]["email"], body["org"]["city"], body["adminContact"]["city"]),
             ("eva@shop.example", "Ulm, Donau", "Neu-Ulm"))
    return None


@case
def killed():
    """ended just before any of its writes it goes on from there, and nothing is made at Akamai twice"""
    why = missing() or traced()
    if why:
        return why
    with Place() as p:
        p.account()
        p.do("set", stage=0)
        begun = 0
        for calls in WRITES:
            for n in range(1, STEPS_MOST):
                known, before = {r["id"] for r in p.enrolments()}, len(p.calls("POST /cps/"))
                died = p.die_at(calls, n, *p.words("--key-profile", "shop"))
                fresh = [r["id"] for r in p.enrolments() if r["id"] not in known]
                for one in fresh:
                    begun += died
                    p.good("sync", one)
                same((len(p.theirs()), len(p.calls("POST /cps/")) - before), (len(fresh), len(fresh)),
                     "%s %d" % (calls, n))
                for one in fresh:
                    p.good("withdraw", "--yes", one)
                same(p.theirs(), {}, "its key is given back")
                if not died:
                    break
            same(died, False, "it never came to its end")
        same(begun >= 4, True, "it was ended in the midst of them: %d" % begun)
    return None


@case
def killed_renewing():
    """a renewal by an issuer that is ended before any of its writes goes on, and starts no second change"""
    why = missing() or traced()
    if why:
        return why
    with Place(profile="") as p:
        p.account()
        p.do("set", stage=0)
        number, = p.do("seed", cn="www.shop.example")["ids"]
        p.good("refresh", STORE)
        cert = next(r["id"] for r in p.rows("certs") if r["name"] == "www.shop.example")
        begun = 0
        for n in range(1, STEPS_MOST):
            known, before = {r["id"] for r in p.enrolments()}, len(p.calls("PUT /cps/"))
            died = p.die_at(WRITES[0], n, "renew", cert, "--issuer", "local/ca:" + p.path("ca"), "--yes")
            fresh = [r["id"] for r in p.enrolments() if r["id"] not in known]
            for one in fresh:
                begun += died
                p.good("sync", one)
            same(len(p.calls("PUT /cps/")) - before, len(fresh), "at %d" % n)
            for one in fresh:
                p.good("withdraw", "--yes", one)
            same(p.theirs()[str(number)]["change"], None, "its key is given back")
            if not died:
                break
        same((died, begun >= 2), (False, True), "it was ended in the midst of it: %d" % begun)
    return None


cases()
