#!/usr/bin/python3 -Wignore
"""Servers that behave badly, each in its own way, on loopback.

    hostile.py WAY…      prints a line "WAY PORT SHA256" for each (the digest of the first
                         certificate that it shows, or "-"), then "ready"; until it is killed.
"""
import os
import select
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import hashlib

HELLO = bytes.fromhex("160303002a0200002603030000000000000000000000000000000000000000000000"
                      "000000000000000000" "00c02f00")


# --- certificates ------------------------------------------------------------------------------

class Shop:
    """Makes certificates with the openssl tool, each once."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *args):
        subprocess.run(("openssl",) + args, cwd=self.folder, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def path(self, name):
        return os.path.join(self.folder, name)

    def self_signed(self, name, subject):
        if not os.path.exists(self.path(name + ".pem")):
            self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                     "-nodes", "-keyout", name + ".key", "-out", name + ".pem",
                     "-subj", subject, "-days", "30")
        return self.path(name + ".pem"), self.path(name + ".key")

    def signed(self, name, subject, start, end):
        """A leaf and its CA in one file."""
        self.self_signed("ca", "/CN=hostile CA")
        self.run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-keyout", name + ".key", "-out", name + ".csr", "-subj", subject)
        with open(self.path(name + ".cnf"), "w") as f:
            f.write("[ca]\ndefault_ca=a\n[a]\nnew_certs_dir=.\ndatabase=%s.db\nrand_serial=yes\n"
                    "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n" % name)
        open(self.path(name + ".db"), "w").close()
        self.run("ca", "-batch", "-notext", "-config", name + ".cnf", "-cert", "ca.pem",
                 "-keyfile", "ca.key", "-in", name + ".csr", "-out", name + ".leaf",
                 "-startdate", start, "-enddate", end)
        with open(self.path(name + ".pem"), "w") as f:
            for part in (name + ".leaf", "ca.pem"):
                f.write(open(self.path(part)).read())
        return self.path(name + ".pem"), self.path(name + ".key")

    def many(self, name, count):
        pem, key = self.self_signed("plain", "/CN=localhost")
        with open(self.path(name + ".pem"), "w") as f:
            f.write(open(pem).read() * count)
        return self.path(name + ".pem"), key


def digest(pem):
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(
        open(pem).read().split("-----END")[0] + "-----END CERTIFICATE-----\n")).hexdigest()


# --- ways to behave ----------------------------------------------------------------------------

def until_closed(s, seconds=None):
    """Waits until the other side hangs up; False when the time has passed first."""
    while True:
        if not select.select([s], [], [], seconds)[0]:
            return False
        if not s.recv(65536):
            return True


def hear_line(s):
    line = b""
    while not line.endswith(b"\n"):
        byte = s.recv(1)
        if not byte:
            break
        line += byte
    return line


def hang(s):
    until_closed(s)


def says(*turns):
    """Says each turn after having heard something (the first at once), then waits."""
    def way(s):
        for i, turn in enumerate(turns):
            if i:
                s.recv(65536)
            s.sendall(turn)
        until_closed(s)
    return way


def answers(answer):
    def way(s):
        s.recv(65536)
        s.sendall(answer)
    return way


def big_chain(s):
    size = 10 << 20
    s.recv(65536)
    s.sendall(HELLO)
    body = b"\x0b" + struct.pack(">I", size + 3)[1:] + struct.pack(">I", size)[1:]
    body += b"\x0f\xff\xff" + b"\0" * (size - 3)
    for i in range(0, len(body), 16384):
        part = body[i:i + 16384]
        s.sendall(b"\x16\x03\x03" + struct.pack(">H", len(part)) + part)
    until_closed(s)


def endless(s):
    while True:
        s.sendall(b"220-and so on " * 64)


def endless_lines(s):
    while True:
        s.sendall(b"220-and so on\r\n" * 64)


def drip(s):
    while True:
        s.sendall(b"2")
        if until_closed(s, 1):
            return


def smtp(after, more=b""):
    def way(s):
        s.sendall(b"220 hostile ESMTP\r\n")
        hear_line(s)
        s.sendall(b"250-hostile\r\n250 STARTTLS\r\n")
        hear_line(s)
        s.sendall(after)
        if more:
            s.recv(65536)
            s.sendall(more)
        until_closed(s)
    return way


def tls(s, context):
    with context.wrap_socket(s, server_side=True) as wrapped:
        until_closed(wrapped)


# --- HTTP --------------------------------------------------------------------------------------

def http(head, body=b"", endless_body=b""):
    def way(s):
        while hear_line(s).strip():
            pass
        s.sendall(head + b"\r\n\r\n" + body)
        while endless_body:
            s.sendall(endless_body)
    return way


def echo(s):
    """Gives back what it heard, head and body."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += hear_line(s)
    length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    body = b""
    while length and len(body) < int(length[0].split(b":")[1]):
        body += s.recv(65536)
    s.sendall(b"HTTP/1.1 200 OK\r\nX-Odd: a\x1b[31mb\r\nContent-Length: %d\r\n\r\n"
              % len(head + body) + head + body)
    until_closed(s)


