# SPDX-License-Identifier: BSD-2-Clause
"""A program that decides over packets of an NFQUEUE, as application firewalls do."""

import os
import socket
import struct

NETFILTER, DIAGNOSIS = 12, 4  # netlink's families
BY_FAMILY = 20  # SOCK_DIAG_BY_FAMILY
SUBSYSTEM = 3 << 8  # nfnetlink_queue
PACKET, VERDICT, CONFIG = range(3)
ACKNOWLEDGED = 5  # NLM_F_REQUEST | NLM_F_ACK
DROP, ACCEPT = 0, 1


def attribute(kind, body):
    return struct.pack("=HH", 4 + len(body), kind) + body + bytes(-len(body) % 4)


def message(kind, queue, body, flags=1):
    """One of netlink's messages about a queue."""
    rest = struct.pack("!BBH", socket.AF_UNSPEC, 0, queue) + body
    return struct.pack("=IHHII", 16 + len(rest), SUBSYSTEM | kind, flags, 0, 0) + rest


def attributes(data):
    """The attributes of a message, by their kind."""
    found = {}
    while len(data) >= 4:
        size, kind = struct.unpack("=HH", data[:4])
        found[kind & 0x3FFF] = data[4:size]
        data = data[(size + 3) & ~3:]
    return found


def has_socket(diagnosis, packet, at):
    """Whether some socket of this namespace sent the packet whose TCP header is at `at`."""
    six = packet[0] >> 4 == 6
    source, target = (packet[8:24], packet[24:40]) if six else (packet[12:16], packet[16:20])
    body = struct.pack("=BBBxI4s16s16sI8s", socket.AF_INET6 if six else socket.AF_INET,
                       socket.IPPROTO_TCP, 0, 0xFFFFFFFF, packet[at:at + 4], source, target, 0,
                       8 * b"\xff")
    diagnosis.send(struct.pack("=IHHII", 16 + len(body), BY_FAMILY, 1, 0, 0) + body)
    return struct.unpack("=IH", diagnosis.recv(4096)[:6])[1] == BY_FAMILY


class Queue:
    """Decides over a queue of its place. To be told apart, it bears a name of its own.

    deny: "programs" (connections of programs; packets without a socket, as those of raw sockets,
    pass), "all", or "none".
    """

    def __init__(self, deny, number=0, name="appfirewall"):
        self.deny = deny
        self.number = number
        self.name = name

    def open(self, _world):
        self.listening, self.tell = os.pipe()

    def close(self):
        """Returns once it listens: a queue belongs to the process that binds it, not to us."""
        os.close(self.tell)
        os.read(self.listening, 1)
        os.close(self.listening)

    def run(self):
        with open("/proc/self/comm", "w", encoding="utf-8") as file:
            file.write(self.name)
        self.diagnosis = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, DIAGNOSIS)
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETFILTER)
        sock.bind((os.getpid(), 0))
        bind = attribute(1, struct.pack("!BBH", 1, 0, 0))
        whole = attribute(2, struct.pack("!IB", 0xFFFF, 2))
        for body in (bind, whole):
            sock.send(message(CONFIG, self.number, body, ACKNOWLEDGED))
            sock.recv(4096)
        os.write(self.tell, b".")
        while True:
            self.decide(sock, sock.recv(1 << 17))

    def decide(self, sock, data):
        size, kind = struct.unpack("=IH", data[:6])
        if kind != SUBSYSTEM | PACKET:
            return
        found = attributes(data[20:size])
        packet = found[10]
        at = 40 if packet[0] >> 4 == 6 else (packet[0] & 15) * 4
        denied = self.deny == "all" or (self.deny == "programs" and
                                        has_socket(self.diagnosis, packet, at))
        verdict = struct.pack("!I", DROP if denied else ACCEPT) + found[1][:4]
        sock.send(message(VERDICT, self.number, attribute(2, verdict)))
