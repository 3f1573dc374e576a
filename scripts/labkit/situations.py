# SPDX-License-Identifier: BSD-2-Clause
"""Situations for `lab outside`: who blocks, at which lines, and what may be said of it.

A line: 1 home, 2 access node, 3 core, 4 border, 5 transit, 6 edge, 7 server; lines of the other
networks have no border.
"""

from dataclasses import dataclass, field

from labkit import packet, rules
from labkit.boxes import Box, Resetter
from labkit.elsewhere import LINES, OTHER, SAME

OPEN = ()
ISP, TRANSIT, REMOTE = ("isp",), ("transit",), ("remote",)
HOME = ("local-network",)
NOBODY = ("nobody",)  # it is blocked, and who does it cannot be seen from there
ACCESS_NODES = ("bng-a", "bng-b")
EDGES = ("edge-a", "edge-b")
TO_PORT = "tcp dport 587"


@dataclass(frozen=True)
class Situation:
    """truth: by line, who blocks it, OPEN where nobody does. says: what the counts may be said
    to show, over IPv4 and, where it is asked, IPv6. place: hops around the true place of all the
    provider's lines that are blocked; an answer that excludes it is wrong."""
    name: str
    text: str
    says: tuple
    truth: dict
    rules: dict = field(default_factory=dict)
    boxes: tuple = ()
    families: tuple = (4,)
    says_6: tuple = ()
    place: tuple = None
    timeout_ms: int = 100


class Slow(Box):
    """A server that takes its time for its answer."""

    def __init__(self, delay_ms, **more):
        super().__init__(**more)
        self.delay = delay_ms / 1000

    def hears(self, segment):
        yield self.delay, packet.answer(segment, flags=packet.SYN | packet.ACK, seq=4711,
                                        window=64240)


def slow_servers(delay_ms):
    """Beside SILENT_KERNEL: both servers answer, in their own time."""
    return (("server-a", Slow(delay_ms, device="to-edge-a")),
            ("server-b", Slow(delay_ms, device="to-edge-b")))


def everywhere(places, *items):
    return {place: list(items) for place in places}


def drop(match=TO_PORT):
    return rules.forward(f"{match} drop")


def reset(match=TO_PORT):
    return rules.forward(f"{match} reject with tcp reset")


def reject(match=TO_PORT):
    return rules.forward(f"{match} reject with icmpx admin-prohibited")


def lines(same, other=OPEN):
    """The truth of all lines: by class, or line by line."""
    truth = {number: other for number in OTHER}
    truth.update(same if isinstance(same, dict) else {number: same for number in SAME})
    return truth


def some(numbers, who):
    return lines({number: who if number in numbers else OPEN for number in SAME})


PROVIDER, SOME, NOT_ALL = ("provider",), ("some-lines",), ("not-all",)
LITTLE = ("nothing", "no-line")
ALL_LINES = lines(ISP)
LIMITED = rules.sysctl("ipv4/icmp_ratelimit", 50)
SILENT_KERNEL = rules.prerouting(f"{TO_PORT} tcp flags syn drop")

