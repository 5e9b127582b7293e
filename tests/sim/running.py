"""Starts a simulator, says where it is, ends it; and what tests of accounts do with one."""
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests", "provider", "account-tool")
PYTHON = "/usr/bin/python3"     # Debian's, which has the libraries
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Running:
    """A simulator under way: `with Running("azure", "--option") as sim: sim.url`.  `ca`: the file with
    the certificate that it shows, when it has one."""

    def __init__(self, name, *options, ca=None):
        self.command = [PYTHON, os.path.join(HERE, name + ".py")] + list(options)
        self.opener = DIRECT if not ca else urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http"):
            raise RuntimeError("%s does not start" % self.command[1])
        return self

    def __exit__(self, *why):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def fault(self, **what):
        """The next requests go wrong; see sim.py."""
        self.post("/sim/fault", what).close()

    def post(self, path, what):
        request = urllib.request.Request(self.url + path, json.dumps(what).encode())
        return self.opener.open(request, timeout=60)

    def settle(self):
        """What programs that have ended had begun to ask is heard, so that calls can be counted anew."""
        end = time.monotonic() + 60
        while True:
            with self.post("/sim/settled", {}) as reply:
                if json.load(reply)["is"]:
                    return
            if time.monotonic() > end:
                raise AssertionError("somebody stays connected to the simulator")

    def do(self, deed, **how):
        """Something of the simulator's own (aws_control.py); what it answers."""
        with self.post("/sim/aws", dict(how, do=deed)) as reply:
            return json.load(reply)


def account(provider, answers, secrets=None, env=None):
    """What the tool found, with "error": the code's word and the sentence, where it failed."""
    args = ["%s=%s" % pair for pair in answers.items()]
    args += ["%s:=%s" % pair for pair in (secrets or {}).items()]
    done = subprocess.run([TOOL, provider] + args, stdin=subprocess.DEVNULL, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=dict(os.environ, **(env or {})))
    if done.returncode or done.stderr:
        raise RuntimeError("%s: %s" % (done.returncode, done.stderr))
    said = json.loads(done.stdout)
    if not said["ok"]:
        said["error"] = "%s: %s" % (said["code"], said["message"])
    return said


def openssl(folder, *args):
    subprocess.run(("openssl",) + args, cwd=folder, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificate(folder, name, alternative=None):
    """NAME.pem and NAME.key, signed by itself; the paths."""
    more = ("-addext", "subjectAltName=" + alternative) if alternative else ()
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key",
            "-out", name + ".pem", "-subj", "/CN=" + name, "-days", "2", *more)
    return [os.path.join(folder, name + end) for end in (".pem", ".key")]


class Missing(Exception):
    """Something that others wrote cannot be had, with the reason."""


def make_peer(folder, *packages):
    """A Python of its own in which packages from the Python registry are installed."""
    place = os.path.join(folder, "peer")
    for command in ([PYTHON, "-m", "venv", place],
                    [place + "/bin/pip", "install", "-q", "--disable-pip-version-check",
                     *packages]):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=240)
        if done.returncode:
            lines = done.stdout.strip().splitlines() or ["no reason"]
            raise Missing("%s cannot be installed: %s" % (", ".join(packages), lines[-1][:200]))
    return place + "/bin/python"


def ask_peer(python, program, env):
    """What a program that uses the peer printed."""
    done = subprocess.run([python, "-c", program], stdin=subprocess.DEVNULL, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=dict(os.environ, **env))
    return done.stdout.strip() or done.stderr.strip()[-2000:]


def run(tests):
    """Tests by name, each a function of a folder; as TAP."""
    failed = 0
    print("1..%d" % len(tests))
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, test) in enumerate(tests.items(), 1):
            try:
                test(folder)
                print("ok %d - %s" % (number, name))
            except Missing as why:
                print("ok %d - %s # SKIP %s" % (number, name, why))
            except Exception as why:        # a test that breaks is one that fails
                failed += 1
                print("not ok %d - %s" % (number, name))
                print("# %s: %s" % (type(why).__name__, str(why).replace("\n", "\n# ")))
            sys.stdout.flush()
    sys.exit(failed > 0)


def expect(what, part):
    if part not in (what or ""):
        raise AssertionError("'%s' is not in '%s'" % (part, what))
