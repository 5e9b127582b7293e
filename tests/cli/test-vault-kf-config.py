#!/usr/bin/python3
"""The program against the simulator of Keyfactor's engine in Vault: its configuration."""
import json
import os
import stat

from place import case, cases, holds, same
from vault_kf_place import CA, ISSUER, STORE, VaultKf, lines

SECRETS = b"password=s3cret-of-svc\n"
CLIENT = b"client-secret=s3cret\n"


def configure(p, *more, stdin=None, **how):
    return p.certty("--yes", "engine-config", STORE, *more, *(("--secrets-stdin",) if stdin else ()),
                    **(dict(how, stdin=stdin) if stdin else how))


def nowhere(p, secret):
    """No file of the program has it."""
    for folder, _, files in os.walk(p.path("state")):
        for file in files:
            with open(os.path.join(folder, file), "rb") as f:
                same(secret in f.read(), False, file)


@case
def written():
    """a new engine is told all it needs, with only what is said, and its details show that"""
    with VaultKf(is_configured=False) as p:
        p.good("refresh", STORE)
        holds(lines(p.shown()), "there is none yet: certty engine-config writes one")
        run = configure(p, "--url", "https://command.example/", "--auth", "basic", "--user", "svc", "--domain",
                        "CORP", "--ca", CA, "--template", "WebServer", "--tidy", "yes", "--tidy-after", "7d",
                        stdin=SECRETS)
        same(run.status, 0, run.err)
        holds(run.out, "changed: url, ca, template, user, password, domain, tidy, tidy-after")
        config = p.state()["config"]
        same({k: v for k, v in config.items() if v}, {
            "url": "https://command.example", "api_path": "KeyfactorAPI", "username": "svc",
            "password": "s3cret-of-svc", "domain": "CORP", "ca": CA, "template": "WebServer",
            "tidy_enabled": True, "tidy_interval": 86400, "tidy_safety_buffer": 604800})
        p.good("refresh", STORE)
        holds(lines(p.shown()), "Command https://command.example/KeyfactorAPI", "every 24 h it forgets what ended "
              "7 d before")
        nowhere(p, b"s3cret-of-svc")


@case
def changed():
    """only what differs is sent, what is hidden never, and - takes away"""
    with VaultKf("1.4.1") as p:
        p.good("refresh", STORE)
        holds(configure(p, "--template", "WebServer").out, "is so already")
        same(configure(p, "--template", "Internal", "--domain", "-").status, 0)
        config = p.state()["config"]
        same((config["template"], config["domain"], config["password"]), ("Internal", "", "pw"))
        run = configure(p, "--auth", "basic", stdin=b"password=(hidden)\n")
        same(run.status, 2, run.err)
        holds(run.err, "only stands for what is there")
        holds(configure(p, "--tidy", "yes").err, "knows nothing of tidy, which came with 1.5")
        holds(configure(p).err, "say what is to be changed")
        holds(configure(p, "--url", "ftp://x").err, "Command's URL")
        same(p.state()["config"], config)


@case
def ways():
    """another way to sign in to Command takes away what the ways before it need"""
    with VaultKf() as p:
        p.good("refresh", STORE)
        holds(configure(p, "--auth", "oauth", "--user", "svc").err, "user has no use")
        run = configure(p, "--auth", "oauth", "--client-id", "vault", "--token-url", "https://idp.example/token",
                        "--scopes", "a,b", "--audience", "command", stdin=CLIENT)
        same(run.status, 0, run.err)
        config = p.state()["config"]
        same([config[k] for k in ("username", "password", "domain", "client_secret", "scopes")],
             ["", "", "", "s3cret", ["a", "b"]])
        p.good("refresh", STORE)
        holds(lines(p.shown()), "the client vault at https://idp.example/token, scopes a,b, audience command")
        same(p.order("a.example.org", "--key", "no").status, 0)
        same(configure(p, "--auth", "token", stdin=b"access-token=ready\n").status, 0)
        config = p.state()["config"]
        same([config[k] for k in ("client_id", "client_secret", "token_url", "access_token")],
             ["", "", "", "ready"])


