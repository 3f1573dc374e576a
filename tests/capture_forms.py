#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The same frames in other forms: link types, byte orders, resolutions, tunnels, cuts.

capture_forms.py PROGRAM: every form must give the verdict of the original; where bytes were cut
off, the same or a weaker one.
"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_headers import LINKS, OVERLAYS, TUNNELS, sll2, vxlan
from capture_kit import (ethernet, in_fragments, is_weaker, outcome, read_pcap, replay,
                         with_bad_checksums, with_options, write_pcap)

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
CASES = ("foreign-traceroute", "foreign-scamper", "foreign-traceroute-6", "foreign-connect-closed",
         "foreign-connect-rejected", "foreign-nmap", "foreign-traceroute-reset")


# name: keyword arguments of write_pcap
FORMS = {
    "nanoseconds": {"nano": True},
    "big-endian": {"order": ">"},
    "big-endian-nanoseconds": {"order": ">", "nano": True},
    "modified": {"modified": True},
    "big-endian-modified": {"order": ">", "modified": True},
    **LINKS,
    **TUNNELS,
    **OVERLAYS,
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
        if form in {**TUNNELS, **OVERLAYS} and "tunnel" not in errors:
            yield f"{name} as {form}: the tunnel is not named"
    for cut, snap in CUTS.items():
        path = folder / f"{name}-{cut}.pcap"
        write_pcap(path, frames, snap=snap)
        status, result, _ = replay(program, path)
        if not is_weaker(outcome(result), whole):
            yield f"{name} cut at {snap}: {status} {outcome(result)} of {whole}"


def check_overlay_beside(program, name, folder):
    """Where somebody outside asks, an overlay is named and left alone; and in a comparison."""
    frames = read_pcap(PCAPS / f"{name}.pcap")
    whole = outcome(replay(program, PCAPS / f"{name}.pcap")[1])
    inside, both = folder / "inside.pcap", folder / "both.pcapng"
    write_pcap(inside, frames, header=vxlan)
    write_pcapng(both, [frame for frame in frames for _ in range(2)], [(1, None), (1, vxlan)])
    status, result, errors = replay(program, both)
    if outcome(result) != whole or f"{len(frames)} packets in a tunnel (VXLAN)" not in errors:
        yield f"{name} beside VXLAN: {status} {outcome(result)}: {errors}"
    found = compare(program, PCAPS / f"{name}.pcap", inside)
    if found != compare(program, PCAPS / f"{name}.pcap", PCAPS / f"{name}.pcap"):
        yield f"{name} compared with itself in VXLAN: {found}"


def compare(program, *paths):
    done = subprocess.run([program, "compare", "--json", *paths], capture_output=True, check=False)
    return done.returncode, done.stdout and json.loads(done.stdout)["verdict"]["state"]


def main():
    program = sys.argv[1]
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for name in CASES:
            faults += check(program, name, pathlib.Path(folder))
        faults += check_overlay_beside(program, CASES[0], pathlib.Path(folder))
    for fault in faults:
        print(fault)
    print(f"{len(CASES)} captures in {len(FORMS) + len(EDITS) + 1 + len(CUTS)} forms, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
