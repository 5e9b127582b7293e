"""The simulator of Akamai under way, and calls that Akamai's own library signs."""
import json
import sys

import running

PATHS = list(sys.path)
sys.path[:] = [p for p in PATHS if p != running.HERE]   # where the simulator has the library's name
from akamai.edgegrid import EdgeGridAuth  # noqa: E402 pylint: disable=wrong-import-position
import requests  # noqa: E402 pylint: disable=wrong-import-position
sys.path[:] = PATHS

CPS = "/cps/v2"


def media(entity):
    return "application/vnd.akamai.cps.%s+json" % entity


class Answer(Exception):
    """What is not good about an answer."""

    def __init__(self, reply):
        super().__init__("%d: %s" % (reply.status_code, reply.text[:300]))
        self.status = reply.status_code
        self.kind = reply.headers.get("Content-Type")
        self.text = reply.text


class Cps(running.Running):
    def __init__(self, *options):
        super().__init__("akamai", *options)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = EdgeGridAuth("akab-client", "c2VjcmV0", "akab-access")

    def do(self, deed, **how):
        """Something of the simulator's own (akamai_cps_control.py); what it answers."""
        with self.post("/sim/akamai", dict(how, do=deed)) as reply:
            return json.load(reply)

    def call(self, method, path, accept, content=None, body=None):
        headers = {"Accept": media(accept)}
        if content:
            headers["Content-Type"] = media(content)
        at = path if path.startswith(CPS) else CPS + path
        reply = self.session.request(method, self.url + at, headers=headers, timeout=60,
                                     data=None if body is None else json.dumps(body))
        if reply.status_code >= 300:
            raise Answer(reply)
        return reply.json()

    def get(self, path, accept):
        return self.call("GET", path, accept)
