"""Accounts in the real program: from nothing to one that works, and no secret left anywhere.

Providers are simulated, with TLS and with signatures that others' libraries check; the keyring is
a real one.  Every secret is a canary, and each journey ends with the search for it.
"""
import contextlib
import json
import os
import re
import signal
import subprocess
import time
import urllib.request

from accounts import (Record, answer, console, go, is_kept, keep, make_keyring, pick, press, provider)
from canary import Canaries
from desktop import Desktop
from fixture import configure
from terminal import SLOWNESS, Failure, expect, journey, journeys, program, start

TOKEN = "hvs.root-of-the-simulator"
MASTER = "canary of the keyring 4731"
WRONG = "hvs.canary-that-is-wrong-4732"
AWS_KEY, AWS_SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EDGE_SECRET = "Y2FuYXJ5LW9mLWFrYW1haS00NzMz"


def home(*parts):
    return os.path.join(os.environ["HOME"], *parts)


def searched(canaries, t, *outputs):
    """All that a console left, and what else was said."""
    canaries.search_files()
    canaries.refuse("the terminal", t.written)
    canaries.refuse("its arguments", proc(t.pid, "cmdline"))
    canaries.refuse("its environment", proc(t.pid, "environ"))
    for output in outputs:
        canaries.refuse("what was said", output)


