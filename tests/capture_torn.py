# SPDX-License-Identifier: BSD-2-Clause
"""Kinds of captures whose segments are cut otherwise, overtake each other or are sent again."""

import struct

from capture_kit import Frame
from capture_make import ACK, FIN, MS, RST, SYN
from capture_tales import KINDS as TALES
from capture_tales import Kind

FAR_AWAY = 900_000  # beyond any window of these connections


def parts_of(frame):
    """(IP header, TCP header, payload); None: no data."""
    at = frame.tcp_at()
    if not frame.tcp() or frame.tcp()[2] & SYN:
        return None
    end = at + (frame.packet[at + 12] >> 4) * 4
    head, payload = bytearray(frame.packet[at:end]), frame.packet[end:]
    return (bytearray(frame.packet[:at]), head, payload) if payload else None


def built(frame, head, tcp, payload, later_ns):
    head = bytearray(head)
    size = len(tcp) + len(payload)
    at, value = (2, 20 + size) if frame.version() == 4 else (4, size)
    head[at:at + 2] = struct.pack(">H", value)
    return Frame(frame.at_ns + later_ns, head + tcp + payload, frame.out)


def moved(tcp, by, flags=None):
    tcp = bytearray(tcp)
    tcp[4:8] = struct.pack(">I", struct.unpack_from(">I", tcp, 4)[0] + by & 0xFFFFFFFF)
    tcp[13] = tcp[13] if flags is None else flags
    return tcp


def cut(frame, *places):
    """The segment in several, which begin at these places."""
    parts = parts_of(frame)
    if not parts:
        return [frame]
    head, tcp, payload = parts
    edges = [0, *(place for place in places if place < len(payload)), len(payload)]
    return [built(frame, head, moved(tcp, at, None if end == edges[-1] else tcp[13] & ~FIN),
                  payload[at:end], number * 20000)
            for number, (at, end) in enumerate(zip(edges, edges[1:]))]


def in_bytes(frame):
    """A TLS record's header byte by byte."""
    return cut(frame, 1, 2, 3, 4, 5)


def sent_again_with_more(frame):
    """The first six bytes, and then all of them in one segment."""
    some = cut(frame, 6)
    return [some[0], frame.changed(at_ns=MS)] if len(some) > 1 else some


def overtaken(frame):
    """The first part comes last, as where it was lost and is sent again."""
    some = cut(frame, 4, 12)
    return [part.changed(at_ns=some[-1 - n].at_ns - part.at_ns)
            for n, part in reversed(list(enumerate(some)))]


def with_a_forged_reset(frame):
    """Behind the greeting comes a reset whose number fits no window."""
    parts = parts_of(frame)
    if not parts or not parts[2].startswith(b"220 mail"):
        return [frame]
    head, tcp, _ = parts
    return [frame, built(frame, head, moved(tcp, FAR_AWAY, RST | ACK), b"", MS)]


EDITS = {"in-bytes": in_bytes, "sent-again-with-more": sent_again_with_more, "overtaken": overtaken,
         "forged-reset-outlived": with_a_forged_reset}
TORN = ("helo", "tls-1.3", "hello-unanswered", "wrong-name", "alert-after-starttls")


def torn(kind, edit):
    def tell(story, servers):
        kind.tell(story, servers)
        story.frames = [part for frame in story.frames for part in edit(frame)]

    return Kind(tell, kind.statuses, kind.never, kind.words, unsaid=kind.unsaid, versions=(4,),
                servers=(1,), control=(True,), nameless=kind.nameless)


TORN_KINDS = {f"{name}-{how}": torn(TALES[name], edit)
              for name in TORN for how, edit in EDITS.items()}
