# SPDX-License-Identifier: BSD-2-Clause
"""Writes small data bases in MaxMind's format: prefixes that do not overlap, a record each."""

import ipaddress
import struct

MARKER = b"\xab\xcd\xefMaxMind.com"
MAP, TEXT, UINT16, UINT32, UINT64, ARRAY = 7, 2, 5, 6, 9, 11


def head(kind, size):
    """The control bytes of a value: its type and size."""
    extended = kind > 7
    length = size if size < 29 else 29
    out = bytes([(0 if extended else kind) << 5 | length])
    out += bytes([kind - 7]) if extended else b""
    return out + (bytes([size - 29]) if size >= 29 else b"")


def number(kind, value):
    data = value.to_bytes(8, "big").lstrip(b"\0")
    return head(kind, len(data)) + data


def encode(value):
    if isinstance(value, dict):
        return head(MAP, len(value)) + b"".join(
            encode(key) + encode(item) for key, item in value.items())
    if isinstance(value, list):
        return head(ARRAY, len(value)) + b"".join(map(encode, value))
    if isinstance(value, str):
        data = value.encode()
        return head(TEXT, len(data)) + data
    return number(UINT32, value)


def bits_of(prefix):
    """The way to a prefix in the tree; IPv4 lies below ::/96."""
    net = ipaddress.ip_network(prefix)
    deep = net.prefixlen + (96 if net.version == 4 else 0)
    bits = f"{int(net.network_address):0128b}"
    return [int(bit) for bit in bits[:deep]]


def build(records, made):
    """The bytes of a data base: records by prefix, and its date in seconds since 1970."""
    nodes, data = [[None, None]], b""
    for prefix, record in records.items():
        *way, last = bits_of(prefix)
        node = 0
        for bit in way:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        nodes[node][last] = ("data", len(data))
        data += encode(record)

    def pointer(record):
        if record is None:
            return len(nodes)
        return len(nodes) + 16 + record[1] if isinstance(record, tuple) else record

    tree = b"".join(struct.pack(">I", pointer(record))[1:] for node in nodes for record in node)
    meta = head(MAP, 9) + b"".join(encode(key) + value for key, value in {
        "node_count": number(UINT32, len(nodes)),
        "record_size": number(UINT16, 24),
        "ip_version": number(UINT16, 6),
        "database_type": encode("Test-ASN"),
        "languages": encode([]),
        "binary_format_major_version": number(UINT16, 2),
        "binary_format_minor_version": number(UINT16, 0),
        "build_epoch": number(UINT64, made),
        "description": encode({"en": "test"}),
    }.items())
    return tree + bytes(16) + data + MARKER + meta
