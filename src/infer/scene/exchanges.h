/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_EXCHANGES_H
#define INFER_SCENE_EXCHANGES_H

/*
 * Addresses that belong to nobody on the way: what no owner of an address tells by itself.
 */

#include "base/addr.h"
#include <stdbool.h>
#include <stdint.h>

/* Whether it is an address on an exchange's LAN: the router there is a member's. */
bool exchange_has(const struct addr *addr);

#endif
