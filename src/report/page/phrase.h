/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_PHRASE_H
#define REPORT_PAGE_PHRASE_H

/*
 * The renderers' own words: parties, places, states, times. Every fixed phrase
 * that more than one renderer needs stands here, and none of them is a judgement.
 */

#include "infer/result/result.h"
#include "report/report.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PHRASE_TIME_BYTES 48

struct about;

/* "the provider"; NULL where there is nobody to name. */
const char *phrase_party(enum blocker b);

/* "in the provider's network"; NULL where there is nobody to name. */
const char *phrase_place(enum blocker b);

/* In the catalogue's language, NULL: English. "blocked in the provider's network", or "blocked by
 * the local network or the provider". */
void phrase_judgement(const struct judgement *j, const struct catalogue *c, struct text *out);

/* Who may own a hop, by the bits of hop_row.owners: "your provider", "provider or transit". */
void phrase_owners(uint8_t owners, bool first_hop, const struct catalogue *c, struct text *out);

/* "ipv4" "ipv6" "both"; NULL for 0. */
const char *phrase_family_name(uint8_t family);

/* The kind of a host fact as the schema has it: what is no kind of ours is a "note". */
const char *phrase_fact_kind(const char *kind);

/* The reason why a run ended as the schema has it; NULL for what is none of ours. */
const char *phrase_stop_name(const char *stop);

/* Why a run ended early, as a sentence; NULL when it came to its proper end or does not say. */
const char *phrase_stop(const char *stop);

/* "EPERM"; NULL for 0 and for numbers that no rule of this program gives. */
const char *phrase_errno(int error);

/* RFC 3339 in UTC with microseconds. */
const char *phrase_time(int64_t ns, char buf[PHRASE_TIME_BYTES]);

/* The time that phrase_time() wrote; false when `s` is none. */
bool phrase_time_parse(const char *s, int64_t *ns);

/* How the rounds went together, in a sentence or two; false when there was one round alone. */
bool phrase_rounds(const struct about *about, const struct catalogue *c, struct text *out);

/* The name asked for, else the address; not escaped. `buf` may hold the answer. */
const char *phrase_host(const struct server *server, char buf[ADDR_TEXT_BYTES]);

/* The port under test, as digits. */
const char *phrase_port(uint16_t port, char buf[8]);

#endif
