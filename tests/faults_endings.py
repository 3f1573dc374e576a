#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Interrupted, killed, without terminal, without disk: what remains is whole. Needs root."""

import json
import os
import pty
import random
import signal
import subprocess
import sys
import time

from faulty import (LIMIT_S, assert_same, children, command, finish, folder, main, measure,
                    processes, run, start, state, under_way, wait_for)

KILLS = 16
VERDICTS = (0, 10, 11, 12, 13, 14, 15, 16, 17, 20)


def replayed(path):
    done = subprocess.run(["whoblocks", "replay", "--json", path], capture_output=True,
                          check=False, timeout=LIMIT_S)
    return json.loads(done.stdout)


def interrupted(number):
    """A verdict on what was seen, a whole file that replays to it, and nobody left."""
    before = state()
    path = os.path.join(folder(), "ended.pcapng")
    with under_way("--no-smtp", "-w", path, packets=12) as process:
        kin = children(process.pid)
        assert kin, "no process connects"
        process.send_signal(number)
        _, result, err = finish(process, VERDICTS)
    assert result["run"]["stop"] == "interrupted", result["run"]["stop"]
    assert result["verdict"] == replayed(path)["verdict"], err
    os.unlink(path)
    assert_same(before, state())


def by_int():
    """ended by SIGINT"""
    interrupted(signal.SIGINT)


def by_term():
    """ended by SIGTERM"""
    interrupted(signal.SIGTERM)


def by_hup():
    """ended by SIGHUP"""
    interrupted(signal.SIGHUP)


def by_group():
    """ended by the terminal's interrupt, which reaches every process of the run"""
    with under_way("--no-smtp", packets=12, start_new_session=True) as process:
        os.killpg(process.pid, signal.SIGINT)
        _, result, _ = finish(process, VERDICTS)
    assert result["run"]["stop"] == "interrupted"


def killed():
    """killed in the middle: at most the unfinished capture remains"""
    before = state()
    with under_way("--no-smtp", "-w", os.path.join(folder(), "killed.pcapng"),
                   packets=12) as process:
        process.kill()
        process.wait()
    wait_for(lambda: processes() == before["programs"], "the end of its processes")
    after = state()
    assert_same(before, after, "files")
    assert set(after["files"]) - set(before["files"]) <= {"killed.pcapng.partial"}
    assert not os.path.exists(os.path.join(folder(), "killed.pcapng"))


def killed_at_random():
    """killed at any moment: what it left is marked as half made, can be read, and is replaced"""
    before = state()
    place = os.path.join(folder(), "killed")
    os.mkdir(place)
    whole = half = 0
    for turn in range(KILLS):
        words = ["-o", f"{place}/ev"] if turn % 2 else ["-w", f"{place}/a.pcapng"]
        process = start("--force", *words)
        # Anywhere in the run, and that over and over: no event to wait for.
        time.sleep(random.Random(turn).uniform(0, 2.5))
        process.kill()
        process.communicate()
        wait_for(lambda: processes() == before["programs"], "the end of its processes")
        for name in os.listdir(place):
            path = os.path.join(place, name)
            assert name in ("ev", "ev.partial", "a.pcapng", "a.pcapng.partial"), name
            spool = f"{path}/capture.pcapng.partial" if name == "ev.partial" else path
            if os.path.exists(spool) and os.path.getsize(spool) > 0:
                status = subprocess.run(["whoblocks", "replay", "-q", spool], check=False,
                                        capture_output=True, timeout=LIMIT_S).returncode
                assert status in (4, *VERDICTS), (name, status)
            half += name.endswith(".partial")
            whole += not name.endswith(".partial")
    print(f"{KILLS} kills: {half} half made, {whole} whole outputs seen", file=sys.stderr)
    measure("--force", "-o", f"{place}/ev", statuses=VERDICTS)
    measure("--force", "-w", f"{place}/a.pcapng", statuses=VERDICTS)
    assert sorted(os.listdir(place)) == ["a.pcapng", "ev"], os.listdir(place)
    assert replayed(f"{place}/ev")["verdict"] == replayed(f"{place}/ev/capture.pcapng")["verdict"]


def in_order():
    """an ordinary run leaves nothing behind"""
    before = state()
    measure(statuses=VERDICTS)
    assert_same(before, state())


def pipe_closed():
    """the reader of its result is gone"""
    process = start("--no-smtp")
    process.stdout.close()
    process.stdout = None
    finish(process, (5,))


def terminal_closed():
    """its terminal closes in the middle"""
    path = os.path.join(folder(), "hung-up.pcapng")
    pid, terminal = pty.fork()
    if pid == 0:
        words = command("--no-smtp", "-w", path)
        os.execvp(words[0], words)
    wait_for(lambda: os.path.exists(path + ".partial"), "the capture")
    time.sleep(0.1)
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == 5 or status in VERDICTS, status
    assert replayed(path)["run"]["stop"] == "interrupted"


def small_disk(size):
    path = os.path.join(folder(), "small")
    os.mkdir(path)
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "small", path)
    return path


def disk_full():
    """the disk is full in the middle"""
    path = small_disk("8k")
    status, _, err = measure("--no-smtp", "-w", f"{path}/a.pcapng")
    assert status == 5 and "No space left" in err, (status, err)
    assert not os.path.exists(f"{path}/a.pcapng"), os.listdir(path)


def read_only():
    """the folder is read-only: said before the first packet"""
    path = small_disk("64k")
    run("mount", "-o", "remount,ro", path)
    status, result, err = measure("-w", f"{path}/a.pcapng")
    assert status == 5 and result is None and f"{path}/a.pcapng" in err, (status, err)
    status, result, err = measure("-o", f"{path}/ev")
    assert status == 5 and result is None and f"{path}/ev" in err, (status, err)
    assert os.listdir(path) == []


CASES = {
    "by-int": ("--rtt 300 T1", by_int),
    "by-term": ("--rtt 300 T1", by_term),
    "by-hup": ("--rtt 300 T1", by_hup),
    "by-group": ("--rtt 300 T1", by_group),
    "killed": ("--rtt 300 T1", killed),
    "killed-at-random": ("T1", killed_at_random),
    "in-order": ("T1", in_order),
    "in-order-local": ("local-drop.4n", in_order),
    "pipe-closed": ("T1", pipe_closed),
    "terminal-closed": ("--rtt 300 T1", terminal_closed),
    "disk-full": ("T1", disk_full),
    "read-only": ("T1", read_only),
}

if __name__ == "__main__":
    sys.exit(main(CASES))
