# SPDX-License-Identifier: BSD-2-Clause
"""What a scenario is: a topology, rules by place, options for the program, an expectation."""

import dataclasses
from dataclasses import dataclass, field

from labkit import boxes, rules as rule_set
from labkit.catalogue_paths import TOPOLOGIES

SEGMENTS = ("local-host", "local-network", "isp", "transit", "remote")


@dataclass(frozen=True)
class Expect:
    """The truth, and how much of it the evidence can show.

    state     the true state
    culprit   who really does it (a segment, or "none")
    named     whether the evidence allows to name it; if not, naming anyone is an overclaim
    suspects  what an exact answer suspects when it names nobody
    place     (first hop, last hop) around the true place; a link that excludes it is wrong
    also      further (state, blocker) that do no harm; blocker None stands for any
    either    further (state, blocker) that are true as well: it depends on chance or on the time
    mechanisms  those that an exact answer may give; empty: not looked at
    bare      what an exact answer suspects at most where nobody names owners; empty: as the judge
              has it
    """
    state: str
    culprit: str = "none"
    named: bool = True
    suspects: frozenset = frozenset()
    place: tuple = None
    mechanisms: tuple = ()
    also: tuple = ()
    bare: frozenset = frozenset()
    either: tuple = ()


def open_port(**more):
    return Expect("open", **more)


def blocked(culprit, *place, suspects=(), bare=(), **more):
    """Blocked by the culprit; with suspects, the evidence leaves these and names nobody."""
    return Expect("blocked", culprit, named=not suspects, suspects=frozenset(suspects),
                  place=place or None, bare=frozenset(bare), **more)


def no_verdict(**more):
    return Expect("unknown", "unknown", **more)


@dataclass(frozen=True)
class Scenario:
    """One row of the matrix; variants: family (4, 6, 46), with n where --networks is given."""
    name: str
    row: int
    group: str
    topo: str
    text: str
    expect: Expect
    rules: dict = field(default_factory=dict)
    variants: str = "4n 6n 4 6"
    hosts: tuple = ()
    options: tuple = ()  # %FOLDER% stands for the laboratory's own folder
    closed: dict = field(default_factory=dict)
    absent: tuple = ()
    loss: int = 0
    delays: dict = field(default_factory=dict)  # milliseconds one way, by the link's far place
    links: dict = field(default_factory=dict)  # another kind of link, by its far place
    wires: dict = field(default_factory=dict)
    mail: dict = field(default_factory=dict)  # how servers behave, by place: see labkit/smtp.py
    more_links: tuple = ()  # (place, device, place, device) beyond the topology's tree
    listen: dict = field(default_factory=dict)  # further listeners: place to ports
    boxes: tuple = ()
    prepare: object = None  # called with the world once it is built
    after: object = None  # called with the world after the run: what is wrong, or None
    slow: bool = False  # takes more than half a minute: not in the fast subset
    twice: bool = False  # another measurement runs at the same time
    server_list: str = ""
    hosts_extra: str = ""
    lists: bool = True  # asks the laboratory's --servers file
    products: bool = False  # real ones: see labkit/products.py
    twin: str = ""  # the scenario that nothing tells from this one, so that its verdict is the same


@dataclass
class Setup:
    """A variant of a scenario, ready to be built. Its topology is made anew for each build."""
    name: str
    scenario: Scenario
    family: str
    networks: bool
    binary: str = ""
    loss: int = 0
    rtt: float = 0
    seed: int = 0
    busy: list = field(default_factory=list)  # paths that the laboratory must not mount over

    def __getattr__(self, name):
        if hasattr(type(self), name):  # a property that failed is no field of the scenario's
            raise RuntimeError(f"{type(self).__name__}.{name} failed")
        return getattr(self.scenario, name)

    def topology(self):
        return TOPOLOGIES[self.scenario.topo]()

    @property
    def may_outrun(self):
        """Whether a reset may be lost or late on its way."""
        return self.loss

    @property
    def expect(self):
        """Where a box only races the server, SYNs win whose resets are lost or late."""
        truth = self.scenario.expect
        races = any(isinstance(box, boxes.Box) and box.races and place not in self.scenario.rules
                    for place, box in self.scenario.boxes)
        culprits = [who for state, who in ((truth.state, truth.culprit), *truth.also)
                    if state in ("blocked", "degraded") and who in SEGMENTS]
        culprits = list(dict.fromkeys(culprits))
        if not culprits or not races or not self.may_outrun:
            return truth
        # A reset that is late wins where SYN-ACKs are lost.
        return dataclasses.replace(truth, also=truth.also + (
            ("open", "none"), ("degraded", "unknown"),
            *(("degraded", culprit) for culprit in culprits)),
            either=truth.either + tuple(("degraded", culprit) for culprit in culprits))

    def first_link(self):
        """The place behind the line that leaves the local network, or the tunnel; else the last."""
        places = self.topology().places.values()
        return next((place.name for place in places if place.net in ("isp", "cgn", "exit")),
                    [place.name for place in places][-1])

    @property
    def owners(self):
        """Whether owners of hops are named to the program."""
        return self.networks or "--asn-db" in self.scenario.options

    @property
    def delays(self):
        delays = dict(self.scenario.delays)
        if self.rtt:
            delays[self.first_link()] = self.rtt / 2
        return delays

    @property
    def links(self):
        return {**self.scenario.links, **{name: "tap" for name in self.delays}}

    @property
    def wires(self):
        wires = dict(self.scenario.wires)
        for name, delay in self.delays.items():
            wires[name] = {**wires.get(name, {}), "delay_ms": delay, "seed": self.seed}
        return wires

    @property
    def rules(self):
        percent = self.loss or self.scenario.loss
        if not percent:
            return self.scenario.rules
        more = dict(self.scenario.rules)
        routers = [place.name for place in self.topology().of_kind("router")]
        lossy = "gw" if "gw" in routers else routers[0]
        more[lossy] = [*more.get(lossy, ()), rule_set.loss(percent)]
        return more

    def arguments(self, folder):
        """The program's options and hosts for this variant."""
        options = []
        if self.family in ("4", "6"):
            options.append("-" + self.family)
        if self.networks:
            options += ["--networks", f"{folder}/networks"]
        if self.scenario.lists:
            options += ["--servers", f"{folder}/servers.tsv"]
        options += ["--cacert", f"{folder}/ca.pem"]
        more = [word.replace("%FOLDER%", folder) for word in self.scenario.options]
        return [*options, *more, *self.scenario.hosts]


def variants(scenario, **parameters):
    """All variants of a scenario, the first being the one its plain name stands for."""
    return [Setup(f"{scenario.name}.{word}", scenario, word.rstrip("n"), word.endswith("n"),
                  **parameters) for word in scenario.variants.split()]


def find(scenarios, name, **parameters):
    """The variant of this name (NAME or NAME.VARIANT), or None; a topology's name is it bare."""
    if name in TOPOLOGIES:
        plain = Scenario(name, 0, "plain", name, "nobody blocks", open_port(), variants="46n")
        return Setup(name, plain, "46", True, **parameters)
    for scenario in scenarios:
        if name == scenario.name:
            setup = variants(scenario, **parameters)[0]
            return dataclasses.replace(setup, name=name)
        for setup in variants(scenario, **parameters):
            if setup.name == name:
                return setup
    return None
