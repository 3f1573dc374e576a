# SPDX-License-Identifier: BSD-2-Clause
"""A result against the truth: exact, acceptable, admitted, WRONG or FAILED.

exact       the state, the blocker (or exactly the suspects that the evidence leaves)
acceptable  the right state with the culprit among the suspects, or something harmless
admitted    "no verdict" where there was something to find
WRONG       a false accusation, a wrong state, or a claim that the evidence cannot carry
FAILED      a crash, a hang, bad JSON, a replay that differs, a status that does not fit
"""

import dataclasses
import json

from labkit.scenario import SEGMENTS

# Who may own a place where neither the user nor data name owners: public hops further out than the
# first may be the provider's or a transit's, those near the server its network's as well; an edge
# with a number of its upstream's looks like any of them.
NAMELESS = {"isp": {"isp", "transit"}, "transit": {"isp", "transit", "remote"},
            "remote": {"isp", "transit", "remote"}}

CLASSES = ("exact", "acceptable", "admitted", "WRONG", "FAILED")
BLOCKED_STATUS = {"local-host": 10, "local-network": 11, "isp": 12, "transit": 13,
                  "remote": 14, "unknown": 17}
STATE_STATUS = {"open": 0, "closed": 14, "intercepted": 15, "degraded": 16, "unknown": 20}


def status_for(verdict):
    """The exit status that goes with a verdict."""
    if verdict["state"] == "blocked":
        return BLOCKED_STATUS.get(verdict["blocker"])
    return STATE_STATUS.get(verdict["state"])


def canonical(result):
    return json.dumps([result.get("verdict"), result.get("servers")], ensure_ascii=False)


def replay_difference(live, replayed):
    """The first field in which the replay differs, or None."""
    if canonical(live) == canonical(replayed):
        return None
    for key in ("verdict", "servers"):
        path = difference(live.get(key), replayed.get(key), key)
        if path:
            return path
    return "the order of fields"


def difference(one, two, path):
    if isinstance(one, dict) and isinstance(two, dict):
        for key in sorted(set(one) | set(two)):
            found = difference(one.get(key), two.get(key), f"{path}.{key}")
            if found:
                return found
        return None
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        found = (difference(*pair, f"{path}[{index}]")
                 for index, pair in enumerate(zip(one, two)))
        return next((path for path in found if path), None)
    return None if one == two else f"{path}: {one!r} live, {two!r} replayed"


def tolerated(expect, state, blocker):
    return any(state == known and other in (None, blocker) for known, other in expect.also)


def accused(expect, verdict):
    """What is wrong with whom the verdict names, or None."""
    state, blocker = verdict["state"], verdict["blocker"]
    suspects = {item["blocker"] for item in verdict["suspects"]}
    if blocker in SEGMENTS:
        if blocker != expect.culprit:
            return f"accuses {blocker}, the truth is {expect.culprit}"
        if not expect.named:
            return f"names {blocker}, which the evidence cannot show"
    elif state in ("blocked", "degraded", "intercepted") and suspects:
        if expect.culprit not in suspects:
            return f"suspects {', '.join(sorted(suspects))}, the truth is {expect.culprit}"
    return None


def undivided(expect, verdict):
    """A neighbouring state that names nobody and suspects the culprit.

    Resets that nothing tells from a neighbour's are closed or blocked; what does no harm with a
    name does none without.
    """
    state = verdict["state"]
    suspects = {item["blocker"] for item in verdict["suspects"]}
    near = expect.state == "closed" and state == "blocked" or any(
        state == known for known, _ in expect.also)
    return near and verdict["blocker"] == "unknown" and expect.culprit in suspects


def misplaced(expect, verdict):
    link = verdict.get("link")
    if not link or not expect.place:
        return None
    first, last = expect.place
    if link["from_hop"] <= first and last <= link["to_hop"]:
        return None
    return (f"places it between hops {link['from_hop']} and {link['to_hop']}, "
            f"the truth is {first} to {last}")


def slandered(expect, servers):
    """A server's own finding that names somebody innocent, or None."""
    harmless = {expect.culprit, *(blocker for _, blocker in expect.also if blocker)}
    for server in servers:
        if server["blocker"] in SEGMENTS and server["blocker"] not in harmless:
            return f"{server['host']}: accuses {server['blocker']}"
    return None


def judge(expect, result, owners=True):
    """(class, why) for a result that is otherwise in order; owners: whether they were named."""
    verdict = result["verdict"]
    state, blocker = verdict["state"], verdict["blocker"]
    why = slandered(expect, result["servers"])
    if why:
        return "WRONG", why
    if state != expect.state:
        for other in expect.either:
            if other[0] == state and otherwise(expect, other, verdict, owners):
                return "exact", ""
        if tolerated(expect, state, blocker):
            return "acceptable", f"{state} {blocker}"
        if state == "unknown":
            return "admitted", verdict["mechanism"]
        if not undivided(expect, verdict):
            return "WRONG", f"{state} {blocker}, the truth is {expect.state}"
    if state in ("open", "unknown"):
        return "exact", ""
    why = accused(expect, verdict) or misplaced(expect, verdict)
    found = ("WRONG", why) if why else graded(expect, verdict, owners)
    if found[0] != "exact" and tolerated(expect, state, blocker):
        return "acceptable", f"{state} {blocker}"
    return found


def otherwise(expect, other, verdict, owners):
    """Whether the verdict is exact by this (state, blocker), which is true as well."""
    state, culprit = other
    if state == "open":
        return verdict["blocker"] == culprit
    true = dataclasses.replace(expect, state=state, culprit=culprit, mechanisms=())
    return not accused(true, verdict) and not misplaced(true, verdict) and \
        graded(true, verdict, owners)[0] == "exact"


def graded(expect, verdict, owners):
    """Exact or acceptable, of what is not wrong."""
    suspects = {item["blocker"] for item in verdict["suspects"]}
    if expect.mechanisms and verdict["mechanism"] not in expect.mechanisms:
        return "acceptable", f"mechanism {verdict['mechanism']}"
    if expect.named and verdict["blocker"] == expect.culprit:
        return "exact", ""
    if not expect.named and suspects == expect.suspects:
        return "exact", ""
    nameless = expect.bare or NAMELESS.get(expect.culprit, set())
    if not owners and verdict["link"] and expect.culprit in suspects and suspects <= nameless:
        return "exact", ""
    return "acceptable", "suspects " + ", ".join(sorted(suspects))
