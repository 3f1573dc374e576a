# SPDX-License-Identifier: BSD-2-Clause
"""Topologies as data: places, links, addresses, and the routes that follow from them.

A topology is a tree of places whose root is the client. A place has one address on the side
of the client, which is the address that a traceroute shows, and others on its far side.
Routes are made from the tree: outwards to each server's network, inwards to the client's.
"""

from dataclasses import dataclass, field

ROLES = ("local-network", "isp", "transit", "remote")


@dataclass(frozen=True)
class Network:
    """An operator: who it is, and the prefixes it numbers from."""
    key: str
    role: str
    asn: int
    name: str
    v4: str  # the first three octets
    v6: str  # the first groups, without the final "::"
    length4: int = 24
    length6: int = 48

    def prefix(self, family):
        """What the world routes to it."""
        return (f"{self.v4}.0/{self.length4}" if family == 4 else
                f"{self.v6}::/{self.length6}")


NETWORKS = {net.key: net for net in (
    Network("home", "local-network", 0, "Home", "192.168.1", "2001:db8:5fff:1"),
    Network("home2", "local-network", 0, "Home", "192.168.7", "2001:db8:5fff:2"),
    Network("vpn", "isp", 64503, "Example VPN", "10.8.0", "2001:db8:7001"),
    Network("exit", "isp", 64503, "Example VPN", "198.18.7", "2001:db8:7000"),
    Network("isp", "isp", 64500, "Example Access", "198.51.100", "2001:db8:5000"),
    Network("cgn", "isp", 64500, "Example Access", "100.64.0", "2001:db8:5001"),
    Network("inner", "isp", 64500, "Example Access", "10.20.0", "2001:db8:5002"),
    Network("cloud", "isp", 64500, "Example Access", "198.18.70", "2001:db8:5010"),
    Network("aftr", "isp", 64500, "Example Access", "192.0.0", "2001:db8:5003"),
    Network("fabric", "transit", 0, "DE-CIX", "80.81.193", "2001:7f8:0"),
    Network("yard", "isp", 64500, "Example Access", "198.18.72", "2001:db8:5020", 23),
    Network("yard2", "isp", 64500, "Example Access", "198.18.73", "2001:db8:5021"),
    Network("ixp", "transit", 0, "Example Exchange", "198.18.9", "2001:db8:6900"),
    Network("north", "transit", 64501, "North Transit", "192.0.2", "2001:db8:6100"),
    Network("south", "transit", 64502, "South Transit", "198.18.2", "2001:db8:6200"),
    Network("alpha", "remote", 64510, "Alpha Mail", "203.0.113", "2001:db8:a"),
    Network("beta", "remote", 64511, "Beta Post", "198.18.20", "2001:db8:b"),
    Network("gamma", "remote", 65536, "Gamma Poczta", "198.18.30", "2001:db8:c"),
    Network("delta", "remote", 65537, "Delta Relay", "198.18.40", "2001:db8:d"),
    Network("epsilon", "remote", 65538, "Epsilon Jet", "198.18.50", "2001:db8:e"),
    Network("farm", "remote", 65539, "Server Farm", "198.19.0", "2001:db8:f000", 16, 36),
    Network("relay", "isp", 64500, "Example Access", "198.18.60", "2001:db8:1f"),
)}

# Names of the program's built-in list, answered by the laboratory's servers.
NAMES = {
    "alpha": ("mx.alpha.example", "posteo.de"),
    "beta": ("mx.beta.example", "mail.gandi.net"),
    "gamma": ("mx.gamma.example", "poczta.o2.pl"),
    "delta": ("mx.delta.example", "mail.smtp2go.com"),
    "epsilon": ("mx.epsilon.example", "in-v3.mailjet.com"),
    "relay": ("mail.access.example",),
    "home": ("mx.lan.example",),
    "farm": ("mx.farm.example",),
    "alpha-far": ("mx.alpha.example", "posteo.de"),
}
HOST_PART = 25  # a server's address in its network
DARK_PART = 99  # an address in a server's network where nothing listens


@dataclass
class Place:
    """A host, router or bridge. Addresses are without a prefix length, "" for none."""
    name: str
    parent: str = None
    net: str = ""
    kind: str = "router"  # client, router, server, bridge
    nat: bool = False  # masquerades IPv4 and is a stateful firewall
    part: int = 1  # the host part of its address towards the client
    link: str = "veth"  # how it hangs on its parent: veth, tap, tun
    depth: int = 0
    v4: str = ""
    v6: str = ""
    up4: str = ""  # the parent's address on this link
    up6: str = ""
    children: list = field(default_factory=list)

    @property
    def device(self):
        """Its device on the side of the client."""
        return "eth0" if self.kind == "server" else "in0"


