# SPDX-License-Identifier: BSD-2-Clause
"""The user-space wire: a process between two TUN or TAP devices that delays, loses, copies.

Order is kept in each direction: a frame never leaves before the one ahead of it.
"""

import heapq
import os
import random
import select
import time

QUEUE_MAX = 20000
ND_TYPES = (b"\x87", b"\x88")


def is_neighbour(frame):
    """ARP and neighbour discovery: they are not the path's traffic, the wire is prompt."""
    if frame[12:14] == b"\x08\x06":
        return True
    return frame[12:14] == b"\x86\xdd" and frame[20:21] == b"\x3a" and frame[54:55] in ND_TYPES


class Wire:
    """ends: two descriptors. delay_ms is one way; change(frame, side) may rewrite or drop."""

    def __init__(self, ends, tap=True, **options):
        self.ends = ends
        self.tap = tap
        self.set(**options)

    def set(self, delay_ms=0.0, loss=0, seed=0, change=None):
        self.delay = delay_ms / 1000.0
        self.loss = loss
        self.random = random.Random(seed)
        self.change = change
        self.queue = []
        self.count = 0

    def take(self, side):
        """Reads what waits on one end and queues it for the other."""
        while True:
            try:
                frame = os.read(self.ends[side], 65535)
            except BlockingIOError:
                return
            if self.tap and is_neighbour(frame):
                os.write(self.ends[1 - side], frame)
                continue
            if self.loss and self.random.random() * 100 < self.loss:
                continue
            due = time.monotonic() + self.delay
            for later, changed in (self.change(frame, side) if self.change else ((0, frame),)):
                if len(self.queue) < QUEUE_MAX:
                    self.count += 1
                    heapq.heappush(self.queue, (due + later, self.count, 1 - side, changed))

    def give(self):
        """Sends what is due; returns the time to the next frame or None."""
        while self.queue:
            wait = self.queue[0][0] - time.monotonic()
            if wait > 0:
                return wait
            _, _, side, frame = heapq.heappop(self.queue)
            try:
                os.write(self.ends[side], frame)
            except OSError:
                pass  # the device is down or full: the wire loses the frame
        return None

    def run(self):
        while True:
            for fd in select.select(self.ends, [], [], self.give())[0]:
                self.take(self.ends.index(fd))
