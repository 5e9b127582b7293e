"""Modules look only downwards, no header includes itself round a corner, and the header of an
outside library is included in its one place."""
import os
import re

import lint

# Header of an outside library, and the files that may include it.  Tests may include any.
OUTSIDE = (
    (r"curl/", r"src/net/curl_late\.h$"),
    (r"ldns/", r"src/net/ldns_late\.h$"),
    (r"cjson/|cJSON", r"src/base/json\.c$"),
    (r"sqlite3", r"src/db/"),
    (r"n?cursesw?/|n?curses\.h|term\.h$|panel|form\.h$|menu\.h$", r"src/ui/term_curses\.c$"),
    (r"libsecret/", r"src/keyring/keyring_secret_service\.c$"),
    (r"expat", r"src/net/xml\.c$"),
    (r"ini\.h", r"src/base/ini\.c$"),
    (r"idn2|stringprep", r"src/base/text\w*\.c$"),
    (r"openssl/ssl", r"src/net/probe\.c$"),
    (r"openssl/cms", r"src/(keyring/keyring_file|model/x509\w*)\.c$"),
    (r"openssl/(x509|pkcs|pem|asn1|ocsp|ct|ts)",
     r"src/(model/x509\w*\.[ch]|net/(probe|failure|token_assertion)\.c|keyring/keyring_file\.c)$"),
    (r"openssl/", r"src/(base/secret\.c|model/x509\w*\.[ch]|"
                  r"net/(probe|failure|sign_\w+|token_assertion|dns_(ask|update))\.c|"
                  r"keyring/keyring_file\.c)$"),
)
# libcurl's allocators and OpenSSL's start are set by the program as a whole.
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)


def target(path, kind, name):
    """The file of ours that an include means, or None for an outside one."""
    if kind == '"' and "/" not in name:
        near = os.path.join(os.path.dirname(path), name)
        if os.path.exists(os.path.join(lint.ROOT, near)):
            return near
    for where in ("include", "src"):
        at = os.path.join(where, name)
        if os.path.exists(os.path.join(lint.ROOT, at)):
            return os.path.normpath(at)
    if kind == '"':
        near = os.path.normpath(os.path.join(os.path.dirname(path), name))
        if os.path.exists(os.path.join(lint.ROOT, near)):
            return near
    return None


def cycles(graph):
    state, found = {}, []

    def visit(node, way):
        state[node] = "open"
        for to in graph.get(node, ()):
            if state.get(to) == "open":
                found.append(" -> ".join(way[way.index(to):] + [to]))
            elif to not in state:
                visit(to, way + [to])
        state[node] = "done"

    for node in sorted(graph):
        if node not in state:
            visit(node, [node])
    return found


def main():
    tap = lint.Tap()
    upward, missing, strange, graph = [], [], [], {}
    for path in lint.files(".c", ".h", under=("include", "src", "tests")):
        mine = lint.module_of(path)
        text = re.sub(r"/\*.*?\*/", " ", lint.read(path), flags=re.S)
        for kind, name in INCLUDE.findall(text):
            to = target(path, kind, name)
            if to:
                if path.endswith(".h"):
                    graph.setdefault(path, []).append(to)
                theirs = lint.module_of(to)
                if mine and theirs and theirs != mine and theirs not in lint.BELOW[mine]:
                    upward.append("%s includes %s: %s may not look into %s"
                                  % (path, name, mine, theirs))
                if theirs and theirs != mine and to.startswith("src/") \
                        and not path.startswith("tests/"):
                    upward.append("%s includes %s, which is private to %s"
                                  % (path, name, theirs))
            elif kind == '"' and name != "config.h":
                missing.append("%s includes %s, which is not there" % (path, name))
            elif path.startswith(("src/", "include/")):
                for header, place in OUTSIDE:
                    if re.match(header, name):
                        if not re.match(place, path):
                            strange.append("%s includes <%s>, whose place is %s"
                                           % (path, name, place))
                        break
    tap.ok("modules look only downwards", upward)
    tap.ok("included files are there", missing)
    tap.ok("an outside library has one place", strange)
    tap.ok("no header includes itself", cycles(graph))
    tap.done()


main()
