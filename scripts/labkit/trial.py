# SPDX-License-Identifier: BSD-2-Clause
"""One trial: the program measured in a scenario, its capture replayed, the result judged."""

import json
import os
import select
import shutil
import time

from labkit import judge, sentences

LIMIT_S = 30
GENTLE_LIMIT_S = 100  # of a measurement that takes its time


class Failure(Exception):
    """The program did not deliver something that can be judged."""


def peak_kib(pid):
    """VmHWM of a running process, 0 when it has none any more."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def run(world, command, name):
    """Runs a command in the client; returns status, standard output, wall seconds, peak KiB."""
    out, err = (os.path.join(world.folder, f"{name}.{part}") for part in ("out", "err"))
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        started = time.monotonic()
        process = world.start(command, stdout=stdout, stderr=stderr, stdin=-3)
    limit = GENTLE_LIMIT_S if "--gentle" in command else LIMIT_S
    ended, peak = os.pidfd_open(process.pid), 0
    while not select.select([ended], [], [], 0.02)[0]:
        peak = max(peak, peak_kib(process.pid))
        if time.monotonic() - started > limit:
            process.kill()
            process.wait()
            raise Failure(f"{name}: no end after {limit} s")
    wall = time.monotonic() - started
    os.close(ended)
    status = process.wait()
    with open(out, "rb") as file:
        text = file.read()
    with open(err, "rb") as file:
        errors = file.read().decode("utf-8", "replace")
    if status < 0 or status == 1 or "Sanitizer" in errors or "runtime error" in errors:
        raise Failure(f"{name}: status {status}: {errors[-2000:].strip()}")
    return status, text, wall, peak, errors


def parsed(text, status, errors, name):
    try:
        return json.loads(text.decode("utf-8"))
    except ValueError as error:
        raise Failure(f"{name}: status {status}, no JSON ({error}): "
                      f"{errors[-500:].strip()}") from error


def companion(world):
    """Another measurement of the same thing at the same time, whose result nobody reads."""
    words = [world.setup.binary, "probe", "--json", *world.setup.arguments(world.folder)]
    return world.start(words, stdout=-3, stderr=-3, stdin=-3)


def measure(world, record, capture):
    """Fills the record with what the program did and returns the result; raises Failure."""
    setup = world.setup
    if setup.twice:
        companion(world)
    command = [setup.binary, "probe", "--json", "-w", capture, *setup.arguments(world.folder)]
    record["command"] = " ".join(command)
    status, text, wall, peak, errors = run(world, command, "probe")
    problem = setup.after and setup.after(world)
    if problem:
        raise Failure(problem)
    record.update(status=status, wall_s=round(wall, 3), peak_kib=peak)
    live = parsed(text, status, errors, "probe")
    record.update(verdict=live.get("verdict"), servers=live.get("servers"), run=live.get("run"),
                  host=live.get("host"))
    return live


def conforms(record, live, schema):
    """The schema and the exit status."""
    if schema:
        problem = next(schema.iter_errors(live), None)
        if problem:
            where = "/".join(str(part) for part in problem.absolute_path)
            raise Failure(f"schema: {where}: {problem.message[:300]}")
    verdict = live["verdict"]
    if judge.status_for(verdict) != record["status"]:
        raise Failure(f"status {record['status']} does not fit {verdict['state']} "
                      f"{verdict['blocker']}")


def replay(world, record, live, capture):
    if not os.path.exists(capture):
        if live["run"]["packets_sent"]:
            raise Failure("no capture was written")
        return  # nothing was sent: there is nothing to replay
    status, text, wall, _, errors = run(
        world, [world.setup.binary, "replay", "--json", capture], "replay")
    record["replay_s"] = round(wall, 3)
    again = parsed(text, status, errors, "replay")
    found = judge.replay_difference(live, again)
    if found:
        raise Failure(f"replay differs: {found}")
    if status != record["status"]:
        raise Failure(f"replay ends with {status}, live with {record['status']}")


def keep(world, capture, folder, name):
    """Copies the capture and the result out of the laboratory."""
    for source, suffix in ((capture, "pcapng"), (f"{world.folder}/probe.out", "json")):
        if os.path.exists(source):
            shutil.copyfile(source, os.path.join(folder, f"{name}.{suffix}"))


def trial(world, schema=None, pcaps=None, suffix=""):
    """Measures, replays and judges; the record says it all."""
    setup = world.setup
    record = {"name": setup.name, "row": setup.row, "group": setup.group,
              "networks": setup.networks, "family": setup.family}
    capture = os.path.join(world.folder, "capture.pcapng")
    try:
        live = measure(world, record, capture)
        record["class"], record["why"] = judge.judge(setup.expect, live, setup.owners)
        conforms(record, live, schema)
        for fault in sentences.faults(live):
            raise Failure(f"sentence: {fault}")
        replay(world, record, live, capture)
    except (Failure, KeyError, TypeError) as error:
        judged = record.get("class", "not judged")
        why = f"{type(error).__name__}: {error} ({judged})"
        if judged == "WRONG":
            record["why"] += "; " + why
        else:
            record.update({"class": "FAILED", "why": why})
    if pcaps:
        keep(world, capture, pcaps, setup.name + suffix)
    return record
