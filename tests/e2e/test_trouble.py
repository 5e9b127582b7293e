"""What goes wrong outside: hostile names, stores that fail, servers that lie, work cut short."""
import os
import re
import subprocess

from fixture import (closed_port, configure, estate, folder, garbage, hang, home, server, shop,
                     tls)
from terminal import expect, journey, journeys, program, start

HOSTILE = {
    "escape": "a\x1b[31mred\x1b]0;owned\x07.example",
    "c1": "b\u009b31mred\u0090q.example",
    "bidi": "c\u202eelpmaxe\u2066.\u200f\u061cmoc",
    "invisible": "d\u200bzero\ufeffwidth.example",
    "lines": "e\rnew\nline\x0b\x0c\x08back",
    "wide": "f漢字かなカナ한글🔒é́́́.example",
    "clipboard": "g\x1b]52;c;b3duZWQ=\x07.example",
}


def sequences_of(written):
    """Every escape sequence in what was written, and the text between them."""
    pattern = (rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Za-z0-9]"
               rb"|\x1b[=>78HMDEc]")
    return re.findall(pattern, written), re.sub(pattern, b"", written)


def audit(written):
    """No byte of anybody else: no control character but our own, no invisible sign."""
    sequences, text = sequences_of(written)
    known = set(b"ABCDEGHJKLMPSTXbcdfhlmrst@nqu")
    for s in sequences:
        if s.startswith(b"\x1b["):
            expect(s[-1] in known, "only known sequences, not %r" % s)
        if s.startswith(b"\x1b]"):
            expect(s in (b"\x1b]2;certty\x07", b"\x1b]2;certty\x1b\\"), "no command %r" % s)
    expect(b"\x1b" not in text, "no piece of a sequence")
    text = text.decode()        # and it is UTF-8
    for c in text:
        expect(c in "\r\n\b\t\x0e\x0f\x07" or ord(c) >= 0x20, "no control character %r" % c)
        expect(not 0x7f <= ord(c) <= 0x9f, "no C1 character")
        expect(c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
               "\u200b\ufeff", "no character %r" % c)


@journey("names made to deceive are shown harmlessly, in lists, details and raw forms")
def hostile_names():
    s = shop()
    files = []
    for name, text in HOSTILE.items():
        files.append(s.cert(name, subject="/O=%s/CN=%s" % (text, text), san="DNS:x.example"))
    place = folder("bad\x1b[7mname", *files)
    os.rename(os.path.join(place, "escape.pem"), os.path.join(place, "es\x1b[2Jcape\u202e.pem"))
    configure(local_folders=home())
    t = start(size="120x36")
    t.wait("^7 shown of 7")
    for _ in HOSTILE:
        t.keys("Enter").wait("^─ ").keys("v").wait("· PEM").keys("v").wait("· text")
        t.keys("v").wait("· JSON").keys("Esc").wait_gone("· JSON").keys("j")
    for tab, seen in (("1", "STORE"), ("5", "DOMAIN|No domain"), ("7", "JOB"), ("2", "NAME")):
        t.keys(tab).wait(seen)
    t.keys("/", "owned").wait("[0-9] match").keys("Esc").wait("7 shown of 7")
    t.keys("F10")
    expect(t.ended() == 0, "exit status 0")
    expect(b"owned" in t.written or b"red" in t.written, "the names were seen")
    audit(t.written)


@journey("the same on the command line")
def hostile_output():
    s = shop()
    folder("bad", *[s.cert(n, subject="/O=%s/CN=%s" % (x, x), san="DNS:x.example")
                    for n, x in HOSTILE.items()])
    configure(local_folders=os.path.join(home(), "bad"))
    for form in ("text", "json", "csv", "tsv"):
        out = subprocess.run([program(), "ls", "certs", "-o", form], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=30,
                             check=True).stdout
        expect(b"x.example" in out, "the rows")
        audit(out)


