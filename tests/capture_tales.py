# SPDX-License-Identifier: BSD-2-Clause
"""The kinds of captures that administrators bring: what happened, and what may be said of it."""

from capture_make import (ACK, BARE, CIPHERED, CIPHERS, FIN, GREETING, HELLO_12, HELLO_13, OFFER, RST,
                          SYN, Story, Talk, asks_for, certificate, record)

OPEN, UNDECIDED = {0}, {20}
NOT_OPEN = {16, 17, 20}
NOBODY = frozenset()
LOCAL, ISP, TRANSIT, REMOTE, HOST = "local-network", "isp", "transit", "remote", "local-host"


def resets(story, servers, ttl=60):
    for server in story.servers[:servers]:
        ports, _ = story.syn(server)
        story.back(server, ports, RST | ACK, ttl)


def reset_then_synack(story, servers):
    for server in story.servers[:servers]:
        ports, _ = story.syn(server)
        story.back(server, ports, RST | ACK, 60)
        story.back(server, ports, SYN | ACK, 50)


def reset_then_session(story, servers):
    for server in story.servers[:servers]:
        ports, _ = story.syn(server)
        story.back(server, ports, RST | ACK, 60)
        story.back(server, ports, SYN | ACK, 50)
        story.tcp(story.client, server, ports, ACK, 1001, 5001)
        story.tcp(server, story.client, ports[::-1], ACK, 5001, 1001, 50, GREETING)


def synack_then_reset(story, servers, ttl=50, seq=0, flags=RST | ACK):
    """Accepted, and reset before the capture has an ACK of the client's."""
    for server in story.servers[:servers]:
        ports, _ = story.syn(server)
        story.back(server, ports, SYN | ACK, 50)
        story.tcp(server, story.client, ports[::-1], flags, seq, 1001, ttl)


def half_open(story, servers):
    """A scan: the client's own kernel resets what is accepted."""
    for server in story.servers[:servers]:
        for _ in range(2):
            ports, _ = story.syn(server)
            story.back(server, ports, SYN | ACK, 50)
            story.tcp(story.client, server, ports, RST, 1001)


def reset_at_hello(talk):
    talk.starttls()
    talk.send(asks_for(b"mail.example.org"))
    talk.hear(b"", RST | ACK)


def rejected(story, servers, who, ttl, quoted, code=13):
    for server in story.servers[:servers]:
        for _ in range(3):
            _, syn = story.syn(server)
            story.icmp(server if who == "server" else getattr(story, who), syn, ttl, quoted, code)


def move_in(story, near=True):
    """The servers are on the client's own segment, numbered from its network or from one block."""
    if near:
        story.servers = tuple(story.client[:-2] + str(n) for n in (31, 32, 33))
    elif story.version == 4:
        story.client, story.servers = "10.1.0.20", ("10.1.7.31", "10.1.8.31", "10.1.9.31")
    else:
        story.client, story.servers = "fe80::20", ("fe80::1:31", "fe80::2:31", "fe80::3:31")


def neighbours(story, servers, near=True):
    move_in(story, near)
    for server in story.servers[:servers]:
        ports, _ = story.syn(server, 443)
        story.back(server, ports, SYN | ACK, 64)
        for _ in range(3):
            ports, _ = story.syn(server)
            story.tcp(story.client, server, ports, SYN, 1000, after=1000)
            story.tcp(story.client, server, ports, SYN, 1000, after=2000)


def neighbours_reset(story, servers, near=True):
    move_in(story, near)
    resets(story, servers, 64)


def neighbours_reject(story, servers, near=True):
    move_in(story, near)
    rejected(story, servers, "server", 64, 64)


def backscatter(story, servers):
    for server in story.servers[:servers]:
        for _ in range(5):
            story.ports += 1
            story.back(server, (story.ports, 587), SYN | ACK, 50)


def each_talk(story, servers, tell, port=587):
    for server in story.servers[:servers]:
        for _ in range(2):
            tell(Talk(story, server, port=port))


def queued(talk):
    """STARTTLS is offered and unused; the server closes."""
    talk.begin()
    talk.post()
    talk.close(by_server=True)


def helo(talk):
    talk.hear(GREETING)
    talk.ask(b"HELO scanner\r\n", b"250 mail.example.org\r\n")
    talk.ask(b"QUIT\r\n", b"221 bye\r\n")
    talk.close(by_server=True)


