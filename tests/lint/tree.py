"""HACKING's tree is true: every source file is in it, and nothing in it is gone."""
import os
import re

import lint

NAME = re.compile(r"[\w.-]+\.(?:c|h|py|sh)$|[\w-]+$")


def listed():
    """{folder: names} of the tree in HACKING: a line that ends a path with '/', then its files."""
    tree, folder, inside = {}, None, False
    for line in lint.read("HACKING").split("\n"):
        if line.startswith("The tree"):
            inside = True
        elif inside and re.match(r"\S", line) and not re.match(r"[=-]+$", line):
            break
        m = re.match(r"    ([\w./-]+)/(?:\s|$)", line) if inside else None
        if m:
            folder = m.group(1)
            tree.setdefault(folder, set())
            continue
        m = re.match(r"        (\S.*)$", line) if inside and folder else None
        if m and not m.group(1).startswith(" "):
            for word in re.split(r"\s+", re.split(r"\s{2,}", m.group(1))[0]):
                if NAME.match(word):
                    tree[folder].add(word)
    return tree


def main():
    tap = lint.Tap()
    tree = listed()
    wanted = {}
    for path in lint.files(".c", ".h", under=("src", "include")):
        folder = re.sub(r"^include/certty", "src", os.path.dirname(path))
        wanted.setdefault(folder, set()).add(os.path.basename(path))
    for path in lint.files(under=("tests/lint", "tests/e2e", "dev")):
        wanted.setdefault(os.path.dirname(path), set()).add(os.path.basename(path))

    absent, gone = [], []
    for folder, names in sorted(wanted.items()):
        have = tree.get(folder, set())
        stems = {os.path.splitext(n)[0] for n in have}
        for name in sorted(names):
            if name == "module.mk":
                continue
            # A header beside a source of the same name is the same thing.
            if name not in have and not (name.endswith((".h", ".c"))
                                         and name[:-2] in stems):
                absent.append("%s/%s is not in HACKING's tree" % (folder, name))
    for folder, names in sorted(tree.items()):
        for name in sorted(names):
            there = [os.path.join(folder, name),
                     os.path.join(re.sub(r"^src", "include/certty", folder), name)]
            if not any(os.path.exists(os.path.join(lint.ROOT, t)) for t in there):
                gone.append("HACKING's tree names %s/%s, which is gone" % (folder, name))
        if not os.path.isdir(os.path.join(lint.ROOT, folder)):
            gone.append("HACKING's tree names the folder %s, which is gone" % folder)
    tap.ok("every source file is in HACKING's tree", absent)
    tap.ok("nothing in HACKING's tree is gone", gone)
    tap.done()


main()
