# SPDX-License-Identifier: BSD-2-Clause
"""A watch over hundreds of runs: its memory and its descriptors. Needs root.

In the laboratory, where this host blocks the port now and then; with history, evidence, text file,
endpoint and a program for changes. Prints a line each so many runs.
"""

import argparse
import collections
import os
import sys
import urllib.request

from . import kernel, rules, scenario, world
from .scenarios import ALL
from .watching import Watch, until

TOPOLOGY = "T8"
WARM = 8  # runs in which everything was used once, the program for changes, too
CHANGE_EACH = 4  # runs of those, and of the rest every
THEN_EACH = 40
GROWTH_KIB = 512  # of memory that is the process's own
PORT = 19588
DROP = rules.output("tcp dport 587 drop")


def anonymous_kib(pid):
    """Memory of the process's own, in KiB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon"))


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return file.read().split()


def descriptors(pid):
    """What the process holds open, but for what differs from one to the next."""
    found = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{number}").split("[")[0].split(":")[0])
        except OSError:
            continue
    return sorted(found)


def more(pid, held):
    """What the process holds open and did not hold when these were held."""
    return collections.Counter(descriptors(pid)) - collections.Counter(held)


def switch(lab, blocks):
    lab.net.enter("cli")
    try:
        kernel.feed(["nft", "-f", "-"], "flush ruleset\n")
        rules.apply([DROP] if blocks else [])
    finally:
        lab.net.leave()


def scrape(lab):
    lab.net.enter("cli")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics", timeout=30) as answer:
            return answer.read()
    finally:
        lab.net.leave()


def observe(lab, runs, report=lambda line: None):
    """What is wrong after so many runs; nothing is []."""
    watch = Watch(lab, lab.folder, "--evidence", f"{lab.folder}/evidence", "--keep", "3",
                  "--textfile", f"{lab.folder}/whoblocks.prom", "--listen", str(PORT),
                  "--on-change", "/bin/true")
    pid, blocks, changes, held, used = watch.process.pid, False, 0, None, 0
    for number in range(1, runs + 1):
        told = watch.measure()
        if told["state"] != ("blocked" if blocks else "open"):
            return [f"run {number}: {told['sentence']}"]
        if number % (CHANGE_EACH if number <= WARM else THEN_EACH) == 2:
            blocks, changes = not blocks, changes + 1
            switch(lab, blocks)
        if b"whoblocks_state{" not in scrape(lab):
            return [f"run {number}: no metrics"]
        if number == WARM:
            until("programs end", lambda: not children(pid))
            held, used = descriptors(pid), anonymous_kib(pid)
        if number == WARM or number % 50 == 0 or number == runs:
            report(f"run {number:4}: {anonymous_kib(pid):5} KiB of its own, "
                   f"{len(descriptors(pid))} descriptors, {changes} changes")
    grown, faults = anonymous_kib(pid) - used, []
    if grown > GROWTH_KIB:
        faults.append(f"{grown} KiB more than after run {WARM}")
    try:
        until(f"its descriptors are those after run {WARM}", lambda: not more(pid, held))
    except AssertionError as error:
        faults.append(f"{error}: {dict(more(pid, held))}")
    if watch.stop() != 0:
        faults.append(f"its end: {watch.process.returncode} {watch.said()}")
    return faults


def main(words):
    parser = argparse.ArgumentParser(prog="bench watch", description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    asked = parser.parse_args(words)
    if os.geteuid() != 0:
        sys.exit("bench watch: needs root")
    setup = scenario.find(ALL, TOPOLOGY, binary=os.path.realpath(os.environ["WHOBLOCKS"]))

    def work(lab):
        faults = observe(lab, asked.runs, lambda line: print(line, flush=True))
        print(*faults or ["flat"], sep="\n", flush=True)
        return 1 if faults else 0

    world.require()
    return kernel.exit_status(os.waitpid(world.launch(setup, work), 0)[1])
