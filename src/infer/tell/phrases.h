/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_PHRASES_H
#define INFER_TELL_PHRASES_H

/*
 * Parts of sentences: hops, places, parties; and a reason with its frames.
 */

#include "infer/tell/proof.h"
#include "infer/vote/vote.h"

/* ", between hop 3 and hop 4", ", at hop 2", or nothing. */
const char *phrase_where(const struct judgement *j, struct arena *arena);

/* "in your provider's network", "by the server or its network". */
const char *phrase_in_network(const struct judgement *j, const struct arena *arena);

/* "the local network or the provider's network". */
const char *phrase_suspects(const struct judgement *j, struct arena *arena);

/* " in your provider's network, at hop 3 (...)", ", by the local network or ...". */
const char *phrase_by(const struct judgement *j, struct arena *arena);

/* What somebody on the way said, in quotation marks and cut. */
const char *phrase_quote(struct slice said, struct arena *arena);

/* "CN = x, O = y" as x, where there is one. */
struct slice phrase_common_name(struct slice subject);

/* A hop of the way to a server, as hop_text() has it. */
const char *phrase_hop(const struct scene *scene, uint32_t s, int hop, struct arena *arena);

/* A verdict's reasons while they are written. */
struct telling {
	const struct scene *scene;
	const struct vote *vote;
	const struct path *path;
	struct arena *arena;
	struct verdict *verdict;
	uint16_t port, control;
};

/* One reason with its frames; NULL: it has none. */
void reasons_add(const struct telling *why, const char *text, struct proof *proof);

/* A hop with its address, for a sentence. */
const char *phrase_hop_of(const struct telling *why, int hop);

/* Whether that is no hop but the open end of a way whose length is unknown. */
bool phrase_is_end(const struct telling *why, int hop);

#endif
