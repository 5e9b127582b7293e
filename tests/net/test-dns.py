#!/usr/bin/python3
"""Looking for a record in DNS, against servers that say what a script tells them.

The resolver is 127.0.0.1, the servers of the zone 127.0.0.2 to 127.0.0.6, all on one port.  Each
row is a question and what comes of it; answers are built here byte by byte, so that a broken one
is as easy as a sound one.
"""
import os
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "lint"))
import lint

TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests", "net", "dns-tool")
TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "TXT": 16, "AAAA": 28}
WORDS = {number: word for word, number in TYPES.items()}
AA, TC, QR = 0x0400, 0x0200, 0x8000
NXDOMAIN, SERVFAIL, REFUSED = 3, 2, 5


def name_of(text):
    wire = b""
    for label in [part for part in text.split(".") if part]:
        wire += bytes([len(label)]) + label.encode("latin-1")
    return wire + b"\0"


def record(owner, kind, data):
    return name_of(owner) + struct.pack(">HHIH", TYPES[kind], 1, 300, len(data)) + data


def alias(owner, target):
    return record(owner, "CNAME", name_of(target))


def txt(owner, *parts):
    return record(owner, "TXT", b"".join(bytes([len(p)]) + p for p in parts))


def soa(owner):
    return record(owner, "SOA", name_of("ns1." + owner) + name_of("root." + owner) +
                  struct.pack(">IIIII", 1, 2, 3, 4, 5))


def address(owner, text):
    return record(owner, "A", socket.inet_aton(text))


def read_question(packet):
    at, labels = 12, []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
        at += 1 + packet[at]
    kind, = struct.unpack(">H", packet[at + 1:at + 3])
    return ".".join(labels).lower(), WORDS[kind], packet[12:at + 5]


class Servers:
    """The script: (address, name, type) or (address, name) to flags, answers and authorities."""

    def __init__(self):
        self.script, self.asked, self.wrong = {}, [], None
        self.udp = [self.bind("127.0.0.1", 0, socket.SOCK_DGRAM)]
        self.port = self.udp[0].getsockname()[1]
        self.udp += [self.bind("127.0.0.%d" % n, self.port, socket.SOCK_DGRAM) for n in range(2, 7)]
        self.tcp = self.bind("127.0.0.2", self.port, socket.SOCK_STREAM)
        self.tcp.listen(4)
        for s in self.udp:
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()
        threading.Thread(target=self.serve_tcp, daemon=True).start()

    @staticmethod
    def bind(where, port, sort):
        s = socket.socket(socket.AF_INET, sort)
        s.bind((where, port))
        return s

    def answer(self, where, packet, by_tcp):
        name, kind, question = read_question(packet)
        self.asked.append((where, name, kind))
        said = self.script.get((where, name, kind), self.script.get((where, name)))
        if said is None:
            said = (NXDOMAIN, [], [soa("example.test")]) if where == "127.0.0.1" else None
        if said is None:
            return []
        flags, answers, authorities = said[:3]
        if flags & TC and by_tcp:
            flags, answers = flags & ~TC, said[3]
        head = struct.pack(">HHHHH", QR | flags, 1, len(answers), len(authorities), 0)
        whole = packet[:2] + head + question + b"".join(answers) + b"".join(authorities)
        if self.wrong == "id" and where != "127.0.0.1":
            return [bytes([packet[0] ^ 1]) + whole[1:]] * 30
        if self.wrong == "question" and where != "127.0.0.1":
            return [packet[:2] + head + name_of("other.test") + question[-4:]] * 30
        if self.wrong == "rubbish" and where != "127.0.0.1":
            return [packet[:2] + b"\xff" * 40] * 30
        if self.wrong == "forged first" and where != "127.0.0.1":
            return [bytes([packet[0] ^ 1]) + whole[1:], whole]
        return [whole]

    def serve(self, s):
        where = s.getsockname()[0]
        while True:
            packet, sender = s.recvfrom(4096)
            for whole in self.answer(where, packet, False):
                s.sendto(whole, sender)

    def serve_tcp(self):
        while True:
            c, _ = self.tcp.accept()
            with c:
                n, = struct.unpack(">H", c.recv(2, socket.MSG_WAITALL))
                whole = self.answer("127.0.0.2", c.recv(n, socket.MSG_WAITALL), True)[0]
                if self.wrong == "cut":
                    whole = whole[:-1]
                    c.sendall(struct.pack(">H", len(whole) + 1) + whole)
                else:
                    c.sendall(struct.pack(">H", len(whole)) + whole)


