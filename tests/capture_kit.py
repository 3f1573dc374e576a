# SPDX-License-Identifier: BSD-2-Clause
"""Captures as lists of frames, and the edits that the tests of foreign captures make."""

import json
import os
import struct
import subprocess

LIMIT_S = 30
# A data base of owners, where this machine has one, is no part of these tests, and takes its time.
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "WHOBLOCKS_ASN_DB": ""}


class Frame:
    """An Ethernet, raw or cooked frame reduced to its IP packet."""

    def __init__(self, at_ns, packet, out=None, full=None):
        self.at_ns, self.packet, self.out = at_ns, bytes(packet), out
        self.full = len(self.packet) if full is None else full

    def version(self):
        return self.packet[0] >> 4

    def addresses(self):
        where = (12, 16, 20) if self.version() == 4 else (8, 24, 40)
        return self.packet[where[0]:where[1]], self.packet[where[1]:where[2]]

    def protocol(self):
        return self.packet[9] if self.version() == 4 else self.packet[6]

    def of(self, packet):
        """A copy with another packet of the same length."""
        return Frame(self.at_ns, packet, self.out, self.full)

    def tcp_at(self):
        return (self.packet[0] & 15) * 4 if self.version() == 4 else 40

    def tcp(self):
        """(source port, destination port, flags) or None."""
        at = self.tcp_at()
        if self.protocol() != 6 or len(self.packet) < at + 14:
            return None
        ports = struct.unpack_from(">HH", self.packet, at)
        return (*ports, self.packet[at + 13])

    def is_syn(self):
        tcp = self.tcp()
        return bool(tcp) and tcp[2] & 0x16 == 0x02

    def changed(self, at_ns=0, ttl=0, src=None, dst=None):
        """A copy that is later, with another TTL, from or to somebody else."""
        packet = bytearray(self.packet)
        place = 8 if self.version() == 4 else 7
        packet[place] = (packet[place] + ttl) & 255
        where = (12, 16) if self.version() == 4 else (8, 24)
        for value, offset in ((src, where[0]), (dst, where[1])):
            if value:
                packet[offset:offset + len(value)] = value
        return Frame(self.at_ns + at_ns, packet, self.out, self.full)


def with_bad_checksums(frame):
    """As a card that computes them itself leaves them on the way out."""
    packet = bytearray(frame.packet)
    at = frame.tcp_at()
    if frame.version() == 4:
        packet[10:12] = b"\0\0"
    if frame.tcp():
        packet[at + 16:at + 18] = b"\xbe\xef"
    return frame.of(packet)


def with_options(frame):
    """IPv4 options, or an extension header of IPv6, before what is carried."""
    packet, more = bytearray(frame.packet), b"\x01\x01\x01\x00"
    at = 20 if frame.version() == 4 else 40
    if frame.version() == 4:
        packet[0] += 1
        packet[2:4] = struct.pack(">H", struct.unpack_from(">H", packet, 2)[0] + len(more))
    else:
        more = bytes((packet[6], 0, 1, 4, 0, 0, 0, 0))
        packet[6] = 60
        packet[4:6] = struct.pack(">H", struct.unpack_from(">H", packet, 4)[0] + len(more))
    return Frame(frame.at_ns, packet[:at] + more + packet[at:], frame.out, frame.full + len(more))


