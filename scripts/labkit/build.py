# SPDX-License-Identifier: BSD-2-Clause
"""A topology becomes namespaces, links, addresses and routes.

One process holds every namespace by its descriptor and walks through them; iproute2 gets one
batch a place. Sixteen places take about a tenth of a second.
"""

import os
import socket
import time

from labkit import kernel
from labkit.topology import NETWORKS

SYSCTLS = {
    "ipv4/conf/all/rp_filter": 0,
    "ipv4/conf/default/rp_filter": 0,
    "ipv4/conf/all/send_redirects": 0,
    "ipv4/conf/default/send_redirects": 0,
    "ipv6/conf/all/accept_dad": 0,
    "ipv6/conf/default/accept_dad": 0,
    "ipv6/conf/default/dad_transmits": 0,
    "ipv6/conf/all/accept_ra": 0,
    "ipv6/conf/default/accept_ra": 0,
    "ipv6/conf/default/router_solicitations": 0,
    "bridge/bridge-nf-call-iptables": 0,
    "bridge/bridge-nf-call-ip6tables": 0,
}
FORWARDING = {"ipv4/ip_forward": 1, "ipv6/conf/all/forwarding": 1,
              "ipv6/conf/default/forwarding": 1}

# What a home router or a carrier-grade NAT does; IPv6 passes with state and no translation.
HOME_RULES = """table ip home {
  chain post {
    type nat hook postrouting priority srcnat;
    oifname "to-*" masquerade
  }
}
table inet home {
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "in0" accept
  }
}
"""


class Namespaces:
    """Network namespaces by the name of their place; they live as long as this process."""

    def __init__(self):
        self.netns = {}
        self.base = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    def path(self, name):
        return f"/proc/{os.getpid()}/fd/{self.netns[name]}"

    def enter(self, name):
        kernel.enter(self.netns[name])

    def leave(self):
        kernel.enter(self.base)


class Net(Namespaces):
    """The namespaces of one laboratory. wires: (descriptor, descriptor, child) of relays."""

    def __init__(self, topology):
        super().__init__()
        self.topology = topology
        self.wires = []
        self.index = 1000

    def create(self):
        """The namespaces alone, each with its sysctls."""
        for place in self.topology.places.values():
            self.netns[place.name] = kernel.new_netns()
            settings = dict(SYSCTLS)
            if place.kind == "router":
                settings.update(FORWARDING)
            for name, value in settings.items():
                kernel.sysctl(name, value)
        self.leave()

    def connect(self):
        """Links, then addresses and routes in every place."""
        lines = []
        for number, place in enumerate(self.topology.places.values(), 100):
            if place.parent is None:
                continue
            far = self.topology.wire_name(place)
            if place.link == "veth":
                # Ends with equal indexes would wait for the kernel's slow carrier events.
                lines.append(f"link add name {far} index {2 * number} "
                             f"netns {self.path(place.parent)} type veth peer name "
                             f"{place.device} index {2 * number + 1} "
                             f"netns {self.path(place.name)}")
            else:
                self.relay(place, far)
        kernel.feed(["ip", "-batch", "-"], "\n".join(lines) + "\n")
        for place in self.topology.places.values():
            self.enter(place.name)
            kernel.feed(["ip", "-batch", "-"], "\n".join(self.configure(place)) + "\n")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                for device in self.devices(place):
                    kernel.offloads_off(sock, device)
            if place.nat:
                kernel.feed(["nft", "-f", "-"], HOME_RULES)
        self.leave()

    def wait_running(self):
        """Returns once every device of every place carries."""
        deadline = time.monotonic() + 3
        for place in self.topology.places.values():
            self.enter(place.name)
            kernel.wait_running(deadline)
        self.leave()

    def extra_link(self, near, near_device, far, far_device):
        """A veth pair beyond the tree, up at both ends; addresses are the scenario's."""
        self.index += 2
        kernel.feed(["ip", "-batch", "-"],
                    f"link add name {near_device} index {self.index} netns {self.path(near)} "
                    f"type veth peer name {far_device} index {self.index + 1} "
                    f"netns {self.path(far)}\n")
        for name, device in ((near, near_device), (far, far_device)):
            self.enter(name)
            kernel.feed(["ip", "-batch", "-"], f"link set {device} up\n")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                kernel.offloads_off(sock, device)
        self.leave()

    def relay(self, place, far):
        """A link whose wire is a process: both ends are TUN or TAP devices."""
        ends = []
        for name, device in ((place.parent, far), (place.name, place.device)):
            self.enter(name)
            ends.append(kernel.open_tun(device, place.link == "tap"))
        self.leave()
        self.wires.append((*ends, place.name))

    def devices(self, place):
        own = [] if place.kind == "client" else [place.device]
        children = (self.topology.places[name] for name in place.children)
        return own + [self.topology.wire_name(child) for child in children]

    def configure(self, place):
        lines = ["link set lo up"]
        if place.kind == "bridge":
            lines.append("link add br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0")
            lines += [f"link set {device} master br0" for device in self.devices(place)]
            lines.append("link set br0 up")
        lines += [f"link set {device} up" for device in self.devices(place)]
        if place.kind == "client":
            lines += self.client_lines(place)
        elif place.kind != "bridge":
            lines += self.router_lines(place)
        return lines

    def client_lines(self, place):
        (gateway,) = self.topology.first_routers()
        if gateway.link == "tun":
            return [f"addr add {place.v4} peer {gateway.v4} dev tun0",
                    f"addr add {place.v6} peer {gateway.v6} dev tun0 nodad",
                    "route add default dev tun0", "route add ::/0 dev tun0"]
        return [f"addr add {place.v4}/24 dev eth0", f"addr add {place.v6}/64 dev eth0 nodad",
                f"route add default via {gateway.v4} dev eth0",
                f"route add default via {gateway.v6} dev eth0 onlink"]

    def router_lines(self, place):
        topology, parent = self.topology, self.topology.layer3_parent(place)
        inner = place.device
        if parent.kind == "client" and place.link != "tun":
            lines = [f"addr add {place.v4}/24 dev {inner}",
                     f"addr add {place.v6}/64 dev {inner} nodad"]
        else:
            lines = [f"addr add {place.v4} peer {place.up4} dev {inner}",
                     f"addr add {place.v6} peer {place.up6} dev {inner} nodad"]
        if place.kind == "server":
            return lines + self.server_lines(place, parent)
        for device, child in topology.far_links(place):
            lines += [f"addr add {child.up4} peer {child.v4} dev {device}",
                      f"addr add {child.up6} peer {child.v6} dev {device} nodad"]
        for family in (4, 6):
            gateway = place.up4 if family == 4 else place.up6
            lines += [f"route add {prefix} via {gateway} dev in0 onlink"
                      for prefix in topology.inward(place, family)
                      if prefix.split("/")[0] != gateway]
            lines += self.outward_lines(place, family)
        return lines

    def server_lines(self, place, parent):
        gateways = (place.up4, place.up6)
        if parent.kind == "client":  # a server on the client's own network
            (router,) = self.topology.first_routers()
            gateways = (router.v4, router.v6)
        return [f"route add default via {gateway} dev eth0 onlink" for gateway in gateways]

    def outward_lines(self, place, family):
        address = (lambda child: child.v4) if family == 4 else (lambda child: child.v6)
        if NETWORKS[place.net].role == "local-network":
            device, child = next(self.topology.far_links(place))
            return [f"route add default via {address(child)} dev {device} onlink"]
        return [f"route add {prefix} via {address(child)} dev {device} onlink"
                for prefix, device, child in self.topology.outward(place, family)]
