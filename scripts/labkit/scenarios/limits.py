# SPDX-License-Identifier: BSD-2-Clause
"""Blocks that depend on rate, history or source port; routers that answer rarely or oddly."""

import subprocess
import time

from labkit import kernel
from labkit import rules as r
from labkit.rules import Rule
from labkit.scenario import Expect, Scenario, blocked, open_port

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
BORDER = ("isp", "transit")
ANYBODY = frozenset(("isp", "local-network", "transit", "remote"))
LIMITED = Expect("degraded", "isp", named=False, suspects=ANYBODY, mechanisms=("rate-limit",))


def isp(*place, **more):
    return blocked("isp", *place, **more)


def rejects(family, names):
    """One scenario an ICMP code: (name, what nft calls it)."""
    word = "icmp" if family == 4 else "icmpv6"
    for name in names:
        yield Scenario(f"isp2-{word}-{name}", 55 if family == 4 else 56, "codes", "T8",
                       f"isp2 rejects, {name}", isp(3, 3, mechanisms=("icmp-reject",)),
                       {"isp2": [r.forward(f"{SUBMIT} reject with {word} type {name}")]},
                       f"{family}n {family}")


def rare_expiry(rate):
    """Time exceeded at a rate, whoever asks."""
    return Rule("nft", f"""table inet lab%d {{
  chain c {{
    type filter hook output priority filter;
    icmp type time-exceeded limit rate over {rate} burst 1 packets drop
    icmpv6 type time-exceeded limit rate over {rate} burst 1 packets drop
  }}
}}
""")


def seen_before(key, what):
    """Drops once the key is known; what puts it there."""
    return Rule("nft", f"""table ip lab%d {{
  set seen {{
    typeof {key}
    flags dynamic,timeout
    timeout 120s
    size 65535
  }}
  chain c {{
    type filter hook forward priority filter + 10;
    iifname "in0" {SUBMIT} {key} @seen drop
    iifname "in0" {SUBMIT} {what} add @seen {{ {key} }}
  }}
}}
""")


# Shuts out, for a minute, whoever begins more than one connection to a mail port a second.
BAN = Rule("nft", """table inet lab%d {
  set banned {
    type inet_service
    flags dynamic,timeout
    timeout 60s
  }
  chain c {
    type filter hook forward priority filter + 10;
    iifname "in0" tcp flags & (syn | ack) == syn tcp dport { 25, 465, 587, 993, 2525 } jump count
    iifname "in0" tcp dport @banned drop
  }
  chain count {
    limit rate over 1/second burst 1 packets add @banned { tcp dport }
  }
}
""")


def banned(world):
    """Whether somebody was shut out."""
    world.net.enter("isp2")
    text = subprocess.run(["nft", "list", "ruleset"], capture_output=True, check=True).stdout
    world.net.leave()
    found = text[text.index(b"set banned"):]
    return "the measurement was shut out" if b"expires" in found[:found.index(b"}\n")] else None


def leaks(world):
    """Whether anything with a private source crossed the provider's border."""
    world.net.enter("isp")
    text = subprocess.run(["nft", "list", "ruleset"], capture_output=True, check=True).stdout
    world.net.leave()
    return None if b"counter packets 0 bytes 0" in text else "a private source left the gateway"


def schedule(world):
    """isp2 drops 587 in every other second."""
    def work():
        world.net.enter("isp2")
        while True:
            r.apply([DROP])
            time.sleep(1)
            kernel.feed(["nft", "-f", "-"], "delete table inet lab0\n")
            time.sleep(1)

    kernel.fork_guarded(work)


