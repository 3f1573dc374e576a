/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_SHUT_OUT_H
#define INFER_SCENE_SHUT_OUT_H

/*
 * Lists that shut out whoever begins many connections to mail ports: mail ports beside the one
 * under test that accepted, and then draw nothing, while ports that nobody counts are answered.
 * What such a list takes is no sign of who else drops the port.
 */

#include "infer/scene/scene.h"

/* SYNs of full TTL to ports other than the one under test, each after its port had accepted. */
struct repeats_tally {
	uint32_t sent, answered; /* of those that had their time */
};

struct shut_out {
	struct repeats_tally mail, others; /* ports whose connections are counted; the others */
	uint32_t dead;	 /* SYNs to mail ports of servers where none was answered since */
	uint32_t losing; /* servers where a mail port that had accepted left a SYN unanswered */
	uint16_t port, beside; /* such a mail port; another port that is still answered; 0: none */
	int seen;	       /* the last hop at which SYNs to mail ports expired since, 0: none */
};

/* Those of all servers of a family. */
struct shut_out scene_count_all_repeats(const struct scene *scene, uint8_t family);

/* Whether this host is shut out of the server's mail ports, by somebody on the way or there; what
 * shows it is in *out. */
bool scene_is_shut_out(const struct scene *scene, uint32_t s, struct shut_out *out);

/* A mail port of the server, beside the one under test, that accepted a SYN; 0: none. */
uint16_t scene_mail_witness(const struct path *path);

#endif
