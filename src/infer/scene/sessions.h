/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_SESSIONS_H
#define INFER_SCENE_SESSIONS_H

/*
 * Mail sessions compared between servers.
 */

#include "infer/rules/mail_rules.h"

/* Who signed the certificates of servers that cannot be verified. */
struct mail_issuers {
	unsigned same;	  /* networks whose servers show s's issuer, its own included */
	bool same_listed; /* one of these servers is on the list of known-good ones */
	unsigned others;  /* networks whose servers show another issuer */
	bool names_fit;	  /* every certificate carries its server's name */
};

struct mail_issuers mail_issuers(const struct scene *scene, uint32_t s);

/* What the words of limited sessions drew, by their TTL. */
struct mail_fates {
	int last_expired, first_reset; /* TTL, 0: none */
	bool silent[PATH_TTL_MAX + 1]; /* drew nothing in the newest session */
	unsigned known;
};

/* Gathers the sessions with server s that were limited after this stage. */
void mail_fates(const struct trace *t, uint32_t s, enum session_stage stage,
		struct mail_fates *out);

/* Narrows the place of a break, where words of a limited TTL show it. */
void mail_place(const struct scene *scene, uint32_t s, struct claim *out);

/* Whether a listed server is among those that offer no STARTTLS like s. */
bool mail_listed_alike(const struct scene *scene, uint32_t s);

/* Whether a certificate's names cover the host. */
bool mail_names_fit(const struct slice *names, const char *host);

#endif