def many_headers(s):
    while hear_line(s).strip():
        pass
    s.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        s.sendall(b"X-More: " + b"m" * 1000 + b"\r\n")


def stays(s):
    """Answers every request of a connection with what tells the connection from others."""
    body = b"%d" % s.getpeername()[1]
    while hear_line(s):
        while hear_line(s).strip():
            pass
        s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


WAYS = {
    "hang": hang,
    "garbage": says(b"\x00\xff\x1b[31m\xe2\x80\xae rubbish"),
    "ssh": says(b"SSH-2.0-other\r\n"),
    "http-on-tls": answers(b"HTTP/1.1 400 Bad Request\r\nServer: plain\r\n\r\n"),
    "halfway": answers(HELLO[:20]),
    "closes": answers(b""),
    "alert": answers(b"\x15\x03\x03\x00\x02\x02\x28"),
    "rule-breaker": answers(b"\x16\x03\x03\x00\x04\x63\x00\x00\x00"),
    "big-chain": big_chain,
    "endless": endless,
    "endless-lines": endless_lines,
    "drip": drip,
    "refuses-starttls": smtp(b"454 4.7.0 no TLS \x1b[2J today\r\n"),
    "injects": smtp(b"220 go\r\n250 injected\r\n"),
    "plain-after-all": smtp(b"220 go\r\n", b"500 what was that\r\n"),
    "postgres-off": says(b"", b"N"),
    "http-endless": http(b"HTTP/1.1 200 OK", endless_body=b"x" * 65536),
    "http-long": http(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999"),
    "http-cut": http(b"HTTP/1.1 200 OK\r\nContent-Length: 100", b"only this"),
    "http-redirect": http(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                          b"Content-Length: 0"),
    "http-busy": http(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0"),
    "http-headers": many_headers,
    "http-echo": echo,
    "http-stays": stays,
}


def tls_ways(shop):
    def context(pem, key, **settings):
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        c.load_cert_chain(pem, key)
        for name, value in settings.items():
            setattr(c, name, value)
        return c, digest(pem)

    def old():
        c, d = context(*shop.self_signed("plain", "/CN=localhost"))
        c.set_ciphers("ALL:@SECLEVEL=0")
        c.minimum_version = c.maximum_version = ssl.TLSVersion.TLSv1
        return c, d

    def picky(version):
        c, d = context(*shop.self_signed("plain", "/CN=localhost"))
        c.load_verify_locations(shop.path("plain.pem"))
        c.verify_mode = ssl.CERT_REQUIRED
        c.minimum_version = c.maximum_version = version
        return c, d

    def named():
        """Knows one name only, and wants to hear it."""
        c, d = context(*shop.self_signed("plain", "/CN=localhost"))
        c.sni_callback = lambda s, name, _: (None if name == "known.example"
                                             else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME)
        return c, d

    return {
        "named": named,
        "self-signed": lambda: context(*shop.self_signed("plain", "/CN=localhost")),
        "wrong-name": lambda: context(*shop.self_signed("wrong", "/CN=elsewhere.invalid")),
        "chain": lambda: context(*shop.signed("fresh", "/CN=localhost", "20200101000000Z",
                                              "20991231000000Z")),
        "expired": lambda: context(*shop.signed("old", "/CN=localhost", "20200101000000Z",
                                                "20200201000000Z")),
        "many-certs": lambda: context(*shop.many("many", 40)),
        "tls10": old,
        "client-cert-12": lambda: picky(ssl.TLSVersion.TLSv1_2),
        "client-cert-13": lambda: picky(ssl.TLSVersion.TLSv1_3),
    }


def behave(way, s):
    with s:
        try:
            way(s)
        except OSError:
            pass


def serve(way, listener):
    while True:
        s, _ = listener.accept()
        threading.Thread(target=behave, args=(way, s), daemon=True).start()


def main():
    listeners = []
    with tempfile.TemporaryDirectory() as folder:
        secure = tls_ways(Shop(folder))
        for name in sys.argv[1:]:
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            listeners.append(listener)
            shown = "-"
            if name in secure:
                context, shown = secure[name]()
                way = lambda s, c=context: tls(s, c)
            else:
                way = WAYS.get(name)
            if way:
                listener.listen(64)
                threading.Thread(target=serve, args=(way, listener), daemon=True).start()
            elif name != "refuses":
                sys.exit("no such way: " + name)
            print(name, listener.getsockname()[1], shown)
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)


main()
