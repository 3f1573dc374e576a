# SPDX-License-Identifier: BSD-2-Clause
"""Thousands of results put together by `sites`: its seconds of the processor, and its memory.

The results are one capture's, under as many names: every tenth place loses the port, the others
are open and reach the same servers through routers of their own.
"""

import argparse
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

CAPTURE = pathlib.Path(__file__).resolve().parents[2] / "tests" / "pcaps" / "demo.46n.pcapng"
FAILING = 10  # one place of so many
OWN_HOP = 3  # from here on the open places have routers of their own
WORK_S = 3.0  # of the processor
MEMORY_MIB = 64


def as_open(result, place):
    """The result with an open port, and the way to it."""
    made = copy.deepcopy(result)
    for judged in (made["verdict"], *made["servers"]):
        judged.update(state="open", blocker="none", link=None)
    for server in made["servers"]:
        for hop in server["hops"]:
            for answer in hop["control"] if hop["hop"] >= OWN_HOP else ():
                answer["address"] = f"203.{place >> 8}.{place & 255}.{hop['hop']}"
    return made


def write_results(program, path, sites):
    """That many lines; returns the bytes of one."""
    told = subprocess.run([program, "replay", "-q", "--json", str(CAPTURE)], check=False,
                          capture_output=True, text=True).stdout
    result = json.loads(told)
    with path.open("w", encoding="utf-8") as out:
        for place in range(sites):
            made = copy.copy(result) if place % FAILING == 0 else as_open(result, place)
            made["run"] = {**made["run"], "labels": {"site": f"place-{place}"}}
            print(json.dumps(made, separators=(",", ":")), file=out)
    return path.stat().st_size // sites


def main(words):
    parser = argparse.ArgumentParser(prog="bench sites", description=__doc__)
    parser.add_argument("--sites", type=int, default=5000, help="how many [5000]")
    parser.add_argument("--check", action="store_true", help="status 1 where it takes too much")
    parser.add_argument("--program", default=os.environ.get("WHOBLOCKS", "whoblocks"))
    asked = parser.parse_args(words)
    if not 0 < asked.sites <= 1 << 16:
        sys.exit(f"bench: {asked.sites} places are none or too many")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = pathlib.Path(folder) / "results"
        size = write_results(asked.program, path, asked.sites)
        with subprocess.Popen([asked.program, "sites", "-q", str(path)],
                              stdout=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    work, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(f"{asked.sites} results of {size} bytes: {work:.2f} s of the processor, "
          f"{memory:.0f} MiB, status {process.returncode}")
    late = process.returncode != 0 or work > WORK_S or memory > MEMORY_MIB
    return 1 if asked.check and late else 0
