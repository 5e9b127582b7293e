#!/usr/bin/python3
"""Subcommands with an effect: exit statuses, questions, words, read-only, the journal, and being
broken off."""
import csv
import io
import os
import pty
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess

from place import LIMIT, Place, case, cases, holds, same

# Whatever else there is changes something, and has to be refused when read-only.
READERS = {"ls", "show", "pending", "check", "config", "audit", "completion", "refresh",
           "discover", "notify", "cancel", "account-test", "doctor", "accounts", "enrollments",
           "objects", "stores", "defaults", "account-stores", "sectigo", "sync", "run", "served",
           "why", "object-history", "history"}


def commands(p):
    return [line.split()[1] for line in p.certty("generate", "names").out.split("\n")
            if line.startswith("command ")]


@case
def help_and_version():
    """--help and --version go to standard output, everywhere, with status 0"""
    with Place() as p:
        for args in (("--version",), ("-V",), ("ls", "--version")):
            run = p.certty(*args)
            same((run.status, run.err), (0, ""), args)
            same(re.fullmatch(r"certty \d+\.\d+\.\d+\n", run.out) is not None, True, run.out)
        same(len(commands(p)) > 15, True)
        for command in [None, *commands(p)]:
            run = p.certty(*([command] if command else []), "--help")
            same((run.status, run.err), (0, ""), command)
            holds(run.out, "Usage:", command or "Commands:")


@case
def usage():
    """what is not understood: one sentence on standard error, status 2"""
    with Place() as p:
        for args in (("bogus",), ("--bogus",), ("ls", "--bogus"), ("ls", "bogus"),
                     ("ls", "--yes"), ("show",), ("show", "a", "b"), ("config", "bogus"),
                     ("audit", "bogus"), ("completion", "bogus"), ("deny", "x"), ("approve",),
                     ("notify", "word"), ("cancel",), ("refresh", "-o", "csv"),
                     ("passphrase", "a", "hunter2"), ("--refresh", "often"),
                     ("--log-level", "loud", "config"), ("--passphrase", "hunter2", "add")):
            run = p.certty(*args)
            same((run.status, run.out), (2, ""), args)
            same(run.err.count("\n"), 1, run.err)
            same(run.err.startswith("certty: "), True, run.err)


@case
def stores_by_name():
    """a store in an answer is called by its id, the beginning of it or its title"""
    with Place() as p:
        other = p.path("other")
        os.mkdir(other)
        p.configure(folders=p.certs + ";" + other)
        for called in ("local/folder:" + other, "local/folder:" + p.path("oth"), "other"):
            made = p.make("www.example.org", days=40)
            shutil.copy(made, other)
            p.certty("refresh")
            stores = {s["title"]: s["id"] for s in p.certty("ls", "stores", "-o", "json").json["rows"]}
            [title] = [t for t, i in stores.items() if i == "local/folder:" + other]
            [cert] = [c for c in p.certty("ls", "certs", "-o", "json").json["rows"]
                      if len(c["places"]) == 2]
            name = title if called == "other" else called
            for wrong in ("nowhere", "local/", ""):
                run = p.certty("remove", "--yes", "--store=" + wrong, cert["id"])
                same(run.status != 0 and os.path.exists(made), True, wrong)
                if wrong:
                    holds(run.err, "none of the stores, or more than one, is called " + wrong)
            run = p.certty("remove", "--yes", "--store", name, cert["id"])
            same((run.status, run.err), (0, ""), name)
            same(os.path.exists(os.path.join(other, os.path.basename(made))), False)
            same(os.path.exists(made), True)
            os.unlink(made)


@case
def several_stores():
    """several stores are an answer with commas, or words; each of them must be there"""
    with Place() as p:
        made = p.make("www.example.org", days=40)
        same(os.path.exists(made), True)
        [cert] = p.certty("ls", "certs", "-o", "json").json["rows"]
        for args in (("--to", "local/folder:" + p.certs + ",nowhere"),
                     ("local/folder:" + p.certs, "nowhere")):
            run = p.certty("deploy", "--yes", cert["id"], *args)
            same(run.status, 1, args)
            holds(run.err, "is called nowhere (--to)")
        run = p.certty("deploy", "--yes", cert["id"])
        same(run.status, 2)
        holds(run.err, "To is needed")


@case
def orders():
    """an order names a store that is there, and whose provider takes orders"""
    with Place() as p:
        p.make("www.example.org", days=40)
        run = p.certty("order", "--yes", "nowhere", "www.example.org")
        same((run.status, run.err.count("\n")), (1, 1), run.err)
        holds(run.err, "is called nowhere")
        run = p.certty("order", "--yes", "local/folder:" + p.certs, "www.example.org")
        same(run.status, 5, run.err)
        holds(run.err, "This machine cannot do this: order")
        run = p.certty("order", "--yes", "local/folder:" + p.certs)
        same(run.status, 2)
        holds(run.err, "Names is needed")


