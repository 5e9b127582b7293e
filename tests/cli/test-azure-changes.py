#!/usr/bin/python3
"""The program against the simulated Azure: certificates into vaults and out of them, and orders that wait
there withdrawn."""
import os

from azure_place import STORE, Azure
from place import case, cases, holds, same

VAULT = "kv-demo-1"
IMPORT = "POST /certificates/NAME/import"


class Changes(Azure):
    def begin_empty(self, **how):
        self.do("vault", name=VAULT, **how)
        self.add("--vaults", "all")
        self.good("account-stores", "az")

    def file(self, name, kind="ec", size="2048", form="pem", password=None):
        """A file with a certificate, its issuer and the key, by the openssl command."""
        base = self.path(name.replace("*", "star") + "-" + kind)
        ca = self.path("ca")
        if not os.path.exists(ca + ".pem"):
            self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                         "-keyout", ca + ".key", "-out", ca + ".pem", "-subj", "/CN=Test CA", "-days", "30")
        new = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ec" else ["rsa:" + size]
        self.openssl("req", "-new", "-newkey", *new, "-nodes", "-keyout", base + ".key", "-out", base + ".csr",
                     "-subj", "/CN=" + name)
        self.openssl("x509", "-req", "-in", base + ".csr", "-CA", ca + ".pem", "-CAkey", ca + ".key",
                     "-CAcreateserial", "-days", "20", "-out", base + ".crt")
        to = base + ("." + form)
        if form == "pem":
            with open(to, "w", encoding="ascii") as f:
                for part in (base + ".key", base + ".crt", ca + ".pem"):
                    f.write(open(part, encoding="ascii").read())
        else:
            self.openssl("pkcs12", "-export", "-in", base + ".crt", "-inkey", base + ".key", "-certfile",
                         ca + ".pem", "-out", to, "-passout", "pass:" + password)
        return to

    def there(self, name):
        found = [c for c in self.vault(VAULT)["certs"] if c["name"].lower() == name.lower()]
        return found[0] if found else None

    def request(self, title):
        return next(r for r in self.rows("requests") if r["title"] == title)

    def import_(self, file, *more, **how):
        return self.good("add", "--file", file, *more, STORE, **how)


@case
def imported():
    """PEM and PKCS#12, with keys of both kinds; what is no name for a vault is made one and kept as a tag"""
    with Changes() as p:
        p.begin_empty()
        holds(p.import_(p.file("www.example.org")).out, "www-example-org", "a tag has the name")
        new = p.there("www-example-org")
        same((new["versions"][0]["chain"], new["versions"][0]["tags"]), (2, {"certty-name": "www.example.org"}))
        same(new["policy"]["secret_props"]["contentType"], "application/x-pkcs12")
        same((new["policy"]["key_props"]["kty"], new["policy"]["key_props"]["exportable"]), ("EC", True))
        p.import_(p.file("*.example.org", "rsa", form="p12", password="geheim"), "--secrets-stdin",
                  stdin=b"passphrase=geheim\n")
        same(p.there("wildcard-example-org")["policy"]["key_props"]["key_size"], 2048)
        p.import_(p.file("b.example.org"), "--name", "Own-Name")
        same(p.there("own-name")["versions"][0]["tags"], {})
        p.good("refresh", STORE)
        same(p.names(), ["*.example.org", "b.example.org", "www.example.org"])


@case
def again():
    """the same is not sent again; another becomes the next version when that is said, with the tags and the
    form that are there"""
    with Changes() as p:
        p.begin_empty()
        first = p.file("www.example.org")
        p.import_(first, "--name", "web")
        holds(p.import_(first, "--name", "web").out, "already", "nothing was sent")
        same(p.calls(IMPORT), 1)
        p.do("seed", vault=VAULT, name="web", versions=1, pem=True, exportable=False, tags={"team": "a"})
        p.bad("add", "--file", first, "--name", "web", STORE, says=["has a certificate web already",
                                                                   "older versions stay", "nothing was sent"])
        same(p.calls(IMPORT), 1)
        holds(p.import_(first, "--name", "web", "--replace").out, "newest version")
        now = p.there("web")
        same((len(now["versions"]), now["versions"][-1]["tags"]), (3, {"team": "a"}))
        same((now["policy"]["secret_props"]["contentType"], now["policy"]["key_props"]["exportable"]),
             ("application/x-pem-file", False))


