/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_PAIRS_KEY_H
#define TRACE_PAIRS_KEY_H

/*
 * What a decoded packet is called among the pairs; for the files that fill them.
 */

#include "trace/pairs.h"
#include "wire/packet.h"

/* The 5-tuple with the client's side first; of an ICMP error the quoted one. */
struct pair_view pairs_tuple(const struct packet *k, uint8_t capture, bool back);

/* The packet as this capture has it. */
struct sighting pairs_sighting(const struct packet *k, uint8_t capture);

/* The view of exactly this SYN, or TRACE_NONE; `ttl` 0: any. */
uint32_t pairs_find_syn(struct pairs *p, const struct pair_view *key, uint8_t ttl);

/* A SYN of the client's capture becomes an attempt; one of another capture is recognised. */
void pairs_take_own_syn(struct pairs *p, const struct trace *t, const struct packet *k);
void pairs_take_other_syn(struct pairs *p, const struct trace *t, uint8_t capture,
			  const struct packet *k);

#endif
