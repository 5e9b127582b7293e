"""What the checks of the source share: where the tree is, which files are ours, TAP.

Works from a checkout and from an unpacked tarball alike, so it walks folders and does not ask
git; whatever a build leaves in the tree is left out by name.
"""
import os
import re
import sys

ROOT = os.environ.get("top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("top_builddir") or os.path.join(ROOT, "build")

FOLDERS = (".ci", "build-aux", "completions", "contrib", "dev", "doc", "include", "m4", "src", "tests",
           "themes")
TOP = (".clang-format", ".clang-tidy", ".editorconfig", ".gitignore", "HACKING", "Makefile.am",
       "NEWS", "README", "configure.ac")
# Written by configure, automake or a test run; never ours.
MADE_NAMES = re.compile(
    r"^(ar-lib|compile|config\.(guess|sub)|depcomp|install-sh|missing|tap-driver\.sh|"
    r"test-driver|\.dirstamp|lib\w+\.a)$")
MADE_SUFFIXES = (".o", ".a", ".log", ".trs", ".pyc", ".gcda", ".gcno", ".rej", ".orig")

MODULES = ("base", "model", "net", "db", "keyring", "provider", "engine", "view", "ui", "cli",
           "app")
# Who may look into whom, beside itself.
BELOW = {
    "base": (),
    "model": ("base",),
    "net": ("base",),
    "db": ("model", "base"),
    "keyring": ("base",),
    "provider": ("net", "model", "base"),
    "engine": ("provider", "net", "db", "keyring", "model", "base"),
    "view": ("model", "base"),
    "ui": ("view", "engine", "model", "base"),
    "cli": ("view", "engine", "model", "base"),
    "app": MODULES,
}


def files(*suffixes, under=FOLDERS):
    """Our files, as paths from the root, in a stable order."""
    found = []
    if under is FOLDERS:
        found += [t for t in TOP if os.path.exists(os.path.join(ROOT, t))]
    for folder in under:
        for at, folders, names in os.walk(os.path.join(ROOT, folder)):
            folders[:] = sorted(f for f in folders
                                if f not in (".deps", "__pycache__", ".libs"))
            for name in sorted(names):
                path = os.path.join(at, name)
                if (MADE_NAMES.match(name) or name.endswith(MADE_SUFFIXES)
                        or os.path.islink(path) or is_program(path)):
                    continue
                found.append(os.path.relpath(path, ROOT))
    if suffixes:
        found = [f for f in found if f.endswith(suffixes)]
    return found


def is_program(path):
    with open(path, "rb") as f:
        return f.read(4) == b"\x7fELF"


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="surrogateescape") as f:
        return f.read()


def is_text(path):
    with open(os.path.join(ROOT, path), "rb") as f:
        return b"\0" not in f.read(65536)


CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_only(text):
    """C without comments and without what is in quotes; lines stay where they are."""
    def blank(m):
        s = m.group(0)
        keep = '""' if s[0] == '"' else "' '" if s[0] == "'" else " "
        return keep + "\n" * s.count("\n")
    return CODE.sub(blank, text)


def module_of(path):
    """The module that a path in include/certty, src or tests belongs to, or None."""
    m = re.match(r"(?:include/certty|src|tests)/(\w+)/", path)
    return m.group(1) if m and m.group(1) in MODULES else None


class Tap:
    """One line per check, the complaints before it as comments."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, name, complaints):
        self.count += 1
        for c in complaints:
            print("# " + str(c))
        if complaints:
            self.failed += 1
        print("%s %d - %s" % ("not ok" if complaints else "ok", self.count, name))

    def skip(self, name, why):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, why))

    def done(self):
        print("1..%d" % self.count)
        sys.exit(1 if self.failed else 0)
