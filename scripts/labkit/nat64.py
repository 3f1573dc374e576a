# SPDX-License-Identifier: BSD-2-Clause
"""A stateless translator between IPv6 and IPv4 (RFC 7915) in user space, on a TUN device.

The router's kernel forwards to it and from it, and hides its one IPv4 client behind an address of
its own, as translators are set up; so connections keep their state there.
"""

import os
import select
import struct

from labkit import kernel, packet
from labkit.boxes import Box

DEVICE = "nat64"
# The kernel's IPv4 address on the device, the translator's, and that of the IPv6 client.
ROUTER, OWN, CLIENT = "192.168.0.1", "192.168.255.1", "192.168.255.2"
TCP, ICMP, ICMP6 = 6, 1, 58
TIME_EXCEEDED, UNREACHABLE = 11, 3
# ICMP to ICMPv6 (RFC 7915, 4.2): unreachable by its code, as far as routers here send it.
CODES = {0: (1, 0), 1: (1, 0), 2: (4, 1), 3: (1, 4), 9: (1, 1), 10: (1, 1), 13: (1, 1)}


def with_tcp_sum(source, target, body):
    bare = body[:16] + b"\0\0" + body[18:]
    total = packet.checksum(packet.pseudo(source, target, TCP, len(bare)) + bare)
    return bare[:16] + struct.pack("!H", total) + bare[18:]


class Translator(Box):
    """prefix: of 96 bits, without its length. Each differs in what shows of it:

    hop: it takes one off the TTL by itself and answers what expires there in the name of its own
    IPv4 address, or of an IPv6 one (`native`), as tayga with an address of its own does. Otherwise
    all of the router is one hop.
    signs: whose name errors from IPv4 routers carry: "router" (its embedded address), or
    "destination" (the address that was asked): Jool's source-icmpv6-errors-better, on or off.
    """

    def __init__(self, prefix="64:ff9b::", hop=True, signs="router", native=None):
        super().__init__(port=0)
        self.prefix = packet.address(prefix)[:12]
        self.hop = hop
        self.signs = signs
        self.own = packet.address(native) if native else self.prefix + packet.address(OWN)
        self.wire = -1
        self.client = b""

    def open(self, world):
        self.client = packet.address(world.topology.client.v6)
        self.wire = kernel.open_tun(DEVICE, False)
        route = packet.text(self.prefix + bytes(4))
        kernel.feed(["ip", "-batch", "-"],
                    f"link set {DEVICE} up\naddr add {ROUTER} peer {CLIENT} dev {DEVICE}\n"
                    f"route add {route}/96 dev {DEVICE}\n")

    def close(self):
        os.close(self.wire)

    def run(self):
        while True:
            select.select([self.wire], [], [])
            data = os.read(self.wire, 65535)
            out = self.to_four(data) if data[0] >> 4 == 6 else self.to_six(data)
            if out:
                os.write(self.wire, out)

    def to_four(self, data):
        """A TCP segment of the client's, or what tells it that it has expired here."""
        ttl, target = data[7] - 1 if self.hop else data[7] + 1, data[24:40]
        if data[6] != TCP or target[:12] != self.prefix:
            return None
        if ttl <= 0:
            return packet.unreachable(data, self.own, data[8:24], 3, 0)
        source = packet.address(CLIENT)
        body = with_tcp_sum(source, target[12:], data[40:])
        return packet.ip_packet(source, target[12:], TCP, body, ttl)

    def to_six(self, data):
        """A TCP segment to the client, or an error about one of its own."""
        start, source = (data[0] & 15) * 4, self.prefix + data[12:16]
        ttl, body = data[8] - 1 if self.hop else data[8], data[start:]
        if data[9] == TCP:
            body = with_tcp_sum(source, self.client, body)
            return packet.ip_packet(source, self.client, TCP, body, ttl)
        kind, code = body[0], body[1]
        if data[9] != ICMP or kind not in (TIME_EXCEEDED, UNREACHABLE):
            return None
        kind, code = (3, code) if kind == TIME_EXCEEDED else CODES[code]
        inner, at = body[8:], (body[8] & 15) * 4
        asked = self.prefix + inner[16:20]
        quote = packet.ip_packet(self.client, asked, TCP, inner[at:], inner[8])
        if self.signs == "destination":
            source = asked
        return packet.unreachable(quote, source, self.client, kind, code, ttl)
