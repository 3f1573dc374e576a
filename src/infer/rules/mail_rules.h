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
/*
 * A certificate of somebody else's, though the port refuses or drops some connections: who shows it
 * stands between, whatever becomes of the others.
 */
bool rule_mail_foreign(const struct scene *scene, uint32_t s, struct claim *out);

bool rule_mail_verified(const struct scene *scene, uint32_t s, struct claim *out);

/* Whatever else the sessions of a server with an open port show. */
bool rule_mail(const struct scene *scene, uint32_t s, struct claim *out);

/* Says how somebody who was found by his distance interferes. */
void mail_refine(const struct scene *scene, uint32_t s, struct claim *claim);

/* Narrows the place of a break, where words of a limited TTL show it. */
void mail_place(const struct scene *scene, uint32_t s, struct claim *out);

#endif
