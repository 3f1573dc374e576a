/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_COMPARE_RULES_H
#define INFER_COMPARE_RULES_H

/*
 * What the captures show of one server's port: at most one claim, with the
 * places it lies between and the packets that carry it.
 */

#include "infer/compare/place.h"

enum compared_rule {
	COMPARED_NOTHING,	/* the captures add nothing to what the client's says */
	COMPARED_PASSES,	/* answers come from beyond every place, as they were */
	COMPARED_DROPPED,	/* SYNs do not come so far */
	COMPARED_NO_ANSWER,	/* SYNs come as far as anybody looked, and no answer comes back */
	COMPARED_WAY_BACK,	/* answers are lost on the way back */
	COMPARED_FORGED_SYNACK, /* somebody in between answers */
	COMPARED_FORGED_RESET,
	COMPARED_RESET_LATER, /* an established connection is reset from in between */
	COMPARED_REWRITTEN,   /* an answer was made another one */
	COMPARED_REJECTED,    /* ICMP from in between */
	COMPARED_REJECTED_BEYOND,
	COMPARED_RESET_BEYOND,
	COMPARED_CLOSED, /* the server itself resets */
	COMPARED_MOVED,	 /* another destination */
	COMPARED_STARTTLS,
	COMPARED_CONTENT, /* bytes of the dialogue were changed */
	COMPARED_STALL,	  /* the client's bytes do not come so far */
};

struct compared_claim {
	enum compared_rule rule;
	enum state state;
	enum mechanism mechanism;
	struct place place;
	int near, far; /* points it lies between; -1: the client; n: beyond the last */
	const struct cross_examples *proof; /* NULL: none */
	uint32_t attempt;		    /* of content that was changed, TRACE_NONE otherwise */
	bool kept;			    /* the client's own evidence decides all the same */
	bool on_path;			    /* of a forged reset: the SYN itself went on */
};

/* The claim, without the client's own evidence. */
struct compared_claim compare_claim(const struct cross *x);

/* What differs in the dialogue; false: nothing. Fills rule, state, mechanism, places, attempt. */
bool compare_content(const struct cross *x, struct compared_claim *out);

#endif