SCENARIOS = (
    *rejects(4, ("net-prohibited", "host-prohibited", "port-unreachable", "host-unreachable")),
    *rejects(6, ("no-route", "addr-unreachable", "port-unreachable", "policy-fail",
                 "reject-route")),
    Scenario("isp2-prohibit", 58, "codes", "T8", "isp2 has a prohibiting route for 587",
             isp(3, 3), {"isp2": [r.ip("rule add iif in0 ipproto tcp dport 587 prohibit")]},
             "4n 4"),
    Scenario("isp2-drop-rare", 62, "limits", "T8", "isp2 drops, isp3 sends an expiry a second",
             isp(3, 3), {"isp2": [DROP], "isp3": [rare_expiry("1/second")]}),
    Scenario("open-rare", 63, "limits", "T8", "nobody blocks, isp3 sends an expiry a second",
             open_port(), {"isp3": [rare_expiry("1/second")]}),
    Scenario("hidden-drop", 64, "limits", "T8", "isp2 hides and drops",
             isp(2, 3), {"isp2": [
                 DROP, r.iptables("-t mangle -A PREROUTING -i in0 -j TTL --ttl-inc 1")]}, "4n 4"),
    Scenario("normaliser-drop", 66, "limits", "T8", "isp1 sets every TTL, isp2 drops",
             isp(suspects=("isp", "local-network", "transit", "remote")),
             {"isp1": [r.iptables("-t mangle -A PREROUTING -i in0 -j TTL --ttl-set 64")],
              "isp2": [DROP]}, "4n 4"),
    Scenario("gw-ttl", 67, "limits", "T8", "the gateway sets every TTL to 65", open_port(),
             {"gw": [r.iptables("-t mangle -A PREROUTING -i in0 -j TTL --ttl-set 65")]}, "4n 4"),
    Scenario("policer", 102, "limits", "T8", "isp2 passes one SYN to 587 in five seconds",
             LIMITED, {"isp2": [r.forward(f"{SUBMIT} limit rate over 12/minute burst 5 packets "
                                         "drop")]}, "4n 4"),
    Scenario("threshold", 103, "limits", "T8", "isp2 drops after ten SYNs to 587", LIMITED,
             {"isp2": [r.forward(f"{SUBMIT} tcp flags syn quota over 600 bytes drop")]}, "4n 4"),
    Scenario("residual", 104, "limits", "T8", "isp2 drops what follows the first SYN to a server",
             LIMITED, {"isp2": [seen_before("ip daddr", "tcp flags syn")]}, "4n 4"),
    Scenario("ban-list-gentle", 0, "limits", "T8",
             "isp2 shuts out whoever begins two mail connections a second", open_port(),
             {"isp2": [BAN]}, "4n", options=("--gentle",), after=banned),
    Scenario("drop-gentle", 0, "limits", "T8", "isp2 drops, and is asked slowly",
             isp(3, 3), {"isp2": [DROP, BAN]}, "4n", options=("--gentle",), after=banned,
             slow=True),
    Scenario("border-foreign", 114, "border", "T8b", "isp2 drops, isp3 has a transit's address",
             isp(3, 3, suspects=BORDER), {"isp2": [DROP]}, "4n 4"),
    Scenario("third-party", 115, "border", "T8", "isp2 drops, isp3 answers from another's address",
             isp(3, 3, suspects=BORDER), {"isp2": [DROP], "isp3": [
                 r.ip("addr add 192.0.2.77/32 dev lo"),
                 r.ip("route replace 198.51.100.216/32 via 198.51.100.200 dev in0 onlink "
                      "src 192.0.2.77")]}, "4n 4"),
    Scenario("no-leak", 118, "limits", "T1n", "no private source leaves the gateway",
             open_port(), {"isp": [r.prerouting("ip saddr 192.168.0.0/16 counter")]}, "4n",
             after=leaks),
    Scenario("isp-syn-drop", 120, "border", "T1", "the provider drops SYNs alone",
             isp(2, 2, suspects=BORDER), {"isp": [r.forward(f"{SUBMIT} tcp flags syn drop")]},
             "4n 4"),
    Scenario("twice", 140, "limits", "T8", "isp2 drops, two measurements at once", isp(3, 3),
             {"isp2": [DROP]}, "4n 4", twice=True),
    Scenario("sport-drop", 141, "limits", "T8", "isp2 drops some source ports",
             Expect("degraded", "isp", place=(3, 3), mechanisms=("silent-drop",)),
             {"isp2": [r.forward(f"tcp sport < 46000 {SUBMIT} drop")]}, "4n 4"),
    Scenario("scheduled", 147, "limits", "T8", "isp2 drops in every other second",
             Expect("blocked", "isp", place=(3, 3), also=(("degraded", None),),
                    either=(("open", "none"),)),  # as the last round finds it
             options=("--rounds", "2", "--interval", "1"), variants="4n 4", prepare=schedule),
    Scenario("errors-filtered", 148, "limits", "T8", "isp2 drops, the gateway filters ICMP",
             isp(3, 3, suspects=("isp", "local-network", "transit", "remote")),
             {"isp2": [DROP], "gw": [r.forward("iifname \"to-*\" icmp type time-exceeded drop"),
                                     r.forward("iifname \"to-*\" icmpv6 type time-exceeded "
                                               "drop")]}),
    Scenario("modem-reset", 151, "near", "T8m", "a modem on the line resets",
             isp(1, 2, also=(("blocked", "unknown"),)),
             {"modem": [r.ingress(f"{SUBMIT} reject with tcp reset")]}),
)
