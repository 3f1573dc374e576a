#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The laboratory itself: paths, blocks, delay, loss, cleanup. Needs root."""

import concurrent.futures
import os
import signal
import subprocess
import sys
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
LAB = os.path.join(ROOT, "scripts", "lab")
PROBE = [sys.executable, os.path.join(ROOT, "scripts", "labkit", "probe.py")]
AT_A_TIME = 4
sys.path.insert(0, os.path.join(ROOT, "scripts"))

from labkit import catalogue, judge, scenario  # noqa: E402
from labkit.catalogue_paths import TOPOLOGIES  # noqa: E402
from labkit.scenario import blocked, open_port  # noqa: E402
from labkit.scenarios import ALL  # noqa: E402


def lab(*words, **options):
    done = subprocess.run([LAB, "run", *words], capture_output=True, text=True, timeout=60,
                          check=False, **options)
    if done.returncode:
        raise AssertionError(f"lab run {' '.join(words)}: {done.returncode}\n{done.stderr}")
    return done.stdout.split("\n")[:-1]


def expected_path(topology, server):
    """The client-side addresses from hop 1 to the server, in both families."""
    hops, place = [], server
    while place.kind != "client":
        if place.v4:
            hops.insert(0, place)
        place = topology.places[place.parent]
    return [hop.v4 for hop in hops], [hop.v6 for hop in hops]


def traces():
    """What a laboratory could leave behind."""
    spaces, names = set(), []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            spaces.add(os.readlink(f"/proc/{pid}/ns/net"))
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if LAB.encode() in words:
            names.append(pid)
    with open("/proc/mounts", encoding="utf-8") as file:
        mounts = file.read()
    named = [path for path in ("/run/netns", "/etc/netns") if os.path.exists(path)]
    return len(spaces), names, mounts, [(path, os.listdir(path)) for path in named]


class Answers(unittest.TestCase):
    """Commands in scenarios, several at a time, each with what it must say."""

    def each_says(self, asked):
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            said = pool.map(lambda item: lab(item[0], "--", *item[1]), asked)
            for (name, words, answer), found in zip(asked, said):
                with self.subTest(name=name, words=words):
                    self.assertEqual(found, answer)


class Paths(Answers):
    def test_paths_have_the_stated_hops(self):
        asked = []
        for name, make in TOPOLOGIES.items():
            topology = make()
            # Of the further topologies the last server, which is the farthest.
            known = name in catalogue.TOPOLOGIES
            for server in topology.servers if known else topology.servers[-1:]:
                for address, path in zip((server.v4, server.v6),
                                         expected_path(topology, server)):
                    asked.append((name, (*PROBE, "path", address, str(len(path))), path))
        self.each_says(asked)

    def test_names_lead_to_servers(self):
        code = "import socket; print(socket.getaddrinfo('posteo.de', 587)[0][4][0])"
        self.assertIn(lab("open", "--", sys.executable, "-c", code)[0],
                      ("203.0.113.25", "2001:db8:a::19"))

    def test_the_command_decides_the_status(self):
        done = subprocess.run([LAB, "run", "open", "--", "sh", "-c", "exit 17"], check=False)
        self.assertEqual(done.returncode, 17)

    def test_unknown_name_is_said(self):
        done = subprocess.run([LAB, "run", "nonsense", "--", "true"], check=False,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("'nonsense'", done.stderr)


    def test_lack_of_privilege_is_said(self):
        done = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "--", LAB, "run",
                               "open", "--", "true"], check=False, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("needs root", done.stderr)


class Blocks(Answers):
    """The first TTL at which the port under test is answered, and how."""

    CASES = (("open", "4 open"), ("isp2-drop", "0 silent"), ("isp-reset", "3 refused"),
             ("isp-input-reset", "2 refused"), ("gw-reset", "2 refused"),
             ("switch-reset", "1 refused"), ("closed-alone", "4 refused"),
             ("server-reset", "4 refused"), ("captive", "1 open"), ("all-reset", "1 refused"),
             ("dst-reset", "8 refused"), ("ttl-normaliser", "2 open"),
             ("gw-redirect", "1 open"), ("isp2-tproxy", "3 open"), ("isp2-dnat", "7 open"),
             ("synproxy", "4 open"), ("modem-reset", "2 refused"),
             ("reset-copied-drop", "5 refused"), ("answer-rewritten", "8 refused"),
             ("detour-reset", "4 refused"),
             ("local-reset", "1 refused"), ("local-bpf-egress", "0 silent"))

    def test_first_answer(self):
        asked = []
        for name, answer in self.CASES:
            item = next(item for item in ALL if item.name == name)
            for address in ("203.0.113.25", "2001:db8:a::19"):
                # What the rules do to IPv6 is nobody's business where it is no variant.
                if ":" not in address or "6" in item.variants:
                    asked.append((name, (*PROBE, "first", address, "587", "9"), [answer]))
        self.each_says(asked)


