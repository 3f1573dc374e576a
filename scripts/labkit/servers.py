# SPDX-License-Identifier: BSD-2-Clause
"""The listeners of all servers in one process: sockets stay in the namespace they were made in."""

import selectors
import socket

from labkit.smtp import Dialogue

PORTS = (25, 80, 110, 143, 443, 465, 587, 588, 993, 995, 2525)
SMTP_PORTS = (25, 80, 587, 588, 2525)
IPV6_TRANSPARENT = 75


class Connection:
    def __init__(self, sock, dialogue):
        self.sock = sock
        self.dialogue = dialogue
        if dialogue:
            sock.sendall(dialogue.greeting())

    def ready(self, selector):
        try:
            data = self.sock.recv(4096)
            if data and self.dialogue:
                self.sock.sendall(self.dialogue.feed(data))
        except OSError:
            data = b""
        if not data or (self.dialogue and self.dialogue.done):
            selector.unregister(self.sock)
            self.sock.close()


class Listener:
    """Bound transparently: it also answers for other hosts' addresses, as a proxy does."""

    def __init__(self, port, name):
        self.port = port
        self.name = name
        self.sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
        self.sock.bind(("::", port))
        self.sock.listen(256)
        self.sock.setblocking(False)

    def ready(self, selector):
        try:
            sock, _ = self.sock.accept()
            dialogue = Dialogue(self.name) if self.port in SMTP_PORTS else None
            connection = Connection(sock, dialogue)
        except OSError:
            return
        sock.setblocking(False)
        selector.register(sock, selectors.EVENT_READ, connection)


def listen(name, closed=(), ports=PORTS):
    """Listeners of one server, made in the caller's namespace."""
    return [Listener(port, name) for port in ports if port not in closed]


def serve(listeners):
    """Runs until the process is ended."""
    selector = selectors.DefaultSelector()
    for listener in listeners:
        selector.register(listener.sock, selectors.EVENT_READ, listener)
    while True:
        for key, _ in selector.select():
            key.data.ready(selector)
