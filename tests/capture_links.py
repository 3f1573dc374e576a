#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What hardware addresses say of two hosts: capture_links.py PROGRAM.

Resets with an undecremented TTL, from servers that are on the client's segment by their numbers or
not, and by their stations or not; with ARP or neighbour discovery, and with a router's proxy ARP.
"""

import ipaddress
import pathlib
import struct
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import GATEWAY, kind_of, pcap_of, replay, station
from capture_make import ACK, RST, SYN, Story, ip_packet

OWN = b"\x02\xaa\0\0\0"  # and a number: a station that is nobody's router


class Segment:
    """Which station stands for an address, other than by its number."""

    def __init__(self, **stations):
        self.stations = {ipaddress.ip_address(name.replace("_", ".")).packed: at
                         for name, at in stations.items()}

    def at(self, address):
        return self.stations.get(address, station(address))

    def ethernet(self, frame):
        source, target = map(self.at, frame.addresses())
        return target + source + kind_of(frame)

    def tagged(self, frame):
        """With two VLAN tags."""
        source, target = map(self.at, frame.addresses())
        return target + source + b"\x88\xa8\0\x05\x81\0\0\x07" + kind_of(frame)

    def cooked(self, frame):
        """SLL2 knows the sender alone."""
        source, _ = map(self.at, frame.addresses())
        return kind_of(frame) + struct.pack(">HIHBB8s", 0, 3, 1, 0, 6, source)


def arp(story, address, at):
    """An answer; its frame in a capture, behind the header of a classic record."""
    own = ipaddress.ip_address(story.client).packed
    return (station(own) + at + b"\x08\x06" + struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2) + at
            + ipaddress.ip_address(address).packed + station(own) + own)


def advertisement(story, address, at):
    """RFC 4861, 4.4, with the target's hardware address."""
    own = ipaddress.ip_address(story.client).packed
    body = struct.pack(">BBHI", 136, 0, 0, 0x60000000) + ipaddress.ip_address(address).packed
    packet = ip_packet(address, story.client, 58, body + b"\x02\x01" + at, 255)
    return station(own) + at + b"\x86\xdd" + packet


def record(at_ns, data):
    return struct.pack("<IIII", at_ns // 10**9, at_ns % 10**9 // 1000, len(data), len(data)) + data


def capture(story, header, link, claims):
    """The claims first, as they come before a SYN."""
    data = pcap_of(story.frames, link=link, header=header)
    return data[:24] + b"".join(record(story.frames[0].at_ns - 1000, one) for one in claims) + data[24:]


def refused(version, client, server, elsewhere=None):
    """Resets from the server; and an answer of somebody who is behind routers."""
    story = Story(version)
    story.client = client
    for _ in range(3):
        ports, _ = story.syn(server)
        story.back(server, ports, RST | ACK, 64)
    if elsewhere:
        ports, _ = story.syn(elsewhere, 443)
        story.back(elsewhere, ports, SYN | ACK, 50)
        story.tcp(story.client, elsewhere, ports, RST, 1001)
    return story


FOUR = ("10.1.0.20", "10.1.7.31")
PUBLIC = ("198.18.0.20", "198.18.3.31")
SIX = ("2001:db8:a:1::20", "2001:db8:f:2::31")
ALONE = Segment(**{"198_18_0_20": OWN + b"\x01", "198_18_3_31": OWN + b"\x02"})
SIX_ALONE = Segment()
SIX_ALONE.stations[ipaddress.ip_address(SIX[1]).packed] = OWN + b"\x02"
ROUTED = Segment(**{"10_1_7_31": GATEWAY})


def cases():
    """(name, capture, whether nobody but the two hosts and their segment may be suspected)."""
    near, far = refused(4, *FOUR), refused(4, *FOUR, "203.0.113.25")
    yield "numbers, stations of their own", capture(far, Segment().ethernet, 1, ()), True
    yield "numbers, one server", capture(near, Segment().ethernet, 1, ()), True
    yield "numbers, a router's station", capture(far, ROUTED.ethernet, 1, ()), False
    yield "numbers, a router's station, cooked", capture(far, ROUTED.cooked, 276, ()), False
    yield "numbers, a router's station, tagged", capture(far, ROUTED.tagged, 1, ()), False
    story = refused(4, *PUBLIC, "203.0.113.25")
    claim = arp(story, PUBLIC[1], OWN + b"\x02")
    yield "ARP", capture(story, ALONE.ethernet, 1, (claim,)), True
    yield "ARP, tagged", capture(story, ALONE.tagged, 1, (claim,)), True
    yield "ARP of another station", capture(story, ALONE.ethernet, 1,
                                            (arp(story, PUBLIC[1], OWN + b"\x09"),)), False
    yield "neither ARP nor numbers", capture(story, ALONE.ethernet, 1, ()), False
    claim = arp(story, PUBLIC[1], GATEWAY)
    yield "proxy ARP", capture(story, Segment().ethernet, 1, (claim,)), False
    story = refused(6, *SIX, "2001:db8:c::25")
    claim = advertisement(story, SIX[1], OWN + b"\x02")
    yield "an advertisement", capture(story, SIX_ALONE.ethernet, 1, (claim,)), True
    yield "no advertisement", capture(story, SIX_ALONE.ethernet, 1, ()), False


def main():
    faults, done = [], 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "one.pcap"
        for name, data, alone in cases():
            path.write_bytes(data)
            status, result, errors = replay(sys.argv[1], path)
            done += 1
            suspects = {s["blocker"] for s in result["verdict"]["suspects"]} if result else errors
            if status != 17 or not result or ("transit" not in suspects) != alone:
                faults.append(f"{name}: status {status}, {suspects}")
    for one in faults:
        print(one)
    print(f"{done} segments, {len(faults)} faults")
    return 1 if faults or not done else 0


if __name__ == "__main__":
    sys.exit(main())
