# SPDX-License-Identifier: BSD-2-Clause
"""The matrix: every variant of every scenario, in parallel, with a summary by group."""

import collections
import fnmatch
import json
import os
import tempfile
import time

from labkit import judge, kernel, noise, products, scenario, trial, twins, world
from labkit.scenarios import ALL, FURTHER_NAMES

SCHEMA = "src/report/result.schema.json"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BAD = ("WRONG", "FAILED")
FAST_LOSS = 10  # percent


def add_arguments(parser):
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="trials at a time")
    parser.add_argument("--repeat", type=int, default=1, metavar="R", help="rounds of the set")
    parser.add_argument("--only", action="append", default=[], metavar="GLOB",
                        help="names with or without their variant")
    parser.add_argument("--group", action="append", default=[])
    parser.add_argument("--row", action="append", default=[], type=int, metavar="N")
    parser.add_argument("--variant", action="append", default=[], metavar="V",
                        help="4n, 4, 6n, 6, 46n or 46")
    parser.add_argument("--subset", choices=("fast",),
                        help="one variant of each row's own, without those that take long")
    parser.add_argument("--every", action="store_true",
                        help="every variant of the further scenarios, not one in turn")
    parser.add_argument("--loss", type=int, default=0, metavar="PERCENT")
    parser.add_argument("--rtt", type=float, default=0, metavar="MS")
    parser.add_argument("--noise", type=int, metavar="SEED",
                        help="noise of every kind; each round draws anew")
    parser.add_argument("--again", type=int, default=0, metavar="N",
                        help="a trial that is wrong where SYNs are lost by chance is measured N "
                             "times more, and counts when one of these is wrong, too")
    parser.add_argument("--json", metavar="FILE", help="writes every record")
    parser.add_argument("--pcaps", metavar="DIR", help="keeps captures and results")
    parser.set_defaults(work=run)


def turn(item):
    """The variant whose turn it is; twins take the same one."""
    first = next(other for other in ALL if other.name == (item.twin or item.name))
    words = item.variants.split()
    return words[ALL.index(first) % len(words)]


def words_of(item, args):
    """The variants of a scenario that are asked for."""
    if args.subset == "fast":
        long = item.group == "scale" or item.loss > FAST_LOSS or item.slow or \
            item.name in FURTHER_NAMES
        return () if long else (turn(item),)
    named = args.every or args.only or args.variant
    return (turn(item),) if item.name in FURTHER_NAMES and not named else item.variants.split()


def selected(args):
    """The trials of one round."""
    for item in ALL:
        if args.group and item.group not in args.group or args.row and item.row not in args.row:
            continue
        words = words_of(item, args)
        for setup in scenario.variants(item, binary=args.binary, loss=args.loss, rtt=args.rtt):
            word = setup.name.rsplit(".", 1)[1]
            names = (item.name, setup.name)
            if args.variant and word not in args.variant:
                continue
            if word not in words:
                continue
            if not args.only or any(fnmatch.fnmatch(name, glob)
                                    for name in names for glob in args.only):
                yield setup


def noisy(setup, args, number):
    """The setup of this round."""
    if args.noise is None:
        return setup
    return noise.noisy(setup, noise.draw(args.noise + number))


def load_schema():
    """A validator of results, or None where the Python module is missing."""
    path = os.path.join(ROOT, SCHEMA)
    try:
        import jsonschema
    except ImportError:
        return None
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    return jsonschema.validators.validator_for(schema)(schema)


class Runner:
    """Keeps N trials going; each is a process tree of its own that reports into a file."""

    def __init__(self, args, schema):
        self.args = args
        self.schema = schema
        self.running = {}
        self.records = []

    def start(self, setup, number):
        report = tempfile.TemporaryFile()
        suffix = f".{number}" if self.args.repeat > 1 else ""

        def work(lab):
            record = trial.trial(lab, self.schema, self.args.pcaps, suffix)
            report.write(json.dumps(record).encode())
            report.flush()

        pid = world.launch(setup, work)
        self.running[pid] = (setup, report, number)

    def collect(self):
        pid, status = os.wait()
        setup, report, number = self.running.pop(pid)
        with report:
            report.seek(0)
            text = report.read()
        if text:
            record = json.loads(text)
        else:
            record = {"name": setup.name, "row": setup.row, "group": setup.group,
                      "class": "FAILED",
                      "why": f"the laboratory ended with {kernel.exit_status(status)}"}
        record["round"] = number
        self.records.append(record)
        print(line(record), flush=True)

    def run(self, trials):
        for setup, number in trials:
            while len(self.running) >= self.args.jobs:
                self.collect()
            self.start(setup, number)
        while self.running:
            self.collect()


