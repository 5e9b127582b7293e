"""Four eyes on the screen: two operators, each at a console of their own, with their own SSH keys and
the folder between them.  What one asks for is done when the other has countersigned it there."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))

from office import PASSPHRASE, Office      # noqa: E402
from terminal import expect, journey, journeys, start      # noqa: E402

ASKED = "ticket [0-9a-f]{8} waits for that until"
TICKET = "approve www.exampl"


def console(p, who):
    """That person's console, on the list of requests."""
    env = p.environment(**p.become(who))
    t = start("--config", p.config, size="120x36", env=env)
    t.wait("Stores [1-9]")      # the saved state is loaded
    t.keys("3")
    return t


def choose(t, words, row):
    """The only row that is left by that filter."""
    t.keys("/", "C-u", words, "Enter")
    t.wait("^.? *▸ .*" + row)


def ask(t):
    """Ada approves, with the CA's passphrase, and learns that somebody else has to agree."""
    choose(t, "type:sign", "www.example.org")
    t.keys("a")
    t.wait("Passphrase")
    t.keys("Down", "Down", PASSPHRASE, "Enter", "Enter")
    t.wait("approve www.example.org[?]")
    t.wait("Type the word approve|Read to the end")
    read_on(t, "approve")
    t.keys("approve", "Enter")


def read_on(t, word):
    """Page by page, until the word may be typed."""
    for _ in range(20):
        if t.sees("Type the word " + word):
            return
        t.keys("PgDn")
        t.wait("Type the word %s|Read to the end" % word)
    t.wait("Type the word " + word)


def countersign(t):
    t.keys("R")
    choose(t, "type:countersign", TICKET)
    t.keys("C")
    t.wait("^ *countersign .*[?]")
    t.wait("Type the word countersign|Read to the end")
    read_on(t, "countersign")
    t.keys("countersign", "Enter")


@journey("one asks, the other reads it in full and countersigns, and the first one's approval goes through")
def good_way():
    with Office() as p:
        ada = console(p, "ada")
        ask(ada)
        ada.wait(ASKED)
        [name] = p.names(".ticket")
        expect(p.issued() == [], "nothing is signed yet")
        ben = console(p, "ben")
        ben.keys("R")
        choose(ben, "type:countersign", TICKET)
        ben.keys("Enter")
        ben.wait("ada, with the key SHA256:")
        ben.wait("www.example.org")
        ben.keys("Esc")
        countersign(ben)
        ben.wait("countersigned")
        expect(p.names(".answer") == [name], "the answer lies beside the ticket")
        ada.keys("R")
        ada.wait("countersigned by ben")
        ask(ada)
        ada.wait("is signed by Office CA")
        expect(len(p.issued()) == 1, "it is signed once")
        expect(p.names(".ticket") == [], "and the ticket is used up")
        expect(p.names(".used") == [name], "as its name says")


@journey("one's own countersignature is refused, and nothing is done")
def own():
    with Office() as p:
        ada = console(p, "ada")
        ask(ada)
        ada.wait(ASKED)
        ada.keys("R")
        choose(ada, "type:countersign", TICKET)
        ada.keys("C")
        ada.wait("As it stands it takes withdraw|you asked for it yourself")
        expect(p.names(".answer") == [], "there is no answer")
        expect(p.issued() == [], "nothing is signed")


@journey("a request that is another one by now is not approved by what was countersigned before")
def changed():
    with Office() as p:
        ada = console(p, "ada")
        ask(ada)
        ada.wait(ASKED)
        ben = console(p, "ben")
        countersign(ben)
        ben.wait("countersigned")
        p.request("/CN=www.example.org", "DNS:www.example.org,DNS:evil.example.org")
        ada.keys("R")
        ada.wait("all [0-9]+ stores done")
        choose(ada, "type:sign evil.example.org", "www.example.org")
        ada.keys("a")
        ada.wait("Passphrase")
        ada.keys("Down", "Down", PASSPHRASE, "Enter", "Enter")
        ada.wait("Names .*www.example.org")
        ada.wait("evil.example.org")
        ada.wait("Type the word approve|Read to the end")
        read_on(ada, "approve")
        ada.keys("approve", "Enter")
        ada.wait(ASKED)
        expect(p.issued() == [], "nothing is signed")
        expect(len(p.names(".ticket")) == 2, "a new ticket asks for the new one")


@journey("what has ended is neither countersigned nor used")
def ended():
    with Office() as p:
        ada = console(p, "ada")
        ask(ada)
        ada.wait(ASKED)
        [name] = p.names(".ticket")
        p.forge(name, since=1000000000, until=1000003600)
        ben = console(p, "ben")
        ben.keys("R")
        ben.wait("all [0-9]+ stores done")
        choose(ben, "type:countersign", TICKET)
        ben.keys("C")
        ben.wait("Not all of the chosen requests wait for you")
        expect(p.names(".answer") == [], "there is no answer")
        ask(ada)
        ada.wait(ASKED)
        expect(p.issued() == [], "nothing is signed")


journeys()
