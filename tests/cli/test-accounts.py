#!/usr/bin/python3
"""Accounts on the command line: asked for, given, imported, exported, tried, changed and dropped;
and no secret where one can be seen.  With a provider that asks nobody (tests/app/fake.c)."""
import contextlib
import json
import os
import pty
import select
import subprocess
import time

import place
from place import LIMIT, Place, case, cases, holds, same

place.PROGRAM = os.path.join(os.environ.get("top_builddir", "build"), "tests", "app", "certty-fake")

GIVEN = ("--provider", "fake", "--url", "https://a.example", "--user", "me", "--keep", "memory")
PRINTS = ("--provider", "fake", "--url", "https://a.example", "--user", "me")


class Accounts(Place):
    """A place whose accounts are kept in a configuration of its own."""

    def conf(self):
        with open(self.config, encoding="utf-8") as f:
            return f.read()

    def rows(self):
        run = self.certty("accounts", "-o", "json")
        same(run.status, 0, run.err)
        return {r["id"]: r for r in run.json["rows"] if r["provider"] == "fake"}

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def add(self, name):
        run = self.certty("accounts", "add", "--name", name, *PRINTS, "--password-command",
                          "echo right")
        same(run.status, 0, run.err)

    def on_terminal(self, *args, answers):
        """Runs it on a terminal; answers are (what is waited for, what is typed then)."""
        main, other = pty.openpty()
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, main)
            done = subprocess.Popen(self.argv(*args), stdin=other, stdout=other, stderr=other,
                                    env=self.environment(TERM="dumb"), start_new_session=True)
            os.close(other)
            stack.callback(done.kill)
            said, at, end = "", 0, time.monotonic() + LIMIT
            while True:
                if answers and answers[0][0] in said[at:]:
                    at = len(said)
                    os.write(main, (answers[0][1] + "\n").encode())
                    answers = answers[1:]
                if not select.select([main], [], [], max(0, end - time.monotonic()))[0]:
                    raise AssertionError("nothing more was said after:\n" + said)
                try:
                    more = os.read(main, 4096)
                except OSError:
                    more = b""
                if not more:
                    break
                said += more.decode()
            same(answers, [], said)
            return done.wait(timeout=LIMIT), said.replace("\r\n", "\n")


@case
def secret_ways():
    """a secret comes from a descriptor, from standard input with its name, or from a program"""
    with Accounts() as p:
        read, write = os.pipe()
        os.write(write, b"right\n")
        os.close(write)
        run = p.certty("accounts", "add", "--name", "one", *GIVEN, "--password-fd", str(read),
                       pass_fds=(read,))
        os.close(read)
        same(run.status, 0, run.err)
        run = p.certty("account-add", "--name", "two", *GIVEN, "--secrets-stdin",
                       stdin=b"password=right\n")
        same(run.status, 0, run.err)
        p.add("three")
        same(set(p.rows()), {"one", "two", "three"})
        same("right" in p.conf().replace("echo right", ""), False)


@case
def wrong_secret():
    """a secret that the server refuses: status 4, and nothing is kept"""
    with Accounts() as p:
        for more, stdin in ((("--secrets-stdin",), b"password=wrong\n"),
                            (("--password-command", "echo wrong"), None)):
            run = p.certty("accounts", "add", "--name", "one", *GIVEN, *more, stdin=stdin)
            same(run.status, 4, run.err)
            holds(run.err, "does not let you in")
        same(p.rows(), {})
        run = p.certty("accounts", "add", "--name", "one", *GIVEN, "--password-command",
                       "echo wrong", "--untested")
        same(run.status, 0, run.err)
        same(set(p.rows()), {"one"})


@case
def never_an_option():
    """a secret as an option's value is refused before it is repeated or written anywhere"""
    with Accounts() as p:
        log = p.path("log")
        for args in (("accounts", "add", "--password", "hunter2"), ("login", "--token=hunter2"),
                     ("--password", "hunter2", "accounts"), ("accounts", "--code=hunter2"),
                     ("accounts", "add", "--passwrod=hunter2"), ("unlock", "--passphrase", "hunter2"),
                     ("accounts", "rotate", "x", "--password=hunter2")):
            run = p.certty("--log-file", log, *args)
            same((run.status, run.out), (2, ""), args)
            same("hunter2" in run.err, False, run.err)
            same(run.err.count("\n"), 1, run.err)
        run = p.certty("accounts", "add", "--name", "x", *GIVEN, "--password", "hunter2")
        holds(run.err, "--password is a secret", "--password-fd", "--secrets-stdin")
        same(os.path.exists(log), False)
        run = p.certty("accounts", "add", "--name", "x", *GIVEN, "--secrets-stdin",
                       stdin=b"hunter2\n")
        same((run.status, "hunter2" in run.err), (2, False), run.err)
        run = p.certty("accounts", "add", "--name", "x", *GIVEN, "--secrets-stdin",
                       stdin=b"user=me\n")
        same(run.status, 2, run.err)


