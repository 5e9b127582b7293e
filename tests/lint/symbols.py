"""What the compiled modules really call: foreign libraries only where they belong, nothing from
a module above, and public names that begin with the name of their file."""
import os
import re
import subprocess

import lint

# Foreign symbols, and the objects (module/file) that may need them.
FOREIGN = (
    (r"curl_", r"net/client$"),
    (r"ldns_", r"net/dns"),
    (r"sqlite3_", r"db/"),
    (r"cJSON_", r"base/json$"),
    (r"secret_(service|password|item|collection|value|schema|prompt|attributes)_",
     r"keyring/keyring_secret_service$"),
    (r"XML_", r"net/xml$"),
    (r"ini_parse|ini_(max|use|allow|initial)_", r"base/ini$"),
    (r"idn2_", r"base/text\w*$"),
    (r"CMS_", r"(keyring/keyring_file|model/x509\w*)$"),
    (r"SSL_|TLS_(client_|server_)?method", r"net/probe$"),
    (r"X509|d2i_X509|i2d_X509|PEM_|PKCS7_|PKCS12_|d2i_PKCS|i2d_PKCS|OCSP_",
     r"(model/x509\w*|net/(probe|token_assertion)|keyring/keyring_file)$"),
    (r"initscr$|newterm$|endwin$|wrefresh$|doupdate$|waddn?w?str$|wgetch$|wget_wch$|stdscr$|"
     r"curscr$|setupterm$|tigetstr$|tputs$|setcchar$|wadd_wch$|wnoutrefresh$",
     r"ui/term_curses$"),
    (r"fork$|vfork$|exec[vl]|posix_spawn|system$|popen$|g_spawn_|g_subprocess_",
     r"base/spawn$"),
)


def nm(path, *options):
    """(object, symbol, type) of each symbol in a library."""
    out = subprocess.run(["nm", "-A", "-P", *options, path], capture_output=True, text=True,
                         check=False).stdout
    for line in out.splitlines():
        m = re.match(r"\S*\[(\S+)\.o\]: (\S+) (\w)|\S*?:(\S+)\.o: (\S+) (\w)", line)
        if m:
            yield (m.group(1) or m.group(4), m.group(2) or m.group(5),
                   m.group(3) or m.group(6))


def may_begin(symbol, module, obj, folder_of):
    """A public name starts with its file's name, or the first words of it, or its folder, or
    a module (provider_local), or with a type that the header of the same name defines."""
    words = obj.split("_")
    starts = {"_".join(words[:n]) for n in range(1, len(words) + 1)}
    starts |= set(lint.MODULES) | folder_of.get(obj, set()) | types_of(module, words[0])
    starts |= {s + "s" for s in starts} | {s[:-1] for s in starts if s.endswith("s")}
    return any(symbol == s or symbol.startswith(s + "_") for s in starts)


def types_of(module, name):
    """First words of the types in the public header of that name and the private ones."""
    public = "include/certty/%s/%s.h" % (module, name)
    headers = lint.files(".h", under=("src/" + module,))
    headers += [h for h in lint.files(".h", under=("include/certty/" + module,))
                if h == public or h.endswith("/%s.h" % module)]
    tags = [t for h in headers
            for t in re.findall(r"^(?:struct |enum |typedef [^(;]*?\b(?=\w+_fn\())(\w+)",
                                lint.read(h), re.M)]
    return {t.split("_")[0] for t in tags}


def main():
    tap = lint.Tap()
    libraries = []
    for module in lint.MODULES:
        folder = os.path.join(lint.BUILD, "src", module)
        if os.path.isdir(folder):
            libraries += [(module, os.path.join(folder, f)) for f in sorted(os.listdir(folder))
                          if f.endswith(".a")]
    folder_of = {}
    for path in lint.files(".c", under=("src",)):
        parts = path.split("/")
        folder_of.setdefault(parts[-1][:-2], set()).update(parts[2:-1])

    home, strange, upward, names = {}, [], [], []
    for module, path in libraries:
        for obj, symbol, _ in nm(path, "-g", "--defined-only"):
            home.setdefault(symbol, module)
            if not may_begin(symbol, module, obj, folder_of) \
                    and not symbol.startswith(("__", "_")):
                names.append("%s/%s.c makes %s public: it should begin with %s_"
                             % (module, obj, symbol, obj))
    for module, path in libraries:
        for obj, symbol, _ in nm(path, "-u"):
            here = "%s/%s" % (module, obj)
            for foreign, place in FOREIGN:
                if re.match(foreign, symbol):
                    if not re.match(place, here) and symbol not in home:
                        strange.append("%s calls %s, whose place is %s"
                                       % (here, symbol, place))
                    break
            theirs = home.get(symbol, module)
            if theirs != module and theirs not in lint.BELOW[module]:
                upward.append("%s calls %s of %s" % (here, symbol, theirs))
    if not libraries:
        tap.skip("symbols", "nothing is built in " + lint.BUILD)
    else:
        tap.ok("foreign libraries are called in their one place", strange)
        tap.ok("no module calls one above it", upward)
        tap.ok("public names begin with the name of their file", names)
    tap.done()


main()
