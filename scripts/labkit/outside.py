# SPDX-License-Identifier: BSD-2-Clause
"""`lab outside`: places elsewhere measure a laboratory internet; what is said of it is judged.

Each situation is an internet of its own. Eight probes trace to two servers, packet by packet, as
probes of RIPE Atlas do; the program reads their results as it would read that service's.
"""

import fnmatch
import json
import os
import subprocess
import tempfile
import time

from labkit import elsewhere, judge as verdicts, kernel, matrix, situations, tracer, world

PORT, CONTROL = 587, 443
FULL_TTL = 64
COUNTRIES = {elsewhere.OURS: "NL"}
FIRST_ID = 90000001
SURE_MAX = 0.95
NONE, CAUTIOUS = "unknown", "cautious"


def add_arguments(parser):
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="internets at a time")
    parser.add_argument("--only", action="append", default=[], metavar="GLOB")
    parser.add_argument("--patience", type=int, default=0, metavar="MS",
                        help="the probes wait so long for an answer (default: the situation's own)")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--keep", metavar="DIR", help="keeps the results of the probes")
    parser.set_defaults(work=run)


# --- what is ordered, and what comes of it ----------------------------------------------------------


def orders(situation, timeout_ms):
    """Of each server: the port, the control, and one SYN on a tuple of its own."""
    made = []
    for family in situation.families:
        for server in elsewhere.SERVERS.values():
            for port, full in ((PORT, False), (CONTROL, False), (PORT, True)):
                made.append({
                    "id": FIRST_ID + len(made), "type": "traceroute", "af": family,
                    "target": server[family == 6], "protocol": "TCP", "port": port,
                    "packets": 1 if full else 3, "size": 0, "first_hop": FULL_TTL if full else 1,
                    "max_hops": FULL_TTL if full else 32, "is_oneoff": True,
                    "response_timeout": timeout_ms,
                    "status": {"id": 4, "name": "Stopped"}})
    return made


def probe_object(number):
    asn = elsewhere.ASN_OF[elsewhere.LINES[number]]
    v4, v6 = elsewhere.line_prefixes(number)
    return {"id": number, "asn_v4": asn, "asn_v6": asn, "prefix_v4": v4, "prefix_v6": v6,
            "country_code": COUNTRIES.get(asn, "DE")}


def result_of(number, trace, started):
    six = trace.family == 6
    public = elsewhere.probe_address(number, 6) if six else elsewhere.public4(number)
    return {"fw": 5080, "mver": "2.6.2", "lts": 20, "timestamp": started,
            "endtime": int(time.time()), "msm_id": trace.order["id"], "prb_id": number,
            "msm_name": "Traceroute", "type": "traceroute", "from": public,
            "src_addr": trace.source, "dst_name": trace.target, "dst_addr": trace.target,
            "proto": "TCP", "af": trace.family, "size": 0, "paris_id": 1, "result": trace.result}


