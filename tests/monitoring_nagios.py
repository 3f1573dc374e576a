#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`check` as Nagios itself runs and reads it: monitoring_nagios.py PROGRAM.

A Nagios of our own, in a folder of its own, as a user without rights, who reads histories of all
kinds. 77 means skipped: it is not installed, or no root.
"""
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

NAGIOS = shutil.which("nagios4", path=f"/usr/sbin:{os.environ.get('PATH', '')}")
NOBODY = 65534
SKIPPED = 77
PATIENCE_S = 60
MAIN = """
cfg_file={folder}/objects.cfg
log_file={folder}/nagios.log
object_cache_file={folder}/objects.cache
precached_object_file={folder}/objects.precache
status_file={folder}/status.dat
state_retention_file={folder}/retention.dat
retain_state_information=0
temp_file={folder}/nagios.tmp
temp_path={folder}
check_result_path={folder}/results
command_file={folder}/nagios.cmd
query_socket={folder}/nagios.qh
lock_file={folder}/nagios.lock
nagios_user=nobody
nagios_group=nogroup
status_update_interval=1
interval_length=1
service_inter_check_delay_method=n
max_service_check_spread=1
check_for_updates=0
use_syslog=0
"""
HOST = """
define timeperiod {{
    timeperiod_name always
    alias always
{days}
}}
define command {{
    command_name whoblocks
    command_line {folder}/whoblocks check --history {folder}/$ARG1$
}}
define contact {{
    contact_name nobody
    host_notifications_enabled 0
    service_notifications_enabled 0
    host_notification_period always
    service_notification_period always
    host_notification_commands whoblocks!open.db
    service_notification_commands whoblocks!open.db
}}
define host {{
    host_name here
    address 127.0.0.1
    max_check_attempts 1
    check_period always
    contacts nobody
}}
"""
DAYS = "\n".join(f"    {day}day 00:00-24:00" for day in
                 ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun"))
SERVICE = """
define service {{
    host_name here
    service_description {name}
    check_command whoblocks!{arguments}
    check_interval 1
    retry_interval 1
    max_check_attempts 1
    check_period always
    contacts nobody
}}
"""
OPEN = "UPDATE run SET status = 0, state = 'open', blocker = 'none', mechanism = 'none'"
BLOCKED = ("UPDATE run SET status = 12, state = 'blocked', blocker = 'isp', "
           "mechanism = 'silent-drop', confidence = 0.99, control_rtt_ms = 12.5")
EVIL = "UPDATE subject SET sentence = 'a | b=1' || char(10) || 'c | d ~$`&\"<>'"
# What it is called: what is done to its history, arguments, the state, what the text has.
SERVICES = {
    "open": ((OPEN,), "open.db", 0, "WHOBLOCKS OK - "),
    "degraded": ((BLOCKED.replace("blocked", "degraded"),), "degraded.db", 1, "WARNING - "),
    "blocked": ((BLOCKED,), "blocked.db", 2, "CRITICAL - "),
    "undecided": ((), "undecided.db", 3, "UNKNOWN - "),
    "accepted": ((BLOCKED,), "accepted.db -c closed -w blocked", 1, "WARNING - "),
    "evil": ((BLOCKED, EVIL), "evil.db", 2, "CRITICAL - a / b=1"),
    "foreign": (None, "foreign.db", 3, "no history"),
    "absent": (None, "absent.db", 3, "No such file"),
}
PERFORMANCE = re.compile(r"[a-z_]+=-?\d+(\.\d+)?(s|ms|%)?(;[^;]*){0,4}")


def histories(program, folder):
    """A history for each service that has one: what a run without a network leaves."""
    first = folder / "first.db"
    subprocess.run([program, "watch", "--once", "--history", first], check=True,
                   capture_output=True, timeout=PATIENCE_S)
    for name, (changes, *_) in SERVICES.items():
        if changes is None:
            continue
        shutil.copyfile(first, folder / f"{name}.db")
        with sqlite3.connect(folder / f"{name}.db") as base:
            for change in changes:
                base.execute(change)
        base.close()
    (folder / "foreign.db").write_text("x" * 5000)


def configure(program, folder):
    (folder / "nagios.cfg").write_text(MAIN.format(folder=folder))
    services = (SERVICE.format(name=name, arguments=arguments)
                for name, (_, arguments, *_) in SERVICES.items())
    # Nagios takes a command apart at its blanks.
    (folder / "whoblocks").symlink_to(program)
    (folder / "objects.cfg").write_text(HOST.format(folder=folder, days=DAYS) +
                                        "".join(services))
    (folder / "results").mkdir()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def status(folder):
    """What Nagios knows of each service."""
    try:
        text = (folder / "status.dat").read_text()
    except FileNotFoundError:
        return {}
    blocks = re.findall(r"^servicestatus \{\n(.*?)\n\t\}", text, re.MULTILINE | re.DOTALL)
    found = [dict(line.strip().split("=", 1) for line in block.splitlines()) for block in blocks]
    return {block["service_description"]: block for block in found
            if block["has_been_checked"] == "1"}


def watched(folder):
    """Runs Nagios until every service was checked."""
    with open(folder / "said", "w", encoding="utf-8") as said:
        nagios = subprocess.Popen([NAGIOS, folder / "nagios.cfg"], stdout=said, stderr=said,
                                  user=NOBODY, group=NOBODY, extra_groups=[])
    try:
        end = time.monotonic() + PATIENCE_S
        while len(status(folder)) < len(SERVICES) and time.monotonic() < end:
            time.sleep(0.05)
        return status(folder)
    finally:
        nagios.terminate()
        nagios.wait(PATIENCE_S)


def faults(found):
    for name, (changes, _, state, text) in SERVICES.items():
        service = found.get(name)
        if not service:
            yield f"{name}: Nagios has not checked it"
            continue
        output, performance = service["plugin_output"], service["performance_data"]
        if int(service["current_state"]) != state or text not in output or "|" in output:
            yield f"{name}: {service['current_state']} {output}"
        if service["long_plugin_output"]:
            yield f"{name}: more than a line: {service['long_plugin_output']}"
        items = performance.split()
        if bool(items) != (changes is not None):
            yield f"{name}: performance data: {performance}"
        yield from [f"{name}: {item}" for item in items if not PERFORMANCE.fullmatch(item)]


def main():
    program = os.path.realpath(sys.argv[1])
    if not NAGIOS or os.geteuid() != 0 or not shutil.which("unshare"):
        print("monitoring_nagios: without Nagios or root")
        return SKIPPED
    if os.environ.get("ISOLATED") != "1":
        os.execvpe("unshare", ["unshare", "--net", sys.executable, *sys.argv],
                   {**os.environ, "ISOLATED": "1"})
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        histories(program, folder)
        configure(program, folder)
        done = subprocess.run([NAGIOS, "-v", folder / "nagios.cfg"], capture_output=True,
                              text=True, check=False)
        found = [] if done.returncode == 0 else [done.stdout]
        found += faults(watched(folder)) if not found else []
    for fault in found:
        print(fault)
    print(f"monitoring_nagios: {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
