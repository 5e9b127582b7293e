"""The console as a person uses it who looks at certificates: rows, filter, marks, details."""
import base64
import re

from fixture import configure, estate, folder, shop
from terminal import expect, journey, journeys, start


def opened(size="80x24", tab=None, **settings):
    """The console on the usual five certificates, all read."""
    estate(**settings)
    t = start(size=size)
    t.wait("^5 shown of 5 · data as of")
    if tab:
        t.keys(tab).wait("^3 shown of 3 ·")
    return t


def leave(t, key="q"):
    t.keys(key)
    expect(t.ended() == 0, "exit status 0")
    expect(not t.is_alternate(), "the ordinary screen again")


def names(t):
    """The names in the list, top to bottom."""
    return re.findall(r"^.{5}(\S+\.example\.org|Example CA)\b", t.text(), re.M)


@journey("the first start, with the machine's own places: rows, a hint what to do, and away")
def first_start():
    t = start()
    before = t.modes()
    t.wait("1 Stores [1-9]")
    t.wait(r"A adds an account, f looks for more stores, \? helps\.|shown of \d+ · data as of")
    t.keys("1").wait("own repository +read")
    leave(t)
    expect(t.modes() == before, "the terminal's settings as they were")
    expect(not t.screen.cursor.hidden, "the cursor is there again")


@journey("with nothing configured every tab says what it will show and what to do")
def empty():
    configure()
    t = start()
    for key, words in (("2", "No certificate is known yet"), ("3", "Nothing waits for anybody"),
                       ("4", "Nothing was discovered yet"), ("5", "[Nn]o (domain|name)")):
        t.keys(key).wait(words)
    leave(t)


@journey("a filter takes effect with every key, says what is wrong with it, and goes with Esc")
def filters():
    t = opened()
    t.keys("/", "api").wait("^/api +1 match")
    expect(names(t) == ["api.example.org"], "one row")
    t.keys("C-u", "exp<30d").wait("^/exp<30d +2 match")
    t.keys("ay").wait("^/exp<30day .*exp|^/exp<30day .*(not|no) ")
    expect(len(names(t)) == 2, "the last good rows stay")
    t.keys("C-u", "nosuch:x").wait('^/nosuch:x .*there is no key "nosuch"')
    t.keys("C-u", "san:m.example").wait(" 1 match")
    t.keys("Enter").wait("^/san:m.example · 1 shown of 5")
    t.keys("/", "C-u", "!issuer:zzz key:ec").wait(" 5 match")
    t.keys("C-u", "nothing-like-it", "Enter").wait("No row of Certificates matches this filter")
    t.keys("Esc").wait("^5 shown of 5")
    t.keys("/", "state:").wait("^/state:")
    t.keys("Tab").wait(r"^/state:\w+")
    t.keys("Esc").wait("^5 shown of 5")
    leave(t)


@journey("the list is sorted by any column, turned round, and keeps the order at the next start")
def sort():
    t = opened()
    expect(names(t)[0] == "old.example.org", "what ends first comes first")
    t.keys("s").wait("Sort by")
    t.keys("1").wait("NAME▲")
    expect(names(t)[:2] == ["api.example.org", "Example CA"], "by name")
    t.keys("I").wait("NAME▼")
    expect(names(t)[0] == "www.example.org", "the other way round")
    t.keys(">").wait("EXPIRES▲")
    t.keys("<").wait("NAME▲")
    t.keys("I").wait("NAME▼")
    leave(t)
    t = start()
    t.wait("NAME▼")
    t.wait("^5 shown of 5")
    leave(t)


@journey("marks, ranges, the inverse, and labels and a container for all that are marked")
def marks():
    t = opened(tab="1")
    t.keys("V", "j").wait("range of 2")
    t.keys("V").wait("2 marked")
    t.keys("*").wait("1 marked").keys("*").wait("2 marked")
    t.keys("L").wait("label 2 stores")
    t.keys("prod", "Down", "blue, green", "Down", "Down", "Enter").agree().wait("(?i)label.*done|2 stores")
    t.wait("^3 shown of 3|done")
    t.keys("/", "in:prod").wait(" 2 match")
    t.keys("C-u", "label:blue !in:test").wait(" 2 match").keys("Enter")
    t.keys("2", "/", "in:prod").wait(" 5 match")
    t.keys("C-u", "!in:prod").wait(" 0 match").keys("Esc").wait("^5 shown of 5")
    t.keys("Space", "Space").wait("2 marked").keys("u").wait_gone("marked")
    leave(t)


@journey("details beside the list follow the cursor; d shows them alone; Esc goes back")
def details():
    t = opened(size="120x36")
    t.keys("Enter").wait("^─ old.example.org")
    t.keys("j").wait("^─ www.example.org")
    t.wait("m.example.org").wait("(?i)subject +CN=www.example.org")
    t.keys("d").wait_gone("EXPIRES")
    t.wait("(?i)sha-256 +[0-9a-f]{64}").wait("(?i)chain +.*system's trust store")
    t.keys("Esc").wait("EXPIRES").keys("Esc").wait_gone("^─ www")
    leave(t)


