"""Layout that no compiler sees: columns, tabs of 8, braces, line ends."""
import re

import lint

COLUMNS = 112       # 90 is the aim; tables laid out by hand may be wider
TEXTS = (".c", ".h", ".py", ".sh", ".mk", ".am", ".ac", ".m4", ".theme")


def main():
    tap = lint.Tap()
    wide, blanks, indent, brace = [], [], [], []
    for path in lint.files():
        if not lint.is_text(path) or "/data/" in path or path.endswith((".der", ".p12")):
            continue
        text = lint.read(path)
        ours = path.endswith(TEXTS)
        exact = path.endswith((".play", ".transcript")) or "/corpus/" in path
        if text and not text.endswith("\n") and not exact:
            blanks.append("%s does not end its last line" % path)
        if "\r\n" in text and not exact:
            blanks.append("%s has carriage returns" % path)
        by_hand = False
        for number, line in enumerate(text.split("\n"), 1):
            if "clang-format o" in line:
                by_hand = "off" in line
            at = "%s:%d" % (path, number)
            if ours and not by_hand and len(line.expandtabs(8)) > COLUMNS and "http" not in line:
                wide.append("%s is %d columns wide" % (at, len(line.expandtabs(8))))
            if line != line.rstrip() and not exact:
                blanks.append("%s ends with blanks" % at)
            if path.endswith((".c", ".h")):
                if re.match(r" {8}", line) or re.match(r"\t* +\t", line):
                    indent.append("%s is indented with blanks" % at)
                if re.match(r"[a-z][\w \*]*\([^=;]*\) *\{$", line):
                    brace.append("%s: the brace of a function has a line of its own" % at)
    tap.ok("lines are at most %d columns wide" % COLUMNS, wide)
    tap.ok("lines end cleanly", blanks)
    tap.ok("C is indented with tabs", indent)
    tap.ok("functions open in the first column", brace)
    tap.done()


main()
