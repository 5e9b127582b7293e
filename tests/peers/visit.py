"""What the tests of accounts share: a visit by our code, others' servers, and TAP."""
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile

TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests", "provider", "visit-tool")
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
READY_WITHIN = 60               # seconds


class Missing(Exception):
    """Something that is not here and could not be had."""


class Visit:
    """One account, as tests/provider/visit-tool.c has it."""

    def __init__(self, provider, env=None, **answers):
        self.process = subprocess.Popen([TOOL, provider], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=dict(os.environ, **env or {}))
        for key, value in answers.items():
            self.say("arg", key.replace("_", "-"), value)

    def say(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        return self

    def secret(self, key, value):
        return self.say("secret", key, value)

    def ask(self, order):
        self.say(order)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("visit-tool ended with status %d" % self.process.wait())
        return json.loads(line)

    def good(self, order="test"):
        said = self.ask(order)
        if not said["ok"]:
            raise RuntimeError("%s: %s" % (said["code"], said["error"]))
        return said

    def bad(self, code, *parts, order="sign-in"):
        said = self.ask(order)
        expect(not said["ok"], "it went well: %s" % said)
        expect(said["code"] == code, "%s: %s" % (said["code"], said["error"]))
        for part in parts:
            expect(part in said["error"], "no '%s' in: %s" % (part, said["error"]))
        return said

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.process.stdin.close()
        self.process.stdout.close()
        status = self.process.wait()
        expect(what[0] or status == 0, "visit-tool ended with status %d" % status)


def expect(truth, why):
    if not truth:
        raise RuntimeError(why)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A program that serves until it is ended, by its process id and its group's."""

    def __init__(self, args, port=None, log=None, **more):
        self.log = log or tempfile.NamedTemporaryFile(delete=False).name
        with open(self.log, "w") as out:
            self.process = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=out, stderr=out,
                                            start_new_session=True, **more)
        if port:
            self.wait_for(port)

    def wait_for(self, port):
        for _ in range(READY_WITHIN * 10):
            try:
                socket.create_connection(("127.0.0.1", port), 5).close()
                return
            except OSError:
                pass
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        said = open(self.log, errors="replace").read()[-2000:]
        self.end()
        raise RuntimeError("it did not start: " + said)

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdin.close()


def simulator(name, *args):
    """A simulator of tests/sim: its process and its address; it ends with its input."""
    process = subprocess.Popen([sys.executable, os.path.join(SOURCE, "tests", "sim", name), *args],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def end_simulator(process):
    process.stdin.close()
    process.stdout.close()
    process.wait()


def run(cases):
    """Runs (name, function) in order; each returns nothing, or raises."""
    failed = False
    print("1..%d" % len(cases))
    for number, (name, function) in enumerate(cases, 1):
        try:
            function()
            print("ok %d %s" % (number, name))
        except Missing as e:
            print("ok %d %s # SKIP %s" % (number, name, e))
        except (RuntimeError, OSError, KeyError, ValueError, subprocess.SubprocessError) as e:
            failed = True
            print("not ok %d %s" % (number, name))
            print("# %s: %s" % (type(e).__name__, str(e).replace("\n", "\n# ")))
        sys.stdout.flush()
    return failed