@case
def groups():
    """two words are a verb; other words are said not to be known; each has its help"""
    with Accounts() as p:
        p.add("prod")
        for args in (("accounts", "test", "prod"), ("account-test", "prod"), ("accounts", "test")):
            run = p.certty(*args)
            same(run.status, 0, run.err)
            holds(run.out, "me")
        same(p.certty("accounts").out, p.certty("accounts", "ls").out)
        same(p.certty("accounts").out, p.certty("ls", "accounts").out)
        for args in (("accounts", "bogus"), ("accounts", "ls", "x"), ("stores", "test"),
                     ("accounts", "template"), ("accounts", "import"), ("defaults", "bogus")):
            same(p.certty(*args).status, 2, args)
        for words, said in ((("accounts",), "rotate"), (("accounts", "test"), "[ACCOUNT…]"),
                            (("accounts", "add"), "With --provider fake"),
                            (("stores", "import"), "--partial")):
            run = p.certty(*words, "--help")
            same((run.status, run.err), (0, ""))
            holds(run.out, "[OPTION…] " + " ".join(words), said)


@case
def no_account():
    """testing where there is no account says how to add one"""
    with Accounts() as p:
        run = p.certty("accounts", "test")
        same(run.status, 1)
        holds(run.err, "certty login")


@case
def tested_as_json():
    """accounts test -o json: each account with who it is and the verdict"""
    with Accounts() as p:
        p.add("good")
        p.add("bad")
        with open(p.config, encoding="utf-8") as f:
            text = f.read()
        at = text.index("[account bad]")
        with open(p.config, "w", encoding="utf-8") as f:
            f.write(text[:at] + text[at:].replace("echo right", "echo wrong"))
        run = p.certty("accounts", "test", "-o", "json")
        same(run.status, 3)
        rows = {a["id"]: a for a in run.json["accounts"]}
        same((rows["good"]["who"], rows["good"]["trouble"]), ("me at https://a.example", None))
        holds(rows["bad"]["verdict"], "does not let you in")


@case
def changed():
    """edit, rename, disable, enable and drop"""
    with Accounts() as p:
        p.add("prod")
        same(p.certty("accounts", "edit", "prod", "--user", "you", "--title", "Ours").status, 0)
        holds(p.conf(), "user = you", "title = Ours")
        same(p.certty("accounts", "edit", "prod", "--account-read-only", "yes").status, 0)
        same(p.rows()["prod"]["read_only"], True)
        same(p.certty("accounts", "rename", "prod", "--name", "live").status, 0)
        same(set(p.rows()), {"live"})
        same(p.certty("accounts", "disable", "live").status, 0)
        holds(p.conf(), "disabled")
        same(p.certty("accounts", "test").status, 1)
        same(p.certty("accounts", "enable", "live").status, 0)
        same(p.certty("accounts", "drop", "live").status, 5)
        same(p.certty("accounts", "drop", "live", "--yes").status, 0)
        same(p.rows(), {})
        same("[account" in p.conf(), False)


@case
def login():
    """on a terminal login asks for all that is missing, hides secrets, and says what does not fit"""
    with Accounts() as p:
        status, said = p.on_terminal(
            "login", "--keep", "memory",
            answers=[("Provider", "fake"), ("Name", "bad name"), ("Name", "prod"),
                     ("Address", "nonsense"), ("Address", "https://a.example"), ("From", ""),
                     ("User", ""), ("User", "me"), ("Password", "right"), ("Depth", "")])
        same(status, 0, said)
        holds(said, "does not fit", "User is needed", "cannot be a name", "one of password token",
              "[password]")
        same("right" in said, False, said)
        same(set(p.rows()), {"prod"})
        status, said = p.on_terminal("login", "prod", "--provider", "fake",
                                     answers=[("There is an account prod already", ""),
                                              ("Name", "\x04")])
        same(status != 0, True)


