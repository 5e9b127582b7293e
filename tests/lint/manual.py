"""Every setting, action, verb and option that the program has is named in the manual: the list
is what `certty generate names` prints, lines of a kind and a name."""
import os
import subprocess

import lint


def main():
    tap = lint.Tap()
    pages = [f for f in lint.files(under=("doc",)) if f[-1] in "15678" and f[-2] == "."]
    if not pages:
        tap.skip("names in the manual", "there is no manual in this tree")
        tap.done()
    # As a person reads them: macros and escapes of mdoc are out of the way.
    text = "\n".join(lint.read(p) for p in pages)
    for macro, read in (("\\-", "-"), ("\\&", ""), ("Fl -", "--")):
        text = text.replace(macro, read)
    words = set(text.replace("\n", " ").split())
    run = subprocess.run([os.path.join(lint.BUILD, "certty"), "generate", "names"],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL,
                         check=False)
    by_kind = {}
    for line in run.stdout.splitlines():
        kind, _, name = line.partition(" ")
        by_kind.setdefault(kind, []).append(name)
    tap.ok("the program lists its names", [] if run.returncode == 0 and by_kind else
           ["exit status %d: %s" % (run.returncode, run.stderr.strip())])
    for kind, names in sorted(by_kind.items()):
        tap.ok("every %s is in the manual" % kind,
               ["%s %s is not in the manual" % (kind, name) for name in names
                if name not in words and name not in text])
    tap.done()


main()
