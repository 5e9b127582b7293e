"""The longest and the most branched functions, and the longest files.

An aim and not a gate: functions that fit on a screen (60 lines), files of one sitting (600).
A clear table of 80 lines beats two halves of one.
"""
import re

import lint

BRANCH = re.compile(r"\b(if|for|while|case)\b|&&|\|\||\?")


def functions(path):
    """(name, lines, branches) of each function: its brace opens and ends in column one."""
    lines = lint.code_only(lint.read(path)).split("\n")
    start = None
    for number, line in enumerate(lines):
        if line == "{" and number:
            head = " ".join(lines[max(0, number - 6):number])
            names = re.findall(r"(\w+)\s*\(", head.rsplit(";", 1)[-1].rsplit("}", 1)[-1])
            start, name = number, names[0] if names else "?"
        elif line.startswith("}") and start is not None:
            body = "\n".join(lines[start:number])
            yield name, number - start + 1, 1 + len(BRANCH.findall(body))
            start = None


def main():
    found, sizes = [], []
    for path in lint.files(".c", ".h", under=("include", "src")):
        sizes.append((lint.read(path).count("\n"), path))
        found += [(path, *f) for f in functions(path)]
    print("%d files, %d lines, %d functions" % (len(sizes), sum(s for s, _ in sizes),
                                              len(found)))
    print("\nThe longest functions")
    for path, name, length, _ in sorted(found, key=lambda f: -f[2])[:12]:
        print("  %4d  %s (%s)" % (length, name, path))
    print("\nThe most branched functions")
    for path, name, _, branches in sorted(found, key=lambda f: -f[3])[:12]:
        print("  %4d  %s (%s)" % (branches, name, path))
    print("\nThe longest files")
    for length, path in sorted(sizes, reverse=True)[:12]:
        print("  %4d  %s" % (length, path))


main()