@case
def login_again():
    """on a terminal a refused secret is asked for again; nothing typed asks for a program"""
    with Accounts() as p:
        status, said = p.on_terminal(
            "login", "prod", *GIVEN,
            answers=[("From", ""), ("Password", "wrong"), ("Depth", ""),
                     ("Password", "right")])
        same(status, 0, said)
        same("right" in said, False, said)
        status, said = p.on_terminal(
            "login", "other", *PRINTS,
            answers=[("From", ""), ("Password", ""), ("a program that prints it", "echo right"),
                     ("Depth", "")])
        same(status, 0, said)
        holds(p.conf(), "command: echo right")


@case
def pasted():
    """a pasted block fills in answers and secrets, and says whose it is"""
    with Accounts() as p:
        block = b"FAKE\nurl=https://b.example\nuser=me\npassword=right\n"
        run = p.certty("login", "prod", "--paste", "--keep", "memory", stdin=block)
        same(run.status, 0, run.err)
        holds(p.conf(), "url = https://b.example")
        run = p.certty("login", "other", "--paste", stdin=b"something else\n")
        same(run.status, 1)
        holds(run.err, "--provider")
        run = p.certty("login", "other", "--paste", "--provider", "fake",
                       stdin=b"FAKE\nbogus=hunter2\n")
        same((run.status, "hunter2" in run.err), (1, False), run.err)
        status, said = p.on_terminal("login", "third", "--paste", "--keep", "memory",
                                     answers=[("Paste", block.decode()), ("From", ""),
                                              ("Depth", "")])
        same(status, 0, said)
        same("right" in said, False, said)
        same("third" in p.rows(), True)


@case
def from_a_file():
    """login --read takes the answers from another tool's file, and leaves it unless told"""
    with Accounts() as p:
        f = p.write("theirs", "FAKE\nurl=https://b.example\nuser=me\npassword=right\n")
        run = p.certty("login", "prod", "--provider", "fake", "--read", f, "--keep", "memory")
        same(run.status, 0, run.err)
        same((set(p.rows()), os.path.exists(f)), ({"prod"}, True))
        status, said = p.on_terminal("login", "other", "--provider", "fake", "--read", f,
                                     "--keep", "memory", "--remove-file",
                                     answers=[("From", ""), ("Depth", "")])
        same(status, 0, said)
        same((set(p.rows()), os.path.exists(f)), ({"prod", "other"}, False))


@case
def template():
    """a template is the head of a file that import reads"""
    with Accounts() as p:
        run = p.certty("accounts", "template", "--provider", "fake")
        same(run.status, 0)
        same(run.out.count("\n"), 1)
        same(run.out.startswith("provider,name,title,keep,url,from,user,password (secret),token "
                                "(secret),depth,read-only,"), True, run.out)
        holds(run.err, "as in https://fake.example", "one of password token")
        columns = run.out.strip().split(",")
        line = {"provider": "fake", "name": "prod", "url": "https://a.example", "user": "me",
                "password (secret)": "right", "keep": "memory"}
        f = p.write("f.csv", run.out + ",".join(line.get(c, "") for c in columns) + "\n")
        run = p.certty("accounts", "import", f, "--yes")
        same(run.status, 0, run.err)
        same(set(p.rows()), {"prod"})
        holds(run.err, "remove it")


BAD = """provider,name,url,user,password,depth,keep
fake,good,https://a.example,me,right,,memory
fake,bad name,https://a.example,me,right,
fake,b2,ftp://a.example,me,right,
fake,b3,https://a.example,,right,
fake,b4,https://a.example,me,right,deep
other,b5,https://a.example,me,right,
fake,good,https://a.example,me,right,
"""


@case
def bad_lines():
    """bad lines are named by number and column and nothing is taken; --partial takes the others"""
    with Accounts() as p:
        f = p.write("f.csv", BAD)
        for args in ((), ("--yes",)):
            run = p.certty("accounts", "import", f, *args)
            same(run.status, 1)
            holds(run.err, "line 3, column 2 (name)", "line 4, column 3 (url)",
                  "line 5, column 4 (user)", "line 6, column 6 (depth)", "line 7, column 1 (provider)",
                  "line 8, column 2 (name)", "6 of 7 lines are bad")
            holds(run.out, "line 2: adds account good of fake")
            same("right" in run.out + run.err, False)
        same(p.rows(), {})
        run = p.certty("accounts", "import", f, "--partial", "--yes")
        same(run.status, 3, run.err)
        same(set(p.rows()), {"good"})
        for text, said in (("name,nothing\n", "line 1, column 2"), ("", "no head line"),
                           ('name\n"x\n', "line 2, column 1"), ("name,url\nx,y,z\n", "line 2, column 3")):
            run = p.certty("accounts", "import", p.write("g.csv", text))
            same(run.status, 1)
            holds(run.err, said)