@case
def providers_questions():
    """what a provider asks for an order is an option: in the help by type of store, in completions"""
    with Place() as p:
        text = p.certty("order", "--help").out
        for kind, options in (("acm", ("validation", "ca", "exportable")),
                              ("private-ca", ("csr", "profile", "validity"))):
            part = text.split("On stores of Amazon Web Services, type %s:\n" % kind)[1]
            part = part.split("\n\n")[0]
            for option in options:
                holds(part, "  --" + option)
        known = p.certty("generate", "names").out.split("\n")
        bash = p.certty("completion", "bash").out
        for option in re.findall("^  --([a-z-]+)", text.split("On stores of", 1)[1], re.M):
            same("option --" + option in known, True, option)
        holds(bash, "'order:--validation') words='dns email' ;;")
        same("order:--ca')" in bash, False, "a store is no fixed word")
        p.make("www.example.org", days=40)
        p.certty("refresh")
        run = p.certty("order", "--yes", "local/folder:" + p.certs, "a.example.org",
                       "--validation", "dns")
        same(run.status, 2, run.err)
        holds(run.err, "'validation' is not asked for here")


@case
def after_dashes():
    """what follows -- is no option"""
    with Place() as p:
        same(p.certty("--", "ls", "stores").status, 0)
        run = p.certty("show", "--", "--help")
        same(run.status, 1)
        holds(run.err, "--help")


@case
def read_only():
    """--read-only, and the setting, refuse every subcommand that changes something"""
    with Place() as p:
        changing = set(commands(p)) - READERS
        same(changing >= {"add", "remove", "export", "key", "approve", "deny", "label",
                          "store-add", "store-drop", "accept", "ignore", "passphrase",
                          "unlock"}, True)
        for how in ("--read-only", "--readonly", None):
            if not how:
                p.configure("[safety]\nread-only=true\n")
            for command in sorted(changing):
                said = p.certty(command, "--help").out
                takes_words = not re.search(r"Usage:\n  certty \[OPTION…\] \S+ ?\n", said)
                run = p.certty(*([how] if how else []), command,
                               *(["--yes"] if "--yes" in said else []),
                               *(["word"] if takes_words else []))
                same(run.status, 5, (how, command, run.err))
                holds(run.err, "read-only")
            for words in (("objects", "drop", "word"), ("enrollments", "import", "word")):
                run = p.certty(*([how] if how else []), *words, "--yes")
                same(run.status, 5, (how, run.err))
        same(p.certty("audit", "export").out.count("\n"), 1, "nothing was begun")


@case
def asks_first():
    """what is dangerous asks; without a terminal it is refused, --yes does it"""
    with Place() as p:
        os.mkdir(p.path("more"))
        run = p.certty("store-add", p.path("more"), "--title", "mine")
        same(run.status, 0, run.err)
        run = p.certty("store-drop", "mine")
        same(run.status, 5)
        holds(run.err, "--yes")
        holds(p.certty("ls", "stores").out, "mine")
        same(p.certty("store-drop", "mine", "--yes").status, 0)
        same("mine" in p.certty("ls", "stores").out, False)


def talk(p, args, answers):
    """Runs it on a terminal of its own, answers each prompt; status and all that was said."""
    me, its = pty.openpty()
    run = subprocess.Popen(p.argv(*args), stdin=its, stdout=its, stderr=its, env=p.environment(),
                           start_new_session=True)
    os.close(its)
    said, left = b"", list(answers)
    while select.select([me], [], [], LIMIT)[0]:
        try:
            got = os.read(me, 4096)
        except OSError:
            break
        if not got:
            break
        said += got
        if left and re.search(left[0][0].encode(), said):
            os.write(me, left.pop(0)[1].encode())
    os.close(me)
    return run.wait(LIMIT), said.decode()


@case
def question():
    """on a terminal: n does nothing (130), y does it; several want the verb's word"""
    with Place() as p:
        for name in ("one", "two", "three"):
            os.mkdir(p.path(name))
            same(p.certty("store-add", p.path(name), "--title", name).status, 0)
        status, said = talk(p, ("store-drop", "one"), [(r"\[y/N\]", "n\n")])
        same(status, 130, said)
        holds(said, "one", "nothing was done")
        status, said = talk(p, ("store-drop", "one"), [(r"\[y/N\]", "y\n")])
        same(status, 0, said)
        status, said = talk(p, ("store-drop", "two", "three"), [(r"Type", "y\n")])
        same(status, 130, said)
        status, said = talk(p, ("store-drop", "two", "three"), [(r"Type", "store-drop\n")])
        same(status, 0, said)


