/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_SESSIONS_H
#define INFER_SCENE_SESSIONS_H

/*
 * Mail sessions compared between servers.
 */

#include "infer/scene/scene.h"

/* Who signed the certificates of servers that cannot be verified. */
struct mail_issuers {
	unsigned same;	  /* networks whose servers show s's issuer, its own included */
	bool same_listed; /* one of these servers is on the list of known-good ones */
	unsigned others;  /* networks whose servers show another issuer */
	bool names_fit;	  /* every certificate carries its server's name */
};

struct mail_issuers mail_issuers(const struct scene *scene, uint32_t s);

/* Whether a listed server is among those that offer no STARTTLS like s. */
bool mail_listed_alike(const struct scene *scene, uint32_t s);

/* Whether a certificate's names cover the host. */
bool mail_names_fit(const struct slice *names, const char *host);

/* Networks with a server that shares s's family and port and fares like this. */
unsigned mail_sites(const struct scene *scene, uint32_t s, enum mail_outcome outcome);

/* How many sessions on all these servers, this one's included, fared so. */
unsigned mail_sessions(const struct scene *scene, uint32_t s, enum mail_outcome outcome);

/* Another server, of another operator, that answers as this very one does; TRACE_NONE: none. */
uint32_t mail_twin(const struct scene *scene, uint32_t s);

/* The last layer that worked on the port under test. */
enum layer mail_layer(const struct scene *scene, uint32_t s);

/* Whether TLS was completed with a valid certificate for the server's name: nobody stands between.
 */
bool mail_is_trusted(const struct scene *scene, uint32_t s);

/* Whether TLS came about in any of somebody else's sessions, or may have where the capture lacks
 * what would tell; with whom does not show from outside. */
bool mail_may_be_secured(const struct scene *scene, uint32_t s);

#endif
