# SPDX-License-Identifier: BSD-2-Clause
"""User-space boxes beside a router: they see what comes in and send what they like.

A box hears a packet before the router's own rules and its TTL check, so it answers probes that
expire there as well. Whether the packet goes on is for the router's rules to say.
"""

import heapq
import random
import select
import socket
import struct
import time

from labkit import packet

ETH_P_ALL = 3
PACKET_HOST = 0


class Box:
    """hears(segment) yields (delay in seconds, IP packet) to send.

    races: what it sends is to arrive before the server's answer to the same SYN.
    """

    races = False

    def __init__(self, port=587, device="in0"):
        self.port = port
        self.device = device

    def open(self, _world):
        self.ears = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self.ears.bind((self.device, ETH_P_ALL))
        self.mouths = {
            4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
            16: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW),
        }

    def close(self):
        for sock in (self.ears, *self.mouths.values()):
            sock.close()

    def send(self, data):
        if data[0] >> 4 == 4:
            mouth, where = self.mouths[4], (packet.text(data[16:20]), 0)
        else:
            mouth, where = self.mouths[16], (packet.text(data[24:40]), 0)
        try:
            mouth.sendto(data, where)
        except OSError:
            pass  # the router's own rules may forbid it

    def run(self):
        queue, count = [], 0
        while True:
            wait = max(0, queue[0][0] - time.monotonic()) if queue else None
            if select.select([self.ears], [], [], wait)[0]:
                data, origin = self.ears.recvfrom(65535)
                segment = packet.parse(data) if origin[2] == PACKET_HOST else None
                if segment and self.wants(segment):
                    for delay, reply in self.hears(segment):
                        if not delay:
                            self.send(reply)
                            continue
                        count += 1
                        heapq.heappush(queue, (time.monotonic() + delay, count, reply))
            while queue and queue[0][0] <= time.monotonic():
                self.send(heapq.heappop(queue)[2])

    def wants(self, segment):
        """A connection attempt to the port (0: to any)."""
        return (segment.flags & (packet.SYN | packet.ACK) == packet.SYN and
                self.port in (0, segment.dport))

    def hears(self, segment):
        raise NotImplementedError


class Resetter(Box):
    """Answers each SYN with resets.

    ttl: a number, "copy" (what the SYN had left), "random", or a table by server address.
    seqs: the sequence number of each reset. bad_ack: none would be believed by a real stack.
    mirror: the SYN's own IP ID and window.
    """

    races = True

    def __init__(self, ttl=64, delay_ms=0, seqs=(0,), bad_ack=False, mirror=False, **more):
        super().__init__(**more)
        self.ttl = ttl
        self.delay = delay_ms / 1000
        self.seqs = seqs
        self.bad_ack = bad_ack
        self.mirror = mirror
        self.random = random.Random(587)

    def reset_ttl(self, segment):
        if self.ttl == "copy":
            return segment.ttl
        if self.ttl == "random":
            return self.random.randint(40, 250)
        if isinstance(self.ttl, dict):
            return self.ttl[packet.text(segment.target)]
        return self.ttl

    def hears(self, segment):
        ack = (segment.seq - 77777) & 0xFFFFFFFF if self.bad_ack else None
        look = {"ident": segment.ident, "window": segment.window} if self.mirror else {}
        for seq in self.seqs:
            yield self.delay, packet.answer(segment, seq=seq, ack=ack,
                                            ttl=self.reset_ttl(segment), **look)


class Noise(Box):
    """What strangers may send to a client that probes; none of it answers a probe.

    kinds: "icmp" quotes a sequence number that was never sent; "reset" and "synack"
    acknowledge another; "other" is about another flow.
    """

    def __init__(self, kinds, **more):
        super().__init__(port=0, **more)
        self.kinds = kinds

    def hears(self, segment):
        stale = (segment.seq + 0x1234567) & 0xFFFFFFFF
        router = segment.target
        if "icmp" in self.kinds:
            yield 0, packet.unreachable(packet.with_seq(segment, stale), router, segment.source)
        if "reset" in self.kinds:
            yield 0, packet.answer(segment, ack=stale, ttl=60)
        if "synack" in self.kinds:
            yield 0.02, packet.answer(segment, flags=packet.SYN | packet.ACK, seq=99, ack=stale,
                                      window=64240, ttl=58)
        if "other" in self.kinds:
            at = 40 if segment.six else (segment.raw[0] & 15) * 4
            quote = segment.raw[:at] + struct.pack("!HH", 4242, 4343) + segment.raw[at + 4:]
            yield 0, packet.unreachable(quote, router, segment.source)
            if not segment.six:
                yield 0, packet.unreachable(quote, router, segment.source, 5, 1)


def duplicate(frame, _side):
    """A wire that gives every frame twice."""
    return ((0, frame), (0.0005, frame))


class Shuffle:
    """A wire that holds frames back for up to some milliseconds each, so that order is lost."""

    def __init__(self, most_ms):
        self.most = most_ms / 1000
        self.random = random.Random(587)

    def __call__(self, frame, _side):
        return ((self.random.random() * self.most, frame),)
