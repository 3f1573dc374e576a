# SPDX-License-Identifier: BSD-2-Clause
"""Certificates of the laboratory: one authority that its clients trust, one that nobody does.

Made anew in each laboratory's memory file system; nothing of it outlives the lab.
"""

import functools
import os
import subprocess
import tempfile

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30")
AUTHORITIES = {"lab": "/O=Laboratory/CN=Laboratory Root", "rogue": "/O=Inspector/CN=Inspection CA"}


def openssl(folder, *words):
    subprocess.run(["openssl", "req", "-x509", *NEW_KEY, *words], cwd=folder, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def read(folder, *names):
    text = ""
    for name in names:
        with open(os.path.join(folder, name), encoding="ascii") as file:
            text += file.read()
    return text


@functools.cache
def authority(key):
    """The authority's certificate and its key, as text."""
    with tempfile.TemporaryDirectory() as folder:
        openssl(folder, "-keyout", "key", "-out", "pem", "-subj", AUTHORITIES[key],
                "-addext", "basicConstraints=critical,CA:TRUE")
        return read(folder, "pem"), read(folder, "key")


@functools.cache
def certificate(names, key="lab"):
    """Certificate, key and chain of a server with these names, as one text."""
    pem, secret = authority(key) if key else (None, None)
    with tempfile.TemporaryDirectory() as folder:
        signer = ()
        if key:
            for name, text in (("ca", pem), ("ca.key", secret)):
                with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                    file.write(text)
            signer = ("-CA", "ca", "-CAkey", "ca.key")
        openssl(folder, "-keyout", "key", "-out", "pem", "-subj", f"/CN={names[0]}", *signer,
                "-addext", "basicConstraints=critical,CA:FALSE",
                "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names))
        return read(folder, "key", "pem") + (pem or "")
