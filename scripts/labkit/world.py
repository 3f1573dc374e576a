# SPDX-License-Identifier: BSD-2-Clause
"""The life of a laboratory: a process tree of its own that takes everything with it.

    lab ── guard (new process namespace for its children)
             └── init (process 1: holds the namespaces; private mounts)
                   ├── the servers, the wires, the boxes
                   └── the command in the client's namespace

When any process of this line dies, also by SIGKILL, the kernel ends all below it; namespaces,
links and rules have no other holder and go with them. No file is written outside a memory
file system that only this tree sees.
"""

import os
import shutil
import signal
import subprocess
import sys

from labkit import kernel, pki, products, relay, rules, servers
from labkit.build import Net

SCRATCH = ("/media", "/srv", "/mnt", "/opt")
TRUST = "/etc/ssl/certs/ca-certificates.crt"
HOST_FILES = {
    "resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


class LabError(Exception):
    """Something that the user can mend; the text says what."""


def require():
    """Checks what a laboratory needs from its caller."""
    for tool in ("ip", "nft", "openssl"):
        if not shutil.which(tool):
            raise LabError(f"the program '{tool}' is missing "
                           "(Debian packages: iproute2, nftables, openssl)")
    pid = os.fork()
    if pid == 0:
        try:
            kernel.unshare(kernel.CLONE_NEWNET | kernel.CLONE_NEWNS)
            os._exit(0)
        except OSError:
            os._exit(1)
    if os.waitpid(pid, 0)[1] != 0:
        raise LabError("the lab makes network namespaces: it needs root with CAP_SYS_ADMIN "
                       "(try sudo)")


def require_binary(path):
    if not path:
        raise LabError("no whoblocks is built (give --binary or set WHOBLOCKS)")
    if not os.path.isfile(path) or not os.access(path, os.X_OK):
        raise LabError(f"'{path}' is not a program that can be run")


def scratch_folder(busy):
    """An existing folder that may disappear under our private mount."""
    inside = lambda path, folder: os.path.commonpath((path, folder)) == folder
    for folder in SCRATCH:
        if os.path.isdir(folder) and not any(inside(path, folder) for path in busy):
            return folder
    raise LabError(f"none of {', '.join(SCRATCH)} is free to mount on")


class World:
    """A built laboratory, as its process 1 sees it."""

    def __init__(self, setup):
        self.setup = setup
        self.topology = setup.topology()
        self.net = Net(self.topology)
        self.folder = ""

    def build(self):
        self.mounts()
        self.net.create()
        self.start_servers()
        for name, link in self.setup.links.items():
            self.topology.places[name].link = link
        self.net.connect()
        self.start_wires()
        for link in self.setup.more_links:
            self.net.extra_link(*link)
        self.net.wait_running()
        for place, items in self.setup.rules.items():
            self.net.enter(place)
            rules.apply(items)
        self.net.leave()
        self.mount_client()
        for place, box in self.setup.boxes:
            self.start_box(place, box)
        if self.setup.prepare:
            self.setup.prepare(self)

    def mounts(self):
        busy = [os.getcwd(), os.path.realpath(__file__), self.setup.binary, *self.setup.busy]
        self.folder = scratch_folder(busy)
        kernel.mount("lab", self.folder, "tmpfs", 0, "mode=0755,size=512m")
        os.mkdir(f"{self.folder}/bin")
        if self.setup.binary:
            os.symlink(self.setup.binary, f"{self.folder}/bin/whoblocks")
        if self.setup.products:
            products.mount(self)
        self.write("networks", self.topology.prefixes())
        self.write("servers.tsv", self.setup.server_list or self.topology.server_list())
        self.write("ca.pem", pki.authority("lab")[0])
        self.write("hosts", self.topology.hosts() + self.setup.hosts_extra)
        for name, text in HOST_FILES.items():
            self.write(name, text)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def mount_etc(self):
        """A minimal system has no /etc/hosts to mount over: the laboratory gets a copy of /etc."""
        shutil.copytree("/etc", f"{self.folder}/etc", symlinks=True)
        self.write("etc/hosts", "")
        kernel.mount(f"{self.folder}/etc", "/etc", None, kernel.MS_BIND)

    def mount_client(self):
        """Names as the client sees them; /sys shows the client's devices."""
        if not os.path.exists("/etc/hosts"):
            self.mount_etc()
        for name in ("hosts", *HOST_FILES):
            target = "/etc/" + name
            if os.path.exists(target):
                kernel.mount(os.path.join(self.folder, name), target, None, kernel.MS_BIND)
        if os.path.exists(TRUST):
            kernel.mount(os.path.join(self.folder, "ca.pem"), TRUST, None, kernel.MS_BIND)
        self.net.enter("cli")
        try:
            kernel.mount("sysfs", "/sys", "sysfs")
        except OSError:
            pass  # only listings of devices would differ
        self.net.leave()

    def start_servers(self):
        def work():
            listeners = []
            for place in self.topology.servers:
                if place.name in self.setup.absent:
                    continue
                self.net.enter(place.name)
                listeners += servers.listen(servers.names_of(place.name, place.net),
                                            self.setup.closed.get(place.name, ()),
                                            ways=self.setup.mail.get(place.name))
            for place, ports in self.setup.listen.items():
                self.net.enter(place)
                listeners += servers.listen(servers.names_of(place), ports=ports,
                                            ways=self.setup.mail.get(place))
            os.write(tell, b".")
            quiet()
            servers.serve(listeners)

        ready, tell = os.pipe()
        kernel.fork_guarded(work)
        os.close(tell)
        os.read(ready, 1)
        os.close(ready)

    def start_wires(self):
        for near, far, child in self.net.wires:
            options = self.setup.wires.get(child, {})
            tap = self.topology.places[child].link == "tap"
            wire = relay.Wire((near, far), tap, **options)
            kernel.fork_guarded(lambda wire=wire: quiet() or wire.run())
            os.close(near)
            os.close(far)

    def start_box(self, place, box):
        """A box opens its sockets in its place and then works on its own."""
        self.net.enter(place)
        ready = box.open(self)
        kernel.fork_guarded(lambda: quiet() or box.run())
        box.close()
        self.net.leave()
        return ready

    def environment(self, caller=False):
        """For what runs in the client; with the caller of sudo, where its files are to be his."""
        env = {key: value for key, value in os.environ.items()
               if caller or not key.startswith("SUDO_")}
        return {**env, "PATH": f"{self.folder}/bin:{env.get('PATH', os.defpath)}",
                "LAB_FOLDER": self.folder, "LAB_NETWORKS": f"{self.folder}/networks",
                "LAB_SERVERS": f"{self.folder}/servers.tsv", "LAB_NAME": self.setup.name}

    def start(self, command, **options):
        """Starts a command in the client's namespace; options go to subprocess.Popen."""
        self.net.enter("cli")
        try:
            return subprocess.Popen(command, **{"env": self.environment(), **options})
        finally:
            self.net.leave()


def quiet():
    """A helper process minds no terminal keys: the line above ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, signal.SIG_IGN)


def confined(init):
    """Runs init() as process 1 of a tree of its own, with private mounts and an empty network.

    Returns the process id to wait for; its status is the value that init returned.
    """
    def first():
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWNET)
        kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
        try:
            kernel.mount("proc", "/proc", "proc")
        except OSError:
            pass  # a container may forbid it: the old one serves, with other process numbers
        return init()

    def guard():
        quiet()
        kernel.unshare(kernel.CLONE_NEWPID)
        pid = kernel.fork_guarded(first)
        return kernel.exit_status(os.waitpid(pid, 0)[1])

    sys.stdout.flush()
    sys.stderr.flush()
    return kernel.fork_guarded(guard)


def launch(setup, work):
    """Builds a laboratory in a tree of its own and runs work(world) there; see confined()."""
    if setup.products and products.missing():
        raise LabError(f"{setup.name} shows real products, and {products.missing()}")
    def init():
        world = World(setup)
        world.build()
        return work(world)

    servers.prepare(setup.topology())
    return confined(init)
