# SPDX-License-Identifier: BSD-2-Clause
"""A user-mode NAT, as virtual machines and containers without privileges have it.

It answers every SYN itself, whatever its TTL, once its own connection to the server has come
about; where that one is refused, it resets. No packet of the guest's goes further, so no router
sends an expiry. The links lose nothing: there is no retransmission.
"""

import contextlib
import errno
import select
import socket
import struct
from dataclasses import dataclass

from labkit import packet
from labkit.boxes import PACKET_HOST, Box

FIN, PSH = 0x01, 0x08
WINDOW = 64240
CHUNK = 1400
ISN = 0x10203040


@dataclass
class Flow:
    """A connection of the guest's and the NAT's own one to the same server."""
    syn: packet.Segment
    sock: socket.socket
    up: bool = False
    sent: int = ISN  # our next sequence number
    heard: int = 0  # the guest's next one
    ended: bool = False


def payload(segment):
    start = 40 if segment.six else (segment.raw[0] & 15) * 4
    end = (40 + struct.unpack("!H", segment.raw[4:6])[0] if segment.six else
           struct.unpack("!H", segment.raw[2:4])[0])
    return segment.raw[start + (segment.raw[start + 12] >> 4) * 4:end]


class UserNat(Box):
    """ttl: with which it answers."""

    def __init__(self, ttl=64, **more):
        super().__init__(port=0, **more)
        self.ttl = ttl
        self.flows = {}

    def segment(self, flow, flags, data=b""):
        syn = flow.syn
        head = struct.pack("!HHIIBBHHH", syn.dport, syn.sport, flow.sent & 0xFFFFFFFF,
                           flow.heard & 0xFFFFFFFF, 5 << 4, flags, WINDOW, 0, 0)
        cover = packet.pseudo(syn.target, syn.source, 6, len(head) + len(data))
        total = packet.checksum(cover + head + data)
        body = head[:16] + struct.pack("!H", total) + head[18:] + data
        self.send(packet.ip_packet(syn.target, syn.source, 6, body, self.ttl))

    def begin(self, key, syn):
        sock = socket.socket(socket.AF_INET6 if syn.six else socket.AF_INET)
        sock.setblocking(False)
        flow = Flow(syn, sock, heard=syn.seq + 1)
        try:
            failed = sock.connect_ex((packet.text(syn.target), syn.dport))
        except OSError as error:
            failed = error.errno
        if failed not in (0, errno.EINPROGRESS):
            self.refuse(flow)
            return
        self.flows[key] = flow

    def refuse(self, flow):
        flow.sock.close()
        self.send(packet.answer(flow.syn, ttl=self.ttl))

    def drop(self, key):
        self.flows.pop(key).sock.close()

    def connected(self, key):
        """The NAT's own connection has come about or failed."""
        flow = self.flows[key]
        if flow.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.flows.pop(key)
            self.refuse(flow)
            return
        flow.up = True
        self.segment(flow, packet.SYN | packet.ACK)
        flow.sent += 1

    def from_server(self, key):
        flow = self.flows[key]
        try:
            data = flow.sock.recv(CHUNK)
        except OSError:
            self.send(packet.answer(flow.syn, seq=flow.sent, ack=flow.heard, ttl=self.ttl))
            self.drop(key)
            return
        self.segment(flow, PSH | packet.ACK if data else FIN | packet.ACK, data)
        flow.sent += len(data) or 1
        flow.ended = not data

    def from_guest(self, segment):
        key = (segment.source, segment.sport, segment.target, segment.dport)
        if segment.flags & packet.RST:
            if key in self.flows:
                self.drop(key)
            return
        if segment.flags & packet.SYN:
            if key in self.flows and self.flows[key].syn.seq == segment.seq:
                return
            if key in self.flows:
                self.drop(key)
            self.begin(key, segment)
            return
        flow, data = self.flows.get(key), payload(segment)
        if not flow or not flow.up or (segment.seq - flow.heard) & 0xFFFFFFFF:
            return
        if data:
            flow.heard += len(data)
            self.pass_on(flow, data)
        if segment.flags & FIN:
            flow.heard += 1
            with contextlib.suppress(OSError):
                flow.sock.shutdown(socket.SHUT_WR)
        if data or segment.flags & FIN:
            self.segment(flow, packet.ACK)

    @staticmethod
    def pass_on(flow, data):
        flow.sock.setblocking(True)
        with contextlib.suppress(OSError):  # the next read shows it
            flow.sock.sendall(data)
        flow.sock.setblocking(False)

    def run(self):
        while True:
            waits = {flow.sock: key for key, flow in self.flows.items() if not flow.up}
            reads = {flow.sock: key for key, flow in self.flows.items()
                     if flow.up and not flow.ended}
            readable, writable, _ = select.select([self.ears, *reads], list(waits), [])
            for sock in writable:
                self.connected(waits[sock])
            for sock in readable:
                if sock is not self.ears:
                    self.from_server(reads[sock])
            if self.ears in readable:
                data, origin = self.ears.recvfrom(65535)
                segment = packet.parse(data) if origin[2] == PACKET_HOST else None
                if segment:
                    self.from_guest(segment)
