"""What a person does on this machine: discover, sign, import, export, remove, make keys."""
import os
import stat
import subprocess

from fixture import configure, estate, folder, home, shop
from terminal import expect, journey, journeys, start

PASSPHRASE = "open sesame"


def opened(wait=r"shown of [1-9]\d* · data as of", size="100x30", arguments=(), **settings):
    web, mail = estate()
    configure(local_folders="%s; %s" % (web, mail), **settings)
    t = start(*arguments, size=size)
    t.wait(wait)
    t.until(lambda: not t.sees("reading|not read yet"), "all stores read")
    return t


def leave(t):
    t.keys("F10")
    expect(t.ended() == 0, "exit status 0")


def answer(t, *values):
    """Types into one field of a form after the other; None leaves one as it is."""
    for value in values:
        if value:
            t.keys(value)
        t.keys("Down")
    t.keys("Enter")


def openssl(*args):
    return subprocess.run(("openssl",) + args, stdout=subprocess.PIPE, check=True,
                          stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL).stdout.decode()


def team(**settings):
    place = os.path.join(home(), "team")
    shop().team_ca(place, PASSPHRASE)
    t = opened(local_ca_folder=place, **settings)
    t.keys("3").wait("^2 shown of 2").wait("new.example.org").wait("odd.example.org")
    return t, place


@journey("discovery walks a tree; one is accepted, one ignored, the rest marked and accepted at once")
def discovery():
    trees = [folder("tree/" + name, shop().cert(name + ".example.net"))
             for name in ("one", "two", "three", "four")]
    t = opened(discovery_folders="; ".join(trees), size="120x30")
    t.keys("f").wait("(?i)folders").keys("Down", "Down", "Down", "Down", "Enter")
    t.keys("4").wait("4 Discovery 4").wait("^▸ .* new ")
    t.keys("a").agree().wait(" approved ").wait("1 Stores 4")
    t.keys("/", "state:new", "Enter").wait("3 shown of 4").keys("D").agree()
    t.wait("will not be proposed again")
    t.keys("*").wait("2 marked").keys("a").agree().wait("1 Stores 6")
    t.keys("Esc").wait(" ignored ")
    t.keys("1").wait("STORE").keys("2").wait("EXPIRES").keys("/", "example.net").wait(" 3 match")
    leave(t)


@journey("a request is reviewed and approved with the CA's passphrase; the certificate is there")
def approve():
    t, place = team()
    t.keys("/", "odd", "Enter").wait("1 shown of 2").keys("Enter").wait("(?i)subject +CN=odd")
    t.keys("Esc").wait_gone("(?i)subject +CN=odd").keys("Esc").wait("2 shown of 2")
    t.keys("/", "new.ex", "Enter").wait("1 shown of 2")
    t.keys("a").wait("(?i)profile").wait("(?i)validity")
    answer(t, None, None, PASSPHRASE)
    t.wait("(?i)subject +CN=new.example.org").wait("(?i)names +new.example.org")
    t.until(lambda: t.keys("PgDn").sees("(?i)type the word approve"), "read to the end")
    t.wait("(?i)not done").wait("(?i)nothing is deployed")
    t.keys("approve", "Enter").wait("approve")
    t.wait("new.example.org +– +issued").keys("2").wait("EXPIRES").keys("/", "new.example.org").wait(" 1 match")
    t.keys("Enter").wait("1 shown of").keys("Enter").wait("^ *Where ")
    t.keys("d").wait("(?i)issuer +CN=Team CA").keys("PgDn").wait("(?i)purposes? +.*server")
    issued = os.listdir(os.path.join(place, "issued"))
    made = [f for f in issued if f.endswith(".pem")]
    expect(len(made) == 1, "one certificate issued: %r" % issued)
    text = openssl("verify", "-CAfile", os.path.join(place, "ca.crt"),
                   os.path.join(place, "issued", made[0]))
    expect("OK" in text, "openssl verifies it")
    leave(t)
    no_trace(PASSPHRASE)


def no_trace(secret):
    for top in (".local", ".config", "run", "tmp"):
        for path, _, files in os.walk(os.path.join(home(), top)):
            for f in files:
                with open(os.path.join(path, f), "rb") as file:
                    expect(secret.encode() not in file.read(), "no passphrase in " + f)


@journey("what is odd about a request stands in its review; a wrong passphrase signs nothing")
def odd():
    t, place = team()
    t.keys("/", "odd", "Enter").wait("1 shown of 2").keys("a").wait("(?i)profile")
    answer(t, None, None, "wrong one")
    t.wait(r"odd about it +! \*\.com stands for every host below it")
    t.until(lambda: t.keys("PgDn").sees("(?i)type the word approve"), "read to the end")
    t.keys("no", "Enter").wait("(?i)type the word|not|approve")
    t.keys("C-u", "approve", "Enter").wait("(?i)passphrase")
    expect(not os.path.exists(os.path.join(place, "issued"))
           or not [f for f in os.listdir(os.path.join(place, "issued")) if f.endswith(".pem")],
           "nothing was signed")
    leave(t)


