#!/usr/bin/python3
"""Accounts of Sectigo over real sockets: our sign-in against the simulator, and a client that a
university wrote (the Python package cert_manager) against the same simulator."""
import importlib.util
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim"))

import running                                          # noqa: E402
from running import Missing, Running, account, expect   # noqa: E402

LOGIN, PASSWORD, CUSTOMER = "robot-example", "not-a-real-password", "exampleuni"
CLIENT, SECRET = "11112222-3333-4444-5555-666677778888", "not&a=real secret"
TOKENS = "/auth/realms/apiclients/protocol/openid-connect/token"


def start(*options):
    if not importlib.util.find_spec("jwt"):
        raise Missing("python3-jwt is not installed")
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


def peer(folder):
    with start() as sim:
        python = running.make_peer(folder, "cert_manager")
        expect(running.ask_peer(python, PROGRAM % (sim.url + "/api", LOGIN, PASSWORD, CUSTOMER), {}),
               "[501, 503]")


running.run({
    "a password": password,
    "a password's end": password_ends,
    "an API key": key,
    "a client certificate": certificate,
    "cert_manager: a password": peer,
})
