#!/usr/bin/python3
"""Four eyes: two people, each with a home and an SSH key, and the folder between them.  What one
of them asks for is done when the other has countersigned it, and by no other way."""
import hashlib
import json
import os
import shutil
import subprocess

from office import ANSWERS, ASKS, PASSPHRASE, Office
from place import LIMIT, case, cases, holds, same

# ---- plans ----

@case
def plans():
    """a dry run says that a second person is needed, what answering does to the folder, and does none of it"""
    with Office() as p:
        dry = p.certty_as("ada", "approve", "--dry-run", "-o", "json", p.id)
        same(dry.status, 0, dry.err)
        holds(" ".join(dry.json["warnings"]), "a second person must countersign")
        same(p.names(".ticket"), [])
        name = p.ask()
        there = sorted(os.listdir(p.tickets))
        p.certty_as("ben", "refresh")
        yes = p.certty_as("ben", "countersign", "--dry-run", "-o", "json", "ticket/" + name)
        same([c["where"] for c in yes.json["calls"] if c["changes"]],
             [p.file(name, ".answer.sig"), p.file(name, ".answer")], yes.err)
        [verify] = [c for c in yes.json["commands"] if "ssh-keygen" in c]
        done = subprocess.run(["sh", "-c", verify], capture_output=True, check=False, timeout=LIMIT)
        same(done.returncode, 0, done.stderr)
        no = p.certty_as("ben", "deny", "--dry-run", "--reason", "not now", "-o", "json", "ticket/" + name)
        holds(json.dumps(no.json["calls"]), "not now", ".answer.sig")
        holds(p.certty_as("ada", "countersign", "--dry-run", "ticket/" + name).err, "you asked for it yourself")
        holds(p.certty_as("ben", "withdraw", "--dry-run", "ticket/" + name).err, "another person asked for it")
        back = p.certty_as("ada", "withdraw", "--dry-run", "-o", "json", "ticket/" + name)
        same([c["where"] for c in back.json["calls"] if c["changes"]], [p.file(name, ".ticket")], back.err)
        same(sorted(os.listdir(p.tickets)), there, "a dry run changed the folder")
        same(p.countersign(name).status, 0)
        same(sorted(set(os.listdir(p.tickets)) - set(there)), [name + ".answer", name + ".answer.sig"])


# ---- the good way ----

@case
def good_way():
    """one asks, another looks and countersigns, and the first does it, once"""
    with Office() as p:
        name = p.ask()
        row = p.row("ada", name)
        same((row["theirs"], row["next"], row["state"]),
             ("waits for a countersignature", "withdraw", "waits for a person"))
        same(row["due"] > row["since"], True, row)
        p.refused("waits for a countersignature")
        same(p.names(".ticket"), [name], "asking again asks for nothing new")
        p.certty_as("ben", "refresh")
        same(p.row("ben", name)["next"], "countersign")
        shown = p.certty_as("ben", "show", "requests/ticket/" + name)
        holds(shown.out, "approve", "www.example.org", "ada, with the key SHA256:", "90d",
              "EC P-256", "Office CA", name)
        run = p.countersign(name)
        same((run.status, run.err), (0, ""))
        p.certty_as("ada", "refresh")
        same(p.row("ada", name)["theirs"], "countersigned by ben")
        run = p.approve()
        same((run.status, run.err), (0, ""))
        same(len(p.issued()), 1)
        same((p.names(".ticket"), p.names(".used")), ([], [name]))
        p.certty_as("ben", "refresh")
        same((p.row("ben", name)["theirs"], p.row("ben", name)["state"]), ("used", "issued"))


@case
def verified_by_others():
    """both signatures verify with ssh-keygen alone"""
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        for end, about, who in ((".ticket", ASKS, "ada"), (".answer", ANSWERS, "ben")):
            with open(p.file(name, end), "rb") as text:
                done = subprocess.run(["ssh-keygen", "-Y", "verify", "-f", p.path("signers"), "-I",
                                       who, "-n", about, "-s", p.file(name, end) + ".sig"],
                                      stdin=text, capture_output=True, check=False, timeout=LIMIT)
            same(done.returncode, 0, done.stderr)


