#!/usr/bin/python3
"""The program against real OpenBaos that are new, sealed, and unsealed key by key."""
import base64
import os
import shutil
import stat
import subprocess
import sys
import tempfile

import visit
from bao import NewBao
from visit import Missing

sys.path.insert(0, os.path.join(visit.SOURCE, "tests", "cli"))
from place import Place, case, cases, holds, same     # noqa: E402

P = None
KEYS, TOKEN = [], [""]
LIES = base64.b64encode(bytes(33)).decode()


class SealPlace(Place):
    def __init__(self, folder):
        super().__init__()
        self.bao = NewBao(folder)

    def __exit__(self, *why):
        self.bao.server.end()
        super().__exit__(*why)

    def account(self, name, bao):
        self.good("accounts", "add", "--name", name, "--provider", "vault", "--address", bao.at, "--untested",
                  "--keep", "memory")

    def unseal(self, *keys, name="v", good=True, between=" "):
        return (self.good if good else self.bad)("unseal", name, "--secrets-stdin",
                                                 stdin=("keys=" + between.join(keys) + "\n").encode())

    def status(self):
        return self.bao.ask("GET", "sys/seal-status")


def read_keys(path):
    """The lines of a file of keys: those, and the root token."""
    same(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    with open(path, encoding="ascii") as f:
        lines = [line for line in f.read().split("\n") if line and not line.startswith("#")]
    return lines[:-1], lines[-1]


@case
def new():
    """a server that is new is said to be, with the next step, before anybody has a token"""
    run = P.bad("account-test", "v")
    holds(run.err, "OpenBao 2.", "it is not initialised: init makes the keys")
    holds(P.unseal(LIES, good=False).err, "is not initialised, so it has no keys yet: init makes them")


@case
def init_planned():
    """a plan of an init asks nobody and writes nothing"""
    run = P.good("--dry-run", "init", "v", "--file", P.path("keys"), "--shares", "3", "--threshold", "2")
    holds(run.out, "bao operator init", "-key-shares 3", "-key-threshold 2", "whoever has the file can unseal",
          "it stays sealed")
    same((P.status()["initialized"], os.path.exists(P.path("keys"))), (False, False))


@case
def init_refused():
    """what does not fit is refused before the server is asked"""
    with open(P.path("there"), "w", encoding="ascii") as f:
        f.write("somebody's\n")
    for args, says in ((("--threshold", "6"), "not more than there are keys"),
                       (("--threshold", "1"), "2 at the least"),
                       (("--shares", "300"), "from 1 to 255"),
                       (("--pgp-keys", P.path("there")), "1 files for 5 keys"),
                       (("--root-pgp-key", P.path("there")), "no PGP public key"),
                       (("--file", P.path("there")), "there")):
        args = args if "--file" in args else (*args, "--file", P.path("keys"))
        holds(P.bad("--yes", "init", "v", *args).err, says)
    same((P.status()["initialized"], os.path.exists(P.path("keys"))), (False, False))
    with open(P.path("there"), encoding="ascii") as f:
        same(f.read(), "somebody's\n")


@case
def init():
    """the keys and the root token are in a file for its owner, once, and nowhere else"""
    run = P.good("--yes", "init", "v", "--file", P.path("keys"))
    holds(run.out, "is initialised: its 5 keys, 3 of which unseal it, and the root token are in ~/keys",
          "unseal is the next step")
    keys, TOKEN[0] = read_keys(P.path("keys"))
    KEYS.extend(keys)
    same(len(set(KEYS)), 5)
    same([P.status()[k] for k in ("initialized", "sealed", "t", "n")], [True, True, 3, 5])
    holds(P.bad("--yes", "init", "v", "--file", P.path("more")).err, "is initialised already")
    same(os.path.exists(P.path("more")), False)
    holds(P.bad("account-test", "v").err, "it is sealed, with 0 of 3 unseal keys given",
          "unseal takes the next one")


@case
def one_by_one():
    """keys are counted by the server, whoever gives them, and given at a terminal nobody sees them"""
    status, said = P.at_terminal(["unseal", "v"], [("Unseal key", KEYS[0])])
    same(status, 0, said)
    holds(said, "1 of 3 unseal keys are given, 2 more are needed")
    same(KEYS[0] in said, False)
    same(P.status()["progress"], 1)
    holds(P.unseal(KEYS[0]).out, "that key had been given before; 1 of 3")
    holds(P.good("unseal", "v", "--reset").out, "the keys given so far are dropped; it needs 3")
    same(P.status()["progress"], 0)


@case
def wrong_key():
    """what is no key is not sent; a key of another server drops all, which is said"""
    holds(P.unseal("what?", good=False).err, "number 1 of what was given is no unseal key")
    same(P.status()["progress"], 0)
    holds(P.unseal("abcd", good=False).err, "number 1 of what was given", "0 of 3 unseal keys are given")
    P.unseal(KEYS[0], KEYS[1])
    run = P.unseal(LIES, good=False)
    holds(run.err, "one of the last 3 keys is not of this server", "begin again with the first")
    same((P.status()["progress"], P.status()["sealed"]), (0, True))


@case
def several():
    """several keys at once, and then the account works: with the token that was not asked for before"""
    P.unseal(KEYS[4])
    run = P.unseal(KEYS[2], KEYS[0], KEYS[1], between=",")
    holds(run.out, "is unsealed")
    same(P.status()["sealed"], False)
    holds(P.unseal(KEYS[0]).out, "is not sealed")
    with open(P.path("token"), "w", encoding="ascii") as f:
        f.write(TOKEN[0])
    P.good("accounts", "edit", "v", "--untested", "--token-command", "cat " + P.path("token"))
    P.bao.root = TOKEN[0]
    holds(P.good("account-test", "v").out, "unsealed and active", "policies root")


@case
def planned():
    """a plan of an unsealing has no key in it, and gives none"""
    P.bao.ask("PUT", "sys/seal")
    run = P.good("--dry-run", "unseal", "v", "--secrets-stdin", stdin=("keys=%s\n" % KEYS[0]).encode())
    holds(run.out, "bao operator unseal", "the keys are kept nowhere")
    same(KEYS[0] in run.out, False)
    same(P.status()["progress"], 0)


@case
def newlines():
    """a descriptor may have one key a line"""
    with open(P.path("three"), "w", encoding="ascii") as f:
        f.write("\n".join(KEYS[:3]) + "\n")
    with open(P.path("three"), "rb") as f:
        P.good("unseal", "v", "--keys-fd", str(f.fileno()), pass_fds=[f.fileno()])
    same(P.status()["sealed"], False)


@case
def nowhere():
    """no key and no token is in what the program keeps"""
    os.unlink(P.path("three"))
    os.unlink(P.path("keys"))
    os.unlink(P.path("token"))
    looked = 0
    for root, _, names in os.walk(P.folder):
        for name in names:
            with open(os.path.join(root, name), "rb") as f:
                text = f.read()
            looked += 1
            for secret in [*KEYS, TOKEN[0]]:
                same(secret.encode() in text, False, name)
            for key in KEYS:
                same(base64.b64decode(key).hex().encode() in text, False, name)
    same(looked > 3, True)
    holds(P.certty("audit").out, "unseal", "init")


def gpg(home, *args, **more):
    done = subprocess.run(["gpg", "--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback",
                           "--passphrase", "", *args], capture_output=True, check=False, **more)
    if done.returncode:
        raise RuntimeError("gpg %s: %s" % (" ".join(args), done.stderr.decode()))
    return done.stdout


@case
def pgp():
    """keys that are encrypted to PGP keys, armoured, as bytes and in base64, and so is the root token"""
    if not shutil.which("gpg"):
        return
    with tempfile.TemporaryDirectory(prefix="g.") as home, \
         tempfile.TemporaryDirectory(prefix="certty-openbao.") as folder:
        os.chmod(home, 0o700)
        for who in ("a", "b"):
            gpg(home, "--quick-generate-key", who + "@example.org", "rsa2048", "encrypt,sign", "1d")
        armoured = gpg(home, "--armor", "--export", "a@example.org")
        plain = gpg(home, "--export", "b@example.org")
        for name, what in (("a.asc", armoured), ("b.pgp", plain), ("b.b64", base64.b64encode(plain))):
            with open(P.path(name), "wb") as f:
                f.write(what)
        bao = NewBao(folder)
        try:
            P.account("w", bao)
            P.good("--yes", "init", "w", "--file", P.path("encrypted"), "--shares", "2", "--threshold", "2",
                   "--pgp-keys", "%s,%s" % (P.path("a.asc"), P.path("b.pgp")),
                   "--root-pgp-key", P.path("b.b64"))
            found, token = read_keys(P.path("encrypted"))
            keys = [gpg(home, "--decrypt", input=base64.b64decode(key)).decode() for key in found]
            bao.root = gpg(home, "--decrypt", input=base64.b64decode(token)).decode()
            holds(P.unseal(*keys, name="w").out, "is unsealed")
            same(bao.ask("GET", "auth/token/lookup-self")["data"]["policies"], ["root"])
        finally:
            bao.server.end()
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)


def main():
    global P
    with tempfile.TemporaryDirectory(prefix="certty-openbao.") as folder:
        try:
            P = SealPlace(folder)
        except Missing as e:
            print("1..0 # SKIP %s" % e)
            return
        with P:
            P.account("v", P.bao)
            cases()


if __name__ == "__main__":
    sys.exit(main())
