#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A watch in networks that change while it runs. Needs root.

    watch_lab.py [NAME ...]     all cases, or those of these names

What was changed, and when, is known: each interval of the history must hold the true time. Hours
pass by moving the program's clocks (preload/clocks.c), which CLOCKS_LIBRARY names.
"""

import collections
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "scripts"))

from labkit import bench_watch, catalogue, kernel, packet, rules, scenario, world  # noqa: E402
from labkit.scenario import Scenario, open_port  # noqa: E402
from labkit.topology import Place  # noqa: E402
from labkit.watching import HURRY_S, INTERVAL_S, Story, heard, programs, until  # noqa: E402

SKIPPED = 77
SWEPT = 40  # no sweep goes so far, and no SYN with full TTL begins so low
DROP = rules.forward("tcp dport 587 drop")
LINK = ("198.18.7.61", "198.18.7.62")  # between the second provider and the transit
SERVERS = ("203.0.113.0/24", "198.18.20.0/24", "198.18.30.0/24")


def expect(holds, what):
    if not holds:
        raise AssertionError(what)


def two_lines():
    """As the long one, and a second provider's line: second1 2, second2 3, second3 4, tr1 5."""
    topology = catalogue.long("two-lines")
    for number, parent in enumerate(("gw", "second1", "second2"), 1):
        topology.add(Place(f"second{number}", parent, "exit", part=number))
    return topology


def second_line(topology):
    """The rules that make the second provider's network one that leads to the servers."""
    line = [topology.places[f"second{number}"] for number in (1, 2, 3)]
    homewards = [place.up4 for place in line] + [place.v4 for place in line]
    out = {near.name: [rules.ip(f"route add {net} via {far.v4} dev to-{far.name} onlink")
                       for net in SERVERS] for near, far in zip(line, line[1:])}
    return {
        **out,
        "second3": [rules.ip(f"addr add {LINK[0]} peer {LINK[1]} dev to-tr1")] +
                   [rules.ip(f"route add {net} via {LINK[1]} dev to-tr1 onlink")
                    for net in SERVERS],
        "tr1": [rules.ip(f"addr add {LINK[1]} peer {LINK[0]} dev second")] +
               [rules.ip(f"route replace {address} via {LINK[0]} dev second onlink")
                for address in homewards],
    }


def make(name, **more):
    catalogue.TOPOLOGIES.setdefault("two-lines", two_lines)
    scenario.TOPOLOGIES.setdefault("two-lines", two_lines)
    topo = more.pop("topo", "two-lines")
    return Scenario(name, 0, "watch", topo, name, open_port(), **{"variants": "4n", **more})


def began_at(period, when, slack=HURRY_S):
    """The beginning of a period is an interval that holds the true time, and no longer than this."""
    before, since = period["before_us"] / 1e6, period["since_us"] / 1e6
    expect(before <= when <= since, f"{period['state']}: {before} {when} {since}")
    expect(since - before <= INTERVAL_S + slack, f"{since - before} s between two runs")


def evidence_shows(story, period):
    """Both runs of a change are there, whole, and judged again say the same."""
    for column in "evidence", "proof":
        folder = period[column]
        expect(folder and os.path.isdir(folder), f"{column} of {period['state']}: {folder}")
        (capture,) = glob.glob(f"{folder}/*.pcapng")
        done = subprocess.run([story.lab.setup.binary, "replay", "--json", capture],
                              capture_output=True, check=False)
        verdict = json.loads(done.stdout)["verdict"]
        expect((verdict["state"], verdict["blocker"]) == (period["state"], period["blocker"]),
               f"{folder}: {verdict['sentence']}")


