# SPDX-License-Identifier: BSD-2-Clause
"""More than one way: balanced branches, detours on the way back, routes that change."""

import time

from labkit import kernel
from labkit import rules as r
from labkit.rules import no_expiry
from labkit.scenario import Expect, Scenario, blocked, open_port

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
PREFIXES = ("203.0.113.0/24", "198.18.20.0/24", "198.18.30.0/24")
ALPHA = ("mx.alpha.example",)
PARTLY = Expect("degraded", "isp", place=(3, 3), mechanisms=("silent-drop",))


def diamond(last="isp2b"):
    """Rules that make the second branch; it joins isp3 from its last router."""
    rules = {
        "isp1": [r.sysctl("ipv4/fib_multipath_hash_policy", 1)] + [
            r.ip(f"route replace {prefix} nexthop via 198.51.100.2 dev to-isp2 onlink "
                 f"nexthop via 198.51.100.12 dev to-isp2b onlink") for prefix in PREFIXES],
        "isp3": [r.ip("addr add 198.51.100.62 peer 198.51.100.61 dev branch")],
        last: [r.ip("addr add 198.51.100.61 peer 198.51.100.62 dev to-isp3")] + [
            r.ip(f"route add {prefix} via 198.51.100.62 dev to-isp3 onlink")
            for prefix in PREFIXES],
    }
    if last != "isp2b":
        rules["isp2b"] = [r.ip(f"route add {prefix} via 198.51.100.13 dev to-isp2c onlink")
                          for prefix in PREFIXES]
    return rules


def with_rules(base, more):
    return {place: [*base.get(place, ()), *more.get(place, ())] for place in {**base, **more}}


BACK = {
    "isp3": [r.ip("addr add 198.51.100.71 peer 198.51.100.72 dev back"),
             r.ip("route replace 192.168.1.0/24 via 198.51.100.72 dev back onlink")],
    "x1": [r.ip("addr add 198.51.100.72 peer 198.51.100.71 dev to-isp3")],
}
OTHER_WAY = {
    "tr3": [r.ip("addr add 198.18.2.61 peer 198.18.2.62 dev alt")],
    "dst1": [r.ip("addr add 198.18.2.62 peer 198.18.2.61 dev alt")],
}


def flip(world):
    """Moves the route to alpha from one transit to the other and back, all the time."""
    def work():
        world.net.enter("tr3")
        kernel.feed(["ip", "-batch", "-"],
                    "route replace 203.0.113.0/24 via 198.18.2.62 dev alt onlink\n")
        world.net.enter("isp3")
        while True:
            for way in ("198.18.2.1 dev to-tr3", "192.0.2.1 dev to-tr1"):
                time.sleep(0.05)
                kernel.feed(["ip", "-batch", "-"],
                            f"route replace 203.0.113.0/24 via {way} onlink\n")

    kernel.fork_guarded(work)


def balanced(name, row, text, expect, more=None, topo="TE", last="isp2b", **rest):
    return Scenario(name, row, "paths", topo, text, expect,
                    with_rules(diamond(last), more or {}), "4n 4",
                    more_links=((last, "to-isp3", "isp3", "branch"),), **rest)


SCENARIOS = (
    balanced("branch-drop", 93, "one of two balanced branches drops", PARTLY, {"isp2b": [DROP]}),
    balanced("branches", 94, "two balanced branches, nobody blocks", open_port()),
    balanced("branch-drop-silent", 95, "one branch drops and sends no expiry", PARTLY,
             {"isp2b": [DROP, no_expiry()]}),
    balanced("branches-unequal", 96, "two branches of different length, nobody blocks",
             open_port(), topo="TE2", last="isp2c"),
    balanced("branch-long-drop", 96, "the longer of two branches drops",
             Expect("degraded", "isp", place=(4, 4), also=(("degraded", "unknown"),)),
             {"isp2c": [DROP]}, topo="TE2", last="isp2c"),
    balanced("branch-reset", 93, "one of two balanced branches resets",
             Expect("degraded", "isp", place=(3, 3), mechanisms=("tcp-reset",)),
             {"isp2b": [r.forward(f"{SUBMIT} reject with tcp reset")]}),
    # No way to another server shows which of these routers are not this server's.
    balanced("branch-one-host", 93, "one of two branches drops, one server is asked",
             Expect("degraded", "isp", place=(3, 3), also=(("open", "none"),),
                    bare=frozenset(("isp", "transit", "remote"))),
             {"isp2b": [DROP]}, hosts=ALPHA, options=("--only",)),
    Scenario("detour-closed", 97, "paths", "TA", "a longer way back, the server refuses",
             Expect("closed", "remote"), BACK, "4n 4", ALPHA, closed={"alpha": (587,)},
             more_links=(("isp3", "back", "x1", "to-isp3"),)),
    Scenario("detour-open", 97, "paths", "TA", "a longer way back, nobody blocks", open_port(),
             BACK, "4n 4", more_links=(("isp3", "back", "x1", "to-isp3"),)),
    Scenario("detour-reset", 98, "paths", "TA", "a longer way back, isp2 resets",
             blocked("isp", 3, 3, also=(("degraded", "isp"),)),
             with_rules(BACK, {"isp2": [r.forward(f"{SUBMIT} reject with tcp reset")]}), "4n 4",
             more_links=(("isp3", "back", "x1", "to-isp3"),)),
    Scenario("detour-drop", 98, "paths", "TA", "a longer way back, isp2 drops",
             blocked("isp", 3, 3), with_rules(BACK, {"isp2": [DROP]}), "4n 4",
             more_links=(("isp3", "back", "x1", "to-isp3"),)),
    Scenario("route-change", 101, "paths", "TMp", "the route to a server changes meanwhile",
             open_port(), OTHER_WAY, "4n 4", ALPHA, prepare=flip,
             more_links=(("tr3", "alt", "dst1", "alt"),)),
)
