"""What the simulators share: an HTTP server on the loopback that a test starts and stops.

A simulator prints one line, "http://127.0.0.1:PORT" (https with --cert and --key), and serves
until its standard input ends.  Every request is logged with its answer, one JSON object a line,
to --log.  What is wrong on purpose is asked for through POST /sim/fault {"path": "/regex",
"times": 2, ...}: "status" with "body" and "headers", "delay" in seconds, "break" (closes in
mid-body), "drop" (does what is asked and closes without an answer), "twice" (it comes again before
it is answered, and the second answer is sent), "lie" (Content-Type text/html).  "method" and
"host", of whose name, narrow it; faults are used up in order.

A simulator must not judge requests by code of certty's: signatures, tokens and schemas are
checked by libraries that others wrote.
"""
import argparse
import http.server
import json
import re
import ssl
import sys
import threading
import time
import urllib.parse


class Request:
    """One request, read whole."""

    def __init__(self, handler, body):
        parts = urllib.parse.urlsplit(handler.path)
        self.method = handler.command
        self.path = parts.path
        self.query = urllib.parse.parse_qs(parts.query, keep_blank_values=True)
        self.target = handler.path
        self.headers = handler.headers
        self.body = body
        self.peer = getattr(handler.connection, "getpeercert", lambda: None)()

    def json(self):
        return json.loads(self.body)

    def form(self):
        return {k: v[0] for k, v in urllib.parse.parse_qs(self.body.decode(),
                                                        keep_blank_values=True).items()}


class Reply:
    """A status, a body (bytes, text, or anything for JSON), headers."""

    def __init__(self, status=200, body=b"", headers=None, kind=None):
        if not isinstance(body, (bytes, str)):
            body, kind = json.dumps(body), kind or "application/json"
        self.status = status
        self.body = body.encode() if isinstance(body, str) else body
        self.headers = dict(headers or {})
        self.headers.setdefault("Content-Type", kind or "text/plain")


class Sim:
    """Subclasses answer by `handle(request)`, which returns a Reply; one call at a time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.faults = []

    def arguments(self, parser):
        """For options of a simulator's own."""

    def clock(self):
        """What the Date of an answer says, in seconds since 1970."""
        return time.time()

    def handle(self, request):
        raise NotImplementedError

    def is_settled(self):
        """Whether nobody is connected but who asks this."""
        return self.server.open <= 1

    def fault_of(self, request):
        for fault in self.faults:
            if (fault.get("times", 1) > 0 and fault.get("method", request.method) == request.method
                    and re.search(fault.get("path", ""), request.path)
                    and re.search(fault.get("host", ""), request.headers.get("Host", ""))):
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return None

    def answer(self, request):
        if request.path == "/sim/fault":
            self.faults.append(request.json())
            return Reply(204), {}
        if request.path == "/sim/settled":
            return Reply(200, json.dumps({"is": self.is_settled()})), {}
        fault = self.fault_of(request) or {}
        if "status" in fault:
            return Reply(fault["status"], fault.get("body", ""), fault.get("headers")), fault
        with self.lock:
            reply = self.handle(request)
            if fault.get("twice"):
                reply = self.handle(request)
        if fault.get("lie"):
            reply.headers["Content-Type"] = "text/html"
        return reply, fault

    def main(self):
        parser = argparse.ArgumentParser()
        for name in ("--cert", "--key", "--client-ca", "--log"):
            parser.add_argument(name)
        parser.add_argument("--port", type=int, default=0)
        self.arguments(parser)
        self.options = parser.parse_args()
        serve(self)


def make_handler(sim, log):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "sim", ""

        def log_message(self, *args):
            pass

        def date_time_string(self, timestamp=None):
            return super().date_time_string(sim.clock() if timestamp is None else timestamp)

        def note(self, request, reply):
            if log:
                log.write(json.dumps({"method": request.method, "target": request.target,
                                      "headers": dict(request.headers),
                                      "body": request.body.decode("latin-1"),
                                      "status": reply.status,
                                      "reply": reply.body.decode("latin-1")}) + "\n")
                log.flush()

        def handle(self):
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                self.close_connection = True    # who asked has gone

        def any(self):
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(self, self.rfile.read(length))
            reply, fault = sim.answer(request)
            self.note(request, reply)
            if "delay" in fault:
                threading.Event().wait(fault["delay"])
            if fault.get("drop"):
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command == "HEAD" or reply.status == 204:
                return
            half = len(reply.body) // 2 if fault.get("break") else len(reply.body)
            self.wfile.write(reply.body[:half])
            self.close_connection = self.close_connection or bool(fault.get("break"))

    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "LIST"):
        setattr(Handler, "do_" + method, Handler.any)
    return Handler


class Server(http.server.ThreadingHTTPServer):
    """Knows how many connections are open, counted from when they are accepted."""
    daemon_threads = True

    def __init__(self, address, handler):
        super().__init__(address, handler)
        self.open = 0
        self.counting = threading.Lock()

    def count(self, by):
        with self.counting:
            self.open += by

    def process_request(self, request, client_address):
        self.count(1)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        super().shutdown_request(request)
        self.count(-1)

    def handle_error(self, request, client_address):
        """Who asks may go at any time."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError)):
            super().handle_error(request, client_address)


def serve(sim):
    o = sim.options
    log = open(o.log, "a", encoding="utf-8") if o.log else None
    server = sim.server = Server(("127.0.0.1", o.port), make_handler(sim, log))
    if o.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(o.cert, o.key)
        if o.client_ca:
            context.load_verify_locations(o.client_ca)
            context.verify_mode = ssl.CERT_OPTIONAL
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("%s://127.0.0.1:%d" % ("https" if o.cert else "http", server.server_port), flush=True)
    sys.stdin.read()
    server.shutdown()
