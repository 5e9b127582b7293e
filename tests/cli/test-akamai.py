#!/usr/bin/python3
"""The command line of accounts with a real provider, whose server is simulated and checks the
signatures by Akamai's own library."""
import contextlib
import importlib.util
import os
import subprocess
import sys

from place import Place, case, cases, holds, same

SIM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim", "akamai.py")
TOKENS = ("--client-token", "akab-client", "--access-token", "akab-access")
PRINTED = ("--client-secret-command", "echo c2VjcmV0")


def missing():
    if importlib.util.find_spec("akamai"):
        return None
    return "python3-edgegrid is not installed"


@contextlib.contextmanager
def server(*args):
    with subprocess.Popen([sys.executable, SIM, *args], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as sim:
        try:
            yield sim.stdout.readline().strip()
        finally:
            sim.stdin.close()


def add(p, name, url):
    run = p.certty("accounts", "add", "--name", name, "--provider", "akamai", "--host", url,
                   *TOKENS, *PRINTED)
    same(run.status, 0, run.err)
    return run


def checks(p):
    run = p.certty("doctor", "-o", "json")
    return {c["name"]: c for c in run.json["checks"] if c["about"]}, run.status


@case
def given():
    """an account is added, tested and imported against a server that checks signatures"""
    if missing():
        return missing()
    with Place() as p, server() as url:
        holds(add(p, "prod", url).out, "akab-client")
        run = p.certty("accounts", "test", "-o", "json")
        same(run.status, 0)
        holds(run.json["accounts"][0]["who"], "akab-client")
        f = p.path("f.csv")
        with open(f, "w", encoding="utf-8") as out:
            out.write("name,host,client-token,access-token,client-secret (secret),keep\n"
                      "good,%s,akab-client,akab-access,c2VjcmV0,memory\n"
                      "bad,%s,akab-client,akab-access,aaaa,memory\n" % (url, url))
        run = p.certty("accounts", "import", f, "--provider", "akamai", "--yes")
        same((run.status, "c2VjcmV0" in run.out + run.err), (1, False))
        holds(run.err, "line 3: bad")
        run = p.certty("accounts", "import", f, "--provider", "akamai", "--yes", "--partial")
        same(run.status, 3, run.err)
    return None


@case
def doctor():
    """the doctor: the account fine; a clock that differs; a server that is gone"""
    if missing():
        return missing()
    with Place() as p:
        with server() as url:
            add(p, "prod", url)
            found, status = checks(p)
            same((found["account"]["state"], found["clock"]["state"], found["dns"]["state"], status),
                 ("fine", "fine", "fine", 0))
        found, status = checks(p)
        same((found["account"]["state"], status), ("wrong", 1))
        p.configure()
        with server("--skew", "630") as url:
            add(p, "prod", url)
            found, status = checks(p)
            same((found["account"]["state"], found["clock"]["state"], status), ("fine", "wrong", 1))
            holds(found["clock"]["said"], "10 min behind")
    return None


cases()
