# SPDX-License-Identifier: BSD-2-Clause
"""Real products: packages that scripts/products fetches and that no system gets.

In a laboratory whose scenario asks for them they look installed: its own mounts lay their files over
the machine's folders, and what they write stays in its memory.
"""

import os
import subprocess
import time

from labkit import kernel

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
FOLDER = f"{ROOT}/build/products"
LAID_OVER = ("usr", "etc", "var")


def missing():
    """Why there are none, or None."""
    if not os.path.exists(f"{FOLDER}/complete"):
        return "their packages were not fetched (scripts/products does it)"
    with open("/proc/filesystems", encoding="ascii") as file:
        if "overlay\n" not in file.read().replace("\t", "\n"):
            return "this kernel lays no folder over another (overlay)"
    return None


def mount(world):
    """Makes them look installed; before the client's own files are put in their places."""
    store = f"{world.folder}/products"
    os.mkdir(store)
    # By a path without the characters that the mount's options do not take.
    os.symlink(FOLDER, f"{store}/from")
    for name in LAID_OVER:
        for part in ("new", "scratch"):
            os.makedirs(f"{store}/{part}/{name}")
        options = (f"lowerdir={store}/from/{name}:/{name},upperdir={store}/new/{name},"
                   f"workdir={store}/scratch/{name}")
        kernel.mount("products", f"/{name}", "overlay", 0, options)


def command(world, place, *words, text=""):
    """Runs a product's command in a place; an error says what it said."""
    world.net.enter(place)
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False,
                          cwd="/", env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"})
    world.net.leave()
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def start(world, place, *words):
    """Starts a product that stays in the foreground, in a place; it ends with the laboratory."""
    log = open(f"{world.folder}/{os.path.basename(words[0])}.log", "wb")
    world.net.enter(place)
    subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                     env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"})
    world.net.leave()
    log.close()


def write(path, text):
    """A file of a product's settings, in the laboratory's own layer."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def until(world, place, ready):
    """Waits, in a place, until a product that was started is ready."""
    deadline = time.monotonic() + 20
    world.net.enter(place)
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{world.setup.name}: what was started is not ready")
        time.sleep(0.02)
    world.net.leave()


def listens(port):
    """Whether somebody listens on the port, in the place where the caller is."""
    lines = "".join(read(f"/proc/thread-self/net/{name}") for name in ("tcp", "tcp6"))
    return any(f":{port:04X} " in line and line.split()[3] == "0A" for line in lines.splitlines())
