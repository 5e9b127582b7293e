#!/usr/bin/python3
"""The program against the simulator of Keyfactor's engine in Vault: stores and certificates."""
from place import case, cases, holds, same
from vault_kf_place import CA, ISSUER, STORE, VaultKf, lines

VERSIONS = ("1.3.1", "1.4.1", "1.5.0")


@case
def found():
    """mounts of the engine are stores under any name, and details say what a token may see"""
    with VaultKf(token=ISSUER) as p:
        p.do("mount", path="team/issuing", type="Keyfactor-plugin")
        p.do("mount", path="secret/plain", type="transit")
        holds(p.good("account-stores", "v").out, "2 Keyfactor engines", "sys/mounts may not be read")
        same(sorted(s["id"] for s in p.rows("stores") if s["id"].startswith("v/")),
             ["v/keyfactor:kf", "v/keyfactor:team/issuing"])
        p.good("refresh", STORE)
        text = lines(p.shown())
        holds(text, "engine Keyfactor 1.5.0", "configuration the token may not read it")
        p.do("unmount", path="team/issuing")
        p.good("account-stores", "v")
        same([s["id"] for s in p.rows("stores") if s["id"].startswith("v/")], [STORE])


@case
def older_place():
    """where an older version reads is found out once, and what it says late of the newer place is no fault"""
    with VaultKf(VERSIONS[0]) as p:
        for name in ("a.example.org", "b.example.org"):
            p.do("seed", path="kf", name=name)
        p.sim.fault(path="/v1/kf/certs/[0-9A-Fa-f]+.*", delay=1)
        p.good("refresh", STORE)
        same(sorted(p.held()), ["a.example.org", "b.example.org"])


@case
def inventory():
    """certificates are read once in each version, by serials of either case, and empty is no fault"""
    for version in VERSIONS:
        with VaultKf(version) as p:
            p.good("refresh", STORE)
            same(p.held(), {}, version)
            serial = p.do("seed", path="kf", name="a.example.org")
            p.do("seed", path="kf", name="b.example.org", days=3)
            p.good("refresh", STORE)
            same(sorted(p.held()), ["a.example.org", "b.example.org"], version)
            text = lines(p.shown())
            holds(text, "Command https://command.example/KeyfactorAPI", "CORP\\svc, with a password that is hidden",
                  "default CA " + CA, "CA " + CA + ": IssuingCA until", "IssuingCA Root until",
                  "a client certificate it cannot sign in with")
            same("pw" in text.replace("pw:", ""), False)
            p.do("upgrade", path="kf", version="1.5.0")
            p.ask("GET", "kf/certs/" + serial)
            p.good("refresh", STORE)
            same(sorted(p.held()), ["a.example.org", "b.example.org"], version)
            holds(lines(p.shown()), "engine Keyfactor 1.5.0")


@case
def broken():
    """malformed PEM and warnings in answers are said, and an engine that has just started is read"""
    with VaultKf("1.4.1") as p:
        p.do("seed", path="kf", name="a.example.org")
        p.do("set", malformed=True, warnings=["it is getting late"])
        run = p.certty("refresh", STORE)
        holds(run.err + run.out, "what the server gives for it is no certificate", "it is getting late")
        p.do("set", malformed=False, warnings=[])
        p.do("forget", path="kf")
        p.good("refresh", STORE)
        same(list(p.held()), ["a.example.org"])
        holds(lines(p.shown()), "IssuingCA until")


@case
def revoked():
    """revoked by the serial without separators, with what each version cannot do said"""
    with VaultKf() as p:
        p.do("seed", path="kf", name="a.example.org")
        p.good("refresh", STORE)
        command = ("--yes", "revoke", p.held()["a.example.org"]["id"], "--store", STORE, "--reason",
                   "unspecified")
        holds(p.good(*command).out, "is revoked")
        same(p.state()["revoked"], [77])
        p.good("refresh", STORE)
        holds(" ".join(p.held()["a.example.org"]["marks"]), "revoked")
        p.do("set", refuses=[403, "no"])
        holds(p.bad(*command).err, "revocation failed", "Command refuses it")
    with VaultKf("1.4.1") as p:
        p.do("seed", path="kf", name="four.example.org", number=42)
        p.good("refresh", STORE)
        run = p.bad("--yes", "revoke", p.held()["four.example.org"]["id"], "--store", STORE, "--reason",
                    "unspecified")
        holds(run.err, "begins with 4")
        p.do("upgrade", path="kf", version="1.5.0")
        run = p.bad("--yes", "revoke", p.held()["four.example.org"]["id"], "--store", STORE, "--reason",
                    "unspecified")
        holds(run.err, "issued before an upgrade")


@case
def exported():
    """the issuers that the engine tells of go into a chain, in both shapes of its answer"""
    with VaultKf() as p:
        p.do("seed", path="kf", name="a.example.org")
        p.good("refresh", STORE)
        for name in ("one.pem", "two.pem"):
            p.good("export", p.held()["a.example.org"]["id"], "--store", STORE, "--format", "chain", "--file",
                   p.path(name))
            with open(p.path(name), encoding="ascii") as f:
                same(f.read().count("BEGIN CERTIFICATE"), 3)


cases()