ALL = (
    Situation("open", "nobody blocks", NOT_ALL, lines(OPEN)),
    Situation("as-drop", "the provider's access nodes drop it", PROVIDER, ALL_LINES,
              everywhere(ACCESS_NODES, drop()), place=(2, 3)),
    Situation("as-drop-core", "the provider's core drops it", PROVIDER + LITTLE, ALL_LINES,
              {"core": [drop()]}, place=(3, 4)),
    Situation("as-drop-border", "the provider's border drops it", PROVIDER + LITTLE, ALL_LINES,
              {"border": [drop()]}, place=(4, 5)),
    Situation("as-drop-input", "the access nodes drop it as it comes in", LITTLE, ALL_LINES,
              everywhere(ACCESS_NODES, rules.prerouting(f"{TO_PORT} drop")), place=(1, 2)),
    Situation("as-reset", "the provider's core resets it", PROVIDER, ALL_LINES,
              {"core": [reset()]}, place=(3, 4)),
    Situation("as-reject", "the provider's core rejects it", PROVIDER, ALL_LINES,
              {"core": [reject()]}, place=(3, 4)),
    Situation("as-reset-copied", "a box at the border resets with the SYN's own TTL",
              PROVIDER + LITTLE, ALL_LINES, {"border": [drop()]},
              (("border", Resetter(ttl="copy", device="to-core")),), timeout_ms=300),
    Situation("as-reset-raced", "a box at the core resets before the server can answer",
              PROVIDER + LITTLE, ALL_LINES,
              everywhere(("server-a", "server-b"), SILENT_KERNEL),
              (*(("core", Resetter(device=f"to-{node}")) for node in ACCESS_NODES),
               *slow_servers(30)), timeout_ms=300),
    Situation("as-proxy", "the core answers in the server's place", LITTLE, ALL_LINES,
              {"core": [rules.forward(f"{TO_PORT} drop")]},
              tuple(("core", Slow(0, device=f"to-{node}")) for node in ACCESS_NODES),
              timeout_ms=300),
    Situation("as-rewrite", "the core sends it to another server", LITTLE, ALL_LINES,
              {"core": [rules.nat("prerouting", f"ip daddr 203.0.113.10 {TO_PORT} "
                                  "dnat to 203.0.113.140", "ip")]}),
    Situation("as-one-destination", "the core drops it to one of the servers", LITTLE + SOME,
              ALL_LINES, {"core": [drop(f"ip daddr 203.0.113.10 {TO_PORT}")]}),
    Situation("one-node", "one of two access nodes drops it", SOME, some((1, 2), ISP),
              {"bng-a": [drop()]}, place=(2, 3)),
    Situation("one-line", "the access node drops it for one line", SOME, some((1,), ISP),
              {"bng-a": [drop(f"ip saddr 198.18.1.0/24 {TO_PORT}")]}, place=(2, 3)),
    Situation("two-rejected", "the core rejects it for two lines of two nodes", SOME,
              some((1, 3), ISP), {"core": [reject(f"ip saddr {{ 198.18.1.0/24, 198.18.3.0/24 }} "
                                                  f"{TO_PORT}")]}, place=(3, 4)),
    Situation("return-ours", "the border drops the answers on their way back", LITTLE,
              lines(NOBODY), {"border": [drop("iifname to-transit tcp sport 587")]}),
    Situation("return-one", "the access node drops one line's answers", SOME, some((2,), NOBODY),
              {"bng-a": [drop("ip daddr 198.18.2.0/24 tcp sport 587")]}),
    Situation("one-family", "the access nodes drop it over IPv4 alone", PROVIDER, ALL_LINES,
              everywhere(ACCESS_NODES, drop(f"meta nfproto ipv4 {TO_PORT}")), families=(4, 6),
              says_6=NOT_ALL, place=(2, 3)),
    Situation("server-drop", "both servers drop it", ("everybody", "nothing"),
              lines(REMOTE, REMOTE),
              everywhere(("server-a", "server-b"), rules.inbound(f"{TO_PORT} drop"))),
    Situation("server-reject", "the servers' routers reject it", ("everybody",),
              lines(REMOTE, REMOTE), everywhere(EDGES, reject()), place=(6, 7)),
    Situation("server-reset", "the servers' routers reset it", ("everybody", "nothing"),
              lines(REMOTE, REMOTE), everywhere(EDGES, reset())),
    Situation("server-closed", "nothing listens there", ("everybody", "nothing"),
              lines(REMOTE, REMOTE), everywhere(("server-a", "server-b"),
                                                rules.inbound(f"{TO_PORT} reject with tcp reset"))),
    Situation("server-one", "one server drops it, the other takes it", LITTLE,
              lines(REMOTE, REMOTE), {"server-a": [rules.inbound(f"{TO_PORT} drop")]}),
    Situation("server-slow", "the servers answer after the probe's patience", NOT_ALL + LITTLE,
              lines(OPEN), everywhere(("server-a", "server-b"), SILENT_KERNEL), slow_servers(130)),
    Situation("server-very-slow", "the servers answer when the probe is two SYNs further",
              NOT_ALL + LITTLE, lines(OPEN),
              everywhere(("server-a", "server-b"), SILENT_KERNEL), slow_servers(230)),
    Situation("transit-drop", "the transit drops it for everybody", LITTLE + ("everybody",),
              lines(TRANSIT, TRANSIT), {"transit": [drop()]}, place=(5, 6)),
    Situation("transit-ours", "the transit drops it from one provider", LITTLE, lines(TRANSIT),
              {"transit": [drop(f"iifname to-border {TO_PORT}")]}, place=(5, 6)),
    Situation("transit-rejects", "the transit rejects it from one provider", LITTLE,
              lines(TRANSIT), {"transit": [reject(f"iifname to-border {TO_PORT}")]}, place=(5, 6)),
    Situation("home-two", "two home routers drop it", SOME + NOT_ALL + LITTLE, some((1, 3), HOME),
              everywhere(("home-1", "home-3"), drop())),
    Situation("home-all", "all home routers of the provider's lines drop it", LITTLE, lines(HOME),
              everywhere([f"home-{n}" for n in SAME], drop())),
    Situation("home-rejects", "they reject it", LITTLE, lines(HOME),
              everywhere([f"home-{n}" for n in SAME], reject())),
    Situation("home-resets", "they reset it", LITTLE, lines(HOME),
              everywhere([f"home-{n}" for n in SAME], reset())),
    Situation("own-firewall", "the probes' own firewall forbids it", LITTLE, lines(NOBODY),
              everywhere([f"probe-{n}" for n in SAME], rules.output(f"{TO_PORT} drop"))),
    Situation("control-blocked", "some lines lose the control port, too", LITTLE + NOT_ALL,
              some((1, 2, 3), NOBODY),
              everywhere(("home-1", "home-2", "home-3"), drop("tcp dport { 443, 587 }"))),
    Situation("control-alone", "the provider blocks the control port alone", LITTLE + NOT_ALL,
              lines(OPEN), everywhere(ACCESS_NODES, drop("tcp dport 443"))),
    Situation("silent-access", "the access nodes never answer; the core drops it",
              PROVIDER + LITTLE, ALL_LINES,
              {"core": [drop()], **everywhere(ACCESS_NODES, rules.no_expiry())}, place=(3, 4)),
    Situation("silent-beyond", "the core drops it; nothing behind it answers", PROVIDER + LITTLE,
              ALL_LINES, {"core": [drop()], "border": [rules.no_expiry()],
                          "transit": [rules.no_expiry()]}, place=(3, 4)),
    Situation("silent-all", "no router answers; the core drops it", LITTLE, ALL_LINES,
              {"core": [drop(), rules.no_expiry()],
               **everywhere((*ACCESS_NODES, "border", "transit", *EDGES), rules.no_expiry())}),
    Situation("limited", "all routers mind their answers; the access nodes drop it",
              PROVIDER + LITTLE, ALL_LINES,
              {**everywhere(("core", "border", "transit", *EDGES), LIMITED),
               **everywhere(ACCESS_NODES, drop(), LIMITED)},
              place=(2, 3)),
    Situation("limited-transit", "all routers mind their answers; the transit drops it from ours",
              LITTLE, lines(TRANSIT),
              {**everywhere((*ACCESS_NODES, "core", "border", *EDGES), LIMITED),
               "transit": [drop(f"iifname to-border {TO_PORT}"), LIMITED]}, place=(5, 6)),
    Situation("lossy", "a fifth is lost on the lines, each way; nobody blocks",
              NOT_ALL + LITTLE, lines(OPEN),
              everywhere([f"home-{n}" for n in LINES], rules.loss(20))),
    Situation("lossy-drop", "a fifth is lost on the lines; the access nodes drop it",
              PROVIDER + LITTLE, ALL_LINES,
              {**everywhere([f"home-{n}" for n in LINES], rules.loss(20)),
               **everywhere(ACCESS_NODES, drop())}, place=(2, 3)),
    Situation("policed", "the core lets ten attempts a minute pass", LITTLE + SOME + PROVIDER
              + NOT_ALL, ALL_LINES,
              {"core": [drop(f"{TO_PORT} limit rate over 10/minute burst 2 packets")]}),
    Situation("challenged", "the probes send no resets: servers doubt the next SYN",
              NOT_ALL + LITTLE, lines(OPEN),
              everywhere([f"probe-{n}" for n in LINES], rules.output("tcp flags rst drop"))),
)


def find(name):
    return next((item for item in ALL if item.name == name), None)