def tale(lab):
    """open, blocked, open, another provider that blocks, the first again, no network for an hour"""
    story = Story(lab)
    story.run(2)
    blocked = story.change("isp2", DROP)
    story.run(3)
    lifted = story.change("isp2", undo=True)
    story.run(2)
    story.lab.net.enter("second2")
    rules.apply([DROP])
    story.lab.net.leave()
    there = f"route replace default via {lab.topology.places['second1'].v4} dev to-second1 onlink"
    back = f"route replace default via {lab.topology.places['isp1'].v4} dev to-isp1 onlink"
    moved = story.change("gw", rules.ip(there))
    told = story.run(2)
    expect("198.18.7." in told["sentence"], f"who blocks now: {told['sentence']}")
    returned = story.change("gw", rules.ip(back))
    story.run(2)
    dead = story.change("cli", rules.ip("link set eth0 down"))
    told = story.run(6)
    expect(told["mechanism"] == "no-network", told)
    alive = story.change("cli", rules.ip("link set eth0 up"),
                         rules.ip(f"route replace default via {lab.topology.places['gw'].v4}"))
    told = story.run(2)
    expect(told["state"] == "open" and not told["to_be_confirmed"], told)

    periods, (gap,) = story.periods(), story.gaps()
    expect([(p["state"], p["blocker"]) for p in periods] ==
           [("open", "none"), ("blocked", "isp")] * 2 + [("open", "none")], periods)
    for period, when in zip(periods[1:], (blocked, lifted, moved, returned)):
        began_at(period, when)
    for period, router in zip(periods[1::2], ("198.51.100.2", "198.18.7.2")):
        expect(f"provider's network, between hop 3 ({router})" in period["sentence"], period)
    for period, then in zip(periods, periods[1:]):
        expect(period["until_us"] == then["since_us"] and period["last_us"] == then["before_us"],
               f"{period} ends as {then} begins")
        evidence_shows(story, period)
    expect(periods[-1]["until_us"] is None, periods[-1])
    expect(gap["why"] == "no-network" and gap["from_us"] / 1e6 <= dead < alive <=
           gap["to_us"] / 1e6, gap)
    expect(periods[-1]["unobserved_us"] == gap["to_us"] - gap["from_us"], periods[-1])
    (runs,) = story.watch.rows("SELECT count(*) AS n FROM run")
    expect(runs["n"] == len(story.told), f"{runs['n']} runs of {len(story.told)} are stored")
    expect("not observed" in story.watch.show(), story.watch.show())
    expect(story.watch.stop() == 0 and not story.watch.said().count("cannot"),
           story.watch.said())


