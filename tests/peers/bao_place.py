"""A place with an account at a real OpenBao, and a proxy before it that counts what is asked.

The proxy can do something just before an answer: that is how a server is sealed in the middle of
a job, at the same call each time.
"""
import collections
import http.client
import http.server
import os
import sys
import threading

import visit
from bao import ROOT, Bao

sys.path.insert(0, os.path.join(visit.SOURCE, "tests", "cli"))
from place import Place, holds, same     # noqa: E402


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0][len("/v1/"):]
        with self.server.lock:
            self.server.asked.append((self.command, path))
            hook = self.server.hook and self.server.hook(self.command, path)
        if hook == "cut":       # before the server hears of it
            self.close_connection = True
            return
        bao = self.server.bao
        link = http.client.HTTPSConnection("127.0.0.1", bao.port, context=bao.tls)
        link.request(self.command, self.path, body or None,
                     {k: v for k, v in self.headers.items() if k.lower().startswith("x-vault")
                      or k.lower() == "content-type"})
        reply = link.getresponse()
        text = reply.read()
        link.close()
        if hook == "lose":
            self.close_connection = True
            return
        try:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.headers.get("Content-Type", "application/json"))
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except OSError:         # who asked has gone
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_LIST = do_DELETE = pass_on


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Who asks may go at any time."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Proxy:
    def __init__(self, bao):
        self.server = Listener(("127.0.0.1", 0), Handler)
        self.server.bao, self.server.asked, self.server.hook = bao, [], None
        self.server.lock = threading.Lock()
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def forget(self, hook=None):
        self.server.asked, self.server.hook = [], hook

    def count(self, start):
        """How many calls there were to each path that begins so."""
        return sum(n for path, n in collections.Counter(p for _, p in self.server.asked).items()
                   if path.startswith(start))

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class BaoPlace(Place):
    def __init__(self, folder):
        super().__init__()
        self.bao = Bao(folder)
        self.proxy = Proxy(self.bao)

    def __exit__(self, *why):
        self.proxy.end()
        self.bao.server.end()
        super().__exit__(*why)

    def good(self, *args, **more):
        run = self.certty(*args, **more)
        same(run.status, 0, "%s: %s%s" % (" ".join(args), run.out, run.err))
        return run

    def bad(self, *args, says=(), status=None, **more):
        run = self.certty(*args, **more)
        if run.status <= 0 or (status and run.status != status):
            raise AssertionError("%s: status %d, %s" % (" ".join(args), run.status, run.err or run.out))
        holds(run.err + run.out, *says)
        return run

    def account(self, name, token=ROOT, *more):
        self.good("accounts", "add", "--name", name, "--provider", "vault", "--address", self.proxy.url,
                  "--keep", "memory", "--token-command", "echo " + token, *more)
        return self.certty("account-stores", name)

    def rows(self, kind):
        return self.certty("ls", kind, "-o", "json", "--offline").json["rows"]

    def stores(self, account):
        return {r["id"][len(account) + 1:]: r for r in self.rows("stores") if r["account"] == account}

    def held(self, store):
        """name -> row, of a store."""
        return {r["name"]: r for r in self.rows("certs")
                if store in [place["store"] for place in r["places"]]}

    # --- what an administrator of the server does ---

    def engine(self, mount, **headers):
        """A pki that issues below example.com."""
        ask = self.bao.ask
        ask("POST", "sys/mounts/" + mount, {"type": "pki", "config": {"max_lease_ttl": "87600h"}}, **headers)
        ask("POST", mount + "/root/generate/internal", {"common_name": "Root of " + mount, "key_type": "ec",
                                                        "key_bits": 256, "ttl": "8760h"}, **headers)
        ask("POST", mount + "/roles/web", {"allowed_domains": "example.com", "allow_subdomains": True,
                                           "max_ttl": "72h", "key_type": "ec", "key_bits": 256}, **headers)

    def issue(self, mount, name, **more):
        return self.bao.ask("POST", mount + "/issue/web", {"common_name": name, **more})["data"]

    def token(self, *rules):
        """One that may do this: pairs of a path and its capabilities."""
        text = "".join('path "%s" { capabilities = [%s] }\n'
                       % (path, ", ".join('"%s"' % c for c in what.split())) for path, what in rules)
        name = "p%d" % abs(hash(text))
        self.bao.ask("PUT", "sys/policies/acl/" + name, {"policy": text})
        return self.bao.token(policies=[name])
