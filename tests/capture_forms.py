#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The same frames in other forms: link types, byte orders, resolutions, tunnels, cuts.

capture_forms.py PROGRAM: every form must give the verdict of the original; where bytes were cut
off, the same or a weaker one.
"""

import ipaddress
import pathlib
import struct
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import (ethernet, in_fragments, is_weaker, kind_of, outcome, read_pcap, replay,
                         with_bad_checksums, with_options, write_pcap)

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
CASES = ("foreign-traceroute", "foreign-scamper", "foreign-traceroute-6", "foreign-connect-closed",
         "foreign-connect-rejected", "foreign-nmap", "foreign-traceroute-reset")


def family(frame):
    return 2 if frame.version() == 4 else 30


def sll(frame):
    return struct.pack(">HHH8s", 4 if frame.is_syn() else 0, 1, 6, b"\x02") + kind_of(frame)


def sll2(frame):
    return kind_of(frame) + struct.pack(">HIHBB8s", 0, 3, 1, 4 if frame.is_syn() else 0, 6, b"\x02")


def pppoe(frame):
    protocol = b"\x00\x21" if frame.version() == 4 else b"\x00\x57"
    return (b"\x02" + b"\0" * 11 + b"\x88\x64" + struct.pack(">BBHH", 0x11, 0, 7, frame.full + 2)
            + protocol)


def ppp(frame):
    return b"\xff\x03" + (b"\x00\x21" if frame.version() == 4 else b"\x00\x57")


def mpls(frame):
    return b"\x02" + b"\0" * 11 + b"\x88\x47" + bytes.fromhex("000100ff000111ff")


def outer4(frame, protocol, more=b""):
    address = ipaddress.ip_address("192.0.2.77").packed
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(more) + frame.full, 1, 0, 9, protocol, 0)
    return (b"\x02" + b"\0" * 11 + b"\x08\x00" + header + address + address + more)


def ip_in_ip(frame):
    return outer4(frame, 4 if frame.version() == 4 else 41)


def gre(frame):
    return outer4(frame, 47, b"\0\0" + kind_of(frame))


# name: keyword arguments of write_pcap
FORMS = {
    "nanoseconds": {"nano": True},
    "big-endian": {"order": ">"},
    "big-endian-nanoseconds": {"order": ">", "nano": True},
    "modified": {"modified": True},
    "big-endian-modified": {"order": ">", "modified": True},
    "raw": {"link": 101, "header": lambda frame: b""},
    "cooked": {"link": 113, "header": sll},
    "cooked-2": {"link": 276, "header": sll2},
    "null": {"link": 0, "header": lambda frame: struct.pack("<I", family(frame))},
    "null-swapped": {"link": 0, "header": lambda frame: struct.pack(">I", family(frame))},
    "loop": {"link": 108, "header": lambda frame: struct.pack(">I", family(frame))},
    "vlan": {"header": lambda frame: ethernet(frame, b"\x81\x00\x00\x05")},
    "qinq": {"header": lambda frame: ethernet(frame, b"\x88\xa8\x00\x05\x81\x00\x00\x06")},
    "pppoe": {"header": pppoe},
    "ppp": {"link": 9, "header": ppp},
    "mpls": {"header": mpls},
    "ip-in-ip": {"header": ip_in_ip},
    "gre": {"header": gre},
}
EDITS = {
    "wrong-checksums": lambda frames: [with_bad_checksums(frame) for frame in frames],
    "options": lambda frames: [with_options(frame) for frame in frames],
    "fragments": lambda frames: [part for frame in frames for part in in_fragments(frame)],
}
CUTS = {"snap-96": 96, "snap-68": 68, "snap-60": 60, "snap-54": 54, "snap-40": 40}


def write_pcapng(path, frames, links):
    """Frames in turn on interfaces of these link types, with blocks that nobody knows between."""
    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link, _ in links:
        out += block(1, struct.pack("<HHI", link, 0, 0) + struct.pack("<HHBxxxHH", 9, 1, 9, 0, 0))
    out += block(0xBAD, struct.pack("<I", 32473) + b"somebody's own")
    for number, frame in enumerate(frames):
        interface = number % len(links)
        header = links[interface][1]
        data = (header(frame) if header else ethernet(frame)) + frame.packet
        out += block(6, struct.pack("<IIIII", interface, frame.at_ns >> 32,
                                    frame.at_ns & 0xFFFFFFFF, len(data), len(data)) + data)
        out += block(0x40000BAD, struct.pack("<II", 32473, number))
    path.write_bytes(out)


def check(program, name, folder):
    original = PCAPS / f"{name}.pcap"
    frames = read_pcap(original)
    whole = outcome(replay(program, original)[1])
    forms = {}
    for form, keywords in FORMS.items():
        forms[form] = folder / f"{name}-{form}.pcap"
        write_pcap(forms[form], frames, **keywords)
    for form, edit in EDITS.items():
        forms[form] = folder / f"{name}-{form}.pcap"
        write_pcap(forms[form], edit(frames))
    forms["pcapng"] = folder / f"{name}.pcapng"
    write_pcapng(forms["pcapng"], frames,
                 [(1, None), (101, lambda frame: b""), (276, sll2)])
    for form, path in forms.items():
        status, result, errors = replay(program, path)
        if outcome(result) != whole:
            yield f"{name} as {form}: {status} {outcome(result)} instead of {whole}"
        if form in ("ip-in-ip", "gre", "pppoe", "mpls") and "tunnel" not in errors:
            yield f"{name} as {form}: the tunnel is not named"
    for cut, snap in CUTS.items():
        path = folder / f"{name}-{cut}.pcap"
        write_pcap(path, frames, snap=snap)
        status, result, _ = replay(program, path)
        if not is_weaker(outcome(result), whole):
            yield f"{name} cut at {snap}: {status} {outcome(result)} of {whole}"


def main():
    program = sys.argv[1]
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for name in CASES:
            faults += check(program, name, pathlib.Path(folder))
    for fault in faults:
        print(fault)
    print(f"{len(CASES)} captures in {len(FORMS) + len(EDITS) + 1 + len(CUTS)} forms, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
