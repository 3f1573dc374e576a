# SPDX-License-Identifier: BSD-2-Clause
"""Captures at several places of a laboratory at once, while the client probes.

A place is "gw:wan" (the device towards the outside), "isp2" (every device of the router) or a
server's name (its one device).
"""

import json
import os
import select
import struct
import subprocess
import time

MAGIC_US, MAGIC_NS = 0xA1B2C3D4, 0xA1B23C4D


class Tap:
    """A running tcpdump at a place."""

    def __init__(self, world, place, path):
        name, _, side = place.partition(":")
        self.place, self.path = place, path
        devices = world.net.devices(world.topology.places[name])
        device = devices[-1] if side == "wan" else devices[0] if side == "lan" else "any"
        if world.topology.places[name].kind == "server":
            device = "eth0"
        world.net.enter(name)
        try:
            self.process = subprocess.Popen(
                ["tcpdump", "-i", device, "-U", "-s", "2048", "-B", "8192", "-Z", "root", "-w", path,
                 "--time-stamp-precision=nano", "--immediate-mode", "tcp or icmp or icmp6"],
                stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        finally:
            world.net.leave()
        self.wait_ready()

    def wait_ready(self):
        text, deadline = b"", time.monotonic() + 5
        while b"listening on" not in text:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stderr], [], [], left)[0]:
                raise RuntimeError(f"tcpdump at {self.place}: {text.decode()}")
            more = os.read(self.process.stderr.fileno(), 4096)
            if not more:
                raise RuntimeError(f"tcpdump at {self.place}: {text.decode()}")
            text += more

    def stop(self):
        self.process.terminate()
        self.process.communicate()


def skew(path, offset_s=3.0, drift_ppm=100.0):
    """Rewrites the times of a classic pcap as a clock that is ahead and gains would give them."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    (magic,) = struct.unpack_from("<I", data)
    unit = 10**9 if magic == MAGIC_NS else 10**6
    at, first = 24, None
    while at + 16 <= len(data):
        seconds, part, length = struct.unpack_from("<III", data, at)
        now = seconds * unit + part
        first = now if first is None else first
        now += int(offset_s * unit + (now - first) * drift_ppm / 1e6)
        struct.pack_into("<II", data, at, now // unit, now % unit)
        at += 16 + length
    with open(path, "wb") as file:
        file.write(data)


def probe(world, capture):
    """The client's measurement; its capture is kept."""
    setup = world.setup
    words = [setup.binary, "probe", "--json", "-w", capture, *setup.arguments(world.folder)]
    process = world.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL)
    text, errors = process.communicate(timeout=40)
    if process.returncode in (1, 2, 3, 5) or process.returncode < 0:
        raise RuntimeError(f"probe: {process.returncode}: {errors.decode()}")
    return json.loads(text)


def gather(world, places, skewed=()):
    """Probes with a tap at each place; {"client": path, place: path} and the client's result."""
    files = {place: os.path.join(world.folder, place.replace(":", "-") + ".pcap")
             for place in places}
    taps = [Tap(world, place, path) for place, path in files.items()]
    files["client"] = os.path.join(world.folder, "client.pcapng")
    try:
        result = probe(world, files["client"])
    finally:
        for tap in taps:
            tap.stop()
    for place in skewed:
        skew(files[place])
    return files, result


def compare(world, files, places, *options):
    """The status, the result and what went to standard error."""
    words = [world.setup.binary, "compare", "--json", *options, files["client"],
             *(files[place] for place in places)]
    done = subprocess.run(words, capture_output=True, check=False, timeout=60)
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode < 0 or "Sanitizer" in errors or "runtime error" in errors:
        raise RuntimeError(f"compare: {done.returncode}: {errors[-2000:]}")
    return done.returncode, json.loads(done.stdout) if done.stdout else None, errors
