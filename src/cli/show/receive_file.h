/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_SHOW_RECEIVE_FILE_H
#define CLI_SHOW_RECEIVE_FILE_H

/*
 * A machine that waits for one client's probes, and the file that it leaves:
 * the frames, and who waited where for whom, from when to when.
 */

#include "cli/options.h"
#include "cli/out/log.h"
#include "cli/show/save.h"
#include "io/capture/source.h"
#include "wire/packet.h"

struct receiver {
	const struct options *o;
	struct log log;
	struct prefix from;
	uint32_t ifindex; /* 0: any */
	struct source *source;
	struct saving saving;
	int signal_fd;
	int64_t started_ns, ended_ns;
	bool interrupted;
	bool full;	   /* no more frames are kept */
	bool behind;	   /* more frames wait to be taken */
	int64_t newest_ns; /* of the frames that were taken */
	uint32_t syns, answers, errors;
	struct source_counts counts;
};

/*
 * Cuts the frame behind its headers; of the one client's SMTP dialogue on the port under test what
 * is clear text of the protocol itself stays, because `compare` looks at it.
 */
void receiver_cut(const struct receiver *r, const struct packet *packet, struct frame *frame);

/* Writes the capture whole, with its facts. 0, or -1 with *err. */
int receiver_write(struct receiver *r, struct err *err);

#endif
