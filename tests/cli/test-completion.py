#!/usr/bin/python3
"""Completions are understood by the shells that are installed, and propose what there is."""
import os
import shutil
import subprocess

from place import LIMIT, Place, case, cases, holds, same


def shell(name, script, **env):
    done = subprocess.run([name, "-c", script], capture_output=True, check=False, timeout=LIMIT,
                          stdin=subprocess.DEVNULL, env={**os.environ, **env})
    same((done.returncode, done.stderr.decode()), (0, ""), name)
    return done.stdout.decode().split()


def missing(name):
    return None if shutil.which(name) else name + " is not installed"


def written(p, name):
    path = p.path("certty." + name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(p.certty("completion", name).out)
    return path


@case
def bash():
    """bash: subcommands, their words and options, choices after an option"""
    if missing("bash"):
        return missing("bash")
    with Place() as p:
        source = ". %s; compopt() { :; }; " % written(p, "bash")

        def after(*words):
            line = " ".join("'%s'" % w for w in ("certty", *words))
            return shell("bash", source + "COMP_WORDS=(%s); COMP_CWORD=%d; _certty; "
                         'printf "%%s\\n" "${COMPREPLY[@]}"' % (line, len(words)))
        same("approve" in after("") and "ls" in after(""), True)
        same(after("appr"), ["approve"])
        same(after("ls", "re"), ["requests"])
        same("--profile" in after("approve", "--"), True)
        same("--profile" in after("ls", "--"), False)
        same(after("approve", "--profile", "cl"), ["client"])
        same(after("check", "-o", ""), ["text", "nagios", "prom"])
        same([w for w in after("key", "--") if "passphrase" in w], ["--passphrase-fd"])
        same(after("accounts", "te"), ["test", "template"])
        same(after("accounts", "template", "--prov"), ["--provider"])
        same("--partial" in after("stores", "import", "--"), True)
        same("--partial" in after("stores", "--"), False)
        same(after("accounts", "add", "--keep", "f"), ["file"])
        same(after("login", "--keep", "f"), ["file"])
        same("--code-fd" in after("accounts", "test", "--"), True)
    return None


@case
def zsh():
    """zsh: loads and defines _certty for certty"""
    if missing("zsh"):
        return missing("zsh")
    with Place() as p:
        said = shell("zsh", "autoload -U compinit; compinit -u -d %s; . %s; print $_comps[certty]"
                     % (p.path("dump"), written(p, "zsh")), HOME=p.folder, ZDOTDIR=p.folder)
        same(said, ["_certty"])
    return None


@case
def fish():
    """fish: subcommands and options are proposed"""
    if missing("fish"):
        return missing("fish")
    with Place() as p:
        source = "source %s; " % written(p, "fish")
        said = shell("fish", source + "complete -C 'certty appr'", HOME=p.folder)
        holds(" ".join(said), "approve")
        said = shell("fish", source + "complete -C 'certty ls --fil'", HOME=p.folder)
        holds(" ".join(said), "--filter")
    return None


cases()
