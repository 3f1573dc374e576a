# SPDX-License-Identifier: BSD-2-Clause
"""What stands in a folder: the same everywhere, readable by others, escaped."""

import json
import re
import unittest

from client import BLOCKED, FILES, PLACE, intact, made, probe, tshark, whoblocks

HOSTILE = "<script>alert(1)</script>\"&'"


class Folder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder, cls.result = made("evidence", "--label", "site=s17", "--label", "rack=a=b")
        cls.capture = cls.folder / "capture.pcapng"

    def test_has_its_files_and_they_match(self):
        self.assertEqual({path.name for path in self.folder.iterdir()}, FILES)
        self.assertTrue(intact(self.folder))
        self.assertFalse((PLACE / "evidence.partial").exists())

    def test_replay_gives_the_same(self):
        again = json.loads(whoblocks("replay", "--json", self.folder).stdout)
        for key in ("verdict", "servers", "host"):
            self.assertEqual(again[key], self.result[key], key)

    def test_run_has_an_id_and_its_labels(self):
        again = json.loads(whoblocks("replay", "--json", self.folder).stdout)
        for run in (self.result["run"], again["run"]):
            self.assertEqual(run["labels"], {"site": "s17", "rack": "a=b"})
            self.assertRegex(run["id"], "^[0-9a-f]{32}$")
        self.assertEqual(again["run"]["id"], self.result["run"]["id"])

    def test_report_gives_the_same_bytes(self):
        for form, name in (("json", "result.json"), ("html", "report.html"),
                           ("ticket", "ticket.txt")):
            run = whoblocks("report", "--format", form, self.folder)
            self.assertTrue(run.stdout == (self.folder / name).read_text(encoding="utf-8"), form)
            self.assertIn(run.returncode, BLOCKED)
        self.assertIn("Port 587 is blocked", whoblocks("report", self.folder).stdout)

    def test_no_frame_is_malformed(self):
        self.assertEqual(tshark(self.capture, "-Y", "_ws.malformed"), "")

    def test_comments_are_where_they_belong(self):
        lines = tshark(self.capture, "-T", "fields", "-e", "frame.number", "-e", "tcp.dstport",
                       "-e", "tcp.flags.syn", "-e", "tcp.flags.ack", "-e", "ip.ttl", "-e",
                       "icmp.type", "-e", "frame.comment").splitlines()
        rows = [line.split("\t") for line in lines]
        said = [row for row in rows if row[6].startswith("probe ")]
        self.assertGreater(len(said), 20)
        for number, port, syn, _, ttl, icmp, comment in said:
            words = re.match(r"probe \d+: SYN to port (\d+) of ", comment)
            self.assertEqual(words.group(1), port, f"frame {number}")
            self.assertIn(syn, ("1", "True"))
            limited = re.search(r", TTL (\d+)", comment)
            self.assertEqual(limited.group(1) if limited else ttl, ttl)
            self.assertEqual(icmp, "")
        answers = [row for row in rows if row[6].startswith("answer to probe ")]
        self.assertGreater(len(answers), 20)
        for row in answers:
            if "time exceeded" in row[6]:
                self.assertTrue(row[5].startswith("11"), f"frame {row[0]}")

    def test_reasons_name_frames_that_say_so(self):
        comments = dict(line.split("\t", 1) for line in tshark(
            self.capture, "-T", "fields", "-e", "frame.number", "-e",
            "frame.comment").splitlines())
        for index, reason in enumerate(self.result["verdict"]["reasons"], 1):
            if not reason["packets"]:
                continue
            for packet in reason["packets"]:
                self.assertIn(f"[reason {index}]", comments[str(packet["frame"])])
            numbers = ", ".join(str(packet["frame"]) for packet in reason["packets"])
            listed = f"frame.number in {{{numbers}}}"
            self.assertTrue(listed in (self.folder / "report.html").read_text(encoding="utf-8"),
                            listed)
            found = tshark(self.capture, "-Y", listed, "-T", "fields", "-e", "frame.number")
            self.assertEqual(found.split(), numbers.split(", "))

    def test_names_are_in_the_capture(self):
        self.assertIn("mx.alpha.example", tshark(self.capture, "-N", "n", "-q", "-z",
                                                 "hosts").replace("\t", " "))

    def test_ticket_fits(self):
        lines = (self.folder / "ticket.txt").read_text(encoding="ascii").splitlines()
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertLessEqual(len(lines), 132)
        text = "\n".join(lines)
        for line in (self.folder / "SHA256SUMS").read_text(encoding="ascii").splitlines():
            digest, name = line.split()
            self.assertEqual(digest in text, name in ("capture.pcapng", "result.json",
                                                      "report.html"), name)

    def test_says_how_it_was_measured(self):
        run = self.result["run"]
        self.assertIsInstance(run["clock"]["synchronised"], bool)
        self.assertTrue(any("libpcap" in name for name in run["system"]["libraries"]))
        self.assertEqual(run["argv"][0], "whoblocks")
        self.assertEqual(len(run["capture"]["sha256"]), 64)


class Hostile(unittest.TestCase):
    def test_names_from_files_are_escaped(self):
        servers = PLACE / "hostile.tsv"
        servers.write_text(f"mx.alpha.example\t587\t993\t{HOSTILE}\t64510\n", encoding="utf-8")
        networks = PLACE / "hostile.networks"
        networks.write_text(f"198.51.100.0/24 isp AS64500 {HOSTILE}\n", encoding="utf-8")
        folder = PLACE / "hostile"
        run = whoblocks("probe", "-4", "--servers", servers, "--networks", networks, "-o", folder)
        self.assertIn(run.returncode, range(10, 21), run.stderr)
        html = (folder / "report.html").read_text(encoding="utf-8")
        self.assertFalse("<script" in html)
        self.assertTrue("&lt;script&gt;" in html)
        for name in ("ticket.txt", "result.json", "README.txt"):
            self.assertNotIn("\x1b", (folder / name).read_text(encoding="utf-8"))
        self.assertEqual(tshark(folder / "capture.pcapng", "-Y", "_ws.malformed"), "")


class Redacted(unittest.TestCase):
    def test_nothing_of_the_local_network_is_left(self):
        folder, result = made("redacted", "--redact", "--label", "site=s17")
        self.assertEqual(result["run"]["labels"], {})
        self.assertEqual({path.name for path in folder.iterdir()},
                         FILES - {"capture.pcapng"} | {"result.txt"})
        key = PLACE / "redacted.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        self.assertIn("= 192.168.1.20", key.read_text(encoding="utf-8"))
        for path in folder.iterdir():
            text = path.read_text(encoding="utf-8")
            self.assertFalse("192.168.1." in text, path.name)
            self.assertFalse("home.example" in text, path.name)
        self.assertTrue(result["run"]["redacted"])
        self.assertEqual(result["verdict"]["state"], "blocked")
        self.assertIn("pseudonyms", (folder / "README.txt").read_text(encoding="utf-8"))
        shown = whoblocks("report", "--json", folder)
        self.assertEqual(json.loads(shown.stdout), result)
        self.assertIn(shown.returncode, BLOCKED)
        self.assertEqual(whoblocks("replay", folder).returncode, 4)

    def test_standard_output_as_well(self):
        run = probe("--redact", "--json")
        self.assertNotIn("192.168.1.", run.stdout)
        self.assertEqual(json.loads(run.stdout)["verdict"]["state"], "blocked")


if __name__ == "__main__":
    unittest.main()