def by_chance(setup):
    """Whether SYNs are lost at random: then the evidence itself misleads now and then."""
    return bool(setup.loss or setup.scenario.loss) or any(
        "random" in rule.text for rules in setup.rules.values() for rule in rules)


def look_again(runner, setups, times):
    """Bad luck is no fault: it does not come again."""
    named = {setup.name: setup for setup in setups}
    runner.args.pcaps = None  # the capture of what was wrong stays
    for record in [record for record in runner.records if record["class"] in BAD]:
        setup, first = named[record["name"]], len(runner.records)
        if not by_chance(setup):
            continue
        runner.run((setup, record["round"]) for _ in range(times))
        again = runner.records[first:]
        del runner.records[first:]
        if not any(other["class"] in BAD for other in again):
            record["class"] = "acceptable"
            record["why"] = f"by chance ({record['why']}): right {times} times after that"
            print(line(record), flush=True)


def line(record):
    verdict, ran = record.get("verdict") or {}, record.get("run") or {}
    link = verdict.get("link")
    place = f"{link['from_hop']}-{link['to_hop']}" if link else "-"
    sure = verdict.get("confidence")
    confidence = "-" if sure is None else f"{sure:.3f}"
    return (f"{record['class']:<10} {record['name']:<26} {verdict.get('state', '-'):<11} "
            f"{verdict.get('blocker', '-'):<13} {place:>5} "
            f"{confidence:>5} "
            f"{record.get('wall_s', 0):6.2f} s {ran.get('packets_sent', 0):4d} SYN "
            f"{record.get('peak_kib', 0) / 1024:5.1f} MiB  {record.get('why', '')}")


def summary(records, seconds):
    groups = collections.defaultdict(collections.Counter)
    for record in records:
        groups[record["group"]][record["class"]] += 1
        groups["all"][record["class"]] += 1
    print(f"\n{'group':<10} " + " ".join(f"{name:>10}" for name in judge.CLASSES))
    for name in sorted(groups, key=lambda name: (name == "all", name)):
        print(f"{name:<10} " + " ".join(f"{groups[name][word]:>10}" for word in judge.CLASSES))
    walls = [record["wall_s"] for record in records if "wall_s" in record]
    if walls:
        print(f"{len(records)} trials in {seconds:.0f} s; the longest run took "
              f"{max(walls):.1f} s, the largest "
              f"{max(record.get('peak_kib', 0) for record in records) / 1024:.1f} MiB")
    bad = sum(groups["all"][word] for word in BAD)
    print(f"{len(records) - bad} passed, {bad} failed")
    return bad


def run(args):
    world.require_binary(args.binary)
    world.require()
    setups = list(selected(args))
    if products.missing():
        real = [setup for setup in setups if setup.products]
        setups = [setup for setup in setups if not setup.products]
        if real:
            print(f"{len(real)} trials with real products are left out: {products.missing()}")
    if not setups:
        raise world.LabError("no scenario fits")
    if args.pcaps:
        os.makedirs(args.pcaps, exist_ok=True)
        args.pcaps = os.path.realpath(args.pcaps)
    runner = Runner(args, load_schema())
    started = time.monotonic()
    runner.run((noisy(setup, args, number), number)
               for number in range(args.repeat) for setup in setups)
    if args.again and args.noise is None:
        look_again(runner, setups, args.again)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump(runner.records, file, indent=1)
    bad = summary(runner.records, time.monotonic() - started)
    if args.noise is None and not args.loss and not args.rtt:
        bad += twins.compare(runner.records)
    return 1 if bad else 0
