/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_SIBLINGS_H
#define INFER_SCENE_SIBLINGS_H

/* Networks that belong together: what no owner of an address tells by itself. */

#include <stdbool.h>
#include <stdint.h>

/* The AS that stands for all ASs of its operator, itself where no others are known. */
uint32_t network_group(uint32_t asn);

/* Whether two ASs are one operator's, or names of networks begin with the same word. */
bool network_siblings(uint32_t a, const char *name_a, uint32_t b, const char *name_b);

/* Whether the AS carries other networks and has no lines of its own to homes and offices. */
bool network_carries(uint32_t asn);

#endif
