# SPDX-License-Identifier: BSD-2-Clause
"""How fast whoblocks reads a large capture, beside tcpdump and tshark on the same file."""
import argparse
import os
import pathlib
import re
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time

from labkit import bench_capture

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASE = ROOT / "tests" / "pcaps" / "demo-classic.pcap"
FILTER = "tcp or icmp or icmp6"
UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
SPARE_BYTES = 256 << 20
LEAST_SPEED = 0.9
MOST_BYTES = 64 << 20
LOOK_MS = 20


def size_of(text):
    unit = UNITS.get(text[-1:].upper(), 1)
    return int(float(text.rstrip("kKmMgG")) * unit)


def memory_of(pid):
    """The most memory that the process has had so far, in bytes; 0 when it has ended."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0


def measure(words):
    """(seconds, most memory in bytes, exit status, processor seconds) of one run."""
    start = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = 0
    # What wait4() tells of memory includes what this process had before the other began.
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        ended = select.poll()
        handle = os.pidfd_open(process.pid)
        ended.register(handle, select.POLLIN)
        while not ended.poll(LOOK_MS):
            memory = max(memory, memory_of(process.pid))
        os.close(handle)
    took = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, memory, process.returncode, worked


def tools_of(program, path, with_tshark):
    tools = {"whoblocks": [program, "replay", "--quiet", "--json", str(path)],
             "tcpdump": ["tcpdump", "-r", str(path), "-w", "/dev/null", FILTER]}
    if os.geteuid() == 0:
        tools["tcpdump"][1:1] = ["-Z", "root"]
    if with_tshark:
        tools["tshark"] = ["tshark", "-n", "-r", str(path), "-Y", "tcp.port == 587"]
    for name in [name for name, words in tools.items() if not shutil.which(words[0])]:
        print(f"bench: {name} is not installed: left out", file=sys.stderr)
        del tools[name]
    return tools


def compare(tools, repeat):
    """The best of several runs of each tool, by turns; tshark, which is slow, runs once."""
    best = {}
    for turn in range(repeat):
        for name, words in tools.items():
            if name == "tshark" and turn > 0:
                continue
            run = measure(words)
            if name not in best or run[0] < best[name][0]:
                best[name] = run
    return best


def show(best, size):
    own = best["whoblocks"]
    print(f"{'':10} {'seconds':>8} {'of CPU':>7} {'MiB/s':>6} {'memory':>9}"
          "   whoblocks beside it: speed, memory")
    for name, (seconds, memory, status, worked) in best.items():
        ratio = "" if name == "whoblocks" else \
            f"   {seconds / own[0]:.2f} times, {own[1] / max(memory, 1):.2f} times"
        print(f"{name:10} {seconds:8.2f} {worked:7.2f} {size / seconds / (1 << 20):6.0f} "
              f"{memory / (1 << 20):5.0f} MiB{ratio}   (status {status})")


def main(words):
    parser = argparse.ArgumentParser(prog="bench replay", description=__doc__)
    parser.add_argument("--size", type=size_of, default=1 << 30, help="of the capture [1G]")
    parser.add_argument("--folder", type=pathlib.Path, help="where it is made [TMPDIR]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each tool, the best counts")
    parser.add_argument("--no-tshark", action="store_true")
    parser.add_argument("--check", action="store_true", help="status 1 below the speed wanted")
    parser.add_argument("--program", default=os.environ.get("WHOBLOCKS", "whoblocks"))
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(dir=asked.folder, prefix="bench-") as folder:
        free = shutil.disk_usage(folder).free
        if free < asked.size + SPARE_BYTES:
            sys.exit(f"bench: {folder} has room for {free >> 20} MiB, not for {asked.size >> 20}")
        path = pathlib.Path(folder) / "large.pcap"
        n = bench_capture.write(path, asked.size, asked.seed, CASE)
        print(f"{path.stat().st_size >> 20} MiB, {n} connections, seed {asked.seed}")
        best = compare(tools_of(asked.program, path, not asked.no_tshark), asked.repeat)
        show(best, path.stat().st_size)
    own, other = best["whoblocks"], best.get("tcpdump")
    slow = other and other[0] / own[0] < LEAST_SPEED
    return 1 if asked.check and (slow or own[1] > MOST_BYTES or own[2] < 10) else 0