@case
def as_object():
    """the form to change it begins with what is set now, and what is hidden is neither shown nor sent"""
    with VaultKf() as p:
        p.good("refresh", STORE)
        row = next(r for r in p.rows("objects") if r["type"] == "kf-config")
        same((row["summary"], row["can"]), ("https://command.example", ["object-edit", "object-drop"]))
        same([row["facts"].get(k) for k in ("signs in with", "username", "password", "template")],
             ["basic", "svc", "(hidden)", "WebServer"])
        before = p.state()["config"]
        plan = p.good("--dry-run", "object-edit", row["id"], "--template", "Internal").out
        holds(plan, "template: Internal instead of WebServer", "bao write")
        p.good("--yes", "object-edit", row["id"], "--template", "Internal", "--tidy-after", "7d")
        same(p.state()["config"], dict(before, template="Internal", tidy_safety_buffer=7 * 86400))
        row = next(r for r in p.rows("objects") if r["type"] == "kf-config")
        same(row["facts"]["template"], "Internal")
        p.bad("--yes", "object-edit", row["id"], "--user", "(hidden)", says=["only stands for what is there"])


@case
def dropped():
    """it is deleted under a plan that says what ends, with a word about versions that go on with it"""
    for version, goes_on in (("1.5.0", False), ("1.4.1", True)):
        with VaultKf(version) as p:
            p.good("refresh", STORE)
            row = next(r for r in p.rows("objects") if r["type"] == "kf-config")
            plan = p.good("--dry-run", "objects", "drop", row["id"]).out
            holds(plan, "DELETE", "nobody gets a certificate by it", "bao delete")
            same("before 1.5" in plan, goes_on)
            same(p.state()["config"]["username"], "svc")
            p.bad("objects", "drop", row["id"], says=["say --yes"])
            run = p.good("--yes", "objects", "drop", row["id"])
            same("until it is started anew" in " ".join(run.out.split()), goes_on)
            same(p.state()["config"], None)


@case
def unverified():
    """that Command's certificate is not looked at has to be accepted, and stays in sight"""
    with VaultKf() as p:
        p.good("refresh", STORE)
        holds(configure(p, "--skip-verify", "yes").err, "whoever answers in Command's place", "accept-risk")
        same(p.state()["config"]["skip_verify"], False)
        same(configure(p, "--skip-verify", "yes", "--accept-risk").status, 0)
        same(p.state()["config"]["skip_verify"], True)
        p.good("refresh", STORE)
        holds(lines(p.shown()), "Command's certificate is not verified")


@case
def revealed():
    """what is hidden is written into a file for its owner alone, and only when that is asked for"""
    with VaultKf() as p:
        path = p.path("hidden.json")
        same(configure(p, "--reveal-file", path, "--ca", "x").status, 2)
        same(os.path.exists(path), False)
        run = configure(p, "--reveal-file", path)
        same(run.status, 0, run.err)
        same("pw" in run.out, False)
        with open(path, encoding="utf-8") as f:
            same(json.load(f)["password"], "pw")
        same(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        same(configure(p, "--reveal-file", path).status > 0, True)


@case
def refused():
    """versions without that path, tokens without that right, and stores of other sorts say so"""
    with VaultKf("1.1.0", is_configured=False) as p:
        p.good("refresh", STORE)
        holds(lines(p.shown()), "in a file on the Vault server")
        holds(configure(p, "--ca", CA).err, "KF_CONF_PATH")
    with VaultKf(token=ISSUER) as p:
        holds(configure(p, "--ca", CA).err, "have to allow 'update' on kf/config")


@case
def planned():
    """a plan says what would change from what is known, with no secret in it, and asks nobody"""
    with VaultKf() as p:
        p.good("refresh", STORE)
        before = p.state()["config"]
        run = p.certty("--dry-run", "engine-config", STORE, "--template", "Internal", "--auth", "basic",
                       "--user", "svc2", "--secrets-stdin", stdin=SECRETS)
        same(run.status, 0, run.err)
        holds(lines(run.out), "template: Internal instead of WebServer", "user: svc2 instead of svc",
              "password: a new one instead of (hidden)", "bao write", "template=Internal")
        same("s3cret" in run.out, False)
        same(p.state()["config"], before)


cases()
