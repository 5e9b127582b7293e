"""What the tests of four eyes share: people, each with a home and an SSH key, and the folder between
them."""
import glob
import hashlib
import json
import os
import subprocess
import types

from place import LIMIT, Place, holds, same

ASKS, ANSWERS = "certty-ticket@certty", "certty-answer@certty"
PASSPHRASE = "geheim"


class Office(Place):
    """A CA with a request in it, a folder of tickets, and ada, ben and eve; eve is in no signers
    file."""

    def __init__(self, four_eyes="approve", subject="/CN=www.example.org",
                 names="DNS:www.example.org", valid=24):
        super().__init__()
        self.valid, self.four_eyes, self.is_odd = valid, four_eyes, names is None
        self.tickets = self.path("tickets")
        for folder in ("tickets", "ca", "ca/pending"):
            os.mkdir(self.path(folder))
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-nodes", "-keyout", self.path("plain.key"), "-subj", "/CN=Office CA",
                     "-days", "1000", "-out", self.path("ca", "ca.crt"))
        self.openssl("pkey", "-in", self.path("plain.key"), "-aes256", "-passout",
                     "pass:" + PASSPHRASE, "-out", self.path("ca", "ca.key"))
        self.request(subject, names)
        for who in ("ada", "ben", "eve"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f",
                            self.key(who)], check=True, stdin=subprocess.DEVNULL, timeout=LIMIT)
        self.signers(("ada", "ada"), ("ben", "ben"))
        for who in ("ada", "ben", "eve"):
            self.person(who)
        self.id = "local/ca:" + self.path("ca", "pending", "web.csr")
        self.certty_as("ada", "refresh")

    def key(self, who):
        return self.path("key-" + who)

    def request(self, subject, names):
        more = ["-addext", "subjectAltName=" + names] if names else []
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-nodes", "-keyout", self.path("web.key"), "-subj", subject, *more, "-out",
                     self.path("ca", "pending", "web.csr"))

    def signers(self, *lines):
        with open(self.path("signers"), "w", encoding="utf-8") as f:
            for who, key in lines:
                with open(self.key(key) + ".pub", encoding="utf-8") as public:
                    f.write("%s %s\n" % (who, " ".join(public.read().split()[:2])))

    def person(self, who, **more):
        """Their configuration; `more` replaces single settings."""
        said = {"folder": self.tickets, "signers": self.path("signers"), "key": self.key(who),
                "identity": who, "valid": str(self.valid), **more}
        with open(self.path(who + ".conf"), "w", encoding="utf-8") as f:
            f.write("[local]\nfolders=%s\nca-folder=%s\n[keyring]\nuse=memory\n"
                    "[safety]\nfour-eyes=%s\n[countersign]\n"
                    % (self.certs, self.path("ca"), self.four_eyes))
            f.write("".join("%s=%s\n" % item for item in said.items() if item[1]))

    def become(self, who):
        home = self.path("home-" + who)
        self.config = self.path(who + ".conf")
        return {"HOME": home, "XDG_STATE_HOME": home + "/state", "XDG_DATA_HOME": home + "/data",
                "XDG_CONFIG_HOME": home + "/config"}

    def certty_as(self, who, *args, **more):
        return self.certty(*args, env=self.become(who), **more)

    def typed(self, who, args, *answers):
        """At a terminal; status and all that was shown."""
        return self.at_terminal(args, answers, env=self.become(who))

    def approve(self, who="ada", *args):
        if self.is_odd:     # only a person at a terminal accepts that
            return self.accept(who, *args)
        return self.certty_as(who, "approve", "--yes", "--secrets-stdin", *args, self.id,
                              stdin=("passphrase=%s\n" % PASSPHRASE).encode())

    def accept(self, who, *args):
        asks = [("Type approve to accept", "approve"), ("Passphrase: ", PASSPHRASE)]
        status, said = self.at_terminal(("approve", *args, self.id), asks, env=self.become(who),
                                        is_all=False)
        return types.SimpleNamespace(status=status, err=said)

    def ask(self):
        """Ada asks; the name of her ticket."""
        run = self.approve()
        same(run.status, 6, run.err)
        holds(run.err, "a second person must countersign")
        same(self.issued(), [])
        [name] = self.names(".ticket")
        return name

    def names(self, end):
        return sorted(os.path.basename(p)[:-len(end)]
                      for p in glob.glob(os.path.join(glob.escape(self.tickets), "*" + end)))

    def countersign(self, name, who="ben", *args):
        self.certty_as(who, "refresh")
        return self.certty_as(who, "countersign", "--yes", *args, "ticket/" + name)

    def issued(self):
        return glob.glob(os.path.join(glob.escape(self.path("ca", "issued")), "*.pem"))

    def row(self, who, name):
        rows = self.certty_as(who, "ls", "requests", "-o", "json")
        return {r["id"]: r for r in rows.json["rows"]}.get("ticket/" + name)

    def file(self, name, end):
        return os.path.join(self.tickets, name + end)

    def sign(self, who, path, about):
        if os.path.exists(path + ".sig"):
            os.unlink(path + ".sig")
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", about, "-f", self.key(who), path],
                       check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)

    def answer_by_hand(self, name, who, by=None, about=ANSWERS, **changed):
        """An answer as certty writes it, signed by ssh-keygen without certty."""
        answer = {"certty-answer": 1, "ticket": name, "by": by or who, "reason": "", "yes": True,
                  "at": 1000000000, **changed}
        with open(self.file(name, ".answer"), "w", encoding="utf-8") as f:
            f.write(json.dumps(answer, indent=2) + "\n")
        self.sign(who, self.file(name, ".answer"), about)

    def forge(self, name, **changed):
        """Another ticket with something changed, signed by ada herself; its name."""
        with open(self.file(name, ".ticket"), encoding="utf-8") as f:
            ticket = {**json.load(f), **changed}
        for end in (".ticket", ".ticket.sig"):
            os.unlink(self.file(name, end))
        text = json.dumps(ticket, indent=2, ensure_ascii=False) + "\n"
        other = hashlib.sha256(text.encode()).hexdigest()
        with open(self.file(other, ".ticket"), "w", encoding="utf-8") as f:
            f.write(text)
        self.sign("ada", self.file(other, ".ticket"), ASKS)
        return other

    def refused(self, *wanted):
        """Ada's approval comes to nothing, and nothing was signed."""
        run = self.approve()
        same(run.status in (5, 6), True, run.err)
        holds(run.err, *wanted)
        same(self.issued(), [])
