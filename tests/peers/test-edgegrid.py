"""Akamai's own client of today (edgegrid-python, by its name from the Python registry, in an
environment that is thrown away): it signs requests as we do, and is taken by our simulator."""
import json
import os
import random
import subprocess
import sys
import tempfile

TOP, BUILD = os.environ.get("top_srcdir", "."), os.environ.get("top_builddir", ".")
SIM = os.path.join(TOP, "tests", "sim", "akamai.py")
N = 200
# Run by the other interpreter: signs what it reads, and asks the simulator.
THEIRS = r"""
import json, sys, requests
from akamai.edgegrid import EdgeGridAuth
from akamai.edgegrid.edgegrid import EdgeGridAuthHeaders
for line in sys.stdin:
    c = json.loads(line)
    if "ask" in c:
        s = requests.Session()
        s.trust_env = False
        s.auth = EdgeGridAuth(c["client"], c["secret"], c["access"])
        print(s.get(c["ask"], timeout=30).status_code, flush=True)
        continue
    h = EdgeGridAuthHeaders(c["client"], c["secret"], c["access"])
    r = requests.Request(c["method"], c["url"], data=bytes.fromhex(c["body"])).prepare()
    print(h.make_auth_header(r, c["stamp"], c["nonce"])
          if r.url == c["url"] else "another address: " + r.url, flush=True)
"""


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)


def make_environment(folder):
    """A Python of its own with the client in it, or the reason why not."""
    for command in ((sys.executable, "-m", "venv", folder),
                    (os.path.join(folder, "bin", "pip"), "install", "-q", "edgegrid-python")):
        try:
            out = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        except (OSError, subprocess.TimeoutExpired) as e:
            return str(e)
        if out.returncode:
            return (out.stderr.strip() or out.stdout.strip() or "pip failed").split("\n")[-1]
    return None


class Program:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def ask(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def end(self):
        self.process.stdin.close()
        return self.process.wait(30)


def draw_case(draw):
    letters = "abcXYZ019-._~:@!$'()*,;"

    def some(most):
        return "".join(draw.choice(letters) for _ in range(1 + draw.randrange(most)))
    # urlparse drops a semicolon with nothing behind it
    path = "/" + "/".join("a" + some(6) + "z" for _ in range(draw.randrange(4)))
    query = "&".join(some(4) + "=" + some(5) for _ in range(draw.randrange(4)))
    method = draw.choice(("GET", "POST", "PUT", "DELETE"))
    body = draw.randbytes(draw.choice((1, 200, 131072, 131073))) if method in ("POST", "PUT") else b""
    return {"method": method, "url": "https://akab-a.test%s%s" % (path, "?" + query if query else ""),
            "body": body.hex(), "client": "akab-c", "access": "akab-a",
            "secret": "%032x" % draw.getrandbits(128), "nonce": "%x" % draw.getrandbits(64),
            "stamp": "20260304T05:06:07+0000"}


def compare(theirs):
    ours, draw, bad = Program(os.path.join(BUILD, "tests", "net", "sign-tool")), random.Random(2), 0
    for _ in range(N):
        case = draw_case(draw)
        lines = {**{k: case[k] for k in ("method", "url", "body", "client", "access", "secret",
                                         "nonce")}, "now": "1772600767"}
        found = ours.ask("\n".join("%s %s" % p for p in lines.items() if p[1]) + "\n")
        wanted = theirs.ask(json.dumps(case))
        if found != wanted:
            bad += 1
            print("# %s %s\n# ours   %s\n# theirs %s" % (case["method"], case["url"], found, wanted))
    return not ours.end() and not bad


def is_taken(theirs):
    sim = Program(sys.executable, SIM)
    url = sim.process.stdout.readline().strip() + "/contract-api/v1/contracts/identifiers?depth=TOP"
    right = {"ask": url, "client": "akab-client", "access": "akab-access", "secret": "c2VjcmV0"}
    status = theirs.ask(json.dumps(right)), theirs.ask(json.dumps({**right, "secret": "other"}))
    sim.end()
    if status != ("200", "401"):
        print("# %s %s" % status)
    return status == ("200", "401")


def main():
    with tempfile.TemporaryDirectory() as folder:
        why = make_environment(folder)
        if why:
            skip_all("edgegrid-python cannot be had: " + why)
        theirs = Program(os.path.join(folder, "bin", "python"), "-c", THEIRS)
        print("1..2")
        good = compare(theirs)
        print("%s 1 - %d requests signed as today's edgegrid-python signs them"
              % ("ok" if good else "not ok", N))
        taken = is_taken(theirs)
        print("%s 2 - our simulator takes its requests, and not with another secret"
              % ("ok" if taken else "not ok"))
        theirs.end()
    sys.exit(0 if good and taken else 1)


main()