@case
def journal():
    """every step stands in both journals, with the warnings word for word"""
    with Office(names=None) as p:
        name = p.ask()
        same(p.countersign(name, "ben", "--digest", name).status, 0)
        same(p.approve().status, 0)
        odd = "it has no subject alternative names"
        lines = p.certty_as("ada", "audit", "-o", "json").out.splitlines()
        notes = [e for e in map(json.loads, lines) if e["phase"] == "note"]
        same([n["digest"] for n in notes], [name] * 3)
        holds(notes[0]["outcome"], "asks for a countersignature")
        holds(notes[1]["outcome"], "countersigned by ben with SHA256:", "asked for by ada")
        holds(notes[2]["outcome"], "done again by the same countersignature")
        for n in notes:
            holds(n["warnings"][0], odd)
        ben = p.certty_as("ben", "audit", "-o", "json").out
        holds(ben, odd, "countersign", name)
        for who in ("ada", "ben"):
            same(p.certty_as(who, "audit", "verify").status, 0)


@case
def missing_passphrase():
    """what failed for want of a passphrase is done with it under the same ticket, in that process"""
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        status, said = p.typed("ada", ("approve", "--yes", p.id), ("Passphrase: ", PASSPHRASE))
        same((status, len(p.issued())), (0, 1), said)
        holds(p.certty_as("ada", "audit").out, "done again by the same countersignature")
        same(p.names(".ticket"), [])
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        run = p.certty_as("ada", "approve", "--yes", p.id)
        same((run.status, p.issued()), (4, []), run.err)
        p.refused("a second person must countersign")


@case
def denied():
    """a ticket is refused with a reason, which the first person is told"""
    with Office() as p:
        name = p.ask()
        p.certty_as("ben", "refresh")
        run = p.certty_as("ben", "deny", "--yes", "--reason=not this week", "ticket/" + name)
        same((run.status, run.err), (0, ""))
        p.refused("ben did not countersign: not this week", "withdraw")
        same(p.row("ada", name)["state"], "denied")
        run = p.countersign(name)
        same(run.status != 0, True)
        holds(run.err, "ben has answered already")


@case
def taken_back():
    """whoever asked can take it back, nobody else"""
    with Office() as p:
        name = p.ask()
        p.certty_as("ben", "refresh")
        run = p.certty_as("ben", "withdraw", "--yes", "ticket/" + name)
        same(run.status, 5, run.err)
        run = p.certty_as("ada", "withdraw", "--yes", "ticket/" + name)
        same((run.status, run.err), (0, ""))
        same((p.names(".ticket"), p.row("ada", name)["state"]), ([], "withdrawn"))
        same(p.names(".withdrawn"), [name])
        same(p.countersign(name).status != 0, True)


# ---- the bad ways ----

@case
def own():
    """one's own countersignature is refused, also one that was made without certty"""
    with Office() as p:
        name = p.ask()
        run = p.countersign(name, "ada")
        same(run.status, 5)
        holds(run.err, "you asked for it yourself")
        p.answer_by_hand(name, "ada")
        p.refused("by whoever asked for it")
        p.answer_by_hand(name, "ada", by="ADA")
        p.refused("waits for a countersignature", "counts for nothing")


@case
def same_key():
    """the same key under another name is the same person"""
    with Office() as p:
        p.signers(("ada", "ada"), ("ben", "ben"), ("carl", "ada"))
        p.person("ben", key=p.key("ada"), identity="carl")
        name = p.ask()
        run = p.countersign(name)
        same(run.status, 5)
        holds(run.err, "your key is the one that signed the ticket")
        p.answer_by_hand(name, "ada", by="carl")
        p.refused("the same key under another name")


@case
def expired():
    """a ticket that has ended is neither countersigned nor used"""
    with Office() as p:
        name = p.ask()
        old = p.forge(name, since=1000000000, until=1000003600)
        run = p.countersign(old)
        same(run.status, 5)
        holds(run.err, "has ended")
        p.answer_by_hand(old, "ben")
        run = p.approve()
        same((run.status, p.issued()), (6, []))
        same((len(p.names(".ticket")), p.names(".ended")), (1, [old]))


@case
def too_long():
    """whoever asks cannot make a ticket last longer than the other lets it"""
    with Office() as p:
        name = p.ask()
        with open(p.file(name, ".ticket"), encoding="utf-8") as f:
            since = json.load(f)["since"]
        long = p.forge(name, until=since + 25 * 3600)
        run = p.countersign(long)
        same(run.status, 5)
        holds(run.err, "valid for longer")
        p.answer_by_hand(long, "ben")
        p.refused("valid for longer")


