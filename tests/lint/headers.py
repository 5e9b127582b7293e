"""Every header says what it is and guards itself; every source opens with why it exists."""
import os
import re

import lint


def main():
    tap = lint.Tap()
    said, guarded, opened = [], [], []
    for path in lint.files(".c", ".h", under=("include", "src")):
        text = lint.read(path)
        stem = os.path.splitext(os.path.basename(path))[0]
        first = re.match(r"/\*\n? ?\*? ?(.*)", text)
        if not text.startswith("/*"):
            opened.append("%s does not open with a comment" % path)
        elif path.endswith(".h") and not first.group(1).startswith(
                (stem + ":", stem.replace("_own", "") + ",")):
            said.append('%s does not begin with "%s: …"' % (path, stem))
        if path.endswith(".h"):
            parts = re.sub(r"^(include/certty|src)/", "", path)
            want = "CERTTY_" + re.sub(r"[^A-Za-z0-9]", "_", parts).upper()
            if path.startswith("src/"):     # private: its module need not be said
                want = r"CERTTY_(?:\w+_)?" + stem.upper() + "_H"
            if not re.search(r"^#ifndef (%s)\n#define \1\n" % want, text, re.M) \
                    or not re.search(r"#endif[^\n]*\n*$", text):
                guarded.append("%s should be guarded by CERTTY_…_%s_H"
                               % (path, stem.upper()))
    tap.ok("every header names itself and says what it is", said)
    tap.ok("every header is guarded by its own name", guarded)
    tap.ok("every source opens with why it exists", opened)
    tap.done()


main()
