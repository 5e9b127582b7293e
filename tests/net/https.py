#!/usr/bin/python3 -Wignore
"""Servers with TLS, and proxies, on loopback, for the ways to reach one.

    https.py             prints a line "NAME PORT WORD" for each, then "ready"; until it is killed.
                         "folder" has as its word where the certificates and keys lie.

Each server answers any request with a JSON object: what it was asked, by whom, on the how manyth
connection.  A proxy answers CONNECT alone and knows one name, www.test, which is this machine.
"""
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

COUNTS = {}
SEEN = []                       # what the proxies were asked


def run(folder, *args):
    subprocess.run(("openssl",) + args, cwd=folder, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_ca(folder, name):
    run(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", name + ".key", "-out", name + ".pem", "-subj", "/CN=" + name, "-days", "30")


def make_leaf(folder, name, ca, alternative, purpose, days="30"):
    run(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
        name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name)
    with open(os.path.join(folder, name + ".ext"), "w") as f:
        f.write("subjectAltName=%s\nextendedKeyUsage=%s\n" % (alternative, purpose))
    run(folder, "x509", "-req", "-in", name + ".csr", "-CA", ca + ".pem", "-CAkey", ca + ".key",
        "-CAcreateserial", "-out", name + ".pem", "-days", days, "-extfile", name + ".ext")


def make_all(folder):
    make_ca(folder, "ca")
    make_ca(folder, "other-ca")
    here = "IP:127.0.0.1,IP:::1,DNS:localhost"
    make_leaf(folder, "here", "ca", here, "serverAuth")
    make_leaf(folder, "named", "ca", "DNS:www.test", "serverAuth")
    make_leaf(folder, "expired", "ca", here, "serverAuth", "-1")
    make_leaf(folder, "client", "ca", "DNS:client.test", "clientAuth")
    make_leaf(folder, "stranger", "other-ca", "DNS:stranger.test", "clientAuth")
    run(folder, "ec", "-in", "client.key", "-aes256", "-passout", "pass:x", "-out", "locked.key")
    os.mkdir(os.path.join(folder, "folder"))
    run(folder, "x509", "-in", "ca.pem", "-out", "folder/ca.pem")
    run(folder, "rehash", "folder")
    for name in ("client",):
        with open(os.path.join(folder, name + "-both.pem"), "w") as f:
            for part in (name + ".pem", name + ".key"):
                f.write(open(os.path.join(folder, part)).read())


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def setup(self):
        super().setup()
        COUNTS[self.server.name] = COUNTS.get(self.server.name, 0) + 1
        self.number = COUNTS[self.server.name]

    def do_GET(self):
        peer = getattr(self.connection, "getpeercert", lambda: None)()
        who = dict(x[0] for x in peer["subject"])["commonName"] if peer else ""
        tls = getattr(self.connection, "version", lambda: "")() or ""
        body = json.dumps({"who": who, "host": self.headers.get("Host", ""), "path": self.path,
                           "connection": str(self.number), "tls": tls,
                           "cookie": self.headers.get("Cookie", ""),
                           "authorization": self.headers.get("Authorization", ""),
                           "proxies": " ".join(SEEN)}).encode()
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "a=b; Path=/")
        if self.path == "/away":
            self.send_header("Location", "/gone-there")
        self.end_headers()
        self.wfile.write(body)


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args):
        pass

    def shutdown_request(self, request):
        """As servers do: a close with something unread would be a reset, which may come before
        what was said last (an alert, say) is read."""
        try:
            request.shutdown(socket.SHUT_WR)
            request.settimeout(10)
            while request.recv(65536):
                pass
        except OSError:
            pass
        self.close_request(request)

    def get_request(self):
        s, address = super().get_request()
        return (self.context.wrap_socket(s, server_side=True, do_handshake_on_connect=False)
                if self.context else s), address


def context(folder, name, wants=None, low=None, high=None):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key"))
    if wants:
        c.load_verify_locations(os.path.join(folder, wants + ".pem"))
        c.verify_mode = ssl.CERT_REQUIRED
    if low:
        c.set_ciphers("ALL:@SECLEVEL=0")
        c.minimum_version = low
    if high:
        c.maximum_version = high
    return c


def start(name, made, handler=Answer):
    server = Quiet(("127.0.0.1", 0), handler)
    server.name, server.context = name, made
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(name, server.server_port, "-")


# --- proxies -----------------------------------------------------------------------------------

def pump(a, b):
    try:
        while True:
            data = a.recv(65536)
            if not data:
                break
            b.sendall(data)
        b.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Proxy(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_CONNECT(self):
        SEEN.append("%s:%s" % (self.server.name, self.path))
        if self.server.name == "proxy-shut":
            return self.say(403)
        if self.server.name == "proxy-asks" and \
                self.headers.get("Proxy-Authorization") != "Basic bWU6d29yZA==":
            return self.say(407, ("Proxy-Authenticate", 'Basic realm="x"'))
        host, _, port = self.path.rpartition(":")
        there = socket.create_connection(("127.0.0.1" if host == "www.test" else host, int(port)))
        self.say(200)
        threading.Thread(target=pump, args=(there, self.connection), daemon=True).start()
        pump(self.connection, there)

    def do_GET(self):
        SEEN.append("%s:%s" % (self.server.name, self.path))
        self.say(418)

    def say(self, status, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 200:
            self.send_header("Content-Length", "0")
        self.end_headers()
        self.wfile.flush()


def main():
    folder = tempfile.mkdtemp()
    make_all(folder)
    v = ssl.TLSVersion
    print("folder", 0, folder)
    start("here", context(folder, "here"))
    start("named", context(folder, "named"))
    start("expired", context(folder, "expired"))
    start("mutual", context(folder, "here", "ca"))
    start("mutual12", context(folder, "here", "ca", high=v.TLSv1_2))
    start("old", context(folder, "here", low=v.TLSv1, high=v.TLSv1_1))
    start("plain", None)
    for name in ("proxy", "proxy-asks", "proxy-shut"):
        start(name, None, Proxy)
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)


main()