def asked_again(talk):
    """A bare EHLO behind one that was accepted is refused."""
    talk.begin()
    talk.ask(b"ehlo\r\n", b"501 syntax\r\n")
    talk.ask(b"QUIT\r\n", b"221 bye\r\n")
    talk.close()


def taken_without_tls(talk):
    talk.begin(BARE)
    talk.post()
    talk.close()


def tls_13(talk):
    talk.starttls()
    talk.ask(asks_for(b"mail.example.org"), HELLO_13 + CIPHERS + record(23, bytes(900)))
    talk.ask(CIPHERS + record(23, bytes(53)) + record(23, bytes(30)), record(23, bytes(150)))
    talk.ask(record(23, bytes(23)), record(23, bytes(32)))
    talk.close(by_server=True)


def tls_12(talk):
    talk.starttls()
    talk.ask(asks_for(b"mail.example.org"),
             HELLO_12 + certificate(b"mail.example.org", b"Some CA"))
    talk.ask(record(22, bytes(70)) + CIPHERS + CIPHERED, CIPHERS + CIPHERED)
    talk.ask(record(23, bytes(30)), record(23, bytes(150)))
    talk.ask(record(23, bytes(23)), record(23, bytes(32)))
    talk.close(by_server=True)


def not_finished(talk):
    """The capture ends before the connection does."""
    talk.begin()
    talk.ask(b"NOOP\r\n", b"250 ok\r\n")


def hello_unanswered(talk):
    talk.starttls()
    talk.send(asks_for(b"mail.example.org"))
    talk.hear()
    talk.story.wait(30000)
    talk.send(b"", FIN | ACK)


def unacknowledged(talk):
    talk.starttls()
    talk.send(asks_for(b"mail.example.org"), again=True)
    for seconds in (1, 2, 4, 8):
        talk.story.wait(seconds * 1000)
        talk.send(asks_for(b"mail.example.org"), again=True)
    talk.story.wait(16000)
    talk.send(b"", RST)


def large_lost(talk):
    talk.starttls()
    talk.send(asks_for(b"mail.example.org"))
    talk.hear()
    talk.hear(record(23, bytes(600)), lost=2896)
    talk.story.wait(30000)
    talk.send(b"", FIN | ACK)


def wrong_name(talk):
    talk.starttls()
    talk.ask(asks_for(b"mail.example.org"),
             HELLO_12 + certificate(b"host.other.example", b"Other CA"))
    talk.send(record(21, b"\x02\x2a"))
    talk.close()


def fast_open(story, servers):
    """The data of the SYN is acknowledged."""
    for server in story.servers[:servers]:
        talk = Talk.fast(story, server, b"EHLO laptop\r\n")
        talk.hear(GREETING + OFFER)
        talk.ask(b"QUIT\r\n", b"221 bye\r\n")
        talk.close()


def fast_open_again(story, servers):
    """It is not, and sent again."""
    for server in story.servers[:servers]:
        ports = story.fast_syn(server, b"EHLO laptop\r\n")
        story.back(server, ports, SYN | ACK, 50)
        story.tcp(story.client, server, ports, ACK, 1001, 5001, payload=b"EHLO laptop\r\n")
        story.tcp(server, story.client, ports[::-1], ACK, 5001, 1014, 50, GREETING + OFFER)


def fast_open_refused(story, servers):
    for server in story.servers[:servers]:
        ports = story.fast_syn(server, b"EHLO laptop\r\n")
        story.back(server, ports, RST | ACK, 50, taken=13)


def fast_open_rejected(story, servers):
    for server in story.servers[:servers]:
        for _ in range(3):
            story.fast_syn(server, b"EHLO laptop\r\n")
            story.icmp(story.gateway, story.frames[-1].packet, 64, 64)


def first_handshake(talk):
    """TLS from the first byte (RFC 8314)."""
    talk.ask(asks_for(b"mail.example.org"), HELLO_13 + CIPHERS + record(23, bytes(900)))
    talk.ask(CIPHERS + record(23, bytes(53)) + record(23, bytes(30)), record(23, bytes(150)))
    talk.ask(record(23, bytes(23)), record(23, bytes(32)))
    talk.close(by_server=True)