@journey("stores that cannot be read say why, the rest goes on")
def broken_files():
    web, mail = estate()
    bad = folder("broken")
    for name, data in (("empty.pem", b""), ("cut.pem", open(shop().path("ca.pem"), "rb").read()[:200]),
                       ("noise.der", bytes(range(256)) * 8),
                       ("nul.pem", b"-----BEGIN CERTIFICATE-----\n\0\0\n-----END CERTIFICATE-----\n")):
        with open(os.path.join(bad, name), "wb") as f:
            f.write(data)
    os.mkfifo(os.path.join(bad, "pipe.pem"))
    os.symlink("nowhere", os.path.join(bad, "dangling.pem"))
    os.symlink(".", os.path.join(bad, "loop"))
    locked = shop().pkcs12("locked", "secret")
    configure(local_folders="; ".join((web, mail, bad, "/dev/null/none")),
              local_files="; ".join((locked, os.path.join(home(), "gone.p12"))))
    t = start(size="250x40")
    t.wait("^[56] shown of [56] · data as of")
    t.keys("1").wait("broken +(read|partly)").wait("pipe.pem: a FIFO is not").wait("locked.p12")
    t.wait("(?i)passphrase").wait("gone.p12 +(failed|not here)")
    t.keys("2").wait("www.example.org").keys("F10")
    expect(t.ended() == 0, "exit status 0")
    audit(t.written)


@journey("servers that refuse, hang or talk nonsense get a sentence each; keys answer all the while")
def broken_servers():
    web, mail = estate()
    shop().cert("live.example.org")
    with server(hang) as hung, server(garbage) as talking, server(tls("live.example.org")) as good:
        refusing = closed_port()
        configure(local_folders="%s; %s" % (web, mail), refresh_timeout="3",
                  local_endpoints="; ".join("127.0.0.1:%d" % p
                                            for p in (hung, talking, good, refusing)))
        t = start(size="250x40")
        t.wait("^6 shown of 6").wait("live.example.org")
        t.keys("1").wait("127.0.0.1:%d +being read" % hung)
        for _ in range(3):
            t.keys("j").wait("^▸").keys("k")
        t.keys("2").wait("EXPIRES").keys("1").wait("STORE")
        t.wait("127.0.0.1:%d +failed .*(?i:refused)" % refusing)
        t.wait("127.0.0.1:%d +failed" % talking)
        t.wait("127.0.0.1:%d +failed .*" % hung)
        t.wait("127.0.0.1:%d +read " % good).wait("3 stores failed")
        t.keys("F10")
        expect(t.ended() == 0, "exit status 0")
        audit(t.written)


@journey("long work is stopped from the Jobs tab, and by leaving, without waiting for it")
def cancelled():
    estate()
    with server(hang) as port:
        configure(local_endpoints="127.0.0.1:%d" % port, refresh_timeout="600")
        t = start(size="120x30")
        t.wait("reading 1 store")
        t.keys("7").wait("refresh .*running")
        t.keys("X").wait("(?i)cancelled|stopped")
        t.keys("R").wait("refresh .*running|reading 1 store")
        t.keys("q").wait("1 job is not over. Quit and stop it")
        t.keys("Esc").wait_gone("Quit and stop")
        t.keys("C-c").wait("Ctrl-C once more leaves certty").keys("C-c")
        expect(t.ended() == 0, "exit status 0, and at once")


@journey("Ctrl-C stops what was asked for last, and only twice in a row leaves")
def stopped():
    estate()
    with server(hang) as port:
        configure(local_endpoints="127.0.0.1:%d" % port, refresh_timeout="600")
        t = start(size="120x30")
        t.wait("reading 1 store").keys("7").wait("refresh .*running").keys("R").wait("7 Jobs 2")
        t.keys("C-c").wait("refresh .*cancelled")
        t.keys("k", "C-c").wait("once more leaves").keys("C-c")
        expect(t.ended() == 0, "two in a row leave")


@journey("a command that waits is ended by Ctrl-C, with status 130")
def interrupted():
    with server(hang) as port:
        configure(local_endpoints="127.0.0.1:%d" % port, refresh_timeout="600")
        t = start("refresh")
        connected = lambda: t.sees("reading|refresh|127.0.0.1") or established(port)
        t.until(lambda: t.quiet(0.05) and connected(), "the connection")
        t.keys("C-c")
        expect(t.ended() == 130, "exit status 130, not %s" % t.status)


def established(port):
    with open("/proc/net/tcp", encoding="ascii") as f:
        return any(line.split()[2].endswith(":%04X" % port) and line.split()[3] == "01"
                   for line in f.readlines()[1:])


journeys()
