"""A real OpenBao, in memory, with TLS of its own, on the loopback; dev/openbao brings it."""
import json
import os
import ssl
import subprocess
import urllib.error
import urllib.request

import visit
from visit import Missing, Server, Visit

ROOT = "root-of-the-test"


def find():
    """The program."""
    got = subprocess.run([os.path.join(visit.SOURCE, "dev", "openbao")],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if got.returncode:
        raise Missing(got.stderr.strip() or "OpenBao could not be had")
    return got.stdout.strip()


class Bao:
    """The server, and what its owner asks of it."""

    root = ROOT

    def __init__(self, folder):
        self.exe = find()
        self.folder = folder
        self.port = visit.free_port()
        self.at = "https://127.0.0.1:%d" % self.port
        self.ca = os.path.join(folder, "tls", "vault-ca.pem")
        os.mkdir(os.path.dirname(self.ca))
        self.server = Server([self.exe, "server", "-dev", "-dev-root-token-id=" + ROOT,
                              "-dev-listen-address=127.0.0.1:%d" % self.port, "-dev-no-store-token",
                              "-dev-tls", "-dev-tls-cert-dir=" + os.path.dirname(self.ca)],
                             self.port, os.path.join(folder, "bao.log"), cwd=folder)
        self.tls = ssl.create_default_context(cafile=self.ca)

    def ask(self, method, path, body=None, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        headers.setdefault("X-Vault-Token", self.root)
        request = urllib.request.Request("%s/v1/%s" % (self.at, path), method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers=headers)
        try:
            with urllib.request.urlopen(request, context=self.tls) as reply:
                text = reply.read()
        except urllib.error.HTTPError as e:
            raise RuntimeError("%s %s: %d %s" % (method, path, e.code, e.read().decode()))
        return json.loads(text) if text else {}

    def enable(self, kind, **headers):
        self.ask("POST", "sys/auth/" + kind, {"type": kind}, **headers)

    def visit(self, auth, **answers):
        return Visit("vault", address=self.at, auth=auth,
                     **answers).say("route", "ca-file", self.ca)

    def token(self, **what):
        return self.ask("POST", "auth/token/create", what)["auth"]["client_token"]

    def command(self, *args, **env):
        return subprocess.run([self.exe, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=True, env=dict(os.environ, BAO_ADDR=self.at,
                                                   BAO_CACERT=self.ca, **env))


class NewBao(Bao):
    """One that nobody has initialised yet, without TLS: HCL of its own goes into its configuration."""

    root = ""

    def __init__(self, folder, hcl=""):
        self.exe = find()
        self.folder = folder
        self.port = visit.free_port()
        self.at = "http://127.0.0.1:%d" % self.port
        self.ca, self.tls = "", None
        config = os.path.join(folder, "bao.hcl")
        with open(config, "w", encoding="ascii") as f:
            f.write('storage "inmem" {}\n'
                    'listener "tcp" {\n  address = "127.0.0.1:%d"\n  tls_disable = true\n}\n'
                    'api_addr = "%s"\n%s' % (self.port, self.at, hcl))
        self.server = Server([self.exe, "server", "-config=" + config], self.port,
                             os.path.join(folder, "bao.log"), cwd=folder)
