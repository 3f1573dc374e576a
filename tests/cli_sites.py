#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the results of many sites share: cli_sites.py PROGRAM."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

PROGRAM = os.path.realpath(sys.argv[1])
TESTS = pathlib.Path(__file__).parent
SCHEMA = json.loads((TESTS / "../src/report/sites.schema.json").read_text(encoding="utf-8"))
BLOCKED = TESTS / "pcaps/demo.46n.pcapng"
HOSTILE = "s\x1b[31m<b>\u202e"


def run(*words, feed=None):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                          check=False, input=feed)


def site(result, name, *, opened):
    """The result as that site's; an open one passes every router of it."""
    made = copy.deepcopy(result)
    made["run"]["labels"] = {"site": name}
    if opened:
        for judged in [made["verdict"], *made["servers"]]:
            judged.update(state="open", blocker="none", link=None)
    return made


def lines(results):
    return "".join(json.dumps(result) + "\n" for result in results)


def elsewhere(result, name):
    """An open site that leaves the last router before the block over another link."""
    made = site(result, name, opened=True)
    for server in made["servers"]:
        for hop in server["hops"]:
            for answer in hop["control"]:
                if hop["hop"] > 3:
                    answer["address"] = "192.0.2.77" if server["family"] == "ipv4" else "2001:db8::77"
    return made


def check_shared(result):
    blocked = [site(result, f"s{i}", opened=False) for i in range(3)]
    done = run("sites", "--json", "-", feed=lines([*blocked, elsewhere(result, "o")]))
    told = json.loads(done.stdout)
    jsonschema.validate(told, SCHEMA, jsonschema.Draft202012Validator)
    counts = [told[key] for key in ("sites", "failing", "open", "unknown")]
    if done.returncode or counts != [4, 3, 1, 0]:
        yield f"shared: status {done.returncode}, counts {counts}: {done.stderr}"
    ends = {(s["from"], s["to"]) for share in told["shares"] for s in share["suspects"]}
    if ("198.51.100.1", "198.51.100.2") not in ends:
        yield f"shared: the link is not among {ends}"
    for share in told["shares"]:
        if (share["kind"], share["named"], len(share["sites"])) != ("link", True, 3):
            yield f"shared: {share}"
        if share["open_behind"] != 1:
            yield f"shared: {share['open_behind']} open sites behind"


def check_contradicted(result):
    both = [site(result, f"s{i}", opened=i > 1) for i in range(4)]
    told = json.loads(run("sites", "-j", "-", feed=lines(both)).stdout)
    if {share["kind"] for share in told["shares"]} != {"contradicted"}:
        yield f"contradicted: {told['shares']}"


def check_latest(result):
    older, newer = site(result, "one", opened=False), site(result, "one", opened=True)
    newer["run"]["started"] = "2037-01-01T00:00:00.000000Z"
    done = run("sites", "-j", "-", feed=lines([newer, older]))
    told = json.loads(done.stdout)
    if (told["sites"], told["open"]) != (1, 1) or "1 older" not in done.stderr:
        yield f"latest: {told['sentence']} {done.stderr}"


def check_bad(result, folder):
    mixed = folder / "mixed"
    mixed.write_text("{broken\n\n" + json.dumps({"schema": "other"}) + "\n"
                     + json.dumps(result, indent=2) + "\n" + lines([result]) + "{\n \"cut\"",
                     encoding="utf-8")
    done = run("sites", "-j", mixed)
    for number in (1, 3):
        if f"{mixed}:{number}: " not in done.stderr:
            yield f"bad: line {number} is not complained of: {done.stderr}"
    if done.returncode or json.loads(done.stdout)["sites"] != 2 or "does not end" not in done.stderr:
        yield f"bad: status {done.returncode}: {done.stdout[:80]} {done.stderr}"
    for words, status in ((["/nonexistent"], 4), ([os.devnull], 4), ([], 2),
                          (["--format", "ticket", mixed], 2)):
        done = run("sites", *words)
        if done.returncode != status or done.stdout or not done.stderr:
            yield f"sites {words}: status {done.returncode}: {done.stderr}"


def check_hostile(result):
    hostile = site(result, HOSTILE, opened=False)
    other = site(result, "other", opened=False)
    text = run("sites", "-", feed=lines([hostile, other])).stdout
    page = run("sites", "--format", "html", "-", feed=lines([hostile, other])).stdout
    if "\x1b" in text + page or "\u202e" in text + page or "<b>" in page:
        yield "hostile: a name of a site is shown as it is"
    if "&lt;b&gt;" not in page or not page.rstrip().endswith("</html>"):
        yield "hostile: the page lacks the name or its end"


def main():
    result = json.loads(run("replay", "-q", "-j", BLOCKED).stdout)
    faults = [*check_shared(result), *check_contradicted(result), *check_latest(result),
              *check_hostile(result)]
    with tempfile.TemporaryDirectory() as folder:
        faults += check_bad(result, pathlib.Path(folder))
    for fault in faults:
        print(fault)
    print(f"cli_sites: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
