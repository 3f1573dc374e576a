#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The result on one line, and the schema for readers: cli_json.py PROGRAM."""

import json
import os
import pathlib
import subprocess
import sys

import jsonschema

PROGRAM = os.path.realpath(sys.argv[1])
TESTS = pathlib.Path(__file__).parent
CLOSED = json.loads((TESTS / "../src/report/result.schema.json").read_text(encoding="utf-8"))
OPEN = pathlib.Path(PROGRAM).parent / "generated/result.open.schema.json"
CASE = TESTS / "pcaps/demo.46n.pcapng"


def replay(*words):
    return subprocess.run([PROGRAM, "replay", *map(str, words), CASE], capture_output=True,
                          text=True, check=False)


def check_line(indented):
    done = replay("--json=line")
    line = json.loads(done.stdout)
    if done.stdout.count("\n") != 1 or not done.stdout.endswith("}\n"):
        yield f"it is {done.stdout.count(chr(10))} lines"
    if line["run"]["argv"] != ["whoblocks"] or line["run"]["capture"]["file"] != CASE.name:
        yield f"paths of this machine stand in it: {line['run']['argv']} {line['run']['capture']}"
    if str(TESTS.resolve()) in done.stdout:
        yield "a path of this machine stands in it"
    for key in ("argv", "capture"):
        line["run"][key] = indented["run"][key]
    if line != indented:
        yield "it says something else than the indented form"
    jsonschema.validate(line, CLOSED, jsonschema.Draft202012Validator)


def check_refused():
    for words in (["--json=lines"], ["--json="]):
        done = replay(*words)
        if done.returncode != 2 or done.stdout or words[0][7:] not in done.stderr:
            yield f"{words}: status {done.returncode}: {done.stderr}"
    for label, why in (("noequals", "NAME=VALUE"), ("1a=b", "no label"), ("=b", "no label"),
                       ("a b=c", "no label"), ("x" * 64 + "=y", "no label"),
                       ("a=" + "y" * 300, "too long")):
        done = subprocess.run([PROGRAM, "probe", "--label", label], capture_output=True, text=True,
                              check=False)
        if done.returncode != 2 or why not in done.stderr:
            yield f"--label {label}: status {done.returncode}: {done.stderr}"


def check_open(indented):
    later = {**indented, "later": 1, "run": {**indented["run"], "later": {"more": []}}}
    readers = json.loads(OPEN.read_text(encoding="utf-8"))
    jsonschema.validate(later, readers, jsonschema.Draft202012Validator)
    if jsonschema.Draft202012Validator(CLOSED).is_valid(later):
        yield "the closed schema accepts fields that it does not know"
    del later["verdict"]
    if jsonschema.Draft202012Validator(readers).is_valid(later):
        yield "the open schema accepts a result without a verdict"


def main():
    indented = json.loads(replay("--json").stdout)
    faults = [*check_line(indented), *check_refused(), *check_open(indented)]
    for fault in faults:
        print(fault)
    print(f"cli_json: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
