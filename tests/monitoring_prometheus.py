#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Beside Prometheus and its node_exporter: monitoring_prometheus.py PROGRAM.

In the laboratory this host begins to block the port; the watch's text file goes by node_exporter
to Prometheus, whose alarm names the blocker and the interval. Every expression of the rules and of the
dashboard is asked of that Prometheus. 77 means skipped: they are not installed, or no root.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
DATA = ROOT / "src" / "data" / "monitoring"
TESTS = ROOT / "tests" / "monitoring" / "alerts_test.yml"
TOOLS = ("prometheus", "promtool", "prometheus-node-exporter")
SCENARIO = "open"
BLOCK = """table inet blocking {
    chain out { type filter hook output priority 0; tcp dport 587 drop; }
}"""
SKIPPED = 77
PATIENCE_S = 60
REPLACED = 1000
CONFIG = """
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [%s]
scrape_configs:
  - job_name: node
    static_configs: [{targets: ["127.0.0.1:19100"]}]
"""
FAULTS = []


def expect(what, holds, said=""):
    if not holds:
        FAULTS.append(f"{what}: {said}")


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          check=False, **more)


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def ask(path, **values):
    """What Prometheus answers; None as long as it does not."""
    try:
        url = f"http://127.0.0.1:19090/api/v1/{path}?{urllib.parse.urlencode(values)}"
        return json.loads(fetch(url))["data"]
    except OSError:
        return None


def until(what, value):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        got = value()
        if got:
            return got
        time.sleep(0.05)
    FAULTS.append(f"{what}: not within {PATIENCE_S} s")
    return None


def check_rules(folder):
    done = run("promtool", "check", "rules", DATA / "alerts.yml")
    expect("promtool check rules", done.returncode == 0, done.stdout + done.stderr)
    test = folder / "test.yml"
    test.write_text(TESTS.read_text().replace("RULES", str(DATA / "alerts.yml")))
    done = run("promtool", "test", "rules", test)
    expect("promtool test rules", done.returncode == 0, done.stdout + done.stderr)


def measure(program, folder):
    lab = os.environ
    for number in range(4):
        if number == 2:
            run("nft", "-f", "-", input=BLOCK)
        done = run(program, "watch", "--once", "--servers", lab["LAB_SERVERS"], "--networks",
                   lab["LAB_NETWORKS"], "--history", folder / "h.db", "--textfile",
                   folder / "text" / "whoblocks.prom")
        expect("a run", done.returncode == 0 and not done.stderr, done)
    metrics = (folder / "text" / "whoblocks.prom").read_text()
    done = run("promtool", "check", "metrics", input=metrics)
    expect("promtool check metrics", done.returncode == 0 and not done.stderr, done)
    expect("no address in a label", not re.search(r'"[^"]*\d+\.\d+\.\d+\.\d+[^"]*"', metrics))
    return metrics


def replaced(folder, metrics):
    """node_exporter never sees half a file, and never none."""
    skipped, scrapes, done = [], [], threading.Event()

    def scrape():
        while not done.is_set():
            text = fetch("http://127.0.0.1:19100/metrics")
            scrapes.append(1)
            if "node_textfile_scrape_error 0" not in text or "whoblocks_state{" not in text:
                skipped.append(text[-200:])

    thread = threading.Thread(target=scrape)
    thread.start()
    for number in range(REPLACED):
        # The same way as the watch goes: a name that does not end in .prom, then its own.
        new = folder / "text" / "whoblocks.prom.new"
        new.write_text(metrics + f"# {number}\n")
        os.rename(new, folder / "text" / "whoblocks.prom")
    done.set()
    thread.join()
    expect("a skipped file", scrapes and not skipped, skipped[:1])
    print(f"replaced {REPLACED} times, scraped {len(scrapes)} times")


def expressions():
    board = json.loads((DATA / "dashboard.json").read_text())
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for note in board["annotations"]["list"]:
        yield note["name"], note["expr"]
    for name, expr in re.findall(r"alert: (\w+)\n(?:.*\n)*?\s+expr: (.*)",
                                 (DATA / "alerts.yml").read_text()):
        yield name, expr


def asked():
    """Every expression is understood; those of what is there have an answer.

    A rate needs two scrapes, so it is waited for."""
    empty = {"Suspects", "Days that certificates are still valid", "Changes"}
    for name, expr in expressions():
        expr = expr.replace("$subject", ".*").replace("$instance", ".*")
        got = ask("query", query=expr)
        expect(f"the expression of {name}", got is not None, expr)
        if got is not None and not name[0].isupper() or name in empty:
            continue
        if not re.match(r"Submission|Whoblocks", name):
            until(f"an answer to {name}: {expr}",
                  lambda expr=expr: (ask("query", query=expr) or {"result": []})["result"])


def fires():
    alert = until("the alarm", lambda: next(
        (a for a in (ask("alerts") or {"alerts": []})["alerts"]
         if a["labels"]["alertname"] == "SubmissionBlocked" and a["state"] == "firing"), None))
    if not alert:
        return
    text = alert["annotations"]["description"]
    expect("the blocker in the alarm", "By: local-host" in text, text)
    expect("the interval in the alarm", re.search(r"after 20\d\d-.*there at 20\d\d-", text), text)
    print(alert["annotations"])


def inside(program):
    """In the laboratory's client."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "text").mkdir()
        check_rules(folder)
        metrics = measure(program, folder)
        (folder / "prometheus.yml").write_text(CONFIG % (DATA / "alerts.yml"))
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        exporter = subprocess.Popen(
            ["prometheus-node-exporter", "--web.listen-address=127.0.0.1:19100",
             "--collector.disable-defaults", "--collector.textfile",
             f"--collector.textfile.directory={folder}/text"], **quiet)
        prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", "--web.listen-address="
             "127.0.0.1:19090", f"--storage.tsdb.path={folder}/data"], **quiet)
        try:
            until("Prometheus", lambda: (ask("query", query="whoblocks_build_info")
                                         or {"result": []})["result"])
            fires()
            replaced(folder, metrics)
            asked()
        finally:
            for process in exporter, prometheus:
                process.terminate()
                process.wait()
    for fault in FAULTS:
        print(fault)
    print(f"monitoring_prometheus: {len(FAULTS)} faults")
    return 1 if FAULTS else 0


def main():
    program = os.path.realpath(sys.argv[1])
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing or os.geteuid() != 0:
        print(f"monitoring_prometheus: without {', '.join(missing) or 'root'}")
        return SKIPPED
    if "LAB_SERVERS" in os.environ:
        return inside(program)
    return subprocess.run([ROOT / "scripts" / "lab", "run", SCENARIO, "--", sys.executable,
                           __file__, program], check=False,
                          env={**os.environ, "WHOBLOCKS": program}).returncode


if __name__ == "__main__":
    sys.exit(main())
