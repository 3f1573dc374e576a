# SPDX-License-Identifier: BSD-2-Clause
"""Noise of every kind, drawn from a seed, on top of any scenario.

Losses of its own in each direction, delay with jitter (which reorders), copies, limits of the
routers' errors, routers that send none, unrelated traffic. The link to the provider is the
wire that does it.
"""

import dataclasses
import os
import random
import sys

from labkit import rules as rule_set, world
from labkit.scenario import Setup

LOSSES = (0, 0, 0, 0.05, 0.1, 0.1, 0.2, 0.3)  # of a direction, at most
HEAVY = 0.6
TRAFFIC_RATE = 500  # packets a second


@dataclasses.dataclass(frozen=True)
class Noise:
    """What is wrong with the line; all in fractions and milliseconds."""
    seed: int = 0
    loss_out: float = 0.0
    loss_back: float = 0.0
    rtt: float = 0.0
    jitter: float = 0.0
    reorder: float = 0.0  # of frames that are held back
    duplicate: float = 0.0
    limit_ms: int = -1  # between errors of a router: 0 for no limit, -1 for the kernel's own
    silent: float = 0.0  # of routers that send no expiry
    traffic: bool = False

    def text(self):
        """Its parts that are there, in words."""
        parts = [f"loss {self.loss_out:.0%}/{self.loss_back:.0%}" if self.loss_out or
                 self.loss_back else "", f"rtt {self.rtt:.0f}" if self.rtt else "",
                 f"jitter {self.jitter:.0f}" if self.jitter else "",
                 f"reorder {self.reorder:.0%}" if self.reorder else "",
                 f"copies {self.duplicate:.0%}" if self.duplicate else "",
                 f"limit {self.limit_ms}" if self.limit_ms >= 0 else "",
                 f"silent {self.silent:.0%}" if self.silent else "",
                 "traffic" if self.traffic else ""]
        return ", ".join(part for part in parts if part) or "none"


def draw(seed, heavy=False):
    """The noise of a seed: mild mostly, with losses up to 60 % each way when heavy."""
    dice = random.Random(f"noise {seed}")
    most = HEAVY if heavy and dice.random() < 0.2 else dice.choice(LOSSES)
    rtt = dice.choice((0, 0, 20, 50, 100, 200, 300))
    return Noise(
        seed=seed,
        loss_out=dice.choice((0, most, most / 2)),
        loss_back=dice.choice((0, most, most / 2)),
        rtt=rtt,
        jitter=rtt * dice.choice((0, 0.05, 0.2, 0.4)),
        reorder=dice.choice((0, 0, 0.02)),
        duplicate=dice.choice((0, 0, 0.02)),
        limit_ms=dice.choice((-1, -1, 0, 1000)),
        silent=dice.choice((0, 0, 0, 0.2, 0.5)),
        traffic=dice.random() < 0.2,
    )


class Line:
    """The change of a wire that this noise makes; side 0 is the client's."""

    def __init__(self, noise, inner=None):
        self.noise = noise
        self.inner = inner
        self.random = random.Random(f"line {noise.seed}")

    def __call__(self, frame, side):
        noise, dice = self.noise, self.random
        if dice.random() < (noise.loss_back if side else noise.loss_out):
            return
        copies = 2 if dice.random() < noise.duplicate else 1
        held = 0.02 if dice.random() < noise.reorder else 0
        for later, changed in self.inner(frame, side) if self.inner else ((0, frame),):
            for _ in range(copies):
                yield later + held + dice.random() * noise.jitter / 1000, changed


class Noisy(Setup):
    """A variant of a scenario with noise."""

    noise = Noise()

    @property
    def may_outrun(self):
        return self.noise.loss_back or self.noise.jitter or self.noise.reorder

    def silent_places(self):
        dice = random.Random(f"silent {self.noise.seed}")
        return [place.name for place in self.topology().of_kind("router")
                if dice.random() < self.noise.silent]

    @property
    def links(self):
        return {**super().links, self.first_link(): "tap"}

    @property
    def wires(self):
        """Those of the scenario, with its delays, and the noise on the first."""
        wires, name = super().wires, self.first_link()
        inner = wires.get(name, {})
        delay = max(inner.get("delay_ms", 0), self.noise.rtt / 2)
        wires[name] = {**inner, "delay_ms": delay, "change": Line(self.noise, inner.get("change"))}
        return wires

    @property
    def rules(self):
        more = {place: list(items) for place, items in super().rules.items()}
        for name in self.silent_places():
            more.setdefault(name, []).append(rule_set.no_expiry())
        if self.noise.limit_ms >= 0:
            for place in self.topology().of_kind("router"):
                more.setdefault(place.name, []).extend(
                    (rule_set.sysctl("ipv4/icmp_ratelimit", self.noise.limit_ms),
                     rule_set.sysctl("ipv6/icmp/ratelimit", self.noise.limit_ms)))
        return more

    @property
    def prepare(self):
        """The scenario's own preparation, then the traffic."""
        def both(lab):
            if self.scenario.prepare:
                self.scenario.prepare(lab)
            if self.noise.traffic:
                start_traffic(lab)
        return both


def noisy(setup, noise):
    """The same variant with this noise."""
    parts = {part.name: getattr(setup, part.name) for part in dataclasses.fields(Setup)}
    made = Noisy(**parts)
    made.noise = noise
    return made


def start_traffic(lab):
    """Unrelated packets from the client to its servers, until the laboratory ends."""
    family = 6 if lab.setup.family == "6" else 4
    targets = [getattr(place, f"v{family}") for place in lab.topology.servers]
    module = os.path.join(os.path.dirname(os.path.realpath(__file__)), "traffic.py")
    lab.start([sys.executable, "-B", module, str(TRAFFIC_RATE), *targets], stdout=-3, stderr=-3,
              stdin=-3)
    world.quiet()
