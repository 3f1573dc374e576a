# SPDX-License-Identifier: BSD-2-Clause
"""All scenarios, in the order of the matrix."""

from labkit.scenarios import injected, local_host, near, open_paths, provider, special

ALL = sorted((*injected.SCENARIOS, *local_host.SCENARIOS, *open_paths.SCENARIOS, *near.SCENARIOS, *provider.SCENARIOS, *special.SCENARIOS),
             key=lambda scenario: scenario.row)
