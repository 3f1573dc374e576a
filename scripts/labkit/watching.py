# SPDX-License-Identifier: BSD-2-Clause
"""A watch in a laboratory's client, which measures when it is told to; and its clocks."""

import contextlib
import json
import mmap
import os
import select
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time

from labkit import kernel, rules

PATIENCE_S = 60
INTERVAL_S = 600
HURRY_S = 90  # the most that a watch waits before it looks again at what may have changed
ETH_P_ALL = 3
SECOND_NS = 1_000_000_000


def until(what, holds):
    """Waits for what something else brings about."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {PATIENCE_S} s")
        time.sleep(0.005)


def programs(world):
    """The program's processes in the laboratory's client."""
    client, found = os.readlink(f"/proc/self/fd/{world.net.netns['cli']}"), []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                name, state = file.read().split("(", 1)[1].rsplit(")", 1)
            if name == "whoblocks" and state.split()[0] != "Z" and \
                    os.readlink(f"/proc/{pid}/ns/net") == client:
                found.append(int(pid))
        except OSError:
            continue
    return found


@contextlib.contextmanager
def heard(world):
    """The IP packets at the client's device, as a list that grows."""
    frames = []
    world.net.enter("cli")
    ears = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    world.net.leave()
    ears.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    ears.bind(("eth0", ETH_P_ALL))
    over, told = os.pipe()

    def listen():
        while True:
            ready = select.select([ears, over], [], [])[0]
            if ears in ready:
                frames.append(ears.recv(65535))
            elif over in ready:
                return

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield frames
    finally:
        os.close(told)
        thread.join()
        os.close(over)
        ears.close()


class Clocks:
    """The clocks of the programs that CLOCKS (see tests/preload/clocks.c) is given to."""

    def __init__(self, path):
        self.path, self.wall, self.steady, self.boot = path, 0, 0, 0
        with open(path, "w+b") as file:
            file.write(bytes(24))
            file.flush()
            self.shared = mmap.mmap(file.fileno(), 24)

    def publish(self):
        self.shared[:] = struct.pack("=qqq", *(int(value * SECOND_NS) for value in
                                               (self.wall, self.steady, self.boot)))

    def pass_by(self, seconds):
        """Time passes."""
        self.wall, self.steady, self.boot = (value + seconds for value in
                                             (self.wall, self.steady, self.boot))
        self.publish()

    def sleep(self, seconds):
        """The machine sleeps for so long."""
        self.wall, self.boot = self.wall + seconds, self.boot + seconds
        self.publish()

    def set(self, seconds):
        """The wall clock is set forward, or back."""
        self.wall += seconds
        self.publish()

    def now(self):
        """Seconds since the epoch, as the programs have it."""
        return time.time() + self.wall


class Watch:
    """The program as `watch -j`. Options of its own come last; env goes beside the laboratory's."""

    def __init__(self, world, folder, *options, env=None):
        self.world, self.folder = world, folder
        self.history = os.path.join(folder, "history.db")
        self.options, self.env = options, env or {}
        self.messages = os.path.join(folder, "messages")
        self.process = None
        self.start()

    def start(self):
        """Returns once it minds its signals."""
        path = os.path.join(self.folder, "notify")
        setup = self.world.setup
        words = [setup.binary, "watch", "-j", "--history", self.history,
                 *setup.arguments(self.world.folder), *self.options]
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified, \
                open(self.messages, "ab") as messages:
            notified.settimeout(PATIENCE_S)
            notified.bind(path)
            self.process = self.world.start(
                words, bufsize=0, stdout=subprocess.PIPE, stderr=messages,
                stdin=subprocess.DEVNULL,
                env={**self.world.environment(), **self.env, "NOTIFY_SOCKET": path})
            try:
                while b"READY=1" not in notified.recv(4096):
                    pass
            except TimeoutError as error:
                raise RuntimeError(f"watch does not start: {self.said()}") from error
            finally:
                os.unlink(path)

    def said(self):
        """Its messages until now."""
        with open(self.messages, encoding="utf-8", errors="replace") as file:
            return file.read()

    def told(self):
        """The next run's line; waits for it."""
        if not select.select([self.process.stdout], [], [], PATIENCE_S)[0]:
            raise RuntimeError(f"no run ends: {self.said()}")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"watch ended: {self.process.wait()}: {self.said()}")
        return json.loads(line)

    def look_at_clock(self):
        """A signal that means nothing to it, but makes it look what is due."""
        self.process.send_signal(signal.SIGWINCH)

    def measure(self):
        """One run now; what it told."""
        self.process.send_signal(signal.SIGUSR1)
        return self.told()

    def kill(self):
        """As when memory is short: at once, and whatever it was doing."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def stop(self):
        """Its status."""
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode

    def rows(self, sql):
        """What the history holds, by another reader than the program's own."""
        base = sqlite3.connect(f"file:{self.history}?mode=ro", uri=True)
        base.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in base.execute(sql)]
        finally:
            base.close()

    def show(self, *options):
        """The history's text, or JSON with -j."""
        done = subprocess.run([self.world.setup.binary, "history", "--history", self.history,
                               *options], capture_output=True, text=True, check=True,
                              env=self.world.environment() | self.env)
        return done.stdout


class Story:
    """A watch, what is done to its network, and when that was.

    The clocks stand still but for what is asked for, and for the time that runs take. Hours pass
    in no time, so that routers must answer as often as they are asked.
    """

    def __init__(self, lab, *options, place="watch"):
        self.lab, folder = lab, f"{lab.folder}/{place}"
        os.mkdir(folder)
        for place in lab.topology.of_kind("router"):
            lab.net.enter(place.name)
            kernel.sysctl("ipv4/icmp_ratelimit", 0)
        lab.net.leave()
        self.clocks = Clocks(f"{folder}/clocks")
        self.evidence = f"{folder}/evidence"
        self.watch = Watch(
            lab, folder, "--interval", str(INTERVAL_S), "--evidence", self.evidence, *options,
            env=kernel.preloaded(os.environ["CLOCKS_LIBRARY"]) | {"CLOCKS": self.clocks.path})
        self.wait = INTERVAL_S  # until the next run is due at the latest
        self.told = []

    def run(self, times=1):
        """Waits for runs, each as long as its watch does.

        The clocks jump but once over the time at which a run is due: never while one is under way.
        """
        for _ in range(times):
            self.clocks.pass_by(self.wait)
            self.watch.look_at_clock()
            self.told.append(self.watch.told())
            self.wait = HURRY_S if self.told[-1]["to_be_confirmed"] else INTERVAL_S
        return self.told[-1]

    def change(self, place, *items, undo=False):
        """Something changes, in the middle between two runs; when."""
        self.wait /= 2
        self.clocks.pass_by(self.wait)
        self.lab.net.enter(place)
        try:
            if undo:
                kernel.feed(["nft", "-f", "-"], "flush ruleset\n")
            rules.apply(items)
        finally:
            self.lab.net.leave()
        return self.clocks.now()

    def restart(self):
        """After it was killed. It waits for its first run anywhere in an interval."""
        self.watch.start()
        self.wait = INTERVAL_S

    def periods(self):
        return self.watch.rows("SELECT * FROM period ORDER BY id")

    def gaps(self):
        return self.watch.rows("SELECT * FROM gap ORDER BY id")
