# SPDX-License-Identifier: BSD-2-Clause
"""The frames of a capture, whatever its format, as pcapng whose blocks are arranged by chance."""

import re
import struct

MAGICS = {b"\xd4\xc3\xb2\xa1": 1000, b"\x4d\x3c\xb2\xa1": 1}
PADDING_BYTES = 1500
STRANGER = b"\x02" + b"\0" * 11


def blocks(data):
    """(type, whole block) of a little-endian pcapng capture."""
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if at + length > len(data):
            return
        yield kind, data[at:at + length]
        at += length


# A file of the machine that measured, in the facts: the laboratory's own folder tells nothing.
MACHINE_PATH = re.compile(rb'"/(?!media/)(?:[^"/]+/)*([^"/]+)"')
SECTION_HEAD, COMMENT = 24, 1


def machine_paths(data):
    """The paths that one of our captures tells of the machine that made it."""
    head = data[:struct.unpack_from("<I", data, 4)[0]] if data[:4] == b"\n\r\r\n" else b""
    return [found[0] for found in MACHINE_PATH.finditer(head)]


def without_machine_paths(data):
    """The capture with the files' names alone in its first block's comment."""
    if not machine_paths(data):
        return data
    length, at, options = struct.unpack_from("<I", data, 4)[0], SECTION_HEAD, b""
    while at < length - 4:
        code, size = struct.unpack_from("<HH", data, at)
        value = data[at + 4:at + 4 + size]
        if code == COMMENT:
            value = MACHINE_PATH.sub(rb'"\1"', value)
        options += struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)
        at += 4 + size + -size % 4
    whole = struct.pack("<I", SECTION_HEAD + len(options) + 4)
    return data[:4] + whole + data[8:SECTION_HEAD] + options + whole + data[length:]


def pcapng_records(data):
    """Of a capture of ours, which has one interface."""
    link = 1
    for kind, block in blocks(data):
        if kind == 1:
            link = struct.unpack_from("<H", block, 8)[0]
        elif kind == 6:
            high, low, size, full = struct.unpack_from("<IIII", block, 12)
            yield link, high << 32 | low, block[28:28 + size], full


def classic_records(data):
    scale, at = MAGICS[data[:4]], 24
    link = struct.unpack_from("<I", data, 20)[0]
    while at + 16 <= len(data):
        seconds, part, size, full = struct.unpack_from("<IIII", data, at)
        if at + 16 + size > len(data):
            return
        yield link, seconds * 10**9 + part * scale, data[at + 16:at + 16 + size], full
        at += 16 + size


def read_records(path):
    """(link type, nanoseconds, captured bytes, length) of each frame, without the facts."""
    data = path.read_bytes()
    return list(classic_records(data) if data[:4] in MAGICS else pcapng_records(data))


def classic_parts(records):
    """The header of a classic capture, and each record as bytes; all of one link type."""
    link = records[0][0] if records else 1
    head = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, link)
    return head, [struct.pack("<IIII", at_ns // 10**9, at_ns % 10**9, len(data), full) + data
                  for _, at_ns, data, full in records]


def write_classic(path, records):
    head, parts = classic_parts(records)
    path.write_bytes(head + b"".join(parts))


class Writer:
    """Sections in either byte order, interfaces that come late, options, blocks of others."""

    def __init__(self, rng):
        self.rng, self.out = rng, []
        self.order, self.interfaces = "<", []

    def block(self, kind, body):
        body += b"\0" * (-len(body) % 4)
        size = struct.pack(self.order + "I", len(body) + 12)
        self.out.append(struct.pack(self.order + "I", kind) + size + body + size)

    def option(self, code, value):
        return (struct.pack(self.order + "HH", code, len(value)) + value
                + b"\0" * (-len(value) % 4))

    def options(self, *known):
        """These, with a comment and the end mark or without."""
        out = b"".join(known)
        if self.rng.random() < 0.3:
            out = self.option(1, b"seen by chance") + out
        return out + (self.option(0, b"") if out and self.rng.random() < 0.8 else b"")

    def section(self):
        self.order, self.interfaces = self.rng.choice("<>"), []
        body = struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1)
        self.block(0x0A0D0D0A, body + self.options(self.option(4, b"somebody's program")))

    def interface(self, link):
        """In nanoseconds from the epoch, or from a second that is an option; its number."""
        offset = self.rng.choice((0, 0, 1000, -86400))
        known = [self.option(9, bytes([9]))]
        if offset:
            known.append(self.option(14, struct.pack(self.order + "q", offset)))
        if self.rng.random() < 0.5:
            known.insert(0, self.option(2, b"eth7"))
        body = struct.pack(self.order + "HHI", link, 0, self.rng.choice((0, 262144)))
        self.block(1, body + self.options(*known))
        self.interfaces.append((link, offset))
        return len(self.interfaces) - 1

    def chatter(self):
        kind = self.rng.choice((4, 5, 10, 0xBAD, 0x40000BAD))
        body = {4: struct.pack(self.order + "HH", 0, 0),
                5: struct.pack(self.order + "III", max(len(self.interfaces) - 1, 0), 0, 0),
                10: struct.pack(self.order + "II", 0x544C534B, 4) + b"key\n"}
        self.block(kind, body.get(kind, struct.pack(self.order + "I", 32473) + b"unknown to all"))

    def frame(self, record):
        link, at_ns, data, full = record
        fitting = [i for i, (known, _) in enumerate(self.interfaces) if known == link]
        number = (self.rng.choice(fitting) if fitting and self.rng.random() < 0.9
                  else self.interface(link))
        raw = at_ns - self.interfaces[number][1] * 10**9
        body = struct.pack(self.order + "IIIII", number, raw >> 32, raw & 0xFFFFFFFF, len(data),
                           full) + data
        self.block(6, body + b"\0" * (-len(body) % 4) + self.options())


def write_by_chance(path, records, rng, padding=0):
    """
    Each frame in the order of the records. `padding` bytes of a stranger's frames, of a protocol
    that nobody asks about, come first.
    """
    writer = Writer(rng)
    writer.section()
    for _ in range(padding // PADDING_BYTES):
        at_ns = records[0][1] if records else 0
        writer.frame((1, at_ns, STRANGER + b"\x88\xcc" + bytes(PADDING_BYTES), PADDING_BYTES + 14))
    for record in records:
        if rng.random() < 0.02:
            writer.section()
        if rng.random() < 0.1:
            writer.chatter()
        writer.frame(record)
    path.write_bytes(b"".join(writer.out))
