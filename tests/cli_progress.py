#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The progress line on a terminal, and nowhere else: cli_progress.py PROGRAM.

The input is a pipe that goes on until the line has been seen.
"""
import fcntl
import os
import pathlib
import pty
import select
import struct
import subprocess
import sys
import termios
import time

PROGRAM = sys.argv[1]
CASE = pathlib.Path(__file__).resolve().parent / "pcaps" / "demo-classic.pcap"
COLUMNS = 24
CLEAR = "\r\x1b[K"
LINE = "MiB copied of s"
PATIENCE_S = 30
LONG_S = 0.7
BREATH_S = 0.005
ARP_FRAME = bytes(12) + b"\x08\x06" + bytes(28)
ARPS = struct.pack("<IIII", 0x60000000, 0, len(ARP_FRAME), len(ARP_FRAME)) + ARP_FRAME
ARPS *= 1000


def open_terminal():
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 10, COLUMNS, 0, 0))
    return ours, theirs


def read_ready(fd, wait_s):
    if not select.select([fd], [], [], wait_s)[0]:
        return ""
    try:
        return os.read(fd, 65536).decode()
    except OSError:  # the other end is closed
        return ""


def run(ends, term, until):
    """(what standard error was sent, status): the input goes on until `until` says so."""
    ours, theirs = ends
    seen = ""
    end = time.monotonic() + PATIENCE_S
    with subprocess.Popen([PROGRAM, "replay", "--json", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=theirs, bufsize=0,
                          env=dict(os.environ, TERM=term)) as process:
        os.close(theirs)
        process.stdin.write(CASE.read_bytes())
        while not until(seen) and time.monotonic() < end:
            process.stdin.write(ARPS)
            seen += read_ready(ours, BREATH_S)
        process.stdin.close()
        more = read_ready(ours, PATIENCE_S)
        while more:
            seen += more
            more = read_ready(ours, PATIENCE_S)
    os.close(ours)
    return seen, process.returncode


def faults():
    seen, status = run(open_terminal(), "xterm", lambda text: text.count(LINE) > 1)
    parts = seen.split(CLEAR)
    shown = [part for part in parts if "MiB copied" in part]
    if status < 10 or len(shown) < 2:
        yield f"no progress on a terminal: status {status}: {seen!r}"
    for part in shown:
        if len(part) >= COLUMNS or "\n" in part:
            yield f"the line does not fit into {COLUMNS} columns: {part!r}"
    if "MiB copied" in parts[-1] or seen.replace(CLEAR, "").count("\x1b"):
        yield f"something is left of it: {seen!r}"
    # Nobody else gets it, after several times the time that it takes to appear.
    for name, ends, term in (("a dumb terminal", open_terminal(), "dumb"),
                             ("a file", os.pipe(), "xterm")):
        end = time.monotonic() + LONG_S
        seen, status = run(ends, term, lambda text: time.monotonic() > end)
        if status < 10 or "\x1b" in seen or "MiB" in seen:
            yield f"{name} gets progress: status {status}: {seen!r}"


def main():
    found = list(faults())
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
