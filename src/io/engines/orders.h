/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_ENGINES_ORDERS_H
#define IO_ENGINES_ORDERS_H

/*
 * What RIPE Atlas and Globalping are asked to do, as the bodies of their interfaces, and what they
 * say to it. All answers are hostile.
 */

#include "base/addr.h"
#include "base/text.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORDERS_SERVERS_MAX 4
#define ORDERS_PROBES_MAX  100
#define ORDERS_IDS_MAX	   16
#define ORDERS_ID_BYTES	   40
#define ORDERS_KINDS	   3 /* of each server: the port, the control, a SYN with a tuple of its own */

struct ordered_server {
	struct addr addr;
	uint16_t control;
};

struct ordered_probe {
	int64_t id;
	uint32_t asn;
	char prefix[ADDR_TEXT_BYTES + 4]; /* untrusted; "": unknown */
	char country[4];
};

/* What is asked, of whom. */
struct order {
	uint16_t port;
	struct ordered_server servers[ORDERS_SERVERS_MAX];
	size_t servers_n;
	struct ordered_probe probes[ORDERS_PROBES_MAX];
	size_t probes_n;
	uint32_t asn;	    /* of the provider, 0: unknown */
	size_t same, other; /* how many probes of each class are wanted */
	const char *country;
};

/* Numbers of measurements as the engine gives them. */
struct ordered_ids {
	char id[ORDERS_IDS_MAX][ORDERS_ID_BYTES];
	size_t n;
};

/* "1,2,3"; false when one is none, or there are too many. */
bool ids_parse(const char *text, struct ordered_ids *out);
void ids_text(const struct ordered_ids *ids, struct text *out);

/* --- RIPE Atlas ------------------------------------------------------------------------------ */

/* The path that lists connected probes of a network (asn 0: of any), or of a country. */
void atlas_probes_path(uint8_t family, uint32_t asn, const char *country, struct text *out);

/* The path that describes the probes of these numbers. */
void atlas_known_path(const int64_t *ids, size_t n, struct text *out);

/*
 * Adds probes of an answer: one of each prefix of the provider's network, or (`other`) one of each
 * other network, until there are `most` more. False when the answer is no list.
 */
bool atlas_choose(const struct text *answer, uint8_t family, bool other, size_t most,
		  struct order *order);

/* The body that orders all of it at once. */
void atlas_body(const struct order *order, struct text *out);

/* What it is going to cost, in credits, by what single measurements are known to. */
uint32_t atlas_price(const struct order *order);

/* The numbers of an answer to it. False: it holds none. */
bool atlas_created(const struct text *answer, struct ordered_ids *out);

/* How far a measurement is, from its object. */
struct atlas_progress {
	bool ended;	  /* no further result comes */
	bool hopeless;	  /* none ever does */
	char status[48];  /* untrusted */
	uint32_t wanted;  /* results, 0: unknown */
	uint32_t credits; /* of each result, 0: unknown */
};

/* False when the answer is no such object. */
bool atlas_progress(const struct text *answer, struct atlas_progress *out);

/* How many results a text of them holds, one a line; the probes' numbers go into `probes`. */
size_t atlas_results(const struct text *answer, int64_t *probes, size_t *probes_n, size_t most);

/* --- Globalping ------------------------------------------------------------------------------ */

enum globalping_kind { GLOBALPING_PORT, GLOBALPING_CONTROL, GLOBALPING_PING };

/* The body; `like`: the measurement whose probes are to be asked again, NULL: new ones. */
void globalping_body(const struct order *order, size_t server, enum globalping_kind kind,
		     const char *like, struct text *out);
bool globalping_created(const struct text *answer, struct ordered_ids *out);

/* Whether a measurement goes on; false in *object: the answer is none. */
bool globalping_goes_on(const struct text *answer, bool *object);

/* --- both ------------------------------------------------------------------------------------ */

/* What a refusal says: the detail of each fault, with what it points to; else its title. */
void engine_complaint(const struct text *answer, struct text *out);

#endif