class Line(unittest.TestCase):
    def test_delay_is_accurate_and_orderly(self):
        for rtt in (20, 100):
            found = sorted(float(text) for text in lab(
                "--rtt", str(rtt), "open", "--", *PROBE, "rtt", "203.0.113.25", "500"))
            self.assertEqual(len(found), 500)
            self.assertGreaterEqual(found[0], rtt)
            self.assertLess(found[len(found) // 2], rtt + 3)

    def test_loss_is_plausible(self):
        for address in ("203.0.113.25", "2001:db8:a::19"):
            count = int(lab("--loss", "20", "open", "--", *PROBE, "echo", address, "600")[0])
            self.assertTrue(0.54 < count / 600 < 0.74, count)  # 0.8 squared, five sigma


class Cleanup(unittest.TestCase):
    def settled(self, before):
        for _ in range(100):
            after = traces()
            if after == before:
                return after
            time.sleep(0.02)
        return after

    def test_nothing_is_left(self):
        before = traces()
        lab("demo", "--", "true")
        self.assertEqual(self.settled(before), before)

    def test_nothing_is_left_after_a_kill(self):
        before = traces()
        with subprocess.Popen([LAB, "run", "demo", "--", "sh", "-c", "echo up; sleep 60"],
                              stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            self.assertNotEqual(traces(), before)
            process.send_signal(signal.SIGKILL)
        self.assertEqual(self.settled(before), before)


class Judge(unittest.TestCase):
    NEAR = blocked("local-network", 1, 1, suspects=("local-network", "isp"))
    ISP = blocked("isp", 3, 3)

    CASES = (
        (ISP, "blocked", "isp", (), (3, 4), "exact"),
        (ISP, "blocked", "isp", (), (4, 5), "WRONG"),
        (ISP, "blocked", "transit", (), (3, 4), "WRONG"),
        (ISP, "blocked", "unknown", ("isp", "transit"), (3, 4), "acceptable"),
        (ISP, "blocked", "unknown", ("remote", "transit"), None, "WRONG"),
        (ISP, "unknown", "unknown", (), None, "admitted"),
        (ISP, "open", "none", (), None, "WRONG"),
        (NEAR, "blocked", "unknown", ("local-network", "isp"), (1, 2), "exact"),
        (NEAR, "blocked", "local-network", (), (1, 2), "WRONG"),
        (blocked("isp", 3, 3, also=(("blocked", "isp"),)), "blocked", "isp", (), (3, 4), "exact"),
        (blocked("isp", 3, 3, suspects=("isp", "remote"), also=(("blocked", "remote"),)),
         "blocked", "remote", (), None, "acceptable"),
        (blocked("remote", 7, 7), "closed", "remote", (), (7, 8), "WRONG"),
        (open_port(), "open", "none", (), None, "exact"),
        (open_port(), "blocked", "unknown", ("isp", "remote"), None, "WRONG"),
    )

    def test_classes(self):
        for expect, state, blocker, suspects, link, answer in self.CASES:
            how = "closed" if state == "closed" else "silent-drop"
            verdict = {"state": state, "blocker": blocker, "mechanism": how,
                       "suspects": [{"blocker": name} for name in suspects],
                       "link": link and {"from_hop": link[0], "to_hop": link[1]}}
            with self.subTest(expect=expect, verdict=verdict):
                found = judge.judge(expect, {"verdict": verdict, "servers": []})
                self.assertEqual(found[0], answer, found[1])

    def test_names_are_unique(self):
        names = [setup.name for item in ALL for setup in scenario.variants(item)]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("lab_selftest: needs root, skipped")
        sys.exit(77)
    unittest.main()
