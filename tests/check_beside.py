#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What scripts/beside and scripts/fit read of the program's output and of the table of priors.

check_beside.py PROGRAM
"""
import argparse
import importlib.machinery
import importlib.util
import os
import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[1]
PCAPS = ROOT / "tests" / "pcaps"
PROGRAM = os.path.realpath(sys.argv.pop(1))


def script(name):
    """A script without a suffix, as a module."""
    loader = importlib.machinery.SourceFileLoader(name, str(ROOT / "scripts" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


BESIDE, FIT = script("beside"), script("fit")


def explained(name):
    return BESIDE.both(subprocess.run([PROGRAM, "explain", PCAPS / f"{name}.pcapng"], text=True,
                                      capture_output=True, check=True).stdout)


class Beside(unittest.TestCase):
    def test_both_sides_are_read(self):
        said, model = explained("border-drop.4n")
        for verdict in said, model:
            self.assertEqual(BESIDE.brief(verdict), "blocked unknown")
            self.assertEqual({item["blocker"] for item in verdict["suspects"]},
                             {"isp", "transit"})
            self.assertEqual(verdict["link"], {"from_hop": 4, "to_hop": 5})

    def test_open_port_has_no_suspects(self):
        said, _ = explained("demo.46n")
        self.assertEqual(BESIDE.verdict("open, none, none, probability 0.990")["suspects"], [])
        self.assertIsNotNone(said)

    def test_truth_grades(self):
        truth = BESIDE.truths()["border-drop.4n"]
        self.assertEqual(BESIDE.grade(truth, explained("border-drop.4n")[0]), "exact")
        self.assertEqual(BESIDE.grade(truth, BESIDE.verdict("open, none, none")), "WRONG")
        self.assertEqual(BESIDE.grade(None, {}), "unknown")


class Fit(unittest.TestCase):
    def test_only_fits_are_fitted(self):
        table = FIT.read_table()
        self.assertIn("back", table)
        self.assertNotIn("nobody", table)
        self.assertNotIn("named", table)
        for value in table.values():
            small, large = FIT.steps(value)
            self.assertLess(small, value)
            self.assertGreater(large, value)
            self.assertEqual(value < 1, large < 1)

    def test_the_better_half_goes_on(self):
        asked = []

        def simulate(_args, _seed, runs, _numbers, tries):
            asked.append((runs, len(tries)))
            return -9.0, [(-abs(value - 7.0), name, value) for name, value in tries], []

        whole, FIT.simulate = FIT.simulate, simulate
        try:
            best = FIT.best_step(argparse.Namespace(runs=400, seed=1), {},
                                 [(f"number{i}", float(i)) for i in range(32)])
        finally:
            FIT.simulate = whole
        self.assertEqual(best, (-9.0, (0.0, "number7", 7.0)))
        self.assertEqual(asked, [(50, 32), (100, 16), (200, 8), (400, 4)])


if __name__ == "__main__":
    unittest.main()