@case
def tagged():
    """tags that are said go beside those that are there or in their place, and a key can be made to stay"""
    with Changes() as p:
        p.begin_empty()
        file = p.file("www.example.org")
        plan = p.good("add", "--dry-run", "--file", file, "--name", "web", "--tags", "team=b,env=prod",
                      STORE).out
        holds(plan, "--tags team=b env=prod")
        holds(p.good("add", "--dry-run", "--file", file, "--name", "web", "--non-exportable", STORE).out,
              "gives its key to nobody")
        p.do("seed", vault=VAULT, name="web", tags={"team": "a", "keep": "1"})
        p.import_(file, "--name", "web", "--replace", "--tags", "team=b,env=prod", "--non-exportable")
        new = p.there("web")
        same((new["versions"][-1]["tags"], new["policy"]["key_props"]["exportable"]),
             ({"team": "b", "keep": "1", "env": "prod"}, False))
        p.import_(p.file("b.example.org"), "--name", "web", "--replace", "--tags", "team=c", "--drop-tags")
        same((p.there("web")["versions"][-1]["tags"], p.there("web")["policy"]["key_props"]["exportable"]),
             ({"team": "c"}, False))
        p.bad("add", "--file", file, "--name", "new", "--tags", "team", STORE, says=["team is no tag"])
        p.bad("add", "--file", file, "--name", "web", "--replace", STORE,
              "--tags", ",".join("t%d=1" % i for i in range(15)), says=["at most 15", "16", "drop-tags"])
        same(p.calls(IMPORT), 2)
        p.good("order", "--yes", "--names", "o.example.org", "--issuer", "Self", "--key", "ec-p256", "--tags",
               "team=d", STORE)
        p.good("sync", p.request("o.example.org")["id"])
        same(p.there("o-example-org")["versions"][-1]["tags"], {"team": "d"})


@case
def refused():
    """what a vault would refuse is said before it is sent, and what it refuses in words"""
    with Changes() as p:
        p.begin_empty()
        p.bad("add", "--file", p.file("small.example.org", "rsa", "1024"), STORE,
              says=["RSA 1024", "nothing was sent"])
        alone = p.make("alone.example.org", 30)
        p.bad("add", "--file", alone, STORE, says=["private key"])
        file = p.file("www.example.org")
        p.bad("add", "--file", file, "--name", "...", STORE, says=["nothing is left", "name"])
        same(p.calls(IMPORT), 0)
        p.do("begin", vault=VAULT, name="busy")
        p.bad("add", "--file", file, "--name", "busy", STORE, "--replace", says=["pending"])
        p.do("change_vault", name=VAULT, roles=["Key Vault Reader"])
        p.bad("add", "--file", file, "--name", "web", STORE, says=["Key Vault Certificates Officer"])
        same(p.there("web"), None)


@case
def files():
    """a wrong passphrase and a file of two keys are said before anything is sent; ends of lines are no
    matter"""
    with Changes() as p:
        p.begin_empty()
        file = p.file("www.example.org", form="p12", password="right")
        p.bad("add", "--file", file, "--secrets-stdin", STORE, stdin=b"passphrase=wrong\n",
              says=["passphrase", file])
        two = p.path("two.pem")
        with open(two, "w", encoding="ascii") as f:
            for name in ("a.example.org", "b.example.org"):
                f.write(open(p.file(name), encoding="ascii").read())
        p.bad("add", "--file", two, STORE, says=[two, "keys"])
        same(p.calls(IMPORT), 0)
        crlf = p.path("crlf.pem")
        with open(crlf, "wb") as f:
            f.write(open(p.file("c.example.org"), "rb").read().replace(b"\n", b"\r\n"))
        p.import_(crlf)
        p.do("seed", vault=VAULT, name="pem", pem=True)
        p.import_(crlf, "--name", "pem", "--replace")
        same([p.there(n)["versions"][-1]["chain"] for n in ("c-example-org", "pem")], [2, 2])


