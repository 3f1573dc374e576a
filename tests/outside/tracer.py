# SPDX-License-Identifier: BSD-2-Clause
"""Results as a probe of RIPE Atlas would give them, in networks whose truth is known.

A way is a list of routers; rules on it say what becomes of SYNs to the port under test. The tracer
behaves as the probe's: all SYNs of a measurement on one 5-tuple, one after the other; the next hop
only when the one before is answered or timed out; after five silent hops a last SYN of TTL 255; any
TCP answer ends the trace; late answers are credited to the SYN after them.
"""

import dataclasses

PORT, CONTROL = 587, 443
TIMEOUT_MS = 1000
GAP = 5
FULL = 64


@dataclasses.dataclass
class Rule:
    """What router `hop` does to SYNs to the port that it forwards (server: what the server does).

    kinds: drop, reset, reject, answer, back (the answers of the server get lost on their way back),
    closed (a genuine reset).
    """
    hop: int
    kind: str
    reply_ttl: int = 250
    ports: tuple = (PORT,)


@dataclasses.dataclass
class Way:
    """Routers from the probe's own on; None where one never answers."""
    client: str
    routers: list
    server: str
    rules: list = dataclasses.field(default_factory=list)
    slow_server: bool = False  # its answers come after the probe's patience
    slow_hop: int = 0          # this router's come late, too: the probe matches them by their quote
    challenges: bool = False   # it keeps the first SYN half open: later ones draw an ACK alone
    stranger: str = ""         # who answers in the server's place
    repeats: bool = False      # each answer comes twice
    refuses: bool = False      # the probe's own firewall

    @property
    def distance(self):
        return len(self.routers) + 1


@dataclasses.dataclass
class Probe:
    number: int
    asn: int
    public: str
    ways: list
    family: int = 4
    country: str = "NL"


def router_reply(way, hop, rtt):
    address = way.routers[hop - 1]
    if address is None:
        return {"x": "*"}
    return {"from": address, "ttl": 255 - hop + 1, "size": 28, "rtt": rtt}


def rule_for(way, port, ttl):
    """The first rule that meets a SYN of this TTL: what it does, or None."""
    for rule in sorted(way.rules, key=lambda r: r.hop):
        if port in rule.ports and ttl > rule.hop:
            return rule
    return None


def forged(way, rule, rtt):
    if rule.kind == "reset":
        return {"from": way.server, "ttl": rule.reply_ttl, "size": 0, "flags": "RA", "rtt": rtt}
    if rule.kind == "answer":
        return {"from": way.server, "ttl": rule.reply_ttl, "size": 4, "flags": "SA",
                "hdropts": [{"mss": 1460}], "rtt": rtt}
    return {"from": way.routers[rule.hop - 1], "ttl": 255 - rule.hop + 1, "size": 28, "err": "A",
            "rtt": rtt}


def server_reply(way, port, rtt):
    back = 64 - way.distance + 1
    closed = any(r.kind == "closed" and port in r.ports for r in way.rules)
    if closed:
        return {"from": way.server, "ttl": back, "size": 0, "flags": "RA", "rtt": rtt}
    return {"from": way.server, "ttl": back, "size": 4, "flags": "SA", "hdropts": [{"mss": 1460}],
            "rtt": rtt}


def syn(way, port, ttl):
    """What one SYN draws: a reply as the probe writes it."""
    if way.refuses:
        return {"error": "sendto failed: Operation not permitted"}
    rule = rule_for(way, port, ttl)
    if rule and rule.kind == "drop":
        return {"x": "*"}
    if rule and rule.kind in ("reset", "reject", "answer"):
        return forged(way, rule, 4.0 * rule.hop + 1)
    if ttl < way.distance:
        return router_reply(way, ttl, 4.0 * ttl)
    if any(r.kind == "back" and port in r.ports for r in way.rules):
        return {"x": "*"}
    return server_reply(way, port, 4.0 * way.distance)