def first_hello_unanswered(talk):
    talk.send(asks_for(b"mail.example.org"))
    talk.hear()
    talk.story.wait(30000)
    talk.send(b"", FIN | ACK)


def alert_answers(talk):
    talk.ask(asks_for(b"mail.example.org"), record(21, b"\x02\x28"))
    talk.close(by_server=True)


def alert_after_starttls(talk):
    talk.starttls()
    alert_answers(talk)


def greeted_in_clear(talk):
    """A server that greets in clear on a port for TLS, and a client that goes along."""
    talk.begin()
    talk.ask(b"QUIT\r\n", b"221 bye\r\n")
    talk.close(by_server=True)


def hello_to_clear(talk):
    """A client that begins TLS at once, where the server greets in clear."""
    talk.send(asks_for(b"mail.example.org"))
    talk.hear(GREETING)
    talk.close()


def waits_for_hello(talk):
    """Nobody says anything: on a port for TLS, that is the client's turn."""
    talk.story.wait(60000)
    talk.close()


def left_at_once(talk):
    talk.close()


def queued_in_chunks(talk):
    """RFC 3030."""
    talk.begin(BARE)
    talk.ask(b"MAIL FROM:<a@example.org>\r\n", b"250 ok\r\n")
    talk.ask(b"RCPT TO:<b@example.org>\r\n", b"250 ok\r\n")
    talk.ask(b"BDAT 14 LAST\r\nSubject: x\r\n\r\n", b"250 2.0.0 Ok: queued as 12\r\n")
    talk.close(by_server=True)


def reset_behind_quit(talk):
    talk.begin()
    talk.send(b"QUIT\r\n")
    talk.hear(b"", RST | ACK)


def zero(story, servers):
    """Port 0 answers, which nobody can have meant; the port under test does not."""
    for server in story.servers[:servers]:
        ports, _ = story.syn(server, 0)
        story.back(server, ports, SYN | ACK, 50)
        story.tcp(story.client, server, ports, RST, 1001)
        for _ in range(3):
            story.syn(server)
    story.wait(9000)
    story.tcp(story.client, story.servers[0], (39999, 80), ACK, 1)


class Kind:
    """`tell` fills a story; what may be said of it; what must be among the words, and what not."""

    def __init__(self, tell, statuses, never=NOBODY, words=(), control=(False, True),
                 versions=(4, 6), servers=(1, 3), unsaid=(), late=False, nameless=False,
                 contradicted=False):
        self.tell, self.statuses, self.never, self.words = tell, set(statuses), set(never), words
        self.control, self.versions, self.servers = control, versions, servers
        self.unsaid = unsaid  # words that would not be true
        self.late = late  # what proves that the port works comes behind what looks like a refusal
        self.nameless = nameless  # nothing tells who did it
        self.contradicted = contradicted  # what accepts stands in one frame, before the refusal

    def story(self, version, servers, control):
        story = Story(version)
        self.tell(story, servers)
        if control:
            story.control()
        return story


def mail(tell, statuses, words=(), unsaid=(), port=587, **more):
    return Kind(lambda story, n: each_talk(story, n, tell, port), statuses, words=words,
                unsaid=unsaid, **more)


