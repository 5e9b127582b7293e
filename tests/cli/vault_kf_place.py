"""What the tests of the program against the simulator of Keyfactor's engine in Vault share: a place with
an account there, and an engine that is configured."""
import glob
import json
import os
import sys

from place import Place

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
import running      # noqa: E402

ROOT = "hvs.root-of-the-simulator"
ISSUER = "hvs.issuer"
STORE = "v/keyfactor:kf"
CA = "ca01.corp.example\\IssuingCA"


def lines(text):
    """A text without its line breaks and columns."""
    return " ".join(text.split())


class VaultKf(Place):
    """A place with an account of the simulator, whose mount `kf` is of that version."""

    def __init__(self, version="1.5.0", is_configured=True, token=ROOT):
        super().__init__()
        self.sim = running.Running("vault_keyfactor").__enter__()
        self.do("mount", path="kf", version=version)
        self.ask("PUT", "kf/roles/web", {"allowed_domains": "example.org", "allow_subdomains": True})
        if is_configured:
            self.ask("PUT", "kf/config", {"url": "https://command.example", "username": "svc",
                                          "password": "pw", "domain": "CORP", "ca": CA,
                                          "template": "WebServer"})
        self.good("accounts", "add", "--name", "v", "--provider", "vault", "--address", self.sim.url,
                  "--auth", "token", "--keep", "memory", "--token-command", "echo " + token)
        self.found = self.good("account-stores", "v").out

    def __exit__(self, *why):
        self.sim.__exit__(*why)
        super().__exit__(*why)

    def do(self, deed, **how):
        """Something of the simulator's own (vault_keyfactor.py); what it answers."""
        with self.sim.post("/sim/keyfactor", dict(how, do=deed)) as reply:
            return json.load(reply)["answer"]

    def ask(self, method, path, body=None):
        request = running.urllib.request.Request(self.sim.url + "/v1/" + path, method=method,
                                                 data=json.dumps(body).encode() if body else None,
                                                 headers={"X-Vault-Token": ROOT})
        with running.DIRECT.open(request, timeout=60) as reply:
            text = reply.read()
            return json.loads(text)["data"] if text else None

    def state(self):
        return self.do("state", path="kf")

    def order(self, names, *more, **how):
        return self.certty("--yes", "order", STORE, "--names", names, "--role", "web", *more, **how)

    def request_file(self, *names):
        running.openssl(self.folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "r.pem",
                        "-out", "r.csr", "-subj", "/CN=" + names[0], "-addext",
                        "subjectAltName=" + ",".join("DNS:" + n for n in names))
        return self.path("r.csr")

    def held(self):
        return {r["name"]: r for r in self.rows("certs")
                if STORE in (place["store"] for place in r["places"])}

    def kept(self, name, file="cert.pem"):
        return glob.glob(self.path("data", "certty", "store", name, "2*", file))

    def shown(self):
        return self.good("show", "stores/" + STORE).out