class Topology:
    """Places by name, in order from the client outwards."""

    def __init__(self, name, places):
        self.name = name
        self.places = {}
        for place in places:
            self.add(place)

    def add(self, place):
        if place.parent is not None:
            parent = self.places[place.parent]
            parent.children.append(place.name)
            place.depth = parent.depth + (0 if place.kind == "bridge" else 1)
            if place.kind != "bridge":
                self.number(place)
        self.places[place.name] = place

    def number(self, place):
        net, parent = NETWORKS[place.net], self.layer3_parent(place)
        place.v4 = f"{net.v4}.{place.part}"
        place.v6 = f"{net.v6}::{place.part:x}"
        if parent.kind == "client":
            parent.v4, parent.v6 = f"{net.v4}.20", f"{net.v6}::20"
            place.up4, place.up6 = parent.v4, parent.v6
            return
        side = self.far_side(parent, net)
        index = 200 + 8 * (place.depth % 4) + len(parent.children) - 1
        place.up4 = f"{side.v4}.{index}"
        place.up6 = f"{side.v6}::{index:x}:{place.part:x}"

    @staticmethod
    def far_side(parent, net):
        """Whose addresses a router uses outwards: its own, but a home's comes from outside."""
        own = NETWORKS[parent.net]
        return net if own.role == "local-network" or own.key == "vpn" else own

    def layer3_parent(self, place):
        parent = self.places[place.parent]
        while parent.kind == "bridge":
            parent = self.places[parent.parent]
        return parent

    def of_kind(self, kind):
        return [place for place in self.places.values() if place.kind == kind]

    @property
    def client(self):
        return self.of_kind("client")[0]

    @property
    def servers(self):
        return self.of_kind("server")

    def far_links(self, place):
        """(device, next place at layer 3) for each link away from the client."""
        for name in place.children:
            device, child = "to-" + name, self.places[name]
            while child.kind == "bridge":
                child = self.places[child.children[0]]
            yield device, child

    def subtree_servers(self, place):
        if place.kind == "server":
            return [place]
        return [server for child in place.children
                for server in self.subtree_servers(self.places[child])]

    def first_routers(self):
        """The place or places next to the client at layer 3."""
        return [place for place in self.places.values()
                if place.kind == "router" and self.layer3_parent(place).kind == "client"]

    def wire_name(self, place):
        """The parent's device on the link to this place."""
        parent = self.places[place.parent]
        if parent.kind == "client":
            return "tun0" if place.link == "tun" else "eth0"
        return "to-" + place.name

    def inward(self, place, family):
        """Prefixes that this router reaches towards the client, other than its neighbours."""
        found = set()
        for owner in self.places.values():
            if owner.kind != "router" or place in self.first_routers():
                continue
            parent = self.layer3_parent(owner)
            net = NETWORKS[owner.net]
            if owner is place or parent.depth >= place.depth:
                continue
            if parent.kind == "client":
                if family == 6:
                    found.add(f"{net.v6}::/64")
                elif not owner.nat:
                    found.add(f"{net.v4}.0/24")
            elif NETWORKS[parent.net].role == "local-network" or parent.nat:
                found.add(owner.up4 + "/32" if family == 4 else owner.up6 + "/128")
        return sorted(found)

    def outward(self, place, family):
        """(prefix, device, child) for each network of a server behind this place."""
        for device, child in self.far_links(place):
            for server in self.subtree_servers(child):
                yield NETWORKS[server.net].prefix(family), device, child

    def prefixes(self):
        """The topology's networks, as lines of a --networks file."""
        used = {place.net for place in self.places.values() if place.net}
        lines = []
        for key in (key for key in NETWORKS if key in used):
            net = NETWORKS[key]
            wide = "100.64.0.0/10" if key == "cgn" else net.prefix(4)
            narrow = f"{net.v6}::/64" if net.role == "local-network" else net.prefix(6)
            for prefix in (wide, narrow):
                asn = f"{net.asn} " if net.asn else ""
                lines.append(f"{prefix} {net.role} {asn}{net.name}")
        return "\n".join(lines) + "\n"

    def hosts(self):
        """The text of the hosts file: names of the servers and of the routers."""
        lines = ["127.0.0.1 localhost", "::1 localhost"]
        for place in self.places.values():
            if not place.v4:
                continue
            names = [f"{place.name}.{place.net or 'home'}.example"]
            if place.kind == "server":
                names = list(NAMES[place.net])
                net = NETWORKS[place.net]
                lines.append(f"{net.v4}.{DARK_PART} dark.{place.net}.example")
                lines.append(f"{net.v6}::{DARK_PART:x} dark.{place.net}.example")
            lines += [f"{place.v4} {' '.join(names)}", f"{place.v6} {' '.join(names)}"]
        return "\n".join(lines) + "\n"

    def server_list(self):
        """The text of a --servers file with this topology's servers."""
        lines = ["# host\tport\tcontrol\toperator\tasn"]
        for place in self.servers:
            net = NETWORKS[place.net]
            if net.key in ("home", "farm"):
                continue
            lines.append(f"{NAMES[place.net][0]}\t587\t993,443,465\t{net.name}\t{net.asn}")
        return "\n".join(lines) + "\n"
