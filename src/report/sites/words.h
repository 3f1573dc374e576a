/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_SITES_WORDS_H
#define REPORT_SITES_WORDS_H

/*
 * The sentences about sites, the same in every form. Names of sites and owners are made
 * harmless for a terminal here.
 */

#include "base/text.h"
#include "sites/sites.h"

/* "12 of 300 sites lose the port; 280 are open, 8 say nothing." */
void sites_words_head(const struct sites_result *r, struct text *out);

/* What the share says, in one or two sentences. */
void sites_words_share(const struct sites_result *r, const struct share *share,
		       const struct site *sites, struct text *out);

/* "198.51.100.1", or "198.51.100.1 to 198.51.100.2". */
void sites_words_stretch(const struct stretch *s, struct text *out);

/* "AS64500 Example Access"; "unknown" for 0. */
void sites_words_provider(const struct provider_row *row, struct text *out);

/* What must be kept in mind of all of it; a constant. */
const char *sites_words_caution(void);

/* The kind as JSON names it. */
const char *sites_words_kind(enum share_kind kind);

#endif
