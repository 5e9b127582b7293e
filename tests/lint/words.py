"""The project speaks of itself alone: nothing of where or how it was written, and no address
of a registry that a build would reach for.  The words are put together from parts, so that
this file is as clean as the rest."""
import re

import lint

FORBIDDEN = [re.compile(p, re.I) for p in (
    r"\.\./" + r"shared", r"/wo" + r"rk/", r"(?<![\w/])/wo" + r"rk\b", r"\biss" + r"ue #?\d",
    r"\bwt/(build|lead)\b", r"pypi\." + "org", r"deb\.deb" + r"ian\.org",
    r"registry\.npm" + "js", r"crates\." + "io", r"proxy\.go" + "lang",
    r"brief\.m" + "d", r"\bco-authored" + "-by", r"\bclau" + "de\b", r"\bchat" + "gpt",
    r"\bAI[- ]assist", r"\bhelper ses" + "sion", r"\bthis ses" + "sion of",
)]


def main():
    tap = lint.Tap()
    found = []
    for path in lint.files():
        if not lint.is_text(path):
            continue
        for number, line in enumerate(lint.read(path).split("\n"), 1):
            for word in FORBIDDEN:
                m = word.search(line)
                if m:
                    found.append("%s:%d: %s" % (path, number, m.group(0)))
    tap.ok("no word of where it was written", found)
    tap.done()


main()
