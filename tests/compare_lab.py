#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures of one measurement from several places of the laboratory, compared. Needs root.

    compare_lab.py [NAME ...]     all cases, or those of these names

The server's capture gets the times of a clock that is 3 s ahead and gains 100 ppm.
"""

import os
import shutil
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "scripts"))

from labkit import compare, judge, kernel, scenario, world  # noqa: E402
from labkit.scenarios import ALL  # noqa: E402

OFFSET_MS, DRIFT_PPM = 3000.0, 100.0
NEAR, FAR = ("gw:wan",), ("alpha",)
SHORT, LONG = (*NEAR, "isp", *FAR), (*NEAR, "isp2", *FAR)
BORDER = (*NEAR, "isp2", "isp3", "tr1", *FAR)
FORGED = "forged"  # packets from nowhere must be found; elsewhere none may be

# scenario, places, how much is lost, what besides; the culprit is named with all places.
CASES = (
    ("open.4", SHORT), ("open.6", SHORT), ("open-nat.4", SHORT), ("open.4", SHORT, 10),
    ("open.6", SHORT, 10),
    ("gw-drop.4", SHORT), ("gw-drop.6", SHORT), ("gw-out-drop.4", SHORT),
    ("gw-reset.4", SHORT, 0, FORGED), ("gw-reset.6", SHORT, 0, FORGED), ("gw-icmp.4", SHORT),
    ("gw-drop.4", SHORT, 10), ("switch-drop.4", SHORT), ("isp-input-drop.4", SHORT),
    ("isp-input-drop.6", SHORT), ("isp-reset.4", SHORT, 0, FORGED),
    ("isp-reset.6", SHORT, 0, FORGED), ("cgn-reset.4", SHORT, 0, FORGED),
    ("cgn-input-drop.4n", (*NEAR, "isp1", *FAR)), ("double-nat-drop.4n", ("gw2:wan", *SHORT)),
    ("isp2-drop.4n", LONG), ("isp2-drop.6n", LONG), ("isp2-drop.4n", LONG, 10),
    ("isp2-icmp.4n", LONG), ("isp2-icmp.6n", LONG), ("isp2-icmp.4n", LONG, 10),
    ("border-drop.4n", BORDER), ("transit-input-drop.4n", BORDER),
    ("return-drop.4n", LONG), ("return-drop.6n", LONG), ("server-reset.4", SHORT),
    ("closed-alone.6", SHORT), ("server-drop-alone.4", SHORT),
    ("reset-on-path.4n", LONG, 0, FORGED), ("reset-on-path.6n", LONG, 0, FORGED),
    ("reset-in-path.4n", LONG, 0, FORGED), ("reset-in-path.6n", LONG, 0, FORGED),
    ("reset-as-server.4n", LONG, 0, FORGED), ("reset-copied-drop.4n", LONG, 0, FORGED),
    ("answer-rewritten.4n", LONG), ("answer-rewritten.6n", LONG),
    ("isp2-dnat.4n", LONG, 0, None), ("isp2-tproxy.4n", LONG, 0, FORGED),
    ("isp2-tproxy.6n", LONG, 0, FORGED), ("synproxy.4n", LONG, 0, FORGED),
    ("gw-redirect.4", LONG, 0, FORGED), ("proxy-strip.4n", LONG, 0, FORGED),
    ("ehlo-reset.4n", LONG, 0, FORGED), ("payload-drop.4n", LONG),
)


def state_is_right(expect, verdict):
    state = verdict["state"]
    return state == expect.state or any(state == known for known, _ in expect.also)


def culprits(expect):
    return {expect.culprit, *(blocker for _, blocker in expect.also if blocker)}


def wrong(expect, verdict):
    """What no result may say, or None."""
    named, suspects = verdict["blocker"], {item["blocker"] for item in verdict["suspects"]}
    if named not in ("unknown", "none") and named not in culprits(expect):
        return f"accuses {named}"
    if named == "unknown" and verdict["state"] != "unknown" and not suspects & culprits(expect):
        return f"suspects {sorted(suspects)}"
    return None


def undecided(expect, verdict):
    """What is missing with all places, or None."""
    if not state_is_right(expect, verdict):
        return f"state {verdict['state']}"
    if verdict["state"] not in ("open",) and verdict["blocker"] not in culprits(expect):
        return f"names {verdict['blocker']}"
    return None


def clock_is_wrong(result, number):
    clock = result["compare"]["captures"][number]["clock"]
    if clock is None:
        return None  # nothing of the client came so far
    slack = 1.0 + (clock["error_ms"] if clock["error_ms"] is not None else 50.0)
    if abs(clock["offset_ms"] - OFFSET_MS) > slack:
        return f"offset {clock['offset_ms']} ms, error {clock['error_ms']}"
    if clock["drift_ppm"] and abs(clock["drift_ppm"] - DRIFT_PPM) > clock["drift_error_ppm"] + 30:
        return f"drift {clock['drift_ppm']} ppm, error {clock['drift_error_ppm']}"
    return None


def appeared(result):
    return sum(item["appeared"] for item in result["compare"]["captures"])


def judged(lab, files, places, forged, alone):
    """Everything that is wrong with this case, as sentences."""
    found, expect = [], lab.setup.expect
    for some in [(place,) for place in places] + [places]:
        status, result, errors = compare.compare(lab, files, some)
        label = "+".join(some)
        if result is None:
            return [f"{label}: status {status}: {errors.strip()}"]
        verdict = result["verdict"]
        problems = [wrong(expect, verdict)]
        if alone == "closed" and verdict["state"] not in ("closed", "unknown"):
            problems.append(f"{verdict['state']}, where the client's capture alone says closed")
        if judge.status_for(verdict) != status:
            problems.append(f"status {status}")
        if places[-1] in some:
            problems.append(clock_is_wrong(result, len(some) - 1))
        if some == places:
            problems.append(undecided(expect, verdict))
            if forged == FORGED and appeared(result) == 0:
                problems.append("no packet from nowhere was found")
        if forged == "" and appeared(result):
            problems.append(f"{appeared(result)} packets from nowhere were invented")
        found += [f"{label}: {text} ({verdict['sentence']})" for text in problems if text]
    return found


def run(case, binary):
    name, places, loss, forged = (*case, *(0, "")[len(case) - 2:])
    setup = scenario.find(ALL, name, binary=binary, loss=loss)
    label = f"{name} loss {loss}" if loss else name

    def work(lab):
        files, result = compare.gather(lab, places, skewed=places[-1:])
        problems = judged(lab, files, places, forged, result["verdict"]["state"])
        print(f"{'FAIL' if problems else 'ok':<5} {label}", *problems, sep="\n        ")
        return 1 if problems else 0

    if setup is None:
        print(f"FAIL  {name}: no such scenario")
        return 1
    pid = world.launch(setup, work)
    return kernel.exit_status(os.waitpid(pid, 0)[1])


def main():
    binary = os.path.realpath(os.environ.get("WHOBLOCKS", os.path.join(ROOT, "build/whoblocks")))
    if os.geteuid() != 0 or not shutil.which("tcpdump"):
        print("compare_lab: needs root and tcpdump, skipped")
        return 77
    wanted = sys.argv[1:]
    cases = [case for case in CASES if not wanted or case[0] in wanted]
    try:
        world.require()
        world.require_binary(binary)
    except world.LabError as error:
        print(f"compare_lab: {error}")
        return 77
    failed = sum(run(case, binary) != 0 for case in cases)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
