# SPDX-License-Identifier: BSD-2-Clause
"""Kinds of captures in which TCP goes odd ways, or that were not made beside the client."""

import struct

from capture_make import ACK, BARE, FIN, MS, RST, SYN, Talk, asks_for, ip_packet
from capture_tales import HOST, ISP, LOCAL, OPEN, REMOTE, TRANSIT, UNDECIDED, Kind, mail

EXPIRED = {4: 11, 6: 3}  # time exceeded
TOO_BIG = {4: (3, 4), 6: (2, 0)}
PROTOCOL = {4: 1, 6: 58}
ELSEWHERE = (HOST, LOCAL, ISP, TRANSIT)


def until_silence_counts(story):
    story.wait(20000)
    story.tcp(story.client, story.servers[0], (39999, 80), ACK, 1)


def challenged(story, servers):
    """What still knows an older connection of these ports acknowledges that (RFC 5961, 4)."""
    for server in story.servers[:servers]:
        ports, _ = story.syn(server)
        for seconds in (1, 2, 4):
            story.tcp(server, story.client, ports[::-1], ACK, 777, 888, 50)
            story.tcp(story.client, server, ports, RST, 888)
            story.tcp(story.client, server, ports, SYN, 1000, after=1000 * seconds)
    until_silence_counts(story)


def by_turns(story, servers):
    """One SYN is refused, another one accepted."""
    for server in story.servers[:servers]:
        for flags in (RST | ACK, SYN | ACK):
            ports, _ = story.syn(server)
            story.back(server, ports, flags, 50)


def unheard(story, servers):
    """The client does not hear what the capture has."""
    for server in story.servers[:servers]:
        ports, _ = story.syn(server)
        for seconds in (1, 2, 4):
            story.back(server, ports, SYN | ACK, 50)
            story.tcp(story.client, server, ports, SYN, 1000, after=1000 * seconds)


def unheard_from_server(story, servers):
    """Captured beside the server, which sends what it accepted with again."""
    beside_server(story)
    for server in story.servers[:servers]:
        ports, _ = story.syn(server)
        for seconds in (1, 2, 4):
            story.back(server, ports, SYN | ACK, 64)
            story.wait(1000 * seconds)


def bare_resets(story, servers):
    """Resets that acknowledge nothing, which no client heeds."""
    for server in story.servers[:servers]:
        for _ in range(2):
            ports, _ = story.syn(server)
            story.tcp(server, story.client, ports[::-1], RST, 0, 0, 63, after=2)


def silent_anew(story, servers):
    """No SYN of a 5-tuple is answered, whatever its number."""
    for server in story.servers[:servers]:
        for _ in range(2):
            story.ports += 1
            for seq in (1000, 70000, 500000):
                story.tcp(story.client, server, (story.ports, 587), SYN, seq, after=1500)
    until_silence_counts(story)


def most_accept(story, _):
    """Of many servers in three networks, in each of which some refuse and some are silent."""
    for number in range(60):
        server = story.servers[number % 3][:-2] + str(100 + number)
        ports, _ = story.syn(server)
        if number % 10 < 8:
            story.back(server, ports, SYN | ACK, 50)
            story.tcp(story.client, server, ports, RST, 1001)
        elif number % 10 == 8:
            story.back(server, ports, RST | ACK, 50)
    until_silence_counts(story)


def numbered_anew(story, servers):
    """Each SYN of a 5-tuple has another number, and the last one is accepted."""
    for server in story.servers[:servers]:
        story.ports += 1
        ports = (story.ports, 587)
        for seq in (1000, 70000, 500000):
            story.tcp(story.client, server, ports, SYN, seq, after=1500)
        story.tcp(server, story.client, ports[::-1], SYN | ACK, 5000, 500001, 50)
        story.tcp(story.client, server, ports, RST, 500001)


def reused(story, servers, refused=True, lacks=()):
    """Refused or unanswered long ago, and then the same ports again, of which frames are missing."""
    for server in story.servers[:servers]:
        ports, _ = story.syn(server)
        if refused:
            story.back(server, ports, RST | ACK, 50)
        story.wait(60000)
        first = len(story.frames)
        talk = Talk.__new__(Talk)
        talk.story, talk.server, talk.ttl, talk.ports = story, server, 50, ports
        talk.seq, talk.ack = 900001, 7001
        story.tcp(story.client, server, ports, SYN, 900000)
        story.tcp(server, story.client, ports[::-1], SYN | ACK, 7000, 900001, 50)
        talk.send(b"")
        talk.begin()
        talk.post()
        talk.close()
        story.frames = [frame for number, frame in enumerate(story.frames)
                        if number - first not in lacks]


def reused_and_accepted(story, servers):
    """Only the answer is left of the second time."""
    reused(story, servers, lacks=(0, *range(2, 99)))


def beside_server(story):
    """The capture is the server's."""
    story.passed, story.arrival = 12, 64
    story.client = "198.18.7.20" if story.version == 4 else "2001:db8:77::20"


def dropped(story, servers):
    for server in story.servers[:servers]:
        for _ in range(3):
            ports, _ = story.syn(server)
            story.tcp(story.client, server, ports, SYN, 1000, after=1000)
    story.at_ns += 20000 * MS


def dropped_by_server(story, servers):
    beside_server(story)
    dropped(story, servers)


def refused_by_server(story, servers):
    beside_server(story)
    for server in story.servers[:servers]:
        for _ in range(3):
            ports, _ = story.syn(server)
            story.back(server, ports, RST | ACK, 64)


def scanned(story, servers):
    """A scanner chooses each TTL; who answers it answers nobody else."""
    for passed in (4, 11, 23):
        story.passed = passed
        dropped(story, servers)
    story.arrival = 64


