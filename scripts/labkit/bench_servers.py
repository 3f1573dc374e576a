# SPDX-License-Identifier: BSD-2-Clause
"""Thousands of servers behind one gateway that drops 587: time by phase, the budget, SIGTERM.

Needs root. Measures in two namespaces of its own: the client, and one that holds every address and
answers the control port. Prints what each run took before its first packet, while packets came and
went, and after the last one (the verdict and the files); how long after SIGTERM it ended; then how
long the saved capture takes to be judged again.
"""

import argparse
import os
import pathlib
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time

from . import kernel

CONTROL = 443
LATE_S = 1.0  # beyond the budget, and after SIGTERM
JUDGE_S = 2.0  # of processor time
PACKET_BLOCK = 6  # a pcapng block with a frame; ours are little-endian, times in nanoseconds
SERVERS_MAX = 16000
LISTENER = f"""
import socket
listener = socket.create_server(("0.0.0.0", {CONTROL}), backlog=4096)
print("ready", flush=True)
while True:
    listener.accept()[0].close()
"""
RULES = """
table ip bench {
	chain input {
		type filter hook input priority 0;
		tcp dport 587 drop
	}
}
"""


def addresses(n):
    """n addresses, four of a /26 each: as many networks as there can be."""
    return [f"198.{18 + (i >> 14)}.{i >> 6 & 255}.{(i & 63) * 4 + 1}" for i in range(n)]


def run(*words, text=None):
    subprocess.run(words, check=True, input=text, text=True, stdout=subprocess.DEVNULL)


def build():
    """The calling thread ends in the client's namespace; returns the listener's process."""
    far = kernel.new_netns()
    listener = subprocess.Popen([sys.executable, "-c", LISTENER], stdout=subprocess.PIPE,
                                preexec_fn=lambda: kernel.enter(far))
    listener.stdout.readline()
    there = ("nsenter", "-t", str(listener.pid), "-n")
    kernel.new_netns()
    run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns",
        str(listener.pid))
    for words in (("link", "set", "lo", "up"), ("link", "set", "near", "up"),
                  ("address", "add", "192.168.1.20/24", "dev", "near")):
        run("ip", *words)
    for words in (("link", "set", "lo", "up"), ("link", "set", "far", "up"),
                  ("address", "add", "192.168.1.1/24", "dev", "far"),
                  ("route", "add", "local", "198.18.0.0/15", "dev", "lo")):
        run(*there, "ip", *words)
    run(*there, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    run(*there, "nft", "-f", "-", text=RULES)
    run("ip", "route", "add", "default", "via", "192.168.1.1")
    return listener


def timed(words, stop_after=None):
    """(seconds, of the processor, status, seconds from SIGTERM to the end)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    late = None
    if stop_after is not None:
        try:
            process.wait(stop_after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGTERM)
            told = time.monotonic()
            process.wait()
            late = time.monotonic() - told
    status = process.wait()
    took = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, work, status, late


def packets_span(capture):
    """The times of the first and of the last frame of one of our captures, in seconds."""
    data, at, times = pathlib.Path(capture).read_bytes(), 0, []
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == PACKET_BLOCK:
            high, low = struct.unpack_from("<II", data, at + 12)
            times.append((high << 32 | low) / 1e9)
        at += length
    return min(times), max(times)


def phases(words, capture):
    """timed() and a text that says where the time went."""
    began = time.time()
    took, work, status, _ = timed(words)
    first, last = packets_span(capture)
    return took, (f"{took:5.2f} s: {first - began:.2f} before the first packet, "
                  f"{last - first:.2f} of packets, {began + took - last:.2f} after the last; "
                  f"{work:.2f} s of the processor, status {status}")


def measure(asked, folder):
    capture = str(folder / "many.pcapng")
    words = [asked.program, "--quiet", "--json", "--only", "--no-dns", "--no-smtp", "--control",
             str(CONTROL)]
    hosts = addresses(asked.servers)
    faults = []
    for budget in asked.budgets:
        took, text = phases([*words, "--budget", str(budget), "-w", capture, "--force", *hosts],
                            capture)
        print(f"budget {budget:4.1f} s: {text}")
        if took > budget + LATE_S:
            faults.append(f"{took - budget:.2f} s beyond the budget of {budget} s")
    for after in asked.stops:
        took, _, status, late = timed([*words, *hosts], after)
        if late is None:
            continue
        print(f"SIGTERM after {after:4.1f} s: ended {late:.2f} s later, status {status}")
        if late > LATE_S:
            faults.append(f"ended {late:.2f} s after SIGTERM")
    for words in ([], ["--json"]):
        took, work, status, _ = timed([asked.program, "replay", "--quiet", *words, capture])
        print(f"replay {' '.join(words):7}: {took:5.2f} s, {work:.2f} s of the processor, "
              f"status {status}")
        if work > JUDGE_S:
            faults.append(f"judged in {work:.2f} s of the processor")
    return faults


def main(words):
    parser = argparse.ArgumentParser(prog="bench servers", description=__doc__)
    parser.add_argument("--servers", type=int, default=10000, help="how many [10000]")
    parser.add_argument("--budgets", type=float, nargs="+", default=[2.0, 5.0, 15.0])
    parser.add_argument("--stops", type=float, nargs="+", default=[0.2, 1.0, 3.0, 8.0, 14.9],
                        help="seconds after which SIGTERM comes")
    parser.add_argument("--check", action="store_true", help="status 1 where one is too late")
    parser.add_argument("--program", default=os.environ.get("WHOBLOCKS", "whoblocks"))
    asked = parser.parse_args(words)
    if not 0 < asked.servers <= SERVERS_MAX:
        sys.exit(f"bench: {asked.servers} servers are none or too many")
    asked.program = os.path.realpath(asked.program)
    listener = build()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            faults = measure(asked, pathlib.Path(folder))
    finally:
        listener.kill()
    for fault in faults:
        print(f"bench: {fault}")
    return 1 if asked.check and faults else 0
