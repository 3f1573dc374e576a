/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RULES_MAIL_RULES_H
#define INFER_RULES_MAIL_RULES_H

/*
 * What the mail sessions add to a SYN-ACK: that the right server spoke, or who
 * spoke in its place, or what was done to the dialogue. One server's oddity is
 * its own until servers of other networks show it, too.
 */

#include "infer/rules/claim.h"

/* TLS was completed with a valid certificate for the server's name: nobody stands between. */
bool rule_mail_verified(const struct scene *scene, uint32_t s, struct claim *out);

/* Whatever else the sessions of a server with an open port show. */
bool rule_mail(const struct scene *scene, uint32_t s, struct claim *out);

/* Says how somebody who was found by his distance interferes. */
void mail_refine(const struct scene *scene, uint32_t s, struct claim *claim);

/* Networks with a server that shares s's family and port and fares like this. */
unsigned mail_sites(const struct scene *scene, uint32_t s, enum mail_outcome outcome);

/* Another server, of another operator, that answers as this very one does; TRACE_NONE: none. */
uint32_t mail_twin(const struct scene *scene, uint32_t s);

/* The last layer that worked on the port under test. */
enum layer mail_layer(const struct scene *scene, uint32_t s);

/* The sentence about a server whose sessions tell something, or NULL. */
const char *mail_sentence(const struct scene *scene, uint32_t s, const struct judgement *j,
			  struct arena *arena);

/* The reason for a rule of this part, or NULL when it is none. */
const char *mail_reason(const struct scene *scene, uint32_t s, const struct claim *claim,
			struct arena *arena);

/* What the sessions say beside a rule of another part, or NULL. */
const char *mail_detail(const struct scene *scene, uint32_t s, struct arena *arena);

/* Whether errors in logging in can come from the network, as far as the session shows it. */
const char *mail_login(const struct scene *scene, uint32_t s, struct arena *arena);

#endif
