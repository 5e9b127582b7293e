"""Passphrases in the real program: in the keyring of a real desktop, and without one.

Every passphrase here is a canary.  After each journey all that the program wrote, to files, to
the terminal, to standard output and error, is searched for them.
"""
import glob
import os
import subprocess

from desktop import Desktop
from terminal import expect, journey, journeys, program, start

FIRST = "canary-of-the-store-4711"
SECOND = "canary-of-the-export-4712"
WRONG = "canary-that-is-wrong-4713"
MASTER = "canary-of-the-keyring-4714"
CA = "canary-of-the-ca-4715"
CANARIES = (FIRST, SECOND, WRONG, MASTER, CA)


def home(*parts):
    return os.path.join(os.environ["HOME"], *parts)


# --- the program -----------------------------------------------------------------------------
SAID = []


def run(*arguments, status, says="", typed=None, fd=None):
    """Runs one command, with a secret on standard input or on a descriptor."""
    argv = [program(), *arguments, "--log-file", home("log"), "--log-level", "debug"]
    passed = ()
    if fd is not None:
        reading, writing = os.pipe()
        os.write(writing, fd.encode())
        os.close(writing)
        argv.append("--passphrase-fd=%d" % reading)
        passed = (reading,)
    result = subprocess.run(argv, input=(typed or "").encode(), pass_fds=passed, check=False,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    for reading in passed:
        os.close(reading)
    said = result.stdout.decode()
    SAID.append(result.stdout)
    expect(result.returncode == status and says in said,
           "%s: status %d and '%s', not %d and:\n%s" % (" ".join(arguments), status, says,
                                                      result.returncode, said))
    return said


def first_id(*arguments):
    said = run(*arguments, "--offline", "-o", "tsv", status=0)
    return said.split("\n")[1].split("\t")[0]


def openssl(*arguments, secret=None):
    subprocess.run(["openssl", *arguments], input=(secret or "").encode(), check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_keystore(path):
    """Anew each time, so that the program has to read it again."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", home("key.pem"), "-out", home("cert.pem"), "-days", "30",
            "-subj", "/CN=canary.example")
    openssl("pkcs12", "-export", "-inkey", home("key.pem"), "-in", home("cert.pem"),
            "-out", path, "-passout", "stdin", secret=FIRST)
    os.unlink(home("key.pem"))
    os.unlink(home("cert.pem"))


def keystore():
    path = home("canary.p12")
    make_keystore(path)
    os.environ["CERTTY_LOCAL_FOLDERS"] = ""
    os.environ["CERTTY_LOCAL_FILES"] = path
    return path, "local/keystore:" + path


def ca_folder():
    """A CA with an encrypted key, and a request that waits."""
    folder = home("ca")
    os.makedirs(os.path.join(folder, "pending"))
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-keyout", os.path.join(folder, "ca.key"), "-out", os.path.join(folder, "ca.crt"),
            "-days", "3000", "-subj", "/CN=Canary CA", "-passout", "stdin", secret=CA)
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", home("other.pem"), "-subj", "/CN=wanted.example",
            "-addext", "subjectAltName=DNS:wanted.example",
            "-out", os.path.join(folder, "pending", "wanted.csr"))
    os.environ["CERTTY_LOCAL_CA_FOLDER"] = folder
    return "local/ca:" + folder


def search(terminals=()):
    """No canary is in anything that was written."""
    files = [f for f in glob.glob(home("**"), recursive=True, include_hidden=True)
             if os.path.isfile(f)]
    expect(any(f.endswith("certty.db") for f in files), "a saved state")
    expect(home("log") in files, "a log")
    places = [("what was said", b"\n".join(SAID))]
    places += [("the terminal", t.written) for t in terminals]
    for path in files:
        with open(path, "rb") as f:
            places.append((path, f.read()))
    for where, data in places:
        for canary in CANARIES:
            for form in (canary.encode(), canary.encode("utf-16-be"), canary[:16].encode()):
                expect(form not in data, "%s holds %s" % (where, canary))


# --- journeys --------------------------------------------------------------------------------
@journey("a passphrase is kept in the keyring, found by the next process, and nowhere else")
def kept():
    path, store = keystore()
    with Desktop() as desktop:
        run("refresh", store, status=4, says="needs its passphrase")
        run("passphrase", store, status=3, typed=FIRST, says="has no keyring yet")
        run("unlock", status=0, typed=MASTER + "\n", says="secrets are kept in the keyring")
        run("passphrase", store, status=0, typed=FIRST + "\n", says="is kept in the keyring")
        run("refresh", store, status=0, says="1 certificates and 1 keys")
        desktop.restart()
        make_keystore(path)
        run("refresh", store, status=4, says="The keyring is locked: unlock it")
        run("unlock", status=4, fd=WRONG, says="does not open the keyring")
        run("unlock", status=0, fd=MASTER, says="secrets are kept in the keyring")
        run("refresh", store, status=0, says="1 certificates and 1 keys")
        run("passphrase", store, status=0, fd=WRONG, says="is kept in the keyring")
        make_keystore(path)
        run("refresh", store, status=4, says="the passphrase does not open")
        run("passphrase", store, "--forget", status=0, says="is forgotten")
        run("refresh", store, status=4, says="needs its passphrase")
        run("audit", "verify", status=0)
        run("audit", "list", status=0, says="passphrase")
    search()


@journey("a store that is dropped takes its passphrase along, unless the keyring is locked")
def dropped():
    path, _ = keystore()
    os.environ["CERTTY_LOCAL_FILES"] = ""
    store = "local/keystore:" + path
    with Desktop() as desktop:
        run("unlock", status=0, fd=MASTER)
        run("store-add", "--address", path, status=0)
        run("passphrase", store, status=0, fd=FIRST)
        expect(desktop.items() == 1, "one is kept")
        run("store-drop", store, "--yes", status=0, says="no longer looked at")
        expect(desktop.items() == 0, "none is left")
        run("store-add", "--address", path, status=0)
        run("passphrase", store, status=0, fd=FIRST)
        desktop.restart()
        run("store-drop", store, "--yes", status=3, says="is still kept. ")
    search()


@journey("keys of the own repository and of the CA are opened by what the keyring keeps")
def own():
    path, _ = keystore()
    os.environ["CERTTY_LOCAL_FILES"] = ""
    ca = ca_folder()
    repository = "local/repository:" + home(".local", "share", "certty", "store")
    out = home("out.p12")
    with Desktop():
        run("unlock", status=0, fd=MASTER)
        run("add", repository, "--file", path, status=4, fd=FIRST + "x", says="does not open")
        run("passphrase", repository, status=0, fd=SECOND, says="is kept in the keyring")
        run("add", repository, "--file", path, status=0, fd=FIRST, says="its key, encrypted")
        run("refresh", repository, status=0)
        [key] = glob.glob(home(".local", "share", "certty", "store", "*", "2*", "key.pem"))
        openssl("pkey", "-in", key, "-passin", "stdin", secret=SECOND)
        cert = first_id("ls", "certs", "--filter", "canary.example")
        run("export", cert, "--with-key", "--format=pkcs12", "--file", out,
            status=0, fd=WRONG)
        openssl("pkcs12", "-in", out, "-nodes", "-passin", "stdin", secret=WRONG)
        run("refresh", ca, status=0)
        run("passphrase", ca, status=0, fd=CA, says="is kept in the keyring")
        run("approve", first_id("ls", "requests"), "--yes", status=0, says="wanted.example")
    os.unlink(home("other.pem"))
    search()


@journey("a keyring that locks while the console is open: the screen says so, and unlocks it")
def screen():
    path, store = keystore()
    with Desktop() as desktop:
        run("unlock", status=0, typed=MASTER)
        run("passphrase", store, status=0, typed=FIRST)
        run("refresh", store, status=0)
        desktop.restart()
        make_keystore(path)
        t = start(size="120x40", env={"CERTTY_REFRESH_INTERVAL": "0"})
        t.wait("canary.example")
        t.keys("R")
        t.wait("keyring is locked")
        t.keys(":", "unlock", "Enter")
        t.wait("Passphrase")
        t.keys(MASTER, "Enter")
        t.keys("Enter", "Enter")
        t.wait("secrets are kept in the keyring")
        t.keys("R")
        t.wait("refresh: done|all [0-9]+ stores done")
        t.keys("q")
        expect(t.ended() == 0, "it ends well")
        search([t])


@journey("without a session bus a passphrase lasts until the end, and nobody else sees it")
def no_bus():
    path, store = keystore()
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    run("passphrase", store, status=3, typed=FIRST, says="There is no session bus")
    run("passphrase", store, status=4, typed="", says="a passphrase is needed")
    make_keystore(path)
    run("refresh", store, status=4, says="needs its passphrase")
    t = start(size="120x40", env={"CERTTY_REFRESH_INTERVAL": "0"})
    t.wait("1 Stores 2")
    t.keys("1")
    t.wait("▸ .*failed +[01]")
    t.keys("P")
    t.wait("Passphrase")
    t.keys(FIRST, "Enter")
    t.keys("Enter", "Enter")
    t.wait("kept until certty ends")
    t.keys("q")
    expect(t.ended() == 0, "it ends well")
    search([t])


journeys()
