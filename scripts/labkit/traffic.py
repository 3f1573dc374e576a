# SPDX-License-Identifier: BSD-2-Clause
"""traffic.py RATE ADDRESS ...: so many UDP packets a second to closed ports, without an end."""

import random
import socket
import sys
import time


def main(rate, *addresses):
    family = socket.AF_INET6 if ":" in addresses[0] else socket.AF_INET
    gap, due = 1 / int(rate), time.monotonic()
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        while True:
            try:
                sock.sendto(b"noise", (random.choice(addresses), random.randrange(33434, 33934)))
            except OSError:
                pass  # an unreachable that came back, or no way for now
            due += gap
            time.sleep(max(0, due - time.monotonic()))


if __name__ == "__main__":
    main(*sys.argv[1:])
