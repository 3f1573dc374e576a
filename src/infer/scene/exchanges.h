/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_EXCHANGES_H
#define INFER_SCENE_EXCHANGES_H

/*
 * Networks that belong together, and addresses that belong to nobody on the way: what no owner of
 * an address tells by itself.
 */

#include "base/addr.h"
#include <stdbool.h>
#include <stdint.h>

/* Whether it is an address on an exchange's LAN: the router there is a member's. */
bool exchange_has(const struct addr *addr);

/* Whether two ASs are one company's, or names of networks begin with the same word. */
bool network_siblings(uint32_t a, const char *name_a, uint32_t b, const char *name_b);

/* Whether the AS carries other networks and has no lines of its own to homes and offices. */
bool network_carries(uint32_t asn);

#endif
