# SPDX-License-Identifier: BSD-2-Clause
"""The listeners of all servers in one process: sockets stay in the namespace they were made in."""

import selectors
import socket
import threading

from labkit import pki, smtp
from labkit.topology import NAMES

PORTS = (25, 80, 110, 143, 443, 465, 587, 588, 993, 995, 2525)
SMTP_PORTS = (25, 80, 587, 588, 2525)
IMPLICIT_PORT = 465
IPV6_TRANSPARENT = 75


def names_of(place, net=""):
    """What a server is called: first its own name, then those of the program's list."""
    return NAMES.get(net or place, (f"{place}.example",))


def prepare(topology):
    """Makes the servers' certificates once, in the process from which all laboratories fork."""
    for place in topology.servers:
        pki.certificate(names_of(place.name, place.net))


def hold(sock):
    """A service without a dialogue: silent until the client has had enough."""
    try:
        while sock.recv(4096):
            pass
    except OSError:
        pass
    sock.close()


class Listener:
    """Bound transparently: it also answers for other hosts' addresses, as a proxy does."""

    def __init__(self, port, names, ways):
        self.port = port
        self.names = names
        self.ways = ways
        self.sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
        self.sock.bind(("::", port))
        self.sock.listen(256)
        self.sock.setblocking(False)

    def ways_here(self):
        """A scenario may ask for something on port 465, 587, ... alone."""
        return self.ways.get(self.port, self.ways)

    def work(self, sock):
        """What a thread does with a connection."""
        if self.port in SMTP_PORTS or self.port == IMPLICIT_PORT or self.ways.get("everywhere"):
            session = smtp.Session(sock, self.names[0], self.names, self.ways_here())
            session.run(implicit=self.port == IMPLICIT_PORT)
        else:
            hold(sock)

    def ready(self):
        try:
            sock, _ = self.sock.accept()
        except OSError:
            return
        sock.setblocking(True)
        threading.Thread(target=self.work, args=(sock,), daemon=True).start()


def listen(names, closed=(), ports=PORTS, ways=None):
    """Listeners of one server, made in the caller's namespace."""
    return [Listener(port, names, ways or {}) for port in ports if port not in closed]


def serve(listeners):
    """Runs until the process is ended."""
    selector = selectors.DefaultSelector()
    for listener in listeners:
        selector.register(listener.sock, selectors.EVENT_READ, listener)
    while True:
        for key, _ in selector.select():
            key.data.ready()
