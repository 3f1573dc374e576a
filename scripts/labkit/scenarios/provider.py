# SPDX-License-Identifier: BSD-2-Clause
"""Blocks in the provider's network, at its border and in transit."""

from labkit import rules as r
from labkit.rules import no_expiry
from labkit.scenario import Scenario, blocked

SUBMIT = "tcp dport 587"
BORDER = ("isp", "transit")
SILENT, RESET, ICMP = ("silent-drop",), ("tcp-reset",), ("icmp-reject",)
DROP = r.forward(f"{SUBMIT} drop")
ALPHA = ("mx.alpha.example",)
ADMIN = r.forward(f"{SUBMIT} reject with icmpx admin-prohibited")
FAR = ("tr1", "tr2", "dst1", "dst2", "dst3", "core3")


def isp(*place, mechanisms=SILENT, **more):
    return blocked("isp", *place, mechanisms=mechanisms, **more)


SCENARIOS = (
    Scenario("isp-input-reset", 43, "provider", "T1", "the provider resets on its input",
             isp(2, 2, mechanisms=RESET),
             {"isp": [r.prerouting_filter(f"{SUBMIT} reject with tcp reset")]}),
    Scenario("isp-reset", 44, "provider", "T1", "the provider resets",
             isp(2, 2, mechanisms=RESET),
             {"isp": [r.forward(f"{SUBMIT} reject with tcp reset")]}),
    # Whose the routers behind the first are, shared addresses (RFC 6598) do not tell: some sites
    # use them inside.
    Scenario("cgn-reset", 45, "provider", "T1c", "the provider's carrier-grade NAT resets",
             isp(3, 3, mechanisms=RESET, bare=("local-network", "isp")),
             {"isp": [r.forward(f"{SUBMIT} reject with tcp reset")]}, variants="4n 4"),
    Scenario("isp1-drop", 46, "provider", "T8", "the provider's first router drops",
             isp(2, 2), {"isp1": [DROP]}),
    Scenario("isp2-drop-loss10", 47, "provider", "T8", "the second router drops, 10 % loss",
             isp(3, 3), {"isp2": [DROP]}, loss=10),
    Scenario("isp2-drop", 47, "provider", "T8", "the provider's second router drops",
             isp(3, 3), {"isp2": [DROP]}),
    Scenario("demo", 47, "provider", "TD",
             "the provider blocks 587 in its network, between hop 3 and hop 4",
             isp(3, 3), {"isp2": [DROP]}, variants="46n 4n 6n 46", lists=False),
    Scenario("border-drop", 48, "border", "T8", "the provider's border router drops",
             isp(4, 4, suspects=BORDER), {"isp3": [DROP]}),
    Scenario("transit-input-drop", 49, "border", "T8", "the transit drops on its input",
             blocked("transit", 5, 5, suspects=BORDER, mechanisms=SILENT),
             {"tr1": [r.prerouting(f"iifname \"in0\" {SUBMIT} drop")]}, twin="border-drop"),
    Scenario("transit-drop", 50, "transit", "TM", "one transit drops, other paths are open",
             blocked("transit", 5, 5, mechanisms=SILENT), {"tr1": [DROP]}, hosts=ALPHA),
    Scenario("transit-edge-drop", 51, "transit", "TM", "the transit's last router drops",
             blocked("transit", 6, 6, suspects=("transit", "remote"), mechanisms=SILENT),
             {"tr2": [DROP]}, hosts=ALPHA),
    Scenario("isp2-icmp", 54, "provider", "T8", "the second router rejects by ICMP",
             isp(3, 3, mechanisms=ICMP), {"isp2": [ADMIN]}),
    Scenario("isp2-forged-icmp", 57, "provider", "T8", "isp2 rejects in the server's name",
             isp(3, 3, mechanisms=ICMP),
             {"isp2": [r.ingress(f"{SUBMIT} reject with icmpx admin-prohibited")]}),
    Scenario("isp2-drop-silent", 59, "provider", "T8",
             "isp2 drops, isp2 and isp3 send no expiry", isp(3, 3, suspects=BORDER),
             {"isp2": [DROP, no_expiry()], "isp3": [no_expiry()]}),
    Scenario("isp2-drop-isp-silent", 60, "provider", "T8",
             "isp2 drops, the provider sends no expiry",
             isp(3, 3, suspects=("local-network", "isp", "transit")),
             {"isp1": [no_expiry()], "isp2": [DROP, no_expiry()], "isp3": [no_expiry()]}),
    Scenario("isp2-drop-all-silent", 61, "provider", "T8",
             "isp2 drops, no router sends an expiry",
             isp(3, 3, suspects=("local-network", "isp", "transit", "remote")),
             {"isp2": [DROP, no_expiry()],
              **{place: [no_expiry()] for place in ("gw", "isp1", "isp3", *FAR)}}),
    Scenario("isp2-drop-loss30", 106, "provider", "T8", "isp2 drops, 30 % loss each way",
             isp(3, 3), {"isp2": [DROP]}, loss=30),
    Scenario("mail-ports", 142, "provider", "T8", "isp2 drops 25, 465 and 587",
             isp(3, 3), {"isp2": [r.forward("tcp dport { 25, 465, 587 } drop")]}),
)
