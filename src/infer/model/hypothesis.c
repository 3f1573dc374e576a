/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/hypothesis.h"
#include <math.h>

static const struct deed_row rows[DEEDS] = {
	[DEED_DROP] = {.name = "drop", .mechanism = MECHANISM_SILENT_DROP, .shares = true},
	[DEED_RESET] = {.name = "reset",
			.mechanism = MECHANISM_TCP_RESET,
			.draws = DREW_RESET,
			.shares = true},
	[DEED_COPIED] = {.name = "copied",
			 .mechanism = MECHANISM_TCP_RESET,
			 .draws = DREW_RESET,
			 .copies = true},
	[DEED_ONPATH] = {.name = "onpath",
			 .mechanism = MECHANISM_TCP_RESET,
			 .draws = DREW_RESET,
			 .on_path = true},
	[DEED_ONPATH_COPIED] = {.name = "onpath-copied",
				.mechanism = MECHANISM_TCP_RESET,
				.draws = DREW_RESET,
				.copies = true,
				.on_path = true},
	[DEED_REJECT] = {.name = "reject",
			 .mechanism = MECHANISM_ICMP_REJECT,
			 .draws = DREW_REJECTION,
			 .shares = true},
	[DEED_BACK] = {.name = "back", .mechanism = MECHANISM_RETURN_DROP, .back = true},
	[DEED_REWRITE] = {.name = "rewrite",
			  .mechanism = MECHANISM_TCP_RESET,
			  .draws = DREW_RESET,
			  .back = true},
};

const struct deed_row *deed_row(enum deed deed)
{
	return &rows[deed];
}

static double share_of(const struct prior *p, enum deed deed)
{
	const double shares[DEEDS] = {
		[DEED_DROP] = p->drop,
		[DEED_RESET] = p->reset,
		[DEED_COPIED] = p->copied,
		[DEED_ONPATH] = p->onpath,
		[DEED_ONPATH_COPIED] = p->onpath_copied,
		[DEED_REJECT] = p->reject,
		[DEED_BACK] = p->back,
		[DEED_REWRITE] = p->rewrite,
	};
	return shares[deed];
}

int hypotheses_list(const struct prior *p, uint8_t heard, struct hypothesis out[HYPOTHESES_MAX])
{
	const double units[UNITS] = {1 - p->unit_flow - p->unit_probe, p->unit_flow, p->unit_probe};
	int n = 0;
	for (int deed = 0; deed < DEEDS; deed++) {
		const struct deed_row *row = &rows[deed];
		if (row->draws & ~heard)
			continue;
		for (int unit = 0; unit < (row->shares ? UNITS : 1); unit++)
			out[n++] = (struct hypothesis){
				.deed = (enum deed)deed,
				.unit = (enum unit)unit,
				.log_prior = log(share_of(p, (enum deed)deed) * units[unit]),
			};
	}
	return n;
}
