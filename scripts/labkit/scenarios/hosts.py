# SPDX-License-Identifier: BSD-2-Clause
"""HOSTs of different fates, families of different fates, user-mode NAT, blocks that come and go."""

import time

from labkit import kernel
from labkit import rules as r
from labkit.rules import Rule
from labkit.scenario import Expect, Scenario, blocked, no_verdict, open_port
from labkit.usernat import UserNat

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
ADMIN = r.forward(f"{SUBMIT} reject with icmpx admin-prohibited")
SIX, FOUR = "meta nfproto ipv6", "meta nfproto ipv4"
RETURN = ("remote", "transit", "isp", "local-network")
EITHER = ("local-network", "isp")
ALPHA, BETA = ("mx.alpha.example",), ("mx.beta.example",)
LIMITED = Expect("degraded", "isp", named=False, suspects=frozenset(RETURN),
                 mechanisms=("rate-limit",))
DOWN = r.prerouting("drop")


def to_alpha(action):
    return [r.forward(f"ip daddr 203.0.113.25 {action}"),
            r.forward(f"ip6 daddr 2001:db8:a::19 {action}")]


def behind_user_nat(name, text, expect, rules=None, ttl=64, **more):
    """The gateway passes nothing itself: a user-mode NAT on it connects for the client."""
    return Scenario(name, 0, "proxy", "T8p", text, expect, {
        "gw": [r.prerouting("iifname \"in0\" meta l4proto tcp drop")], **(rules or {})}, "4n 4",
        boxes=(("gw", UserNat(ttl=ttl)),), **more)


def set_of(what, rule):
    """A set of clients or destinations, and the rules with it."""
    return Rule("nft", f"""table ip lab%d {{
  set seen {{
    typeof {what}
    flags dynamic,timeout
    size 65535
  }}
  chain c {{
    type filter hook forward priority filter + 10;
    {rule}
  }}
}}
""")


FROM = "iifname \"in0\""
COUNTED = (f"{FROM} {SUBMIT} ip saddr @seen drop\n    {FROM} {SUBMIT} tcp flags syn "
           "limit rate over 1/minute burst 4 packets add @seen { ip saddr timeout 5s } drop")
TOUCHED = (f"{FROM} ip saddr @seen meta l4proto tcp drop\n    {FROM} {SUBMIT} tcp flags syn "
           "add @seen { ip saddr timeout 60s }")


def sudden(place, rules, after):
    """Rules that a place gets some seconds after the start."""
    def prepare(world):
        def work():
            world.net.enter(place)
            time.sleep(after)
            r.apply(rules)
            while True:
                time.sleep(60)

        kernel.fork_guarded(work)
    return prepare


# Where only one server answers, no way to another shows whose routers the server's are not.
LONE = ("isp", "transit", "remote")
EVER = (("degraded", None), ("blocked", "isp"), ("blocked", "unknown"), ("open", "none"),
        ("unknown", "unknown"))
