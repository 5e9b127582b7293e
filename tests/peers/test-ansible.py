#!/usr/bin/python3
"""The Ansible collection of contrib/ansible, packed and installed by Ansible's own tools and played twice
against our simulator of Sectigo: the second time changes nothing.  The playbook ends in certbot, which gets its
certificate from Pebble, bound to the account by the key that certty has written."""
import base64
import json
import os
import re
import secrets
import shutil
import stat
import subprocess
import sys

import visit

sys.path.insert(0, os.path.join(visit.SOURCE, "tests", "cli"))
from place import PROGRAM, case, cases, holds, same     # noqa: E402
from sectigo_place import Sectigo                       # noqa: E402

COLLECTION = os.path.join(visit.SOURCE, "contrib", "ansible")
TOOLS = "ansible-galaxy", "ansible-playbook", "ansible-doc"
WITHIN = 120


def missing(*programs):
    gone = [p for p in programs if not shutil.which(p)]
    return "%s is not installed (dev/packages install peers)" % gone[0] if gone else None


class Controller(Sectigo):
    """A place with an account of the simulator, the collection, and certty as it is called there."""

    def __enter__(self):
        super().__enter__()
        self.account()
        for folder in ("bin", "tmp", "le"):
            os.mkdir(self.path(folder))
        with open(self.path("bin", "certty"), "w", encoding="utf-8") as f:
            f.write('#!/bin/sh\nexec "%s" --config "%s" "$@"\n' % (PROGRAM, self.config))
        os.chmod(self.path("bin", "certty"), 0o700)
        self.run("ansible-galaxy", "collection", "build", "--output-path", self.path("tmp"), COLLECTION)
        package, = (n for n in os.listdir(self.path("tmp")) if n.endswith(".tar.gz"))
        self.run("ansible-galaxy", "collection", "install", "--offline", "-p", self.path("collections"),
                 self.path("tmp", package))
        return self

    def run(self, *argv, wanted=0, **env):
        env = self.environment(
            PATH=self.path("bin") + ":" + os.environ["PATH"], ANSIBLE_HOME=self.path("ansible"),
            ANSIBLE_COLLECTIONS_PATH=self.path("collections"), ANSIBLE_NOCOLOR="1",
            ANSIBLE_LOCALHOST_WARNING="False", ANSIBLE_INVENTORY_UNPARSED_WARNING="False",
            ANSIBLE_PYTHON_INTERPRETER=sys.executable, PYTHONDONTWRITEBYTECODE="1", **env)
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              timeout=WITHIN, env=env, cwd=self.path("tmp"))
        same(done.returncode, wanted, "%s: %s" % (argv, done.stdout + done.stderr))
        return done.stdout + done.stderr

    def play(self, *more, **how):
        """The example, with what is other here; how many of its tasks changed something, and all it said."""
        answers = {"names": ["www.example.org", "bücher.example.org"], "certbot_folder": self.path("le")}
        said = self.run("ansible-playbook", "certty.sectigo.certbot", "-e", json.dumps(answers), *more, **how)
        return int(re.search(r"changed=(\d+)", said).group(1)), said


@case
def twice():
    """three modules by the example: check mode says it all, the first time does it, the second nothing"""
    lacks = missing(*TOOLS)
    if lacks:
        return lacks
    with Controller() as p:
        more = ("-e", json.dumps({"certbot": ["true"], "certbot_options": []}))
        same((p.play("--check", *more)[0], p.do("state")["accounts"]), (4, []))
        play = p.play(*more)
        account, = p.do("state")["accounts"]
        same((play[0], account["domains"]), (4, ["www.example.org", "xn--bcher-kva.example.org"]))
        to = p.path("le", "web-farm-eab.ini")
        same(stat.S_IMODE(os.stat(to).st_mode), 0o600)
        again = p.play("-vvv", *more)
        same((again[0], account["macKey"] in play[1] + again[1]), (1, False))     # "true" makes no file
        same(p.play("--check", *more)[0], 1)
        with open(to, "w", encoding="utf-8") as f:
            f.write("another's\n")
        holds(p.play(*more, wanted=2)[1], "put it elsewhere first")
    return None


