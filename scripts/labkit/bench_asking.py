# SPDX-License-Identifier: BSD-2-Clause
"""How many SYNs, and how long, until a blocked port is decided; beside another program.

Each run has a laboratory of its own, so that all routers have their answers left: one blocker,
one server or three, with and without delay and loss. The SYNs are counted in the capture, by their
port. A row shows the middle of the runs, and how many of them were exact, weaker or wrong; with
--beside two figures, this program's first, and the ratio of the two.
"""

import argparse
import collections
import itertools
import json
import math
import os
import pathlib
import statistics
import struct
import sys
import tempfile

from labkit import judge, kernel, packet, rules, scenario, trial, world
from labkit.scenario import Scenario, blocked

PORT = 587
SUBMIT = f"tcp dport {PORT}"
DROP = rules.forward(f"{SUBMIT} drop")
SERVERS = {"alpha": "mx.alpha.example", "beta": "mx.beta.example", "gamma": "mx.gamma.example"}
INTERFACE_BLOCK, PACKET_BLOCK = 1, 6  # of pcapng
LINK_BYTES = {1: 14, 12: 0, 101: 0, 113: 16, 276: 20}  # before the IP packet
FIGURES = ("port", "all", "seconds")
CASES = {
    "router drops": (blocked("local-network", 1, 1, suspects=("local-network", "isp")),
                     {"gw": [DROP]}),
    "provider drops": (blocked("isp", 3, 3), {"isp2": [DROP]}),
    "transit drops": (blocked("transit", 5, 5), {"tr1": [DROP]}),
    "servers drop": (blocked("remote", suspects=("local-network", "isp", "transit", "remote")),
                     {name: [rules.inbound(f"{SUBMIT} drop")] for name in SERVERS}),
    "provider resets": (blocked("isp", 3, 3),
                        {"isp2": [rules.forward(f"{SUBMIT} reject with tcp reset")]}),
    "provider rejects": (blocked("isp", 3, 3),
                         {"isp2": [rules.forward(f"{SUBMIT} reject with icmpx "
                                                 "admin-prohibited")]}),
}


def packets(data):
    """The IP packets of one of our captures, which has one interface and is little-endian."""
    at, skip = 0, 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == INTERFACE_BLOCK:
            skip = LINK_BYTES[struct.unpack_from("<H", data, at + 8)[0]]
        elif kind == PACKET_BLOCK:
            (size,) = struct.unpack_from("<I", data, at + 20)
            yield data[at + 28 + skip:at + 28 + size]
        at += length


def count_syns(capture):
    """(to the port under test, to all ports)"""
    segments = [packet.parse(data) for data in packets(pathlib.Path(capture).read_bytes())]
    syns = [segment.dport for segment in segments
            if segment and segment.flags & (packet.SYN | packet.ACK) == packet.SYN]
    return syns.count(PORT), len(syns)


def setup_of(case, program, servers, rtt, loss):
    expect, there = CASES[case]
    names = tuple(SERVERS.values())[:servers]
    item = Scenario(case.replace(" ", "-"), 0, "asking", "T8", case, expect, there, hosts=names,
                    options=("--only",))
    return scenario.Setup(item.name, item, "4", True, binary=program, loss=loss, rtt=rtt)


def work_of(report):
    """One run in the laboratory, its record written to the report."""
    def work(lab):
        capture = os.path.join(lab.folder, "asking.pcapng")
        command = [lab.setup.binary, "probe", "--json", "-w", capture,
                   *lab.setup.arguments(lab.folder)]
        status, text, wall, _, errors = trial.run(lab, command, "probe")
        result = trial.parsed(text, status, errors, "probe")
        port, every = count_syns(capture)
        sort, why = judge.judge(lab.setup.expect, result, True)
        report.write(json.dumps({"port": port, "all": every, "seconds": wall, "class": sort,
                                 "why": why,
                                 "says": result["verdict"]["sentence"]}).encode())
        report.flush()
    return work


def measure(trials, jobs):
    """The records of (key, setup) by key; so many laboratories at a time."""
    records, running = collections.defaultdict(list), {}

    def collect():
        pid, status = os.wait()
        key, report = running.pop(pid)
        with report:
            report.seek(0)
            text = report.read()
        if kernel.exit_status(status) or not text:
            raise world.LabError(f"the laboratory of {key} failed")
        records[key].append(json.loads(text))

    for key, setup in trials:
        while len(running) >= jobs:
            collect()
        report = tempfile.TemporaryFile()
        running[world.launch(setup, work_of(report))] = key, report
    while running:
        collect()
    return records