@case
def lost():
    """an answer that is lost: what is there tells whether it arrived, and nothing is sent twice"""
    with Changes() as p:
        p.begin_empty()
        p.sim.fault(path="/import", drop=True, times=1)
        holds(p.import_(p.file("www.example.org"), "--name", "web").out, "is in the vault")
        same((p.calls(IMPORT), len(p.there("web")["versions"])), (1, 1))
        p.sim.fault(path="/import", status=429, times=1, body="{}")
        p.import_(p.file("b.example.org"), "--name", "b")
        same(len(p.there("b")["versions"]), 1)


@case
def deployed():
    """a certificate of this machine is deployed into a vault; that somebody puts another in its place is
    seen"""
    with Changes() as p:
        p.begin_empty()
        file = p.file("www.example.org")
        with open(os.path.join(p.certs, "www.pem"), "w", encoding="ascii") as f:
            f.write(open(file, encoding="ascii").read())
        p.good("refresh")
        p.good("deploy", "--to", STORE, "--yes", p.cert("www.example.org"))
        same(len(p.there("www-example-org")["versions"]), 1)
        p.good("refresh", STORE)
        same([(d["where"], d["state"]) for d in p.rows("deploys")], [(STORE, "current")])
        p.do("seed", vault=VAULT, name="www-example-org")
        p.good("refresh", STORE)
        same([d["state"] for d in p.rows("deploys")], ["something else lies there"])


@case
def removed():
    """a certificate is deleted, which is said for what it is; its name is taken until it is purged"""
    with Changes() as p:
        p.begin(count=2)
        p.good("refresh", STORE)
        plan = p.good("remove", "--dry-run", "--store", STORE, p.cert("c-0.example.org")).out
        holds(plan, "DELETE", "not gone for good", "not revoked", "az keyvault certificate delete")
        holds(p.good("remove", "--yes", "--store", STORE, p.cert("c-0.example.org")).out, "all its versions",
              "it can come back, and keeps its name, until")
        same([c["name"] for c in p.vault(VAULT)["deleted"]], ["c-0"])
        p.good("refresh", STORE)
        same(p.names(), ["c-1.example.org"])
        p.do("set", delete_looks=0)
        file = p.file("c.example.org")
        p.bad("add", "--file", file, "--name", "c-0", STORE, says=["just being deleted"])
        p.bad("add", "--file", file, "--name", "c-0", STORE, says=["can still come back", "purge it",
                                                                  "nothing was changed"])
        p.do("change_vault", name=VAULT, roles=["Key Vault Reader"])
        p.bad("remove", "--yes", "--store", STORE, p.cert("c-1.example.org"),
              says=["Key Vault Certificates Officer"])


@case
def withdrawn():
    """an operation that waits is cancelled in the vault"""
    with Changes() as p:
        p.begin(count=1)
        p.do("begin", vault=VAULT, name="waits")
        p.good("refresh", STORE)
        row = p.rows("requests")[0]
        same("withdraw" in row["can"], True, row)
        holds(p.good("withdraw", "--dry-run", row["id"]).out, "PATCH", "empty certificate")
        p.good("withdraw", "--yes", row["id"])
        same(p.there("waits")["pending"]["status"], "cancelled")
        same(p.rows("requests")[0]["state"], "withdrawn")


