/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_RESULTS_OUTSIDE_VALUES_H
#define IO_RESULTS_OUTSIDE_VALUES_H

/*
 * The JSON values of what a measurement engine answered, sorted by what they are: a value a line,
 * one array, or one after the other. All of it is hostile.
 */

#include "base/err.h"
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define OUTSIDE_VALUES_MAX 16384

/* A RIPE Atlas measurement, as its object says. */
struct atlas_order {
	json_int_t id;
	uint16_t port;
	int first_hop, max_hops, timeout_ms;
};

struct outside_values {
	json_t *documents;		  /* all that was read; the lists below are loans from it */
	json_t *head;			  /* what whoblocks wrote before them, NULL: nothing */
	json_t *results, *probes, *pings; /* arrays: of Atlas, of its probes, of Globalping */
	struct atlas_order *orders;
	size_t orders_n, orders_cap;
	size_t strangers; /* values that are none of these */
};

/*
 * Takes in a text. 0, or -1 with *err: 4, it does not begin with JSON; 5, no memory. What is broken
 * further on ends the reading there and counts as one stranger. Free with outside_values_free()
 * either way.
 */
int outside_values_read(const char *text, size_t len, struct outside_values *out, struct err *err);
void outside_values_free(struct outside_values *v);

/* The order of that number, NULL: its object is not there. */
const struct atlas_order *outside_values_order(const struct outside_values *v, json_int_t id);

/* The probe's object, NULL: unknown. */
const json_t *outside_values_probe(const struct outside_values *v, json_int_t id);

/* A whole number of the object within bounds, or `none`. */
json_int_t outside_number(const json_t *object, const char *key, json_int_t least, json_int_t most,
			  json_int_t none);

#endif
