#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""HTML reports as browsers see them.

usage: evidence_pages.py FOLDER

tidy must find nothing to complain of. Where there is Chromium: no console message, no page that is
wider than a telephone or a screen, and a PDF on A4. 77: there is neither.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

WIDTHS = (400, 1280)
MEASURE = ("<script>document.title='width '+document.documentElement.scrollWidth+' of '"
           "+window.innerWidth</script>")


def tidy_faults(page):
    run = subprocess.run(["tidy", "-quiet", "-errors", "--show-info", "no", str(page)],
                         capture_output=True, text=True, check=False)
    return [f"{page.name}: {line}" for line in run.stderr.splitlines() if line.strip()]


class Browser:
    def __init__(self, program, folder):
        self.base = [program, "--headless", "--disable-gpu", "--no-first-run",
                     f"--user-data-dir={folder}/profile"]
        if os.geteuid() == 0:
            self.base.append("--no-sandbox")
        self.folder = pathlib.Path(folder)

    def run(self, page, *options):
        return subprocess.run([*self.base, *options, page.resolve().as_uri()], check=False,
                              capture_output=True, text=True, timeout=90)

    def faults(self, page):
        """Console messages, and whether the page is wider than the window."""
        text = page.read_text(encoding="utf-8")
        copy = self.folder / page.name
        # The page allows no script; only this copy of it does, which measures it.
        copy.write_text(re.sub(r"<meta http-equiv=[^>]*>", "", text)
                        .replace("</body>", MEASURE + "</body>"), encoding="utf-8")
        done = self.run(page, "--enable-logging=stderr", "--dump-dom")
        for line in done.stderr.splitlines():
            if "CONSOLE" in line:
                yield f"{page.name}: {line}"
        for width in WIDTHS:
            found = self.measured(copy, width)
            if found is None or found > width:
                yield f"{page.name}: {found} pixels wide in a window of {width}"

    def measured(self, copy, width):
        """The width that the page asks for in a frame of `width`: windows have a least width."""
        frame = self.folder / f"frame-{width}.html"
        frame.write_text(f"<iframe style='width:{width}px;height:900px;border:0' "
                         f"src='{copy.name}' onload='document.title=contentDocument.title'>"
                         "</iframe>", encoding="utf-8")
        done = self.run(frame, "--window-size=1600,1000", "--allow-file-access-from-files",
                        "--virtual-time-budget=3000", "--dump-dom")
        match = re.search(r"<title>width (\d+) of (\d+)</title>", done.stdout)
        return int(match.group(1)) if match and int(match.group(2)) == width else None

    def pdf_faults(self, page):
        out = self.folder / "page.pdf"
        self.run(page, "--no-pdf-header-footer", f"--print-to-pdf={out}")
        data = out.read_bytes() if out.exists() else b""
        box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", data)
        if not data.startswith(b"%PDF") or not box:
            yield f"{page.name}: no PDF"
        elif abs(float(box.group(1)) - 595) > 2 or abs(float(box.group(2)) - 842) > 2:
            yield f"{page.name}: the PDF is not on A4"


def main(folder):
    pages = sorted(pathlib.Path(folder).glob("*.html"))
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not shutil.which("tidy") and not browser:
        print("neither tidy nor chromium is here")
        return 77
    faults = [] if pages else ["no pages"]
    for page in pages:
        if shutil.which("tidy"):
            faults += tidy_faults(page)
    if browser:
        with tempfile.TemporaryDirectory() as place:
            opened = Browser(browser, place)
            for page in pages:
                faults += opened.faults(page)
            faults += opened.pdf_faults(pages[0]) if pages else []
    for fault in faults:
        print(fault)
    print(f"{len(pages)} pages, {len(faults)} faults{'' if browser else ', without chromium'}")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
