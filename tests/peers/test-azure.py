#!/usr/bin/python3
"""Accounts of Azure over real sockets: our sign-in against the simulator, and Microsoft's own
azure-identity against the same simulator, so that it cannot share our misunderstandings."""
import base64
import importlib.util
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim"))

import running                                          # noqa: E402
from running import Missing, Running, account, expect   # noqa: E402

TENANT = "aaaaaaaa-0000-4000-8000-000000000001"
APP = "bbbbbbbb-0000-4000-8000-000000000002"
SECRET = "s~3/cr+et&=%"
WHO = "application %s in tenant %s" % (APP, TENANT)
ARM = "https://management.sim"
peer = {}


class Place:
    """Certificates, keys and the simulators' options in a folder."""

    def __init__(self, folder):
        if not importlib.util.find_spec("jwt"):
            raise Missing("python3-jwt is not installed")
        self.folder = folder
        self.tls, self.tls_key = self.certificate("tls", "IP:127.0.0.1")
        self.app, self.app_key = self.certificate("app")
        self.issuer, self.issuer_key = self.certificate("issuer")
        self.public = os.path.join(folder, "issuer.pub")
        running.openssl(folder, "pkey", "-in", self.issuer_key, "-pubout", "-out", self.public)
        self.both = os.path.join(folder, "app-both.pem")
        with open(self.both, "w") as f:
            f.write(open(self.app).read() + open(self.app_key).read())

    def certificate(self, name, alternative=None):
        paths = [os.path.join(self.folder, name + end) for end in (".pem", ".key")]
        return paths if os.path.exists(paths[0]) else \
            running.make_certificate(self.folder, name, alternative)

    def plain(self, *more):
        return Running("azure", "--signing-key", self.tls_key, "--app-cert", self.app,
                       "--issuer-key", self.public, *more)

    def secure(self, *more):
        return self.plain("--cert", self.tls, "--key", self.tls_key, *more)

    def federated(self, subject="system:serviceaccount:ns:certty"):
        import jwt
        path = os.path.join(self.folder, "federated")
        with open(path, "w") as f:
            f.write(jwt.encode({"iss": "https://issuer.example", "sub": subject,
                                "aud": "api://AzureADTokenExchange", "exp": int(time.time()) + 600},
                               open(self.issuer_key).read(), "RS256"))
        return path


def answers(sim, way, **more):
    return dict({"from": way, "tenant": TENANT, "client-id": APP, "cloud": "custom",
                 "authority": sim.url, "arm": sim.url}, **more)


def expect_signed_in(said):
    expect(said.get("error", "no error"), "no error")
    expect(said.get("who"), WHO)
    expect(said.get("said"), "3 subscriptions visible (Sub 1, Sub 2, Sub 3)")


# --- ours ---------------------------------------------------------------------------------------

def by_secret(folder):
    with Place(folder).plain() as sim:
        expect_signed_in(account("azure", answers(sim, "client-secret"), {"client-secret": SECRET}))


def by_secret_tls(folder):
    place = Place(folder)
    with place.secure() as sim:
        expect(account("azure", answers(sim, "client-secret"), {"client-secret": SECRET})["error"],
               "its certificate is not trusted")
        expect_signed_in(account("azure", answers(sim, "client-secret", **{"ca-file": place.tls}),
                                 {"client-secret": SECRET}))


def by_certificate(folder):
    place = Place(folder)
    with place.plain() as sim:
        expect_signed_in(account("azure", answers(sim, "client-certificate",
                                                  **{"certificate-file": place.both})))


def by_pkcs12(folder):
    place = Place(folder)
    running.openssl(folder, "pkcs12", "-export", "-in", place.both, "-out", "app.p12", "-passout",
                    "pass:geheim")
    text = base64.b64encode(open(os.path.join(folder, "app.p12"), "rb").read()).decode()
    with place.plain() as sim:
        expect_signed_in(account("azure", answers(sim, "client-certificate"),
                                 {"certificate": text, "certificate-passphrase": "geheim"}))


def by_wrong_certificate(folder):
    place = Place(folder)
    other = os.path.join(folder, "other.pem")
    with open(other, "w") as f:
        f.write(open(place.issuer).read() + open(place.issuer_key).read())
    with place.plain() as sim:
        expect(account("azure", answers(sim, "client-certificate", **{"certificate-file": other}))
               ["error"], "not one of the application's")


def by_federation(folder):
    place = Place(folder)
    with place.plain() as sim:
        expect_signed_in(account("azure", answers(sim, "workload-identity",
                                                  **{"token-file": place.federated()})))
        expect(account("azure", answers(sim, "workload-identity",
                                        **{"token-file": place.federated("stranger")}))["error"],
               "subject 'stranger'")


