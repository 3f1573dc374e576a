# SPDX-License-Identifier: BSD-2-Clause
"""Blocks in the client itself: every mechanism of the kernel that can hold a packet back."""

import dataclasses

from labkit import bpf
from labkit import rules as r
from labkit.scenario import Expect, Scenario, blocked, no_verdict, open_port

SUBMIT, ANSWER = "tcp dport 587", "tcp sport 587"
RESET, ADMIN = "reject with tcp reset", "reject with icmpx admin-prohibited"
SECOND_WAY = (
    r.ip("addr add 192.168.9.1 peer 192.168.9.20 dev second"),
    r.ip("route add 192.168.1.20 via 192.168.9.20 dev second onlink table 100"),
    r.ip("rule add ipproto tcp sport 587 lookup 100"),
)


def local(**more):
    return blocked("local-host", 0, 0, **more)


def here(name, row, text, *rules, expect=None, variants="4n 6n 4 6", **more):
    return Scenario(name, row, "local", "T1", text, expect or local(), {"cli": [*rules]},
                    variants, **more)


def kernel_only(*arguments, **more):
    """Blocks that raw packets pass or do not feel: only the kernel's own connections show them."""
    return dataclasses.replace(here(*arguments, **more), group="kernel")


def tc_egress(ethertype, kind):
    return r.tc(f"filter add dev eth0 egress protocol {ethertype} u32 match {kind} dport 587 "
                "0xffff action mirred egress redirect dev hole")


SCENARIOS = (
    here("local-drop", 12, "the client's OUTPUT drops", r.output(f"{SUBMIT} drop")),
    here("local-reset", 13, "the client's OUTPUT resets", r.output(f"{SUBMIT} {RESET}")),
    here("local-reject", 14, "the client's OUTPUT rejects, port unreachable",
         r.output(f"{SUBMIT} reject")),
    here("local-admin", 15, "the client's OUTPUT rejects, prohibited",
         r.output(f"{SUBMIT} {ADMIN}")),
    here("local-post-drop", 16, "the client's POSTROUTING drops",
         r.postrouting(f"{SUBMIT} drop")),
    here("local-egress-drop", 17, "the client's device drops on its way out",
         r.egress(f"{SUBMIT} drop")),
    here("local-tc-drop", 18, "the client's traffic control redirects into nothing",
         r.ip("link add hole type ifb"), r.tc("qdisc add dev eth0 clsact"),
         tc_egress("ip", "ip"), tc_egress("ipv6", "ip6")),
    kernel_only("local-input-drop", 19, "the client's INPUT drops the answers",
         r.inbound(f"{ANSWER} drop")),
    kernel_only("local-ingress-drop", 20, "the client's device drops the answers",
         r.ingress(f"{ANSWER} drop", "eth0")),
    kernel_only("local-bpf-connect", 21, "a control group's program denies connect()",
         prepare=lambda world: bpf.deny(world)),
    here("local-bpf-egress", 22, "a control group's program denies the packets",
         prepare=lambda world: bpf.deny(world, egress=True)),
    kernel_only("local-rule-prohibit", 23, "a routing rule of the client prohibits",
         r.ip("rule add ipproto tcp dport 587 prohibit"),
         r.ip6("rule add ipproto tcp dport 587 prohibit")),
    kernel_only("local-rule-blackhole", 24, "a routing rule of the client swallows",
         r.ip("rule add ipproto tcp dport 587 blackhole"),
         r.ip6("rule add ipproto tcp dport 587 blackhole")),
    kernel_only("local-rule-table", 25, "a routing rule of the client leads to a dead line",
         r.ip("link add dead type veth peer name dead-end"),
         r.ip("link set dead up"), r.ip("link set dead-end up"),
         r.ip("addr add 192.168.99.2/24 dev dead"),
         r.ip("route add default dev dead table 99"),
         r.ip("rule add ipproto tcp dport 587 lookup 99"), variants="4n 4"),
    kernel_only("local-owner", 26, "the client rejects one user's connections",
         r.output(f"meta skuid 65534 {SUBMIT} reject"), variants="4n 4",
         options=("--as-user", "nobody")),
    here("local-invalid-drop", 27, "the client drops what connection tracking calls invalid",
         r.inbound("ct state invalid drop"), expect=open_port(), variants="4n 4"),
    Scenario("local-and-isp", 28, "local", "T1", "the client drops, and the provider as well",
             local(), {"cli": [r.output(f"{SUBMIT} drop")],
                       "isp": [r.forward(f"{SUBMIT} drop")]}, "4n 4"),
    Scenario("local-and-gw", 29, "local", "T1", "the client drops, and the gateway resets",
             local(), {"cli": [r.output(f"{SUBMIT} drop")],
                       "gw": [r.forward(f"{SUBMIT} {RESET}")]}, "4n 4"),
    Scenario("local-rp-filter", 30, "kernel", "T1",
             "answers come in by another device and fail the client's source check", local(),
             {"gw": [*SECOND_WAY],
              "cli": [r.ip("addr add 192.168.9.20 peer 192.168.9.1 dev second"),
                      r.sysctl("ipv4/conf/all/rp_filter", 1)]}, "4n 4",
             more_links=(("gw", "second", "cli", "second"),)),
    Scenario("tun-isp2-drop", 116, "local", "TU", "the client is on a TUN device, isp2 drops",
             blocked("isp", 3, 3), {"isp2": [r.forward(f"{SUBMIT} drop")]}),
    # The far end's private address is its operator's, and the next router anybody's behind it.
    Scenario("vpn-drop", 117, "local", "TV", "a VPN's first router drops",
             blocked("isp", 1, 1, bare=("local-network", "isp", "transit")),
             {"vpn": [r.forward(f"{SUBMIT} drop")]}, "4n 4"),
    Scenario("lan-server-closed", 146, "local", "TL", "a server on the same network refuses",
             Expect("closed", "remote", place=(1, 1)), hosts=("192.168.1.25",),
             options=("--only",), closed={"lan": (587,)}, variants="4n 4"),
    Scenario("lan-server-drop", 146, "local", "TL", "a server on the same network drops",
             blocked("remote", suspects=("remote", "local-network")),
             {"lan": [r.inbound(f"{SUBMIT} drop")]}, hosts=("192.168.1.25",),
             options=("--only",), variants="4n 4"),
    kernel_only("local-redirect", 149, "the client redirects to a mail server of its own",
         r.nat("output", f"{SUBMIT} redirect to :2525"), listen={"cli": (2525,)},
         expect=Expect("intercepted", "local-host", place=(0, 0))),
    kernel_only("local-dnat", 150, "the client sends the connections to another host",
         r.nat("output", f"{SUBMIT} dnat ip to 198.18.20.25"), variants="4n 4",
         expect=Expect("intercepted", "local-host", place=(0, 0))),
    Scenario("own-address", 152, "local", "T1", "the server is the client itself, closed",
             no_verdict(also=(("closed", None),)),  # its controls are closed as well
             hosts=("192.168.1.20",), options=("--only",), variants="4n 4"),
)
