/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_HYPOTHESIS_H
#define INFER_MODEL_HYPOTHESIS_H

/*
 * What somebody on the way may do to SYNs to the port: hypotheses as data. A new
 * blocker is a row here, its share in prior.h, and its words.
 */

#include "infer/model/prior.h"
#include "infer/result/result.h"
#include <stdbool.h>
#include <stdint.h>

/* What a SYN drew, as a set: it may have drawn several answers. */
enum drew {
	DREW_EXPIRY = 1,
	DREW_SYNACK = 2,
	DREW_RESET = 4,
	DREW_REJECTION = 8,
};

enum deed {
	DEED_DROP,
	DEED_RESET,
	DEED_COPIED,	    /* a reset that starts with what is left of the SYN's TTL */
	DEED_ONPATH,	    /* a reset beside a SYN that goes on */
	DEED_ONPATH_COPIED, /* both */
	DEED_REJECT,
	DEED_BACK,    /* what comes back is dropped */
	DEED_REWRITE, /* what comes back is made a reset */
	DEEDS,
};

/* What is hit. */
enum unit { UNIT_ALL, UNIT_FLOW, UNIT_PROBE, UNITS };

struct deed_row {
	const char *name;
	enum mechanism mechanism; /* its name in a result */
	uint8_t draws;		  /* what a SYN that is hit draws, 0: nothing */
	bool copies, on_path;
	bool back;   /* on the way back: the SYNs reach the server */
	bool shares; /* may hit a share of the flows or SYNs */
};

/* A deed done to a unit, and how likely that is among all rules. */
struct hypothesis {
	enum deed deed;
	enum unit unit;
	double log_prior;
};

#define HYPOTHESES_MAX ((int)DEEDS * (int)UNITS)

const struct deed_row *deed_row(enum deed deed);

/*
 * Lists the rules that may hold where resets or rejections were `heard` (set of enum drew): who is
 * said to answer must have been heard. Returns how many.
 */
int hypotheses_list(const struct prior *p, uint8_t heard, struct hypothesis out[HYPOTHESES_MAX]);

#endif
