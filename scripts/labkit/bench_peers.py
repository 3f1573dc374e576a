# SPDX-License-Identifier: BSD-2-Clause
"""How long whoblocks and its peers take in one laboratory, and what each of them says.

Each case is one laboratory, in which the tools run one after the other, with a rest between
them so that the routers' limits are as they were. The peers ask one server; whoblocks asks all
of the case, in an order drawn by chance: several times, of which the run in the middle counts. A
peer that is not installed is left out.
"""

import argparse
import json
import os
import re
import select
import shutil
import sys
import tempfile
import time

from labkit import kernel, scenario, trial, world
from labkit.scenarios import ALL

CASES = ("open.4", "demo", "reset-ttl255.4n", "closed-alone.4", "farm1-drop.4n",
         "farm50-drop.4n", "farm1000-drop.4n")
PLAIN = {"open.4": "open", "demo": "provider drops", "reset-ttl255.4n": "forged reset",
         "closed-alone.4": "closed server", "farm1-drop.4n": "drop, 1 server",
         "farm50-drop.4n": "drop, 50 servers", "farm1000-drop.4n": "drop, 1,000 servers"}
OWN = "whoblocks"
PEERS = {
    "traceroute -T": ["traceroute", "-T", "-n", "-p", "587"],
    "tcptraceroute": ["tcptraceroute", "-n"],
    "mtr --tcp": ["mtr", "--tcp", "-P", "587", "-n", "-r", "-c", "3"],
    "nmap -sS": ["nmap", "-sS", "-Pn", "-n", "-p", "587,993", "--reason", "--traceroute"],
    "nmap firewalk": ["nmap", "-sS", "-Pn", "-n", "-p", "587", "--traceroute", "--script",
                      "firewalk"],
    "scamper": ["scamper", "-I"],
}
WIDTH = 76


def is_installed(tool):
    """Debian's traceroute brings a script of a peer's name, which is not that peer."""
    path = shutil.which(tool)
    return bool(path) and not os.path.realpath(path).endswith("/tcptraceroute.db")


def commands(setup, folder, address):
    """(name, command) of each tool that is installed."""
    binary = setup.binary
    yield OWN, [binary, "probe", "--json", "--no-smtp", *setup.arguments(folder)]
    if setup.scenario.group == "scale":
        return
    for name, words in PEERS.items():
        if not is_installed(words[0]):
            print(f"bench: {words[0]} is not installed: left out", file=sys.stderr)
            continue
        tail = {"tcptraceroute": [address, "587"],
                "scamper": [f"trace -P tcp -d 587 {address}"]}.get(name, [address])
        yield name, [*words, *tail]


def packets(lab):
    """How many packets the client has sent and received so far."""
    lab.net.enter("cli")
    try:
        with open("/proc/thread-self/net/dev", encoding="ascii") as file:
            lines = [re.split(r"[:\s]+", line.strip()) for line in file.readlines()[2:]]
    finally:
        lab.net.leave()
    outside = [line for line in lines if line[0] != "lo"]
    return sum(int(line[10]) for line in outside), sum(int(line[2]) for line in outside)


def measure(lab, command, limit):
    """One run of a tool: seconds, packets, memory, output."""
    sent, received = packets(lab)
    peak, over = 0, False
    with tempfile.TemporaryFile() as out:
        started = time.monotonic()
        process = lab.start(command, stdout=out, stderr=-2, stdin=-3)
        ended = os.pidfd_open(process.pid)
        while not select.select([ended], [], [], 0.02)[0]:
            peak = max(peak, trial.peak_kib(process.pid))
            if time.monotonic() - started > limit:
                process.kill()
                over = True
        took = time.monotonic() - started
        os.close(ended)
        process.wait()
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
    after = packets(lab)
    return {"seconds": round(took, 3), "over": over, "sent": after[0] - sent,
            "received": after[1] - received, "peak_kib": peak, "text": text}


