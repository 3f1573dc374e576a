#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""watch, history and check from outside: cli_watch.py PROGRAM.

In a network namespace without a network, where every run is quickly over and undecided.
"""
import csv
import fcntl
import html.parser
import io
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.error
import urllib.request

PROGRAM = os.path.realpath(sys.argv[1])
SKIPPED = 77
PATIENCE_S = 60
NOBODY = 65534
FAULTS = []


def isolate():
    """A network namespace of its own, with loopback alone; False where that is not allowed."""
    if os.geteuid() != 0:
        return False
    try:
        os.unshare(os.CLONE_NEWNET)
    except AttributeError:  # before Python 3.12
        import ctypes
        if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0:
            return False
    except OSError:
        return False
    return subprocess.run(["ip", "link", "set", "lo", "up"], check=False).returncode == 0


def run(*words, **more):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False, **more)


def expect(what, holds, said=""):
    if not holds:
        FAULTS.append(f"{what}: {said}")


def until(what, holds):
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            FAULTS.append(f"{what}: not within {PATIENCE_S} s")
            return False
        time.sleep(0.01)
    return True


def once(folder, *words):
    return run("watch", "--once", "--history", folder / "h.db", *words)


def stored(folder):
    done = once(folder, "--textfile", folder / "m.prom")
    expect("one run", done.returncode == 0 and "undecided" in done.stdout, done.stderr)
    done = once(folder, "-j")
    told = json.loads(done.stdout)
    expect("one run as JSON", told["state"] == "unknown" and told["mechanism"] == "no-network"
           and told["subject"] == "default" and told["confirmed"] is None, done.stdout)
    metrics = (folder / "m.prom").read_text()
    expect("metrics", re.search(r'^whoblocks_state\{.*state="unknown"\} 1$', metrics, re.M)
           and "confirmed_state{" not in metrics, metrics[:300])
    expect("mode of the textfile", (folder / "m.prom").stat().st_mode & 0o777 == 0o644)


class Page(html.parser.HTMLParser):
    """Notes what a page would fetch."""

    def __init__(self):
        super().__init__()
        self.fetched, self.bars = [], 0

    def handle_starttag(self, tag, attrs):
        self.bars += tag == "rect"
        self.fetched += [v for k, v in attrs if k in ("src", "href") and "file:" not in v]
        self.fetched += ["script"] if tag == "script" else []


def shown(folder):
    words = ("history", "--history", folder / "h.db")
    expect("history", "Runs:" in run(*words).stdout and "no network" in run(*words).stdout)
    told = json.loads(run(*words, "-j").stdout)
    expect("history -j", len(told) == 1 and len(told[0]["runs"]) == 2, told)
    rows = list(csv.DictReader(io.StringIO(run(*words, "--csv").stdout)))
    expect("history --csv", len(rows) == 2 and rows[0]["status"] == "20", rows)
    last = run(*words, "--last", "-j")
    expect("history --last", json.loads(last.stdout)["status"] == 20, last.stdout)
    page = Page()
    page.feed(run(*words, "--format", "html").stdout)
    expect("the page", page.bars == 1 and not page.fetched, (page.bars, page.fetched))
    expect("history --since", json.loads(run(*words, "-j", "--since", "1m").stdout)[0]["runs"])
    metrics = run(*words, "--format", "prometheus").stdout
    expect("history --format prometheus", 'outcome="unknown"} 2' in metrics, metrics[:200])
    done = run(*words, "--name", "office")
    expect("an unknown name", done.returncode == 2 and "'office'" in done.stderr, done.stderr)


def as_nobody(folder):
    """Reads only, also where nothing may be written."""
    folder.chmod(0o555)
    done = run("history", "--history", folder / "h.db", user=NOBODY, group=NOBODY,
               extra_groups=[])
    expect("history as nobody", done.returncode == 0 and "Runs:" in done.stdout, done.stderr)
    done = run("check", "--history", folder / "h.db", user=NOBODY, group=NOBODY, extra_groups=[])
    expect("check as nobody", done.returncode == 3 and "WHOBLOCKS UNKNOWN" in done.stdout, done)
    folder.chmod(0o755)


def checks(folder):
    words = ("check", "--history", folder / "h.db")
    for more, status in ((), 3), (("-w", "unknown"), 1), (("-c", "unknown"), 2):
        done = run(*words, *more)
        expect(f"check {more}", done.returncode == status and not done.stderr
               and done.stdout.count("\n") == 1 and done.stdout.count("|") == 1, done)
    with sqlite3.connect(folder / "h.db") as base:
        base.execute("UPDATE run SET ended_us = ended_us - 7200000000")
    done = run(*words)
    expect("an old run", done.returncode == 3 and "ended 2 h 0 min ago" in done.stdout, done)
    for more in ("--no-such",), ("-w", "shut"), ("a..b",), ("--history", "/nonexistent"):
        done = run("check", *more)
        expect(f"check {more}", done.returncode == 3 and not done.stderr
               and done.stdout.startswith("WHOBLOCKS UNKNOWN - "), done)
    done = run("check", "-t", "10", "--only", "192.0.2.1")
    expect("a measurement", done.returncode == 3 and "WHOBLOCKS UNKNOWN" in done.stdout, done)
    done = run("check", user=NOBODY, group=NOBODY, extra_groups=[])
    expect("without the right", done.returncode == 3 and "CAP_NET_RAW" in done.stdout, done)


def full(filler):
    """One page more; whether there was no room for it."""
    try:
        return filler.write(bytes(4096)) < 4096
    except OSError:
        return True


def full_disk(folder):
    """Measuring goes on, and says that nothing is stored."""
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "none", small],
                             capture_output=True, check=False)
    if mounted.returncode != 0:
        return
    try:
        done = once(small, "--textfile", folder / "full.prom")
        metrics = (folder / "full.prom").read_text()
        expect("a full disk", done.returncode == 0 and "undecided" in done.stdout
               and "the disk is full" in done.stderr
               and "whoblocks_history_errors_total 1" in metrics, done)
        (small / "evidence").mkdir()
        with open(small / "filler", "wb", buffering=0) as filler:
            while not full(filler):
                pass
        done = once(folder, "--evidence", small / "evidence")
        expect("no room for evidence", done.returncode == 0 and "undecided" in done.stdout
               and "without evidence" in done.stderr, done)
    finally:
        subprocess.run(["umount", small], check=True)


def unusable(folder):
    foreign = folder / "foreign.db"
    foreign.write_text("x" * 5000)
    done = run("watch", "--once", "--history", foreign)
    expect("a foreign file", done.returncode == 0 and "undecided" in done.stdout
           and "no history" in done.stderr and foreign.read_text() == "x" * 5000, done)
    done = run("history", "--history", foreign)
    expect("a foreign file shown", done.returncode == 4 and "no history" in done.stderr, done)
    done = run("watch", "--once", "--textfile", folder / "nowhere" / "m.prom", "--history",
               folder / "t.db")
    expect("no such folder", done.returncode == 0 and "nowhere" in done.stderr, done)
    done = run("watch", "--once", "--on-change", "/nonexistent")
    expect("no such program", done.returncode == 2 and "/nonexistent" in done.stderr, done)
    done = once(folder, "-p", "465")
    expect("another port", done.returncode == 2 and "another --name" in done.stderr, done)
    done = run("watch", "--once", user=NOBODY, group=NOBODY, extra_groups=[])
    expect("without the right", done.returncode == 3 and "CAP_NET_RAW" in done.stderr, done)


def by_sudo(folder):
    """Who is allowed to run it by sudo gets no file of root's made, read or run by that."""
    place, closed = folder / "theirs", folder / "closed"
    place.mkdir()
    shutil.chown(place, NOBODY, NOBODY)
    closed.mkdir(mode=0o700)
    hook = closed / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {closed}/ran\n")
    hook.chmod(0o755)
    # The sanitizers' search for leaks fails in a process that has become somebody else.
    sanitizers = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "detect_leaks=0")))
    caller = {**os.environ, "SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY),
              "ASAN_OPTIONS": sanitizers}

    def watch(where, *words):
        return run("watch", "--once", "--history", where / "h.db", "--textfile", where / "m.prom",
                   "--evidence", where / "evidence", *words, env=caller)

    done = watch(place)
    expect("by sudo", done.returncode == 0 and "undecided" in done.stdout and not done.stderr, done)
    for path in place / "h.db", place / "m.prom", place / "evidence":
        expect("by sudo: the caller's own", path.stat().st_uid == NOBODY, path)
    done = run("watch", "--once", env=caller)
    expect("by sudo, nowhere", done.returncode == 0 and "undecided" in done.stdout
           and "no history is kept" in done.stderr and "--history" in done.stderr, done)
    before = sorted(closed.iterdir())
    done = watch(closed)
    expect("by sudo, root's folder", done.returncode == 5 and "Permission denied" in done.stderr,
           done)
    done = run("watch", "--once", "--history", closed / "h.db", "--textfile", closed / "m.prom",
               env=caller)
    expect("by sudo, root's files", done.returncode == 0 and "h.db" in done.stderr
           and "m.prom" in done.stderr, done)
    done = watch(place, "--on-change", hook)
    expect("by sudo, root's program", done.returncode == 2 and "Permission denied" in done.stderr,
           done)
    expect("by sudo, nothing made", sorted(closed.iterdir()) == before, list(closed.iterdir()))


