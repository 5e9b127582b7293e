"""The console as a guest in a terminal: sizes, suspension, signals, terminal types, bytes."""
import os
import re
import shutil
import signal
import subprocess
import time

from fixture import estate, shop
from terminal import (KEYS, Skip, expect, journey, journeys, program, start, start_other)

SIZES = ("40x12", "80x24", "120x36", "250x70")


def opened(*arguments, wait="^5 shown of 5", **how):
    estate()
    t = start(*arguments, **how)
    t.wait(wait)
    return t


def leave(t, key="q"):
    t.keys(key)
    expect(t.ended() == 0, "exit status 0")


def is_given_back(t, modes):
    expect(t.modes() == modes, "the terminal's settings as they were")
    expect(not t.is_alternate(), "the ordinary screen")
    expect(not t.screen.cursor.hidden, "a cursor")
    expect(t.written.rfind(b"\x1b[?2004l") > t.written.rfind(b"\x1b[?2004h"), "pastes as usual")


@journey("any size follows any other, and what was chosen stays chosen")
def resize():
    t = opened(size="250x70")
    t.keys("j", "Enter").wait("^─ www.example.org")
    t.resize("80x24").wait_gone("^─ www").wait("^▸ ~  www.example.org").wait(r"EXPIRES▲ +LIFE")
    t.resize("40x12").wait("^▸ +~? *www.example.org").wait("^5 shown of 5")
    expect(all(len(line) <= 40 for line in t.lines()), "nothing beyond the edge")
    t.resize("30x8").wait("30x8 is too small")
    t.keys("Space", "X", "j", "k").resize("30x9").wait("30x9 is too small")
    t.resize("40x12").wait("^▸ +~? *www.example.org").wait_gone("marked")
    t.resize("120x36").wait("^─ www.example.org").wait("certty    1 Stores")
    t.resize("250x70").wait("SIGNED").wait("^─ www.example.org")
    t.resize("30x8").wait("too small")
    leave(t)


@journey("a hundred changes of size in a row end in the right picture")
def storm():
    t = opened()
    for n in range(100):
        t.resize("%dx%d" % (40 + n * 7 % 90, 12 + n * 5 % 40))
    t.resize("80x24").wait("^5 shown of 5").wait("^▸ !  old.example.org")
    t.keys("C-l", "G").wait("^▸ [ ~]  Example CA")
    leave(t)


@journey("Ctrl-Z gives the terminal back to the shell, fg returns to the same place")
def suspend():
    estate()
    t = start_other(["bash", "--norc", "--noprofile", "-i"], env={"PS1": "shell: "})
    t.wait("^shell:")
    before = t.modes()
    t.keys(program(), "Enter").wait("^5 shown of 5")
    t.keys("j", "C-z").wait("[Ss]topped")
    expect(not t.is_alternate(), "the ordinary screen")
    t.keys("echo 'still' here", "Enter").wait("^still here")
    t.keys("fg", "Enter").wait("^5 shown of 5").wait("^▸ ~  www.example.org")
    t.keys("k").wait("^▸ !  old.example.org").keys("q")
    t.until(lambda: not t.is_alternate(), "the shell again")
    # The shell turns its echo off with the next prompt, so that is what is waited for.
    t.keys("echo status $?", "Enter").wait("^status 0\nshell:$")
    expect(t.modes()[3] & 0o10 == before[3] & 0o10, "the shell's echo as it was")
    t.keys("exit", "Enter").ended()


def ended_by(number, status):
    t = opened()
    before = MODES[0] if MODES else None
    t.signal(number)
    expect(t.ended() == status, "ended with %d" % status)
    expect(not t.is_alternate(), "the ordinary screen")
    expect(not t.screen.cursor.hidden, "a cursor")
    expect(before is None or t.modes() == before, "the terminal's settings as they were")


MODES = []


def plain_modes():
    t = start_other(["sh", "-c", "echo on; read a"])
    t.wait("on")
    MODES[:] = [t.modes()]


@journey("SIGTERM and SIGHUP end it in order, the terminal given back")
def ended():
    plain_modes()
    for number in (signal.SIGTERM, signal.SIGHUP):
        ended_by(number, 0)


@journey("a crash gives the terminal back too: SEGV, ABRT, BUS, FPE, ILL, TRAP")
def crash():
    plain_modes()
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE,
                   signal.SIGILL, signal.SIGTRAP):
        ended_by(number, -number)


@journey("when the terminal goes away it ends")
def hangup():
    t = opened()
    os.close(t.fd)
    t.fd = os.open("/dev/null", os.O_RDWR)
    t.until_ended = True
    pidfd = os.pidfd_open(t.pid)
    import select
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    expect(poll.poll(10000), "an end")
    os.close(pidfd)
    t.status = os.waitstatus_to_exitcode(os.waitpid(t.pid, 0)[1])
    expect(t.status == 0, "exit status 0, not %d" % t.status)


@journey("a terminal type that nobody knows falls back, with one notice")
def unknown():
    t = opened(term="xterm-ghostty", wait="is not known on this machine")
    t.wait("TERM xterm-ghostty .* xterm-256color").wait("^▸ !  old.example.org")
    t.keys("j").wait_gone("not known").wait("^▸ ~  www.example.org")
    leave(t)


