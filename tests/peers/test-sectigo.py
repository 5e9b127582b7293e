#!/usr/bin/python3
"""Accounts of Sectigo over real sockets: our sign-in against the simulator, and a client that a
university wrote (the Python package cert_manager) against the same simulator."""
import importlib.util
import json
import os
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim"))

import running                                          # noqa: E402
from running import Missing, Running, account, expect   # noqa: E402

LOGIN, PASSWORD, CUSTOMER = "robot-example", "not-a-real-password", "exampleuni"
CLIENT, SECRET = "11112222-3333-4444-5555-666677778888", "not&a=real secret"
TOKENS = "/auth/realms/apiclients/protocol/openid-connect/token"


def start(*options):
    for module in ("jwt", "jsonschema", "cryptography"):
        if not importlib.util.find_spec(module):
            raise Missing("python3-%s is not installed" % module)
    return Running("sectigo", *options)


def by_login(sim, **more):
    return dict({"sign-in": "password", "login": LOGIN, "customer-uri": CUSTOMER.upper(),
                 "instance": "other", "url": sim.url + "/api"}, **more)


def by_key(sim, **more):
    return dict({"sign-in": "api-key", "client-id": CLIENT, "token-url": sim.url + TOKENS,
                 "instance": "other", "url": sim.url + "/api"}, **more)


def password(folder):
    with start() as sim:
        said = account("sectigo", by_login(sim), {"password": PASSWORD})
        expect(said["said"], "2 organizations and 1 department visible; the password expires on "
                             "2099-01-31")
        expect(account("sectigo", by_login(sim), {"password": "wrong"})["error"], "-16 Unknown user")
        sim.fault(path="password", times=1, status=502, body="<html>")
        expect(account("sectigo", by_login(sim), {"password": PASSWORD})["said"], "is not told")


def password_ends(folder):
    with start("--expires", "2020-01-01") as sim:
        expect(account("sectigo", by_login(sim), {"password": PASSWORD})["troubles"][0],
               "expired on 2020-01-01")
    with start("--no-admin") as sim:
        expect(account("sectigo", by_login(sim), {"password": PASSWORD})["said"], "is not told")


def key(folder):
    with start() as sim:
        said = account("sectigo", by_key(sim), {"client-secret": SECRET})
        expect(said["who"], "API key " + CLIENT)
        expect(said["said"], "2 organizations")
        expect(account("sectigo", by_key(sim), {"client-secret": "wrong"})["error"],
               "Invalid client or Invalid client credentials")
        sim.fault(path="/organization", times=1, status=401, headers={"WWW-Authenticate": "Bearer"})
        expect(account("sectigo", by_key(sim), {"client-secret": SECRET})["said"], "2 organizations")
        expect(account("sectigo", by_key(sim, **{"token-url": sim.url + "/nowhere"}),
                       {"client-secret": SECRET})["error"], "status 404")


def certificate(folder):
    tls = running.make_certificate(folder, "tls", "IP:127.0.0.1")
    mine = running.make_certificate(folder, "robot")
    with start("--cert", tls[0], "--key", tls[1], "--client-ca", mine[0]) as sim:
        answers = by_login(sim, **{"sign-in": "certificate", "ca-file": tls[0],
                                   "cert-file": mine[0], "key-file": mine[1]})
        said = account("sectigo", answers)
        expect(said.get("said", said.get("error")), "2 organizations")
        answers["login"] = "stranger"
        expect(account("sectigo", answers)["error"], "-16 Unknown user")


PROGRAM = """
from cert_manager import Client, Organization
client = Client(base_url=%r, username=%r, password=%r, login_uri=%r)
print(sorted(o["id"] for o in Organization(client=client).all(force=True)))
"""


def ask(folder, sim, program):
    python = os.path.join(folder, "peer", "bin", "python")
    if not os.path.exists(python):
        python = running.make_peer(folder, "cert_manager")
    return running.ask_peer(python, program % (sim.url + "/api", LOGIN, PASSWORD, CUSTOMER), {})


def do(sim, deed, **how):
    with sim.post("/sim/sectigo", dict(how, do=deed)) as reply:
        return json.load(reply)


def peer(folder):
    with start() as sim:
        expect(ask(folder, sim, PROGRAM), "[501, 503]")