# A run that ends before it begins finds it open, one that begins then finds it blocked.
BEFORE = (("open", "none"), ("blocked", "isp"))
SCENARIOS = (
    Scenario("two-hosts-closed", 0, "server", "TM", "two HOSTs, one refuses",
             Expect("closed", "remote", also=(("blocked", "remote"),)), hosts=ALPHA + BETA,
             closed={"beta": (587,)}),
    Scenario("two-hosts-apart", 0, "provider", "TM", "two HOSTs, one refuses, isp2 drops the other",
             blocked("isp", 3, 3, also=(("blocked", "remote"), ("closed", "remote"))),
             {"isp2": to_alpha(f"{SUBMIT} drop")}, hosts=ALPHA + BETA, closed={"beta": (587,)}),
    Scenario("two-hosts-isp", 0, "provider", "TM", "two HOSTs, isp2 drops both",
             blocked("isp", 3, 3), {"isp2": [DROP]}, hosts=ALPHA + BETA),
    Scenario("own-port-open", 0, "open", "TM", "a HOST with a port of its own, isp2 drops 587",
             open_port(), {"isp2": [DROP]}, "4 6", ("mx.alpha.example:2525",)),
    Scenario("own-port-drop", 0, "provider", "TM", "a HOST with its own port, which isp2 drops",
             blocked("isp", 3, 3), {"isp2": [r.forward("tcp dport 2525 drop")]},
             hosts=("mx.alpha.example:2525",)),
    Scenario("references-down", 0, "provider", "TM", "isp2 drops, two of three references are down",
             blocked("isp", 3, 3, bare=LONE),
             {"isp2": [DROP], "beta": [DOWN], "gamma": [DOWN]}, hosts=ALPHA),
    Scenario("references-down-server", 0, "server", "TM", "the HOST drops, the references are down",
             blocked("remote", suspects=RETURN), {"alpha": [r.inbound(f"{SUBMIT} drop")],
                                                  "beta": [DOWN], "gamma": [DOWN]}, hosts=ALPHA),
    Scenario("references-closed", 0, "provider", "TM", "isp2 drops, the references refuse 587",
             blocked("isp", 3, 3, also=(("closed", "remote"),)),
             {"isp2": to_alpha(f"{SUBMIT} drop")}, hosts=ALPHA,
             closed={"beta": (587,), "gamma": (587,)}),
    Scenario("families-apart", 0, "provider", "T8", "isp2 drops IPv4, the gateway rejects IPv6",
             blocked("isp", 3, 3, also=(("blocked", "local-network"),)),
             {"isp2": [r.forward(f"{FOUR} {SUBMIT} drop")],
              "gw": [r.forward(f"{SIX} {SUBMIT} reject with icmpx admin-prohibited")]}, "46n"),
    Scenario("families-swapped", 0, "near", "T8", "the gateway drops IPv4, isp2 resets IPv6",
             blocked("local-network", 1, 1, suspects=EITHER, also=(("blocked", "isp"),)),
             {"gw": [r.forward(f"{FOUR} {SUBMIT} drop")],
              "isp2": [r.forward(f"{SIX} {SUBMIT} reject with tcp reset")]}, "46n"),
    Scenario("family-down", 0, "provider", "T8", "isp2 drops IPv4, IPv6 is dead behind isp1",
             blocked("isp", 3, 3), {"isp2": [r.forward(f"{FOUR} {SUBMIT} drop"),
                                            r.prerouting(f"{SIX} iifname \"in0\" drop")]}, "46n"),
    Scenario("family-missing", 0, "provider", "T8", "isp2 drops, the client has no IPv6",
             blocked("isp", 3, 3), {"isp2": [DROP],
                                   "cli": [r.sysctl("ipv6/conf/all/disable_ipv6", 1)]}, "46n"),
    behind_user_nat("usernat-open", "a user-mode NAT, nobody blocks", open_port()),
    behind_user_nat("usernat255-open", "a user-mode NAT that answers with TTL 255, nobody blocks",
                    open_port(), ttl=255),
    behind_user_nat("usernat-drop", "a user-mode NAT, isp2 drops",
                    blocked("isp", suspects=RETURN),
                    {"isp2": [DROP]}),
    behind_user_nat("usernat255-drop", "a user-mode NAT with TTL 255, isp2 drops",
                    blocked("isp", suspects=RETURN),
                    {"isp2": [DROP]}, 255),
    behind_user_nat("usernat-reset", "a user-mode NAT, isp2 resets",
                    blocked("isp", suspects=RETURN),
                    {"isp2": [RESET]}),
    behind_user_nat("usernat255-reset", "a user-mode NAT with TTL 255, isp2 resets",
                    blocked("isp", suspects=RETURN),
                    {"isp2": [RESET]}, 255),
    behind_user_nat("usernat-icmp", "a user-mode NAT, isp2 rejects by ICMP",
                    blocked("isp", suspects=RETURN),
                    {"isp2": [ADMIN]}),
    behind_user_nat("usernat-closed", "a user-mode NAT, one server refuses",
                    Expect("closed", "remote", also=(("blocked", "remote"),)),
                    hosts=ALPHA, closed={"alpha": (587,)}),
    behind_user_nat("usernat-server-drop", "a user-mode NAT, one server drops",
                    blocked("remote", suspects=RETURN, also=(("blocked", "remote"),)),
                    {"alpha": [r.inbound(f"{SUBMIT} drop")]}, hosts=ALPHA),
    Scenario("burst3", 0, "limits", "T8", "isp2 passes three SYNs, then one a second", LIMITED,
             {"isp2": [r.forward(f"{SUBMIT} tcp flags syn limit rate over 1/second burst 3 packets "
                                 "drop")]}, "4n 4"),
    Scenario("four-then-pause", 0, "limits", "T8", "isp2 drops 587 for 5 s after four SYNs",
             Expect("degraded", "isp", named=False, suspects=frozenset(RETURN), also=(
                 ("blocked", "isp"), ("blocked", "unknown"))),
             {"isp2": [set_of("ip saddr", COUNTED)]}, "4n 4"),
    Scenario("touch-kills", 0, "limits", "T8", "isp2 drops every port once 587 was touched",
             no_verdict(also=(("degraded", "isp"), ("degraded", "unknown"), ("blocked", "isp"),
                              ("blocked", "unknown"))),
             {"isp2": [set_of("ip saddr", TOUCHED)]}, "4n 4"),
    Scenario("sport-even", 0, "limits", "T8", "isp2 drops 587 from even source ports",
             Expect("degraded", "isp", place=(3, 3), mechanisms=("silent-drop",)),
             {"isp2": [r.forward(f"tcp sport & 1 == 0 {SUBMIT} drop")]}),
    Scenario("sport-low", 0, "limits", "T8", "isp2 drops 587 from source ports below 32768",
             Expect("degraded", "isp", place=(3, 3), also=(("open", "none"),)),
             {"isp2": [r.forward(f"tcp sport < 32768 {SUBMIT} drop")]}),
    Scenario("list-prefix", 0, "provider", "TM", "isp2 drops 587 to one prefix, one HOST in it",
             blocked("isp", 3, 3), {"isp2": [
                 r.forward(f"ip daddr 203.0.112.0/20 {SUBMIT} drop"),
                 r.forward(f"ip6 daddr 2001:db8:a::/47 {SUBMIT} drop")]},
             hosts=ALPHA),
    Scenario("one-way-loss", 0, "open", "T8", "30 % loss on the way there alone", open_port(),
             {"isp1": [r.forward("iifname \"in0\" numgen random mod 100 < 30 drop")]}),
    Scenario("one-way-loss-back", 0, "open", "T8", "40 % loss on the way back alone", open_port(),
             {"isp1": [r.forward("iifname \"to-*\" numgen random mod 100 < 40 drop")]}),
    Scenario("one-way-loss-drop", 0, "provider", "T8", "isp2 drops, 30 % loss on the way back",
             blocked("isp", 3, 3), {"isp2": [DROP], "isp1": [
                 r.forward("iifname \"to-*\" numgen random mod 100 < 30 drop")]}),
    Scenario("begins-meanwhile", 0, "limits", "T8", "isp2 begins to drop during the run",
             Expect("degraded", "isp", named=False, suspects=frozenset(RETURN), also=EVER,
                    either=BEFORE),
             variants="4n 4", prepare=sudden("isp2", [DROP], 0.25)),
    Scenario("resets-meanwhile", 0, "limits", "T8", "isp2 begins to reset during the run",
             Expect("degraded", "isp", also=EVER, either=BEFORE), variants="4n 4",
             prepare=sudden("isp2", [RESET], 0.25)),
)
