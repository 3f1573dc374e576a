#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""compare and receive from outside: what they refuse, and captures that do not belong together.

cli_compare.py PROGRAM
"""

import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

import jsonschema

PROGRAM = os.path.realpath(sys.argv.pop(1))
PCAPS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "pcaps")
SCHEMA = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))),
                      "src", "report", "result.schema.json")
CLIENT, SERVER = b"\xc0\x00\x02\x01", b"\xcb\x00\x71\x19"
EMPTY = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)


def pcap(name):
    return os.path.join(PCAPS, name)


def run(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False,
                          timeout=60)


def checked(text):
    """The result, which is as the schema says."""
    result = json.loads(text)
    with open(SCHEMA, encoding="utf-8") as file:
        jsonschema.Draft202012Validator(json.load(file)).validate(result)
    return result


class Compare(unittest.TestCase):
    def test_refusals(self):
        client = pcap("gw-drop.4n.pcapng")
        with tempfile.NamedTemporaryFile(suffix=".pcap") as empty:
            empty.write(EMPTY)
            empty.flush()
            for words, status, text in (
                    ((client,), 2, "at least one OTHER"),
                    ((client, "-", "-"), 2, "standard input"),
                    ((client, *9 * [client]), 2, "at most 8"),
                    ((client, "/nonexistent.pcap"), 4, "'/nonexistent.pcap'"),
                    ((client, empty.name), 4, "no TCP attempt"),
                    ((empty.name, client), 4, "no TCP attempt")):
                with self.subTest(words=words):
                    done = run("compare", *words)
                    self.assertEqual(done.returncode, status, done.stderr)
                    self.assertIn(text, done.stderr)
                    self.assertEqual(done.stdout, "")

    def test_captures_of_other_traffic(self):
        for other in ("open.6.pcapng", "isp2-drop.4.pcapng", "open-nat.4.pcapng"):
            with self.subTest(other=other):
                done = run("compare", "--json", pcap("gw-drop.4n.pcapng"), pcap(other))
                self.assertEqual(done.returncode, 20, done.stderr)
                result = checked(done.stdout)
                self.assertEqual(result["mode"], "compare")
                self.assertEqual(result["verdict"]["state"], "unknown")
                self.assertIn("Nothing is decided", result["verdict"]["sentence"])

    def test_a_capture_against_itself(self):
        """Nothing vanishes on no way at all."""
        client = pcap("open.4n.pcapng")
        result = checked(run("compare", "--json", client, client).stdout)
        (capture,) = result["compare"]["captures"]
        self.assertEqual((capture["vanished"], capture["appeared"], capture["changed"]), (0, 0, 0))
        self.assertEqual(capture["clock"]["offset_ms"], 0)
        self.assertEqual(result["verdict"]["state"], "open")

    def test_more_than_is_kept(self):
        """What is left out of a comparison is no loss on the way."""
        def segment(source, ports, seq, ack, flags):
            tcp = struct.pack(">HHIIBBHHH", *ports, seq, ack, 0x50, flags, 1000, 0, 0)
            ends = (CLIENT, SERVER) if source == CLIENT else (SERVER, CLIENT)
            return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40, seq & 0xFFFF, 0, 64, 6, 0,
                               *ends) + tcp

        out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)]
        for number in range(2500):
            for port in (993, 587):
                for packet in (segment(CLIENT, (4000, port), 9 * number, 0, 2),
                               segment(SERVER, (port, 4000), 5, 9 * number + 1, 0x12)):
                    out.append(struct.pack("<IIII", len(out), 0, 40, 40) + packet)
        with tempfile.NamedTemporaryFile(suffix=".pcap") as capture:
            capture.write(b"".join(out))
            capture.flush()
            done = run("compare", "--json", capture.name, capture.name)
        self.assertIn("more than can be compared", done.stderr)
        result = checked(done.stdout)
        self.assertEqual(result["compare"]["captures"][0]["vanished"], 0)
        self.assertIn("limit", [fact["kind"] for fact in result["host"]["facts"]])
        self.assertEqual(result["verdict"]["state"], "open")

    def test_folder(self):
        with tempfile.TemporaryDirectory() as parent:
            folder = os.path.join(parent, "evidence")
            client = pcap("open.4n.pcapng")
            done = run("compare", "-o", folder, client, client)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue({"capture.pcapng", "capture-2.pcapng", "result.json", "report.html"} <=
                            set(os.listdir(folder)))
            again = run("report", "--json", folder)
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertEqual(json.loads(again.stdout)["mode"], "compare")
            with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
                self.assertIn("Where the captures looked", file.read())

    def test_a_folder_is_compared_again(self):
        client, other = pcap("foreign-router-any-nat.pcap"), pcap("foreign-router-wan-nat.pcap")
        with tempfile.TemporaryDirectory() as parent:
            folder = os.path.join(parent, "evidence")
            first = run("compare", "--json", "-o", folder, client, other, client)
            again = run("replay", "--json", folder)
            self.assertEqual(again.returncode, first.returncode, again.stderr)
            first, again = checked(first.stdout), checked(again.stdout)
            self.assertEqual(again["mode"], "compare")
            for key in ("verdict", "compare"):
                self.assertEqual(again[key], first[key])
            with open(os.path.join(folder, "README.txt"), encoding="utf-8") as file:
                self.assertIn("whoblocks replay .", file.read())
            with open(os.path.join(folder, "capture-3.pcapng"), "ab") as file:
                file.write(b"more")
            for words in ((folder,), (client, folder)):
                self.assertEqual(run("replay", *words).returncode, 6)


class Receive(unittest.TestCase):
    def test_refusals(self):
        if "measures nothing" in run("receive").stderr:
            self.skipTest("this build receives nothing")
        for words, text in (((), "--from"), (("--from", "nonsense"), "'nonsense'"),
                            (("--from", "192.0.2.1"), "--for"),
                            (("--from", "192.0.2.1", "--for", "1"), "--write"),
                            (("--from", "192.0.2.1", "--for", "1", "-w", "x", "-6"), "family"),
                            (("--from", "192.0.2.1", "--for", "1", "-w", "x", "-i", "none0"),
                             "'none0'")):
            with self.subTest(words=words):
                done = run("receive", *words)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(text, done.stderr)


if __name__ == "__main__":
    unittest.main()