def odd(way, reply, nth):
    """The answer as servers that are not plain give it."""
    if reply.get("flags") != "SA":
        return reply
    if way.stranger:
        return dict(reply, **{"from": way.stranger})
    if way.challenges and nth > 0:
        return {"from": reply["from"], "ttl": reply["ttl"], "size": 0, "flags": "A",
                "rtt": reply["rtt"]}
    return reply


def hop_result(way, port, ttl, packets, owed):
    """The replies of one hop; `owed`: an answer of the SYN before that is still to come."""
    replies = []
    for nth in range(packets):
        reply = odd(way, syn(way, port, ttl), nth)
        if ttl == way.slow_hop and "from" in reply:
            # The present SYN is silent when its answer comes; the next one finds it "late".
            replies.append({"x": "*"})
            if nth + 1 < packets:
                replies.append({"late": 1, "from": reply["from"], "ttl": reply["ttl"], "size": 28})
            continue
        slow = way.slow_server and reply.get("flags") == "SA"
        if slow and not owed:
            owed.append(reply)
            replies.append({"x": "*"})
        elif owed:
            late = dict(owed.pop(), rtt=0.7)
            replies.append(late)
            if slow:
                owed.append(reply)
        else:
            replies.append(reply)
            if way.repeats and "from" in reply:
                replies.append(dict(reply, dup=True))
    return {"hop": ttl, "result": replies}


def trace(way, port, first=1, last=32, packets=3):
    hops, answered, owed = [], first - 1, []
    ttl = first
    while ttl <= last:
        hop = hop_result(way, port, ttl, packets, owed)
        hops.append(hop)
        if any("flags" in r or "err" in r for r in hop["result"]):
            break
        if all("error" in r for r in hop["result"]):
            break
        if any("from" in r for r in hop["result"]):
            answered = ttl
        if ttl == 255:
            break
        ttl = 255 if ttl - answered > GAP and last < FULL else ttl + 1
        if ttl == 255:
            last = 255
    return hops


class Session:
    """Measurements ordered together: objects, probes and results, as the API gives them."""

    def __init__(self, port=PORT):
        self.port = port
        self.objects, self.results, self.probes = [], [], []
        self.at = 1700000000

    def order(self, server, family, port, *, full=False):
        number = 90000001 + len(self.objects)
        self.objects.append({
            "id": number, "type": "traceroute", "af": family, "target": server, "protocol": "TCP",
            "port": port, "packets": 1 if full else 3, "size": 0, "first_hop": FULL if full else 1,
            "max_hops": FULL if full else 32, "response_timeout": TIMEOUT_MS, "is_oneoff": True,
            "status": {"id": 4, "name": "Stopped"}})
        return number

    def measure(self, probes, *, alone=True):
        """Each server of each probe: the port, the control, and one SYN on a tuple of its own."""
        orders = {}
        for probe in probes:
            six = probe.family == 6
            self.probes.append({
                "id": probe.number, "asn_v4": None if six else probe.asn,
                "asn_v6": probe.asn if six else None, "prefix_v4": None, "prefix_v6": None,
                "country_code": probe.country})
            for way in probe.ways:
                kinds = [(PORT, False), (CONTROL, False)] + ([(PORT, True)] if alone else [])
                for port, full in kinds:
                    key = (way.server, port, full)
                    if key not in orders:
                        orders[key] = self.order(way.server, probe.family, port, full=full)
                    hops = trace(way, port, FULL, FULL, 1) if full else trace(way, port)
                    self.add(probe, way, orders[key], hops)

    def add(self, probe, way, number, hops):
        self.results.append({
            "fw": 5080, "mver": "2.6.2", "lts": 20, "endtime": self.at + 9, "timestamp": self.at,
            "msm_id": number, "prb_id": probe.number, "msm_name": "Traceroute",
            "type": "traceroute", "from": probe.public, "src_addr": way.client,
            "dst_name": way.server, "dst_addr": way.server, "proto": "TCP", "af": probe.family,
            "size": 0, "paris_id": 1, "result": hops})

    def values(self):
        return [*self.objects, {"count": len(self.probes), "results": self.probes}, *self.results]
