# SPDX-License-Identifier: BSD-2-Clause
"""Further boxes beside a router: rejections of every look, forged handshakes, choosy resets."""

import random
import struct
import time

from labkit import packet
from labkit.boxes import Box

MPLS_LABEL = struct.pack("!HBBI", 8, 1, 1, 24001 << 12 | 1 << 8 | 254)  # RFC 4950


def with_ttl(raw, ttl):
    """The packet with another TTL, its header's checksum mended."""
    if raw[0] >> 4 == 6:
        return raw[:7] + bytes([ttl]) + raw[8:]
    head = raw[:8] + bytes([ttl]) + raw[9:10] + b"\0\0" + raw[12:20]
    return head[:10] + struct.pack("!H", packet.checksum(head)) + head[12:] + raw[20:]


def extended(quote, six):
    """The length that RFC 4884 asks for, and the quote padded, with a label stack behind it."""
    unit = 8 if six else 4
    room = max(128, -(-len(quote) // unit) * unit)
    head = b"\x20\x00\x00\x00" + MPLS_LABEL
    head = head[:2] + struct.pack("!H", packet.checksum(head)) + head[4:]
    word = (room // unit) << (24 if six else 16)
    return word, quote.ljust(room, b"\0") + head


def icmp_error(quote, source, target, kind, code, *, ttl=64, word=0):
    """An ICMP error with a second word of its own."""
    six = len(target) == 16
    body = struct.pack("!BBHI", kind, code, 0, word) + quote
    cover = packet.pseudo(source, target, 58, len(body)) if six else b""
    body = body[:2] + struct.pack("!H", packet.checksum(cover + body)) + body[4:]
    return packet.ip_packet(source, target, 58 if six else 1, body, ttl)


class Placed(Box):
    """A box that hears everything, or (behind=True) only what the router's TTL check passes.

    What it hears behind the check has been decremented. only: addresses of servers, or any.
    """

    def __init__(self, behind=False, only=(), **more):
        super().__init__(**more)
        self.behind = behind
        self.only = only

    def wants(self, segment):
        if self.only and packet.text(segment.target) not in self.only:
            return False
        return super().wants(segment) and (segment.ttl > 1 or not self.behind)

    def ttl_here(self, segment):
        return segment.ttl - self.behind


class Rejecter(Placed):
    """Answers SYNs by ICMP errors.

    source: the address it signs with, by family (4, 6), or "server". code: (kind, code).
    cut: quotes eight bytes of TCP alone. quoted_ttl: instead of what the SYN had left.
    look: "extended" adds padding and a label stack. every: seconds between two answers, at least.
    """

    def __init__(self, source, code=None, *, cut=False, quoted_ttl=None, look="", ttl=64, every=0,
                 **more):
        super().__init__(**more)
        self.source = source
        self.code = code
        self.cut = cut
        self.quoted_ttl = quoted_ttl
        self.look = look
        self.ttl = ttl
        self.every = every
        self.last = 0

    def quote(self, segment):
        raw = with_ttl(segment.raw, self.quoted_ttl or self.ttl_here(segment))
        if not self.cut:
            return raw
        start = 40 if segment.six else (raw[0] & 15) * 4
        return raw[:start + 8]

    def hears(self, segment):
        now = time.monotonic()
        if now - self.last < self.every:
            return
        self.last = now
        kind, code = self.code or ((1, 1) if segment.six else (3, 13))
        source = segment.target
        if self.source != "server":
            source = packet.address(self.source[6 if segment.six else 4])
        quote, word = self.quote(segment), 0
        if self.look == "extended":
            word, quote = extended(quote, segment.six)
        yield 0, icmp_error(quote, source, segment.source, kind, code, ttl=self.ttl, word=word)


class Injector(Placed):
    """Resets with more choices than a Resetter.

    ttl: a number, "copy" (what the SYN has left at this place) or "random". flags: of the reset.
    spared: so many SYNs to each server pass first. icmp: the address of a rejection sent with it.
    options: the reset carries the SYN's own. isn: the sequence number, if not 0.
    """

    races = True

    def __init__(self, ttl=64, delay_ms=0, seqs=(0,), flags=packet.RST | packet.ACK, spared=0,
                 icmp=None, **more):
        super().__init__(**more)
        self.ttl = ttl
        self.delay = delay_ms / 1000
        self.seqs = seqs
        self.flags = flags
        self.spared = spared
        self.icmp = icmp
        self.seen = {}
        self.random = random.Random(587)

    def start_ttl(self, segment):
        if self.ttl == "copy":
            return self.ttl_here(segment)
        return self.random.randint(40, 250) if self.ttl == "random" else self.ttl

    def hears(self, segment):
        count = self.seen[segment.target] = self.seen.get(segment.target, 0) + 1
        if count <= self.spared:
            return
        for seq in self.seqs:
            ack = None if self.flags & packet.ACK else 0
            yield self.delay, packet.answer(segment, self.flags, seq=seq, ack=ack,
                                            ttl=self.start_ttl(segment))
        if self.icmp:
            source = packet.address(self.icmp[6 if segment.six else 4])
            yield self.delay, packet.unreachable(segment.raw, source, segment.source)


class Handshaker(Placed):
    """Answers SYNs with a SYN-ACK of its own, and resets the connection later if asked to.

    window: what it lets the client send; 0 is a tarpit's.
    """

    def __init__(self, ttl=64, reset_ms=0, window=64240, **more):
        super().__init__(**more)
        self.window = window
        self.ttl = ttl
        self.reset_ms = reset_ms

    def hears(self, segment):
        isn = (segment.seq * 7 + 587) & 0xFFFFFFFF
        yield 0, packet.answer(segment, packet.SYN | packet.ACK, seq=isn, window=self.window,
                               ttl=self.ttl)
        if self.reset_ms:
            yield self.reset_ms / 1000, packet.answer(segment, seq=isn + 1, ttl=self.ttl)


class Backward(Box):
    """Hears the server's SYN-ACKs on their way back and resets the client.

    seq: "next" (as if the server aborted) or a number. ttl: a number, or "copy".
    """

    def __init__(self, seq=0, ttl=64, delay_ms=0, only=(), **more):
        super().__init__(**more)
        self.seq = seq
        self.ttl = ttl
        self.delay = delay_ms / 1000
        self.only = only

    def wants(self, segment):
        both = packet.SYN | packet.ACK
        return (segment.flags & (both | packet.RST) == both and segment.sport == self.port and
                (not self.only or packet.text(segment.source) in self.only))

    def hears(self, segment):
        seq = (segment.seq + 1) & 0xFFFFFFFF if self.seq == "next" else self.seq
        ttl = segment.ttl if self.ttl == "copy" else self.ttl
        head = struct.pack("!HHIIBBHHH", segment.sport, segment.dport, seq, segment.ack, 5 << 4,
                           packet.RST | packet.ACK, 0, 0, 0)
        total = packet.checksum(packet.pseudo(segment.source, segment.target, 6, len(head)) + head)
        head = head[:16] + struct.pack("!H", total) + head[18:]
        yield self.delay, packet.ip_packet(segment.source, segment.target, 6, head, ttl)
