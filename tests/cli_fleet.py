#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The form with one level, and the recipes of whoblocks-fleet(7): cli_fleet.py PROGRAM.

A recipe runs where its program is installed; the others are named.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.realpath(sys.argv[1])
TESTS = pathlib.Path(__file__).resolve().parent
MANUAL = (TESTS / "../man/whoblocks-fleet.7").read_text(encoding="utf-8")
CASES = {"gw-drop.4n": "blocked", "isp1-drop.4n": "blocked", "all-reset.4n": "closed"}


def run(*words, **more):
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False,
                          **more)


def replay(case, form):
    return run(PROGRAM, "replay", "-q", f"--json={form}", TESTS / f"pcaps/{case}.pcapng").stdout


def members():
    """The names that the manual promises, in its order."""
    text = MANUAL.split(".Sh ONE LINE WITH A SINGLE LEVEL")[1].split("What is unknown is null")[0]
    found = []
    for line in re.findall(r"^\.Va (.*)$", text, re.MULTILINE):
        found += re.findall(r"\w+", line)
    return found


def recipe(title):
    """The first example below a heading, as a shell or a file has it."""
    part = MANUAL.split(f".Ss {title}\n")[1].split("\n.Ss ")[0]
    text = part.split(".Bd -literal -offset indent\n")[1].split("\n.Ed")[0]
    return text.replace("\\e", "\\")


def check_flat():
    for case, state in CASES.items():
        flat, full = (json.loads(replay(case, form)) for form in ("flat", "line"))
        verdict, link = full["verdict"], full["verdict"]["link"] or {}
        if list(flat) != members():
            yield f"flat: {list(flat)} and the manual's {members()}"
        if any(isinstance(value, (dict, list)) for value in flat.values()):
            yield f"flat: {case} has more than one level"
        told = (flat["link_from"], flat["link_to_hop"], flat["blocker"], flat["confidence"],
                flat["id"], flat["sentence"])
        meant = (link.get("from"), link.get("to_hop"), verdict["blocker"], verdict["confidence"],
                 full["run"]["id"], verdict["sentence"])
        if told != meant or flat["state"] != verdict["state"]:
            yield f"flat: {case}: {told} instead of {meant}"
        if flat["suspects"] != (" ".join(s["blocker"] for s in verdict["suspects"]) or None):
            yield f"flat: {case}: suspects {flat['suspects']}"
        if not state:
            yield f"flat: {case}"
    file = TESTS / "pcaps/gw-drop.4n.pcapng"
    if run(PROGRAM, "report", "-q", "--format", "flat", file).stdout.count("\n") != 1:
        yield "flat: report has another form"
    for words in (["sites", "--json=flat", file], ["history", "--format", "flat"],
                  ["watch", "--json=flat"], ["servers", "--json=flat"]):
        done = run(PROGRAM, *words)
        if done.returncode != 2 or "one level" not in done.stderr:
            yield f"flat: {words}: status {done.returncode}: {done.stderr}"


def check_recipes(folder):
    flat = [json.loads(replay(case, "flat")) for case in CASES]
    full = [json.loads(replay(case, "line")) for case in CASES]
    for i, (one, other) in enumerate(zip(flat, full)):
        one["site"] = f's "{i}"'
        other["run"]["labels"] = {"site": f"s{i}"}
    (folder / "flat.ndjson").write_text("".join(json.dumps(x) + "\n" for x in flat))
    (folder / "results.ndjson").write_text("".join(json.dumps(x) + "\n" for x in full))
    path = {"PATH": f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}"}
    for title, tool, wanted in (
            ("whoblocks itself", PROGRAM, "3 sites"), ("jq", "jq", "isp\t198.51.100.1"),
            ("sqlite3", "sqlite3", r"^blocked +isp +1 *$")):
        if not shutil.which(tool):
            print(f"cli_fleet: without {tool}")
            continue
        done = run("sh", "-c", recipe(title), cwd=folder, env={**os.environ, **path})
        if done.returncode or not re.search(wanted, done.stdout, re.MULTILINE):
            yield f"{title}: status {done.returncode}: {done.stdout}{done.stderr}"
    yield from check_files(folder)


def check_files(folder):
    """Recipes that are files: the programs that read them find nothing wrong."""
    agent, play = folder / "agent.yml", folder / "play.yml"
    agent.write_text(recipe("Prometheus, behind address translation") + "\n")
    play.write_text(recipe("Ansible") + "\n")
    for tool, words in (("promtool", ["check", "config", "--agent", agent]),
                        ("ansible-playbook", ["--syntax-check", "-i", "localhost,", play])):
        if not shutil.which(tool):
            print(f"cli_fleet: without {tool}")
            continue
        done = run(tool, *words, cwd=folder)
        if done.returncode:
            yield f"{tool}: status {done.returncode}: {done.stdout}{done.stderr}"


def main():
    with tempfile.TemporaryDirectory() as name:
        faults = [*check_flat(), *check_recipes(pathlib.Path(name))]
    for fault in faults:
        print(fault)
    print(f"cli_fleet: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
