# SPDX-License-Identifier: BSD-2-Clause
"""Every number of every sentence of a result, against what was measured.

A hop that a sentence names must be one of the way, its address one that answered there, and "which
does not answer" the truth; a port must be one that was asked; so many of so many can be no more
than that, and no more than there are. A number of which nothing is known is a fault as well: who
writes a new sentence says here what its numbers are of.
"""

import re

ADDRESS = r"[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(?:%\w+)?"
HOP = re.compile(rf"\b[Hh]op (\d+)(?: \((?:(which does not answer)|({ADDRESS}))\))?")
ANY_ADDRESS = re.compile(r"[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*|\b\d+\.\d+\.\d+\.\d+\b")
PORTS = r"(\d+(?:, \d+)*)"
INITIAL_TTLS = (32, 64, 128, 255)
MOST_PORT = 65535
MOST_SECONDS = 3600
NAMED_FROM = 75  # chances in 100

# What was no measurement: citations, protocols, what somebody on the way said.
PLAIN = (
    r"\badvmss \d+",
    r" The rule: .*$", r"\bthis rule stops it: .*$",
    r"\bqueue \d+, on which (?:no program|a program|\S+ \(process \d+\))",
    r"\bsend the connections to \S*\s*port \d+",
    r'(?:\b\d{3} )?"[^"]*"', r"\bdeclines: \d{3} .*$", r"\bIPv[46]\b", r"\bRFC \d+",
    r"\bBCP \d+", r"\bsection \d+(?:\.\d+)*",
    r"\bTLSv\d(?:\.\d)?(?: / \w+)?", rf"\bat {ADDRESS}\b", r"\bBlocking port 25\b",
    r"\bsubmission port 587\b", r"\b(?:error|user) \d+",
    r"\btype \d+, code \d+", r"\bAllow it on this host: .*$",
    r"--budget 90\b", r"\bbegins with 220\b", r"\bfor i in \$\(bpftool .*", r"\(993 or 443\)", r"\bprecedence\s+\S*/96 100\b", r"\bTLS alert \d+",
)
PORT_LISTS = (
    r"\b[Pp]ort (\d+)\b",
    rf"\bmail ports (?:only )?{PORTS} fails?; {PORTS} answers?\b",
    rf"\bmail ports only {PORTS} fails like this; {PORTS} (?:is|are) refused\b",
    rf"\bports {PORTS}", r"\bnc\s+(\d+)$",
    rf"\bfail alike \({PORTS}\)", rf"\bnone of the ports {PORTS}",
)
SOURCE_PORTS = (rf"\bsource ports {PORTS} fail and {PORTS} pass", r"\((\d+) to (\d+) fail\)")
SHARES = r"\b(\d+) of (\d+) ((?:full-TTL )?SYNs|test packets|servers(?: answer)?|networks)\b"
DISTANCES = (r"\bcome (\d+) hops?\b", r"\bonly (\d+) hops?\b", r"\btravel (\d+) hops?\b",
             r"\bleast (\d+) hops?\b", r"\bmore than (\d+) hops?\b", r"\bdistance of (\d+) hops?\b")
COUNTS = (r"\bof (\d+) another one\b", r"\banswers (\d+) of (\d+)",
          r"\b(\d+) (?:SYNs?|test packets?|flows|passing|failing|sessions?|cases|always|never)\b",
          r"\band (\d+) never\b", r"\bOf (\d+) flows\b")


