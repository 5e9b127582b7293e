#!/usr/bin/python3
"""The doctor's page: each check on its own line, in words and as JSON, and its exit status."""
import os
import pty
import socket
import subprocess

from place import LIMIT, Place, case, cases, holds, same

NAMES = {"keyring", "secrets-file", "secret-places", "secret-memory", "core-dumps", "state",
         "configuration", "clock", "dns", "proxy", "ca-bundle", "terminal"}


def checks(run):
    page = run.json
    same(page["schema"], 1)
    for c in page["checks"]:
        same(set(c), {"name", "about", "state", "said", "do"})
        same(c["state"] in ("fine", "note", "sign-in", "wrong"), True, c)
    return {(c["name"], c["about"]): c for c in page["checks"]}


def look(p, **more):
    run = p.certty("doctor", "-o", "json", **more)
    return checks(run), run


@case
def page():
    """every check is there, fine on a machine where nothing is wrong, and the status is 0"""
    with Place() as p:
        found, run = look(p)
        same({name for name, _ in found}, NAMES)
        same(run.status, 0, run.out)
        same([c for c in found.values() if c["state"] == "wrong"], [])
        text = p.certty("doctor")
        same(text.status, 0)
        holds(text.out, "Configuration", "fine: all of it is understood", "CA bundle")
        same(len(text.out.splitlines()), len(found))


@case
def configuration():
    """a mistake in the configuration is wrong, with file and line; the status is 1"""
    with Place() as p:
        p.configure("[screen]\nthemme=dark\n")
        found, run = look(p)
        same(run.status, 1)
        same(run.json["state"], "wrong")
        holds(found["configuration", None]["said"], "themme", ":4")


@case
def bundle():
    """the CA bundle: the one that SSL_CERT_FILE names, how many CAs, and when it is none"""
    with Place() as p:
        cas = p.path("cas.pem")
        with open(cas, "wb") as f:
            for n in range(3):
                with open(p.make("CA %d" % n, 100), "rb") as one:
                    f.write(one.read())
        found, _ = look(p, env={"SSL_CERT_FILE": cas})
        same(found["ca-bundle", None]["state"], "fine")
        holds(found["ca-bundle", None]["said"], cas, "3 CAs")
        for bad in (p.path("absent"), p.config):
            found, run = look(p, env={"SSL_CERT_FILE": bad})
            same((found["ca-bundle", None]["state"], run.status), ("wrong", 1))
            holds(found["ca-bundle", None]["do"], "SSL_CERT_FILE")


@case
def proxies():
    """a proxy that answers, one that does not, one that is no address"""
    with Place() as p, socket.socket() as s, socket.socket() as closed:
        s.bind(("127.0.0.1", 0))
        s.listen()
        closed.bind(("127.0.0.1", 0))
        found, run = look(p, env={"https_proxy": "http://127.0.0.1:%d" % s.getsockname()[1],
                                  "NO_PROXY": "localhost"})
        same((found["proxy", "https_proxy"]["state"], run.status), ("fine", 0))
        holds(found["proxy", "NO_PROXY"]["said"], "localhost")
        found, run = look(p, env={"HTTPS_PROXY": "http://127.0.0.1:%d" % closed.getsockname()[1]})
        same((found["proxy", "HTTPS_PROXY"]["state"], run.status), ("wrong", 1))
        found, run = look(p, env={"ALL_PROXY": "http://"})
        same((found["proxy", "ALL_PROXY"]["state"], run.status), ("wrong", 1))
        found, run = look(p, env={"HTTPS_PROXY": "http://me:hunter2@127.0.0.1:%d"
                                  % closed.getsockname()[1]})
        same("hunter2" in run.out, False)


@case
def state():
    """a state that cannot be saved is wrong"""
    with Place() as p:
        found, _ = look(p)
        same(found["state", None]["state"], "fine")
        holds(found["state", None]["said"], p.path("state"))
        run = p.certty("--state", p.config, "doctor", "-o", "json")
        same((checks(run)["state", None]["state"], run.status), ("wrong", 1))


def on_terminal(p, **env):
    main, other = pty.openpty()
    try:
        run = subprocess.run(p.argv("doctor"), stdin=other, stdout=other, stderr=subprocess.PIPE,
                             env=p.environment(**env), check=False, timeout=LIMIT)
        return run.returncode, os.read(main, 65536).decode()
    finally:
        os.close(main)
        os.close(other)


@case
def terminal():
    """the terminal: its type, its size, the locale"""
    with Place() as p:
        status, said = on_terminal(p, TERM="xterm-256color")
        same(status, 0, said)
        holds(said, "xterm-256color, 256 colours")
        status, said = on_terminal(p, TERM="dumb")
        same(status, 1)
        holds(said, "TERM is dumb")
        status, said = on_terminal(p, TERM="xterm-256color", LC_ALL="C")
        holds(said, "C is not UTF-8")


cases()