@journey("in a small window details have the screen, and so they have when it is configured")
def details_alone():
    t = opened()
    t.keys("Enter").wait("(?i)subject +CN=old.example.org")
    expect(not t.sees("EXPIRES"), "no list beside them")
    leave(t, "F10")
    t = opened(size="120x36", screen_details="full")
    t.keys("Enter").wait("(?i)subject +CN=old.example.org")
    expect(not t.sees("EXPIRES"), "no list beside them")
    leave(t, "F10")


@journey("the raw forms: PEM, text, JSON")
def raw():
    t = opened()
    t.keys("v").wait("· PEM").wait("^-----BEGIN CERTIFICATE-----")
    t.keys("v").wait("· text").wait("Issuer: CN *= *Example CA")
    t.keys("v").wait("· JSON").wait('"sha256": "[0-9a-f]{64}"')
    t.keys("End").wait("^}").keys("Home").wait("· JSON")
    t.keys("Esc").wait("^5 shown of 5")
    leave(t)


@journey("from a store to its certificates and back, with the way there in the status line")
def breadcrumbs():
    t = opened(size="120x36", tab="1")
    t.keys("G", "k", "Enter").wait("^Stores › .*web · 3 shown of 5")
    expect("mail.example.org" not in names(t), "only what is in it")
    t.keys("j", "Enter").wait("^─ www.example.org").keys("Esc").wait_gone("^─ www")
    t.keys("Esc").wait("^3 shown of 3")
    expect(t.line_at_cursor().startswith("▸"), "the cursor stands on the store again")
    t.keys("5").wait("2 Cert(ificate)?s 5").wait("example.org")
    t.keys("Enter").wait("^Domains › .* shown of 5").keys("Esc").wait_gone("Domains ›")
    leave(t)


@journey("help says what the keys do here")
def helps():
    t = opened()
    t.keys("?").wait("^Certificates$").wait("Put a certificate with its key")
    t.keys("G").wait("^The filter").wait("before any of these: not").keys("q").wait("^5 shown of 5")
    t.keys("7", "F1").wait("^Jobs$").wait("Stop a job").keys("Esc").wait("shown of")
    leave(t)


@journey("the palette completes names, refuses what is none, and does it")
def palette():
    t = opened()
    t.keys(":", "sto").wait("^▸ stores")
    t.keys("C-u", "lab").wait("^▸ label +L").keys("Esc").wait("^5 shown of 5")
    t.keys(":", "mark-inv", "Enter").wait("5 marked")
    t.keys(":").wait("^:").keys("Up").wait("^:mark-inv").keys("Esc").wait("5 marked")
    t.keys(":", "help", "Enter").wait("^Certificates$").keys("Esc").wait("5 marked")
    t.keys(":", "no such thing", "Enter").wait("(?i)no such|nothing|not")
    t.keys("Esc").wait("marked")
    leave(t, "F10")


def copied(t, after):
    """What the terminal was told to put into the clipboard since then."""
    found = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)(?:\x1b\\|\x07)", t.written[after:])
    return [base64.b64decode(b) for b in found]


@journey("copying sends exactly the name, the id or the PEM to the terminal's clipboard")
def copies():
    t = opened()
    t.keys("j")
    with open(shop().cert("www.example.org", days=20, age=70,
                          san="DNS:www.example.org,DNS:m.example.org"), "rb") as f:
        pem = f.read()
    for key, wanted in (("n", b"www.example.org"), ("p", pem)):
        t.keys("y").wait("Copy to your clipboard")
        if key == "p":
            t.wait("PEM +the certificate")
        after = len(t.written)
        t.keys(key).wait("copied [0-9]+ bytes via OSC 52")
        found = copied(t, after)
        expect(len(found) == 1 and found[0].strip() == wanted.strip(),
               "%r copied, not %r" % (wanted, found))
    leave(t)
    t = opened(screen_clipboard="false")
    after = len(t.written)
    t.keys("y", "n").wait("copying is switched off")
    expect(not copied(t, after), "nothing is sent")
    leave(t)


@journey("one certificate in two places is one row that says so")
def twice():
    estate()
    folder("web", shop().cert("mail.example.org", days=60))
    t = start(size="120x36")
    t.wait("^5 shown of 5")
    t.keys("/", "mail.ex", "Enter").wait("^/mail.ex · 1 shown").keys("Enter").wait("^─ mail")
    t.keys("d").wait("Where +.*/(web|mail)")
    t.wait("/web  .*as of").wait("/mail  .*as of")
    leave(t, "F10")


journeys()