class Reader:
    """What a result says of itself, for its sentences."""

    def __init__(self, result):
        self.result = result
        self.servers = result["servers"]
        self.sent = max(result["run"]["packets_sent"], result["run"]["packets_seen"])
        self.ports = {result["run"]["port"]} | {
            row["port"] for server in self.servers for row in server["ports"]} | {
            server[key] for server in self.servers for key in ("port", "control")}
        self.faults = []

    def fault(self, sentence, what):
        self.faults.append(f"{what}, says '{sentence}'")

    def answers(self, server, hop):
        """The addresses that answered at the hop on the way to the server."""
        return {item["address"] for row in server["hops"] if row["hop"] == hop
                for lane in ("control", "target") for item in row[lane]}

    def ways(self, family):
        return [server for server in self.servers if family in (None, server["family"])]

    def length(self, way):
        """How many hops the way has, by all that shows any."""
        reply, known = way["reply"], [row["hop"] for row in way["hops"]]
        known += [hops for hops in way["distance"].values() if hops]
        quoted = reply["quoted_ttl"]
        if quoted is not None:
            # The hop that the rejected SYN had reached, and the next one.
            known.append(next(ttl for ttl in INITIAL_TTLS if quoted <= ttl) - quoted + 1)
        return max(known, default=0)

    def apart(self, server, hop):
        """Whether the port's way is known to be another than the control's, up to the hop."""
        for row in server["hops"]:
            control, target = ({item["address"] for item in row[lane]}
                               for lane in ("control", "target"))
            if row["hop"] <= hop and control and target and not control & target:
                return True
        return False

    def check_hop(self, sentence, found, server, family):
        hop, silent, address = int(found[1]), found[2], found[3]
        ways = self.ways(family)
        longest = max((self.length(way) for way in ways), default=0)
        if hop > longest:
            self.fault(sentence, f"no way has {hop} hops ({longest} at most)")
        shown = set().union(*(self.answers(way, hop) for way in ways))
        own = self.answers(server, hop) if server else shown
        # What other ways show counts where this one is not known to be another.
        anybody = own if server and self.apart(server, hop) else shown
        if silent and anybody:
            self.fault(sentence, f"at hop {hop} {', '.join(sorted(anybody))} answered")
        shown |= {way["reply"]["from"] for way in ways}
        if address and address not in shown:
            self.fault(sentence, f"nobody with {address} answered at hop {hop}")

    def check_passing(self, server, reasons):
        """No reason says that the SYNs of a port that passes every router end before the last."""
        for reason in reasons:
            found = re.search(r"reach hop (\d+)\b.*what goes further", reason["text"])
            distance = server["distance"]["control"]
            if found and distance and int(found[1]) < distance - 1:
                self.fault(reason["text"], f"the server is {distance} hops away, and the SYNs "
                                           "are said to pass every router")

    def take(self, text, pattern, check):
        """Checks what the pattern finds and leaves the rest of the text."""
        for found in re.finditer(pattern, text):
            check([int(number) for group in found.groups() if group
                   for number in re.findall(r"\d+", group)], found[0])
        return re.sub(pattern, " ", text)

    def known_beside(self, sentence, server, family):
        """The sentence without what is known of it at once: hosts, hops, addresses, TTLs."""
        text = sentence
        for host in {item["host"] for item in self.servers}:
            text = text.replace(host, " ")
        for found in HOP.finditer(text):
            self.check_hop(sentence, found, server, family)
        text = ANY_ADDRESS.sub(" ", HOP.sub(" ", text))

        def ttl(numbers, words):
            if not 0 < numbers[0] <= INITIAL_TTLS[-1]:
                self.fault(sentence, words)

        def some(numbers, words):
            if not numbers[0] <= numbers[1] <= len(self.servers):
                self.fault(sentence, f"{words.strip()}, of {len(self.servers)} servers")

        text = self.take(text, r"\bTTL (\d+)\b", ttl)
        text = self.take(text, r" \(on (\d+) of (\d+)\)", some).replace("  ", " ")
        return text.replace(" ,", ",")

    def read(self, sentence, server=None, family=None):
        """One sentence; `server`: whose way it is about, `family`: of which."""
        text = self.known_beside(sentence, server, family)

        def known(numbers, words):
            for number in set(numbers) - self.ports:
                self.fault(sentence, f"port {number} was not asked ({words})")

        def source(numbers, words):
            if any(number > MOST_PORT for number in numbers):
                self.fault(sentence, f"no source ports: {words}")

        def share(numbers, words):
            most = len(self.ways(family)) if "servers" in words else self.sent
            if not numbers[0] <= numbers[1] <= most:
                self.fault(sentence, f"{words}, of {most}")

        def networks(numbers, words):
            if not 1 <= numbers[0] <= len(self.ways(family)):
                self.fault(sentence, f"{words} of {len(self.ways(family))} servers")

        def distance(numbers, words):
            ways = [server] if server else self.ways(family)
            # A TTL-limited SYN may go one hop further than the last that was met.
            most = max((self.length(way) for way in ways), default=0) + 1
            if numbers[0] > most:
                self.fault(sentence, f"{words}: the way has {most - 1}")
            own = server and server["distance"]["control"]
            if own and words.startswith("distance of") and numbers[0] != own:
                self.fault(sentence, f"{words}: it is {own}")

        def count(numbers, words):
            if numbers[0] > self.sent:
                self.fault(sentence, f"{words}: only {self.sent} were sent")

        def seconds(numbers, words):
            if numbers[0] > MOST_SECONDS:
                self.fault(sentence, words)

        def chances(numbers, words):
            if numbers[0] > NAMED_FROM:
                self.fault(sentence, f"{words} are enough")

        for pattern in SOURCE_PORTS:
            text = self.take(text, pattern, source)
        for pattern in PLAIN:
            text = re.sub(pattern, " ", text)
        text = self.take(text, SHARES, share)
        text = self.take(text, r"\bin (\d+) networks?\b", networks)
        text = self.take(text, r"\bof (\d+) networks?\b", networks)
        for patterns, check in ((PORT_LISTS, known), (DISTANCES, distance), (COUNTS, count),
                                ((r"\b(?:took|for) (\d+) s\b", r"\b(\d+) seconds\b"), seconds),
                                ((r"\b(\d+) chances in 100\b",), chances)):
            for pattern in patterns:
                text = self.take(text, pattern, check)
        for number in re.findall(r"(?<![\w.])\d+(?![\w.]*\w)", text):
            self.fault(sentence, f"it is not known what {number} is of")


def faults(result):
    """What is not true of the numbers in the result's sentences."""
    reader = Reader(result)
    servers, verdict = result["servers"], result["verdict"]
    family = verdict["family"] if verdict["family"] in ("ipv4", "ipv6") else None
    speakers = [reason["server"] for reason in verdict["reasons"] if reason["server"] is not None]
    speaker = servers[speakers[0]] if speakers else None
    reader.read(verdict["sentence"], speaker, speaker["family"] if speaker else family)
    for reason in verdict["reasons"]:
        server = servers[reason["server"]] if reason["server"] is not None else None
        reader.read(reason["text"], server, server["family"] if server else family)
    if "pass every router" in verdict["sentence"]:
        reader.check_passing(speaker, verdict["reasons"])
    for text in [*verdict["next"], *(item["text"] for item in verdict["suspects"])]:
        reader.read(text, speaker)
    for server in servers:
        reader.read(server["sentence"], server, server["family"])
    return reader.faults


def hop_faults(text, result):
    """The hops in a longer text about a result, such as the ticket, whatever its lines."""
    reader = Reader(result)
    joined = " ".join(text.split())
    for found in HOP.finditer(joined):
        reader.check_hop(found[0], found, None, None)
    return reader.faults
