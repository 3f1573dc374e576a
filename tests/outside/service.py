# SPDX-License-Identifier: BSD-2-Clause
"""A measurement service on the loopback interface that plays what it is told.

It has what a session of the tracer made, and hands it out as the interfaces of RIPE Atlas and
Globalping do; a mood says how it misbehaves.
"""

import http.server
import json
import ssl
import threading
import time

KEY = "11111111-2222-3333-4444-555555555555"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, value, headers=()):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, text in headers:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def answer(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server = self.server
        server.seen.append((method, self.path, self.headers.get("Authorization"), body))
        try:
            server.play(self, method, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def do_DELETE(self):
        self.answer("DELETE")


class Service(http.server.ThreadingHTTPServer):
    """`mood` is what it plays; `seen` what it was asked."""

    daemon_threads = True

    def __init__(self, session, mood="good", certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.session, self.mood = session, mood
        self.seen, self.polls, self.refused, self.cut = [], 0, 0, set()
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that goes away, or does not like the certificate, is part of the play."""

    # --- what it plays -----------------------------------------------------------------------

    def play(self, h, method, body):
        path = h.path
        if path.startswith("/v1/"):
            return self.globalping(h, method, body)
        if path.startswith("/api/v2/probes/"):
            return self.send_probes(h, path)
        if method == "POST":
            return self.create(h, body)
        if method == "DELETE":
            return h.send(204, b"")
        if "/results/" in path:
            return self.send_results(h, int(path.split("/")[4]))
        return self.send_object(h, int(path.split("/")[4]))

    def send_probes(self, h, path):
        same = "asn_v4=" in path.split("fields=")[1]
        known = "id__in" in path
        probes = [p for p in self.session.probes
                  if known or (p["asn_v4"] == 64500) == same]
        if self.mood == "no-probes":
            probes = []
        h.send(200, {"count": len(probes), "next": None, "results": probes})

    def create(self, h, body):
        if self.mood == "400":
            return h.send(400, {"error": {
                "status": 400, "code": 104, "title": "Bad Request", "detail": "There was a problem",
                "errors": [{"source": {"pointer": "/definitions/0/target"},
                            "detail": "This \x1b[31mtarget is not allowed."}]}})
        if self.mood == "403":
            return h.send(403, {"error": {"status": 403, "title": "Forbidden",
                                          "detail": "The provided API key does not exist"}})
        if self.mood == "redirect":
            return h.send(307, b"", [("Location", self.url + "/elsewhere")])
        if self.mood == "429" and self.refused < 2:
            self.refused += 1
            return h.send(429, {"error": {"status": 429, "detail": "Too many requests"}})
        if self.mood == "nonsense":
            return h.send(200, b"<html>\x00hello</html>")
        if self.mood == "slow":
            h.send_response(200)
            h.send_header("Content-Length", "1000")
            h.end_headers()
            for _ in range(1000):
                h.wfile.write(b"{")
                h.wfile.flush()
                time.sleep(0.1)
            return None
        json.loads(body)
        return h.send(201, {"measurements": [o["id"] for o in self.session.objects]})

    def send_object(self, h, number):
        found = next((o for o in self.session.objects if o["id"] == number), None)
        if not found:
            return h.send(404, {"error": {"status": 404, "detail": "Not found."}})
        value = dict(found, participant_count=len(self.session.probes), credits_per_result=60)
        value["status"] = {"id": 2, "name": "Ongoing"}
        if self.mood == "no-suitable":
            value["status"] = {"id": 6, "name": "No suitable probes"}
        if self.mood == "huge":
            return self.send_huge(h)
        return h.send(200, value)

    def send_huge(self, h):
        h.send_response(200)
        h.send_header("Content-Length", str(100 << 20))
        h.end_headers()
        for _ in range(100):
            h.wfile.write(b"[" * (1 << 20))
        return None

    def send_results(self, h, number):
        lines = [json.dumps(r) + "\n" for r in self.session.results if r["msm_id"] == number]
        self.polls += 1
        if self.mood == "three":
            rounds = self.polls // max(1, len(self.session.objects))
            lines = lines[:len(lines) * min(3, rounds + 1) // 3]
        if self.mood == "never":
            lines = lines[:len(lines) // 2]
        body = "".join(lines).encode()
        if self.mood == "cut" and number not in self.cut:
            self.cut.add(number)
            h.send_response(200)
            h.send_header("Content-Length", str(len(body) + 500))
            h.end_headers()
            h.wfile.write(body)
            h.close_connection = True
            return None
        return h.send(200, body)

    # --- Globalping ----------------------------------------------------------------------------

    def globalping(self, h, method, body):
        if method == "POST":
            order = json.loads(body)
            if self.mood == "422":
                return h.send(422, {"error": {"type": "no_probes_found",
                                              "message": "No suitable probes found."}})
            if self.mood == "400":
                return h.send(400, {"error": {"type": "validation_error", "message": "Invalid",
                                              "params": {"target": "is blacklisted"}}})
            self.session.append(order)
            return h.send(202, {"id": f"m{len(self.session)}", "probesCount": 2},
                          [("Location", self.url)])
        number = int(h.path.rsplit("/m", 1)[1])
        self.polls += 1
        busy = self.mood == "three" and self.polls % 3
        order = self.session[number - 1]
        value = self.measured(order, number)
        value["status"] = "in-progress" if busy else "finished"
        return h.send(200, value)

    def measured(self, order, number):
        """Two places: one whose provider drops the port behind its second router, one open."""
        port, ping = order["measurementOptions"]["port"], order["type"] == "ping"
        results = []
        for i, asn in enumerate((64500, 64511)):
            lost = asn == 64500 and port == 587
            way = ["192.168.0.1", f"198.51.{100 + i}.1", f"198.51.{100 + i}.2", f"198.18.{i}.1"]
            hops = [{"resolvedAddress": a, "timings": [{"rtt": 1.0 + k}, {"rtt": 1.2 + k}]}
                    for k, a in enumerate(way[:2] if lost else [*way, order["target"]])]
            hops += [{"resolvedAddress": None, "timings": []}] * (8 if lost else 0)
            rcv = 0 if lost else 3
            result = {"status": "finished", "rawOutput": "traceroute to somewhere",
                      "resolvedAddress": order["target"]}
            result |= {"stats": {"total": 3, "rcv": rcv}} if ping else {"hops": hops}
            results.append({"probe": {"country": "DE", "city": "X", "asn": asn}, "result": result})
        return {"id": f"m{number}", "type": order["type"], "target": order["target"],
                "createdAt": "2026-11-30T10:00:00.000Z", "results": results,
                "measurementOptions": order["measurementOptions"]}
