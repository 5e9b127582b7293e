"""Canaries: secrets that a journey plants, and the search for them in all that certty leaves.

A secret is looked for as it is and in what others make of it: encodings, wide characters as
curses has them, and either end alone, since an allocator writes over the front of what is freed.
"""
import base64
import glob
import os
import urllib.parse

from terminal import Failure, Skip, expect

PIECE = 16      # bytes of either end


def base64_forms(raw):
    """As base64 at each of the three places that it may have in a longer text."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        whole = coded[(0, 2, 3)[before]:len(raw + b"\0" * before) // 3 * 4]
        yield "base64", whole
        yield "base64", whole.replace(b"+", b"-").replace(b"/", b"_")


def forms(secret):
    """(what it is, bytes), each once."""
    raw = secret.encode()
    found = {raw: "plain", raw[:PIECE]: "its beginning", raw[-PIECE:]: "its end",
             urllib.parse.quote(secret, safe="").encode(): "URL-encoded",
             urllib.parse.quote_plus(secret).encode(): "form-encoded"}
    for name in ("utf-16-le", "utf-16-be", "utf-32-le"):
        found.setdefault(secret[:PIECE].encode(name), name)
        found.setdefault(secret[-PIECE:].encode(name), name)
    for name, coded in base64_forms(raw):
        found.setdefault(coded, name)
    return [(name, form) for form, name in found.items()]


class Canaries:
    """The secrets of one journey, by what they are."""

    def __init__(self, **planted):
        self.planted = {}
        for what, secret in planted.items():
            self.plant(what, secret)

    def plant(self, what, secret):
        expect(len(secret) >= 12, "%s is too short to be told from chance" % what)
        self.planted[what] = forms(secret)
        return secret

    def find(self, data):
        """(which, in which form, where) of the first of each that is there."""
        for what, all_forms in self.planted.items():
            for form, wanted in all_forms:
                at = data.find(wanted)
                if at >= 0:
                    yield what, form, at
                    break

    def refuse(self, where, data):
        for what, form, at in self.find(data):
            raise Failure("%s holds the %s (%s) in %r" % (where, what, form,
                                                         data[max(0, at - 60):at + 80]))

    # --- where they might be -----------------------------------------------------------------
    def search_files(self, *folders, but=()):
        """Every file below the home and below these, but those that held it before."""
        count = 0
        for folder in (os.environ["HOME"],) + folders:
            for path in glob.glob(os.path.join(folder, "**"), recursive=True,
                                  include_hidden=True):
                if not os.path.isfile(path) or path in but:
                    continue
                with open(path, "rb") as f:
                    self.refuse(path, f.read())
                count += 1
        expect(count > 0, "there are files to search")
        return count

    def in_memory(self, pid, but=()):
        """What all memory of a process that is there to read still holds; `but` names (secret,
        form) that a library is known to keep."""
        left = {}
        size = 0
        for region, data in memory(pid):
            size += len(data)
            for what, form, at in self.find(data):
                if (what, form) not in but:
                    left.setdefault(what, "%s: %s in %r" % (
                        form, region, data[max(0, at - 60):at + 80]))
        expect(size > 1 << 20, "its memory was read")
        return left

    def search_memory(self, pid, but=()):
        left = self.in_memory(pid, but)
        expect(not left, "memory holds the " + "\n and the ".join(
            "%s as %s" % pair for pair in left.items()))


LARGEST = 1 << 30


def memory(pid):
    """(region, bytes) of what a process may write to; the rest is the files as they are."""
    try:
        with open("/proc/%d/maps" % pid, encoding="utf-8") as f:
            lines = f.read().splitlines()
        mem = open("/proc/%d/mem" % pid, "rb", buffering=0)
    except PermissionError as e:
        raise Skip("another process's memory cannot be read here: %s" % e.strerror) from e
    with mem:
        for line in lines:
            span, may = line.split()[:2]
            start, end = (int(n, 16) for n in span.split("-"))
            if may[0] != "r" or may[1] != "w" or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            if end - start > LARGEST:
                raise Skip("its memory is too large to be searched: a sanitizer's")
            yield line, read(mem, start, end)


def read(mem, start, end):
    """As much as there is: some memory is a device's, or beyond the end of its file."""
    data = bytearray()
    try:
        mem.seek(start)
        while start + len(data) < end:
            data += mem.read(min(1 << 24, end - start - len(data)))
    except OSError:
        pass
    return bytes(data)