def changed(folder, name, change):
    """A copy of the history in which something was changed."""
    path = folder / name
    shutil.copyfile(folder / "h.db", path)
    change(path)
    return path


def newer(path):
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()


def damage(path):
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(b"x" * 40000)


def refused(folder):
    """A history of a newer version, or a damaged one: measuring goes on, and nothing is stored."""
    for name, change, says in (("newer.db", newer, "newer whoblocks"),
                               ("damaged.db", damage, "is damaged")):
        path = changed(folder, name, change)
        before = path.read_bytes()
        done = run("watch", "--once", "--history", path)
        expect(f"{name} watched", done.returncode == 0 and "undecided" in done.stdout
               and says in done.stderr and path.read_bytes() == before, done)
        done = run("history", "--history", path)
        expect(f"{name} shown", done.returncode == 4 and says in done.stderr
               and not done.stdout, done)
        done = run("check", "--history", path)
        expect(f"{name} checked", done.returncode == 3 and says in done.stdout, done)


def locked(folder, watch, count):
    """Somebody else holds the history for a while: what was found meanwhile is stored later."""
    with sqlite3.connect(folder / "stay.db", isolation_level=None) as base:
        base.execute("BEGIN EXCLUSIVE")
        watch.send_signal(signal.SIGUSR1)
        until("a run beside a lock", lambda: count() == 4)
        until("the lock is said", lambda: "waits in memory" in (folder / "err").read_text())
        base.execute("ROLLBACK")
    base.close()
    watch.send_signal(signal.SIGUSR1)
    until("the run after it", lambda: count() == 5)
    until("its end is said", lambda: "is written again" in (folder / "err").read_text())