def said(name, text):
    """What the tool says, in a line."""
    if name == OWN:
        found = re.search(r"\{.*\}", text, re.DOTALL)
        return json.loads(found.group())["verdict"]["sentence"] if found else text.strip()
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if name.startswith("nmap"):
        lines = [line for line in lines if "587/tcp" in line or line.startswith("|")] or lines
        lines = [line for line in lines if not re.search("firewalk:|HOP HOST", line)]
        return "; ".join(lines[:3])
    numbered = [line for line in lines if re.match(r"\d", line)]
    heard = [line for line in numbered if re.search(r"\d+\.\d+\.\d+\.\d+|:", line)]
    silent = len(numbered) - numbered.index(heard[-1]) - 1 if heard else 0
    return (heard[-1] if heard else "nothing") + (f"; then {silent} silent hops" if silent else "")


def middle(lab, command, runs, asked):
    """The run that takes the middle time of so many, and what the others took."""
    records = []
    for number in range(runs):
        if number:
            time.sleep(asked.rest)
        records.append(measure(lab, command, asked.limit))
    records.sort(key=lambda record: record["seconds"])
    return {**records[runs // 2], "all": [record["seconds"] for record in records]}


def work_of(asked, report):
    """What runs in the laboratory: every tool, its record appended to the report."""
    def work(lab):
        server = lab.topology.servers[0]
        for number, (name, command) in enumerate(commands(lab.setup, lab.folder, server.v4)):
            if number:
                time.sleep(asked.rest)
            runs = asked.runs if name == OWN else 1
            record = {"tool": name, **middle(lab, command, runs, asked)}
            record["says"] = said(name, record.pop("text"))
            report.write(json.dumps(record).encode() + b"\n")
            report.flush()
    return work


def run_case(setup, asked):
    with tempfile.TemporaryFile() as report:
        pid = world.launch(setup, work_of(asked, report))
        world.quiet()
        if kernel.exit_status(os.waitpid(pid, 0)[1]):
            raise world.LabError(f"the laboratory of {setup.name} failed")
        report.seek(0)
        return [json.loads(line) for line in report]


def show(title, records):
    own = records[0]["seconds"]
    print(f"\n{title}\n  {'':14} {'seconds':>8} {'times':>6} {'sent':>6} {'came':>6} {'MiB':>5}")
    for record in records:
        print(f"  {record['tool']:14} {'>' if record['over'] else ' '}{record['seconds']:7.2f} "
              f"{record['seconds'] / own:6.1f} {record['sent']:6d} {record['received']:6d} "
              f"{record['peak_kib'] / 1024:5.0f}  {record['says'][:WIDTH]}", flush=True)
        if len(record["all"]) > 1:
            print(f"  {'':14} {record['all'][0]:8.2f} to {record['all'][-1]:.2f} s in "
                  f"{len(record['all'])} runs")


def main(words):
    parser = argparse.ArgumentParser(prog="bench peers", description=__doc__)
    parser.add_argument("--case", action="append", metavar="NAME",
                        help=f"a scenario of the laboratory [{', '.join(CASES)}]")
    parser.add_argument("--rtt", type=float, action="append", metavar="MS", help="[0 and 100]")
    parser.add_argument("--rest", type=float, default=7, metavar="S", help="between two tools [7]")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of whoblocks [5]")
    parser.add_argument("--limit", type=float, default=120, metavar="S", help="of a tool [120]")
    parser.add_argument("--json", metavar="FILE", help="writes every record")
    parser.add_argument("--program", default=os.environ.get("WHOBLOCKS", ""))
    asked = parser.parse_args(words)
    if asked.runs < 1:
        parser.error("--runs: at least one")
    world.require_binary(os.path.realpath(asked.program))
    world.require()
    everything = {}
    for name in asked.case or CASES:
        for rtt in asked.rtt or (0, 100):
            setup = scenario.find(ALL, name, binary=os.path.realpath(asked.program), rtt=rtt)
            if setup is None:
                sys.exit(f"bench: no scenario is called '{name}'")
            title = f"{PLAIN.get(name, name)} ({name}), round trip {rtt or 'near 0'} ms"
            everything[title] = run_case(setup, asked)
            show(title, everything[title])
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1)
    return 0
