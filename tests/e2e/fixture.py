"""What the journeys find on their machine: certificates, folders, a configuration, servers.

Certificates are made with the openssl tool, once in a run, in a folder of their own; a journey
copies what it wants below its home.  Its configuration names these folders alone, so nothing
depends on what the machine itself holds.
"""
import atexit
import contextlib
import functools
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

DAY = 86400


# --- certificates ----------------------------------------------------------------------------
class Shop:
    """A CA and what it signs; files are <name>.pem, <name>.key, <name>.csr."""

    def __init__(self, folder):
        self.folder = folder
        self.new_key("ca")
        self.run("req", "-x509", "-new", "-key", "ca.key", "-out", "ca.pem", "-days", "3000",
                 "-subj", "/CN=Example CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.write("ca.db", "")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def run(self, *args):
        made = subprocess.run(("openssl",) + args, cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if made.returncode:
            raise RuntimeError("openssl %s: %s" % (" ".join(args), made.stderr.decode()))

    def new_key(self, name):
        self.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name + ".key")

    @functools.lru_cache(maxsize=None)      # pylint: disable=method-cache-max-size-none
    def csr(self, name, subject=None, san=None):
        self.new_key(name)
        san = san or "DNS:" + name
        self.run("req", "-new", "-utf8", "-key", name + ".key", "-out", name + ".csr",
                 "-subj", subject or "/CN=" + name, "-addext", "subjectAltName=" + san)
        return self.path(name + ".csr")

    @functools.lru_cache(maxsize=None)      # pylint: disable=method-cache-max-size-none
    def cert(self, name, days=60, age=30, subject=None, san=None):
        """Signed by the CA: begun `age` days ago, over in `days`."""
        self.csr(name, subject, san)
        self.write("ca.cnf", "[ca]\ndefault_ca=a\n[a]\nnew_certs_dir=.\ndatabase=ca.db\n"
                   "rand_serial=yes\ndefault_md=sha256\npolicy=p\nunique_subject=no\n"
                   "copy_extensions=copy\nstring_mask=utf8only\n[p]\ncommonName=optional\n"
                   "organizationName=optional\n")
        self.run("ca", "-batch", "-notext", "-utf8", "-config", "ca.cnf", "-cert", "ca.pem",
                 "-keyfile", "ca.key", "-in", name + ".csr", "-out", name + ".pem",
                 "-startdate", stamp(-age), "-enddate", stamp(days))
        return self.path(name + ".pem")

    def key(self, name):
        return self.path(name + ".key")

    def team_ca(self, folder, passphrase):
        """A folder as of a small CA: certificate, encrypted key, requests that wait."""
        os.makedirs(os.path.join(folder, "pending"))
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-keyout", os.path.join(folder, "ca.key"), "-days", "3000",
                 "-out", os.path.join(folder, "ca.crt"), "-subj", "/CN=Team CA",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                 "-passout", "pass:" + passphrase)
        shutil.copy(self.csr("new.example.org"), os.path.join(folder, "pending"))
        shutil.copy(self.csr("odd.example.org", san="DNS:odd.example.org,DNS:*.com"),
                    os.path.join(folder, "pending"))

    def pkcs12(self, name, passphrase):
        self.cert(name)
        out = self.path(name + ".p12")
        self.run("pkcs12", "-export", "-in", name + ".pem", "-inkey", name + ".key",
                 "-out", out, "-passout", "pass:" + passphrase)
        return out


def stamp(days):
    """Half a day more, so that "in 20 d" is said all through the test."""
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * DAY + DAY / 2))


@functools.lru_cache(maxsize=None)
def shop():
    folder = tempfile.mkdtemp(prefix="certty-shop.", dir="/tmp")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Shop(folder)


# --- a machine -------------------------------------------------------------------------------
def home():
    return os.environ["HOME"]


def folder(name, *files):
    """A folder below the home with copies of these files in it."""
    path = os.path.join(home(), name)
    os.makedirs(path, exist_ok=True)
    for f in files:
        shutil.copy(f, path)
    return path


def configure(**settings):
    """certty.conf: local_folders="…" is folders= in [local]; whatever looks outside is off."""
    wanted = {"local_folders": "", "discovery_folders": "", "discovery_hosts": "",
              "discovery_networks": "", **settings}
    groups = {}
    for name, value in wanted.items():
        group, key = name.split("_", 1)
        groups.setdefault(group, []).append("%s = %s" % (key.replace("_", "-"), value))
    path = os.path.join(home(), ".config", "certty")
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, "certty.conf"), "w", encoding="utf-8") as f:
        for group, lines in groups.items():
            f.write("[%s]\n%s\n" % (group, "\n".join(lines)))


def estate(**settings):
    """Two folders with five certificates: one is over, one soon."""
    s = shop()
    web = folder("web", s.cert("www.example.org", days=20, age=70,
                               san="DNS:www.example.org,DNS:m.example.org"),
                 s.key("www.example.org"), s.cert("api.example.org", days=200),
                 s.cert("old.example.org", days=-4, age=90))
    mail = folder("mail", s.cert("mail.example.org", days=60), s.path("ca.pem"))
    configure(local_folders="%s; %s" % (web, mail), **settings)
    return web, mail


# --- servers ---------------------------------------------------------------------------------
@contextlib.contextmanager
def server(behave):
    """A server on loopback whose every connection is behave(socket); yields its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    open_ones = []

    def serve(connection):
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            behave(connection)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                open_ones.append(connection)
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)    # or accept() would take one more
        listening.close()
        for connection in open_ones:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def hang(connection):
    while connection.recv(4096):
        pass


def garbage(connection):
    connection.recv(4096)
    connection.sendall(b"\x1b]0;owned\x07HTTP/1.0 200 \x9b31mOK\r\n\r\n" * 20)


def tls(name):
    s = shop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(s.cert(name), s.key(name))

    def behave(connection):
        with context.wrap_socket(connection, server_side=True) as c:
            c.recv(1)
    return behave


def closed_port():
    """One at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]