@case
def altered_text():
    """a ticket whose text was altered counts no more, under its old name or its new one"""
    with Office() as p:
        name = p.ask()
        with open(p.file(name, ".ticket"), encoding="utf-8") as f:
            text = f.read()
        altered = text.replace('"90d"', '"900d"')
        same(altered != text, True)
        with open(p.file(name, ".ticket"), "w", encoding="utf-8") as f:
            f.write(altered)
        run = p.certty_as("ben", "refresh")
        same(run.status, 3)
        holds(run.out, "it was altered")
        other = hashlib.sha256(altered.encode()).hexdigest()
        for end in (".ticket", ".ticket.sig"):
            os.rename(p.file(name, end), p.file(other, end))
        run = p.certty_as("ben", "refresh")
        holds(run.out, "the signature of ada does not hold")
        same(p.row("ben", other), None)


@case
def altered_warning():
    """a ticket that leaves a warning out is another one than what is done"""
    with Office(names=None) as p:
        name = p.ask()
        p.certty_as("ben", "refresh")
        run = p.certty_as("ben", "countersign", "--yes", "ticket/" + name)
        same(run.status, 5)
        holds(run.err, "it comes with warnings")
        mild = p.forge(name, warnings=[])
        same(p.countersign(mild).status, 0)
        run = p.approve()
        same((run.status, p.issued()), (6, []), run.err)
        same(len(p.names(".ticket")), 2)


@case
def changed_request():
    """a request that changes makes the countersignature void"""
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        p.request("/CN=www.example.org", "DNS:www.example.org,DNS:evil.example.org")
        p.certty_as("ada", "refresh")
        run = p.approve()
        same((run.status, p.issued()), (6, []), run.err)
        same(len(p.names(".ticket")), 2)


@case
def other_answers():
    """what is asked with other answers is something else"""
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        run = p.approve("ada", "--profile=sub-ca")
        same((run.status, p.issued()), (6, []), run.err)
        same(len(p.names(".ticket")), 2)


@case
def replayed():
    """a ticket is used once, also when its file is put back"""
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        kept = p.path("kept.csr")
        shutil.copy(p.path("ca", "pending", "web.csr"), kept)
        with open(p.file(name, ".ticket"), "rb") as f:
            ticket = f.read()
        same(p.approve().status, 0)
        shutil.rmtree(p.path("ca", "issued"))
        shutil.copy(kept, p.path("ca", "pending", "web.csr"))
        with open(p.file(name, ".ticket"), "wb") as f:
            f.write(ticket)
        run = p.certty_as("ada", "refresh")
        holds(run.out, "was used, and somebody has put it there again")
        for used in (True, False):
            if not used:
                os.unlink(p.file(name, ".used"))
            run = p.approve()
            same((run.status, p.issued()), (6, []), run.err)


@case
def other_target():
    """an answer to one ticket is none to another"""
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        run = p.approve("ada", "--validity=10d")
        same(run.status, 6)
        [other] = [n for n in p.names(".ticket") if n != name]
        for end in (".answer", ".answer.sig"):
            shutil.copy(p.file(name, end), p.file(other, end))
        run = p.approve("ada", "--validity=10d")
        same((run.status, p.issued()), (6, []))
        holds(run.err, "it is the answer to another ticket")


@case
def unknown_signer():
    """nobody countersigns, or asks, whom the signers file does not know"""
    with Office() as p:
        name = p.ask()
        run = p.countersign(name, "eve")
        same(run.status, 5)
        holds(run.err, "the signature of eve does not hold")
        p.answer_by_hand(name, "eve")
        p.refused("counts for nothing")
        p.answer_by_hand(name, "eve", by="ben")
        p.refused("counts for nothing")
        p.certty_as("eve", "refresh")
        run = p.approve("eve")
        same((run.status, p.names(".ticket")), (5, [name]))


@case
def other_namespace():
    """a signature about something else counts for nothing"""
    with Office() as p:
        name = p.ask()
        for about in ("file", ASKS):
            p.answer_by_hand(name, "ben", about=about)
            p.refused("counts for nothing")


