#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A large capture of which most is not read twice says what all of it says: cli_large.py PROGRAM."""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "scripts"))
from labkit import bench_capture  # noqa: E402

PROGRAM = sys.argv[1]
CASE = ROOT / "tests" / "pcaps" / "demo-classic.pcap"
SIZE = 24 << 20
SEED = 7


def replay(*files):
    done = subprocess.run([PROGRAM, "replay", "--json", "--quiet", *map(str, files)],
                          capture_output=True, text=True, timeout=100, check=False)
    if not done.stdout:
        sys.exit(f"replay {files}: status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout), done.returncode


def without_places(result):
    """What does not depend on where in the capture a packet stands."""
    verdict = result["verdict"]
    return {key: verdict[key] for key in ("state", "blocker", "mechanism", "link", "suspects")}


def faults(folder):
    large, other = folder / "large.pcap", folder / "other.pcap"
    bench_capture.write(large, SIZE, SEED, CASE)
    # With a second capture, however empty, everything is read twice.
    frame = bench_capture.MAC + b"\x08\x06" + bytes(28)
    other.write_bytes(struct.pack("<IHHiIII", bench_capture.MICROSECONDS, 2, 4, 0, 0, 65535, 1) +
                      struct.pack("<IIII", bench_capture.START_S, 0, len(frame), len(frame)) +
                      frame)
    skimmed, status = replay(large)
    whole, _ = replay(large, other)
    small, small_status = replay(CASE)
    for key in ("verdict", "servers"):
        if skimmed[key] != whole[key]:
            yield f"{key}: another when parts are left out"
    if without_places(skimmed) != without_places(small) or status != small_status:
        yield f"the verdict is not that of {CASE.name}: {skimmed['verdict']['sentence']}"
    if whole["run"]["packets_seen"] != skimmed["run"]["packets_seen"] + 1:
        yield f"frames: {skimmed['run']['packets_seen']} of {whole['run']['packets_seen'] - 1}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        found = list(faults(pathlib.Path(folder)))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
