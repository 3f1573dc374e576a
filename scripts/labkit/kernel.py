# SPDX-License-Identifier: BSD-2-Clause
"""System calls that Python 3.11 does not wrap, and little else.

Every function raises OSError. Namespaces are file descriptors: they live as long as a
descriptor (or a process) holds them, so nothing has a name and nothing is left behind.
"""

import ctypes
import errno
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import traceback

CLONE_NEWNS = 0x00020000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
PR_SET_PDEATHSIG = 1
SIOCETHTOOL = 0x8946
SIOCGIFFLAGS = 0x8913
IFF_RUNNING = 0x40
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_TAP, IFF_NO_PI = 0x0001, 0x0002, 0x1000
# rx and tx checksums, scatter-gather, TSO, GSO, GRO: ETHTOOL_S*
OFFLOADS = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags):
    check(libc.unshare(flags), "unshare")


def enter(netns):
    """The calling thread moves into the namespace of this descriptor."""
    check(libc.setns(netns, CLONE_NEWNET), "setns")


def new_netns():
    """The calling thread moves into a new network namespace; returns its descriptor."""
    unshare(CLONE_NEWNET)
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def mount(source, target, kind=None, flags=0, data=None):
    encode = lambda text: text.encode() if text is not None else None
    check(libc.mount(encode(source), encode(target), encode(kind), ctypes.c_ulong(flags),
                     encode(data)), f"mount {target}")


def die_with_parent():
    check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def sysctl(name, value):
    """Sets a network sysctl in the caller's namespace; one that this kernel lacks is skipped."""
    try:
        with open("/proc/sys/net/" + name, "w", encoding="ascii") as file:
            file.write(str(value))
    except FileNotFoundError:
        pass


def offloads_off(sock, device):
    """Checksums on the wire are real only when no driver defers them."""
    for command in OFFLOADS:
        value = ctypes.create_string_buffer(struct.pack("=II", command, 0))
        request = struct.pack("16sP16x", device.encode(), ctypes.addressof(value))
        try:
            fcntl.ioctl(sock, SIOCETHTOOL, request)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
                raise


def running(sock, device):
    """Whether the device is up and its link carries."""
    request = fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack("16s24x", device.encode()))
    return bool(struct.unpack_from("=h", request, 16)[0] & IFF_RUNNING)


def wait_running(deadline):
    """Until every device of the caller's namespace carries: before that the kernel drops."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, device in socket.if_nameindex():
            while not running(sock, device):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{device} does not come up")
                time.sleep(0.001)


def open_tun(device, tap):
    """Creates a TUN or TAP device in the caller's namespace; its descriptor is the wire."""
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
    flags = (IFF_TAP if tap else IFF_TUN) | IFF_NO_PI
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", device.encode(), flags))
    return fd


def feed(command, text):
    """Runs a command with text as its standard input; an error names the culprit."""
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode().strip()}\n{text}")


def preloaded(library):
    """The variables that make a program load it first. LD_PRELOAD takes no path with blanks."""
    return {"LD_LIBRARY_PATH": os.path.dirname(library), "LD_PRELOAD": os.path.basename(library)}


def fork_guarded(work):
    """A child that dies with its parent and runs work(); returns its process id."""
    ready, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        os.read(ready, 1)
        os.close(ready)
        return pid
    status = 1
    try:
        os.close(ready)
        die_with_parent()
        # A parent that died before the request above has closed the pipe: this raises.
        os.write(tell, b".")
        os.close(tell)
        status = work() or 0
    except KeyboardInterrupt:
        status = 130
    except BaseException:  # a forked child must never return into its parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def exit_status(wait_status):
    """The status a shell would report."""
    code = os.waitstatus_to_exitcode(wait_status)
    return code if code >= 0 else 128 - code