def killed(lab):
    """the watch is killed in a run, after the run that saw a change, and around its confirmation"""
    story = Story(lab)
    story.run(2)
    blocked = story.change("isp2", DROP)
    with heard(lab) as frames:
        story.clocks.pass_by(story.wait)
        story.watch.look_at_clock()
        until("the run is under way", lambda: len(frames) > 8)
        story.watch.kill()
    until("the measurement ends with its watch", lambda: not programs(lab))
    story.restart()
    expect(story.run()["to_be_confirmed"], story.told[-1])
    story.watch.kill()
    # Killed after the evidence got its name, and before the commit: the run is not in the history.
    (candidate,) = story.watch.rows("SELECT candidate_since_us AS at FROM tracker")
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(candidate["at"] // 1000000))
    name = f"{story.evidence}/{stamp}-blocked"
    shutil.copytree(name, f"{name}-confirmed")
    story.watch.kill()
    story.restart()
    story.run(2)
    story.watch.kill()
    story.restart()
    story.run()
    lifted = story.change("isp2", undo=True)
    story.run(2)
    periods = story.periods()
    expect([(p["state"], p["blocker"]) for p in periods] ==
           [("open", "none"), ("blocked", "isp"), ("open", "none")], periods)
    began_at(periods[1], blocked, slack=2 * INTERVAL_S)
    began_at(periods[2], lifted)
    evidence_shows(story, periods[1])
    evidence_shows(story, periods[2])
    (runs,) = story.watch.rows("SELECT count(*) AS n FROM run")
    expect(runs["n"] == len(story.told), f"{runs['n']} runs of {len(story.told)} are stored")
    expect(story.gaps() == [] and story.watch.stop() == 0, story.watch.said())


HOOK = """#!{python} -ES
import json, os, sys, time
folder = os.path.dirname(sys.argv[0])
mode = open(folder + "/mode").read()
with open(folder + "/event.new", "w") as file:
    json.dump([sys.stdin.read(), dict(os.environ), os.getpid()], file)
os.rename(folder + "/event.new", folder + "/event")
if mode == "fail":
    sys.exit(3)
while mode == "hang":
    time.sleep(1000)
"""
VARIABLES = {"PATH"} | {f"WHOBLOCKS_{name}" for name in
                        ("STATE", "BLOCKER", "BEFORE", "SINCE", "SENTENCE", "EVENT")}


def lives(pid):
    """Whether it runs; what has ended and was not waited for yet does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def hooked(story, mode, *words, **more):
    """Changes something in the client; what the program of --on-change was given."""
    story.lab.write("mode", mode)
    story.change("cli", *words, **more)
    story.run(2)
    path = f"{story.lab.folder}/event"
    until(f"the program is run ({mode})", lambda: os.path.exists(path))
    with open(path, encoding="utf-8") as file:
        given, variables, pid = json.load(file)
    os.unlink(path)
    period = story.periods()[-1]
    event = json.loads(given)
    expect(event["event"] == variables["WHOBLOCKS_EVENT"] == "changed", event)
    expect(set(variables) - {"LC_CTYPE"} == VARIABLES, variables)
    for name, value in (("STATE", period["state"]), ("BLOCKER", period["blocker"]),
                        ("BEFORE", str(period["before_us"] // 1000000)),
                        ("SINCE", str(period["since_us"] // 1000000)),
                        ("SENTENCE", period["sentence"])):
        expect(variables[f"WHOBLOCKS_{name}"] == value, (name, variables, period))
    return pid


def hook(lab):
    """the program for changes is run, fails, hangs; the watch goes on and says so"""
    lab.write("hook", HOOK.format(python=sys.executable))
    os.chmod(f"{lab.folder}/hook", 0o755)
    story = Story(lab, "--on-change", f"{lab.folder}/hook", "--keep", "1")
    story.run(2)
    expect(not os.path.exists(f"{lab.folder}/event"), "an open port at the start is no news")
    drop = rules.output("tcp dport 587 drop")
    hooked(story, "well", drop)
    hooked(story, "fail", undo=True)
    until("its failure is said", lambda: "ended with status 3" in story.watch.said())
    pid = hooked(story, "hang", drop)
    expect(lives(pid), "a program that hangs has its time")
    story.clocks.pass_by(31)
    story.watch.look_at_clock()
    until("its end is said", lambda: "ended by signal 9" in story.watch.said())
    until("a program that hangs is ended", lambda: not lives(pid))
    expect(story.run()["state"] == "blocked" and story.watch.stop() == 0, story.watch.said())
    kept = [p["evidence"] for p in story.periods()]
    expect(kept[:-1] == [None] * 3 and len(os.listdir(story.evidence)) == 3, "only the newest's")


BAN = rules.Rule("nft", """table inet ban {
  set seen { type ipv4_addr; size 64; flags dynamic; }
  chain c {
    type filter hook input priority 0;
    tcp dport 587 tcp flags & (syn | ack) == syn update @seen { ip saddr limit rate over 1/day \
      burst 8 packets } drop
  }
}
""")


def ban(lab):
    """one server has enough of this host: nobody else is accused, and it is said which"""
    story = Story(lab)
    told = story.run(2)
    expect("alone" not in told["sentence"], told)
    for _ in range(4):
        told = story.run()
        expect((told["state"], told["blocker"], told["suspects"]) == ("open", "none", []), told)
    expect("This server alone is not open: mx.beta.example." in told["sentence"], told)
    expect(len(story.periods()) == 1 and story.watch.stop() == 0, story.periods())
    named = Story(lab, "mx.beta.example", place="named")
    told = named.run(2)
    expect((told["state"], told["blocker"]) == ("blocked", "remote"), told)
    expect("This server alone" in told["sentence"], told)
    expect(named.watch.stop() == 0, named.watch.said())


def clocks(lab):
    """the clock is set forward and back by an hour, and the machine sleeps"""
    story = Story(lab)
    story.run(2)
    for step, way in ((3600, "forward"), (-3600, "back")):
        story.clocks.set(step)
        told = story.run()
        expect(abs(told["clock_step_ms"] - step * 1000) < 5000, told)
        expect(f"the clock was set {way} by 60 min" in story.watch.said(), story.watch.said())
    expect(story.gaps() == [] and len(story.periods()) == 1, story.gaps())
    (period,) = story.periods()
    lasted = (period["last_us"] - period["since_us"]) / 1e6
    expect(abs(lasted - HURRY_S - 2 * INTERVAL_S) < 60, f"it lasted {lasted} s")
    fell_asleep = story.clocks.now()
    story.clocks.sleep(4 * 3600)
    story.wait = 0  # what was due in the meantime is due now
    story.run()
    woke = story.clocks.now()
    (gap,) = story.gaps()
    expect(gap["why"] == "suspended" and gap["from_us"] / 1e6 <= fell_asleep and
           abs(gap["to_us"] / 1e6 - woke) < 60, gap)
    expect("at least" in story.watch.show("--changes"), story.watch.show())
    expect(story.told[-1]["clock_step_ms"] is None, story.told[-1])
    # A change and a clock that is set, between the same two runs.
    story.clocks.set(-3600)
    blocked = story.change("isp2", DROP)
    story.run(2)
    began_at(story.periods()[-1], blocked)
    expect(len(story.gaps()) == 1 and story.watch.stop() == 0, story.gaps())


def asked_for(lab):
    """what is asked for while a run is under way is measured after it"""
    story = Story(lab)
    story.run(2)
    with heard(lab) as frames:
        story.clocks.pass_by(story.wait)
        story.watch.look_at_clock()
        until("the run is under way", lambda: frames)
        story.watch.process.send_signal(signal.SIGUSR1)
        first, second = story.watch.told(), story.watch.told()
    expect(first["ended"] <= second["started"] and second["state"] == "open", (first, second))
    expect(story.watch.stop() == 0, story.watch.said())


def polite(lab):
    """while all is open: a SYN a port, one mail session, no sweep; three servers, each day others"""
    story, asked, exact = Story(lab), [], []
    story.run(2)
    while len(asked) < 3 or len(asked) < 20 and len(set().union(*asked)) == 3:
        with heard(lab) as frames:
            expect(story.run()["state"] == "open", story.told[-1])
        syns = [segment for segment in map(packet.parse, frames) if segment and
                segment.flags & (packet.SYN | packet.ACK) == packet.SYN]
        expect(min(segment.ttl for segment in syns) > SWEPT, [segment.ttl for segment in syns])
        servers = {packet.text(segment.target) for segment in syns}
        ports = collections.Counter((packet.text(s.target), s.dport) for s in syns)
        expect(len(servers) == 3, ports)
        # The session's connection comes after the SYN.
        exact.append(all(ports[server, 587] == 2 for server in servers) and
                     all(n == 1 for (_, port), n in ports.items() if port != 587))
        asked.append(servers)
        story.wait += 86400
    # A machine that is busy may see an answer so late that it asks once more.
    expect(any(exact), "a SYN a port, and one mail session")
    expect(all(one & other for one, other in zip(asked, asked[1:])), f"a server stays: {asked}")
    expect(len(set().union(*asked)) > 3, f"each day others: {asked}")
    expect(story.watch.stop() == 0, story.watch.said())


def flat(lab):
    """its descriptors and its memory are after some runs what they were after a few"""
    faults = bench_watch.observe(lab, 20)
    expect(not faults, faults)


CASES = {
    "tale": (make("tale", rules=second_line(two_lines()),
                  more_links=(("second3", "to-tr1", "tr1", "second"),)), tale),
    "killed": (make("killed", topo="T8"), killed),
    "hook": (make("hook", topo="T8"), hook),
    "ban": (make("ban", topo="T8", rules={"beta": [BAN]}), ban),
    "clocks": (make("clocks", topo="T8"), clocks),
    "asked-for": (make("asked-for", topo="T8"), asked_for),
    "flat": (make("flat", topo="T8"), flat),
    "polite": (make("polite", topo="TD", variants="4"), polite),
}


def run(name, binary):
    base, work = CASES[name]
    (setup,) = scenario.variants(base, binary=binary)

    def inside(lab):
        try:
            work(lab)
        except (AssertionError, RuntimeError) as error:
            print(f"        {error}", flush=True)
            return 1
        return 0

    setup.busy = [os.path.realpath(os.environ["CLOCKS_LIBRARY"])]
    pid = world.launch(setup, inside)
    failed = kernel.exit_status(os.waitpid(pid, 0)[1])
    print(f"{'FAILED' if failed else 'ok':6} {name}: {work.__doc__}", flush=True)
    return failed


def main():
    binary = os.path.realpath(os.environ.get("WHOBLOCKS", os.path.join(ROOT, "build/whoblocks")))
    if os.geteuid() != 0 or not os.environ.get("CLOCKS_LIBRARY"):
        print("watch_lab: skipped: needs root, and a build whose clocks can be moved")
        return SKIPPED
    try:
        world.require()
        world.require_binary(binary)
    except world.LabError as error:
        print(f"watch_lab: {error}")
        return SKIPPED
    return 1 if sum(run(name, binary) != 0 for name in sys.argv[1:] or CASES) else 0


if __name__ == "__main__":
    sys.exit(main())
