"""The simulated Azure under way, with TLS for its vaults' names and the client's certificate."""
import json
import os

import running

SUFFIX = "vault.localhost"


class RunningAzure(running.Running):
    """Files in the folder: tls.pem and its key, for 127.0.0.1, localhost and every vault."""

    def __init__(self, folder, *options):
        self.folder = folder
        self.ca = os.path.join(folder, "tls.pem")
        key = os.path.join(folder, "tls.key")
        if not os.path.exists(self.ca):
            running.make_certificate(folder, "tls", "IP:127.0.0.1,DNS:localhost,DNS:*." + SUFFIX)
        super().__init__("azure", "--signing-key", key, "--cert", self.ca, "--key", key, *options, ca=self.ca)

    def __enter__(self):
        super().__enter__()
        self.port = int(self.url.rpartition(":")[2])
        self.suffix = "%s:%d" % (SUFFIX, self.port)
        return self

    def vault(self, name):
        return "https://%s.%s/" % (name, self.suffix)

    def do(self, deed, **how):
        """Something of the simulator's own (azure_control.py); what it answers."""
        with self.post("/sim/azure", dict(how, do=deed)) as reply:
            return json.load(reply)
