# SPDX-License-Identifier: BSD-2-Clause
"""All scenarios, in the order of the matrix."""

from labkit.scenarios import (answers_boxes, answers_icmp, answers_more, answers_portals,
                              answers_proxies, answers_ways, backends, bans, coloured, distances,
                              forgers, hidden, hosts, injected, limits, lines, local_host,
                              local_more, multipath, near, open_paths, owners, paths_more,
                              product_words, products, provider, proxies, quiet, real_products,
                              real_mail, real_servers, real_tunnels, real_ways, scale, smtp)

PARTS = (injected, limits, local_host, local_more, multipath, near, open_paths, provider, proxies,
         scale, smtp)
# The same mechanisms at other places, in other topologies, in other company.
FURTHER = (answers_boxes, answers_icmp, answers_more, answers_portals, answers_proxies,
           answers_ways, backends, bans, coloured, distances, forgers, hidden, hosts, lines,
           owners, paths_more, product_words, products, quiet, real_products, real_servers,
           real_mail, real_tunnels, real_ways)
ALL = sorted((item for part in PARTS + FURTHER for item in part.SCENARIOS),
             key=lambda item: item.row)
# A few of them in the fast subset as well: one of each kind that no other has.
FAST = frozenset(("way-rented-gw-drop", "way-tunnel-via-exit-drop", "way-campus-isp2-drop"))
FURTHER_NAMES = frozenset(item.name for part in FURTHER for item in part.SCENARIOS) - FAST