DOMAINS = """
from cert_manager import Client, DomainControlValidation, Domain
client = Client(base_url=%r, username=%r, password=%r, login_uri=%r)
d, v = Domain(client=client), DomainControlValidation(client=client)
number = d.create("example.org", 501, ["SSL"])["id"]
d.delegate(number, 503, ["SSL", "SMIME"])
d.remove_delegation(number, 503, ["SMIME"])
d.suspend(number)
print(d.get(number)["state"], [o["orgId"] for o in d.get(number)["delegations"]], d.count == 0)
d.activate(number)
point = v.start_validation_cname("example.org")
print(sorted(point), point["host"].endswith(".example.org."))
print(v.submit_validation_cname("example.org")["orderStatus"])
print([(one["domain"], one["dcvOrderStatus"]) for one in v.search(size=200, position=0)])
try:
    v.start_validation_cname("elsewhere.example")
except ValueError as why:
    print(why)
"""


def peer_domains(folder):
    with start() as sim:
        said = ask(folder, sim, DOMAINS)
        for part in ("SUSPENDED [501, 503]", "['host', 'point'] True", "SUBMITTED",
                     "[('example.org', 'SUBMITTED')]", "Domain does not exist."):
            expect(said, part)
        do(sim, "check", name="example.org")
        expect(json.dumps(do(sim, "state")["domains"]), '"status": "VALIDATED"')


CERTIFICATES = """
from cert_manager import Client, PendingError, SSL
client = Client(base_url=%r, username=%r, password=%r, login_uri=%r)
ssl = SSL(client=client)
csr = open("CSR").read()
made = ssl.enroll(cert_type_name="OV Multi-Domain", csr=csr, term=200, org_id=501,
                  subject_alt_names=["alias.example.org"])
number = made["sslId"]
try:
    ssl.collect(number, "pemia")
except PendingError as why:
    print("pending")
print(number)
"""
COLLECT = """
from cert_manager import Client, SSL
client = Client(base_url=%r, username=%r, password=%r, login_uri=%r)
ssl = SSL(client=client)
print(ssl.collect(NUMBER, "pemia").count("BEGIN CERTIFICATE"), next(iter(ssl.list()))["commonName"])
ssl.revoke(NUMBER, reason="superseded by another")
"""


def peer_certificates(folder):
    with start() as sim:
        do(sim, "domain", name="example.org", status="VALIDATED", expires="2099-01-01", method="CNAME")
        running.openssl(folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "www.key",
                        "-out", "www.csr", "-subj", "/CN=www.example.org")
        said = ask(folder, sim, CERTIFICATES.replace("CSR", os.path.join(folder, "www.csr")))
        expect(said, "pending")
        number = said.split()[-1]
        order = next(c for c in do(sim, "state")["certs"] if str(c["id"]) == number)
        expect(str(order["names"]), "['www.example.org', 'alias.example.org']")
        sim.opener.open(urllib.request.Request(
            sim.url + "/api/ssl/v1/approve/" + number, b'{"message": "yes"}',
            {"login": LOGIN, "password": PASSWORD, "customerUri": CUSTOMER}), timeout=60).close()
        expect(ask(folder, sim, COLLECT.replace("NUMBER", number)), "3 www.example.org")
        expect(json.dumps(do(sim, "state")["certs"]), '"status": "Revoked"')


ACME = """
from cert_manager import ACMEAccount, Client
client = Client(base_url=%r, username=%r, password=%r, login_uri=%r)
acme = ACMEAccount(client=client, api_version="v2")
number = acme.create("web-farm", "OV ACME Server", 501)["id"]
print([(a["name"], a["certValidationType"]) for a in acme.all(501)])
print(acme.add_domains(number, ["www.example.org", "www.example.com"]))
print(acme.remove_domains(number, ["www.example.org", "www.example.com"]))
print(acme.delete(number))
"""


def peer_acme(folder):
    with start() as sim:
        do(sim, "domain", name="example.org")
        said = ask(folder, sim, ACME)
        for part in ("[('web-farm', 'OV')]", "{'notAddedDomains': ['www.example.com']}",
                     "{'notRemovedDomains': ['www.example.com']}", "True"):
            expect(said, part)


running.run({
    "a password": password,
    "a password's end": password_ends,
    "an API key": key,
    "a client certificate": certificate,
    "cert_manager: a password": peer,
    "cert_manager: domains and their validation": peer_domains,
    "cert_manager: certificates": peer_certificates,
    "cert_manager: ACME accounts": peer_acme,
})
