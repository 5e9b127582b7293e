#!/usr/bin/python3
"""The program against the simulated Azure: what waits in a vault, and what goes wrong with one."""
import os

from azure_place import STORE, Azure
from place import case, cases, holds, same

PAGE = "<html><body>Proxy says no</body></html>"
TRIES_MOST = 9      # calls of one operation that fails, however often it may be asked again


# --- what waits ----------------------------------------------------------------------------------------

@case
def pending():
    """operations are rows: what they wait for, their request, and how they end"""
    with Azure() as p:
        p.begin()
        p.do("begin", vault="kv-demo-1", name="web", subject="CN=www.example.org")
        p.good("refresh", STORE)
        row = next(r for r in p.rows("requests") if r["id"] == STORE + "/pending:web")
        same((row["title"], row["theirs"]), ("www.example.org", "inProgress"))
        holds(p.good("show", row["id"]).out, "a CA elsewhere", "Unknown", "What is asked for")
        p.good("sync", row["id"])
        p.do("forget", vault="kv-demo-1", name="web")
        p.good("refresh", STORE)
        row = next(r for r in p.rows("requests") if r["id"] == STORE + "/pending:web")
        holds(row["reason"], "no certificate of that name any more")


@case
def issuers():
    """an issuer that fails is said with its words; what the vault signs itself becomes a certificate"""
    with Azure() as p:
        p.begin()
        p.do("begin", vault="kv-demo-1", name="own", issuer="Self", subject="CN=own.example.org")
        p.good("refresh", STORE)
        p.good("refresh", STORE)
        same("own.example.org" in p.names(), True)


# --- what goes wrong -----------------------------------------------------------------------------------

@case
def refusals():
    """roles, permissions, firewall and private endpoints: each refusal says what to do, and loses nothing"""
    with Azure() as p:
        p.begin()
        p.good("refresh", STORE)
        before = p.names()
        for how, says in (
                ({"roles": []}, ["no role", "Key Vault Reader", "certificates/read"]),
                ({"wall": "firewall"}, ["firewall", "roles do not help"]),
                ({"wall": "connection"}, ["private endpoint"])):
            p.do("change_vault", name="kv-demo-1", **how)
            p.bad("refresh", STORE, says=says)
            same(p.names(), before)
            p.do("change_vault", name="kv-demo-1", roles=["Key Vault Reader"], wall=None)
        p.do("allow", name="kv-demo-1", certificates=["get"])
        p.bad("refresh", STORE, says=["access policies", "the certificate permission list"])
        p.do("allow", name="kv-demo-1", certificates=["get", "list"])
        p.good("refresh", STORE)


@case
def faults():
    """throttling, pages of proxies, broken bodies and errors in any form end with a sentence, soon"""
    some = {
        "throttled": ({"status": 429, "body": "{\"error\":{\"code\":\"Throttled\"}}",
                       "headers": {"Retry-After": "1000"}}, "turns requests away"),
        "no outer object": ({"status": 400, "body": "{\"code\":\"BadParameter\",\"message\":\"oh no\"}"},
                            "BadParameter: oh no"),
        "a page": ({"status": 200, "body": PAGE, "headers": {"Content-Type": "text/html"}}, "not understood"),
        "a page with 403": ({"status": 403, "body": PAGE}, "no reason was told"),
    }
    with Azure() as p:
        p.begin()
        p.good("refresh", STORE)
        before = p.names()
        for name, (how, part) in some.items():
            p.sim.fault(path="^/certificates$", times=TRIES_MOST, **how)
            run = p.bad("refresh", STORE)
            holds(run.out + run.err, part)
            same(p.names(), before, name)
            p.do("mend")
        p.sim.fault(path="^/certificates$", times=1, status=429, body="{}")
        p.sim.fault(path="^/certificates$", times=1, status=500, body="{}")
        p.good("refresh", STORE)


@case
def waits():
    """a vault that says how long to wait is heard, one that does not is asked again, and nothing is missed"""
    with Azure() as p:
        p.begin(count=3)
        p.do("forget_calls")
        p.sim.fault(path="^/certificates/c-0$", times=1, status=429, body="{}", headers={"Retry-After": "0"})
        p.sim.fault(path="^/certificates/c-1$", times=1, status=429, body="{}")
        p.good("refresh", STORE)
        same((p.names(), p.calls("GET /certificates/NAME")),
             (["c-%d.example.org" % i for i in range(3)], 3))


@case
def clocks():
    """clocks that are an hour apart are no matter: a token ends so long after it came, by the clock here"""
    for skew in (-3600, 3600):
        with Azure() as p:
            p.do("set", skew=skew)
            p.begin()
            p.good("refresh", STORE)
            same(len(p.names()), 3, skew)


@case
def gone():
    """a vault that somebody deleted: what it had stays to be seen, and the next look at the account drops it"""
    with Azure() as p:
        p.begin()
        p.good("refresh", STORE)
        before = p.names()
        p.do("remove_vault", name="kv-demo-1")
        p.bad("refresh", STORE, says=["kv-demo-1"])
        same(p.names(), before)
        p.good("account-stores", "az")
        same([r["id"] for r in p.rows("stores") if r["account"] == "az"], [])


@case
def export():
    """a certificate is written without its key, or with its issuers and its key where its policy allows that"""
    with Azure() as p:
        p.begin(count=1)
        p.do("seed", vault="kv-demo-1", name="pem", pem=True)
        p.do("seed", vault="kv-demo-1", name="kept", exportable=False)
        p.good("refresh", STORE)
        for name in ("c", "pem"):
            file = p.path("%s.pem" % name)
            cert = p.cert(name + ".example.org")
            p.good("export", "--file", file, "--format", "pem", cert)
            with open(file, encoding="ascii") as f:
                same(f.read().count("PRIVATE KEY"), 0)
            p.good("export", "--file", file, "--format", "chain", "--with-key", "--secrets-stdin", "--replace",
                   cert, stdin=b"passphrase=correct horse\n")
            with open(file, encoding="ascii") as f:
                text = f.read()
            same((text.count("ENCRYPTED PRIVATE KEY"), text.count("BEGIN CERTIFICATE") > 1), (2, True))
            own = p.openssl("x509", "-in", file, "-noout", "-pubkey")
            same(p.openssl("pkey", "-in", file, "-passin", "pass:correct horse", "-pubout"), own)
        same(p.calls("GET /secrets/NAME/VERSION"), 2, p.state()["calls"])
        p.bad("export", "--file", p.path("x"), "--format", "chain", "--with-key", "--secrets-stdin",
              p.cert("kept.example.org"), stdin=b"passphrase=correct horse\n", says=["never leaves the vault"])
        folder = p.path("to")
        os.mkdir(folder)
        p.good("store-add", "--type", "folder", "--address", folder)
        deploy = ["deploy", "--to", "local/folder:" + folder, p.cert("c.example.org")]
        holds(p.good(*deploy, "--dry-run").out, "GET /secrets/c/", "stays in the vault")
        p.good(*deploy, "--yes", "--secrets-stdin", stdin=b"passphrase=correct horse\n")
        same(os.listdir(folder), ["c.example.org.pem"])
        p.do("change_vault", name="kv-demo-1", roles=["Key Vault Reader"])
        p.bad("export", "--file", p.path("x"), "--format", "chain", "--with-key", "--secrets-stdin",
              p.cert("c.example.org"), stdin=b"passphrase=correct horse\n",
              says=["no role", "Key Vault Certificate User", "getSecret"])


cases()
