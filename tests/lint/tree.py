"""HACKING's tree is true: every source file is in it, and nothing in it is gone.  With --write
what is absent is added, with the first words of the file's own comment, to be polished."""
import os
import re
import sys

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


def wanted_files():
    wanted = {}
    for path in lint.files(".c", ".h", under=("src", "include")):
        folder = re.sub(r"^include/certty", "src", os.path.dirname(path))
        wanted.setdefault(folder, set()).add(os.path.basename(path))
    for path in lint.files(under=("tests/lint", "tests/e2e", "dev")):
        if not path.endswith("module.mk"):
            wanted.setdefault(os.path.dirname(path), set()).add(os.path.basename(path))
    return wanted


def absent_files(tree):
    for folder, names in sorted(wanted_files().items()):
        have = tree.get(folder, set())
        stems = {os.path.splitext(n)[0] for n in have}
        for name in sorted(names):
            # A header beside a source of the same name is the same thing.
            if name not in have and not (name.endswith((".h", ".c"))
                                         and name[:-2] in stems):
                yield folder, name


def unbuilt():
    """Sources and private headers that no module.mk names: a tarball would lack them."""
    for path in lint.files(".c", ".h", under=("src", "tests")):
        top, module, inside = path.split("/", 2)
        makefile = lint.read("%s/%s/module.mk" % (top, module))
        program = "%D%/" + inside[:-2]      # a test's only source need not be named
        if "%D%/" + inside not in makefile and "/data/" not in path \
                and not re.search(re.escape(program) + r"(\s|$)", makefile):
            yield "%s is in no module.mk" % path


def first_words(folder, name):
    for path in (re.sub(r"^src", "include/certty", folder) + "/" + name[:-2] + ".h",
                 folder + "/" + name):
        if not os.path.exists(os.path.join(lint.ROOT, path)):
            continue
        text = lint.read(path)
        m = re.match(r'(?:/\*|#!.*?\n#|""")\s*\*?\s*(?:[\w./-]+: )?(.*?)(?:[.:;(]|\*/|$)',
                     re.sub(r"\n \* ?", " ", text), re.S)
        return " ".join(m.group(1).split()) if m else ""
    return ""


def add():
    """Puts what is absent where it belongs."""
    lines = lint.read("HACKING").rstrip("\n").split("\n")
    for folder, name in absent_files(listed()):
        if name.endswith(".h") and os.path.exists(
                os.path.join(lint.ROOT, folder, name[:-2] + ".c")):
            continue
        entry = ("        %-18s  %s" % (name, first_words(folder, name))).rstrip()
        heads = [n for n, l in enumerate(lines) if re.match(r"    %s/(\s|$)" % folder, l)]
        if not heads:
            lines += ["", "    %s/" % folder]
            heads = [len(lines) - 1]
        at = heads[0] + 1
        while at < len(lines) and lines[at].startswith("        ") \
                and lines[at].split()[0] < name:
            at += 1
        lines.insert(at, entry)
    with open(os.path.join(lint.ROOT, "HACKING"), "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


def main():
    if "--write" in sys.argv[1:]:
        add()
    tap = lint.Tap()
    tree = listed()
    absent = ["%s/%s is not in HACKING's tree" % a for a in absent_files(tree)]
    gone = []
    for folder, names in sorted(tree.items()):
        for name in sorted(names):
            stem = os.path.splitext(name)[0]
            public = re.sub(r"^src", "include/certty", folder)
            there = [os.path.join(folder, name), os.path.join(public, stem + ".h")]
            if not any(os.path.exists(os.path.join(lint.ROOT, t)) for t in there):
                gone.append("HACKING's tree names %s/%s, which is gone" % (folder, name))
        if not os.path.isdir(os.path.join(lint.ROOT, folder)):
            gone.append("HACKING's tree names the folder %s, which is gone" % folder)
    tap.ok("every source file is in HACKING's tree", absent)
    tap.ok("nothing in HACKING's tree is gone", gone)
    tap.ok("every source and header is in its module.mk", list(unbuilt()))
    tap.done()


main()
