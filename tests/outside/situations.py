# SPDX-License-Identifier: BSD-2-Clause
"""Situations with known truth: who blocks, at which lines, and what may be said of it."""

import dataclasses

from tracer import Probe, Rule, Way

OURS = 64500
SERVERS = ("203.0.113.10", "192.0.2.130")
SERVERS_6 = ("2001:db8:f::10", "2001:db8:e::10")
NETWORKS = [
    ("198.51.100.0/24", OURS, "EXAMPLE-ACCESS"), ("198.18.0.0/16", 64600, "EXAMPLE-TRANSIT"),
    ("203.0.113.0/24", 64700, "EXAMPLE-MAIL-A"), ("192.0.2.0/24", 64701, "EXAMPLE-MAIL-B"),
    ("2001:db8:1::/48", OURS, "EXAMPLE-ACCESS"), ("2001:db8:d::/48", 64600, "EXAMPLE-TRANSIT"),
    ("2001:db8:f::/48", 64700, "EXAMPLE-MAIL-A"), ("2001:db8:e::/48", 64701, "EXAMPLE-MAIL-B"),
    *((f"198.19.{i}.0/24", 64510 + i, f"OTHER-{i}") for i in range(32)),
]


@dataclasses.dataclass
class Situation:
    name: str
    probes: list
    says: tuple          # what the counts may be said to show
    culprits: dict       # probe: parties that may be named; nobody else
    open: set            # probes that reach the server: nobody else may be called open
    alone: bool = True
    family: int = 4


def way_of(server, access, core, tail, home="192.168.1.1", rules=(), **more):
    far = "198.18.7.1" if server == SERVERS[0] else "198.18.8.1"
    edge = "203.0.113.1" if server == SERVERS[0] else "192.0.2.129"
    return Way("192.168.1.20", [home, access, core, *tail, far, edge], server, list(rules), **more)


def line(number, *, node=1, rules=(), silent=(), **more):
    """A line of our provider behind access node `node`."""
    ways = []
    for server in SERVERS:
        way = way_of(server, f"198.51.100.{node}", "198.51.100.200", ["198.51.100.250"],
                     rules=rules, **more)
        for hop in silent:
            way.routers[hop - 1] = None
        ways.append(way)
    # Its public address is in the provider's network, each in a /24 of its own.
    return Probe(number, OURS, f"100.128.{number % 250}.9", ways)


def other(number, *, rules=(), **more):
    """A line of another network."""
    i = number % 32
    ways = [way_of(server, f"198.19.{i}.1", f"198.19.{i}.200", ["198.18.0.1"], rules=rules, **more)
            for server in SERVERS]
    return Probe(number, 64510 + i, f"198.19.{i}.77", ways, country="DE")


def line_6(number, rules=()):
    ways = [Way("2001:db8:1:5::20", ["2001:db8:1:5::1", "2001:db8:1::1", "2001:db8:1::200",
                                     "2001:db8:1::250", "2001:db8:d::1", f"{server[:-3]}::1"],
                server, list(rules)) for server in SERVERS_6]
    return Probe(number, OURS, f"2001:db8:1{number % 100:02d}::20", ways, family=6)


def other_6(number):
    ways = [Way(f"2001:db8:2{number % 32:02x}::20",
                [f"2001:db8:2{number % 32:02x}::1", f"2001:db8:3{number % 32:02x}::1",
                 "2001:db8:d::9", "2001:db8:d::1", f"{server[:-3]}::1"], server)
            for server in SERVERS_6]
    return Probe(number, 64510 + number % 32, f"2001:db8:2{number % 32:02x}::20", ways, family=6)


def situation(name, probes, says, truth, *, alone=True):
    """`truth`: probe number to the parties that may be named, none of them for an open one."""
    return Situation(name, probes, says, truth, {n for n, who in truth.items() if who == ()}, alone)


