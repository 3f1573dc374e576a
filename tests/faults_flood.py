#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A receiver that is flooded ends with a whole file: faults_flood.py PROGRAM. Needs root."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

SKIP = 77
CLIENT, HERE = "127.0.0.2", "127.0.0.1"
MOST_S = 120
FRAMES = 150000


def syn(number):
    ports = 1024 + number % 60000, 587
    tcp = struct.pack(">HHIIBBHHH", *ports, number, 0, 0x50, 2, 1000, 0, 0)
    ends = socket.inet_aton(CLIENT), socket.inet_aton(HERE)
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40, number & 0xFFFF, 0, 64, 6, 0, *ends) + tcp


def flood(process):
    """SYNs until the receiver has had enough."""
    end = time.monotonic() + MOST_S
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as out:
        number = 0
        while process.poll() is None:
            assert time.monotonic() < end, "the receiver does not end"
            for number in range(number + 1, number + 1000):
                out.sendto(syn(number), (HERE, 0))


def check(program, folder):
    capture = os.path.join(folder, "flood.pcapng")
    words = ("receive", "-i", "lo", "--from", CLIENT, "--for", "86400", "-w", capture)
    with subprocess.Popen([program, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as process:
        flood(process)
        said, notes = process.communicate()
    assert process.returncode == 0, (process.returncode, notes)
    assert f"{FRAMES} packets in {capture}" in said, said
    assert "no more are kept" in notes, notes
    done = subprocess.run([program, "replay", capture], capture_output=True, text=True,
                          check=False, timeout=MOST_S)
    assert "cut off" not in done.stderr, done.stderr
    assert "more to record than fits" in done.stdout, done.stdout


def main():
    if os.geteuid() != 0 or not shutil.which("unshare"):
        print("needs root and unshare")
        return SKIP
    if "--inside" not in sys.argv:
        inside = "ip link set lo up && exec \"$@\""
        return subprocess.run(["unshare", "-n", "sh", "-c", inside, "sh", sys.executable,
                               *sys.argv, "--inside"], check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        check(os.path.realpath(sys.argv[1]), folder)
    print("150000 packets, and no more")
    return 0


if __name__ == "__main__":
    sys.exit(main())
