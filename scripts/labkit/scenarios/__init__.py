# SPDX-License-Identifier: BSD-2-Clause
"""All scenarios, in the order of the matrix."""

from labkit.scenarios import (injected, limits, local_host, local_more, multipath, near,
                              open_paths, provider, proxies, scale, smtp)

PARTS = (injected, limits, local_host, local_more, multipath, near, open_paths, provider,
         proxies, scale, smtp)
ALL = sorted((item for part in PARTS for item in part.SCENARIOS), key=lambda item: item.row)
