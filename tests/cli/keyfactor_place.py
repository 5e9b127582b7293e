"""What the tests of the program against the simulator of Keyfactor Command share: a place with an
account there."""
import json
import os
import sys

from place import Place

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
import running      # noqa: E402

STORE = "kf/command"
TRIES_MOST = 9      # calls of one operation that fails, however often it may be asked again


class Keyfactor(Place):
    """A place with an account of the simulator."""

    def __init__(self):
        super().__init__()
        self.sim = running.Running("keyfactor").__enter__()

    def __exit__(self, *why):
        self.sim.__exit__(*why)
        super().__exit__(*why)

    def do(self, deed, **how):
        """Something of the simulator's own (keyfactor_control.py); what it answers."""
        with self.sim.post("/sim/keyfactor", dict(how, do=deed)) as reply:
            return json.load(reply)

    def add(self, user="CORP\\jo", password="pw: ü"):
        self.good("accounts", "add", "--name", "kf", "--provider", "keyfactor", "--host", self.sim.url,
                  "--auth", "basic", "--user", user, "--keep", "memory", "--password-command",
                  "printf '%%s' '%s'" % password)

    def account(self):
        self.add()
        found = self.good("account-stores", "kf").out
        self.sim.settle()
        return found

    def names(self):
        return sorted(r["name"] for r in self.rows("certs")
                      if STORE in (place["store"] for place in r["places"]))

    def cert(self, name):
        return next(r for r in self.rows("certs") if r["name"] == name)["id"]

    def request(self, title):
        return next(r for r in self.rows("requests") if r["title"] == title)

    def state(self):
        return self.do("state")

    def calls(self, call):
        return self.state()["calls"].get(call, 0)
