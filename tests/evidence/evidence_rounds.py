# SPDX-License-Identifier: BSD-2-Clause
"""Rounds, among routers that nobody has asked before: tired ones leave a round undecided."""

import unittest

from client import PLACE, made


class Rounds(unittest.TestCase):
    def test_rounds_are_kept(self):
        folder, result = made("rounds", "--rounds", "2", "--interval", "10")
        self.assertEqual([(item["state"], item["blocker"]) for item in result["run"]["results"]],
                         [("blocked", "isp")] * 2)
        self.assertTrue((folder / "capture-1.pcapng").exists())
        self.assertIn("The same in all 2 rounds", (folder / "ticket.txt").read_text(
            encoding="utf-8").replace("\n   ", " "))
        self.assertNotIn("permanently", (folder / "report.html").read_text(encoding="utf-8"))
        self.assertFalse((PLACE / "rounds.partial").exists())


if __name__ == "__main__":
    unittest.main()