@journey("TERM=dumb, none, and no terminal at all: one sentence, or the list as text")
def dumb():
    estate()
    for term in ("dumb", "unknown", ""):
        t = start(env={"TERM": term})
        expect(t.ended() == 2, "exit status 2")
        expect(len(t.text().split()) > 10 and "TERM" in t.text(), "a sentence about TERM")
        expect(b"\x1b" not in t.written, "and nothing drawn")
    t = start(env={"TERM": None})
    expect(t.ended() == 2, "exit status 2")
    t.sees("TERM is not set") or expect(False, "TERM is not set")
    out = subprocess.run([program()], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                         timeout=30, check=True).stdout.decode()
    expect("www.example.org" in out and "\x1b" not in out, "the list as plain text")


def colours(written):
    """The numbers of all SGR sequences that set a colour."""
    found = []
    for numbers in re.findall(rb"\x1b\[([0-9;:]*)m", written):
        for n in re.split(rb"[;:]", numbers):
            if n and (30 <= int(n) <= 49 or 90 <= int(n) <= 107):
                found.append(int(n))
    return found


def walk(t):
    """Through every part of the screen."""
    for key, seen in (("1", "STORE"), ("3", "WAITS|Nothing"), ("4", "WHAT|Nothing"),
                      ("5", "DOMAIN|No domain"), ("6", "TYPE|No service"), ("7", "JOB"), ("?", "All lists"),
                      ("q", "JOB"), ("2", "EXPIRES"), ("s", "Sort by")):
        t.keys(key).wait(seen)
    t.keys("q").wait_gone("Sort by")
    t.keys("Space", "Enter").wait("CN *=")
    t.keys("q").wait("EXPIRES|^─")


@journey("NO_COLOR and --no-color: not one byte of colour, and the states are still told apart")
def no_colour():
    for how in ({"env": {"NO_COLOR": "1"}}, {}):
        t = opened(*([] if how else ["--no-color"]), **how)
        walk(t)
        leave(t, "F10")
        expect(not colours(t.written), "no colour")
        expect(b"4 d ago" in t.written or b"3 d ago" in t.written, "words for the states")
    t = opened()
    leave(t)
    expect(colours(t.written), "colour, when nothing forbids it")


@journey("--ascii: no byte above 0x7f is drawn")
def ascii_only():
    shop().cert("köttbullar", subject="/CN=Köttbullar AB", san="DNS:kott.example.org")
    estate()
    shutil.copy(shop().path("köttbullar.pem"), os.path.join(os.environ["HOME"], "web"))
    t = start("--ascii", size="120x36")
    t.wait("^6 shown of 6 - data")
    walk(t)
    leave(t, "F10")
    expect(max(t.written) < 0x80, "ASCII alone")


@journey("a pasted PEM is text in a line of text and nothing anywhere else, never keys")
def paste():
    t = opened()
    with open(shop().path("ca.pem"), encoding="ascii") as f:
        pem = f.read()
    t.paste(pem + "q\nD\nX\n:quit\n\x03")
    t.keys("j").wait("^▸ ~  www.example.org").wait("^5 shown of 5")
    t.keys("/").paste("api.\nexample").wait("^/api.*example")
    t.keys("C-u").paste("mail.example").wait(" 1 match")
    t.keys("Esc").wait("^5 shown of 5")
    leave(t)


@journey("two hundred keys in one write are one picture, not two hundred")
def key_storm():
    t = opened()
    t.type(b"j")
    t.wait("^▸ ~  www.example.org")
    before = len(t.written)
    t.type((KEYS["Down"] * 100 + KEYS["Up"] * 100 + "G").encode())
    t.wait("^▸ [ ~]  Example CA")
    expect(len(t.written) - before < 2000, "%d bytes for it" % (len(t.written) - before))
    leave(t)


@journey("while nothing happens nothing is written")
def idle():
    t = opened()
    t.keys("j").wait("^▸ ~  www.example.org")
    while not t.quiet(3.0):     # what is kept after a change is kept by then
        t.read()
    used = cpu(t.pid)
    expect(t.quiet(1.0), "no byte")
    expect(cpu(t.pid) == used, "and no work")
    leave(t)


def cpu(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def is_known(term):
    return subprocess.run(["infocmp", term], stdout=subprocess.DEVNULL, check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def matrix(term):
    if not is_known(term):
        raise Skip("this machine does not know " + term)
    estate()
    for size in SIZES:
        t = start(size=size, term=term, env={"NO_COLOR": None})
        columns, rows = (int(n) for n in size.split("x"))
        t.wait("^5 shown of 5").wait("^.[ ●] *!? *old.example.org|old.example.org")
        for key, seen in (("1", "STORE"), ("6", "TYPE|No service"), ("7", "JOB"), ("2", "NAME")):
            t.keys(key).wait(seen)
        t.keys("G").until(lambda t=t: "Example CA" in t.line_at_cursor(), "the last row")
        t.keys("Enter").wait("^ *Where ")
        t.keys("F10")
        expect(t.ended() == 0, "exit status 0 at " + size)
        within(t.written, columns, rows, term)


def within(written, columns, rows, term):
    """No sequence places anything beyond the window, and only known ones are used."""
    for y, x in re.findall(rb"\x1b\[(\d+);(\d+)H", written):
        expect(int(y) <= rows and int(x) <= columns, "nothing beyond the window")
    if term in ("vt100", "linux"):
        expect(not re.search(rb"\x1b\[[0-9;]*38;5", written), "no colours that it lacks")


for name in ("xterm-256color", "screen-256color", "tmux-256color", "linux", "vt100"):
    journey("on %s at %s" % (name, " ".join(SIZES)))(lambda name=name: matrix(name))


@journey("it is there at once and away at once")
def quick():
    t = opened()
    began = time.monotonic()
    leave(t)
    expect(time.monotonic() - began < 2, "a quick end")


journeys()
