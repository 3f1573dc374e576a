/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_FORWARD_H
#define INFER_MODEL_FORWARD_H

/*
 * What a SYN of some TTL draws under a hypothesis, and how likely all that one
 * server's SYNs drew is then. The only file that knows what the deeds do.
 */

#include "infer/model/rates.h"
#include "infer/model/way.h"

#define FORWARD_TTLS (WAY_HOPS + 4)

/* How one way's answers arrive at some loss. */
struct forward_rates {
	struct rates hop[FORWARD_TTLS]; /* of expiries */
	struct rates answer, rejection;
};

/* What a SYN draws that is not forwarded and let to expire. */
enum beyond {
	BEYOND_ANSWER, /* the server's SYN-ACK */
	BEYOND_NOTHING,
	BEYOND_RESET,
	BEYOND_REJECTION,
	BEYOND_BESIDE,	      /* a reset, and the SYN goes on */
	BEYOND_BESIDE_UNSENT, /* the same where the reset dies on its way */
	BEYONDS,
};

/* Outcomes of the SYNs with at least some TTL, were each due the same. */
struct forward_tally {
	double odd; /* logarithm of the chance of what is not due at all */
	double yes, no;
};

/* One way's outcomes, summed up so that each hypothesis is a look-up. */
struct forward {
	const struct prior *prior;
	const struct way *way;
	const struct forward_rates *rates;
	double expiries[FORWARD_TTLS]; /* logarithm of the chance of all with smaller TTLs expiring
					*/
	struct forward_tally beyond[BEYONDS][FORWARD_TTLS]; /* of those with at least this TTL */
	/* Logarithm of the chance of what those with this TTL drew, were each as likely to expire.
	 */
	double mixed[BEYONDS][FORWARD_TTLS];
};

/* Sums up; `rates` must live as long as *out. */
void forward_make(const struct prior *p, const struct way *way, const struct forward_rates *rates,
		  struct forward *out);

/* Logarithm of the likelihood of all the way's outcomes where nobody blocks. */
double forward_open(const struct forward *f);

/* The same for a rule at each position from 1 to way_last(); manners are not part of it. */
void forward_rule(const struct forward *f, const struct hypothesis *rule, double *out);

#endif
