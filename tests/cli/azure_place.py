"""What the tests of the program against the simulated Azure share: a place with an account there."""
import os
import sys

from place import Place

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
from azure_entra import APP, SECRET, TENANT     # noqa: E402
from azure_running import RunningAzure          # noqa: E402


STORE = "az/vault:kv-demo-1"


class Azure(Place):
    """A place with an account of the simulator, which has three subscriptions and, until a test makes one,
    no vault."""

    def __init__(self, *options):
        super().__init__()
        self.sim = RunningAzure(self.folder, *options).__enter__()
        self.do = self.sim.do

    def __exit__(self, *why):
        self.sim.__exit__(*why)
        super().__exit__(*why)

    def add(self, *more):
        self.good("accounts", "add", "--name", "az", "--provider", "azure", "--from", "client-secret",
                  "--tenant", TENANT, "--client-id", APP, "--cloud", "custom", "--authority", self.sim.url,
                  "--arm", self.sim.url, "--vault-suffix", self.sim.suffix, "--ca-file", self.sim.ca,
                  "--keep", "memory", "--client-secret-command", "printf '%%s' '%s'" % SECRET, *more)

    def account(self):
        self.add()
        found = self.good("account-stores", "az").out
        self.sim.settle()
        return found

    def state(self):
        return self.do("state")

    def calls(self, call):
        return self.state()["calls"].get(call, 0)

    def vault(self, name):
        return self.state()["vaults"][name]

    def begin(self, *more, count=3, **how):
        """One vault with certificates, which is a store."""
        self.do("vault", name="kv-demo-1", **how)
        self.do("seed", vault="kv-demo-1", name="c", count=count)
        self.add("--vaults", "all", *more)
        self.good("account-stores", "az")
        self.sim.settle()

    def names(self):
        return sorted(r["name"] for r in self.rows("certs")
                      if STORE in (place["store"] for place in r["places"]))

    def cert(self, name):
        return next(r for r in self.rows("certs") if r["name"] == name)["id"]

    def bundles(self):
        return self.calls("GET /certificates/NAME")
