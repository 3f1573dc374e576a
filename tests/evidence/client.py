# SPDX-License-Identifier: BSD-2-Clause
"""What the tests share that run inside a client of the laboratory."""

import json
import os
import pathlib
import subprocess

PLACE = pathlib.Path(os.environ["LAB_FOLDER"])
# The provider blocks; a run after many others finds its routers tired, and may leave suspects.
BLOCKED = (12, 17)
FILES = {"README.txt", "SHA256SUMS", "capture.pcapng", "report.html", "result.json", "ticket.txt"}


def whoblocks(*words, **options):
    return subprocess.run(["whoblocks", *map(str, words)], capture_output=True, text=True,
                          check=False, timeout=60, **options)


def probe(*words, networks=True, **options):
    extra = ["--networks", os.environ["LAB_NETWORKS"]] if networks else []
    return whoblocks("probe", "-4", "--servers", os.environ["LAB_SERVERS"], *extra, *words,
                     **options)


def made(name, *words, **more):
    """A new folder of the name, and the result in it."""
    folder = PLACE / name
    run = probe("--output", folder, "--force", *words, **more)
    if run.returncode not in (0, *range(10, 21)):
        raise AssertionError(f"status {run.returncode}: {run.stderr}")
    return folder, json.loads((folder / "result.json").read_text(encoding="utf-8"))


def intact(folder):
    """Whether sha256sum and whoblocks both have nothing to say against the folder."""
    sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=False,
                          capture_output=True)
    return sums.returncode == 0 and whoblocks("replay", folder).returncode != 6


def tshark(capture, *words):
    return subprocess.run(["tshark", "-n", "-r", str(capture), *words], capture_output=True,
                          text=True, check=True).stdout
