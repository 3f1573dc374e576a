# SPDX-License-Identifier: BSD-2-Clause
"""What is asked outside: only what the options name, of the services that they name."""

import http.server
import json
import os
import pathlib
import sys
import threading
import unittest

from client import BLOCKED, PLACE, made, probe, whoblocks

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import mmdb  # noqa: E402, it stands beside the folder

ADDRESS = "198.51.100.77"
# Of a network that no router of the way shows: the provider's then, and the first one shown may be
# a neighbour's.
ELSEWHERE = "192.0.2.200"
SHOWN = 64500
OWNERS = {"198.51.100.0/24": {"autonomous_system_number": SHOWN},
          "192.0.2.192/26": {"autonomous_system_number": 64502}}
CONTACT = {"name": "EXAMPLE-NET", "entities": [{
    "roles": ["abuse"],
    "vcardArray": ["vcard", [["fn", {}, "text", "Example <b>NOC</b>\x1b[31m"],
                             ["email", {}, "text", "noc@example.net"]]]}]}


class Service(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):  # noqa: N802, the name is the library's
        self.asked.append(self.path)
        answers = {"/ip": f"{ADDRESS}\n", "/elsewhere": ELSEWHERE, "/page": f"<p>{ADDRESS}</p>",
                   f"/rdap/ip/{ADDRESS}": json.dumps(CONTACT), "/endless": "x" * 3_000_000}
        body = answers.get(self.path)
        self.send_response(404 if body is None else 200)
        self.end_headers()
        try:
            self.wfile.write((body or "").encode())
        except ConnectionError:
            pass

    def log_message(self, *_):
        pass


class Lookups(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("", 0), Service)
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"
        cls.owners = PLACE / "owners.mmdb"
        cls.owners.write_bytes(mmdb.build(OWNERS, 1700000000))
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()

    def setUp(self):
        Service.asked.clear()

    def test_nothing_is_asked_by_itself(self):
        run = json.loads(probe("--json", "--no-dns").stdout)["run"]
        self.assertEqual((run["lookups"], run["public"], run["contact"]), ([], [], None))
        self.assertEqual(Service.asked, [])

    def test_the_address_that_the_user_states(self):
        folder, result = made("stated", "--public-address", ADDRESS)
        self.assertEqual(result["run"]["public"],
                         [{"address": ADDRESS, "source": "stated by the user"}])
        ticket = (folder / "ticket.txt").read_text(encoding="utf-8")
        self.assertIn(f"TCP SYNs from {ADDRESS} to port 587", ticket)
        self.assertEqual(Service.asked, [])
        for words in (), ("--public-address", ADDRESS):
            again = json.loads(whoblocks("replay", "--json", *words, folder).stdout)
            for part in "verdict", "servers":
                self.assertEqual(again[part], result[part])
            self.assertEqual(again["run"]["public"], result["run"]["public"])

    def test_a_service_and_a_registry(self):
        folder, result = made("asked", "--public-address-url", f"{self.url}/ip", "--rdap",
                              f"{self.url}/rdap/")
        self.assertEqual(Service.asked, ["/ip", f"/rdap/ip/{ADDRESS}"])
        self.assertEqual(result["run"]["public"][0]["address"], ADDRESS)
        self.assertEqual(result["run"]["contact"]["email"], "noc@example.net")
        self.assertIn(f"{self.url}/rdap/ip/{ADDRESS}", result["run"]["lookups"])
        self.assertNotIn("\x1b", (folder / "ticket.txt").read_text(encoding="utf-8"))
        self.assertIn("<noc@example.net>", (folder / "ticket.txt").read_text(encoding="utf-8"))
        self.assertNotIn("<b>NOC", (folder / "report.html").read_text(encoding="utf-8"))

    def provider(self, name, *words, **more):
        """The AS numbers of the hops that are the provider's, which a replay finds again."""
        folder, result = made(name, "--asn-db", self.owners, "--no-dns", "--no-smtp", *words,
                              networks=False, **more)
        again = json.loads(whoblocks("replay", "--json", folder).stdout)
        for part in "verdict", "servers":
            self.assertEqual(again[part], result[part])
        sure = {answer["asn"] for server in result["servers"] for hop in server["hops"]
                for answer in hop["control"] if hop["roles"] == ["isp"]}
        return result["run"], sure

    def test_an_address_names_the_provider_if_it_was_asked_for_as_the_servers_are(self):
        run, sure = self.provider("stated", "--public-address", ELSEWHERE)
        self.assertNotIn(SHOWN, sure)
        url = f"http://{run['client'][0]}:{self.server.server_port}/elsewhere"
        run, sure = self.provider("learnt", "--public-address-url", url)
        self.assertNotIn(SHOWN, sure)
        self.assertEqual(run["public"], [{"address": ELSEWHERE, "source": f"asked {url}"}])
        proxied = {**os.environ, "http_proxy": self.url, "no_proxy": run["client"][0]}
        # A router that has answered much of late answers no more for a moment: one run in a few
        # shows it.
        for _ in range(4):
            run, sure = self.provider("proxied", "--public-address-url", url, env=proxied)
            if SHOWN in sure:
                break
        self.assertIn(SHOWN, sure)
        self.assertEqual(run["public"], [{"address": ELSEWHERE, "source": f"asked {url}"}])

    def test_answers_that_are_of_no_use(self):
        for path in ("page", "missing", "endless"):
            run = probe("--json", "--public-address-url", f"{self.url}/{path}")
            self.assertIn(run.returncode, BLOCKED, run.stderr)
            self.assertEqual(json.loads(run.stdout)["run"]["public"], [])
            self.assertIn("was not learnt", run.stderr)
        run = probe("--json", "--public-address", ADDRESS, "--rdap", f"{self.url}/nobody")
        self.assertIsNone(json.loads(run.stdout)["run"]["contact"])


if __name__ == "__main__":
    unittest.main()
