# SPDX-License-Identifier: BSD-2-Clause
"""Odd networks: asymmetric ways back, load balancers, rewriters."""

SCENARIOS = ()
