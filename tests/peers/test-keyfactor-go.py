#!/usr/bin/python3
"""Keyfactor's own client of Command, in Go, against our simulator of it; and certty beside it, so that both
see the same there.

The client is the vendor's published one, by name and version (tests/peers/keyfactor-go), built in a folder
of its own that goes with the test."""
import base64
import importlib.util
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "..", "sim"))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))

import running              # noqa: E402
from running import Missing  # noqa: E402
from place import Place, case, cases, holds, same    # noqa: E402

BUILD_SECONDS = 240     # half a minute where nobody else works
USER, PASSWORD = "CORP\\jo", "pw: ü"
STORE = "kf/command"


def command(args, what, **how):
    try:
        done = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False, **how)
    except subprocess.TimeoutExpired as why:
        raise Missing("%s could not be had in %d seconds" % (what, why.timeout)) from why
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason"]
        raise Missing("%s could not be had: %s" % (what, lines[-1][:200]))
    return done.stdout.strip()


def build(folder):
    """The client, as a program; nothing of it stays when the folder goes."""
    go = command([os.path.join(ROOT, "dev", "go")], "Go", timeout=300)
    source = os.path.join(folder, "source")
    shutil.copytree(os.path.join(HERE, "keyfactor-go"), source)
    env = dict(os.environ, GOPATH=os.path.join(folder, "go"), GOCACHE=os.path.join(folder, "cache"),
               GOFLAGS="-modcacherw -buildvcs=false -mod=readonly", GOTOOLCHAIN="local", CGO_ENABLED="0")
    command([go, "mod", "download"], "Keyfactor's client", cwd=source, env=env, timeout=BUILD_SECONDS)
    program = os.path.join(folder, "peer")
    quick = ["-p", "2", "-gcflags=all=-N -l", "-ldflags=-s -w"]
    command([go, "build", *quick, "-o", program, "."], "Keyfactor's client (its build)", cwd=source, env=env,
            timeout=BUILD_SECONDS)
    shutil.rmtree(env["GOCACHE"])
    return program


