#!/usr/bin/python3
"""install: a certificate put where a server reads it, the server told and asked; the server is Python's ssl,
which loads its files when it is told."""
import grp
import os
import ssl
import stat

from place import case, cases, holds, same
from served_world import NAME, Server, World

PARTS = ("cert.pem", "chain.pem", "fullchain.pem", "privkey.pem")


class Site(World):
    """A world with a folder that a server reads."""

    def __init__(self, more=""):
        super().__init__()
        self.folder_of_site = self.path("site")
        os.mkdir(self.folder_of_site)
        self.told = self.path("told")
        self.store = "local/install:" + self.folder_of_site
        self.set("reload=touch %s\n%s" % (self.told, more))

    def set(self, more):
        self.configure("[install web]\nfolder=%s\n%s\n" % (self.folder_of_site, more))

    def new(self, name="new", **how):
        """A certificate with its chain and key in one file of a folder that is a store; its base."""
        base = self.sign(NAME, self.middle, **how)
        os.rename(self.chain(base, self.middle), os.path.join(self.certs, name + ".pem"))
        self.good("refresh")
        return base

    def newest(self):
        return max((r["not_before"], r["id"]) for r in self.rows("certs") if r["name"] == NAME and
                   any(self.certs in place["store"] for place in r["places"]))[1]

    def deploy(self, *more, good=True):
        return (self.good if good else self.certty)("--yes", "deploy", self.newest(), "--to", self.store, *more)

    def files(self):
        return {n: self.read(n) for n in sorted(os.listdir(self.folder_of_site))}

    def read(self, name):
        with open(os.path.join(self.folder_of_site, name), encoding="ascii") as f:
            return f.read()

    def mode(self, name):
        return stat.S_IMODE(os.stat(os.path.join(self.folder_of_site, name)).st_mode)


class Reloading(Server):
    """Loads the files anew once it was told, which a file says."""

    def __init__(self, site):
        super().__init__(site.leaf())
        self.site = site

    def shake(self, link):
        if os.path.exists(self.site.told):
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(os.path.join(self.site.folder_of_site, "fullchain.pem"),
                                         os.path.join(self.site.folder_of_site, "privkey.pem"))
        super().shake(link)


def text(path):
    with open(path, encoding="ascii") as f:
        return f.read()


@case
def in_place():
    """key, certificate and chain are in their places with their modes, the server is told, and serves it"""
    with Site() as p, Reloading(p) as server:
        p.set("reload=touch %s\nmode=0640\ngroup=%s\nverify=127.0.0.1:%d"
              % (p.told, grp.getgrgid(os.getgid()).gr_name, server.port))
        base = p.new()
        holds(p.good("--dry-run", "deploy", p.newest(), "--to", p.store).out,
              "privkey.pem", "NOT encrypted, mode 0640", "touch " + p.told, "127.0.0.1:%d" % server.port)
        same(p.files(), {})
        holds(p.deploy().out, "deployed to web")
        same(os.path.exists(p.told), True)
        middle = text(p.middle + ".pem")
        same(p.files(), {"cert.pem": text(base + ".pem"), "chain.pem": middle,
                         "fullchain.pem": text(base + ".pem") + middle, "privkey.pem": text(base + ".key")})
        same({n: p.mode(n) for n in PARTS},
             {"cert.pem": 0o644, "chain.pem": 0o644, "fullchain.pem": 0o644, "privkey.pem": 0o640})
        row, = p.rows("deploys")
        same((row["where"], row["state"]), (p.store, "current"))
        run = p.good("--yes", "add", p.store, os.path.join(p.certs, "new.pem"))
        holds(run.out, "www.example.org is installed in ", "its server was told; served by 1 of 1")


@case
def other_names():
    """files may be called otherwise, and what has no name is not written"""
    with Site("certificate=\nchain=\nfullchain=site.crt\nkey=site.key") as p:
        p.new()
        p.deploy()
        same(sorted(p.files()), ["site.crt", "site.key"])
        same(p.mode("site.key"), 0o600)


@case
def not_loaded():
    """a command that fails, and a server that goes on with the old one, are told; the files are in place"""
    with Site() as p, Server(p.leaf()) as server:
        p.new()
        p.set("reload=sh -c 'echo no such unit >&2; exit 7'\nverify=127.0.0.1:%d" % server.port)
        run = p.deploy(good=False)
        same(run.status, 3, run.err + run.out)
        holds(run.err + run.out, "the files are in place, but sh ended with status 7: no such unit",
              "still serves another one, until ")
        same(sorted(p.files()), sorted(PARTS))
        p.set("reload=/nowhere/at-all")
        holds(p.deploy(good=False).err, "the server was not told", "/nowhere/at-all")


@case
def all_or_none():
    """what cannot be put in its place leaves everything as it was, and nothing beside it"""
    with Site() as p:
        p.new()
        p.deploy()
        before = p.files()
        os.unlink(p.told)
        p.new("newer", since=-1)
        os.rename(os.path.join(p.folder_of_site, "cert.pem"), os.path.join(p.folder_of_site, "kept"))
        os.mkdir(os.path.join(p.folder_of_site, "cert.pem"))
        run = p.deploy(good=False)
        same(run.status, 5, run.err + run.out)
        holds(run.err + run.out, "cert.pem: is there, and is no file")
        os.rmdir(os.path.join(p.folder_of_site, "cert.pem"))
        os.rename(os.path.join(p.folder_of_site, "kept"), os.path.join(p.folder_of_site, "cert.pem"))
        same(p.files(), before)
        same(os.path.exists(p.told), False)


@case
def configured_wrong():
    """what the configuration says wrongly is named with its line, and nothing is written"""
    with Site() as p:
        p.new()
        for more, *says in (("mode=0644", "mode", "0644 is no mode for a key"), ("mode=abc", "abc is no mode"),
                            ("owner=nobody-of-that-name", "owner", "is no user of this machine"),
                            ("group=no-group-of-that-name", "is no group of this machine"),
                            ("key=../x.pem", "key", "is no name for a file in its folder"),
                            ("chain=cert.pem", "no two of them the same"),
                            ("certificate=\nfullchain=", "certificate or fullchain needs a file"),
                            ("reload=sh -c 'x", "reload", "it is no command"),
                            ("verify=www.example.org:99999", "verify", "99999")):
            p.set(more)
            run = p.deploy(good=False)
            same(run.status != 0, True, more)
            holds(run.err + run.out, *says)
            if not says[0].startswith(("no two", "certificate or")):
                holds(run.err + run.out, "certty.conf:")
            same(p.files(), {}, more)


@case
def without_key():
    """a certificate without its key is not put beside the key of another one"""
    with Site() as p:
        base = p.sign(NAME, p.middle)
        p.good("refresh")
        run = p.certty("--yes", "add", p.store, base + ".pem")
        same(run.status != 0, True)
        holds(run.err + run.out, "key")
        same(p.files(), {})


cases()
