#!/usr/bin/python3
"""served: what sites really serve, asked of servers by Python's ssl with certificates of the openssl
command, against what the stores have."""
import os
import socket
import ssl
import threading

from place import Place, case, cases, holds, same, stamp

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


@case
def both_kinds():
    """a site with keys of both kinds shows both, with any version of TLS; all is fine"""
    with World() as p:
        for newest in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
            with Server(p.leaf(), p.leaf(key="RSA"), newest=newest) as server:
                status, site = p.one(server.site())
                same((status, site["state"], site["said"]), (0, "fine", []))
                same((site["site"], site["endpoint"]), (NAME, "127.0.0.1:%d" % server.port))
                same((site["ec"]["key"], site["rsa"]["key"]), ("EC P-256", "RSA 2048"))
                same([site[k][what] for k in ("ec", "rsa") for what in ("covers", "chain_verifies", "issuer")],
                     [True, True, "Middle"] * 2)
                same(set(server.names), {NAME})
        with Server(p.leaf(key="RSA")) as server:
            status, site = p.one(server.site())
            same((status, site["state"], site["ec"], site["rsa"]["name"]), (0, "fine", None, NAME))


@case
def faults():
    """a foreign name, an end that is past, one that is to come, a missing issuer, an own root"""
    with World() as p:
        own = p.sign("Own", None, ca=True)
        for chain, status, state, said in (
                (p.leaf(name="shop.example.org"), 1, "wrong",
                 "its EC certificate is for shop.example.org and does not cover it"),
                (p.leaf(names=["*.org", "www.example.org.evil.net"]), 1, "wrong", "does not cover it"),
                (p.leaf(since=-90, days=-3), 1, "wrong", "its EC certificate ended on "),
                (p.leaf(since=3), 1, "wrong", "its EC certificate begins on "),
                (p.chain(p.sign(NAME, p.middle)), 1, "wrong",
                 "no issuer found: the certificate of Middle is not at hand"),
                (p.chain(p.sign(NAME, own), own), 0, "note", "it ends in the root Own, which is not in ")):
            with Server(chain) as server:
                got, site = p.one(server.site())
                same((got, site["state"]), (status, state), site)
                holds(" ".join(site["said"]), said)
                same(len(site["said"]), 1)
        with Server(p.leaf(names=["*.example.org"])) as server:
            same(p.one(server.site())[1]["state"], "fine")


@case
def outdated():
    """the newest that any store has is the one to serve; it is compared with its own kind alone"""
    with World() as p:
        old, rsa = p.sign(NAME, p.middle, since=-60), p.leaf(key="RSA", since=-60)
        with Server(p.chain(old, p.middle), rsa) as server:
            os.link(old + ".pem", os.path.join(p.certs, "old.pem"))
            p.good("refresh")
            same(p.one(server.site())[1]["state"], "fine")
            os.link(p.sign("*.example.org", p.middle, since=-5) + ".pem", os.path.join(p.certs, "new.pem"))
            p.good("refresh")
            status, site = p.one(server.site())
            same((status, site["state"]), (1, "outdated"))
            holds(" ".join(site["said"]), "a newer EC certificate for it, from %s until "
                  % iso(-5), "lies in ", "certs")
            same(len(site["said"]), 1)
            same(p.one(server.site("www.example.net"))[1]["state"], "wrong")


def iso(days):
    s = stamp(days)
    return "%s-%s-%s" % (s[:4], s[4:6], s[6:8])


@case
def not_reached():
    """what answers nobody, or speaks no TLS, is told apart from what is wrong"""
    with World() as p:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        status, site = p.one("%s@127.0.0.1:%d" % (NAME, port))
        same((status, site["state"], site["ec"], site["rsa"]), (3, "unknown", None, None))
        holds(" ".join(site["said"]), "it refused the connection")
        with Server(p.leaf()) as server:
            status, page = p.served(server.site(), "%s@127.0.0.1:%d" % (NAME, port))
            same((status, [s["state"] for s in page["sites"]]), (3, ["unknown", "fine"]))


@case
def many():
    """hundreds of names from a file with comments and doubles, the worst first"""
    with World() as p, Server(p.leaf(names=["*.example.org"])) as server:
        names = ["n%03d.example.org" % i for i in range(300)] + ["other.example.net"]
        with open(p.path("sites"), "w", encoding="utf-8") as f:
            f.write("# ours\n")
            for i in range(0, len(names), 4):
                f.write(" ".join(server.site(n) for n in names[i:i + 4]) + "  # four\n\n")
            f.write(server.site("bücher.example.org") + "\r\n" + server.site(names[7]) + "\n")
        run = p.certty("served", "--file", p.path("sites"), env={"SSL_CERT_FILE": p.root + ".pem"})
        same(run.status, 1, run.err)
        lines = run.out.splitlines()
        holds(lines[0], "302 sites: 1 wrong, 301 fine")
        holds(lines[1], "other.example.net at 127.0.0.1:%d" % server.port, "wrong: EC P-256 until ")
        holds(run.out, "n299.example.org", "xn--bcher-kva.example.org")
        same(len(server.names) >= 302, True)


@case
def typed_wrong():
    """what is no site is named with its line; nobody is asked then, and not when offline"""
    with World() as p, Server(p.leaf()) as server:
        with open(p.path("sites"), "w", encoding="utf-8") as f:
            f.write("%s\nwww.example.org:99999\n" % server.site())
        p.bad("served", "--file", p.path("sites"), says=("sites, line 2: ", "99999"))
        p.bad("served", "--file", p.path("nowhere"), says=("nowhere",))
        p.bad("served", says=("served needs the name of a site",))
        p.bad("served", "a/b@127.0.0.1:%d" % server.port, says=("a/b",))
        p.bad("--offline", "served", server.site(), says=("offline",))
        same(server.names, [])


cases()