class World:
    """The simulator under TLS, and the other client."""

    def __init__(self, folder):
        if not importlib.util.find_spec("jsonschema") or not importlib.util.find_spec("jwt"):
            raise Missing("python3-jsonschema or python3-jwt is not installed (dev/packages install test)")
        self.program = build(folder)
        self.ca, key = running.make_certificate(folder, "tls", "IP:127.0.0.1")
        self.tls = ssl.create_default_context(cafile=self.ca)
        self.options = ["--cert", self.ca, "--key", key]

    def start(self):
        self.sim = running.Running("keyfactor", *self.options).__enter__()
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, *why):
        self.sim.__exit__(*why)

    def do(self, deed, **how):
        request = urllib.request.Request(self.sim.url + "/sim/keyfactor",
                                         json.dumps(dict(how, do=deed)).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             urllib.request.HTTPSHandler(context=self.tls))
        with opener.open(request, timeout=60) as reply:
            return json.load(reply)

    def ask(self, *words):
        """Answers of the other client by call; one that failed is its error, a text."""
        done = subprocess.run([self.program, self.sim.url.split("://")[1], self.ca, USER, *map(str, words)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=120, check=False,
                              env={"PEER_PASSWORD": PASSWORD, "HOME": "/nonexistent"})
        said = [json.loads(line) for line in done.stdout.splitlines()]
        if not said:
            raise AssertionError("the client said nothing: %s" % done.stderr[-1000:])
        return {one["call"]: one.get("error", one["answer"]) for one in said}


def certty(world):
    """A place with an account of the same server."""
    p = Place()
    p.good("accounts", "add", "--name", "kf", "--provider", "keyfactor", "--host", world.sim.url, "--auth",
           "basic", "--user", USER, "--keep", "memory", "--ca-file", world.ca, "--password-command",
           "printf '%%s' '%s'" % PASSWORD)
    p.good("account-stores", "kf")
    return p


@case
def offered():
    """templates, CAs and collections are the same for both"""
    with W as w, certty(w) as p:
        said = w.ask("offered", "-")
        same([t["Name"] for t in said["context"]["Templates"]], ["WebServer"])
        same(sorted(t["CommonName"] for t in said["templates"]), ["Internal", "Legacy", "Secret", "WebServer"])
        p.good("refresh")
        shown = p.good("show", "stores/" + STORE).out
        for template in said["templates"]:
            holds(shown, template["CommonName"])
        for ca in said["authorities"]:
            holds(shown, "%s\\%s" % (ca["HostName"], ca["LogicalName"]))
        same(sorted("kf/collection:%d" % c["Id"] for c in said["collections"]),
             sorted(r["id"] for r in p.rows("discovery")))


@case
def enrolled():
    """what the other client enrols, certty sees; what certty enrols, it does"""
    with W as w, certty(w) as p:
        said = w.ask("pfx", "theirs.example.org", "list", 'IssuedCN -eq "theirs.example.org"', "take", 101)
        info = said["pfx"]["CertificateInformation"]
        same((info["RequestDisposition"], len(info["Pkcs12Blob"]) > 1000), ("ISSUED", True))
        same((said["total"], said["list"][0]["Thumbprint"], said["list"][0]["Metadata"]),
             ("1", info["Thumbprint"], {"Owner": "ops"}))
        same(base64.b64decode(said["download"]["Content"]).count(b"BEGIN CERTIFICATE"), 3)
        with open(p.path("theirs.p12"), "wb") as f:
            f.write(base64.b64decode(said["recover"]["PFX"]))
        holds(p.openssl("pkcs12", "-in", p.path("theirs.p12"), "-passin", "pass:a transfer password",
                        "-nodes").decode(), "PRIVATE KEY")
        p.good("order", STORE, "--names", "ours.example.org", "--key", "command", "--template", "WebServer",
               "--yes", "--secrets-stdin", stdin=b"new-passphrase=correct horse\n")
        p.good("refresh")
        ours, = w.ask("list", 'IssuedCN -eq "ours.example.org"')["list"]
        same(ours["HasPrivateKey"], True)
        names = [r["name"] for r in p.rows("certs")]
        same(("theirs.example.org" in names, "ours.example.org" in names), (True, True))


@case
def signed():
    """a request file is signed for the other client too, at once or when certty has approved it"""
    with W as w, certty(w) as p:
        running.openssl(p.folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out",
                        "r.csr", "-subj", "/CN=a.example.org", "-addext", "subjectAltName=DNS:a.example.org")
        said = w.ask("csr", p.path("r.csr"))["csr"]["CertificateInformation"]
        same((said["RequestDisposition"], len(said["Certificates"])), ("ISSUED", 3))
        w.do("set", approval="ca")
        said = w.ask("csr", p.path("r.csr"), "waiting", "-")
        info = said["csr"]["CertificateInformation"]
        same((info["RequestDisposition"], info.get("Certificates")), ("PENDING", None))
        same([r["Id"] for r in said["pending"]], [info["KeyfactorRequestId"]])
        p.good("refresh")
        row, = p.rows("requests")
        p.good("approve", row["id"], "--yes", "--accept", "; ".join(row["oddities"]))
        same(w.ask("waiting", "-")["pending"] or [], [])


@case
def answered():
    """approvals, signals and restarts of the other client are taken, and certty sees what came of them"""
    with W as w, certty(w) as p:
        made = w.do("request", name="b.example.org")
        flow = w.do("request", name="c.example.org", how="workflow")
        p.good("refresh")
        same(len(p.rows("requests")), 2)
        said = w.ask("approve", made["id"], "signal", flow["instance"])
        same([s["KeyfactorRequestId"] for s in said["approve"]["Successes"]], [made["id"]])
        same(said["instance"]["Signals"][0]["SignalReceived"], False)
        same(said["signal"], None)
        p.good("refresh")
        same({r["state"] for r in p.rows("requests")}, {"issued", "withdrawn"})
        holds(w.ask("restart", flow["instance"])["restart"], "400")
        failed = w.do("request", name="d.example.org", how="workflow")
        w.do("fail", instance=failed["instance"])
        same(w.ask("restart", failed["instance"])["restart"], None)


@case
def revoked():
    """a revocation needs a comment of everybody, and certty sees the other client's"""
    with W as w, certty(w) as p:
        w.do("seed", name="old.example.org")
        said = w.ask("blank", 101)
        holds(said["revoke"], "400")
        said = w.ask("revoke", 101)
        same(said["revoke"]["RevokedIds"], [101])
        p.good("refresh")
        row, = (r for r in p.rows("certs") if r["name"] == "old.example.org")
        same("revoked" in row["marks"], True)
        holds(p.good("show", row["id"]).out, "by the other client")


@case
def stores():
    """a store that the other client makes is an object of certty's, one that certty makes is its, and what
    goes is gone for both"""
    with W as w, certty(w) as p:
        w.do("know")
        agent = w.do("things")["agents"][0]["AgentId"]
        said = w.ask("make", "peer1 " + agent)
        same((said["make"]["ClientMachine"], said["make"]["CertStoreType"]), ("peer1", 103))
        p.good("refresh")
        row, = (r for r in p.rows("objects") if r["name"] == "peer1: /peer.jks")
        same([row["facts"][k] for k in ("Transfer", "ServerPassword", "store password", "inventory", "agent")],
             ["SFTP", "a secret, which is not shown", "set, and not shown", "every 60 minutes", "orch1"])
        p.good("objects", "add", STORE, "/ours.jks", "--what", "certificate-store", "--store-type", "RFJKS",
               "--machine", "ours1", "--agent", "orch1", "--properties", "Transfer=Both")
        said = w.ask("stores", "-")
        ours, = (s for s in said["stores"] if s["ClientMachine"] == "ours1")
        same((ours["Storepath"], ours["Approved"], json.loads(ours["Properties"])["Transfer"]["value"]),
             ("/ours.jks", True, "Both"))
        same(w.ask("drop", ours["Id"])["drop"], None)
        p.good("refresh")
        same([r for r in p.rows("objects") if r["name"].startswith("ours1")], [])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as FOLDER:
        try:
            W = World(FOLDER)
        except Missing as reason:
            print("1..0 # SKIP %s" % reason)
            sys.exit(0)
        cases()
