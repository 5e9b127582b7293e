#!/usr/bin/python3
"""A Vault with mounts of the Keyfactor engine, each of a version: stateful, from 1.0 to 1.5.

POST /sim/keyfactor {"do": …} is a test's own: "mount" (path, version, type), "unmount" (path), "set"
(pending, refuses [status, body], returned, malformed, warnings, blind: whether only what a policy names
may be read), "seed" (path, name, days, number: a certificate that was issued before), "forget" (path: the
engine's process has started anew), "upgrade" (path, version) and "state" (path), which answers with what
the engine and Command know.
"""
import urllib.parse
from datetime import timedelta

import sim
import vault_keyfactor_world as world
from sim import Reply
from vault import DENIED, Vault, errors, envelope
from vault_keyfactor_engine import Engine

ISSUER = "hvs.issuer"       # may issue, list and read, and knows nothing of configurations and roles
MAY = {"issuer": ("certs", "cert", "issue", "sign", "ca", "ca_chain")}


def version_of(text):
    return tuple(int(part) for part in text.split("."))[:2]


class KeyfactorVault(Vault):
    def __init__(self):
        super().__init__()
        self.add(ISSUER, "issuer", ["default", "issuer"], 0, False)
        self.command = world.Command()
        self.mounts = {}        # path -> (type, version as text, engine)
        self.warnings = None

    # --- what a test does ---

    def do_mount(self, path, version="1.5.0", **how):
        self.mounts[path] = [how.get("type", "keyfactor"), version, Engine(version_of(version), self.command)]

    def do_unmount(self, path):
        del self.mounts[path]

    def do_upgrade(self, path, version):
        self.mounts[path][1] = version
        self.mounts[path][2].version = version_of(version)
        self.mounts[path][2].memory = None

    def do_set(self, **how):
        for key, name in (("pending", "is_pending"), ("refuses", "refuses"), ("returned", "returned")):
            if key in how:
                setattr(self.command, name, how[key])
        self.warnings = how.get("warnings", self.warnings)
        for _, _, engine in self.mounts.values():
            engine.is_malformed = how.get("malformed", engine.is_malformed)

    def do_seed(self, path, name, days=90, number=77, ca="ca01.corp.example\\IssuingCA"):
        key = world.new_key()
        since = timedelta(days=min(0, days - 90), minutes=-10)
        cert = self.command.authorities[ca].issue(world.name_of(name), key.public_key(),
                                                  world.names_of([name], []), days, since)
        return self.mounts[path][2].store(cert, number)

    def do_forget(self, path):
        self.mounts[path][2].memory = None

    def do_state(self, path=None):
        engine = self.mounts[path][2] if path else None
        return {"enrolled": self.command.enrolled, "revoked": self.command.revoked,
                "config": engine and engine.config, "certs": sorted(engine.certs) if engine else [],
                "roles": engine.roles if engine else {}, "odd": engine.odd if engine else []}

    def control(self, request):
        asked = request.json()
        return Reply(200, {"answer": getattr(self, "do_" + asked.pop("do"))(**asked)})

    # --- what the server does ---

    def open_to_all(self, request):
        return self.control if request.path == "/sim/keyfactor" else super().open_to_all(request)

    def about(self, path):
        kind, version, engine = self.mounts[path]
        running = "v" + version if engine.is_at_least(5) else ""
        return {"type": kind, "description": "", "accessor": kind + "_1", "options": None, "local": False,
                "plugin_version": "", "running_plugin_version": running, "config": {}}

    def system(self, path, policies):
        shown = {p + "/": self.about(p) for p in self.mounts}
        if path == "sys/internal/ui/mounts":
            return envelope({"secret": shown, "auth": {}})
        if path == "sys/mounts":
            return envelope(shown) if "root" in policies else errors(403, DENIED)
        mount = path[len("sys/internal/ui/mounts/"):].rstrip("/")
        if path.startswith("sys/internal/ui/mounts/") and mount in self.mounts:
            return envelope(dict(self.about(mount), path=mount + "/"))
        return errors(404, 'no handler for route "%s". route entry not found.' % path)

    def mounted(self, request):
        path = urllib.parse.unquote(request.path)[len("/v1/"):]
        policies = self.of(request)["policies"]
        mount = next((p for p in self.mounts if path.startswith(p + "/")), None)
        if not mount:
            return self.system(path, policies)
        rest = path[len(mount) + 1:]
        method = "LIST" if request.query.get("list", [""])[0].lower() == "true" else request.method
        method = "POST" if method == "PUT" else method
        if "root" not in policies and rest.split("/")[0] not in MAY["issuer"]:
            return errors(403, DENIED)
        reply = self.mounts[mount][2].handle(method, rest, request)
        return self.warned(reply) if reply.status == 200 else reply

    def warned(self, reply):
        """The same with the warnings that a test wants."""
        if not self.warnings:
            return reply
        return Reply(200, dict(sim.json.loads(reply.body), warnings=self.warnings))


if __name__ == "__main__":
    KeyfactorVault().main()
