# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios that nothing tells apart from inside: their verdicts are the same, but for numbers."""

import re

from labkit.scenarios import ALL

NUMBER = re.compile(r"(?<![\w.:-])\d+(\.\d+)?(?![\w:-]|\.\d)")
WORDS = ("sentence", "text", "next")


def masked(value, key=""):
    """A verdict without its frames, its figures and the server that shows them; hops stay."""
    if isinstance(value, dict):
        return {name: masked(part, name) for name, part in value.items() if name != "packets"}
    if isinstance(value, list):
        return [masked(part, key) for part in value]
    if isinstance(value, str) and key in WORDS:
        return NUMBER.sub("#", value)
    return "#" if isinstance(value, float) or key == "server" else value


def difference(one, two):
    """The first field in which two verdicts say something else, or None."""
    one, two = masked(one), masked(two)
    for name in sorted(set(one) | set(two)):
        if one.get(name) != two.get(name):
            return f"{name}: {one.get(name)!r} and {two.get(name)!r}"
    return None


def compare(records):
    """Prints how many pairs of twins say the same; returns how many do not."""
    verdicts = {(record["name"], record["round"]): record.get("verdict") for record in records}
    pairs, bad = 0, 0
    for item in (item for item in ALL if item.twin):
        for (name, turn), verdict in verdicts.items():
            scenario, _, word = name.rpartition(".")
            other = verdicts.get((f"{item.twin}.{word}", turn))
            if scenario != item.name or not verdict or not other:
                continue
            pairs += 1
            found = difference(other, verdict)
            if found:
                bad += 1
                print(f"{item.twin}.{word} and {name} differ: {found}")
    print(f"{pairs} pairs of twins, {bad} that differ")
    return bad
