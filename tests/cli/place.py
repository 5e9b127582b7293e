"""What the tests of the command line share: a place with certificates in it, and running the
program there.

    with Place() as p:
        p.make("www.example.org", days=400)
        run = p.certty("ls", "certs", "-o", "json")
        run.status, run.out, run.err, run.json

Certificates are made by the openssl command.  A file of tests is functions with @case, and
cases() at its end, which prints TAP.
"""
import concurrent.futures
import contextlib
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

PROGRAM = os.environ.get("CERTTY_PROGRAM") or os.path.join(
    os.environ.get("top_builddir", "build"), "certty")
LIMIT = 60 * float(os.environ.get("CERTTY_SLOWNESS", "1"))
DAY = 24 * 60 * 60


class Run:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    @property
    def json(self):
        return json.loads(self.out)


class Place(contextlib.AbstractContextManager):
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="place.")
        self.certs = self.path("certs")
        os.mkdir(self.certs)
        self.serial = 1
        self.configure()
        with open(self.path("ca.conf"), "w", encoding="utf-8") as f:
            f.write("[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nserial=%s\n"
                    "default_md=sha256\npolicy=p\nunique_subject=no\nx509_extensions=x\n"
                    "[p]\ncommonName=supplied\n[x]\n"
                    % (self.path("index"), self.folder, self.path("serial")))
        with open(self.path("index"), "w", encoding="utf-8"):
            pass

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def configure(self, more="", folders=None):
        self.config = self.path("certty.conf")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write("[local]\nfolders=%s\n%s" % (folders or self.certs, more))

    def openssl(self, *args, **more):
        done = subprocess.run(["openssl", *args], capture_output=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=LIMIT, **more)
        if done.returncode:
            raise RuntimeError("openssl %s: %s" % (" ".join(args), done.stderr.decode()))
        return done.stdout

    def make(self, name, days, since=-10, file=None, folder=None):
        """A certificate of that common name from `since` to `days` days from now; its path."""
        base = self.path("made%d" % self.serial)
        with open(self.path("serial"), "w", encoding="utf-8") as f:
            f.write("%04X\n" % self.serial)
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-nodes", "-keyout", base + ".key", "-out", base + ".csr", "-utf8",
                     "-subj", "/CN=" + name.replace("\\", "\\\\").replace("/", "\\/"))
        to = os.path.join(folder or self.certs, file or "made%d.pem" % self.serial)
        self.openssl("ca", "-batch", "-notext", "-utf8", "-selfsign", "-config",
                     self.path("ca.conf"), "-in", base + ".csr", "-keyfile", base + ".key",
                     "-startdate", stamp(since), "-enddate", stamp(days), "-out", to)
        self.serial += 1
        return to

    def environment(self, **more):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "CERTTY_"))}
        env.update(HOME=self.folder, LC_ALL="C.UTF-8", TZ="UTC",
                   XDG_STATE_HOME=self.path("state"), XDG_DATA_HOME=self.path("data"),
                   XDG_CONFIG_HOME=self.path("config"))
        env.update(more)
        return env

    def argv(self, *args):
        return [PROGRAM, "--config", self.config, *args]

    def certty(self, *args, stdin=None, env=None, **more):
        done = subprocess.run(self.argv(*args), capture_output=True, check=False, timeout=LIMIT,
                              env=self.environment(**(env or {})),
                              **({"input": stdin} if stdin is not None else
                                 {"stdin": subprocess.DEVNULL}), **more)
        return Run(done)

    def at_terminal(self, args, answers, env=None, is_all=True):
        """Run at a terminal, where each (prompt, answer) is given in its turn, None waiting for the
        prompt alone; status and all that was shown.  is_all: each of the prompts has to come."""
        me, its = pty.openpty()
        run = subprocess.Popen(self.argv(*args), stdin=its, stdout=its, stderr=its,
                               env=self.environment(**(env or {})), start_new_session=True)
        os.close(its)
        said, seen = b"", 0
        answers = list(answers)
        while select.select([me], [], [], LIMIT)[0]:
            try:
                said += os.read(me, 4096)
            except OSError:
                break
            while answers and answers[0][0].encode() in said[seen:]:
                prompt, answer = answers.pop(0)
                seen = said.index(prompt.encode(), seen) + len(prompt.encode())
                if answer is not None:
                    os.write(me, answer.encode() + b"\n")
        os.close(me)
        status = run.wait(LIMIT)
        same(answers if is_all else [], [], "prompts that never came:\n" + said.decode())
        return status, said.decode()

    def good(self, *args, **more):
        run = self.certty(*args, **more)
        same(run.status, 0, "%s: %s" % (" ".join(args), run.err + run.out))
        return run

    def bad(self, *args, says=(), status=None, **more):
        """It fails with one sentence on standard error, by no signal, and within the time limit."""
        run = self.certty(*args, **more)
        if run.status <= 0 or (status and run.status != status) or not run.err.strip():
            raise AssertionError("%s: status %d, %s" % (" ".join(args), run.status, run.err or run.out))
        holds(run.err, *says)
        return run

    def rows(self, kind):
        """Also where not every store could be read."""
        run = self.certty("ls", kind, "-o", "json", "--offline")
        same(run.status in (0, 3), True, run.err)
        return run.json["rows"]


def stamp(days):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * DAY))


def same(got, wanted, what=""):
    if got != wanted:
        raise AssertionError("%s: got %r, wanted %r" % (what, got, wanted))


def holds(text, *wanted):
    for w in wanted:
        if w not in text:
            raise AssertionError("%r is not in:\n%s" % (w, text))


ALL = []


def case(f):
    ALL.append(f)
    return f


def apart(f, many):
    """The same with each of many at once, in a place of its own: for what waits more than it works."""
    with concurrent.futures.ThreadPoolExecutor(len(many)) as pool:
        for one in [pool.submit(f, *arguments) for arguments in many]:
            one.result()


def attempt(f):
    """Why it is skipped, or None; and how it failed, or None."""
    try:
        return f(), None
    except Exception:   # pylint: disable=broad-except
        return None, traceback.format_exc()


def cases(at_once=1):
    """More than one at once where they wait, each in places of its own; else the main thread does them, which
    alone hears signals."""
    failed = 0
    print("1..%d" % len(ALL))
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        done = pool.map(attempt, ALL) if at_once > 1 else map(attempt, ALL)
        for number, (f, (skip, failure)) in enumerate(zip(ALL, done), 1):
            name = (f.__doc__ or f.__name__).split("\n")[0]
            for line in (failure or "").splitlines():
                print("# " + line)
            print("%s %d - %s%s" % ("not ok" if failure else "ok", number, name,
                                    " # SKIP " + skip if skip else ""), flush=True)
            failed += failure is not None
    sys.exit(1 if failed else 0)
