/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_RESULTS_GLOBALPING_H
#define IO_RESULTS_GLOBALPING_H

/*
 * Measurements of Globalping into the ledgers of their vantage points. Its traceroute tells
 * addresses and times alone: no flags, no TTL of an answer.
 */

#include "outside/vantage.h"
#include <jansson.h>

/* Adds the measurements' probes to the list. 0, or -1: no memory. */
int globalping_read(const json_t *measurements, uint16_t port, struct vantage_list *list);

#endif
