#!/usr/bin/python3
"""Clients of Edge DNS that others wrote (Akamai's plug-in for certbot, and octoDNS's provider), by their
names from the Python registry in an environment that is thrown away: our simulator is one for them."""
import importlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

from visit import SOURCE, Missing, end_simulator, expect, run, simulator

SIMULATORS = SOURCE + "/tests/sim"
sys.path.insert(0, SIMULATORS)
import running                                                                      # noqa: E402

PACKAGES = ("octodns-edgedns", "certbot-plugin-edgedns", "zope.interface")
KEYS = {"client_token": "akab-client", "access_token": "akab-access", "client_secret": "c2VjcmV0"}
peer = {}

# What each program begins with.
BEGIN = """
import json, os
host = os.environ["HOST"]
def same(got, wanted):
    if got != wanted:
        raise SystemExit("%r is not %r" % (got, wanted))
"""
OCTODNS = BEGIN + """
from octodns.zone import Zone
from octodns.record import Record
from octodns_edgedns import AkamaiProvider
provider = AkamaiProvider("p", os.environ["SECRET"], host, "akab-access", "akab-client")
def there():
    zone = Zone("example.org.", [])
    provider._zone_records = {}
    provider.populate(zone)
    return zone
def texts(zone):
    return {r.name: sorted(r.values) for r in zone.records if r._type == "TXT"}
def wanted_zone():
    zone = there().copy()
    for r in [r for r in zone.records if r._type == "NS"]:      # which it leaves alone
        zone.remove_record(r)
    return zone
def put(**texts):
    wanted = wanted_zone()
    for name, values in texts.items():
        wanted.add_record(Record.new(wanted, name, {"type": "TXT", "ttl": 120, "values": values}), replace=True)
    provider.apply(provider.plan(wanted))
"""
CERTBOT = BEGIN + """
from certbot_plugin_edgedns import edgedns
edgedns.EDGEGRID_CREDS.update(host=host, edgerc_path=None, **json.loads(os.environ["KEYS"]))
client = edgedns._EdgeDNSClient(None)
def texts(name):
    return client.get_text_record("www.example.org", name)[0]["rdata"]
"""


class Place:
    """The simulator, behind a certificate of its own, as their clients want it."""

    def __enter__(self):
        if "python" not in peer:
            peer["folder"] = tempfile.TemporaryDirectory()
            try:
                peer["python"] = running.make_peer(peer["folder"].name, *PACKAGES)
            except running.Missing as why:
                peer["python"] = Missing(str(why))
        if isinstance(peer["python"], Missing):
            raise peer["python"]
        self.folder = tempfile.TemporaryDirectory()
        self.cert, key = running.make_certificate(self.folder.name, "sim", "IP:127.0.0.1")
        self.process, self.url = simulator("akamai.py", "--cert", self.cert, "--key", key,
                                           "--zone", "example.org", "--secondary", "example.com")
        return self

    def __exit__(self, *why):
        end_simulator(self.process)
        self.folder.cleanup()

    def theirs(self, begin, program, secret="c2VjcmV0"):
        """A program of theirs, which has to come to its end; what it said otherwise."""
        env = dict(os.environ, HOST=urllib.parse.urlsplit(self.url).netloc, SECRET=secret,
                   KEYS=json.dumps(KEYS), REQUESTS_CA_BUNDLE=self.cert, NO_PROXY="127.0.0.1")
        done = subprocess.run([peer["python"], "-c", begin + program], stdin=subprocess.DEVNULL, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
        return None if done.returncode == 0 else done.stdout.strip()[-1500:]


def good(said):
    expect(said is None, said)


def test_octodns():
    with Place() as p:
        good(p.theirs(OCTODNS, """
put(_theirs=["one", "with blanks and \\\\; in it"])
same(texts(there()), {"_theirs": ["one", "with blanks and \\\\; in it"]})
put(_theirs=["one", "two"], _other=["x" * 300])
same(texts(there()), {"_theirs": ["one", "two"], "_other": ["x" * 300]})
zone = wanted_zone()
for r in [r for r in zone.records if r.name == "_other"]:
    zone.remove_record(r)
provider.apply(provider.plan(zone))
same(texts(there()), {"_theirs": ["one", "two"]})
"""))
        said = p.theirs(OCTODNS, "there()", secret="wrong")
        expect("401" in (said or ""), said)


def test_certbot():
    with Place() as p:
        good(p.theirs(CERTBOT, """
client.add_txt_record("www.example.org", "_acme-challenge.www.example.org", "one")
client.add_txt_record("www.example.org", "_acme-challenge.www.example.org", "two")
same(texts("_acme-challenge.www.example.org"), ['"one"', '"two"'])
client.del_txt_record("www.example.org", "_acme-challenge.www.example.org", "one")
same(texts("_acme-challenge.www.example.org"), ['"two"'])
client.del_txt_record("www.example.org", "_acme-challenge.www.example.org", "two")
same(texts("_acme-challenge.www.example.org"), [])
"""))


def main():
    sys.path.remove(SIMULATORS)         # where a file has the name of the library
    for name in ("akamai.edgegrid", "jsonschema"):
        try:
            importlib.import_module(name)
        except ImportError as why:
            print("1..0 # SKIP %s (dev/packages install test)" % why)
            return 0
    return run([(name[5:].replace("_", " "), case)
                for name, case in sorted(globals().items()) if name.startswith("test_")])


sys.exit(main())
