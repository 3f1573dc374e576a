# SPDX-License-Identifier: BSD-2-Clause
"""The client itself, further: users, two blocks at once, and firewalls that are not to blame."""

from labkit import rules as r
from labkit.scenario import Scenario, blocked, no_verdict, open_port
from labkit.scenarios.local_host import ANSWER, RESET, SUBMIT, here, local

DENY_IN = r.Rule("nft", """table inet lab%d {
  chain in {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  }
}
""")
DENY_OUT = r.Rule("nft", """table inet lab%d {
  chain out {
    type filter hook output priority filter; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    jump wanted
  }
  chain wanted {
    tcp dport { 80, 443, 993, 995 } accept
    udp dport 53 accept
  }
}
""")
JUMPED = r.Rule("nft", """table inet lab%d {
  set mail {
    type inet_service
    elements = { 25, 465, 587 }
  }
  chain out {
    type filter hook output priority filter; policy accept;
    tcp flags syn jump mail
  }
  chain mail {
    tcp dport @mail drop
  }
}
""")
APART = (
    r.ip("addr add 192.168.9.20/24 dev second"),
    r.ip("route add default via 192.168.9.1 dev second table 99"),
    r.ip("rule add ipproto tcp dport 587 lookup 99"),
)

SCENARIOS = (
    here("local-all-but-root", 26, "only root may submit mail, and the user asks",
         r.output(f"meta skuid != 0 {SUBMIT} reject"), options=("--as-user", "nobody")),
    here("local-root-alone", 26, "only root may submit mail, and root asks",
         r.output(f"meta skuid != 0 {SUBMIT} reject"), expect=open_port(), variants="4n 4"),
    here("local-not-root", 26, "everybody but root may submit mail",
         r.output(f"meta skuid 0 {SUBMIT} drop"), options=("--as-user", "nobody"),
         variants="4n 6n"),
    here("local-jump", 12, "a set in a chain that OUTPUT jumps to", JUMPED),
    here("local-iptables", 12, "iptables drops a list of ports",
         r.iptables("-A OUTPUT -p tcp -m multiport --dports 25,587 -j DROP"),
         r.ip6tables("-A OUTPUT -p tcp -m multiport --dports 25,587 -j DROP")),
    here("local-input-reset", 19, "the client's INPUT resets the answers",
         r.inbound(f"{ANSWER} {RESET}"), variants="4n 6n"),
    here("local-drop-alone", 12, "dropped, and nothing past the firewall is sent",
         r.output(f"{SUBMIT} drop"), options=("--no-bypass",), variants="4n 6n"),
    here("local-drop-lossy", 12, "the client's OUTPUT drops, on a lossy line",
         r.output(f"{SUBMIT} drop"), loss=15, variants="4n 6n"),
    here("local-drop-all", 0, "the client drops every SYN", r.output("tcp flags syn drop"),
         expect=no_verdict()),
    here("local-limit", 0, "the client drops SYNs beyond a rate, of any port",
         r.output("tcp flags syn / syn,ack limit rate over 20/second burst 20 packets drop"),
         expect=open_port(also=(("unknown", "unknown"),)), variants="4n 6n"),
    here("local-deny-in", 0, "the client accepts established connections alone", DENY_IN,
         expect=open_port()),
    here("local-many-rules", 12, "the last of 25,000 rules of the client's OUTPUT drops",
         r.output("\n".join((*(f"ip daddr 10.{n >> 8}.{n & 255}.1 drop" for n in range(25000)),
                             f"{SUBMIT} drop")))),
    here("local-deny-out", 12, "the client lets only the web and reading mail out", DENY_OUT),
    Scenario("local-deny-in-isp", 0, "local", "T1", "a careful client, and the provider drops",
             blocked("isp", 2, 2, suspects=("isp", "transit")),
             {"cli": [DENY_IN], "isp": [r.forward(f"{SUBMIT} drop")]}, "4n 6n"),
    Scenario("local-egress-isp", 28, "local", "T1", "the device drops, and the provider too",
             local(), {"cli": [r.egress(f"{SUBMIT} drop")],
                       "isp": [r.forward(f"{SUBMIT} drop")]}, "4n 6n"),
    Scenario("local-and-closed", 28, "local", "T1", "the client drops, one server is closed",
             local(), {"cli": [r.output(f"{SUBMIT} drop")]}, "4n 6n",
             closed={"alpha": (587,)}),
    here("local-split", 25, "a routing rule leads mail out by another line that drops it",
         *APART, variants="4n 4", more_links=(("gw", "second", "cli", "second"),)),
    Scenario("tun-local-drop", 116, "local", "TU", "a client on a TUN device drops", local(),
             {"cli": [r.output(f"{SUBMIT} drop")]}, "4n 6n"),
    Scenario("container-output-drop", 12, "local", "TK", "a container's own OUTPUT drops", local(),
             {"cli": [r.output(f"{SUBMIT} drop")]}, "4n"),
)
