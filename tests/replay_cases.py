#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Replay cases: what the program says of the captures in tests/pcaps/.

replay_cases.py PROGRAM [NAME ...]: runs these cases, or all. Status 1 if one differs.
"""
import json
import os
import pathlib
import shlex
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "scripts"))
from labkit import sentences  # noqa: E402
from pcapng_kit import machine_paths  # noqa: E402

PCAPS = TESTS / "pcaps"
CASES = PCAPS / "CASES"
SCHEMA = TESTS.parent / "src" / "report" / "result.schema.json"
TIMEOUT_S = 30


class Case:
    """A line of CASES: name, capture, options, expected outcome (a dict of words)."""

    def __init__(self, line):
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 4:
            raise ValueError(f"'{line}' has {len(columns)} columns, not 4")
        self.name, self.capture, options, expected = columns
        self.options = shlex.split(options)
        self.expected = dict(word.split("=", 1) for word in expected.split())

    def line(self):
        outcome = " ".join(f"{key}={value}" for key, value in self.expected.items())
        return f"{self.name} | {self.capture} | {shlex.join(self.options)} | {outcome}"


def is_case(line):
    return bool(line.strip()) and not line.startswith("#")


def read_cases():
    return [Case(line) for line in CASES.read_text(encoding="utf-8").splitlines() if is_case(line)]


def run(program, case, *more):
    command = [program, "replay", *case.options, *more, case.capture]
    env = {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=PCAPS, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


def ticket(program, case):
    return subprocess.run([program, "report", "--format", "ticket", case.capture], cwd=PCAPS,
                          capture_output=True, text=True, timeout=TIMEOUT_S, check=False).stdout


def outcome(status, result):
    """What CASES keeps of a result."""
    verdict = result["verdict"]
    link = verdict["link"]
    return {
        "status": str(status),
        "state": verdict["state"],
        "blocker": verdict["blocker"],
        "suspects": "+".join(s["blocker"] for s in verdict["suspects"]) or "-",
        "mechanism": verdict["mechanism"],
        "link": f"{link['from_hop']}-{link['to_hop']}" if link else "-",
        "family": verdict["family"] or "-",
    }


def schema_faults(result):
    try:
        import jsonschema
    except ImportError:
        return []
    if not SCHEMA.exists():
        return []
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(result)]


def suspect_faults(result):
    """One block has one maker: the probabilities of its suspects add up to no more than one."""
    for what in (result["verdict"], *result["servers"]):
        total = sum(item["probability"] for item in what["suspects"])
        if total > 1.01:
            yield f"suspects of {what.get('host', 'the verdict')} add up to {total:.2f}"


def judge(program, case):
    """(outcome, faults) of a case; the outcome is {} when there is no result."""
    run_json = run(program, case, "--json")
    try:
        result = json.loads(run_json.stdout)
    except ValueError:
        said = run_json.stderr.strip() or run_json.stdout[:200]
        return {"status": str(run_json.returncode)}, [said] if run_json.returncode < 0 else []
    faults = schema_faults(result) + sentences.faults(result)
    faults.extend(suspect_faults(result))
    run_text = run(program, case)
    if run_text.returncode != run_json.returncode:
        faults.append(f"text ends with {run_text.returncode}, JSON with {run_json.returncode}")
    if result["verdict"]["sentence"].split()[0] not in run_text.stdout:
        faults.append("the text lacks the sentence")
    faults += sentences.hop_faults(run_text.stdout, result)
    if not case.options:
        faults += sentences.hop_faults(ticket(program, case), result)
    return outcome(run_json.returncode, result), faults


def check(program, case):
    if not (PCAPS / case.capture).exists():
        return [f"no capture {case.capture}"]
    actual, faults = judge(program, case)
    faults += [f"the capture tells a path of the machine that made it: {path}; run scripts/bless"
               for path in machine_paths((PCAPS / case.capture).read_bytes())]
    if not case.expected:
        faults.append("nothing is expected: run scripts/bless")
    for key in sorted({*case.expected, *actual}):
        wanted, got = case.expected.get(key, "-"), actual.get(key, "-")
        if wanted != got:
            faults.append(f"{key}: {got} instead of {wanted}")
    return faults


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: replay_cases.py PROGRAM [NAME ...]")
    program = os.path.realpath(sys.argv[1])
    names = sys.argv[2:]
    cases = [case for case in read_cases() if not names or case.name in names]
    if names and len(cases) != len(set(names)):
        sys.exit(f"replay_cases: not every one of {names} is a case")
    bad = 0
    for case in cases:
        faults = check(program, case)
        bad += bool(faults)
        for fault in faults:
            print(f"{case.name}: {fault}")
    print(f"replay_cases: {len(cases)} cases, {bad} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
