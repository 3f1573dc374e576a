#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Parts of captures, several captures, strangers in captures.

capture_parts.py PROGRAM: each edit must give the original's verdict, or at most as much as what
is left can carry.
"""

import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import client_of, is_weaker, outcome, read_pcap, replay, write_pcap

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
CASES = ("foreign-traceroute", "foreign-tcptraceroute", "foreign-scamper", "foreign-traceroute-6",
         "foreign-hping3", "foreign-connect-closed", "foreign-connect-rejected", "foreign-nmap",
         "foreign-traceroute-reset", "foreign-traceroute-open", "foreign-connect-open")
MS = 10**6


def from_client(frames):
    client = client_of(frames)
    return [frame for frame in frames if frame.addresses()[0] == client]


def to_client(frames):
    client = client_of(frames)
    return [frame for frame in frames if frame.addresses()[0] != client]


def no_syns(frames):
    return [frame for frame in frames if not frame.is_syn()]


def later_half(frames):
    return frames[len(frames) // 2:]


def first_half(frames):
    return frames[:len(frames) // 2]


def mirrored(frames):
    """Every frame again, captured behind a router one hop further out."""
    client = client_of(frames)
    out = []
    for frame in frames:
        outwards = frame.addresses()[0] == client
        # What could only travel to that router is not seen behind it.
        ttl = frame.packet[8 if frame.version() == 4 else 7]
        if outwards:
            out += [frame] if ttl <= 1 else [frame, frame.changed(at_ns=MS // 10, ttl=-1)]
        else:
            out += [frame.changed(at_ns=-MS // 10, ttl=1), frame]
    return sorted(out, key=lambda frame: frame.at_ns)


def doubled(frames):
    """Every frame twice at once, as a bridge and its port show it."""
    return [copy for frame in frames for copy in (frame, frame.changed(at_ns=1000))]


def with_strangers(frames):
    """Another client asks the same servers, from the same ports; the first half of everything."""
    client = client_of(frames)
    other = client[:-1] + bytes([client[-1] ^ 0x55])
    copies = []
    for frame in first_half(frames):
        src, dst = frame.addresses()
        copies.append(frame.changed(at_ns=MS, src=other if src == client else None,
                                    dst=other if dst == client else None))
    return sorted(frames + copies, key=lambda frame: frame.at_ns)


# name: (edit, "same", "weaker" or what must come out)
EDITS = {
    "whole": (lambda frames: frames, "same"),
    "mirrored": (mirrored, "same"),
    "doubled": (doubled, "same"),
    "strangers": (with_strangers, "same"),
    "requests only": (from_client, ("unknown", "unknown")),
    "replies only": (to_client, "weaker"),
    "no SYNs": (no_syns, "weaker"),
    "begun in the middle": (later_half, "weaker"),
    "ended in the middle": (first_half, "weaker"),
}


def check_edits(program, name, folder):
    frames = read_pcap(PCAPS / f"{name}.pcap")
    whole = outcome(replay(program, PCAPS / f"{name}.pcap")[1])
    for edit, (change, wanted) in EDITS.items():
        path = folder / f"{name}-{edit.replace(' ', '-')}.pcap"
        write_pcap(path, change(frames))
        status, result, errors = replay(program, "-p", 587, path)
        seen = outcome(result)
        good = (is_weaker(seen, whole) if wanted == "weaker"
                else seen == (whole if wanted == "same" else wanted))
        if not good:
            yield f"{name}, {edit}: {status} {seen} of {whole}: {errors.strip()[-300:]}"


def check_files(program, name, folder):
    """Several files are one measurement, in whatever order they are named; a pipe is a file."""
    original = PCAPS / f"{name}.pcap"
    frames = read_pcap(original)
    whole = replay(program, original)[1]["verdict"]
    odd, even = folder / "odd.pcap", folder / "even.pcap"
    write_pcap(odd, frames[1::2])
    write_pcap(even, frames[0::2], link=101, header=lambda frame: b"", nano=True)
    for words in ((odd, even), (even, odd)):
        verdict = replay(program, *words)[1]["verdict"]
        if verdict["sentence"] != whole["sentence"]:
            yield f"{name} as two files: {verdict['sentence']} instead of {whole['sentence']}"
    with subprocess.Popen(["sh", "-c", "gzip -c \"$0\" | gzip -dc", original],
                          stdout=subprocess.PIPE) as unpacked:
        piped = replay(program, "-", stdin=unpacked.stdout)[1]["verdict"]
    if piped != whole:
        yield f"{name} through a pipe: {piped['sentence']} instead of {whole['sentence']}"


def check_cut(program, folder):
    """A capture that ends inside a record counts up to there, and says so."""
    path = folder / "cut.pcap"
    path.write_bytes((PCAPS / "foreign-traceroute.pcap").read_bytes()[:-7])
    status, result, errors = replay(program, path)
    if result is None or "cut" not in errors or status != 17:
        yield f"cut short: status {status}: {errors}"
    path.write_bytes((PCAPS / "foreign-traceroute.pcap").read_bytes()[:50])
    status, result, errors = replay(program, path)
    if status != 4 or "no TCP attempt" not in errors or "cut off" not in errors:
        yield f"cut to nothing: status {status}: {errors}"


def check_refused(program, folder):
    """What cannot be read is named, with the right status."""
    empty, text = folder / "empty.pcap", folder / "text.pcap"
    empty.write_bytes(b"")
    text.write_text("no capture at all\n", encoding="utf-8")
    original = PCAPS / "foreign-nmap.pcap"
    rows = (((empty,), 4, "is empty"), ((text,), 4, "is not a pcap"),
            ((original, folder / "missing.pcap"), 4, "missing.pcap"),
            ((original, empty), 4, "is empty"), ((original,) * 65, 2, "64"),
            (("-",), 4, "standard input"))
    for words, wanted, said in rows:
        status, _, errors = replay(program, *words, stdin=subprocess.DEVNULL)
        if status != wanted or said not in errors:
            yield f"{[str(word) for word in words[:2]]}: status {status}: {errors.strip()}"


def main():
    program = sys.argv[1]
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for case in CASES:
            faults += check_edits(program, case, folder)
            faults += check_files(program, case, folder)
        faults += check_cut(program, folder)
        faults += check_refused(program, folder)
    for fault in faults:
        print(fault)
    print(f"{len(CASES)} captures, {len(EDITS)} edits, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
