#!/usr/bin/python3
"""Signing for Akamai over HTTP, against a simulator whose signatures Akamai's own library checks."""
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

TOP = os.environ.get("top_srcdir", ".")
TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests", "provider", "account-tool")
SIM = os.path.join(TOP, "tests", "sim", "akamai.py")
KEYS = {"client-token": "akab-client", "access-token": "akab-access", "client-secret:": "c2VjcmV0"}
cases = []


def case(function):
    cases.append(function)
    return function


class Simulator:
    def __init__(self, *options):
        self.process = subprocess.Popen([sys.executable, SIM, *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.process.stdin.close()
        self.process.wait(30)

    def ask(self, **answers):
        answers = {**KEYS, "host": self.url, **{k.replace("_", "-"): v for k, v in answers.items()}}
        return tool(["%s=%s" % (k, v) for k, v in answers.items() if v is not None])


    def do(self, deed, **how):
        body = json.dumps(dict(how, do=deed)).encode()
        request = urllib.request.Request(self.url + "/sim/akamai", body)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return json.load(opener.open(request, timeout=30))


def tool(answers, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AKAMAI_")}
    out = subprocess.run([TOOL, "akamai", *answers], env={**environment, **variables},
                         capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stderr
    return json.loads(out.stdout)


def is_refused(said, code, *parts):
    assert not said["ok"] and said["code"] == code, said
    for part in parts:
        assert part in said["message"], said["message"]
    assert KEYS["client-secret:"] not in said["message"]


@case
def signs_as_akamai_wants_it():
    with Simulator() as sim:
        said = sim.ask()
        assert said["ok"] and said["who"] == "client akab-client of C-0N7RAC7", said


@case
def a_secret_or_token_that_is_another_one():
    with Simulator() as sim:
        is_refused(sim.ask(**{"client-secret:": "other"}), "sign-in", "signature does not match",
                   "request id 140dd1e2")
        is_refused(sim.ask(client_token="akab-other"), "sign-in", "is it active", "Unknown client")


@case
def a_clock_that_is_off():
    for skew, word in ((300, "behind"), (-300, "ahead of")):
        with Simulator("--skew", str(skew)) as sim:
            said = sim.ask()
            is_refused(said, "sign-in", "s %s Akamai's" % word, "Invalid timestamp")
            seconds = int(said["message"].split("clock is ")[1].split()[0])
            assert 295 <= seconds <= 305, said
    with Simulator("--skew", "20") as sim:
        assert sim.ask()["ok"]


@case
def grants_that_are_missing():
    with Simulator("--deny", "contracts") as sim:
        sim.do("seed")
        sim.do("set", needs_contract=True)
        said = sim.ask(contract="C-0N7RAC7")
        assert said["ok"] and "1 enrollment visible" in said["said"], said
        assert "may read and change enrollments" in said["said"], said
        is_refused(sim.ask(), "usage", "name the contract")
        is_refused(sim.ask(contract="C-OTHER"), "reply", "Invalid Contract")
    with Simulator("--deny", "cps-write") as sim:
        assert "change none (READ-ONLY)" in sim.ask()["said"]
    with Simulator("--deny", "self") as sim:
        assert "grant for Identity Management" in sim.ask()["said"]
    with Simulator("--deny", "contracts", "--deny", "cps") as sim:
        is_refused(sim.ask(contract="C-0N7RAC7"), "refused", "neither the grant")


@case
def another_account():
    with Simulator("--switch", "B-C-0ACCT1:1-2RBL", "--deny", "contracts") as sim:
        said = sim.ask(account_switch_key="B-C-0ACCT1:1-2RBL", contract="C-0N7RAC7")
        assert said["ok"] and said["who"].endswith("in account B-C-0ACCT1:1-2RBL"), said
        is_refused(sim.ask(contract="C-0N7RAC7"), "refused", "neither the grant")


@case
def a_file_and_the_environment():
    with Simulator() as sim, tempfile.NamedTemporaryFile("w", suffix=".rc") as rc:
        rc.write("[ccu]\nhost = %s/\nclient_token = akab-client\nclient_secret = c2VjcmV0\n"
                 "access_token = akab-access\nmax_body = 2048\n" % sim.url)
        rc.flush()
        said = tool(["from=edgerc", "file=" + rc.name, "section=ccu"])
        assert said["ok"] and said["from"].endswith(".rc [ccu]") and said["renewable"], said
        said = tool(["from=environment"], AKAMAI_HOST=sim.url, AKAMAI_CLIENT_TOKEN="akab-client",
                    AKAMAI_CLIENT_SECRET="c2VjcmV0", AKAMAI_ACCESS_TOKEN="akab-access")
        assert said["ok"] and said["from"] == "the environment", said


@case
def the_simulator_itself_refuses():
    """The published header of a request, and what must not pass in its place."""
    start = "EG1-HMAC-SHA256 client_token=akab-ctokenctoken0001-ctokenctoken0001;" \
            "access_token=akab-atokenatoken0001-atokenatoken0001;" \
            "timestamp=20260102T03:04:05+0000;nonce=3f0a4d2e-8c1b-4a57-9e64-0d5b7c2f1a90;signature="
    good = start + "m4foS+5rimGSfKaZH2q1z+WLiZwerUv0J1ZmkEf31ak="
    put = start + "MjSd0yhda2gLPFJFjf5++hzE9l2YjHFPmZCz/ELib7E="
    post = start + "p8o2wiheJZNEtrQvBVeClQZoGzH9aQf0sz8Uc666WRM="
    listing, other = "/cps/v2/enrollments?contractId=C-0N7RAC7", "/cps/v2/enrollments?contractId=X"
    renewal = "/cps/v2/enrollments/10002?force-renewal=true&allow-cancel-pending-changes=true"
    upload = "/cps/v2/enrollments/10002/changes/20003/input/update/third-party-cert-and-trust-chain"
    rows = (("GET", listing, good, "20260102T03:04:10+0000", None, 200),
            ("GET", listing, good.replace("ak=", "aA="), "20260102T03:04:10+0000", None, 401),
            ("GET", other, good, "20260102T03:04:10+0000", None, 401),
            ("GET", listing, good, "20260102T03:09:05+0000", None, 400),
            ("GET", listing, good, "20260102T02:59:05+0000", None, 400),
            ("GET", listing, "", "20260102T03:04:10+0000", None, 400),
            ("POST", upload, post, "20260102T03:04:10+0000", b"{}", 401),
            ("PUT", renewal, put, "20260102T03:04:10+0000", b"{}", 406))
    for method, target, header, clock, body, wanted in rows:
        with Simulator("--clock", clock, "--scheme", "https", "--client",
                       "akab-ctokenctoken0001-ctokenctoken0001", "--access",
                       "akab-atokenatoken0001-atokenatoken0001", "--secret",
                       "c2VjcmV0LWZvci10ZXN0cy1vbmx5LW5vdC1yZWFsLTAwMDE=") as sim:
            request = urllib.request.Request(
                sim.url + target, body, method=method, headers={
                    "Host": "akab-aaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb.luna.akamaiapis.net",
                    "Authorization": header,
                    "Accept": "application/vnd.akamai.cps.enrollments.v11+json"})
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            try:
                status = opener.open(request, timeout=30).status
                if wanted == 200:
                    opener.open(request, timeout=30)    # the same nonce again
                    status = "taken twice"
            except urllib.error.HTTPError as e:
                status = e.code if wanted != 200 or e.code != 401 else 200
            assert status == wanted, (method, target, status)


def main():
    try:
        import akamai.edgegrid  # noqa: F401 pylint: disable=unused-import
    except ImportError:
        print("1..0 # SKIP python3-edgegrid is not installed (dev/packages install test)")
        return
    print("1..%d" % len(cases))
    failed = 0
    for number, function in enumerate(cases, 1):
        try:
            function()
            word = "ok"
        except (AssertionError, OSError) as e:
            failed += 1
            word = "not ok"
            print("# %r" % e)
        print("%s %d - %s" % (word, number, function.__name__.replace("_", " ")))
    sys.exit(1 if failed else 0)


main()
