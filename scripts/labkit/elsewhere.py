# SPDX-License-Identifier: BSD-2-Clause
"""An internet with eight vantages: four lines of one provider, four of three other networks.

    probe 1, 2 -- home -- bng-a --+                                      +-- edge-a -- server-a
                                  +-- core -- border --+                 |
    probe 3, 4 -- home -- bng-b --+                    +-- transit ------+
    probe 5 ... 8 -- home -- access-* -- core-* -------+                 +-- edge-b -- server-b

Unlike the laboratory's other topologies it is no tree with one client at its root: places have
one address each, which all their links share, and the routes are the shortest ways.
"""

import collections
import dataclasses
import socket
import time

from labkit import kernel, rules
from labkit.build import FORWARDING, HOME_RULES, SYSCTLS, Namespaces

OURS = 64500
PORTS = (443, 587)
START_S = 10
HOME4, PROBE4 = "192.168.1.1", "192.168.1.20"
# Networks of whom, and where each probe's line ends.
NETWORKS = (
    ("198.51.100.0/24", "2001:db8:100::/48", OURS, "EXAMPLE-ACCESS"),
    ("192.0.2.0/24", "2001:db8:200::/48", 64600, "EXAMPLE-TRANSIT"),
    ("203.0.113.0/25", "2001:db8:a::/48", 64700, "EXAMPLE-MAIL-A"),
    ("203.0.113.128/25", "2001:db8:b::/48", 64701, "EXAMPLE-MAIL-B"),
    ("198.19.10.0/24", "2001:db8:310::/48", 64510, "OTHER-ACCESS-A"),
    ("198.19.11.0/24", "2001:db8:311::/48", 64511, "OTHER-ACCESS-B"),
    ("198.19.12.0/24", "2001:db8:312::/48", 64512, "OTHER-ACCESS-C"),
)
LINES = {1: "bng-a", 2: "bng-a", 3: "bng-b", 4: "bng-b",
         5: "access-a", 6: "access-a", 7: "access-b", 8: "access-c"}
SAME, OTHER = (1, 2, 3, 4), (5, 6, 7, 8)
ASN_OF = {"bng-a": OURS, "bng-b": OURS, "access-a": 64510, "access-b": 64511, "access-c": 64512}
ROUTERS = {
    "bng-a": ("198.51.100.1", "2001:db8:100::1"), "bng-b": ("198.51.100.2", "2001:db8:100::2"),
    "core": ("198.51.100.200", "2001:db8:100::200"),
    "border": ("198.51.100.250", "2001:db8:100::250"),
    "access-a": ("198.19.10.1", "2001:db8:310::1"), "core-a": ("198.19.10.200", "2001:db8:310::c8"),
    "access-b": ("198.19.11.1", "2001:db8:311::1"), "core-b": ("198.19.11.200", "2001:db8:311::c8"),
    "access-c": ("198.19.12.1", "2001:db8:312::1"), "core-c": ("198.19.12.200", "2001:db8:312::c8"),
    "transit": ("192.0.2.1", "2001:db8:200::1"),
    "edge-a": ("203.0.113.1", "2001:db8:a::1"), "edge-b": ("203.0.113.129", "2001:db8:b::1"),
}
SERVERS = {"server-a": ("203.0.113.10", "2001:db8:a::10"),
           "server-b": ("203.0.113.140", "2001:db8:b::10")}
SERVER_PREFIXES = {"server-a": ("203.0.113.0/25", "2001:db8:a::/48"),
                   "server-b": ("203.0.113.128/25", "2001:db8:b::/48")}
LINKS = (("bng-a", "core"), ("bng-b", "core"), ("core", "border"), ("border", "transit"),
         ("access-a", "core-a"), ("core-a", "transit"), ("access-b", "core-b"),
         ("core-b", "transit"), ("access-c", "core-c"), ("core-c", "transit"),
         ("transit", "edge-a"), ("edge-a", "server-a"), ("transit", "edge-b"),
         ("edge-b", "server-b"))


@dataclasses.dataclass
class Place:
    name: str
    kind: str  # probe, home, router, server
    v4: str
    v6: str
    neighbours: list = dataclasses.field(default_factory=list)


def line_prefixes(number):
    """What the world routes to a line: its public networks."""
    return f"198.18.{number}.0/24", f"2001:db8:{0x1000 + number:x}::/48"


def public4(number):
    return f"198.18.{number}.9"


def probe_address(number, family):
    return PROBE4 if family == 4 else f"2001:db8:{0x1000 + number:x}:1::20"


def owners():
    """Whose every network is, as the head of a file of results names them."""
    for v4, v6, asn, name in NETWORKS:
        yield from ({"prefix": prefix, "asn": asn, "name": name} for prefix in (v4, v6))
    for number, access in LINES.items():
        asn = ASN_OF[access]
        name = next(entry[3] for entry in NETWORKS if entry[2] == asn)
        yield from ({"prefix": prefix, "asn": asn, "name": name}
                    for prefix in line_prefixes(number))


def all_places():
    places = {}

    def add(name, kind, v4, v6):
        places[name] = Place(name, kind, v4, v6)

    for name, (v4, v6) in ROUTERS.items():
        add(name, "router", v4, v6)
    for name, (v4, v6) in SERVERS.items():
        add(name, "server", v4, v6)
    for number in LINES:
        add(f"home-{number}", "home", public4(number), f"2001:db8:{0x1000 + number:x}::1")
        add(f"probe-{number}", "probe", PROBE4, probe_address(number, 6))
    homes = [(f"home-{number}", access) for number, access in LINES.items()]
    for near, far in (*LINKS, *homes):
        places[near].neighbours.append(far)
        places[far].neighbours.append(near)
    return places


