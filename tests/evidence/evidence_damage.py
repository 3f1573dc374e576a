# SPDX-License-Identifier: BSD-2-Clause
"""Folders and what happens to them: changes, full disks, folders that are there, kill -9."""

import os
import shutil
import signal
import subprocess
import time
import unittest

from client import BLOCKED, FILES, PLACE, intact, made, probe, tshark, whoblocks


def leftovers(name):
    return sorted(path.name for path in PLACE.iterdir() if path.name.startswith(name + "."))


class Damage(unittest.TestCase):
    def test_one_byte_changed(self):
        folder, _ = made("changed")
        for name in ("capture.pcapng", "result.json", "ticket.txt"):
            path = folder / name
            good = path.read_bytes()
            path.write_bytes(good[:100] + bytes([good[100] ^ 1]) + good[101:])
            sums = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, check=False,
                                  capture_output=True, text=True)
            self.assertNotEqual(sums.returncode, 0)
            for command in ("replay", "report"):
                run = whoblocks(command, folder)
                self.assertEqual(run.returncode, 6)
                self.assertIn(name, run.stderr)
                self.assertEqual(run.stdout, "")
            path.write_bytes(good)
        self.assertTrue(intact(folder))

    def test_a_file_missing_or_new(self):
        folder, _ = made("missing")
        (folder / "ticket.txt").unlink()
        self.assertEqual(whoblocks("report", folder).returncode, 6)
        folder, _ = made("missing")
        (folder / "capture-1.pcapng").write_bytes(b"new")
        self.assertEqual(whoblocks("report", folder).returncode, 6)

    def test_no_evidence_folder(self):
        (PLACE / "empty").mkdir()
        self.assertEqual(whoblocks("replay", PLACE / "empty").returncode, 4)


class Outputs(unittest.TestCase):
    def sent_nothing(self, *words):
        """Runs a probe that must be refused before its first packet; what it said."""
        watched = PLACE / "watched.pcap"
        watch = subprocess.Popen(["tcpdump", "-i", "any", "-U", "-w", watched, "tcp"],
                                 stderr=subprocess.PIPE, text=True)
        watch.stderr.readline()
        run = probe(*words)
        watch.send_signal(signal.SIGINT)
        watch.communicate(timeout=10)
        self.assertEqual(tshark(watched, "-Y", "tcp"), "")
        return run

    def test_an_existing_folder_is_refused(self):
        folder, _ = made("there")
        before = (folder / "SHA256SUMS").read_bytes()
        run = self.sent_nothing("--output", folder)
        self.assertEqual(run.returncode, 2)
        self.assertIn("--force", run.stderr)
        self.assertEqual((folder / "SHA256SUMS").read_bytes(), before)
        made("there")
        self.assertNotEqual((folder / "SHA256SUMS").read_bytes(), before)
        self.assertTrue(intact(folder))

    def test_what_is_not_ours_is_not_replaced(self):
        folder, _ = made("mine")
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
        run = self.sent_nothing("--output", folder, "--force")
        self.assertEqual(run.returncode, 2)
        self.assertIn("notes.txt", run.stderr)
        self.assertTrue((folder / "notes.txt").exists())

    def test_a_folder_that_takes_no_files(self):
        place = PLACE / "closed"
        place.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", place], check=True)
        run = self.sent_nothing("--output", place / "evidence")
        self.assertEqual(run.returncode, 5)
        self.assertIn("Read-only", run.stderr)
        subprocess.run(["umount", place], check=True)

    def test_a_full_disk(self):
        place = PLACE / "small"
        place.mkdir()
        for size in ("12k", "60k", "140k", "200k"):
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", place],
                           check=True)
            run = probe("--output", place / "evidence")
            names = os.listdir(place)
            self.assertIn(run.returncode, (5, *BLOCKED), size)
            if run.returncode == 5:
                self.assertIn("No space left", run.stderr)
                self.assertNotIn("evidence", names)
            self.assertLessEqual(len(names), 1, names)
            subprocess.run(["umount", place], check=True)

    def test_belongs_to_the_caller_of_sudo(self):
        place = PLACE / "callers"
        place.mkdir()
        shutil.chown(place, 65534, 65534)
        PLACE.chmod(0o755)
        run = probe("--output", place / "evidence",
                    env={**os.environ, "SUDO_UID": "65534", "SUDO_GID": "65534",
                         "SUDO_USER": "nobody"})
        self.assertIn(run.returncode, BLOCKED, run.stderr)
        for path in [place / "evidence", *(place / "evidence").iterdir()]:
            self.assertEqual(path.stat().st_uid, 65534, path)


class Killed(unittest.TestCase):
    def killed_after(self, seconds, *words):
        run = subprocess.Popen(["whoblocks", "probe", "-4", "-q", "--servers",
                                os.environ["LAB_SERVERS"], "--networks",
                                os.environ["LAB_NETWORKS"], *words],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(seconds)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()

    def test_kill_leaves_the_old_state_or_the_new(self):
        started = time.monotonic()
        made("timed")
        whole = time.monotonic() - started
        for step in range(6):
            after = whole * (step + 1) / 5.5
            self.killed_after(after, "--output", PLACE / "killed")
            folder = PLACE / "killed"
            if folder.exists():
                self.assertEqual({path.name for path in folder.iterdir()}, FILES)
                self.assertTrue(intact(folder))
                shutil.rmtree(folder)
            self.assertLessEqual(len(leftovers("killed")), 1)

    def test_kill_while_replacing(self):
        folder, _ = made("replaced")
        started = time.monotonic()
        made("timed")
        whole = time.monotonic() - started
        for step in range(6):
            self.killed_after(whole * (0.8 + step / 20), "--output", folder, "--force")
            self.assertTrue(intact(folder))
            self.assertLessEqual(len(leftovers("replaced")), 1)

    def test_interrupt_completes_the_folder(self):
        run = subprocess.Popen(["whoblocks", "probe", "-4", "-q", "--servers",
                                os.environ["LAB_SERVERS"], "-o", PLACE / "stopped"],
                               stdout=subprocess.PIPE, text=True)
        partial = PLACE / "stopped.partial"
        while run.poll() is None and not partial.exists():
            time.sleep(0.005)  # there is nothing to wait on: the folder is the event
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=20)
        self.assertTrue(intact(PLACE / "stopped"))
        self.assertEqual(leftovers("stopped"), [])


if __name__ == "__main__":
    unittest.main()