@case
def elsewhere():
    """a key is made in the vault, its request signed elsewhere, and the chain merged: issued, and kept here"""
    with Changes() as p:
        p.begin_empty()
        plan = p.good("order", "--dry-run", "--names", "www.example.org", "--key", "ec-p256", STORE).out
        holds(plan, "/certificates/www-example-org/create", "az rest --method post", "to be signed elsewhere")
        same(p.there("www-example-org"), None)
        holds(p.good("order", "--yes", "--names", "www.example.org,shop.example.org", "--key", "ec-p256",
                     STORE).out, "www.example.org waits for a CA elsewhere", "(supply)")
        row = p.request("www.example.org")
        same((row["state"], row["can"][0]), ("waits for a person", "supply"), row)
        csr = p.good("show", "-o", "pem", row["id"]).out
        p.bad("order", "--yes", "--names", "www.example.org", STORE, says=["under way", "nothing was sent"])
        other, chain = p.path("other.pem"), p.path("chain.pem")
        signed = p.do("sign", csr=csr)["pem"]
        with open(chain, "w", encoding="ascii") as f:
            f.write(signed)
        p.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                  p.path("o.key"), "-out", other, "-subj", "/CN=www.example.org", "-days", "5")
        p.bad("supply", "--file", other, row["id"], says=["for another key", "nothing was sent"])
        p.good("supply", "--file", chain, row["id"])
        same((p.request("www.example.org")["state"], p.there("www-example-org")["versions"][0]["chain"]),
             ("issued", 3))
        p.good("refresh")
        stores = [r["places"] for r in p.rows("certs") if r["name"] == "www.example.org"]
        same(sorted(place["store"].partition("/")[0] for places in stores for place in places), ["az", "local"])


@case
def by_itself():
    """a self-signed certificate, one of a named issuer, and an issuer that is not there"""
    with Changes() as p:
        p.begin_empty()
        p.good("order", "--yes", "--names", "in.example.org", "--issuer", "Self", "--key", "ec-p384",
               "--format", "pem", STORE)
        row = p.request("in.example.org")
        for _ in range(3):
            if p.request("in.example.org")["state"] != "issued":
                p.good("sync", row["id"])
        same(p.request("in.example.org")["state"], "issued")
        made = p.there("in-example-org")
        same((made["policy"]["secret_props"]["contentType"], made["policy"]["key_props"]["crv"]),
             ("application/x-pem-file", "P-384"))
        p.bad("order", "--yes", "--names", "in.example.org", "--issuer", "Self", STORE,
              says=["already", "replace", "nothing was sent"])
        p.good("order", "--yes", "--names", "in.example.org", "--issuer", "Self", "--key", "ec-p256",
               "--replace", STORE)
        p.bad("order", "--yes", "--names", "b.example.org", "--issuer", "nobody", STORE, says=["nobody"])
        same([r["title"] for r in p.rows("requests") if r["title"] == "b.example.org"], [])


@case
def order_lost():
    """an order whose answer is lost is in the row, and sync finds what came of it"""
    with Changes() as p:
        p.begin_empty()
        p.sim.fault(path="/create", drop=True, times=1)
        p.bad("order", "--yes", "--names", "www.example.org", "--key", "ec-p256", STORE, says=["sync tells"])
        row = p.request("www.example.org")
        p.good("sync", row["id"])
        same(p.request("www.example.org")["can"][0], "supply")
        same(p.calls("POST /certificates/NAME/create"), 1)


@case
def planned():
    """plans say what is sent and what stays, and nothing is done"""
    with Changes() as p:
        p.begin_empty()
        file = p.file("www.example.org")
        out = p.good("add", "--dry-run", "--file", file, "--name", "www.example.org", STORE).out
        holds(out, "/certificates/www-example-org/import", "certty-name",
              "single versions can never be removed",
              "az keyvault certificate import --vault-name kv-demo-1 --name www-example-org --file")
        same((p.calls(IMPORT), p.there("www-example-org")), (0, None))


cases()
