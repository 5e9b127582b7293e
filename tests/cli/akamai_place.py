"""What the tests of the program against the simulator of Akamai share: a place with an account there."""
import importlib.util
import json
import os
import sys

from place import Place, same

MISSING = None if importlib.util.find_spec("akamai") else "python3-edgegrid is not installed"
sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
import running      # noqa: E402 pylint: disable=wrong-import-position

PRODUCTION, STAGING = "ak/production", "ak/staging"


def missing():
    """Why there is nothing to test against, or None."""
    return MISSING


class Beside:
    """An account of the simulator in a place that has others, with one enrollment."""

    def __init__(self, place, names, **how):
        self.place, self.names, self.known = place, names, set()
        self.sim = running.Running("akamai").__enter__()
        self.number, = self.do("seed", cn=names[0], sans=list(names), **how)["ids"]

    def __enter__(self):
        self.place.good("accounts", "add", "--name", "ak", "--provider", "akamai", "--host", self.sim.url,
                        "--client-token", "akab-client", "--access-token", "akab-access", "--keep", "memory",
                        "--client-secret-command", "echo c2VjcmV0")
        self.place.good("account-stores", "ak")
        self.known = {r["id"] for r in self.enrolments()}
        return self

    def __exit__(self, *why):
        self.sim.__exit__(*why)

    def do(self, deed, **how):
        with self.sim.post("/sim/akamai", dict(how, do=deed)) as reply:
            return json.load(reply)

    def row(self):
        found, = [r for r in self.enrolments() if r["id"] not in self.known]
        return found

    def enrolments(self):
        return [r for r in self.place.rows("requests") if r["type"] == "enroll"]

    def renew(self, *issuer, between=None):
        """A new key at Akamai, signed by that issuer once somebody did what is between, as far as both
        networks; the SHA-256 of what is there then."""
        self.place.good("enroll", "--names", ",".join(self.names), "--key-in", PRODUCTION, "--key-of",
                        str(self.number), *issuer, "--yes")
        for _ in range(2):
            self.do("advance", seconds=100)
        self.place.good("sync", self.row()["id"])
        if between:
            between(self)
            if self.row()["waits_for"]:
                self.place.good("sync", self.row()["id"])
        self.do("go", id=self.number, word="complete")
        there = self.do("state")["enrollments"][str(self.number)]
        same((self.row()["state"], there["deployed"]), ("issued", {
            network: [self.row()["result"]] for network in ("production", "staging")}), self.row())
        return self.row()["result"]


class Akamai(Place):
    """A place with an account of the simulator."""

    def __init__(self, *options):
        super().__init__()
        self.sim = running.Running("akamai", "--log", self.path("sim.log"), *options).__enter__()

    def __exit__(self, *why):
        self.sim.__exit__(*why)
        super().__exit__(*why)

    def do(self, deed, **how):
        """Something of the simulator's own (akamai_cps_control.py); what it answers."""
        with self.sim.post("/sim/akamai", dict(how, do=deed)) as reply:
            return json.load(reply)

    def add(self, *more):
        self.good("accounts", "add", "--name", "ak", "--provider", "akamai", "--host", self.sim.url,
                  "--client-token", "akab-client", "--access-token", "akab-access", "--keep", "memory",
                  "--client-secret-command", "echo c2VjcmV0", *more)

    def account(self, *more):
        self.add(*more)
        found = self.good("account-stores", "ak").out
        self.sim.settle()
        return found

    def calls(self, part=""):
        """What was asked of the gateway, "GET /cps/v2/…", oldest first."""
        with open(self.path("sim.log"), encoding="utf-8") as f:
            said = [json.loads(line) for line in f]
        all_ = ["%s %s" % (s["method"], s["target"]) for s in said if not s["target"].startswith("/sim/")]
        return [c for c in all_ if part in c]

    def forget_calls(self):
        with open(self.path("sim.log"), "w", encoding="utf-8"):
            pass

    def in_store(self, store):
        """The certificates there: name by alias."""
        return {place["place"]: r["name"] for r in self.rows("certs") for place in r["places"]
                if place["store"] == store}

    def cert(self, name):
        return next(r for r in self.rows("certs") if r["name"] == name)["id"]

    def request(self, title=None):
        """The one that waits, or that with such a title."""
        return next(r for r in self.rows("requests") if title in (None, r["title"]))

    def state(self, number):
        return self.do("state")["enrollments"][str(number)]
