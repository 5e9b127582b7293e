"""What the tests of the program against the simulator of AWS share: a place with an account there."""
import os
import sys

from place import Place, holds, same

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
import running      # noqa: E402

ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
REGIONS = ["eu-central-1", "eu-west-1", "us-east-1", "us-east-2"]
ACM = "prod/acm:eu-west-1"
PASSPHRASE = b"passphrase=correct horse battery\n"
QUICK = {"CERTTY_REFRESH_PATIENCE": "2"}
HTML = "<html><head><title>Proxy</title></head><body>Blocked by policy</body></html>"
JSON = {"Content-Type": "application/x-amz-json-1.1"}
MOST_SENTENCE = 700
TRIES_MOST = 9      # calls of one operation that fails, however often it may be asked again


def one_sentence(run, *parts):
    """What went wrong, once, and not as long as a page."""
    lines = [line for line in run.err.splitlines() if line.startswith("certty: ")]
    same(len(lines), 1, run.err)
    if len(lines[0]) > MOST_SENTENCE or "<html" in run.err or "\\u" in run.err:
        raise AssertionError("no sentence: %s" % run.err)
    holds(lines[0], *parts)


class Aws(Place):
    """A place with an account of the simulator; DNS is the simulator's too."""

    def __init__(self):
        super().__init__()
        self.sim = running.Running("aws").__enter__()
        port = self.sim.do("dns")["port"]
        self.configure("[dns]\nservers=127.0.0.1@%d\nport=%d\n" % (port, port))

    def __exit__(self, *why):
        self.sim.__exit__(*why)
        super().__exit__(*why)

    def account(self, key=ID, secret=SECRET, *more):
        self.good("accounts", "add", "--name", "prod", "--provider", "aws", "--access-key", key, "--keep",
                  "memory", "--secret-key-command", "echo " + secret, "--endpoint", self.sim.url, *more)
        found = self.good("account-stores", "prod").out
        self.sim.settle()
        return found

    def cert(self, name, store=None):
        """The certificate of that name, in that store, that begins last."""
        found = [r for r in self.rows("certs") if r["name"] == name
                 and (not store or store in (place["store"] for place in r["places"]))]
        return max(found, key=lambda r: r["not_before"])["id"]

    def request(self, title):
        return next(r for r in self.rows("requests") if r["title"] == title)

    def theirs(self, **wanted):
        """Certificates at AWS with these members."""
        return [c for c in self.sim.do("state")["certs"] if not c["deleted"]
                and all(c[k] == v for k, v in wanted.items())]

    def calls(self, operation):
        return self.sim.do("state")["calls"].get(operation, 0)

    def bundle(self, name, **more):
        """A certificate with its key in one file, signed by itself; its path."""
        parts = running.make_certificate(self.folder, name, "DNS:" + name)
        path = self.path(name + ".both")
        with open(path, "wb") as f:
            for part in parts:
                with open(part, "rb") as p:
                    f.write(p.read())
        return path
