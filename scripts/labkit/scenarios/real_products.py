# SPDX-License-Identifier: BSD-2-Clause
"""Real products, as their packages have them: what their rules and answers look like."""

import json

from labkit import products
from labkit.scenario import blocked, open_port
from labkit.scenarios.products import product

QUEUES = "/proc/thread-self/net/netfilter/nfnetlink_queue"
HERE = blocked("local-host", 0, 0)


def real(name, text, prepare, expect=HERE, topo="T1", **more):
    return product(name, topo, text, expect, products=True, prepare=prepare, **more)


def opensnitch(operand, data, action="deny"):
    """OpenSnitch with one rule: what programs connect is let through or not."""
    def prepare(world):
        rule = {"created": "2026-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z",
                "name": "000-lab", "enabled": True, "precedence": True, "action": action,
                "duration": "always",
                "operator": {"type": "simple", "operand": operand, "data": data, "sensitive": False,
                             "list": []}}
        products.write(f"{world.folder}/opensnitch/000-lab.json", json.dumps(rule))
        products.start(world, "cli", "/usr/bin/opensnitchd", "-rules-path",
                       f"{world.folder}/opensnitch", "-process-monitor-method", "proc")
        products.until(world, "cli", lambda: products.read(QUEUES))

    return prepare


def application_firewalls():
    yield real("opensnitch-port", "OpenSnitch denies port 587", opensnitch("dest.port", "587"))
    yield real("opensnitch-reject", "OpenSnitch rejects port 587",
               opensnitch("dest.port", "587", "reject"))
    yield real("opensnitch-allows", "OpenSnitch allows", opensnitch("dest.port", "587", "allow"),
               open_port())


SCENARIOS = (*application_firewalls(),)
