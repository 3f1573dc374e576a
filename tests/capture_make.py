# SPDX-License-Identifier: BSD-2-Clause
"""Captures of kinds that administrators bring, made packet by packet."""

import ipaddress
import struct

from capture_kit import Frame

SYN, RST, PSH, ACK, FIN = 0x02, 0x04, 0x08, 0x10, 0x01
MS = 10**6
START_NS = 1_700_000_000 * 10**9
GREETING = b"220 mail.example.org ESMTP\r\n"
OFFER = b"250-mail.example.org\r\n250-PIPELINING\r\n250 STARTTLS\r\n"
COOKIE = b"\x22\x0a12345678\x01\x01"
BARE = b"250-mail.example.org\r\n250 PIPELINING\r\n"


def network(version):
    """(client, gateway, provider's router, servers of three networks)."""
    if version == 4:
        return ("192.168.1.20", "192.168.1.1", "100.64.0.1",
                ("203.0.113.25", "198.51.100.25", "192.0.2.25"))
    return ("2001:db8:a:1::20", "fe80::1", "2001:db8:b::1",
            ("2001:db8:c::25", "2001:db8:d::25", "2001:db8:e::25"))


def ip_packet(src, dst, protocol, payload, ttl):
    source, target = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    if source.version == 4:
        return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 7, 0x4000, ttl, protocol, 0,
                           source.packed, target.packed) + payload
    return struct.pack(">IHBB16s16s", 6 << 28, len(payload), protocol, ttl, source.packed,
                       target.packed) + payload