@case
def words_answer():
    """words answer the first question of a verb that has no target, and name things"""
    with Place() as p:
        made = p.make("www.example.org", 100)
        os.mkdir(p.path("more"))
        same(p.certty("store-add", p.path("more"), "--title", "more").status, 0)
        same(p.certty("store-add", p.certs, "again").status, 2)
        out = p.path("out.pem")
        same(p.certty("export", "www.example.org", "--file", out).status, 0)
        same(p.openssl("x509", "-in", out, "-outform", "der"),
             p.openssl("x509", "-in", made, "-outform", "der"))
        run = p.certty("export", "www.example.org", "--file", out)
        same(run.status, 1, "nothing is overwritten")
        same(p.certty("export", "www.example.org", "--file", out, "--replace").status, 0)
        same(p.certty("export", "nothing", "--file", out).status, 1)


@case
def label():
    """--filter gives a verb its targets; -o json tells how it went"""
    with Place() as p:
        run = p.certty("label", "--filter", "store:certs", "--add", "web,prod", "-o", "json")
        same(run.status, 0, run.err)
        same(list(run.json), ["schema", "verb", "state", "error", "said", "troubles"])
        same((run.json["schema"], run.json["verb"], run.json["state"]), (1, "label", "done"))
        rows = p.certty("ls", "stores", "--filter", "label:prod", "-o", "json").json["rows"]
        same([r["labels"] for r in rows], [["prod", "web"]])
        run = p.certty("label", "--filter", "nothing", "--add", "x")
        same(run.status, 1)


@case
def sign_in():
    """a passphrase that nobody gave is status 4; from a descriptor it is taken"""
    with Place() as p:
        store = "local/folder:" + p.certs
        run = p.certty("passphrase", store)
        same(run.status, 4, run.err)
        read, write = os.pipe()
        os.write(write, b"canary-in-a-coal-mine\n")
        os.close(write)
        run = p.certty("passphrase", store, "--passphrase-fd", str(read), pass_fds=(read,))
        os.close(read)
        same(run.status, 3, run.err)    # there is no keyring here
        holds(run.out, "kept until certty ends")
        for folder, _, names in os.walk(p.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    same(b"canary-in" in f.read(), False, name)


@case
def small_ca():
    """key, pending, approve with the passphrase from a descriptor, deny with a reason"""
    with Place() as p:
        os.makedirs(p.path("ca", "pending"))
        p.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                  "-passout", "pass:canary", "-keyout", p.path("ca", "ca.key"), "-out",
                  p.path("ca", "ca.pem"), "-subj", "/CN=Small CA", "-days", "3000")
        p.configure("ca-folder=%s\n" % p.path("ca"))
        for name in ("www", "bad"):
            run = p.certty("key", name + ".example.org", "--plain", "--key-file",
                           p.path(name + ".key"), "--csr-file",
                           p.path("ca", "pending", name + ".csr"))
            same(run.status, 0, run.err)
        rows = p.certty("pending", "-o", "json").json["rows"]
        same(sorted(r["title"] for r in rows), ["bad.example.org", "www.example.org"])

        def approve(passphrase, *more):
            read, write = os.pipe()
            os.write(write, passphrase)
            os.close(write)
            run = p.certty("approve", "www.example.org", "--yes", "--passphrase-fd", str(read),
                           *more, pass_fds=(read,))
            os.close(read)
            return run
        same(p.certty("approve", "www.example.org").status, 5, "it asks first")
        same(p.certty("approve", "www.example.org", "--yes").status, 4, "no passphrase")
        same(approve(b"wrong").status, 4)
        same(approve(b"canary", "--profile", "nonsense").status, 2)
        run = approve(b"canary\n", "--validity", "30d")
        same(run.status, 0, run.err)
        same(p.certty("deny", "bad.example.org", "--yes", "--reason", "not ours").status, 0)
        same(p.certty("pending", "-o", "json").json["rows"], [])
        rows = p.certty("pending", "--all", "-o", "json").json["rows"]
        same({r["title"][:3]: r["state"] for r in rows}, {"www": "issued", "bad": "denied"})
        folder = p.path("ca", "issued")
        issued, = [f for f in os.listdir(folder) if f.endswith(".pem")]
        p.openssl("verify", "-partial_chain", "-trusted", p.path("ca", "ca.pem"),
                  os.path.join(folder, issued))
        journal = p.certty("audit", "export").out
        holds(journal, "not ours")
        same("canary" in journal, False)