def screen(folder):
    """On a terminal: one screen, which q ends."""
    keyboard, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    before = termios.tcgetattr(terminal)
    watch = subprocess.Popen([PROGRAM, "watch", "--history", folder / "screen.db"],
                             stdin=terminal, stdout=terminal, stderr=terminal,
                             env={**os.environ, "TERM": "xterm"})
    shown = b""
    while b"next run in" not in shown and select.select([keyboard], [], [], PATIENCE_S)[0]:
        shown += os.read(keyboard, 65536)
    last = re.sub(rb"\x1b\[[?0-9;]*[a-zA-Z]", b"", shown.rsplit(b"\x1b[H", 1)[-1]).decode()
    expect("the screen", re.search(r"undecided .*\[ +\?\].*\(q: end\)", last, re.DOTALL)
           and max(map(len, last.splitlines())) <= 60, last)
    os.write(keyboard, b"q")
    expect("q", watch.wait(PATIENCE_S) == 0)
    expect("the terminal", termios.tcgetattr(terminal) == before)
    os.close(terminal)
    os.close(keyboard)


def fetch(path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:19587{path}", timeout=10) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, "", ""
    except OSError:
        return 0, "", ""


def stays(folder):
    """A watch that runs: signals, the endpoint, a second one, its end."""
    words = [PROGRAM, "watch", "--history", folder / "stay.db", "--listen", "19587", "-j"]
    with open(folder / "out", "w", encoding="utf-8") as out, \
            open(folder / "err", "w", encoding="utf-8") as err:
        watch = subprocess.Popen(words, stdout=out, stderr=err)
    until("the endpoint", lambda: fetch("/-/healthy")[0] == 200)
    done = run("watch", "--once", "--history", folder / "stay.db")
    expect("a second watch", done.returncode == 2 and "another watch" in done.stderr, done)
    count = lambda: len((folder / "out").read_text().splitlines())
    for n in range(1, 4):
        watch.send_signal(signal.SIGUSR1)
        until("a run", lambda n=n: count() == n)
    status, kind, body = fetch("/metrics")
    expect("a scrape", status == 200 and kind == "text/plain; version=0.0.4; charset=utf-8"
           and 'outcome="unknown"} 3' in body, body[:300])
    expect("another path", fetch("/secret")[0] == 404)
    done = run("watch", "--once", "--history", folder / "stay.db", "--name", "office")
    expect("a second subject", done.returncode == 0 and not done.stderr, done)
    locked(folder, watch, count)
    watch.send_signal(signal.SIGHUP)
    until("SIGHUP", lambda: "read again" in (folder / "err").read_text())
    expect("it goes on", watch.poll() is None)
    watch.terminate()
    expect("its end", watch.wait(PATIENCE_S) == 0, (folder / "err").read_text())
    told = json.loads(run("history", "--history", folder / "stay.db", "-j").stdout)
    expect("what it stored", [len(subject["runs"]) for subject in told] == [5, 1], told)


def main():
    if not isolate():
        print("cli_watch: needs root and network namespaces")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        for test in stored, shown, as_nobody, full_disk, unusable, refused, by_sudo, checks, \
                screen, stays:
            test(folder)
    for fault in FAULTS:
        print(fault)
    print(f"cli_watch: {len(FAULTS)} faults")
    return 1 if FAULTS else 0


if __name__ == "__main__":
    sys.exit(main())