@case
def import_asks():
    """import says what it would do and does nothing until somebody says yes"""
    with Accounts() as p:
        f = p.write("f.csv", "name;url;user;password;keep\na;https://a.example;me;right;memory\n"
                             "b;https://b.example;me;right;memory\n")
        run = p.certty("accounts", "import", f, "--provider", "fake")
        same((run.status, run.out.count("adds account")), (0, 2))
        holds(run.err, "--yes")
        same(p.rows(), {})
        for answer, names, status in (("n", set(), 130), ("y", {"a", "b"}, 0)):
            got, said = p.on_terminal("accounts", "import", f, "--provider", "fake",
                                      answers=[("Add 2 accounts?", answer)])
            same((got, set(p.rows())), (status, names), said)
        run = p.certty("--read-only", "accounts", "import", f, "--yes")
        same(run.status, 5)


@case
def import_tries():
    """when one account of a file cannot sign in none is kept; --partial keeps the others"""
    with Accounts() as p:
        f = p.write("f.csv", "name,url,user,password,keep\na,https://a.example,me,right,memory\n"
                             "b,https://b.example,me,wrong,memory\n")
        run = p.certty("accounts", "import", f, "--provider", "fake", "--yes")
        same(run.status, 1)
        holds(run.err, "line 3: b", "does not let you in", "nothing was taken")
        same(p.rows(), {})
        run = p.certty("accounts", "import", f, "--provider", "fake", "--yes", "--partial")
        same((run.status, set(p.rows())), (3, {"a"}), run.err)
        run = p.certty("--offline", "accounts", "import", f, "--provider", "fake", "--yes", "--partial")
        same((run.status, set(p.rows())), (3, {"a", "b"}), run.err)


@case
def kfutils():
    """kfutil's headers are read; what means nothing here is left out; repeated accounts are one"""
    with Accounts() as p:
        f = p.write("f.csv", "Id,ClientMachine,StorePath,Properties.Host,Properties.ServerUsername,"
                             "Properties.ServerPassword,InventorySchedule.Immediate\n"
                             ",web1,/etc/x,https://a.example,me,right,TRUE\n"
                             ",web2,/etc/y,https://a.example,me,right,TRUE\n"
                             ",web3,/etc/y,https://b.example,me,right,TRUE\n")
        run = p.certty("accounts", "import", f, "--provider", "fake", "--yes", "--keep",
                       "memory")
        same(run.status, 0, run.err)
        holds(run.out, "line 3: the same account as line 2")
        holds(run.err, "left out", "StorePath", "InventorySchedule.Immediate")
        same(set(p.rows()), {"fake", "fake-2"})


@case
def exported():
    """an export holds no secret, and what has its secrets from programs can be imported again"""
    with Accounts() as p:
        p.add("one")
        p.add("two")
        run = p.certty("accounts", "add", "--name", "three", *GIVEN, "--secrets-stdin",
                       stdin=b"password=right\n")
        same(run.status, 0, run.err)
        run = p.certty("accounts", "export")
        same(run.status, 0)
        same("right" in run.out.replace("echo right", ""), False)
        lines = run.out.splitlines()
        same(len(lines), 4)
        holds(lines[0], "password-place", "password-command")
        holds("".join(lines), "memory", "echo right")
        f = p.write("f.csv", "\n".join(x for x in lines if ",three," not in x) + "\n")
        same(p.certty("accounts", "drop", "one", "two", "--yes").status, 0)
        same(p.certty("accounts", "import", f, "--yes").status, 0)
        same(set(p.rows()), {"one", "two", "three"})
        same(sorted(p.certty("accounts", "export").out.splitlines()), sorted(lines))


