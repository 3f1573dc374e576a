# SPDX-License-Identifier: BSD-2-Clause
"""Real tunnels and proxies, as their packages have them: what is seen through them."""

import subprocess

from labkit import products, rules as r
from labkit.catalogue import TOPOLOGIES
from labkit.scenario import blocked, open_port
from labkit.scenarios.product_words import says
from labkit.scenarios.products import FAR_END, RESET, SUBMIT
from labkit.scenarios.real_products import commands, real

FAR, NEAR = "10.8.0.1", "10.8.0.2"
OPENVPN = ("/usr/sbin/openvpn", "--proto", "udp", "--cipher", "none", "--data-ciphers", "none",
           "--auth", "none", "--persist-tun")


def is_up(device):
    """Whether the tunnel's program holds its device, in the place where the caller is."""
    shown = subprocess.run(["ip", "link", "show", device], capture_output=True, text=True,
                           check=False)
    return "LOWER_UP" in shown.stdout


def openvpn(world):
    """A tunnel from the client to isp1, which sends on what comes by the name of the line."""
    far = world.topology.places["isp1"].v4
    products.start(world, "isp1", *OPENVPN, "--dev", "tun9", "--port", "1194", "--ifconfig", FAR,
                   NEAR)
    products.until(world, "isp1", lambda: is_up("tun9"))
    products.start(world, "cli", *OPENVPN, "--dev", "tun0", "--nobind", "--remote", far, "1194",
                   "--ifconfig", NEAR, FAR)
    products.until(world, "cli", lambda: is_up("tun0"))
    commands(f"ip route add {far} via 192.168.1.1",
             f"ip route replace default via {FAR} dev tun0")(world)


def tunnels():
    line = TOPOLOGIES["T8"]().places["isp1"].up4
    named = r.nat("postrouting", f"ip saddr {NEAR} snat to {line}", "ip")
    inside = f"iifname \"tun9\" {SUBMIT}"
    more = {"topo": "T8", "variants": "4"}
    for word, what in (("drop", "drop"), ("reset", RESET),
                       ("reject", "reject with icmpx admin-prohibited")):
        yield real(f"real-openvpn-{word}", f"OpenVPN, whose far end does it: {what}", openvpn,
                   blocked("isp", 1, 1, suspects=FAR_END, bare=(*FAR_END, "transit")),
                   rules={"isp1": [named, r.chain("forward", f"{inside} {what}")]},
                   after=says("tunnel", never=("a VPN goes round it",)), **more)
    yield real("real-openvpn-behind", "OpenVPN, and the router behind its far end resets", openvpn,
               blocked("isp", 2, 2), rules={"isp1": [named], "isp2": [r.forward(
                   f"{SUBMIT} {RESET}")]}, **more)
    yield real("real-openvpn-open", "OpenVPN, and all is well behind it", openvpn, open_port(),
               rules={"isp1": [named]}, **more)


SCENARIOS = (*tunnels(),)