@journey("a request is denied with a reason, which is kept")
def deny():
    t, place = team()
    t.keys("/", "odd", "Enter").wait("1 shown of 2").keys("D").wait("(?i)reason")
    t.keys("Down", "Enter").wait("(?i)reason is needed")
    t.keys("names a whole top level domain", "Down", "Enter")
    t.wait("deny odd.example.org. y/N").keys("y").wait("(?i)den(y|ied)")
    t.wait("odd.example.org +– +denied")
    denied = [f for f in os.listdir(os.path.join(place, "denied")) if f.endswith(".reason")]
    expect(len(denied) == 1, "one reason kept")
    with open(os.path.join(place, "denied", denied[0]), encoding="utf-8") as f:
        expect("names a whole top level domain" in f.read(), "the reason")
    leave(t)


@journey("a PKCS#12 is imported with its passphrase, exported, and removed after a question")
def import_export_remove():
    p12 = shop().pkcs12("imported.example.org", PASSPHRASE)
    t = opened()
    t.keys("1", "/", "own", "Enter").wait("1 shown of 3")
    t.keys("i").wait("(?i)^▸ File")
    answer(t, p12, None, None, PASSPHRASE, "another one", None)
    t.agree().wait("(?i)is kept in")
    t.keys("Esc").wait("shown of 3").keys("2").wait("EXPIRES").wait("2 Cert(ificate)?s 6")
    t.keys("/", "imported.ex").wait(" 1 match").keys("Enter")
    t.wait("1 shown of 6")
    out = os.path.join(home(), "out.pem")
    t.keys("x").wait("(?i)format")
    answer(t, None, out, None, None, None, None)
    t.agree().wait("(?i)written|exported|done")
    expect("imported.example.org" in openssl("x509", "-in", out, "-noout", "-subject"), "the PEM")
    t.keys("x").wait("(?i)format")
    answer(t, None, out, None, None, None, None)
    t.agree().wait_gone("Y/n").wait("(?i)already|exists|replace")
    t.keys("X").wait("remove imported.example.org. Type the word remove").keys("Enter")
    t.wait("Nothing was done").keys("X").agree_by("remove")
    t.wait("2 Cert(ificate)?s 5")
    leave(t)
    no_trace(PASSPHRASE)


@journey("a key and a request for it are made: encrypted, 0600, nothing overwritten unasked")
def key():
    t = opened()
    keyfile, csr = os.path.join(home(), "k.pem"), os.path.join(home(), "r.csr")
    t.keys("K").wait("(?i)^▸ Names")
    answer(t, "fresh.example.org, www.fresh.example.org", None, None, keyfile, csr, PASSPHRASE,
           None, None)
    t.agree().wait("the request for fresh.example.org is in ")
    expect(stat.S_IMODE(os.stat(keyfile).st_mode) == 0o600, "mode 0600")
    with open(keyfile, encoding="ascii") as f:
        expect("ENCRYPTED" in f.read(), "an encrypted key")
    text = openssl("req", "-in", csr, "-noout", "-verify", "-text")
    expect("DNS:www.fresh.example.org" in text, "the names asked for")
    with open(keyfile, "rb") as f:
        before = f.read()
    t.keys("K").wait("(?i)^▸ Names")
    answer(t, "fresh.example.org", None, None, keyfile, csr, PASSPHRASE, None, None)
    t.agree().wait_gone("Y/n").wait("(?i)already|exists|there")
    with open(keyfile, "rb") as f:
        expect(f.read() == before, "the first key is as it was")
    leave(t)


@journey("a store is added and dropped; nothing in it is touched")
def add_and_drop():
    more = folder("more", shop().cert("more.example.org"))
    t = opened()
    t.keys("+").wait("(?i)^▸ Address")
    answer(t, more, None, "extra", None)
    t.agree().keys("1").wait("^. extra +read")
    t.keys("/", "extra", "Enter").wait("1 shown of 4")
    t.keys("X").wait("store-drop extra. y/N").keys("y")
    t.wait("1 Stores 3")
    expect(os.listdir(more), "its files are still there")
    leave(t)


@journey("--read-only refuses each verb that changes something, with a sentence, and does nothing")
def read_only():
    place = os.path.join(home(), "team")
    shop().team_ca(place, PASSPHRASE)
    folder("tree/one", shop().cert("one.example.net"))
    t = opened(local_ca_folder=place, arguments=("--read-only",),
               discovery_folders=os.path.join(home(), "tree"))
    t.wait("read-only")
    t.keys("f").wait("(?i)folders").keys("Down", "Down", "Down", "Down", "Enter")
    t.keys("4").wait("4 Discovery 1").wait("^▸ .* new ")
    for tab, keys in (("4", "aD"), ("2", "xXiKA"), ("1", "iXLPKA"), ("3", "aDKA")):
        t.keys(tab).wait("shown of [1-9]")
        for k in keys:
            t.keys(k).wait("certty is read-only now: .* changes something")
            t.keys("j").wait_gone("certty is read-only now")
    leave(t)
    expect(sorted(os.listdir(place)) == ["ca.crt", "ca.key", "pending"], "nothing was made")


journeys()