@case
def stores():
    """stores: template, import with labels and passphrases, a bad line, export and import again"""
    with Accounts() as p:
        for name in ("a", "b", "c"):
            os.mkdir(p.path(name))
        head = p.certty("stores", "template").out
        same(head, "provider,address,type,title,container,labels,passphrase (secret),through\n")
        f = p.write("f.csv", head + "local,%s,folder,The A,web,\"x,y\",,\n,%s,,,,,,\n"
                    % (p.path("a"), p.path("b")))
        same(p.certty("stores", "import", f, "--yes").status, 0)
        rows = {r["address"]: r for r in p.certty("stores", "-o", "json").json["rows"]}
        a = rows[p.path("a")]
        same((a["title"], a["container"], a["labels"]), ("The A", "web", ["x", "y"]))
        same(p.path("b") in rows, True)
        g = p.write("g.csv", "address,type\n%s,folder\n%s,folder\n" % (p.path("c"), p.path("a")))
        run = p.certty("stores", "import", g, "--yes")
        same(run.status, 1)
        holds(run.err, "line 3, column 1 (address): that is a store already")
        run = p.certty("stores", "import", p.write("h.csv", "address,type\n%s,bogus\n" % p.path("c")))
        holds(run.err, "line 2, column 2 (type)")
        run = p.certty("stores", "import", p.write("h.csv", "provider,address\nfake,x\n"))
        holds(run.err, "come with its accounts")
        out = p.certty("stores", "export").out
        same(out.count("\n"), 3, out)
        f = p.write("f.csv", out)
        for name in ("The A", rows[p.path("b")]["id"]):
            same(p.certty("stores", "drop", name, "--yes").status, 0)
        same(p.certty("stores", "import", f, "--yes").status, 0)
        same(p.certty("stores", "export").out, out)


@case
def stores_all_or_none():
    """a store that cannot be added takes those before it out again"""
    with Accounts() as p:
        os.mkdir(p.path("a"))
        f = p.write("f.csv", "address,type\n%s,folder\n%s,keystore\n" % (p.path("a"), p.path("no")))
        before = p.certty("stores", "export").out
        run = p.certty("stores", "import", f, "--yes")
        same((run.status, p.certty("stores", "export").out), (1, before), run.err)


@case
def defaults():
    """named default values are set, shown, taken out and dropped"""
    with Accounts() as p:
        same(p.certty("defaults").status, 0)
        same(p.certty("defaults", "set", "office", "depth", "3").status, 0)
        same(p.certty("defaults", "set", "office", "user", "me").status, 0)
        holds(p.certty("defaults", "ls").out, "office\t2")
        holds(p.certty("defaults", "show", "office").out, "depth=3", "certty.conf:")
        same(p.certty("defaults", "set", "office", "user").status, 0)
        same("user" in p.certty("defaults", "show", "office").out, False)
        same(p.certty("--read-only", "defaults", "drop", "office").status, 5)
        same(p.certty("defaults", "drop", "office").status, 0)
        same(p.certty("defaults", "show", "office").status, 1)


@case
def found():
    """accounts of other tools are listed and tested, and not exported"""
    with Accounts() as p:
        env = {"FAKE_URL": "https://found.example"}
        rows = p.certty("accounts", "-o", "json", env=env).json["rows"]
        same("fake:env" in [r["id"] for r in rows], True)
        same(p.certty("accounts", "test", "fake:env", env=env).status, 4)
        same(p.certty("accounts", "export", env=env).out.count("\n"), 1)


@case
def doctor():
    """the doctor signs in to each account: fine, or 4 and what to do"""
    with Accounts() as p:
        p.add("good")
        run = p.certty("doctor", "-o", "json")
        rows = {c["about"]: c for c in run.json["checks"] if c["name"] == "account"}
        same(rows["good"]["state"], "fine", rows)
        holds(rows["good"]["said"], "me at https://a.example")
        hosts = [c["about"] for c in run.json["checks"] if c["name"] == "dns"]
        same(hosts, ["a.example"])
        same(run.status, 1, "a.example has no address")
        p.configure("[account bad]\nprovider=fake\nurl=https://127.0.0.1\nuser=me\n"
                    "password=command: echo wrong\n")
        run = p.certty("doctor", "-o", "json")
        rows = {c["about"]: c for c in run.json["checks"] if c["name"] == "account"}
        same((rows["bad"]["state"], run.status), ("sign-in", 4))
        run = p.certty("--offline", "doctor", "-o", "json")
        same([c["name"] for c in run.json["checks"] if c["name"] == "dns"], [])
        json.dumps(run.json)


cases()