RECORD, VALUE = "_a1.www.example.test", "_b2.acm-validations.test."
FRONT = {
    ("127.0.0.1", "example.test", "SOA"): (0, [soa("example.test")], []),
    ("127.0.0.1", "example.test", "NS"): (0, [record("example.test", "NS",
                                                     name_of("ns%d.example.test" % n))
                                              for n in (1, 2)], []),
    ("127.0.0.1", "ns1.example.test", "A"): (0, [address("ns1.example.test", "127.0.0.2")], []),
    ("127.0.0.1", "ns2.example.test", "A"): (0, [address("ns2.example.test", "127.0.0.3")], []),
}
HAS = (AA, [alias(RECORD, VALUE)], [])


def both(one, two):
    return {("127.0.0.2", RECORD): one, ("127.0.0.3", RECORD): two}


def says(one, two, zone="example.test", name=RECORD):
    return ("%s %s\nns1.example.test 127.0.0.2 %s\nns2.example.test 127.0.0.3 %s\n"
            % (zone, name, one, two))


CIRCLE = {("127.0.0.2", "c%d.example.test" % n):
          (AA, [alias("c%d.example.test" % n, "c%d.example.test" % (1 - n))], []) for n in (0, 1)}
# What it shows, the script beside FRONT, what is asked, what is said.
ROWS = [
    ("all servers have it", both(HAS, HAS), (), says("has it", "has it")),
    ("in another case", both((AA, [alias(RECORD.upper(), VALUE.upper())], []), HAS), (),
     says("has it", "has it")),
    ("one lags behind", both(HAS, (AA | NXDOMAIN, [], [soa("example.test")])), (),
     says("has it", "does not have it")),
    ("one has an older value", both(HAS, (AA, [alias(RECORD, "old.test")], [])), (),
     says("has it", "has another value: old.test")),
    ("one does not serve the zone", both(HAS, (REFUSED, [], [])), (),
     says("has it", "does not serve the zone")),
    ("one says it of others", both((0, [alias(RECORD, VALUE)], []), HAS), (),
     says("does not serve the zone", "has it")),
    ("one is broken", both((SERVFAIL, [], []), HAS), (),
     says("answers that something is wrong there", "has it")),
    ("one is silent", both(HAS, None), (), says("has it", "does not answer")),
    ("an answer for another name", both((AA, [alias("_x." + RECORD, VALUE)], []), HAS), (),
     says("does not have it", "has it")),
    ("control bytes become visible", both((AA, [alias(RECORD, "a\x1b[2J.test")], []), HAS), (),
     says("has another value: a\\027[2J.test", "has it")),
    ("cut off by UDP, whole by TCP", both((AA | TC, [], [], [alias(RECORD, VALUE)]), HAS), (),
     says("has it", "has it")),
    ("cut off by UDP and by TCP", both((AA | TC, [], [], [alias(RECORD, VALUE)]), HAS),
     ("wrong", "cut"), says("does not answer", "has it")),
    ("texts in pieces are joined", both((AA, [txt(RECORD, b"a b", b"\"c")], []),
                                        (AA, [txt(RECORD, b"x"), txt(RECORD, b"a b\"c")], [])),
     ("TXT", '"a b\\"c"'), says("has it", "has it")),
    ("towards TXT a CNAME is followed",
     {("127.0.0.2", RECORD): (AA, [alias(RECORD, "t.example.test")], []),
      ("127.0.0.3", RECORD): (AA, [alias(RECORD, "t.example.test")], []),
      ("127.0.0.2", "t.example.test"): (AA, [txt("t.example.test", b"x")], []),
      ("127.0.0.3", "t.example.test"): (AA | NXDOMAIN, [], [])},
     ("TXT", "x"), says("has it", "does not have it", name="t.example.test")),
    ("in a circle", CIRCLE | {("127.0.0.3", "c0.example.test"): (AA | NXDOMAIN, [], []),
                                      ("127.0.0.3", "c1.example.test"): (AA | NXDOMAIN, [], [])},
     ("TXT", "x", "c0.example.test"),
     r"limit: c0.example.test: more than 8 CNAMEs lead on from there, or they lead in a circle"
     "\n"),
    ("the resolver is broken", {("127.0.0.1", "www.example.test", "SOA"): (SERVFAIL, [], [])}, (),
     "reply: www.example.test cannot be looked up: the DNS resolver answers with code 2\n"),
    ("no zone at all", {("127.0.0.1", name, "SOA"): (NXDOMAIN, [], [soa("")])
                        for name in ("www.example.test", "example.test", "test")},
     (), "not-found: DNS knows no zone that %s is in\n" % RECORD),
    ("the zone names no server", {("127.0.0.1", "example.test", "NS"): (0, [], [])}, (),
     "not-found: the zone example.test names no servers in DNS\n"),
    ("a server without an address", both(HAS, HAS) | {
        ("127.0.0.1", "ns2.example.test", "A"): (0, [], [])}, (),
     "example.test %s\nns1.example.test 127.0.0.2 has it\n"
     "ns2.example.test  does not answer\n" % RECORD),
    ("a zone from above the name is not believed",
     both(HAS, HAS) | {("127.0.0.1", "www.example.test", "SOA"):
                       (NXDOMAIN, [], [soa("evil.test")])},
     (), says("has it", "has it")),
    ("a number that does not fit", both(HAS, HAS), ("wrong", "id"),
     says("does not answer", "does not answer")),
    ("a question that was not asked", both(HAS, HAS), ("wrong", "question"),
     says("does not answer", "does not answer")),
    ("rubbish", both(HAS, HAS), ("wrong", "rubbish"),
     says("does not answer", "does not answer")),
    ("a forged answer before the true one", both(HAS, HAS), ("wrong", "forged first"),
     says("has it", "has it")),
    ("not all may be asked", both(HAS, HAS), ("only", "127.0.0.2/32"),
     says("has it", "was not asked: safety.hosts does not name it")),
    ("those of a domain may", both(HAS, HAS), ("only", "*.example.test"),
     says("has it", "has it")),
    ("one by its name in whatever form may", both(HAS, HAS), ("only", "NS2.Example.Test."),
     says("was not asked: safety.hosts does not name it", "has it")),
    ("no record at all", {}, ("CNAME", "a..b"),
     "usage: '%s. 0 IN CNAME a..b' is no DNS record\n" % RECORD),
]