def by_identity(folder):
    with Place(folder).plain() as arm:
        options = ("--arm", arm.url)
        with Place(folder).plain(*options) as sim:
            mine = answers(arm, "managed-identity", **{"identity-endpoint": sim.url})
            sim.fault(path="metadata", times=1, status=410)
            expect_signed_in(account("azure", dict(mine, identity=APP)))
            expect(account("azure", dict(mine, identity=TENANT))["error"],
                   "no such managed identity")
            del mine["identity-endpoint"]
            expect_signed_in(account("azure", mine, None, {"IDENTITY_ENDPOINT": sim.url + "/msi/token",
                                                           "IDENTITY_HEADER": "h3ader"}))


def refusals(folder):
    with Place(folder).plain() as sim:
        secret = {"client-secret": SECRET}
        for change, wrong, part in (
                ({}, {"client-secret": "wrong"}, "AADSTS7000215"),
                ({"tenant": "nowhere.example"}, secret, "AADSTS90002"),
                ({"client-id": TENANT}, secret, "AADSTS700016"),
                ({"arm-audience": "https://other.example"}, secret, "AADSTS500011"),
                ({"arm": sim.url + "/nowhere"}, secret, "AADSTS500011")):
            expect(account("azure", answers(sim, "client-secret", **change), wrong)["error"], part)
        sim.fault(path="/token", times=1, status=503, body="<html>")
        expect(account("azure", answers(sim, "client-secret"), secret)["error"], "status 503")
        sim.fault(path="/subscriptions", times=1, **{"break": True})
        expect(account("azure", answers(sim, "client-secret"), secret)["error"],
               "listing subscriptions")


def nothing_visible(folder):
    with Place(folder).plain("--subscriptions", "0") as sim:
        expect(account("azure", answers(sim, "client-secret"), {"client-secret": SECRET})["said"],
               "no subscription is visible")


# --- Microsoft's own ----------------------------------------------------------------------------

PROGRAM = """
import os
from azure.identity import *
credential = %s
print("parts:", len(credential.get_token(%r).token.split(".")))
"""


def theirs(folder, credential, scope, env):
    if "python" not in peer:
        peer["python"] = running.make_peer(folder, "azure-identity")
    expect(running.ask_peer(peer["python"], PROGRAM % (credential, scope), env), "parts: 3")


def peer_by(folder, credential):
    place = Place(folder)
    with place.secure() as sim:
        theirs(folder, credential % {
            "t": TENANT, "a": APP, "s": SECRET, "cert": place.both, "token": place.federated(),
            "more": "authority=%r, disable_instance_discovery=True" % sim.url},
            sim.url + "/.default", {"REQUESTS_CA_BUNDLE": place.tls})


def peer_secret(folder):
    peer_by(folder, "ClientSecretCredential(%(t)r, %(a)r, %(s)r, %(more)s)")


def peer_certificate(folder):
    peer_by(folder, "CertificateCredential(%(t)r, %(a)r, %(cert)r, %(more)s)")


def peer_federation(folder):
    peer_by(folder, "WorkloadIdentityCredential(tenant_id=%(t)r, client_id=%(a)r, "
                    "token_file_path=%(token)r, %(more)s)")


def peer_metadata(folder):
    with Place(folder).plain("--arm", ARM) as sim:
        theirs(folder, "ManagedIdentityCredential(client_id=%r)" % APP, ARM + "/.default",
               {"AZURE_POD_IDENTITY_AUTHORITY_HOST": sim.url})


def peer_service(folder):
    with Place(folder).plain("--arm", ARM) as sim:
        theirs(folder, "ManagedIdentityCredential()", ARM + "/.default",
               {"IDENTITY_ENDPOINT": sim.url + "/msi/token", "IDENTITY_HEADER": "h3ader"})


running.run({
    "a client secret": by_secret,
    "a client secret, with TLS": by_secret_tls,
    "a client certificate": by_certificate,
    "a client certificate as PKCS#12": by_pkcs12,
    "a certificate of somebody else": by_wrong_certificate,
    "a federated token": by_federation,
    "managed identities": by_identity,
    "refusals": refusals,
    "no subscription": nothing_visible,
    "azure-identity: a client secret": peer_secret,
    "azure-identity: a client certificate": peer_certificate,
    "azure-identity: a federated token": peer_federation,
    "azure-identity: the metadata service": peer_metadata,
    "azure-identity: App Service": peer_service,
})