@case
def partly():
    """refresh of which a part failed: status 3, and what failed"""
    with Place() as p:
        p.configure("endpoints=127.0.0.1:1\n")
        run = p.certty("refresh")
        same(run.status, 3, run.out + run.err)
        holds(run.out + run.err, "127.0.0.1:1")
        run = p.certty("refresh", "127.0.0.1:1", "-o", "json")
        same((run.status, run.json["state"], run.json["error"]), (1, "failed", "network"))


@case
def broken_off():
    """Ctrl-C while a server hangs: status 130, the job cancelled, the state sound"""
    with Place() as p, socket.create_server(("127.0.0.1", 0)) as server:
        p.make("www.example.org", 100)
        same(p.certty("refresh").status, 0)
        p.configure("endpoints=127.0.0.1:%d\n" % server.getsockname()[1])
        run = subprocess.Popen(p.argv("refresh", "--refresh", "-1"), env=p.environment(),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        server.settimeout(LIMIT)
        connection, _ = server.accept()
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=LIMIT)
        connection.close()
        same(run.returncode, 130, err.decode())
        holds((out + err).decode(), "cancelled")
        rows = p.certty("ls", "jobs", "--offline", "-o", "json").json["rows"]
        same([r["state"] for r in rows if r["verb"] == "refresh"][0], "cancelled")
        same(len(p.certty("--offline", "-o", "json").json["rows"]), 1)
        same(p.certty("audit", "verify").status, 0)


@case
def audit():
    """the journal: listed, exported for a spreadsheet, verified; altered, it says so"""
    with Place() as p:
        os.mkdir(p.path("more"))
        same(p.certty("store-add", p.path("more"), "--title", "=mine").status, 0)
        rows = list(csv.DictReader(io.StringIO(p.certty("audit", "export", "-o", "csv").out)))
        same([r["phase"] for r in rows], ["begin", "end"])
        same(rows[1]["begun"], rows[0]["number"])
        same({r["verb"] for r in rows}, {"store-add"})
        holds(rows[1]["outcome"], "done")
        holds(p.certty("audit", "list").out, "store-add", "done")
        same(p.certty("audit", "list", "-o", "json").out.count("\n"), 2)
        run = p.certty("audit", "verify")
        same(run.status, 0, run.err)
        db = sqlite3.connect(p.path("state", "certty", "certty.db"))
        table, column = next((t, c) for t, in db.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE '%journal%'")
            for _, c, *_ in db.execute("PRAGMA table_info(%s)" % t) if c in ("line", "entry"))
        db.execute("UPDATE %s SET %s = replace(%s, 'store-add', 'store-bad')"
                   % (table, column, column))
        db.commit()
        db.close()
        run = p.certty("audit", "verify")
        same(run.status, 1, run.out)
        holds(run.err, "1")


@case
def config_check():
    """config check names file and line of what is wrong, the keys of the screen included"""
    with Place() as p:
        run = p.certty("config", "check")
        same((run.status, run.err), (0, ""))
        p.configure("depth=many\nnonsense=1\n[keys]\nno-such-action=x\n")
        run = p.certty("config", "check")
        same(run.status, 1)
        holds(run.err, "certty.conf:3:", "certty.conf:4:", "depth", "nonsense",
              "no-such-action")
        same(p.certty("ls", "stores").status, 0, "a mistake does not stop the program")


@case
def config_default():
    """config default is a configuration that config check finds sound"""
    with Place() as p:
        text = p.certty("config", "default").out
        with open(p.config, "w", encoding="utf-8") as f:
            f.write(re.sub("(?m)^#(?=[a-z-]+=)", "", text))
        run = p.certty("config", "check")
        same((run.status, run.err), (0, ""))
        same("/etc/ssl" in p.certty("config", "show").out, True)


@case
def log():
    """--log-file gets what happens, one line each, and can be read by nobody else"""
    with Place() as p:
        path = p.path("log")
        same(p.certty("refresh", "--log-file", path).status, 0)
        with open(path, encoding="utf-8") as f:
            lines = f.read().splitlines()
        same(len(lines) >= 2, True, lines)
        same([x for x in lines if not re.match(r"\d{4}-..-..T..:..:..Z \d+ info certty: ", x)], [])
        holds("\n".join(lines), "refresh: done")
        same(os.stat(path).st_mode & 0o777, 0o600)
        os.symlink(path, p.path("link"))
        same(p.certty("refresh", "--log-file", p.path("link")).status, 1, "no link is followed")


@case
def no_descriptors():
    """started without descriptors 0 to 2 it works, and no file gets what was meant for them"""
    with Place() as p:
        p.make("www.example.org", 100)
        done = subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *p.argv("refresh")],
                              env=p.environment(), check=False, timeout=LIMIT)
        same(done.returncode, 0)
        same(len(p.certty("--offline", "-o", "json").json["rows"]), 1)
        same(p.certty("audit", "verify").status, 0)


cases()
