# SPDX-License-Identifier: BSD-2-Clause
"""Many servers at once: one host answers for all of them, each in a network of its own."""

from labkit import rules as r
from labkit.scenario import Scenario, blocked, open_port

HERE = {"farm": [r.ip("route add local 198.19.0.0/16 dev lo"),
                 r.ip("route add local 2001:db8:f000::/36 dev lo")]}
DROP = {"isp2": [r.forward("tcp dport 587 drop")]}


def addresses(number):
    return f"198.19.{number % 250}.{25 + number // 250}", f"2001:db8:f{number % 250:03x}::" + (
        f"{25 + number // 250:x}")


def listed(count):
    """The text of a --servers file."""
    return "".join(f"mx{number}.farm.example\t587\t993,443,465\tFarm {number % 250}\t"
                   f"{4200000000 + number % 250}\n" for number in range(count))


def named(count):
    """Lines of the hosts file."""
    return "".join(f"{address} mx{number}.farm.example\n" for number in range(count)
                   for address in addresses(number))


def scale(count, expect, rules, verb):
    return Scenario(f"farm{count}-{verb}", 47 if rules else 1, "scale", "TF",
                    f"{count} servers, {'isp2 drops' if rules else 'nobody blocks'}", expect,
                    {**HERE, **rules}, "4n 6n", server_list=listed(count),
                    hosts_extra=named(count), options=("--only", "--no-smtp"),
                    hosts=tuple(f"mx{number}.farm.example" for number in range(count)))


SCENARIOS = tuple(
    scale(count, expect, rules, verb) for count in (1, 50, 1000)
    for expect, rules, verb in ((open_port(), {}, "open"), (blocked("isp", 3, 3), DROP, "drop")))
