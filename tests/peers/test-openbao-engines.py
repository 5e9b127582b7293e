#!/usr/bin/python3
"""The program against a real OpenBao: engines are enabled and tuned, and plug-ins registered."""
import hashlib
import os
import shlex
import sys
import tempfile

import visit
from bao import NewBao
from visit import Missing

sys.path.insert(0, os.path.join(visit.SOURCE, "tests", "cli"))
from place import Place, case, cases, holds, same     # noqa: E402

P = None


class EnginePlace(Place):
    def __init__(self, folder):
        super().__init__()
        self.plugins = os.path.join(folder, "plugins")
        os.mkdir(self.plugins)
        self.bao = bao = NewBao(folder, 'plugin_directory = "%s"\n' % self.plugins)
        made = bao.ask("PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1})
        bao.ask("PUT", "sys/unseal", {"key": made["keys_base64"][0]})
        bao.root = made["root_token"]
        self.account("v", bao.root)

    def __exit__(self, *why):
        self.bao.server.end()
        super().__exit__(*why)

    def account(self, name, token):
        self.good("accounts", "add", "--name", name, "--provider", "vault", "--address", self.bao.at,
                  "--keep", "memory", "--token-command", "echo " + token)

    def stores(self):
        rows = self.certty("ls", "stores", "-o", "json", "--offline").json["rows"]
        return [r["id"] for r in rows if r["account"] == "v"]

    def mount(self, path):
        return self.bao.ask("GET", "sys/mounts/" + path)["data"]


@case
def enable():
    """an engine is enabled with its lives, and is a store at once"""
    args = ("mount", "v", "--path", "/team/pki/", "--description", "of the team", "--default-ttl", "72h",
            "--max-ttl", "90d")
    plan = P.good("--dry-run", *args).out
    same("team/pki/" in P.bao.ask("GET", "sys/mounts")["data"], False)
    holds(P.good("--yes", *args).out, "pki is enabled at team/pki", "is a store now")
    made = P.mount("team/pki")
    same((made["type"], made["description"]), ("pki", "of the team"))
    same((made["config"]["default_lease_ttl"], made["config"]["max_lease_ttl"]), (72 * 3600, 90 * 86400))
    same(P.stores(), ["v/pki:team/pki"])
    holds(P.bad("--yes", *args).err, "path is already in use")
    P.bao.ask("DELETE", "sys/mounts/team/pki")
    by_hand(plan)
    again = P.mount("team/pki")
    for key in ("type", "description", "config"):
        same(again[key], made[key], key)
    P.good("account-stores", "v")


def by_hand(plan):
    """The commands of a plan, by the program of others."""
    for line in plan.split("\n"):
        if line.startswith("bao "):
            P.bao.command(*shlex.split(line)[1:], BAO_TOKEN=P.bao.root)


@case
def kv():
    """a KV is one of version 2, and no store while there is no certificate in it"""
    P.good("--yes", "mount", "v", "--path", "words", "--type", "kv")
    same(P.mount("words")["options"], {"version": "2"})
    same(P.stores(), ["v/pki:team/pki"])


@case
def tune():
    """what is said is changed, and the rest is not"""
    plan = P.good("--dry-run", "tune", "v/pki:team/pki", "--max-ttl", "30d").out
    holds(P.good("--yes", "tune", "v/pki:team/pki", "--description", "of nobody").out, "is tuned")
    made = P.mount("team/pki")
    same((made["description"], made["config"]["max_lease_ttl"]), ("of nobody", 90 * 86400))
    by_hand(plan)
    made = P.mount("team/pki")
    same((made["description"], made["config"]["max_lease_ttl"]), ("of nobody", 30 * 86400))
    P.good("--yes", "tune", "v/pki:team/pki", "--max-ttl", "60d")
    same(P.mount("team/pki")["config"]["max_lease_ttl"], 60 * 86400)
    P.bad("--yes", "tune", "v/pki:team/pki", says=["say what is to be changed"], status=2)


@case
def refused():
    """what the token may not do is said, by path"""
    P.account("few", P.bao.ask("POST", "auth/token/create", {"policies": ["default"]})["auth"]["client_token"])
    P.bad("--yes", "mount", "few", "--path", "x", status=5,
          says=["the token's policies have to allow 'update' on sys/mounts/x"])
    P.bad("--yes", "mount", "v", "--path", "x", "--type", "nothing", says=["nothing"], status=5)
    same("x/" in P.bao.ask("GET", "sys/mounts")["data"], False)
    P.bad("--yes", "mount", "local", "--path", "x")


@case
def plugin():
    """a program in the server's folder is registered by its SHA-256, and what is not there is refused"""
    with open(os.path.join(P.plugins, "keyfactor"), "w", encoding="ascii") as f:
        f.write("#!/bin/sh\nexit 1\n")
    os.chmod(f.name, 0o755)
    with open(f.name, "rb") as program:
        digest = hashlib.sha256(program.read()).hexdigest()
    args = ("plugin", "v", "--name", "keyfactor", "--sha256", digest, "--command", "keyfactor")
    holds(P.good("--dry-run", *args).out, "the server runs that program")
    holds(P.good("--yes", *args, "--args", "-a,-b").out, "the plug-in keyfactor is registered")
    made = P.bao.ask("GET", "sys/plugins/catalog/secret/keyfactor")["data"]
    same((made["sha256"], made["command"], made["args"]), (digest, "keyfactor", ["-a", "-b"]))
    P.good("account-stores", "v")
    row = {r["name"]: r for r in P.rows("objects") if r["type"] == "plug-in"}["keyfactor"]
    same((row["store"], row["account"], row["facts"]["SHA-256"], row["can"]), (None, "v", digest, []))
    holds(P.good("show", "accounts/v").out, "plug-in", "keyfactor  (secret)")
    same([r["name"] for r in P.rows("objects") if r["type"] == "plug-in"], ["keyfactor"],
         "built in ones are none")
    P.bad("--yes", *args[:-1], "absent", says=["registering the plug-in"])
    P.bad("--yes", "plugin", "v", "--name", "k", "--sha256", "12", "--command", "keyfactor", status=2)


def main():
    global P
    with tempfile.TemporaryDirectory(prefix="certty-openbao.") as folder:
        try:
            P = EnginePlace(folder)
        except Missing as e:
            print("1..0 # SKIP %s" % e)
            return
        with P:
            cases()


if __name__ == "__main__":
    sys.exit(main())
