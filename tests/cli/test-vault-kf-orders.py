#!/usr/bin/python3
"""The program against the simulator of Keyfactor's engine in Vault: orders."""
import os
import stat

from place import case, cases, holds, same
from vault_kf_place import CA, STORE, VaultKf, lines

PASSPHRASE = b"new-passphrase=correct horse battery\n"


@case
def issued():
    """a certificate with the engine's key: CA, template and metadata as they are typed, key encrypted"""
    for version in ("1.4.1", "1.5.0"):
        with VaultKf(version) as p:
            p.good("refresh", STORE)
            p.do("forget", path="kf")       # its process has just started
            run = p.order("www.example.org,b.example.org", "--ca", "ca02.corp.example\\OtherCA", "--template",
                          "Internal", "--metadata", 'Owner=ops "team", 1; Cost centre=12', "--secrets-stdin",
                          stdin=PASSPHRASE)
            same(run.status, 0, run.err)
            sent, = p.state()["enrolled"]
            same((sent["ca"], sent["template"], sent["metadata"]),
                 ("ca02.corp.example\\OtherCA", "Internal", {"Owner": 'ops "team", 1', "Cost centre": "12"}))
            cert, = p.kept("www.example.org")
            key, = p.kept("www.example.org", "key.pem")
            public = p.openssl("pkey", "-in", key, "-passin", "pass:correct horse battery", "-pubout")
            same(p.openssl("x509", "-in", cert, "-noout", "-pubkey"), public)
            p.good("refresh", STORE)
            same(list(p.held()), ["www.example.org"], version)
            holds(lines(p.shown()), "CA ca02.corp.example\\OtherCA: OtherCA until")


@case
def key_places():
    """a key goes into a file for its owner alone, or nowhere"""
    with VaultKf() as p:
        same(p.order("a.example.org", "--key", "file", "--key-file", p.path("k.pem")).status, 0)
        same(stat.S_IMODE(os.stat(p.path("k.pem")).st_mode), 0o600)
        p.openssl("pkey", "-in", p.path("k.pem"), "-noout")
        holds(p.order("b.example.org", "--key", "no").out, "which nobody has now")


@case
def signed():
    """a request file is signed, with its names held against the role where the engine does that"""
    for version in ("1.3.1", "1.5.0"):
        with VaultKf(version) as p:
            csr = p.request_file("www.example.org", "b.example.org")
            same(p.order("www.example.org,b.example.org", "--csr", csr).status, 0, version)
            same(len(p.kept("www.example.org")), 1)
    with VaultKf() as p:
        p.good("refresh", STORE)
        run = p.order("x.example.com", "--csr", p.request_file("x.example.com"))
        holds(run.err, "DNS_SAN(s) not allowed", "the role allows: domains example.org")


@case
def refused():
    """what cannot be is said before anything is sent; what the engine refuses, with what to do"""
    with VaultKf() as p:
        holds(p.order("mail@example.org", "--key", "no").err, "host names and addresses only")
        holds(p.order("10.0.0.1,a.example.org", "--key", "no").err, "a host name as the first")
        holds(p.order("a.example.org", "--ttl", "3h", "--key", "no").err, "ttl")
        holds(p.order("a.example.org", "--key", "no", "--metadata", "nonsense").err, "Metadata")
        same(p.state()["enrolled"], [])
        holds(p.order("a.example.com", "--key", "no").err, "disallowed common name")
        holds(p.order("a.example.org", "--key", "no", "--template", "Nothing").err, "Template not found",
              "check CA and template")
        p.ask("PUT", "kf/config", {"password": "changed there"})
        holds(p.order("b.example.org", "--key", "no").err, "failed to authenticate", "certty engine-config")
        same({r["state"] for r in p.rows("requests")}, {"failed"})
    with VaultKf(is_configured=False) as p:
        holds(p.order("a.example.org", "--key", "no").err, "has no configuration yet")
        same(p.rows("requests"), [])


@case
def pending():
    """what waits in Command is a request, is never sent twice, and is said to end elsewhere"""
    for version, csr in (("1.4.1", True), ("1.5.0", True), ("1.5.0", False)):
        with VaultKf(version) as p:
            p.do("set", pending=True)
            more = ("--csr", p.request_file("www.example.org")) if csr else ("--key", "no")
            run = p.order("www.example.org", *more)
            same(run.status != 0, True)
            holds(run.err, "Command")
            row, = p.rows("requests")
            same(row["state"], "waits for the CA" if version == "1.5.0" else "waits for the provider",
                 version)
            run = p.order("www.example.org", *more)
            holds(run.err, "look there, then dismiss")
            same("its key" in run.err or "the key" in run.err, not csr)
            holds(p.certty("sync", row["id"]).err, "look there, then dismiss")
            same(len(p.state()["enrolled"]), 1)
            p.good("dismiss", row["id"])
            p.do("set", pending=False)
            same(p.order("www.example.org", *more).status, 0)
            same(len(p.state()["enrolled"]), 2)


@case
def lost():
    """an answer that is lost is found among what the engine has issued since"""
    with VaultKf("1.3.1") as p:
        p.good("refresh", STORE)
        csr = p.request_file("www.example.org")
        p.sim.fault(path="/sign/web$", times=1, drop=True)
        holds(p.order("www.example.org", "--csr", csr).err, "not known to be issued")
        run = p.order("www.example.org", "--csr", csr)
        same(run.status, 0, run.err)
        holds(run.out, "though the answer was lost")
        same(len(p.state()["enrolled"]), 1)


@case
def planned():
    """plans ask nobody and say which CA, template and role they mean"""
    with VaultKf() as p:
        p.good("refresh", STORE)
        out = lines(p.good("--dry-run", "order", STORE, "--names", "a.example.org", "--role", "web", "--key",
                           "no", "--metadata", "Owner=ops").out)
        holds(out, "the CA is " + CA + ", the engine's default", "the template is WebServer", "bao write",
              "kf/issue/web common_name=a.example.org dns_sans=a.example.org", "metadata=")
        same(p.state()["enrolled"], [])


cases()
