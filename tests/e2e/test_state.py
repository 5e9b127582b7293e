"""What is kept: the first picture at the next start, several consoles at once, a sudden end."""
import json
import os
import signal
import subprocess

from fixture import configure, estate, folder, home, server, shop, tls
from terminal import expect, journey, journeys, program, start

STATE = ".local/state/certty"


def certty(*args, status=0):
    done = subprocess.run([program(), *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, timeout=30, check=False)
    expect(done.returncode == status, "%s: status %d, %s" % (args, done.returncode, done.stdout))
    return done.stdout.decode()


def opened(*arguments, wait="^5 shown of 5 · data as of", **how):
    t = start(*arguments, **how)
    t.wait(wait).wait_gone("loading the saved state")
    return t


def leave(t):
    t.keys("F10")
    expect(t.ended() == 0, "exit status 0")


@journey("the second start shows the saved rows in its first picture")
def first_page():
    estate()
    leave(opened())
    t = start()
    t.until(lambda: len(t.lines()[0]) > 0 and t.sees("open"), "a first picture")
    expect(t.sees("old.example.org") and t.sees("2 Cert(ificate)?s 5"), "with the saved rows in it")
    t.wait("^5 shown of 5 · data as of")
    leave(t)


@journey("the state is private: folder 0700, files 0600")
def private():
    estate()
    leave(opened())
    top = os.path.join(home(), STATE)
    expect(os.stat(top).st_mode & 0o777 == 0o700, "the folder")
    for f in os.listdir(top):
        expect(os.stat(os.path.join(top, f)).st_mode & 0o777 == 0o600, f)


@journey("--offline shows the saved state with its age and asks nobody")
def offline():
    asked = []
    live = tls("live.example.org")

    def counted(connection):
        asked.append(1)
        live(connection)

    with server(counted) as port:
        web, mail = estate()
        configure(local_folders="%s; %s" % (web, mail), local_endpoints="127.0.0.1:%d" % port)
        leave(opened(wait="^6 shown of 6 · data as of"))
        before = len(asked)
        expect(before > 0, "asked while online")
        t = opened("--offline", wait="^6 shown of 6 · data as of .* · offline: nobody is asked")
        t.keys("R").wait("(?i)offline").keys("1").wait("STORE")
        t.keys("F5").wait("(?i)offline")
        leave(t)
        expect("live.example.org" in certty("ls", "certs", "--offline"), "on the command line")
        expect(len(asked) == before, "nobody was asked")


@journey("four consoles at once on one state: what one changes, all show")
def four():
    web, _ = estate()
    leave(opened())
    all_four = [opened(size="120x30") for _ in range(4)]
    for t in all_four:
        t.keys("1").wait("^3 shown of 3")
    one = all_four[0]
    one.keys("V", "G", "V", "L").wait("label 3 stores")
    one.keys("together", "Down", "Down", "Down", "Enter").agree().wait_gone("Y/n")
    for t in all_four:
        t.wait("(?s)together.*together.*together")
    folder("web", shop().cert("added.example.org"))
    all_four[1].keys("R")
    for t in all_four:
        t.wait("2 Cert(ificate)?s 6")
        t.keys("2").wait("added.example.org")
    expect(len(os.listdir(web)) == 5, "the files are as they were")
    certty("refresh")
    for t in all_four:
        leave(t)
    certty("audit", "verify")


@journey("killed in the middle of work: the next start shows all, and the journal holds")
def killed():
    estate()
    for n in range(5):
        t = opened(size="120x30")
        t.keys("1").wait("^3 shown of 3").keys("L").wait("label .*")
        t.keys("box%d" % n, "Down", "Down", "Down", "Enter").agree()
        if n % 2:
            t.wait_gone("Y/n").wait(" box%d" % n)
        t.keys("R")
        t.signal(signal.SIGKILL)
        expect(t.ended() == -signal.SIGKILL, "killed")
    t = opened(size="120x30")
    t.keys("1").wait(r" box[34]\b")
    leave(t)
    expect("5" in str(len(json.loads(certty("ls", "certs", "-o", "json", "--offline"))["rows"])),
           "all rows")
    certty("audit", "verify")


@journey("a state that is damaged is said, and nothing is lost that can be had")
def damaged():
    estate()
    leave(opened())
    with open(os.path.join(home(), STATE, "certty.db"), "r+b") as f:
        f.write(b"this is no database" * 100)
    for f in ("certty.db-wal", "certty.db-shm"):
        path = os.path.join(home(), STATE, f)
        if os.path.exists(path):
            os.unlink(path)
    t = start()
    t.wait("^5 shown of 5 .*The saved state was damaged")
    leave(t)


@journey("a store that fails keeps its last known rows, and says so")
def kept_rows():
    web, mail = estate()
    with server(tls("live.example.org")) as live:
        configure(local_folders="%s; %s" % (web, mail), local_endpoints="127.0.0.1:%d" % live)
        leave(opened(wait="^6 shown of 6 · data as of"))
    t = opened(wait="^6 shown of 6 · data as of")
    t.keys("R").wait("1 of 4 failed: .*refused").wait("live.example.org")
    t.keys("k").wait("127.0.0.1:[0-9]+ failed")
    leave(t)


journeys()
