# SPDX-License-Identifier: BSD-2-Clause
"""A large capture, the same for the same seed: the traffic of an office, and in the midst of it
a few packets that matter, copied from a small capture.
"""
import ipaddress
import random
import struct

LINK_SLL2 = 276
LINK_ETHERNET = 1
MICROSECONDS = 0xA1B2C3D4
NANOSECONDS = 0xA1B23C4D
SLL2_BYTES = 20
CONNECTION_BYTES = 4096  # of a file on average: a million connections in 4 GiB
PORTS = (443, 443, 443, 443, 80, 993, 22, 8080, 53, 3306)
START_S = 1700000000
MAC = bytes(range(2, 14))


def ip_header(protocol, payload_len):
    """Addresses come later; nobody looks at the checksum."""
    return struct.pack("!BBHHHBBHII", 0x45, 0, 20 + payload_len, 0, 0x4000, 64, protocol, 0, 0, 0)


class Template:
    """One connection's frames as bytes, with the places that differ from one to the next."""

    def __init__(self, parts):
        self.bytes = bytearray()
        self.frames = []  # (offset of the record, whether it goes out)
        for protocol, outwards, segment in parts:
            packet = ip_header(protocol, len(segment)) + segment
            frame = MAC + b"\x08\x00" + packet
            self.frames.append((len(self.bytes), outwards))
            self.bytes += struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame

    def fill(self, at_us, client, server, ports, seq):
        """The bytes with times, addresses, ports and a sequence number."""
        out = self.bytes
        there = struct.pack("!IIHHI", client, server, ports[0], ports[1], seq)
        back = struct.pack("!IIHHI", server, client, ports[1], ports[0], seq)
        for offset, outwards in self.frames:
            struct.pack_into("<II", out, offset, at_us // 1000000, at_us % 1000000)
            out[offset + 42:offset + 58] = there if outwards else back
            at_us += 700
        return out


def tcp(flags, payload=b"", options=b""):
    words = 5 + len(options) // 4
    return struct.pack("!HHIIBBHHH", 0, 0, 0, 1, words << 4, flags, 64240, 0, 0) + options + payload


def templates(rng):
    """Connections that are taken, refused and not answered, and a few datagrams."""
    syn_options = bytes.fromhex("020405b40402080a00000001000000000103030a")
    stamps = bytes.fromhex("0101080a0000000100000001")
    opening = [(6, True, tcp(2, options=syn_options)), (6, False, tcp(18, options=syn_options)),
               (6, True, tcp(16, options=stamps))]
    closing = [(6, True, tcp(17, options=stamps)), (6, False, tcp(17, options=stamps)),
               (6, True, tcp(16, options=stamps))]
    for _ in range(12):
        talk = [(6, True, tcp(24, rng.randbytes(rng.randint(200, 600)), stamps))]
        for _ in range(rng.randint(2, 5)):
            talk.append((6, False, tcp(16, rng.randbytes(rng.randint(400, 1448)), stamps)))
            talk.append((6, True, tcp(16, options=stamps)))
        yield Template(opening + talk + closing)
    yield Template([(6, True, tcp(2, options=syn_options)), (6, False, tcp(20))])
    yield Template([(6, True, tcp(2, options=syn_options))] * 3)
    yield Template([(17, True, bytes(8) + rng.randbytes(900)),
                    (17, False, bytes(8) + rng.randbytes(1100))] * 3)


def case_frames(path):
    """Packets of a small capture as (microseconds, captured, length, Ethernet frame)."""
    data = path.read_bytes()
    magic, *_, link = struct.unpack_from("<IHHiIII", data)
    if magic != NANOSECONDS or link != LINK_SLL2:
        raise ValueError(f"{path}: not of Linux cooked v2, in nanoseconds")
    at = 24
    while at + 16 <= len(data):
        seconds, nanos, captured, length = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16:at + 16 + captured]
        at += 16 + captured
        if frame[:2] in (b"\x08\x00", b"\x86\xdd"):
            frame = MAC + frame[:2] + frame[SLL2_BYTES:]
            yield (seconds * 1000000 + nanos // 1000, len(frame), length - SLL2_BYTES + 14, frame)


def write(path, size, seed, case):
    """Writes `size` bytes; the case's packets stand in the middle. Returns the connections."""
    rng = random.Random(seed)
    shapes = list(templates(rng))
    matter = list(case_frames(case))
    inside = int(ipaddress.ip_address("10.20.0.0"))
    written = n = 0
    with open(path, "wb", buffering=1 << 20) as out:
        written += out.write(struct.pack("<IHHiIII", MICROSECONDS, 2, 4, 0, 0, 262144, LINK_ETHERNET))
        while written < size:
            bits = rng.getrandbits(96)
            at_us = START_S * 1000000 + n * 150
            server = 0x0B000000 + bits % 0x60000000
            port = PORTS[(bits >> 32) % len(PORTS)]
            shape = shapes[(bits >> 36) % len(shapes)]
            written += out.write(shape.fill(at_us, inside + (bits >> 48) % 4000, server,
                                            (32768 + n % 28000, port), bits >> 64))
            n += 1
            if matter and written > size / 2:
                first = matter[0][0]
                for then, captured, length, frame in matter:
                    moved = at_us + then - first
                    written += out.write(struct.pack("<IIII", moved // 1000000, moved % 1000000,
                                                     captured, length) + frame)
                matter = []
    return n
