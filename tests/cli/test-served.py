#!/usr/bin/python3
"""served: what sites really serve, asked of servers by Python's ssl with certificates of the openssl
command, against what the stores have."""
import os
import socket
import ssl

from place import case, cases, holds, same, stamp
from served_world import NAME, Server, World


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
