# SPDX-License-Identifier: BSD-2-Clause
"""A laboratory mail server: one session of submission, well-behaved or as a scenario asks.

Ways (keyword arguments of a server's `mail` in a scenario):

starttls  "offered"; "none"; "masked" (XXXXXXXA); "denied" (454); "sometimes" (every second)
delay     seconds before the greeting
refuse    a greeting that is a refusal, "554 ..." or "421 ..."
abort     "greeting", "ehlo", "starttls" or "hello": a reset of the server's own at that point
hostile   "escapes", "nul", "long", "flood", "stream" or "http": what comes in place of a greeting
greeting  its text; {name} is the server's
key       who signed its certificate: "lab", "rogue", None (itself)
"""

import itertools
import os
import socket
import ssl
import struct
import tempfile
import time

from labkit import pki

KEYWORDS = ("PIPELINING", "SIZE 52428800", "ENHANCEDSTATUSCODES", "8BITMIME")
LINE_MAX = 4096
TURNS = itertools.count()
HOSTILE = {
    "escapes": b"220 mx \x1b[2J\x1b]0;owned\x07\x1b[31m \xe2\x80\xae evil \x9b5n\x08\x08 ESMTP\r\n",
    "nul": b"220 mx.\x00hidden\x00 ESMTP\x00\r\n",
    "long": b"220 " + 100000 * b"A" + b" ESMTP\r\n",
    "http": b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n",
}


def context(names, key="lab"):
    """A TLS context with a certificate for these names."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write(pki.certificate(tuple(names), key))
        file.flush()
        made.load_cert_chain(file.name)
    return made


def reset(sock):
    """Closes with a reset, as a process that dies does."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Gone(Exception):
    """The session is over."""


class Session:
    def __init__(self, sock, name, names, ways):
        self.sock = sock
        self.name = name
        self.names = names
        self.ways = ways
        self.pending = b""
        self.secure = False
        tls = ways.get("starttls", "offered")
        self.starttls = ("offered", "none")[next(TURNS) % 2] if tls == "sometimes" else tls

    def run(self, implicit=False):
        try:
            if implicit:
                self.start_tls()
            self.greet()
            while True:
                self.answer(self.line())
        except (OSError, Gone, ValueError):
            pass
        finally:
            self.sock.close()

    def start_tls(self):
        made = context(self.names, self.ways.get("key", "lab"))
        self.sock = made.wrap_socket(self.sock, server_side=True)
        self.secure, self.pending = True, b""

    def send(self, *lines):
        self.sock.sendall("".join(line + "\r\n" for line in lines).encode())

    def reply(self, code, *texts):
        last = len(texts) - 1
        self.send(*(f"{code}{'-' if index < last else ' '}{text}"
                    for index, text in enumerate(texts)))

    def line(self):
        while b"\n" not in self.pending:
            data = self.sock.recv(4096)
            if not data or len(self.pending) > LINE_MAX:
                raise Gone
            self.pending += data
        line, self.pending = self.pending.split(b"\n", 1)
        return line.decode("ascii", "replace").strip()

    def abort_at(self, point):
        if self.ways.get("abort") == point:
            reset(self.sock)
            raise Gone

    def greet(self):
        time.sleep(self.ways.get("delay", 0))
        hostile = self.ways.get("hostile")
        if hostile in HOSTILE:
            self.sock.sendall(HOSTILE[hostile])
        elif hostile:
            while True:
                self.sock.sendall(b"220-again and again\r\n" if hostile == "flood" else b"2" * 4096)
        elif "refuse" in self.ways:
            self.send(self.ways["refuse"].format(name=self.name))
            raise Gone
        else:
            self.reply(220, self.ways.get("greeting", "{name} ESMTP").format(name=self.name))
        self.abort_at("greeting")

    def keywords(self):
        words = {"offered": ("STARTTLS",), "denied": ("STARTTLS",), "masked": ("XXXXXXXA",)}
        if self.secure:
            return (*KEYWORDS, "AUTH PLAIN LOGIN")
        return (*KEYWORDS[:2], *words.get(self.starttls, ()), *KEYWORDS[2:])

    def answer(self, line):
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            self.abort_at("ehlo")
            self.reply(250, self.name, *self.keywords())
        elif verb == "HELO":
            self.reply(250, self.name)
        elif verb in ("NOOP", "RSET"):
            self.reply(250, "2.0.0 Ok")
        elif verb == "QUIT":
            self.reply(221, "2.0.0 Bye")
            raise Gone
        elif verb == "STARTTLS" and self.starttls == "offered" and not self.secure:
            self.abort_at("starttls")
            self.reply(220, "2.0.0 Ready to start TLS")
            if self.ways.get("abort") == "hello":
                self.sock.recv(4096)
                self.abort_at("hello")
            self.start_tls()
        elif verb == "STARTTLS" and self.starttls == "denied":
            self.reply(454, "4.7.0 TLS not available due to a local problem")
        elif verb in ("MAIL", "RCPT", "DATA", "AUTH"):
            self.reply(530, "5.7.0 Must issue a STARTTLS command first")
        else:
            self.reply(500, "5.5.2 Error: command not recognized")