class Story:
    """Packets one after the other."""

    def __init__(self, version=4):
        self.version = version
        self.client, self.gateway, self.provider, self.servers = network(version)
        self.at_ns, self.frames, self.ports = START_NS, [], 40000
        # Hops that the client's packets have come, and the TTL of the servers', where it is captured.
        self.passed, self.arrival = 0, 50

    def wait(self, milliseconds):
        self.at_ns += int(milliseconds * MS)

    def put(self, packet, out=False, after=10):
        self.wait(after)
        self.frames.append(Frame(self.at_ns, packet, out))
        return packet

    def tcp(self, src, dst, ports, flags, seq, ack=0, ttl=64, payload=b"", after=10, more=b""):
        options = b"\x02\x04\x05\xb4" + more if flags & SYN else b""
        head = struct.pack(">HHIIBBHHH", *ports, seq, ack, (5 + len(options) // 4) << 4, flags,
                           0 if flags & RST else 64240, 0, 0)
        ttl -= self.passed if src == self.client else 0
        return self.put(ip_packet(src, dst, 6, head + options + payload, ttl), src == self.client,
                        after)

    def icmp(self, src, quoted, ttl, quoted_ttl, code=13, kind=None):
        """
        About a packet: administratively prohibited, port unreachable (code 3) or no way to the
        network (code 0), unless it is of another kind.
        """
        packet = bytearray(quoted)
        packet[8 if self.version == 4 else 7] = quoted_ttl
        unreachable, protocol = (3, 1) if self.version == 4 else (1, 58)
        if kind:
            code = 0
        elif self.version == 6:
            code = {13: 1, 3: 4, 0: 0}[code]
        body = struct.pack(">BBHI", kind or unreachable, code, 0, 0) + bytes(packet)
        self.put(ip_packet(src, self.client, protocol, body, ttl), src == self.client)

    def syn(self, server, port=587, source=None):
        """The SYN; (its ports, packet)."""
        if source is None:
            self.ports += 1
            source = self.ports
        ports = (source, port)
        return ports, self.tcp(self.client, server, ports, SYN, 1000, after=900)

    def fast_syn(self, server, payload, port=587):
        """A SYN with a cookie and data (RFC 7413); its ports."""
        self.ports += 1
        ports = (self.ports, port)
        self.tcp(self.client, server, ports, SYN, 1000, payload=payload, after=900, more=COOKIE)
        return ports

    def back(self, server, ports, flags, ttl, seq=5000, taken=0):
        """An answer to a SYN, of whose data so many bytes are acknowledged."""
        self.tcp(server, self.client, ports[::-1], flags, 0 if flags & RST else seq, 1001 + taken,
                 ttl, after=30)

    def control(self):
        """Another port of each server answers."""
        for server in self.servers:
            ports, _ = self.syn(server, 443)
            self.back(server, ports, SYN | ACK, self.arrival)
            self.tcp(self.client, server, ports, RST, 1001)


class Talk:
    """A connection to a server that was made."""

    def __init__(self, story, server, ttl=50, port=587):
        self.story, self.server, self.ttl = story, server, ttl
        self.ports, _ = story.syn(server, port)
        story.back(server, self.ports, SYN | ACK, ttl)
        self.seq, self.ack = 1001, 5001
        self.send(b"")

    @classmethod
    def fast(cls, story, server, payload, ttl=50):
        """One whose first bytes went with the SYN."""
        talk = cls.__new__(cls)
        talk.story, talk.server, talk.ttl = story, server, ttl
        talk.ports = story.fast_syn(server, payload)
        story.back(server, talk.ports, SYN | ACK, ttl, taken=len(payload))
        talk.seq, talk.ack = 1001 + len(payload), 5001
        talk.send(b"")
        return talk

    def send(self, payload, flags=ACK, again=False):
        """From the client."""
        flags |= PSH if payload else 0
        self.story.tcp(self.story.client, self.server, self.ports, flags, self.seq, self.ack, 64,
                       payload)
        if not again:
            self.seq += len(payload) + bool(flags & FIN)

    def hear(self, payload=b"", flags=ACK, lost=0):
        """From the server, behind so many bytes that got lost, acknowledged if none did."""
        flags |= PSH if payload else 0
        self.story.tcp(self.server, self.story.client, self.ports[::-1], flags, self.ack + lost,
                       self.seq, self.ttl, payload, 30)
        if not lost:
            self.ack += len(payload) + bool(flags & FIN)
        if payload or flags & FIN:
            self.send(b"")

    def ask(self, words, answer):
        self.send(words)
        self.hear(answer)

    def begin(self, offer=OFFER):
        self.hear(GREETING)
        self.ask(b"EHLO laptop\r\n", offer)

    def starttls(self):
        self.begin()
        self.ask(b"STARTTLS\r\n", b"220 go ahead\r\n")

    def post(self):
        self.ask(b"MAIL FROM:<a@example.org>\r\n", b"250 ok\r\n")
        self.ask(b"RCPT TO:<b@example.org>\r\n", b"250 ok\r\n")
        self.ask(b"DATA\r\n", b"354 go on\r\n")
        self.ask(b"Subject: x\r\n\r\nQUIT is a word\r\n.\r\n", b"250 2.0.0 Ok: queued as 12\r\n")

    def close(self, by_server=False):
        first, second = (self.hear, self.send) if by_server else (self.send, self.hear)
        first(b"", FIN | ACK)
        second(b"", FIN | ACK)


def record(kind, body):
    return struct.pack(">BHH", kind, 0x0303, len(body)) + body


def hello(kind, extensions=b""):
    """A ClientHello or a ServerHello."""
    ciphers = b"\0\x02\x13\x01\x01\0" if kind == 1 else b"\x13\x01\0"
    body = b"\x03\x03" + bytes(32) + b"\0" + ciphers + struct.pack(">H", len(extensions))
    body += extensions
    return record(22, struct.pack(">BBH", kind, 0, len(body)) + body)


def asks_for(name):
    inner = struct.pack(">HBH", len(name) + 3, 0, len(name)) + name
    return hello(1, struct.pack(">HH", 0, len(inner)) + inner)


CIPHERS, CIPHERED = record(20, b"\x01"), record(22, bytes(40))
HELLO_13 = hello(2, b"\0\x2b\0\x02\x03\x04")
HELLO_12 = hello(2, b"\0\x17\0\0")


def der(tag, *parts):
    body = b"".join(parts)
    size = bytes((len(body),)) if len(body) < 128 else struct.pack(">BH", 0x82, len(body))
    return bytes((tag,)) + size + body


def certificate(name, issuer):
    """TLS 1.2's message with a certificate whose signature nobody checks."""
    def names(text):
        return der(0x30, der(0x31, der(0x30, der(6, b"\x55\x04\x03"), der(12, text))))

    san = der(0x30, der(6, b"\x55\x1d\x11"), der(4, der(0x30, der(0x82, name))))
    body = der(0x30, der(0xa0, der(2, b"\x02")), der(2, b"\x01"), der(0x30, der(6, b"\x2a\x03")),
               names(issuer), der(0x30, der(23, b"200101000000Z"), der(23, b"300101000000Z")),
               names(name), der(0x30, der(3, bytes(40))), der(0xa3, der(0x30, san)))
    one = der(0x30, body, der(0x30, der(6, b"\x2a\x03")), der(3, bytes(20)))
    chain = struct.pack(">I", len(one))[1:] + one
    message = struct.pack(">I", len(chain))[1:] + chain
    return record(22, b"\x0b" + struct.pack(">I", len(message))[1:] + message)
