#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Two captures of SIZE MiB each, made from a seed, compared: time and memory. Not part of ctest.

    compare_bench.py PROGRAM [SIZE]

Almost all frames are other people's downloads; a few hundred are a client's probes of ports 587
and 993, of which those to 587 do not come to the other end.
"""

import os
import random
import struct
import subprocess
import sys
import tempfile
import time

CLIENT, SERVER = bytes((192, 168, 1, 20)), bytes((203, 0, 113, 25))
WAN = bytes((198, 51, 100, 200))
START_US = 1_700_000_000_000_000
FILLER = 1400
PROBES = 200


def tcp(source, target, sport, dport, *, seq, ack=0, flags=2, ttl=64, ident=1, payload=b""):
    body = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags, 64240, 0, 0) + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), ident, 0x4000, ttl, 6, 0)
    return b"\x02" * 12 + b"\x08\x00" + head + source + target + body


class Capture:
    def __init__(self, path):
        self.file = open(path, "wb", buffering=1 << 20)
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        self.size = 24

    def add(self, at_us, frame):
        self.file.write(struct.pack("<IIII", at_us // 10**6, at_us % 10**6, len(frame),
                                    len(frame)) + frame)
        self.size += 16 + len(frame)


def probe(captures, now, rng, port):
    """A SYN, and its answer; at the other end behind a translator and one hop."""
    sport, seq, theirs = rng.randrange(1024, 65536), rng.getrandbits(32), rng.getrandbits(32)
    ident = rng.randrange(1, 65536)
    own, other = captures
    own.add(now, tcp(CLIENT, SERVER, sport, port, seq=seq, ident=ident))
    if port == 587:
        return
    there = {"seq": theirs, "ack": (seq + 1) & 0xFFFFFFFF, "flags": 18}
    other.add(now + 500, tcp(WAN, SERVER, sport ^ 4096, port, seq=seq, ident=ident, ttl=63))
    other.add(now + 900, tcp(SERVER, WAN, port, sport ^ 4096, ttl=60, **there))
    own.add(now + 1400, tcp(SERVER, CLIENT, port, sport, ttl=59, **there))


def make(paths, size, rng):
    captures = [Capture(path) for path in paths]
    payload, frames = rng.randbytes(FILLER), size // (FILLER + 70)
    step = 20_000_000 // frames + 1
    for number in range(frames):
        now = START_US + number * step
        for capture in captures:
            host = bytes((10, rng.getrandbits(8), rng.getrandbits(8), rng.getrandbits(8)))
            capture.add(now, tcp(bytes((198, 18, 0, 9)), host, 443, rng.randrange(1024, 65536),
                                 seq=rng.getrandbits(32), ack=1, flags=24, payload=payload))
        if number % (frames // PROBES) == 0:
            probe(captures, now + 1, rng, (587, 993)[number // (frames // PROBES) % 2])
    for capture in captures:
        capture.file.close()


def main():
    size = int(sys.argv[2] if len(sys.argv) > 2 else 256) << 20
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("client.pcap", "wan.pcap")]
        make(paths, size, random.Random(587))
        started = time.monotonic()
        process = subprocess.Popen([sys.argv[1], "compare", "--json", *paths],
                                   stdout=subprocess.PIPE)
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        print(f"{size >> 20} MiB each: {time.monotonic() - started:.1f} s, "
              f"{usage.ru_maxrss / 1024:.0f} MiB, status {os.waitstatus_to_exitcode(status)}")
        print(next(line for line in text.decode().splitlines() if '"sentence"' in line).strip())


if __name__ == "__main__":
    main()