@case
def others():
    """the documentation is Ansible's; what is absent, what is refused, and what is not added"""
    lacks = missing(*TOOLS)
    if lacks:
        return lacks
    with Controller() as p:
        for module in ("acme_domain", "acme_user", "acme_user_domains"):
            holds(p.run("ansible-doc", "certty.sectigo." + module), "EXAMPLES", "RETURN VALUES",
                  "support: full")
        p.do("domain", name="example.org")

        def task(module, wanted=0, **args):
            return p.run("ansible", "localhost", "-m", "certty.sectigo." + module, "-a", json.dumps(args),
                         wanted=wanted)
        user = {"name": "-web", "organization": "IT", "server": "OV ACME Server"}
        holds(task("acme_user", **user), '"changed": true', '"EAB key ID"')
        holds(task("acme_user", wanted=2, **dict(user, organization="Nobody")), "is called Nobody")
        names = {"account_name": "-web", "names": ["a.example.org", "a.elsewhere.example"]}
        holds(task("acme_user_domains", wanted=2, **names), "a.elsewhere.example was not added",
              '"changed": true')
        holds(task("acme_user_domains", account_name="-web", names=["b.example.org"], only=True),
              "taken away: a.example.org")
        for changed in ("true", "false"):
            holds(task("acme_user", name="-web", state="absent"), '"changed": ' + changed)
        holds(task("acme_domain", name="example.org", state="absent"), '"changed": true')
    return None


@case
def certbot():
    """the example to its end: certbot gets a certificate from Pebble, bound by the key of the account"""
    lacks = missing(*TOOLS, "certbot", "pebble")
    if lacks:
        return lacks
    with Controller() as p:
        kid, key = "kid-of-the-test", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        p.do("set", mac_id=kid, mac_key=key)
        p.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", p.path("pebble.key"), "-out",
                  p.path("pebble.pem"), "-days", "2", "-subj", "/CN=localhost", "-addext",
                  "subjectAltName=IP:127.0.0.1")
        port = visit.free_port()
        with open(p.path("pebble.json"), "w", encoding="utf-8") as f:
            json.dump({"pebble": {"listenAddress": "127.0.0.1:%d" % port, "certificate": p.path("pebble.pem"),
                                  "privateKey": p.path("pebble.key"), "httpPort": 5002, "tlsPort": 5001,
                                  "externalAccountBindingRequired": True,
                                  "externalAccountMACKeys": {kid: key}}}, f)
        server = visit.Server(["env", "PEBBLE_VA_ALWAYS_VALID=1", "PEBBLE_VA_NOSLEEP=1",
                               "PEBBLE_WFE_NONCEREJECT=0", "pebble", "-config", p.path("pebble.json")], port,
                              p.path("pebble.log"), cwd=p.folder)
        try:
            options = ["--standalone", "--http-01-address=127.0.0.1", "--http-01-port=%d" % visit.free_port(),
                       "--register-unsafely-without-email", "--work-dir=" + p.path("tmp", "work"),
                       "--logs-dir=" + p.path("tmp", "logs")]
            more = ("-e", json.dumps({"acme_directory": "https://127.0.0.1:%d/dir" % port,
                                      "names": ["www.example.org", "xn--bcher-kva.example.org"],
                                      "certbot_options": options}))
            trust = {"REQUESTS_CA_BUNDLE": p.path("pebble.pem")}
            same(p.play(*more, **trust)[0], 4)
            chain = p.path("le", "live", "web-farm", "fullchain.pem")
            holds(p.openssl("x509", "-in", chain, "-noout", "-ext", "subjectAltName", "-issuer").decode(),
                  "DNS:www.example.org", "DNS:xn--bcher-kva.example.org", "Pebble")
            same(p.play(*more, **trust)[0], 0)
        finally:
            server.end()
    return None


cases()
