# SPDX-License-Identifier: BSD-2-Clause
"""Somebody else answers: redirects, translations, transparent and SYN proxies, lists."""

from labkit import rules as r
from labkit.rules import Rule
from labkit.scenario import Expect, Scenario, blocked, open_port

SUBMIT = "tcp dport 587"
FROM_INSIDE = f"iifname \"in0\" {SUBMIT}"
BETA = "198.18.20.25"


def intercepted(culprit, *place, **more):
    return Expect("intercepted", culprit, place=place, **more)


def tproxy(port, match=FROM_INSIDE):
    """A transparent proxy: its listener takes connections to other hosts."""
    return (Rule("nft", f"""table inet lab%d {{
  chain c {{
    type filter hook prerouting priority mangle;
    {match} meta nfproto ipv4 tproxy ip to :{port} meta mark set 1 accept
    {match} meta nfproto ipv6 tproxy ip6 to :{port} meta mark set 1 accept
  }}
}}
"""), r.ip("rule add fwmark 1 lookup 100"), r.ip("route add local 0.0.0.0/0 dev lo table 100"),
            r.ip6("rule add fwmark 1 lookup 100"),
            r.ip6("route add local ::/0 dev lo table 100"))


def synproxy(match):
    """The router shakes hands itself, and calls the server only after the client's ACK."""
    return (r.sysctl("netfilter/nf_conntrack_tcp_loose", 0), Rule("nft", f"""table ip lab%d {{
  chain before {{
    type filter hook prerouting priority raw;
    iifname "in0" {match} tcp flags syn notrack
  }}
  chain c {{
    type filter hook forward priority filter + 10;
    {match} ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
    ct state invalid drop
  }}
}}
"""))


SCENARIOS = (
    Scenario("list-drop", 84, "proxy", "TM", "isp2 drops 587 to two of three servers",
             blocked("isp", 3, 3), {"isp2": [
                 r.forward("ip daddr { 203.0.113.25, 198.18.20.25 } " + SUBMIT + " drop"),
                 r.forward("ip6 daddr { 2001:db8:a::19, 2001:db8:b::19 } " + SUBMIT + " drop")]}),
    Scenario("walled", 85, "proxy", "TR", "the provider passes 587 to its own server alone",
             blocked("isp", 4, 4, suspects=("isp", "transit"), mechanisms=("silent-drop",)),
             {"isp3": [r.forward(f"ip daddr != 198.18.60.25 {SUBMIT} drop")]},
             variants="4n 4"),
    Scenario("gw-redirect", 86, "proxy", "T8", "the gateway redirects 587 to itself",
             intercepted("local-network", 1, 1),
             {"gw": [r.nat("prerouting", f"{FROM_INSIDE} redirect to :587")]},
             listen={"gw": (587,)}),
    Scenario("isp2-tproxy", 87, "proxy", "T8", "isp2 has a transparent proxy",
             intercepted("isp", 3, 3), {"isp2": [*tproxy(5870)]}, listen={"isp2": (5870,)}),
    Scenario("isp2-dnat", 88, "proxy", "T8", "isp2 sends 587 to another server",
             intercepted("isp", 3, 3),
             {"isp2": [r.nat("prerouting", f"{FROM_INSIDE} dnat ip to {BETA}")]},
             variants="4n 4"),
    Scenario("isp2-dnat-port", 89, "proxy", "T8", "isp2 sends 587 to the server's port 2525",
             intercepted("isp", 3, 3),
             {"isp2": [r.iptables("-t nat -A PREROUTING -i in0 -p tcp --dport 587 "
                                  "-j DNAT --to-destination :2525")]}, variants="4n 4"),
    Scenario("synproxy", 90, "proxy", "T8", "isp2 has a SYN proxy for 587, the server answers",
             open_port(also=(("intercepted", "isp"), ("intercepted", "unknown"))),
             {"isp2": [*synproxy(SUBMIT)]}, variants="4n 4"),
    Scenario("synproxy-drop", 91, "proxy", "T8", "isp2 has a SYN proxy, tr1 drops behind it",
             intercepted("isp", 3, 4, also=(("intercepted", "unknown"), ("blocked", "unknown"))),
             {"isp2": [*synproxy(SUBMIT)], "tr1": [r.forward(f"{SUBMIT} drop")]},
             variants="4n 4"),
    Scenario("synproxy-all", 92, "proxy", "T8", "isp2 has a SYN proxy for every port",
             open_port(), {"isp2": [*synproxy("meta l4proto tcp")]}, variants="4n 4"),
    Scenario("lb-one-closed", 99, "proxy", "T8", "one of two servers behind one address refuses",
             Expect("degraded", "remote"),
             {"dst1": [r.nat("prerouting", f"{FROM_INSIDE} numgen inc mod 2 == 0 "
                             "dnat ip to 203.0.113.25:586")]},
             variants="4n 4", hosts=("mx.alpha.example",)),
)