def measure(situation, args):
    """The values of a file of results, from an internet that ends with the calling process."""
    timeout_ms = args.patience or situation.timeout_ms
    net, asked, traces = elsewhere.Internet(), orders(situation, timeout_ms), []
    net.build(situation.rules, situation.boxes, timeout_ms // 2)
    for number in elsewhere.LINES:
        net.enter(f"probe-{number}")
        traces += [(number, tracer.Trace(order, elsewhere.probe_address(number, order["af"]), i))
                   for i, order in enumerate(asked, 1)]
    net.leave()
    started = int(time.time())
    tracer.run([trace for _, trace in traces], args.seed)
    head = {"whoblocks": "outside/1", "asn": elsewhere.OURS, "networks": list(elsewhere.owners())}
    probes = [probe_object(number) for number in elsewhere.LINES]
    return [head, *asked, {"count": len(probes), "results": probes},
            *(result_of(number, trace, started) for number, trace in traces)]


# --- what is said of it -------------------------------------------------------------------------------


def parties(truth):
    return () if truth in (situations.OPEN, situations.NOBODY) else truth


def row_faults(situation, row, truth):
    """What is false in the answer about one line."""
    who, named = row["probe"], row["blocker"]
    if row["fate"] == "open" and truth != situations.OPEN:
        yield f"probe {who} is called open"
    if row["fate"] == "blocked" and truth == situations.OPEN:
        yield f"probe {who} is called blocked, by {named}"
    if named not in (NONE, "none") and row["fate"] != "open" and named not in parties(truth):
        yield f"probe {who}: {named} is accused"
    if row["confidence"] is not None and row["confidence"] > SURE_MAX:
        yield f"probe {who} is surer than it can be"
    link, place = row["link"], situation.place
    if link and place and int(who) in elsewhere.SAME and truth != situations.OPEN:
        if link["to_hop"] < place[0] or link["from_hop"] > place[1]:
            yield f"probe {who}: the place is {link['from_hop']}-{link['to_hop']}, not {place}"


def truth_of(situation, row):
    """Over the second family nobody blocks."""
    second = row["family"] == "ipv6"
    return situations.OPEN if second else situation.truth[int(row["probe"])]


def is_exact(row, truth):
    if truth == situations.OPEN:
        return row["fate"] == "open"
    if truth == situations.NOBODY:
        return row["blocker"] == NONE
    return row["blocker"] in truth


def faults_of(situation, told):
    for family, allowed in (("ipv4", situation.says), ("ipv6", situation.says_6)):
        summary = told["outside_summary"][family]
        if summary and summary["says"] not in allowed:
            yield f"{family} says {summary['says']}, not {' or '.join(allowed)}"
    for row in told["outside"]:
        yield from row_faults(situation, row, truth_of(situation, row))
    wanted = len(elsewhere.LINES) * len(situation.families)
    if len(told["outside"]) != wanted:
        yield f"{len(told['outside'])} places of {wanted}"


def judge(situation, path, binary, schema):
    """The record of one situation: its class, and the reasons where it is no right one."""
    done = subprocess.run([binary, "outside", "-q", "-j", path], capture_output=True, text=True,
                          check=False)
    record = {"name": situation.name}
    told = json.loads(done.stdout or "{}")
    if not told or done.returncode != verdicts.status_for(told["verdict"]):
        return record | {"class": "FAILED", "why": f"status {done.returncode}: {done.stderr}"}
    problem = schema and next(schema.iter_errors(told), None)
    if problem:
        return record | {"class": "FAILED", "why": f"schema: {problem.message[:300]}"}
    faults = list(faults_of(situation, told))
    exact = sum(is_exact(row, truth_of(situation, row)) for row in told["outside"])
    says = [told["outside_summary"][family]["says"] for family in ("ipv4", "ipv6")
            if told["outside_summary"][family]]
    kind = "WRONG" if faults else "right" if exact == len(told["outside"]) else CAUTIOUS
    return record | {"class": kind, "why": "; ".join(faults), "says": says, "exact": exact,
                     "rows": len(told["outside"]), "told": told["outside_summary"]["sentences"]}


# --- all of them -----------------------------------------------------------------------------------------


class Runner:
    """Keeps N internets going; each is a process tree of its own that reports into a file."""

    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.schema = matrix.load_schema()
        self.running, self.records = {}, []

    def start(self, situation):
        path = os.path.join(self.folder, f"{situation.name}.jsonl")

        def work():
            values = measure(situation, self.args)
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(value) + "\n" for value in values)

        self.running[world.confined(work)] = (situation, path, time.monotonic())

    def collect(self):
        pid, status = os.wait()
        situation, path, started = self.running.pop(pid)
        if status:
            record = {"name": situation.name, "class": "FAILED",
                      "why": f"the laboratory ended with {kernel.exit_status(status)}"}
        else:
            record = judge(situation, path, self.args.binary, self.schema)
        record["wall_s"] = time.monotonic() - started
        self.records.append(record)
        print(f"{record['class']:<9} {situation.name:<18} {' '.join(record.get('says', ())):<12} "
              f"{record.get('exact', 0):>2} of {record.get('rows', 0):>2} exact "
              f"{record['wall_s']:5.1f} s  {record['why'] or situation.text}", flush=True)

    def run(self, chosen):
        for situation in chosen:
            while len(self.running) >= self.args.jobs:
                self.collect()
            self.start(situation)
        while self.running:
            self.collect()


def run(args):
    world.require_binary(args.binary)
    world.require()
    chosen = [item for item in situations.ALL
              if not args.only or any(fnmatch.fnmatch(item.name, glob) for glob in args.only)]
    if not chosen:
        raise world.LabError("no situation fits")
    with tempfile.TemporaryDirectory() as folder:
        if args.keep:
            folder = os.path.realpath(args.keep)
            os.makedirs(folder, exist_ok=True)
        runner = Runner(args, folder)
        runner.run(chosen)
    bad = [record for record in runner.records if record["class"] in matrix.BAD]
    exact = sum(record.get("exact", 0) for record in runner.records)
    rows = sum(record.get("rows", 0) for record in runner.records)
    print(f"{len(runner.records)} situations, {len(bad)} wrong; of {rows} lines {exact} were "
          "told exactly as they are, the others left undecided")
    return 1 if bad else 0