def middle(records, figure):
    return statistics.median(record[figure] for record in records)


def classes(records):
    """Such as "3 exact", "2 exact 1 acceptable"."""
    found = collections.Counter(record["class"] for record in records)
    return " ".join(f"{found[sort]} {sort}" for sort in judge.CLASSES if found[sort])


def ratio(pairs):
    """The geometric mean of the ratios of (this program, the other)."""
    return math.exp(statistics.mean(math.log(own / other) for own, other in pairs))


def show(case, condition, both):
    """One row: the records of this program and, if any, of the other."""
    servers, rtt, loss = condition
    row = f"{case:17}{servers:2}{rtt:5g} ms{loss:4} %"
    for figure in FIGURES:
        values = [middle(records, figure) for records in both]
        shape = "{:7.2f}" if figure == "seconds" else "{:5.0f}"
        row += " " + "".join(shape.format(value) for value in values)
        if len(values) > 1:
            row += f" {values[0] / values[1]:5.2f}"
    print(row + "  " + " | ".join(classes(records) for records in both), flush=True)


def summary(rows):
    """The mean ratios over all rows, and over those with each round trip time and loss."""
    for at, word, unit in ((None, "all", ""), (1, "round trip", " ms"), (2, "loss", " %")):
        for value in sorted({row[0][at] for row in rows}) if at else ("",):
            chosen = [both for condition, both in rows if not at or condition[at] == value]
            means = [ratio([[middle(records, figure) for records in both] for both in chosen])
                     for figure in FIGURES]
            title = f"{word} {value:g}{unit}" if at else word
            print(f"{title:17} times the other's: {means[0]:.2f} SYNs to the port, "
                  f"{means[1]:.2f} SYNs, {means[2]:.2f} seconds")


def run(asked, programs):
    """All rows; [(condition, [records of each program])], each also printed."""
    rows, everything = [], []
    for case, *condition in itertools.product(asked.case or CASES, asked.servers, asked.rtt,
                                              asked.loss):
        setups = [setup_of(case, program, *condition) for program in programs]
        trials = [(f"{case} {programs[at]}", setups[at]) for _ in range(asked.runs)
                  for at in range(len(programs))]
        found = measure(trials, asked.jobs)
        both = [found[f"{case} {program}"] for program in programs]
        show(case, condition, both)
        rows.append((condition, both))
        everything.append({"case": case, "condition": condition,
                           "runs": dict(zip(programs, both))})
    return rows, everything


def options():
    parser = argparse.ArgumentParser(prog="bench asking", description=__doc__)
    parser.add_argument("--beside", metavar="PROGRAM", help="another whoblocks, run by turns")
    parser.add_argument("--case", action="append", choices=CASES, help="[all]")
    parser.add_argument("--servers", type=int, nargs="+", default=[1, 3], choices=(1, 2, 3),
                        help="how many [1 and 3]")
    parser.add_argument("--rtt", type=float, nargs="+", default=[0, 100], metavar="MS",
                        help="[0 and 100]")
    parser.add_argument("--loss", type=int, nargs="+", default=[0, 10], metavar="PERCENT",
                        help="each way [0 and 10]")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each [3]")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="runs at a time [1]")
    parser.add_argument("--json", metavar="FILE", help="writes every record")
    parser.add_argument("--program", default=os.environ.get("WHOBLOCKS", ""))
    return parser


def main(words):
    parser = options()
    asked = parser.parse_args(words)
    if asked.runs < 1 or asked.jobs < 1:
        parser.error("--runs, --jobs: at least one")
    programs = [os.path.realpath(path) for path in (asked.program, asked.beside) if path]
    for program in programs or [""]:
        world.require_binary(program)
    if len(set(programs)) < len(programs):
        sys.exit("bench: the two programs are one")
    world.require()
    print(f"{'':17}servers, rtt, loss; SYNs to {PORT}, all SYNs, seconds"
          + (": this program, the other, ratio" if asked.beside else ""))
    rows, everything = run(asked, programs)
    if asked.beside:
        summary(rows)
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1)
    return 0
