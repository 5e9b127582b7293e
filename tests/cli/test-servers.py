#!/usr/bin/python3
"""The program against servers that misbehave: what is asked again, what is signed in to again, whom
it trusts, what it shows, and what it says when all of that is in vain."""
import contextlib
import importlib.util
import os
import shutil
import sys

from place import Place, case, cases, holds, same

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim"))

from running import Running, make_certificate                       # noqa: E402

ROOT = "hvs.root-of-the-simulator"
SECRET = "s3 cret&=%"
BARE = {"DBUS_SESSION_BUS_ADDRESS": ""}


class Accounts(Place):
    """A place in which secrets are printed by a program, so that each run can sign in."""

    def printed(self, name, secret):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(secret + "\n")
        return "cat " + self.path(name)

    def vault(self, name, url, *more):
        return self.certty("login", name, "--provider", "vault", "--address", url, "--auth", "token",
                           "--token-command", self.printed("token", ROOT), *more)


def test(p, name, status, *said):
    run = p.certty("accounts", "test", name)
    same(run.status, status, run.err)
    holds(run.out + run.err, *said)
    same((ROOT in run.out + run.err, SECRET in run.out + run.err), (False, False))


@case
def broken():
    """a server that is busy, throttles, breaks off, lies, or answers half a document"""
    with Accounts() as p, Running("vault") as sim:
        same(p.vault("v", sim.url).status, 0)
        for what in ({"status": 503}, {"status": 429, "headers": {"Retry-After": "1"}},
                     {"break": True}, {"lie": True}):
            sim.fault(path="lookup-self", **what)
            test(p, "v", 0, "token of root")
        sim.fault(path="lookup-self", status=200, body='{"data": [1,2')
        test(p, "v", 1, "no answer of Vault's")
        run = p.certty("accounts", "rotate", "v", "--token-command", p.printed("bad", "hvs.bad"))
        same(run.status, 4, run.err)
        holds(run.err, "permission denied")
        test(p, "v", 0, "token of root")


@case
def signed_out():
    """an access that is not taken any more is made anew, once"""
    if not importlib.util.find_spec("jwt"):
        return "python3-jwt is not installed"
    with Accounts() as p, Running("keyfactor") as sim:
        run = p.certty("login", "k", "--provider", "keyfactor", "--host", sim.url, "--auth", "oauth",
                       "--client-id", "certty", "--token-url", sim.url + "/oauth2/token", "--scopes",
                       "api", "--client-secret-command", p.printed("secret", SECRET))
        same(run.status, 0, run.err)
        sim.fault(path="KeyfactorAPI", status=401)
        test(p, "k", 0, "signed in, with ")
        sim.fault(path="KeyfactorAPI", status=401, times=2)
        test(p, "k", 4, "status 401")
    return None


@contextlib.contextmanager
def secure(p):
    tls = make_certificate(p.folder, "tls", "IP:127.0.0.1")
    ours = make_certificate(p.folder, "ours")
    with Running("vault", "--cert", tls[0], "--key", tls[1], "--client-ca", ours[0]) as sim:
        yield sim, tls, ours


@case
def trust():
    """TLS: an unknown CA, a bundle, a folder of CAs, another name, a certificate of our own"""
    with Accounts() as p, secure(p) as (sim, tls, ours):
        run = p.vault("a", sim.url)
        same(run.status, 5, run.err)
        holds(run.err, "not trusted", "CA file")
        same(p.vault("b", sim.url, "--ca-file", tls[0]).status, 0)
        os.mkdir(p.path("cas"))
        digest = p.openssl("x509", "-hash", "-noout", "-in", tls[0]).decode().strip()
        shutil.copy(tls[0], p.path("cas", digest + ".0"))
        same(p.vault("c", sim.url, "--ca-folder", p.path("cas")).status, 0)
        run = p.vault("d", sim.url, "--ca-file", p.path("none.pem"))
        same(run.status, 1, run.err)
        holds(run.err, "cannot be read")
        run = p.vault("e", sim.url, "--ca-file", tls[0], "--tls-name", "other.example")
        holds(run.err, "other names than other.example")
        cert = ("login", "f", "--provider", "vault", "--address", sim.url, "--auth", "cert",
                "--ca-file", tls[0])
        run = p.certty(*cert)
        same(run.status, 4, run.err)
        holds(run.err, "cert-file")
        run = p.certty(*cert, "--cert-file", ours[0], "--key-file", ours[1])
        same(run.status, 0, run.err)
        holds(run.out, "cert-ours")


@case
def plain():
    """plain http goes to this machine alone, and a proxy that is not there is named"""
    with Accounts() as p:
        run = p.vault("a", "http://198.51.100.1:8200")
        same(run.status, 5, run.err)
        holds(run.err, "plain http", "safety.plain-http")
        run = p.vault("b", "https://198.51.100.1:8200", "--proxy", "http://127.0.0.1:1")
        same(run.status, 1, run.err)
        holds(run.err, "the proxy 127.0.0.1 refused")


@case
def memory():
    """a secret that found no better place than memory says so"""
    with Accounts() as p, Running("vault") as sim:
        run = p.certty("login", "x", "--provider", "vault", "--address", sim.url, "--auth", "token",
                       "--secrets-stdin", stdin=("token=%s\n" % ROOT).encode(), env=BARE)
        same(run.status, 3, run.err)
        holds(run.out + run.err, "x is an account now", "only until certty ends")


@case
def takes_over():
    """what another tool keeps in a file becomes an account of our own; what it only refers to stays"""
    with Accounts() as p, Running("vault") as sim:
        kept = p.path(".vault-token")
        with open(kept, "w", encoding="utf-8") as f:
            f.write(ROOT)
        run = p.certty("login", "own", "--provider", "vault", "--address", sim.url, "--read", kept,
                       "--keep", "memory", "--remove-file", env=BARE)
        same((run.status, os.path.exists(kept)), (0, False), run.err)
        run = p.certty("login", "other", "--provider", "aws", "--from", "profile", "--profile",
                       "prod", "--keep", "file", "--untested", env=BARE)
        same(run.status, 0, run.err)
        with open(p.path("certty.conf"), encoding="utf-8") as f:
            written = f.read()
        holds(written, "token = memory", "from = profile")
        same((ROOT in written, " = file" in written), (False, False))


@case
def codes():
    """a one-time code is asked for, and taken where it is given"""
    if not importlib.util.find_spec("botocore"):
        return "python3-botocore is not installed"
    with Accounts() as p, Running("aws") as sim:
        role = ("login", "m", "--provider", "aws", "--access-key", "AKIAIOSFODNN7EXAMPLE",
                "--endpoint", sim.url, "--regions", "eu-north-1", "--role",
                "arn:aws:iam::111122223333:role/mfa", "--mfa-serial",
                "arn:aws:iam::111122223333:mfa/me", "--secret-key-command",
                p.printed("key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
        run = p.certty(*role)
        same(run.status, 4, run.err)
        holds(run.err, "a one-time code of")
        run = p.certty(*role, "--secrets-stdin", stdin=b"code=123456\n")
        same(run.status, 0, run.err)
        holds(run.out, "m is an account now")
    return None


cases()
