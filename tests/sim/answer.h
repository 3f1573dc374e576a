/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

/*
 * Answers of routers, servers and blockers, put into the network's queue unless
 * they are lost, limited or dropped on their way back.
 */

#include "walk.h"

/* The router's time exceeded. */
void answer_expired(struct walk *w, uint8_t router);

/* "Administratively prohibited" by the router, or by the server's own firewall. */
void answer_rejected(struct walk *w, uint8_t router);

/* A reset in the server's name from where the SYN is. */
void answer_reset(struct walk *w, uint8_t initial_ttl, int detour);

void answer_synack(struct walk *w);

/* The acknowledgement that a second SYN on a half-open 5-tuple draws (RFC 5961, 4). */
void answer_challenge(struct walk *w, uint32_t first_seq);

#endif