# Hops of a line: 1 home, 2 access, 3 core, 4 border, 5 transit, 6 the server's edge, 7 the server.
HOME, ACCESS, CORE, BORDER, TRANSIT, EDGE = 1, 2, 3, 4, 5, 6
DROP_ACCESS = [Rule(ACCESS, "drop")]
ISP, REMOTE = ("isp", "unknown"), ("remote", "unknown")
ANYWHERE = ("unknown",)


def build(name, says, *, ours, others, truth_ours, truth_others=(), alone=True, **_):
    """Six lines of ours and six others, with rules each."""
    probes, truth = [], {}
    for i, keywords in enumerate(ours):
        probes.append(line(1001 + i, **keywords))
        truth[1001 + i] = truth_ours[i] if isinstance(truth_ours, list) else truth_ours
    for i, keywords in enumerate(others):
        probes.append(other(2001 + i, **keywords))
        truth[2001 + i] = truth_others
    return situation(name, probes, says, truth, alone=alone)


def blocked(kind, hop=CORE, **more):
    return {"rules": [Rule(hop, kind, **more)]}


def everyone(n, keywords=None):
    return [dict(keywords or {}) for _ in range(n)]


def all_situations():
    free = everyone(6)
    yield build("open", ("not-all",), ours=free, others=free, truth_ours=())
    yield build("as-drop", ("provider",), ours=everyone(6, blocked("drop", ACCESS)), others=free,
                truth_ours=ISP)
    # The border's address may be that of a line to the next network's router.
    yield build("as-drop-at-border", ("provider", "nothing"), others=free, truth_ours=ISP,
                ours=everyone(6, blocked("drop")))
    yield build("as-reset", ("provider",), ours=everyone(6, blocked("reset", ACCESS)), others=free,
                truth_ours=ISP)
    yield build("as-reset-at-border", ("provider", "nothing"), others=free, truth_ours=ISP,
                ours=everyone(6, blocked("reset")))
    yield build("as-reset-server-ttl", ("provider", "nothing"), others=free,
                ours=everyone(6, blocked("reset", reply_ttl=58)), truth_ours=ISP)
    yield build("as-reject", ("provider",), ours=everyone(6, blocked("reject")), others=free,
                truth_ours=ISP)
    yield build("one-node", ("some-lines",), others=free,
                ours=[*everyone(2, dict(blocked("drop", ACCESS), node=2)), *everyone(4)],
                truth_ours=[ISP, ISP, (), (), (), ()])
    yield build("one-line", ("some-lines",), others=free,
                ours=[blocked("drop"), *everyone(5)], truth_ours=[ISP, (), (), (), (), ()])
    yield build("server-drop", ("everybody", "nothing"), truth_ours=REMOTE, truth_others=REMOTE,
                ours=everyone(6, blocked("drop", EDGE)), others=everyone(6, blocked("drop", EDGE)))
    yield build("server-reject", ("everybody",), truth_ours=REMOTE, truth_others=REMOTE,
                ours=everyone(6, blocked("reject", EDGE)),
                others=everyone(6, blocked("reject", EDGE)))
    yield build("server-closed", ("everybody", "nothing"), truth_ours=REMOTE, truth_others=REMOTE,
                ours=everyone(6, blocked("closed", 9)), others=everyone(6, blocked("closed", 9)))
    yield build("return-ours", ("nothing", "provider"), ours=everyone(6, blocked("back", 9)),
                others=free, truth_ours=ANYWHERE)
    yield build("return-one", ("some-lines",), ours=[blocked("back", 9), *everyone(5)],
                others=free, truth_ours=[ANYWHERE, (), (), (), (), ()])
    yield build("home-routers", ("some-lines", "not-all"), others=free,
                ours=[*everyone(3, blocked("drop", HOME)), *everyone(3)],
                truth_ours=[("local-network", "unknown")] * 3 + [(), (), ()])
    yield build("home-routers-all", ("nothing", "no-line"), ours=everyone(6, blocked("drop", HOME)),
                others=free, truth_ours=("local-network", "unknown"))
    yield build("home-rejects", ("nothing", "no-line"), ours=everyone(6, blocked("reject", HOME)),
                others=free, truth_ours=("local-network", "unknown"))
    yield build("silent-routers", ("provider", "nothing"), others=free, truth_ours=ISP,
                ours=everyone(6, dict(blocked("drop"), silent=(ACCESS,))))
    yield build("silent-beyond", ("provider", "nothing", "no-line"), others=free, truth_ours=("isp", "unknown"),
                ours=everyone(6, dict(blocked("drop"), silent=(BORDER,))))
    yield build("control-blocked", ("no-line", "nothing"), others=free, truth_ours=ANYWHERE,
                ours=everyone(3, blocked("drop", ports=(587, 443))))
    yield build("own-firewall", ("no-line", "nothing"), ours=everyone(3, {"refuses": True}),
                others=free, truth_ours=ANYWHERE)
    yield build("transit", ("nothing",), ours=everyone(6, blocked("drop", BORDER)), others=free,
                truth_ours=("isp", "transit", "unknown"))
    yield build("transit-all", ("nothing", "no-line"), truth_ours=ANYWHERE + ("transit", "remote"),
                truth_others=ANYWHERE + ("transit", "remote"),
                ours=everyone(6, blocked("drop", TRANSIT)),
                others=everyone(6, blocked("drop", TRANSIT)))
    yield build("no-probe", ("no-line",), ours=[], others=free, truth_ours=())
    yield build("slow-server", ("not-all",), ours=everyone(4, {"slow_server": True}),
                others=free, truth_ours=())
    yield build("without-full-syn", ("nothing", "no-line"), alone=False, others=free,
                ours=everyone(6, blocked("drop")), truth_ours=ISP)
    yield build("proxied", ("nothing", "no-line"), others=free,
                ours=everyone(4, blocked("answer", reply_ttl=253)),
                truth_ours=("isp", "unknown"))
    yield build("two-open", ("some-lines",), others=free,
                ours=[*everyone(2), *everyone(2, blocked("drop"))],
                truth_ours=[(), (), ISP, ISP])
    yield build("challenged", ("not-all",), ours=everyone(4, {"challenges": True}), others=free,
                truth_ours=())
    yield build("strangers", ("no-line",), ours=everyone(4, {"stranger": "198.51.100.66"}),
                others=free, truth_ours=ANYWHERE)
    yield build("late-routers", ("provider", "nothing"), others=free, truth_ours=ISP,
                ours=everyone(6, dict(blocked("drop", ACCESS), slow_hop=ACCESS)))
    yield build("late-routers-open", ("not-all",), others=free, truth_ours=(),
                ours=everyone(4, {"slow_hop": CORE}))
    yield build("repeated", ("provider",), others=free, truth_ours=ISP,
                ours=everyone(6, dict(blocked("drop", ACCESS), repeats=True)))
    yield build("slow-and-blocked", ("some-lines",), others=free,
                ours=[*everyone(3, {"slow_server": True}), *everyone(3, blocked("drop", ACCESS))],
                truth_ours=[(), (), (), ISP, ISP, ISP])
    yield one_family()


def one_family():
    """Blocked over IPv4 alone; every line is open over IPv6."""
    probes = [line(1001 + i, rules=DROP_ACCESS) for i in range(5)]
    probes += [other(2001 + i) for i in range(5)]
    truth = {1001 + i: ISP for i in range(5)} | {2001 + i: () for i in range(5)}
    probes += [line_6(3001 + i) for i in range(5)] + [other_6(4001 + i) for i in range(5)]
    truth |= {3001 + i: () for i in range(5)} | {4001 + i: () for i in range(5)}
    return situation("one-family", probes, ("provider",), truth)