@case
def missing_files():
    """an answer or a ticket without its signature counts for nothing"""
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        os.unlink(p.file(name, ".answer.sig"))
        p.refused("counts for nothing")
        os.unlink(p.file(name, ".ticket.sig"))
        run = p.approve()
        same((run.status, p.issued()), (6, []))


@case
def links():
    """no link in the folder is followed"""
    with Office() as p:
        name = p.ask()
        same(p.countersign(name).status, 0)
        for end in (".answer", ".ticket"):
            os.rename(p.file(name, end), p.path("aside" + end))
            os.symlink(p.path("aside" + end), p.file(name, end))
            run = p.approve()
            same((run.status, p.issued()), (6, []), run.err)
        holds(p.certty_as("ben", "refresh").out, "links are not followed")


@case
def planted_links():
    """nothing is written through a link that lies where an answer goes"""
    with Office() as p:
        name = p.ask()
        for end in (".answer", ".answer.sig"):
            with open(p.path("mine" + end), "w", encoding="utf-8") as f:
                f.write("mine")
            os.symlink(p.path("mine" + end), p.file(name, end))
        run = p.countersign(name)
        same((run.status, run.err), (0, ""))
        for end in (".answer", ".answer.sig"):
            with open(p.path("mine" + end), encoding="utf-8") as f:
                same(f.read(), "mine")
            same(os.path.islink(p.file(name, end)), False)
        same(p.approve().status, 0)


@case
def no_folder():
    """a folder that cannot be read: nothing is done, and it is said"""
    with Office() as p:
        p.person("ada", folder=p.path("nowhere"))
        run = p.approve()
        same((run.status, p.issued()), (1, []), run.err)
        holds(run.err, "nowhere")
        open(p.path("a-file"), "w", encoding="utf-8").close()
        p.person("ada", folder=p.path("a-file"))
        run = p.approve()
        same((run.status, p.issued()), (1, []), run.err)


@case
def hostile_files():
    """what is no ticket in the folder is told of, and stops nothing"""
    with Office() as p:
        name = p.ask()
        fake = "0" * 64
        for text in (b"", b"{", b"\0" * 100, b"x" * (1 << 20)):
            with open(p.file(fake, ".ticket"), "wb") as f:
                f.write(text)
            with open(p.file(fake, ".ticket.sig"), "wb") as f:
                f.write(text)
            run = p.certty_as("ben", "refresh")
            same(run.status, 3)
            holds(run.out, "ticket 00000000")
        os.unlink(p.file(fake, ".ticket"))
        os.mkfifo(p.file(fake, ".ticket"))
        same(p.certty_as("ben", "refresh").status, 3)
        same(p.countersign(name).status, 0)
        same(p.approve().status, 0)


@case
def not_configured():
    """a policy without its means refuses, and says which is missing"""
    with Office() as p:
        for key, value in (("folder", ""), ("signers", ""), ("key", ""), ("identity", ""),
                           ("identity", "a b"), ("identity", "*")):
            p.person("ada", **{key: value})
            run = p.approve()
            same((run.status, p.issued()), (5, []), key)
            holds(run.err, "countersign." + key)


@case
def misspelt():
    """a word that means no verb stops every change instead of none"""
    with Office(four_eyes="aprove") as p:
        run = p.approve()
        same((run.status, p.issued()), (5, []))
        holds(run.err, "aprove is no verb")


@case
def by_account():
    """an account's verbs are meant, whichever way they go there; others are not"""
    with Office(four_eyes="local:approve") as p:
        p.ask()
    with Office(four_eyes="prod:approve, local:deny") as p:
        same(p.approve().status, 0)
    with Office(four_eyes="local:*") as p:
        p.ask()


@case
def other_verbs():
    """a file that is imported is what stands in it when it was countersigned"""
    with Office(four_eyes="add") as p:
        made = p.make("new.example.org", days=40, folder=p.folder)
        args = ("add", "--yes", "local/folder:" + p.certs, made)
        run = p.certty_as("ada", *args)
        same((run.status, os.listdir(p.certs)), (6, []), run.err)
        [name] = p.names(".ticket")
        same(p.countersign(name).status, 0)
        shutil.copy(p.make("evil.example.org", days=40, folder=p.folder), made)
        run = p.certty_as("ada", *args)
        same((run.status, os.listdir(p.certs)), (6, []), run.err)


cases()
