#!/usr/bin/python3
"""Microsoft Azure as far as certty uses it: Entra ID and the endpoints of managed identities, the Resource
Manager with its vaults, Resource Graph and DNS zones, and the vaults themselves.

Whom a request is for, its Host says: a vault is at NAME.SUFFIX, with the port of all (--vault-suffix), and
everything else at any other name, told apart by the path.  What the simulator knows and how it behaves is
in azure_world.py, what a test may do to it beside calling it in azure_control.py: POST /sim/azure
{"do": ...}.  Two processes (one with TLS, one without for the metadata service) agree by --signing-key.
"""
import re
import time

import azure_arm
import azure_vault
import sim
from azure_control import DEEDS
from azure_entra import Entra
from azure_world import SUBSCRIPTIONS, Refused, World
from azure_x509 import Authority


class Azure(Entra):
    def __init__(self):
        super().__init__()
        self.world = World()
        self.world.authority = self.authority
        self.calls, self.uses, self.ended = {}, {}, set()
        self.ca = None

    def arguments(self, parser):
        parser.add_argument("--signing-key", required=True)
        parser.add_argument("--app-cert")
        parser.add_argument("--issuer-key", help="public key of a federated issuer")
        parser.add_argument("--arm", help="audience of the Resource Manager")
        parser.add_argument("--subscriptions", type=int, default=len(SUBSCRIPTIONS))
        parser.add_argument("--vault-suffix", default="vault.localhost")
        parser.add_argument("--world", help="the simulator of AWS, whose resolvers see the zones")

    def visible(self):
        return SUBSCRIPTIONS[:self.options.subscriptions]

    def clock(self):
        return self.world.now()

    def authority(self):
        self.ca = self.ca or Authority(time.time())
        return self.ca

    def count(self, call):
        self.calls[call] = self.calls.get(call, 0) + 1

    def is_good(self, token):
        """Whether it has not been used too often, nor was ended; one more use of it."""
        self.uses[token] = self.uses.get(token, 0) + 1
        most = self.world.knobs["token_calls"]
        return not (most and self.uses[token] > most) and token not in self.ended

    # --- where vaults are ---

    def suffix(self):
        return "%s:%d" % (self.options.vault_suffix, self.server.server_port)

    def vault_resource(self):
        return "https://" + self.suffix()

    def vault_base(self, name):
        return "%s://%s.%s" % ("https" if self.options.cert else "http", name.lower(), self.suffix())

    def vault_of(self, request):
        """The name before the suffix; None: the request is for no vault."""
        host = request.headers.get("Host", "").lower()
        end = "." + self.suffix()
        return host[:-len(end)] if host.endswith(end) else None

    # --- all of it ---

    def answer(self, request):
        name = self.vault_of(request)
        if name is not None and name not in self.world.vaults:
            return sim.Reply(404), {"drop": True}   # a name that is there no more
        return super().answer(request)

    def handle(self, request):
        if request.path == "/sim/azure":
            asked = request.json()
            return sim.Reply(200, DEEDS[asked.pop("do")](self, **asked))
        name = self.vault_of(request)
        if name is not None:
            return azure_vault.answer(azure_vault.Call(self, self.world.vaults[name], request))
        tenant = re.fullmatch(r"/([^/]+)/(oauth2/v2\.0/token|v2\.0/\.well-known/"
                              r"openid-configuration)", request.path)
        try:
            if tenant and request.method == "POST":
                return self.give_token(request, tenant.group(1))
            if tenant:
                return self.discover(request, tenant.group(1))
            if request.path == "/metadata/identity/oauth2/token":
                return self.machine_token(request)
            if request.path == "/msi/token":
                return self.service_token(request)
        except Refused as why:
            return why.reply
        return azure_arm.answer(self, request) or sim.Reply(404, "<html>not here</html>", kind="text/html")


if __name__ == "__main__":
    Azure().main()