def numbered_alike_elsewhere(story, servers):
    """Of one private block, but captured where the client's packets had crossed routers."""
    story.client, story.servers = "10.9.8.7", ("10.1.7.31", "10.2.8.31", "10.3.9.31")
    story.passed, story.arrival = 4, 64
    for server in story.servers[:servers]:
        for _ in range(3):
            ports, _ = story.syn(server)
            story.back(server, ports, RST | ACK, 64)


def no_way(story, servers):
    """A router that knows no way to the host says so, whatever the port."""
    for server in story.servers[:servers]:
        for _ in range(3):
            _, syn = story.syn(server)
            story.icmp(story.gateway, syn, 64, 64, 0)


def looped(story, servers):
    """SYNs of full TTL expire."""
    for server in story.servers[:servers]:
        for _ in range(3):
            _, syn = story.syn(server)
            story.icmp(story.provider, syn, 50, 1, kind=EXPIRED[story.version])


def cut_in_dialogue(talk):
    """A client that does without STARTTLS."""
    talk.begin()
    talk.send(b"NOOP\r\n")
    talk.hear(b"", RST | ACK)


def cut_without_tls(talk):
    """The server offers no STARTTLS, and the mail is on its way."""
    talk.begin(BARE)
    talk.ask(b"MAIL FROM:<a@example.org>\r\n", b"250 ok\r\n")
    talk.send(b"RCPT TO:<b@example.org>\r\n")
    talk.hear(b"", RST | ACK)


def too_large(talk):
    """A router says so, and the client sends no smaller one."""
    talk.starttls()
    talk.send(asks_for(b"mail.example.org"))
    story, large = talk.story, talk.story.frames[-1].packet
    kind, code = TOO_BIG[story.version]
    body = struct.pack(">BBHI", kind, code, 0, 1280) + large
    story.put(ip_packet(story.provider, story.client, PROTOCOL[story.version], body, 63))
    story.wait(20000)
    talk.send(b"", FIN | ACK)


def dead_in_dialogue(talk):
    talk.begin()
    for seconds in (0, 1, 2, 4, 8, 16):
        talk.story.wait(seconds * 1000)
        talk.send(b"MAIL FROM:<a@example.org>\r\n", again=True)
    talk.story.wait(16000)
    talk.send(b"", RST)


CONTROLLED = {"control": (True,)}
ODD_KINDS = {
    "challenged": Kind(challenged, UNDECIDED, **CONTROLLED),
    "challenged-alone": Kind(challenged, UNDECIDED, unsaid=("was filtered", "nothing that came"),
                             control=(False,)),
    "by-turns": Kind(by_turns, {16, 17, 20}, nameless=True, control=(False,)),
    "no-way": Kind(no_way, UNDECIDED, words=("no way leads",), control=(False,)),
    "no-way-for-this-port": Kind(no_way, {11, 12, 17}, {HOST, TRANSIT, REMOTE}, **CONTROLLED),
    "looped": Kind(looped, {17, 20}, words=("go round",), nameless=True, **CONTROLLED),
    "looped-alone": Kind(looped, UNDECIDED, words=("go round",), unsaid=("Nothing came back",),
                         control=(False,)),
    "cut-in-dialogue": mail(cut_in_dialogue, {16, 17, 20}, ("in the mail dialogue",),
                            ("STARTTLS", "reads the dialogue", "run this again"),
                            nameless=True),
    "cut-without-tls": mail(cut_without_tls, {16, 17, 20}, ("in the mail dialogue",),
                            ("STARTTLS", "reads the dialogue"), nameless=True),
    "too-large": mail(too_large, UNDECIDED, ("too large for the way",), ("was acknowledged",),
                      nameless=True),
    "dead-in-dialogue": mail(dead_in_dialogue, {16, 17, 20}, ("in the mail dialogue",),
                             ("STARTTLS",), nameless=True),
    "unheard": Kind(unheard, {10, 11, 17, 20}, nameless=True),
    "unheard-from-server": Kind(unheard_from_server, UNDECIDED, words=("one side sends again",),
                                control=(False,)),
    "bare-resets": Kind(bare_resets, UNDECIDED, words=("acknowledge nothing",), **CONTROLLED),
    "silent-anew": Kind(silent_anew, {17, 20}, nameless=True, words=("silent-drop",),
                        **CONTROLLED),
    "most-accept": Kind(most_accept, OPEN, control=(False,), servers=(3,)),
    "numbered-anew": Kind(numbered_anew, OPEN),
    "reused": Kind(reused, OPEN, late=True),
    "reused-unasked": Kind(lambda story, n: reused(story, n, lacks=(0,)), OPEN, late=True),
    "reused-after-silence": Kind(lambda story, n: reused(story, n, False, (0,)), OPEN, late=True),
    "reused-in-the-middle": Kind(lambda story, n: reused(story, n, lacks=(0, 1, 2)), {16, 17, 20},
                                 words=("and so do SYN-ACKs or data",), nameless=True, late=True),
    "reused-and-accepted": Kind(reused_and_accepted, {16, 17, 20}, nameless=True,
                                contradicted=True),
    "dropped-by-server": Kind(dropped_by_server, {14}, words=("beside the server",),
                              unsaid=("leave this host", "other servers answer", *ELSEWHERE), **CONTROLLED),
    "refused-by-server": Kind(refused_by_server, {14}, unsaid=ELSEWHERE, **CONTROLLED),
    "scanned": Kind(scanned, {17, 20}, nameless=True, **CONTROLLED),
    "numbered-alike-elsewhere": Kind(numbered_alike_elsewhere, {17, 20}, nameless=True,
                                     words=("transit",), versions=(4,), control=(False,)),
}