def look(port, *args):
    return subprocess.run([TOOL, "127.0.0.1@%d" % port, str(port), *args], timeout=90, text=True,
                          stdout=subprocess.PIPE, check=False).stdout


def play(servers, script, more):
    """What the tool says; the resolver must not have been asked for the record itself."""
    servers.script, servers.asked, servers.wrong = FRONT | script, [], None
    question, only = ["CNAME", VALUE, RECORD], []
    if more[:1] == ("wrong",):
        servers.wrong = more[1]
    elif more[:1] == ("only",):
        only = [more[1]]
    else:
        question[:len(more)] = more
    said = look(servers.port, question[2], question[0], question[1], *only)
    told = [a for a in servers.asked if a[0] == "127.0.0.1" and a[1] == question[2]]
    return said, told


def main():
    tap = lint.Tap()
    servers = Servers()
    for what, script, more, wanted in ROWS:
        said, told = play(servers, script, more)
        wrong = ["the resolver was asked for the record"] if told else []
        if said != wanted:
            wrong.append("said %r instead of %r" % (said, wanted))
        tap.ok(what, wrong)
    gone = subprocess.run([TOOL, "127.0.0.9@9", "9", RECORD, "CNAME", VALUE], timeout=90, text=True,
                          stdout=subprocess.PIPE, check=False).stdout
    tap.ok("no resolver answers", [] if "no DNS resolver answers" in gone else [gone])
    tap.done()


main()
