"""What the tests of the program against the simulator of Sectigo share: a place with an account there."""
import json
import os
import sys

from place import Place

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
import running      # noqa: E402

STORE = "scm/scm"
LOGIN, PASSWORD, CUSTOMER = "robot-example", "not-a-real-password", "exampleuni"
CLIENT, SECRET = "11112222-3333-4444-5555-666677778888", "not&a=real secret"
TOKENS = "/auth/realms/apiclients/protocol/openid-connect/token"


class Sectigo(Place):
    """A place with an account of the simulator, by one of its doors."""

    def __init__(self, by="password"):
        super().__init__()
        self.by = by
        self.sim = running.Running("sectigo").__enter__()

    def __exit__(self, *why):
        self.sim.__exit__(*why)
        super().__exit__(*why)

    def do(self, deed, **how):
        """Something of the simulator's own (DEEDS in sectigo.py); what it answers."""
        with self.sim.post("/sim/sectigo", dict(how, do=deed)) as reply:
            return json.load(reply)

    def account(self, *more):
        doors = {"password": ("--sign-in", "password", "--login", LOGIN, "--customer-uri", CUSTOMER,
                              "--password-command", "echo " + PASSWORD),
                 "api-key": ("--sign-in", "api-key", "--client-id", CLIENT, "--token-url",
                             self.sim.url + TOKENS, "--client-secret-command", "echo '%s'" % SECRET)}
        self.good("accounts", "add", "--name", "scm", "--provider", "sectigo", "--keep", "memory",
                  "--instance", "other", "--url", self.sim.url + "/api", *doors[self.by], *more)
        found = self.good("account-stores", "scm").out
        self.sim.settle()
        return found

    def refresh(self):
        return self.certty("refresh", STORE)

    def object(self, name, kind="domain"):
        return next(r for r in self.rows("objects") if r["type"] == kind and r["name"] == name)

    def domain(self, name):
        return next(r for r in self.rows("domains") if r["name"] == name)

    def request(self, title):
        return next(r for r in self.rows("requests") if r["title"] == title)

    def request_at(self, where):
        return next(r for r in self.rows("requests") if r["id"] == where)

    def theirs(self, name):
        return next(d for d in self.do("state")["domains"] if d["name"] == name)

    def calls(self, pattern):
        return self.do("state")["calls"].get(pattern, 0)
