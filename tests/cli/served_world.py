"""Servers with certificates of a CA of the test's own, and a place that has that CA: for what asks servers."""
import socket
import ssl
import threading

from place import Place, same, stamp

NAME = "www.example.org"


class Server:
    """Presents these chains (PEM files with their keys) to whoever shakes hands."""

    def __init__(self, *chains, newest=ssl.TLSVersion.TLSv1_3):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.maximum_version = newest
        for chain in chains:
            self.context.load_cert_chain(chain)
        self.names = []
        self.context.sni_callback = lambda link, name, context: self.names.append(name)
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                link, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.shake, args=(link,), daemon=True).start()

    def shake(self, link):
        try:
            link.settimeout(30)
            with self.context.wrap_socket(link, server_side=True) as tls:
                tls.recv(1)
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def site(self, name=NAME):
        return "%s@127.0.0.1:%d" % (name, self.port)


class World(Place):
    """A root that is trusted, a CA below it, and certificates of that."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self.root = self.sign("Root", None, ca=True)
        self.middle = self.sign("Middle", self.root, ca=True)

    def sign(self, name, issuer, ca=False, key="EC", since=-10, days=100, names=None):
        """The base of PATH.pem and PATH.key."""
        self.count += 1
        base = self.path("signed%d" % self.count)
        kind = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if key == "EC" else ["rsa:2048"]
        self.openssl("req", "-new", "-newkey", *kind, "-nodes", "-keyout", base + ".key", "-out",
                     base + ".csr", "-subj", "/CN=" + name)
        with open(base + ".ext", "w", encoding="ascii") as f:
            f.write("[x]\nbasicConstraints=critical,CA:%s\n" % ("true" if ca else "false"))
            f.write("" if ca else "subjectAltName=%s\nextendedKeyUsage=serverAuth\n"
                    % ",".join("DNS:" + n for n in names or [name]))
        with open(self.path("serial"), "w", encoding="ascii") as f:
            f.write("%04X\n" % (self.serial + 4096))
        self.serial += 1
        by = ["-selfsign", "-keyfile", base + ".key"] if not issuer else \
            ["-cert", issuer + ".pem", "-keyfile", issuer + ".key"]
        self.openssl("ca", "-batch", "-notext", "-config", self.path("ca.conf"), "-extfile", base + ".ext",
                     "-extensions", "x", "-in", base + ".csr", "-startdate", stamp(since), "-enddate",
                     stamp(days), "-out", base + ".pem", *by)
        return base

    def chain(self, leaf, *issuers):
        """One file of a leaf, its issuers and its key."""
        to = leaf + "-chain.pem"
        with open(to, "w", encoding="ascii") as out:
            for part in [leaf + ".pem", *(i + ".pem" for i in issuers), leaf + ".key"]:
                with open(part, encoding="ascii") as f:
                    out.write(f.read())
        return to

    def leaf(self, **how):
        """The usual chain."""
        return self.chain(self.sign(how.pop("name", NAME), self.middle, **how), self.middle)

    def served(self, *args):
        run = self.certty("served", *args, "-o", "json", env={"SSL_CERT_FILE": self.root + ".pem"})
        return run.status, run.json

    def one(self, *args):
        status, page = self.served(*args)
        same(len(page["sites"]), 1)
        return status, page["sites"][0]