# Resets, of which no other port tells whose they are; the same beside one that does.
KINDS = {
    "resets": Kind(resets, {17, 20}, control=(False,)),
    "resets-nearer": Kind(resets, {17, 20}, control=(True,)),
    "resets-as-far": Kind(lambda story, n: resets(story, n, 50), {14}, control=(True,)),
    "reset-then-synack": Kind(reset_then_synack, {0, 16, 17, 20}),
    "synack-then-reset": Kind(synack_then_reset, {16, 17, 20}, nameless=True, contradicted=True),
    "synack-then-reset-nearer": Kind(lambda story, n: synack_then_reset(story, n, 60),
                                     {16, 17, 20}, nameless=True),
    "synack-taken-back": Kind(lambda story, n: synack_then_reset(story, n, 50, 5001, RST),
                              {16, 17, 20}, nameless=True),
    "half-open": Kind(half_open, OPEN),
    "reset-at-hello": mail(reset_at_hello, {16, 17, 20}, ("TLS ClientHello",), nameless=True),
    "reset-then-session": Kind(reset_then_session, {0, 16, 17, 20}, late=True,
                               words=("drew a reset and a SYN-ACK",)),
    "rejected-by-gateway": Kind(lambda story, n: rejected(story, n, "gateway", 64, 64),
                                {11, 12, 17}, {REMOTE, TRANSIT, HOST}, ("ICMP",)),
    "rejected-by-provider": Kind(lambda story, n: rejected(story, n, "provider", 63, 63),
                                 {11, 12, 17}, {REMOTE, TRANSIT, HOST}, ("ICMP",)),
    "rejected-here": Kind(lambda story, n: rejected(story, n, "client", 64, 64, 3), {10},
                          {LOCAL, ISP, TRANSIT, REMOTE}, ("this host",)),
    "rejected-by-server": Kind(lambda story, n: rejected(story, n, "server", 52, 52), {14, 17, 20},
                               {LOCAL, HOST}, ("ICMP",)),
    "neighbours": Kind(neighbours, {14, 17, 20}, {ISP, TRANSIT}, control=(False,)),
    "backscatter": Kind(backscatter, UNDECIDED, control=(False,)),
    "queued": mail(queued, OPEN),
    "helo": mail(helo, OPEN),
    "asked-again": mail(asked_again, OPEN),
    "taken-without-tls": mail(taken_without_tls, OPEN),
    "tls-1.3": mail(tls_13, OPEN),
    "tls-1.2": mail(tls_12, OPEN),
    "not-finished": mail(not_finished, OPEN),
    "hello-unanswered": mail(hello_unanswered, NOT_OPEN),
    "unacknowledged": mail(unacknowledged, NOT_OPEN),
    "large-lost": mail(large_lost, NOT_OPEN),
    "wrong-name": mail(wrong_name, {15, 16, 17, 20},
                       ("mail.example.org", "host.other.example", "Other CA")),
    "fast-open": Kind(fast_open, OPEN, words=("a mail server answers",)),
    "fast-open-again": Kind(fast_open_again, OPEN, words=("a mail server answers",)),
    "fast-open-refused": Kind(fast_open_refused, {14}, control=(True,), words=("Resets",)),
    "fast-open-rejected": Kind(fast_open_rejected, {11, 12, 17}, {REMOTE, TRANSIT, HOST},
                               ("ICMP",)),
    "tls-first": mail(first_handshake, OPEN, ("TLS begins at once",), ("mail dialogue",), 465),
    "tls-first-unanswered": mail(first_hello_unanswered, NOT_OPEN, ("TLS ClientHello",),
                                 ("greet",), 465),
    "alert": mail(alert_answers, UNDECIDED, ("TLS alert 40",), ("cut off",), 465),
    "alert-after-starttls": mail(alert_after_starttls, UNDECIDED, ("TLS alert 40",), ("cut off",)),
    "greeted-in-clear": mail(greeted_in_clear, OPEN, ("in clear",), port=465),
    "hello-to-clear": mail(hello_to_clear, OPEN, ("mail program's setting",), port=465),
    "waits-for-hello": mail(waits_for_hello, OPEN, unsaid=("greet",), port=465),
    "left-at-once": mail(left_at_once, OPEN, unsaid=("reads the dialogue",)),
    "neighbours-in-a-block": Kind(lambda story, n: neighbours(story, n, False), {14, 17, 20},
                                  {ISP, TRANSIT}, control=(False,)),
    "neighbours-reset": Kind(neighbours_reset, {14, 17, 20}, {ISP, TRANSIT}, control=(False,),
                             unsaid=("WAN port",)),
    "neighbours-reject": Kind(neighbours_reject, {14, 17, 20}, {ISP, TRANSIT}, ("segment",),
                              control=(False,)),
    "block-resets": Kind(lambda story, n: neighbours_reset(story, n, False), {14, 17, 20},
                         {ISP, TRANSIT}, control=(False,)),
    "block-rejects": Kind(lambda story, n: neighbours_reject(story, n, False), {14, 17, 20},
                          {ISP, TRANSIT}, ("segment",), control=(False,)),
    "queued-in-chunks": mail(queued_in_chunks, OPEN),
    "reset-behind-quit": mail(reset_behind_quit, OPEN),
    "zero": Kind(zero, {20}, control=(False,), unsaid=("port 0", "ports answered")),
}
