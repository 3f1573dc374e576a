# SPDX-License-Identifier: BSD-2-Clause
"""Packets as the boxes need them: a TCP segment taken apart, answers put together."""

import socket
import struct
from dataclasses import dataclass

SYN, RST, ACK = 0x02, 0x04, 0x10


@dataclass
class Segment:
    """A TCP segment with the fields of its IP header that a box looks at."""
    raw: bytes
    six: bool
    source: bytes
    target: bytes
    ttl: int
    ident: int
    sport: int
    dport: int
    seq: int
    ack: int
    flags: int
    window: int


def parse(data):
    """The TCP segment of an IP packet, or None."""
    if len(data) >= 40 and data[0] >> 4 == 4 and data[9] == 6:
        start, six = (data[0] & 15) * 4, False
        source, target, ttl = data[12:16], data[16:20], data[8]
        (ident,) = struct.unpack("!H", data[4:6])
    elif len(data) >= 60 and data[0] >> 4 == 6 and data[6] == 6:
        start, six = 40, True
        source, target, ttl, ident = data[8:24], data[24:40], data[7], 0
    else:
        return None
    if len(data) < start + 20:
        return None
    sport, dport, seq, ack, _, flags, window = struct.unpack("!HHIIBBH", data[start:start + 16])
    return Segment(data, six, source, target, ttl, ident, sport, dport, seq, ack, flags, window)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip_packet(source, target, protocol, body, ttl=64, ident=0):
    if len(source) == 16:
        return struct.pack("!IHBB", 6 << 28, len(body), protocol, ttl) + source + target + body
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), ident, 0x4000, ttl, protocol, 0)
    total = checksum(head + source + target)
    return head[:10] + struct.pack("!H", total) + source + target + body


def pseudo(source, target, protocol, length):
    if len(source) == 16:
        return source + target + struct.pack("!IHBB", length, 0, 0, protocol)
    return source + target + struct.pack("!BBH", 0, protocol, length)


def answer(syn, flags=RST | ACK, seq=0, ack=None, ttl=64, ident=0, window=0):
    """A segment from the SYN's target to its source, acknowledging it unless ack is given."""
    ack = (syn.seq + 1) & 0xFFFFFFFF if ack is None else ack
    head = struct.pack("!HHIIBBHHH", syn.dport, syn.sport, seq & 0xFFFFFFFF, ack, 5 << 4, flags,
                       window, 0, 0)
    total = checksum(pseudo(syn.target, syn.source, 6, len(head)) + head)
    head = head[:16] + struct.pack("!H", total) + head[18:]
    return ip_packet(syn.target, syn.source, 6, head, ttl, ident)


def with_seq(syn, seq):
    """The SYN's packet with another sequence number: for a quote that was never sent."""
    at = (40 if syn.six else (syn.raw[0] & 15) * 4) + 4
    return syn.raw[:at] + struct.pack("!I", seq & 0xFFFFFFFF) + syn.raw[at + 4:]


def unreachable(quote, router, target, kind=None, code=None, ttl=64):
    """An ICMP error about the quoted packet; the default is "prohibited by filter"."""
    six = len(target) == 16
    kind = (1 if six else 3) if kind is None else kind
    code = (1 if six else 13) if code is None else code
    body = struct.pack("!BBHI", kind, code, 0, 0) + quote
    cover = pseudo(router, target, 58, len(body)) if six else b""
    body = body[:2] + struct.pack("!H", checksum(cover + body)) + body[4:]
    return ip_packet(router, target, 58 if six else 1, body, ttl)


def address(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def text(raw):
    return socket.inet_ntop(socket.AF_INET6 if len(raw) == 16 else socket.AF_INET, raw)
