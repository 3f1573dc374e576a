# SPDX-License-Identifier: BSD-2-Clause
"""Whether stated probabilities are true: many scenarios under noise, in bins of confidence."""

import json
import math
import os
import random
import time

from labkit import matrix, noise, world

Z95 = 1.959964
BIN_COUNT = 100  # fewer say too little
EDGES = (0, 0.5, 0.75, 0.9, 0.95, 0.98, 0.995, 1.0)


def add_arguments(parser):
    parser.add_argument("--runs", type=int, default=100, metavar="N", help="measurements")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the first")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="trials at a time")
    parser.add_argument("--only", action="append", default=[], metavar="GLOB",
                        help="names with or without their variant")
    parser.add_argument("--group", action="append", default=[])
    parser.add_argument("--heavy", action="store_true", help="losses up to 60 %% each way")
    parser.add_argument("--json", metavar="FILE", help="writes every record")
    parser.add_argument("--pcaps", metavar="DIR", help="keeps captures and results")
    parser.set_defaults(work=run, row=[], variant=[], subset=None, every=False, loss=0,
                        rtt=0, repeat=2)


def wilson(right, count):
    """The 95 % interval of a share."""
    share, square = right / count, Z95 * Z95 / count
    half = Z95 * math.sqrt(share * (1 - share) / count + square / (4 * count))
    middle = share + square / 2
    return (middle - half) / (1 + square), (middle + half) / (1 + square)


def stated(record):
    """The probability of a verdict that has one, or None."""
    verdict = record.get("verdict") or {}
    return None if verdict.get("state") in (None, "unknown") else verdict.get("confidence")


def table(records):
    """Prints the reliability table; returns how many bins are provably overconfident."""
    bins = [[] for _ in EDGES[1:]]
    for record in records:
        probability = stated(record)
        if probability is not None and record["class"] != "FAILED":
            at = max(i for i in range(len(bins)) if probability >= EDGES[i])
            bins[at].append((probability, record["class"] != "WRONG"))
    print(f"\n{'stated':<16} {'count':>6} {'mean':>7} {'right':>6} {'share':>7}  95 % interval")
    bad = 0
    for at, entries in enumerate(bins):
        if not entries:
            continue
        count, right = len(entries), sum(ok for _, ok in entries)
        mean, (low, high) = sum(p for p, _ in entries) / count, wilson(right, count)
        over = count >= BIN_COUNT and high < mean
        bad += over
        print(f"{EDGES[at]:.3f} to {EDGES[at + 1]:.3f} {count:>6} {mean:>7.4f} {right:>6} "
              f"{right / count:>7.4f}  {low:.4f} to {high:.4f}{'  OVERCONFIDENT' if over else ''}")
    return bad


def trials(setups, args):
    """(setup, number) for each measurement; the number is the seed of its noise."""
    for seed in range(args.seed, args.seed + args.runs):
        dice = random.Random(f"scenario {seed}")
        yield noise.noisy(dice.choice(setups), noise.draw(seed, args.heavy)), seed


def run(args):
    world.require_binary(args.binary)
    world.require()
    setups = [setup for setup in matrix.selected(args) if setup.group not in ("scale", "smtp")]
    if not setups:
        raise world.LabError("no scenario fits")
    if args.pcaps:
        os.makedirs(args.pcaps, exist_ok=True)
        args.pcaps = os.path.realpath(args.pcaps)
    runner = matrix.Runner(args, matrix.load_schema())
    started = time.monotonic()
    runner.run(trials(setups, args))
    matrix.summary(runner.records, time.monotonic() - started)
    bad = table(runner.records)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump(runner.records, file, indent=1)
    failed = any(record["class"] == "FAILED" for record in runner.records)
    return 1 if bad or failed else 0