def in_fragments(frame):
    """The first fragment, with all of a TCP segment's head, and another one behind it."""
    packet, at = bytearray(frame.packet), frame.tcp_at()
    if not frame.tcp():
        return [frame]
    if frame.version() == 4:
        packet[6:8] = b"\x20\x00"
        head, where = bytes(packet[:6]), len(packet[at:]) // 8 + 1
        rest = head + struct.pack(">H", where) + bytes(packet[8:at]) + b"leftover"
        return [frame.of(packet), Frame(frame.at_ns + 1000, rest, frame.out)]
    kind, size = packet[6], struct.unpack_from(">H", packet, 4)[0]
    packet[6], packet[4:6] = 44, struct.pack(">H", size + 8)
    first = packet[:40] + struct.pack(">BBHI", kind, 0, 1, 7) + packet[40:]
    packet[4:6] = struct.pack(">H", 16)
    rest = packet[:40] + struct.pack(">BBHI", kind, 0, size // 8 + 1 << 3, 7) + b"leftover"
    return [Frame(frame.at_ns, first, frame.out, frame.full + 8),
            Frame(frame.at_ns + 1000, rest, frame.out)]


def ip_of(link, data):
    """(outgoing or None, IP packet) of a frame, or None for anything else."""
    if link == 1 and len(data) > 14:
        kind, packet, out = struct.unpack_from(">H", data, 12)[0], data[14:], None
    elif link == 276 and len(data) > 20:
        kind, packet, out = struct.unpack_from(">H", data)[0], data[20:], data[10] == 4
    elif link in (12, 101) and data:
        return None, data
    else:
        return None
    return (out, packet) if kind in (0x0800, 0x86DD) else None


def read_pcap(path):
    """The frames with IP of a little-endian classic capture."""
    data = path.read_bytes()
    scale = 1 if data[:4] == b"\x4d\x3c\xb2\xa1" else 1000
    link, at, frames = struct.unpack_from("<I", data, 20)[0], 24, []
    while at + 16 <= len(data):
        seconds, fraction, size, full = struct.unpack_from("<IIII", data, at)
        found = ip_of(link, data[at + 16:at + 16 + size])
        if found and found[1]:
            frames.append(Frame(seconds * 10**9 + fraction * scale, found[1], found[0],
                                len(found[1]) + full - size))
        at += 16 + size
    return frames


def client_of(frames):
    """Who sent the first SYN."""
    return next(frame.addresses()[0] for frame in frames if frame.is_syn())


def pcap_of(frames, link=1, header=None, order="<", nano=False, snap=0, modified=False):
    """
    A classic capture as bytes; `header` makes the bytes before the IP packet. A modified one has the
    interface, the protocol and the way in each record, too.
    """
    magic = 0xA1B2CD34 if modified else 0xA1B23C4D if nano else 0xA1B2C3D4
    more = struct.pack(order + "IHBx", 3, 0x0800, 4) if modified else b""
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap or 65535, link)]
    for frame in frames:
        front = header(frame) if header else ethernet(frame)
        data = front + frame.packet
        kept = data[:snap] if snap else data
        fraction = frame.at_ns % 10**9
        out.append(struct.pack(order + "IIII", frame.at_ns // 10**9,
                               fraction if nano else fraction // 1000, len(kept),
                               len(front) + frame.full) + more + kept)
    return b"".join(out)


def write_pcap(path, frames, **keywords):
    path.write_bytes(pcap_of(frames, **keywords))


def kind_of(frame):
    return b"\x08\x00" if frame.version() == 4 else b"\x86\xdd"


GATEWAY = b"\x02" + b"\0" * 4 + b"\x01"
AT_HOME = (b"\x0a", b"\xc0\xa8", b"\xfe\x80", bytes.fromhex("20010db8000a"))


def station(address):
    """The hardware address that stands for an address on the client's segment."""
    own = any(address.startswith(prefix) for prefix in AT_HOME)
    return b"\x02\x01" + address[-4:] if own else GATEWAY


def ethernet(frame, tag=b""):
    source, target = map(station, frame.addresses())
    return target + source + tag + kind_of(frame)


def replay(program, *words, stdin=None):
    """(status, result or None, messages)."""
    done = subprocess.run([program, "replay", "--json", *map(str, words)], stdin=stdin,
                          capture_output=True, timeout=LIMIT_S, check=False,
                          env=ENVIRONMENT)
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode < 0 or "Sanitizer" in errors or "runtime error" in errors:
        raise AssertionError(f"status {done.returncode}: {errors[-1500:]}")
    try:
        return done.returncode, json.loads(done.stdout), errors
    except ValueError:
        return done.returncode, None, errors


class Judge:
    """
    Judges captures, given as bytes, in one process: (state, blocker, suspects, whom the servers'
    own verdicts blame), or None.
    """

    def __init__(self, program, *port):
        self.process = subprocess.Popen([program, *map(str, port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=ENVIRONMENT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        if self.process.wait(LIMIT_S) != 0:
            raise AssertionError(f"the judge ends with {self.process.returncode}")

    def ask(self, data):
        self.process.stdin.write(struct.pack("=I", len(data)) + data)
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        return found and (found["state"], found["blocker"], found["suspects"],
                          sorted(set(found["servers"])))


PARTIES = {"local-host", "local-network", "isp", "transit", "remote"}
BAD_STATES = ("degraded", "blocked", "closed", "intercepted")


def says_more(seen, whole):
    """
    What a verdict (of a Judge) on less of a capture may not say beside the one on all of it, as
    words; None: nothing. Nobody is accused instead of somebody else, nothing that is open is bad.
    """
    if seen is None or whole is None:
        return seen and f"{seen} of what cannot be read"
    accused = {whole[1], *whole[2], *whole[3]} & PARTIES
    if whole[0] == "open" and seen[0] in BAD_STATES:
        return f"{seen} of what is open"
    if seen[1] in PARTIES and seen[1] not in accused:
        return f"{seen} instead of {whole}"
    if seen[2] and accused and not accused & set(seen[2]):
        return f"{seen} instead of {whole}"
    return None


def outcome(result):
    if result is None:
        return ("unread", "unknown")
    return (result["verdict"]["state"], result["verdict"]["blocker"])


def is_weaker(seen, whole):
    """The same, or less: undecided, or the same state without a culprit."""
    return seen == whole or seen[0] in ("unknown", "unread") or (
        seen == (whole[0], "unknown"))