class Internet(Namespaces):
    """The namespaces of one."""

    def __init__(self):
        super().__init__()
        self.places = all_places()
        self.listeners = []
        self.limit_ms = 0

    def build(self, rule_sets, boxes=(), limit_ms=100):
        """Everything stands, carries and listens when this returns.

        limit_ms: how often a home router, or any other that is told to, answers one probe's SYNs
        that expire there, once the six that the kernel allows at once are spent.
        """
        self.limit_ms = limit_ms
        for place in self.places.values():
            self.netns[place.name] = kernel.new_netns()
            router = place.kind in ("router", "home")
            for name, value in {**SYSCTLS, **(FORWARDING if router else {})}.items():
                kernel.sysctl(name, value)
        self.leave()
        self.connect()
        for name in self.places:
            self.enter(name)
            kernel.feed(["ip", "-batch", "-"], "\n".join(self.configure(name)) + "\n")
            self.settle()
            rules.apply(self.usual(name) + list(rule_sets.get(name, ())))
        deadline = time.monotonic() + START_S
        for name in self.places:
            self.enter(name)
            kernel.wait_running(deadline)
        for name in SERVERS:
            self.enter(name)
            self.listeners += [self.listener(port) for port in PORTS]
        self.leave()
        for name, box in boxes:
            self.start_box(name, box)

    def connect(self):
        """The links, each a pair of devices named for the place at their other end."""
        pairs = [(near, far, f"to-{far}", f"to-{near}") for near, far in LINKS]
        for number, access in LINES.items():
            pairs.append((f"probe-{number}", f"home-{number}", "eth0", "in0"))
            pairs.append((f"home-{number}", access, "to-net", f"to-home-{number}"))
        lines = [f"link add name {near_device} index {100 + 2 * i} netns {self.path(near)} "
                 f"type veth peer name {far_device} index {101 + 2 * i} netns {self.path(far)}"
                 for i, (near, far, near_device, far_device) in enumerate(pairs)]
        kernel.feed(["ip", "-batch", "-"], "\n".join(lines) + "\n")

    def device(self, name, neighbour):
        if self.places[name].kind == "home":
            return "to-net"
        return f"to-{neighbour}"

    def configure(self, name):
        place = self.places[name]
        if place.kind == "probe":
            gateway = place.v6.replace("::20", "::1")
            return ["link set lo up", "link set eth0 up", f"addr add {place.v4}/24 dev eth0",
                    f"addr add {place.v6}/64 dev eth0 nodad",
                    f"route add default via {HOME4} dev eth0",
                    f"route add default via {gateway} dev eth0"]
        lines = ["link set lo up"]
        if place.kind == "home":
            inside = probe_address(int(name.split("-")[1]), 6).replace("::20", "::1")
            lines += ["link set in0 up", f"addr add {HOME4}/24 dev in0",
                      f"addr add {inside}/64 dev in0 nodad"]
        for neighbour in place.neighbours:
            other, device = self.places[neighbour], self.device(name, neighbour)
            lines += [f"link set {device} up", f"addr add {place.v4} peer {other.v4} dev {device}",
                      f"addr add {place.v6} peer {other.v6} dev {device} nodad"]
        return lines + list(self.routes(place))

    def routes(self, place):
        """To every line and server by the shortest way; from the ends to all by their router."""
        if place.kind in ("home", "server"):
            (neighbour,) = place.neighbours
            device = self.device(place.name, neighbour)
            for gateway in (self.places[neighbour].v4, self.places[neighbour].v6):
                yield f"route add default via {gateway} dev {device} onlink"
            return
        ends = {f"home-{number}": line_prefixes(number) for number in LINES}
        for end, prefixes in {**ends, **SERVER_PREFIXES}.items():
            neighbour = self.next_hop(place.name, end)
            other, device = self.places[neighbour], self.device(place.name, neighbour)
            for prefix, gateway in zip(prefixes, (other.v4, other.v6)):
                yield f"route add {prefix} via {gateway} dev {device} onlink"

    def next_hop(self, start, end):
        """The neighbour of `start` on the shortest way to `end`."""
        queue, before = collections.deque([end]), {end: None}
        while queue:
            name = queue.popleft()
            if name == start:
                return before[name]
            for neighbour in self.places[name].neighbours:
                if neighbour not in before:
                    before[neighbour] = name
                    queue.append(neighbour)
        raise ValueError(f"no way from {start} to {end}")

    def settle(self):
        """Devices of the caller's namespace: no offloads, and no address is waited for."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for _, device in socket.if_nameindex():
                if device != "lo":
                    kernel.offloads_off(sock, device)

    def usual(self, name):
        """A home translates, is a firewall and minds its answers; others answer any number."""
        if self.places[name].kind == "home":
            return [rules.Rule("nft", HOME_RULES),
                    rules.sysctl("ipv4/icmp_ratelimit", self.limit_ms)]
        if self.places[name].kind == "router":
            return [rules.sysctl("ipv4/icmp_ratelimit", 0), rules.sysctl("ipv6/icmp/ratelimit", 0)]
        return []

    @staticmethod
    def listener(port):
        """The kernel greets; nobody needs to take the call."""
        sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(("::", port))
        sock.listen(256)
        return sock

    def start_box(self, name, box):
        self.enter(name)
        box.open(None)
        kernel.fork_guarded(box.run)
        box.close()
        self.leave()
