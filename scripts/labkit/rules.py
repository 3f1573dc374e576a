# SPDX-License-Identifier: BSD-2-Clause
"""Rules by place: small functions that make the text for nft, ip and friends."""

from dataclasses import dataclass

from labkit import kernel


BATCHES = {"ip": ["ip", "-batch", "-"], "ip6": ["ip", "-6", "-batch", "-"],
           "tc": ["tc", "-batch", "-"]}


@dataclass(frozen=True)
class Rule:
    tool: str  # nft, ip, ip6, iptables, ip6tables, tc, sysctl
    text: str


def chain(hook, rule, priority="filter", family="inet", device=None):
    """One nft chain of its own table, on the hook, with the rule or rules in it."""
    where = f"device {device} " if device else ""
    return Rule("nft", f"table {family} lab%d {{\n  chain c {{\n    type filter hook {hook} "
                f"{where}priority {priority}; policy accept;\n    {rule}\n  }}\n}}\n")


def forward(rule):
    """After the TTL check and the decrement, as most firewalls on routers."""
    return chain("forward", rule, priority="filter + 10")


def prerouting(rule):
    """Before the TTL check and before connection tracking, as an access list on the input."""
    return chain("prerouting", rule, priority="raw")


def prerouting_filter(rule):
    """Before the TTL check, after connection tracking: where nft can reject."""
    return chain("prerouting", rule, priority="mangle")


def postrouting(rule):
    return chain("postrouting", rule, priority="filter")


def output(rule):
    return chain("output", rule, priority="filter")


def inbound(rule):
    return chain("input", rule, priority="filter")


def ingress(rule, device="in0"):
    return chain("ingress", rule, priority="0", family="netdev", device=device)


def egress(rule, device="eth0"):
    return chain("egress", rule, priority="0", family="netdev", device=device)


def bridge_forward(rule):
    return chain("forward", rule, priority="filter", family="bridge")


def nat(hook, rule, family="inet"):
    priority = "dstnat" if hook == "prerouting" else "-100"
    return Rule("nft", f"table {family} lab%d {{\n  chain c {{\n    type nat hook {hook} "
                f"priority {priority};\n    {rule}\n  }}\n}}\n")


def ip(line):
    return Rule("ip", line)


def ip6(line):
    """For lines whose family shows in no address, as those of "ip rule"."""
    return Rule("ip6", line)


def iptables(line):
    return Rule("iptables", line)


def ip6tables(line):
    return Rule("ip6tables", line)


def tc(line):
    return Rule("tc", line)


def sysctl(name, value):
    return Rule("sysctl", f"{name}={value}")


def no_expiry():
    """A router that sends no time exceeded."""
    return Rule("nft", """table inet lab%d {
  chain c {
    type filter hook output priority filter;
    icmp type time-exceeded drop
    icmpv6 type time-exceeded drop
  }
}
""")


def loss(percent):
    """Random loss on a gateway's far side, each way."""
    dice = (f"icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept\n"
            f"    numgen random mod 100 < {percent} drop")
    return Rule("nft", f"""table inet lab%d {{
  chain away {{
    type filter hook postrouting priority filter;
    oifname != "to-*" accept
    {dice}
  }}
  chain back {{
    type filter hook prerouting priority raw;
    iifname != "to-*" accept
    {dice}
  }}
}}
""")


def apply(rules):
    """Puts the rules into the caller's namespace, in their order, nft in one transaction."""
    text = "".join(rule.text % index if "%d" in rule.text else rule.text
                   for index, rule in enumerate(rules) if rule.tool == "nft")
    if text:
        kernel.feed(["nft", "-f", "-"], text)
    for tool, command in BATCHES.items():
        lines = [rule.text for rule in rules if rule.tool == tool]
        if lines:
            kernel.feed(command, "\n".join(lines) + "\n")
    for rule in rules:
        if rule.tool in ("iptables", "ip6tables"):
            kernel.feed([rule.tool, "-w", *rule.text.split()], "")
        elif rule.tool == "sysctl":
            kernel.sysctl(*rule.text.split("=", 1))
