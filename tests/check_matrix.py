#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the laboratory takes for bad luck, and what it does not."""
import pathlib
import sys
import types
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scripts"))
from labkit import matrix, scenario  # noqa: E402


def setup(name):
    item = next(item for item in matrix.ALL if item.name == name)
    return next(iter(scenario.variants(item, binary="", loss=0, rtt=0)))


class Replayed:
    """A runner whose further trials end as told."""

    def __init__(self, name, classes):
        self.args = types.SimpleNamespace(pcaps=None)
        self.records = [{"name": name, "class": "WRONG", "why": "", "round": 0}]
        self.classes = iter(classes)

    def run(self, trials):
        self.records += [{"name": trial.name, "class": next(self.classes), "round": number}
                         for trial, number in trials]


class Again(unittest.TestCase):
    def ended(self, name, *classes):
        one = setup(name)
        runner = Replayed(one.name, classes)
        matrix.look_again(runner, [one], len(classes))
        self.assertEqual(len(runner.records), 1)
        return runner.records[0]["class"]

    def test_bad_luck_does_not_come_again(self):
        self.assertEqual(self.ended("loss60-587", "exact", "exact"), "acceptable")

    def test_what_is_wrong_again_is_wrong(self):
        self.assertEqual(self.ended("loss60-587", "exact", "WRONG"), "WRONG")
        self.assertEqual(self.ended("loss60-587", "FAILED", "exact"), "WRONG")

    def test_nothing_is_lost_by_chance_in_others(self):
        self.assertEqual(self.ended("isp2-drop", "exact", "exact"), "WRONG")


if __name__ == "__main__":
    unittest.main()
