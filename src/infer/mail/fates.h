/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MAIL_FATES_H
#define INFER_MAIL_FATES_H

/*
 * What the words of sessions drew in segments of a limited TTL.
 */

#include "infer/way/path.h"

/* What the words of limited sessions drew, by their TTL. */
struct mail_fates {
	int last_expired, first_reset; /* TTL, 0: none */
	bool silent[PATH_TTL_MAX + 1]; /* drew nothing in the newest session */
	unsigned known;
};

/* Gathers the sessions with server s that were limited after this stage. */
void mail_fates(const struct trace *t, uint32_t s, enum session_stage stage,
		struct mail_fates *out);

#endif
