# SPDX-License-Identifier: BSD-2-Clause
"""The lab: a small internet of network namespaces in which the real program runs."""