def proc(pid, name):
    """Nothing when the process is over."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        with open("/proc/%d/%s" % (pid, name), "rb") as f:
            return f.read()
    return b""


def go_to(t, name):
    """Down or up, until the cursor is on that account."""
    rows = [line[1:].strip().split(" ")[0] for line in t.lines() if re.match(r"[▸ ] [a-z]", line)]
    [at] = [line[1:].strip().split(" ")[0] for line in t.lines() if line.startswith("▸")]
    by = rows.index(name) - rows.index(at)
    t.keys(*["Down" if by > 0 else "Up"] * abs(by))
    return t.wait("▸ %s " % name)


def drop(t, name):
    t.keys("X").agree_by("account-drop")
    t.wait_gone("^. %s +" % name)
    t.wait("is forgotten, with its secrets")


# --- the command line ---------------------------------------------------------------------------
SAID = []


def certty(*arguments, status=0, says="", stdin=None, secrets=None):
    """Runs a command; secrets go by descriptors of their own."""
    argv = [program(), *arguments, "--log-file", home("log"), "--log-level", "debug"]
    open_ones = []
    for name, secret in (secrets or {}).items():
        reading, writing = os.pipe()
        os.write(writing, secret.encode())
        os.close(writing)
        argv += ["--%s-fd" % name, str(reading)]
        open_ones.append(reading)
    done = subprocess.run(argv, input=(stdin or "").encode(), pass_fds=open_ones, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    for reading in open_ones:
        os.close(reading)
    SAID.append(done.stdout)
    said = done.stdout.decode()
    expect(status in (None, done.returncode) and says in said,
           "%s: status %s and '%s', not %d and:\n%s" % (" ".join(arguments), status, says,
                                                      done.returncode, said))
    return said


# --- the wizard -------------------------------------------------------------------------------
@journey("Vault by a typed token, wrong at first, kept in a keyring made in place")
def vault():
    canaries = Canaries(token=TOKEN, wrong=WRONG, master=MASTER)
    with Record() as record, provider("vault", "--log", record.path("log")) as sim, \
            Desktop() as desktop:
        desktop.watch()
        t = console()
        pick(t, "Vault or OpenBao")
        answer(t, "Address", sim.url)
        answer(t, "Token", WRONG)
        press(t, "Test", "^✗ ")
        expect(t.sees("Token +•+$") and t.sees(sim.url), "what was typed is there")
        go(t, "Token")
        t.keys("C-u")
        t.wait_gone("Token +•")
        answer(t, "Token", TOKEN)
        press(t, "Test", "^✓ it works: there we are root")
        make_keyring(t, MASTER)
        expect(is_kept() == (False, False) and desktop.items() == 0, "nothing is kept yet")
        press(t, "Save", "vault is an account now")
        expect(is_kept() == (True, False) and desktop.items() == 1, "the keyring has it")
        expect(any(r["headers"].get("X-Vault-Token") == TOKEN for r in record.requests("log")),
               "it was sent")
        messages = desktop.watched()
        expect(b"certty: vault, Token" in messages, "the bus was watched while it was stored")
        canaries.refuse("the bus", messages)
        searched(canaries, t)
        t.keys("D").agree()
        t.wait("left alone from now on")
        canaries.search_memory(t.pid)
        t.keys("q")
        expect(t.ended() == 0, "it ends well")


@journey("what is in memory is found there: a token that is kept until certty ends")
def control():
    canaries = Canaries(token=TOKEN)
    with provider("vault") as sim:
        os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        t = console()
        pick(t, "Vault or OpenBao")
        answer(t, "Address", sim.url)
        answer(t, "Token", TOKEN)
        keep(t, "nowhere; it is asked for again")
        press(t, "Save", "vault is an account now")
        try:
            canaries.search_memory(t.pid)
        except Failure:
            pass
        else:
            raise Failure("the search of memory does not find what must be there")
        drop(t, "vault")
        canaries.search_memory(t.pid)
        searched(canaries, t)


@journey("Akamai by a pasted section of .edgerc, into a keyring that is unlocked in place")
def akamai():
    canaries = Canaries(secret=EDGE_SECRET, master=MASTER)
    with provider("akamai", "--secret", EDGE_SECRET) as sim, Desktop() as desktop:
        certty("unlock", secrets={"passphrase": MASTER})
        desktop.restart()
        t = console()
        t.keys("A")
        t.wait("Add an account")
        t.paste("[default]\nclient_secret = %s\nhost = %s\naccess_token = akab-access\n"
                "client_token = akab-client\n" % (EDGE_SECRET, sim.url))
        t.wait("Read for Akamai")
        press(t, "Test", "^✓ it works")
        press(t, "Save", "^✗ .*locked")
        answer(t, "Passphrase", "not the passphrase of it")
        press(t, "Unlock it", "^✗ ")
        answer(t, "Passphrase", MASTER)
        press(t, "Unlock it", "^✓ secrets are kept in the keyring")
        press(t, "Save", "akamai is an account now")
        expect(desktop.items() == 1, "the keyring has it")
        t.keys("D").agree()
        t.wait("left alone from now on")
        searched(canaries, t)
        canaries.search_memory(t.pid)


@journey("AWS by the console's CSV, into an encrypted file that is made in place")
def aws():
    passphrase = "canary of the file 4734"
    canaries = Canaries(secret=AWS_SECRET, passphrase=passphrase)
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    with provider("aws") as sim:
        t = console()
        t.keys("A")
        t.wait("Add an account")
        t.paste("Access key ID,Secret access key\n%s,%s\n" % (AWS_KEY, AWS_SECRET))
        t.wait("Read for ")
        go(t, "More ")
        t.keys("Enter")
        t.wait("Endpoint ")
        answer(t, "Endpoint( |$)", sim.url)
        answer(t, "Regions", "us-east-1")
        keep(t, "in certty's encrypted file")
        answer(t, "Passphrase", passphrase)
        answer(t, "Once more", passphrase)
        press(t, "Make it", "^✓ ")
        press(t, "Save", "aws is an account now")
        expect(is_kept() == (True, True), "the file has it")
        out = subprocess.run(["openssl", "cms", "-decrypt", "-inform", "PEM", "-in",
                              home(".local", "share", "certty", "secrets.pem"),
                              "-pwri_password", passphrase], check=True,
                             stdout=subprocess.PIPE).stdout
        expect(AWS_SECRET.encode() in out.replace(b"\\/", b"/"), "openssl alone opens it")
        drop(t, "aws")
        searched(canaries, t)
        # The file is still open: its passphrase is where it may be, the secret is gone.
        Canaries(secret=AWS_SECRET).search_memory(t.pid)


@journey("leaving the wizard at any page leaves nothing: no configuration, no secret, no account")
def cancel():
    canaries = Canaries(token=TOKEN, master=MASTER)
    with provider("vault") as sim, Desktop() as desktop:
        t = console()
        for stage in range(5):
            if stage == 0:
                t.keys("A")
                t.wait("Add an account")
            else:
                pick(t, "Vault or OpenBao")
            if stage > 1:
                answer(t, "Address", sim.url)
                answer(t, "Token", TOKEN)
            if stage > 2:
                press(t, "Test", "^✓ it works")
            if stage > 3:
                make_keyring(t, MASTER)
            t.keys("Esc")
            if stage > 1:
                t.wait("Esc once more")
                t.keys("Esc")
            elif stage == 1:
                t.wait_gone("› Vault")
                t.keys("Esc")
            t.wait_gone("Add an account")
            expect(is_kept() == (False, False) and desktop.items() == 0,
                   "nothing is kept at stage %d" % stage)
        searched(canaries, t)
        canaries.search_memory(t.pid)
        expect('"vault"' not in certty("accounts", "-o", "json"), "there is no such account")


@journey("the view of accounts: test, rename, rotate, read-only, disable, enable, drop")
def view():
    canaries = Canaries(token=TOKEN, wrong=WRONG, master=MASTER)
    with provider("vault") as sim, Desktop() as desktop:
        configure()
        certty("unlock", secrets={"passphrase": MASTER})
        certty("accounts", "add", "--name", "prod", "--provider", "vault", "--address", sim.url,
               "--keep", "keyring", secrets={"token": TOKEN})
        t = console()
        t.keys("8")
        t.wait("prod +vault")
        t.keys("j")
        t.wait("▸ prod")
        t.keys("t")
        t.wait("token of root")
        t.keys("F2")
        t.wait("New name")
        t.keys("C-u", "live", "Enter").agree()
        t.wait("is called live now")
        t.wait("▸ live +vault")
        t.keys("r")
        t.wait("Token")
        answer(t, "Token", WRONG)
        press(t, "Replace", "^✗ ")
        t.wait("▸ Token +•")
        t.keys("hvs.old")       # in place of what was refused
        t.wait("Token +•{7}$")
        press(t, "Replace", "live +vault")
        t.wait("live +vault")
        t.keys("W").agree()
        t.wait("live .*read-only")
        t.keys("W").agree()
        t.wait("live .*may change")
        t.keys("D").agree()
        t.wait("live .*disabled")
        t.keys("a").agree()
        t.wait("live .*may change")
        drop(t, "live")
        expect(desktop.items() == 0 and is_kept() == (False, False), "nothing is left")
        searched(canaries, t)
        canaries.search_memory(t.pid)


@journey("refused, broken and wrong answers, and a sudden end in mid-sign-in, tell no secret")
def trouble():
    canaries = Canaries(token=TOKEN)
    with Record() as record, provider("vault") as sim:
        configure()
        prints = record.program("prints", TOKEN)
        certty("accounts", "add", "--name", "prod", "--provider", "vault", "--address", sim.url,
               "--token-command", prints)
        for fault in ({"status": 401, "body": "no"}, {"break": True},
                      {"status": 502, "body": "<html>%s</html>" % TOKEN,
                       "headers": {"Content-Type": "text/html"}},
                      {"status": 403, "body": '{"errors":["%s is not good"]}' % TOKEN}):
            sim.fault(path="lookup-self", times=4, **fault)
            certty("accounts", "test", "prod", "-o", "json", status=None)
            sim.fault(path="nowhere", times=1)
            for _ in range(8):      # what is left of the fault
                if "there we are" in certty("accounts", "test", "prod", status=None):
                    break
        for number in (signal.SIGKILL, signal.SIGSEGV):
            sim.fault(path="lookup-self", times=1, delay=20)
            t = console()
            t.keys("8")
            t.wait("prod +vault")
            t.keys("j")
            t.wait("▸ prod")
            t.keys("t")
            t.wait("Asked: account-test prod")
            expect(b" 0 " in proc(t.pid, "limits").split(b"core file size")[1], "no core dumps")
            t.signal(number)
            t.ended()
            searched(canaries, t, *SAID)
        seen = record.read("prints.seen")
        expect(b"PATH=" in seen, "the program noted its environment")
        canaries.refuse("arguments or environment of a credential command", seen)
        searched(canaries, t, certty("audit", "export").encode())


# --- what a sign-in is answered with -------------------------------------------------------------
CODE = "canary-code-473514"
SECRET_ID = "secret-of-the-simulator"
PASSWORD = "password of mo"


def add_kinds(record, sims):
    """An account of each sort that gets a token of its own, and what their tests say."""
    vault_at, keyfactor_at = sims["vault"].url, sims["keyfactor"].url
    helper = record.program("helper", TOKEN)
    with open(home(".vault"), "w", encoding="utf-8") as f:
        f.write('token_helper = "%s"\n' % helper)
    for name, more in {
            "approle": ("--provider", "vault", "--address", vault_at, "--auth", "approle",
                        "--role-id", "web-servers",
                        "--secret-id-command", record.program("secret-id", SECRET_ID)),
            "code": ("--provider", "vault", "--address", vault_at, "--auth", "userpass",
                     "--user", "mo", "--password-command", record.program("password", PASSWORD),
                     "--untested"),
            "helper": ("--provider", "vault", "--address", vault_at, "--auth", "token-helper",
                       "--tool", "vault"),
            "oauth": ("--provider", "keyfactor", "--host", keyfactor_at, "--auth", "oauth",
                      "--client-id", "certty", "--scopes", "all",
                      "--token-url", keyfactor_at + "/oauth2/token",
                      "--client-secret-command", record.program("client", "s3 cret&=%")),
            "role": ("--provider", "aws", "--endpoint", sims["aws"].url, "--regions", "us-east-1",
                     "--access-key", AWS_KEY, "--role", "arn:aws:iam::111122223333:role/plain",
                     "--secret-key-command", record.program("aws-key", AWS_SECRET))}.items():
        certty("accounts", "add", "--name", name, *more)
    return {"approle": "token of approle", "code": "token of userpass-mo",
            "helper": "token of root", "oauth": "signed in, with", "role": "signed in as"}


HANDED = re.compile(r'(client_token|access_token|SecretAccessKey|SessionToken)(?:": "|>)([^"<]{12,})')


def handed_out(record, sims):
    """What the simulators answered so far that is secret, by what it is."""
    return {"%s %s %d" % (name, kind, n): token for name in sims
            for n, request in enumerate(record.requests(name))
            for kind, token in HANDED.findall(request["reply"])}


@journey("one-time codes, and the tokens that AppRole, STS and OAuth hand out, are secrets as well")
def handed():
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    configure()
    canaries = Canaries(code=CODE, secret_id=SECRET_ID, password=PASSWORD, key=AWS_SECRET,
                        token=TOKEN)
    with Record() as record, contextlib.ExitStack() as stack:
        sims = {name: stack.enter_context(provider(name, "--log", record.path(name), *more))
                for name, *more in (("vault", "--code", CODE, "--role-id", "web-servers"), ("aws",),
                                    ("keyfactor",))}
        names = add_kinds(record, sims)
        certty("accounts", "test", "code", secrets={"code": CODE})
        t = console()
        t.keys("8")
        t.wait("approle +vault")
        for name, says in names.items():
            go_to(t, name)
            t.keys("t")
            if name == "code":
                t.wait("One-time code")
                t.keys(CODE, "Enter")
            t.wait(says)
        for what, token in handed_out(record, sims).items():
            canaries.plant(what, token)
        expect({what.rsplit(" ", 1)[0] for what in canaries.planted} >=
               {"vault client_token", "keyfactor access_token", "aws SessionToken",
                "aws SecretAccessKey"}, "each sort was handed out: %s" % list(canaries.planted))
        for name in names:
            go_to(t, name)
            t.keys("D").agree()
            t.wait("%s +.*disabled" % name)
        # What was under way for them, looking for their stores, comes to its end first.
        t.until(lambda: not canaries.in_memory(t.pid), "nothing is left in memory")
        searched(canaries, t, *SAID)
        for name in ("helper", "secret-id", "password", "client", "aws-key"):
            seen = record.read(name + ".seen")
            expect(b"PATH=" in seen, "%s was started" % name)
            canaries.refuse("arguments or environment of %s" % name, seen)


# --- a keyring that is no help ------------------------------------------------------------------
def seconds_to(do):
    began = time.monotonic()
    do()
    return time.monotonic() - began


@journey("a keyring that does not answer delays no first screen, and that is told within 3 s")
def hanging():
    with provider("vault") as sim:
        configure()
        with open(home(".config", "certty", "certty.conf"), "a", encoding="utf-8") as f:
            f.write("[account prod]\nprovider=vault\naddress=%s\ntoken=keyring\n" % sim.url)
        os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        alone = seconds_to(console)
        with Desktop(scripted="hangs"):
            opened = []
            beside = seconds_to(lambda: opened.append(console()))
            expect(beside < alone + 1.5 * SLOWNESS,
                   "it opens after %.1f s, and without a keyring after %.1f" % (beside, alone))
            [t] = opened
            t.keys("8")
            t.wait("prod +vault")
            t.keys("j")
            t.wait("▸ prod")
            t.keys("t")
            told = seconds_to(lambda: t.wait("keyring did not answer within 3"))
            expect(told < 3 + SLOWNESS, "it is told after %.1f s" % told)
            t.keys("q")
            expect(t.ended() == 0, "it ends well")


@journey("a wrapped secret ID is not spent by a test, and what was in it is kept")
def wrapped():
    canaries = Canaries(secret_id=SECRET_ID, master=MASTER, token=TOKEN)
    with Record() as record, Desktop(), \
            provider("vault", "--log", record.path("vault"), "--role-id", "web-servers") as sim:
        configure()
        ask = urllib.request.Request(sim.url + "/v1/auth/approle/role/web/secret-id", b"{}", {
            "X-Vault-Token": TOKEN, "X-Vault-Wrap-TTL": "120s"})
        with urllib.request.urlopen(ask) as reply:
            token = canaries.plant("wrapping token", json.load(reply)["wrap_info"]["token"])
        add = ("accounts", "add", "--name", "web", "--provider", "vault", "--address", sim.url,
               "--auth", "approle", "--role-id", "web-servers", "--wrapped", "yes",
               "--keep", "keyring")
        certty(*add, "--only-test", secrets={"secret-id": token}, status=3, says="not tested")
        certty(*add, secrets={"secret-id": token}, status=4, says="no keyring yet")
        certty("unlock", secrets={"passphrase": MASTER})
        certty(*add, secrets={"secret-id": token}, says="web is an account now")
        for request in record.requests("vault"):
            for made in re.findall(r'"secret_id": "(\w+)"', request["reply"]):
                canaries.plant("what was wrapped", made)
        expect("what was wrapped" in canaries.planted, "it was opened")
        certty("accounts", "test", "web", says="approle")
        canaries.search_files()
        canaries.refuse("what was said", b"\n".join(SAID))


# --- login ---------------------------------------------------------------------------------------
@journey("login at the prompt, on standard input and by a pasted block shows and leaves no secret")
def login():
    canaries = Canaries(token=TOKEN, wrong=WRONG, master=MASTER)
    with Record() as record, provider("vault", "--log", record.path("log")) as sim, \
            Desktop() as desktop:
        configure()
        certty("unlock", "--secrets-stdin", stdin="passphrase=%s\n" % MASTER)
        t = start("login", "typed", "--provider", "vault", "--address", sim.url,
                  "--log-file", home("log"), "--log-level", "debug", size="110x40")
        for prompt in ("Namespace", r"\[token\]"):
            t.wait(prompt + ".*: *$")
            t.keys("Enter")
        for token, prompt in ((WRONG, r"not shown[\s\S]*\): *$"), (TOKEN, "^Token: *$")):
            t.wait(prompt)
            canaries.refuse("its arguments", proc(t.pid, "cmdline"))
            canaries.refuse("its environment", proc(t.pid, "environ"))
            t.keys(token, "Enter")
        expect(t.ended() == 0, "it ends well")
        given = ("--provider", "vault", "--address", sim.url)
        certty("login", "given", *given, "--secrets-stdin", stdin="token=%s\n" % TOKEN)
        certty("login", "pasted", *given, "--paste", stdin=TOKEN + "\n")
        certty("login", "refused", *given, "--secrets-stdin", stdin="token=%s\n" % WRONG,
               status=4, says="permission denied")
        certty("login", "misspelt", *given, "--secrets-stdin", stdin=TOKEN + "\n", status=2)
        expect(desktop.items() == 3, "three tokens are kept")
        expect(any(r["headers"].get("X-Vault-Token") == WRONG for r in record.requests("log")),
               "the wrong one was sent")
        searched(canaries, t, *SAID)


# --- the command line against all six ----------------------------------------------------------
SIX = {     # provider: its answers, its secret, how the simulator is started, what it says
    "akamai": ({"client-token": "akab-client", "access-token": "akab-access"},
               ("client-secret", EDGE_SECRET), ("--secret", EDGE_SECRET), "host", ""),
    "aws": ({"access-key": AWS_KEY, "regions": "us-east-1"}, ("secret-key", AWS_SECRET), (),
            "endpoint", ""),
    "azure": ({"tenant": "aaaaaaaa-0000-4000-8000-000000000001", "cloud": "custom",
               "client-id": "bbbbbbbb-0000-4000-8000-000000000002"},
              ("client-secret", "s~3/cr+et&=%"), None, "authority", "arm"),
    "keyfactor": ({"auth": "basic", "user": "CORP\\nobody"}, ("password", "pw"), (), "host", ""),
    "sectigo": ({"sign-in": "password", "login": "robot-example", "customer-uri": "EXAMPLEUNI",
                 "instance": "other"}, ("password", "not-a-real-password"), (), "url", ""),
    "vault": ({}, ("token", TOKEN), (), "address", ""),
}


@journey("the command line signs in to all six providers; import, export and the doctor")
def six():
    canaries = Canaries(**{name: given[1][1] for name, given in SIX.items()
                           if len(given[1][1]) >= 12})
    configure()
    with Record() as record, contextlib.ExitStack() as stack:
        names = []
        for name, (answers, (field, secret), options, at, also) in SIX.items():
            if options is None:
                subprocess.run(["openssl", "genrsa", "-out", record.path("rsa.key")], check=True,
                               stderr=subprocess.DEVNULL)
                options = ("--signing-key", record.path("rsa.key"))
            sim = stack.enter_context(provider(name, *options))
            url = sim.url + ("/api" if name == "sectigo" else "")
            given = [x for k, v in {**answers, at: url, **({also: url} if also else {})}.items()
                     for x in ("--" + k, v)]
            refused = name == "keyfactor"      # a user who may see nothing
            certty("accounts", "add", "--name", "given-" + name, "--provider", name, *given,
                   "--keep", "memory", secrets={field: secret}, status=None)
            certty("accounts", "add", "--name", name, "--provider", name, *given,
                   "--%s-command" % field, record.program(name, secret),
                   *(("--untested",) if refused else ()))
            if not refused:
                names.append(name)
        said = json.loads(certty("accounts", "test", *names, "-o", "json"))
        expect(all(a["trouble"] is None and a["who"] for a in said["accounts"]),
               "all sign in: %r" % [(a["trouble"], a["who"]) for a in said["accounts"]])
        exported = certty("accounts", "export")
        with open(record.path("bad.csv"), "w", encoding="utf-8") as f:
            f.write("provider,name,address,token,keep\nvault,good,https://a.example,%s,memory\n"
                    "vault,bad name,https://a.example,%s,memory\n" % (TOKEN, TOKEN))
        certty("accounts", "import", record.path("bad.csv"), "--yes", status=1,
               says="line 3, column 2 (name)")
        expect('"good"' not in certty("accounts", "-o", "json"), "nothing of a bad file is taken")
        page = json.loads(certty("doctor", "-o", "json", status=None))
        fine = {c["about"] for c in page["checks"]
                if c["name"] == "account" and c["state"] == "fine"}
        expect(fine >= set(names), "the doctor finds them fine: %s" % fine)
        for name in names:
            canaries.refuse("the environment of a program",
                            record.read(name + ".seen"))
    canaries.refuse("an export", exported.encode())
    canaries.search_files()
    canaries.refuse("what was said", b"\n".join(SAID))


journeys()
