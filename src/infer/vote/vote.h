/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_VOTE_VOTE_H
#define INFER_VOTE_VOTE_H

/*
 * From servers to a family's verdict: which servers are alike, whether one
 * place explains them all, and what that leaves of the suspects.
 */

#include "infer/vote/doubt.h"
#include "infer/vote/suspects.h"

struct vote {
	uint8_t family;	    /* 4 or 6 */
	bool counts;	    /* some server answered on some port */
	uint32_t speaker;   /* the server whose evidence is the most telling; TRACE_NONE: none */
	struct claim claim; /* the speaker's, narrowed by the others alike */
	bool contradiction; /* no single place explains the servers that are alike */
	bool list_doubt;   /* listed servers of several networks all fail by themselves: more likely
			      somebody imitates them */
	uint32_t networks; /* of the servers that fare like the speaker */
	uint32_t servers, alike, open; /* servers with a vote; of those like the speaker; open */
	struct company company;
	struct doubt doubt; /* whom the speaker's rule would have named */
	struct judgement judgement;
};

/* Judges one family. Texts are made in the arena. */
void vote_family(const struct votes *v, uint8_t family, struct arena *arena, struct vote *out);

/* One server's judgement in the company of the others of its family, whose vote was counted. */
void vote_server(const struct votes *v, const struct vote *vote, uint32_t s, struct arena *arena,
		 struct judgement *out);

#endif
