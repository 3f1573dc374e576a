# SPDX-License-Identifier: BSD-2-Clause
"""Programs on the root control group that deny a port to one network namespace alone.

They compare the namespace's cookie, so no process of the machine but the client's is touched,
and they hang on a link descriptor: the kernel removes them with the process that holds it.
"""

import ctypes
import os
import socket
import struct

from labkit import kernel

SYS_BPF = 321 if os.uname().machine == "x86_64" else 280
PROG_LOAD, LINK_CREATE = 5, 28
CGROUP_SKB, CGROUP_SOCK_ADDR = 8, 18
EGRESS, CONNECT4, CONNECT6 = 1, 10, 11
SKB_LOAD_BYTES, GET_NETNS_COOKIE = 26, 122
SO_NETNS_COOKIE = 71

MOV_IMM, MOV_REG, LOAD_WORD, LOAD_HALF_STACK = 0xB7, 0xBF, 0x61, 0x69
ADD_IMM, JNE_IMM, JNE_REG, CALL, EXIT, LOAD_IMM64 = 0x07, 0x55, 0x5D, 0x85, 0x95, 0x18


def op(code, dst=0, src=0, offset=0, value=0):
    return struct.pack("<BBhi", code, src << 4 | dst, offset, value)


def imm64(dst, value):
    low, high = value & 0xFFFFFFFF, value >> 32
    return (struct.pack("<BBhI", LOAD_IMM64, dst, 0, low) + struct.pack("<BBhI", 0, 0, 0, high))


def in_namespace(cookie, rest):
    """Runs rest (context in r6) in this namespace alone; allows everything elsewhere."""
    body = op(MOV_IMM, 0, value=0) + op(EXIT)
    allow = op(MOV_IMM, 0, value=1) + op(EXIT)
    head = (op(MOV_REG, 6, 1) + op(CALL, value=GET_NETNS_COOKIE) + imm64(2, cookie))
    jump = op(JNE_REG, 0, 2, offset=(len(rest) + len(body)) // 8)
    return head + jump + rest + body + allow


def deny_connect(cookie, port):
    """For connect(): user_port lies at offset 24, in network byte order."""
    rest = op(LOAD_WORD, 2, 6, 24) + op(JNE_IMM, 2, 0, 2, socket.htons(port))
    return in_namespace(cookie, rest)


def deny_egress(cookie, port, offset):
    """For packets: the destination port lies at this offset of the IP packet."""
    rest = (op(MOV_REG, 1, 6) + op(MOV_IMM, 2, value=offset) + op(MOV_REG, 3, 10) +
            op(ADD_IMM, 3, value=-8) + op(MOV_IMM, 4, value=2) +
            op(CALL, value=SKB_LOAD_BYTES) + op(JNE_IMM, 0, 0, 4, 0) +
            op(LOAD_HALF_STACK, 2, 10, -8) + op(JNE_IMM, 2, 0, 2, socket.htons(port)))
    return in_namespace(cookie, rest)


def bpf(command, attributes):
    buffer = ctypes.create_string_buffer(attributes, 128)
    result = kernel.libc.syscall(SYS_BPF, command, buffer, len(buffer))
    if result < 0:
        kernel.check(-1, "bpf")
    return result


def attach(group, kind, where, code):
    instructions = ctypes.create_string_buffer(code, len(code))
    licence = ctypes.create_string_buffer(b"GPL")
    log = ctypes.create_string_buffer(65536)
    program = bpf(PROG_LOAD, struct.pack(
        "<IIQQIIQII16sII", kind, len(code) // 8, ctypes.addressof(instructions),
        ctypes.addressof(licence), 1, len(log), ctypes.addressof(log), 0, 0, b"lab", 0, where))
    return bpf(LINK_CREATE, struct.pack("<IIII", program, group, where, 0))


def deny(world, port=587, egress=False):
    """Denies the port to the client's connect() or, with egress, to its packets."""
    folder = os.path.join(world.folder, "cgroup")
    os.mkdir(folder)
    kernel.mount("none", folder, "cgroup2")
    group = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    world.net.enter("cli")
    with socket.socket() as sock:
        (cookie,) = struct.unpack("=Q", sock.getsockopt(socket.SOL_SOCKET, SO_NETNS_COOKIE, 8))
    world.net.leave()
    if egress:
        for offset in (22, 42):
            attach(group, CGROUP_SKB, EGRESS, deny_egress(cookie, port, offset))
    else:
        for where in (CONNECT4, CONNECT6):
            attach(group, CGROUP_SOCK_ADDR, where, deny_connect(cookie, port))
