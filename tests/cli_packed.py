#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compressed captures and other formats: cli_packed.py PROGRAM.

A compressed capture says what it says unpacked; cut off, what is left says; one that holds
something else, or more than it can honestly hold, is refused. Other formats are named, with the
command that converts them.
"""

import pathlib
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import outcome, replay

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
CASES = ("foreign-traceroute.pcap", "demo-classic.pcap", "isp2-icmp.4n.pcapng")
PACKERS = {"gz": ["gzip", "-c"], "xz": ["xz", "-c"], "zst": ["zstd", "-q", "-c"],
           "bz2": ["bzip2", "-c"], "lz4": ["lz4", "-q", "-c"]}
MANY = 1200 << 20
ERF = struct.pack("<Q", 1700000000 << 32) + struct.pack(">BBHHH", 2, 4, 84, 0, 60) + bytes(68)
OTHERS = {
    "snoop": (b"snoop\0\0\0" + struct.pack(">II", 2, 4), "snoop"),
    "netmon": (b"GMBU" + bytes(124), "Network Monitor"),
    "netmon-1": (b"RTSS" + bytes(124), "Network Monitor"),
    "sniffer": (b"TRSNIFF data    \x1a" + bytes(64), "Sniffer"),
    "erf": (ERF * 3, "ERF"),
    "iptrace": (b"iptrace 2.0" + bytes(64), "iptrace"),
    "omnipeek": (b"\x7fver" + bytes(64), "OmniPeek"),
}


def packed(packer, data):
    return subprocess.run(PACKERS[packer], input=data, capture_output=True, check=True).stdout


def check_case(program, name, folder):
    original = (PCAPS / name).read_bytes()
    plain = replay(program, PCAPS / name)
    path = folder / "packed"
    for packer in PACKERS:
        data = packed(packer, original)
        for what, written in (("one", data), ("two streams", packed(packer, original[:999])
                                              + packed(packer, original[999:]))):
            path.write_bytes(written)
            found = replay(program, path)
            if found[0] != plain[0] or found[1]["verdict"] != plain[1]["verdict"]:
                yield f"{name}, {packer}, {what}: {found[0]} instead of {plain[0]}: {found[2]}"
        with path.open("rb") as stream:
            found = replay(program, "-", stdin=stream)
        if found[0] != plain[0] or found[1]["verdict"] != plain[1]["verdict"]:
            yield f"{name}, {packer}, by standard input: {found[0]}: {found[2]}"
        yield from check_cuts(program, packer, data, path)


def check_cuts(program, packer, data, path):
    for size in range(8, len(data), len(data) // 3):
        path.write_bytes(data[:size])
        status, result, errors = replay(program, path)
        said = "cut off" in errors or "cannot unpack" in errors or "is empty" in errors
        if not said or (status == 4) == bool(result):
            yield f"{packer} cut at {size} of {len(data)}: {status} {outcome(result)}: {errors}"


def check_bombs(program, folder):
    """Much of nothing, and a capture that never ends."""
    path = folder / "bomb"
    head = (PCAPS / CASES[0]).read_bytes()[:24]
    for what, beginning, said in (("nothing", b"", "is not a pcap"),
                                  ("frames", head, "unpacks to more than 1024 MiB")):
        with path.open("wb") as out, subprocess.Popen(["zstd", "-q", "-c"], stdin=subprocess.PIPE,
                                                      stdout=out) as packer:
            packer.stdin.write(beginning)
            for _ in range(MANY >> 20):
                packer.stdin.write(bytes(1 << 20))
            packer.stdin.close()
        status, _, errors = replay(program, path)
        if status != 4 or said not in errors:
            yield f"a bomb of {what}: {status}: {errors}"


def check_others(program, folder):
    for name, (data, said) in OTHERS.items():
        for form, written in (("plain", data), ("gz", packed("gz", data))):
            path = folder / f"other.{name}"
            path.write_bytes(written)
            status, _, errors = replay(program, path)
            if status != 4 or said not in errors or "editcap -F pcapng" not in errors:
                yield f"{name}, {form}: {status}: {errors}"
    text = folder / "text"
    text.write_text("12:34:56.789012 IP 192.0.2.1.5000 > 192.0.2.2.587: Flags [S]\n")
    for words, said in (((text,), "tcpdump -w"), ((PCAPS / "CASES",), "is not a pcap")):
        status, _, errors = replay(program, *words)
        if status != 4 or said not in errors:
            yield f"{words}: {status}: {errors}"


def main():
    program = sys.argv[1]
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for case in CASES:
            faults += check_case(program, case, folder)
        faults += check_bombs(program, folder)
        faults += check_others(program, folder)
    for fault in faults:
        print(fault)
    print(f"{len(CASES)} captures in {len(PACKERS)} packings, {len(OTHERS)} formats, "
          f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
