"""Texts that the program writes itself are up to date in the sources: the completions, and the
parts of the manual between

    .\\" BEGIN generated NAME      and      .\\" END generated

which are what `certty generate NAME` prints.  With --write they are brought up to date."""
import difflib
import os
import re
import subprocess
import sys

import lint

PART = re.compile(r'(\.\\" BEGIN generated ([\w-]+)\n)(.*?)(\.\\" END generated)', re.S)
REFRESH = "make regenerate"


def program(*arguments):
    run = subprocess.run([os.path.join(lint.BUILD, "certty"), *arguments],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL,
                         check=False)
    if run.returncode:
        raise RuntimeError("certty %s: exit status %d, %s"
                           % (" ".join(arguments), run.returncode, run.stderr.strip()))
    return run.stdout


def fresh(path, old):
    """What the file should hold, or None when nothing of it is generated."""
    m = re.match(r"completions/certty\.(\w+)$", path)
    if m:
        return program("completion", m.group(1))
    if not PART.search(old):
        return None
    return PART.sub(lambda m: m.group(1) + program("generate", m.group(2)) + m.group(4), old)


def main():
    tap = lint.Tap()
    for path in lint.files(under=("completions", "doc")):
        if not lint.is_text(path) or path.endswith(".mk"):
            continue
        old = lint.read(path)
        try:
            new = fresh(path, old)
        except (RuntimeError, OSError) as e:
            tap.ok("%s is up to date" % path, [e])
            continue
        if new is None:
            continue
        if "--write" in sys.argv[1:] and new != old:
            with open(os.path.join(lint.ROOT, path), "w", encoding="utf-8") as f:
                f.write(new)
            old = new
        stale = list(difflib.unified_diff(old.splitlines(), new.splitlines(), path,
                                          "what the program says", lineterm="", n=1))[:20]
        tap.ok("%s is up to date" % path, stale + ["refresh with: " + REFRESH]
               if stale else [])
    if not tap.count:
        tap.skip("generated texts", "there are none in this tree")
    tap.done()


main()
