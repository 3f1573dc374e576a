/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_PRIVILEGED_H
#define CLI_LIVE_PRIVILEGED_H

/*
 * Everything of a live run that needs privilege, in one place: source ports,
 * the processes that connect as other users, the capture, the raw sockets.
 * After privileged_drop() nothing of the kind is opened any more.
 */

#include "cli/live/mail.h"
#include "cli/live/targets.h"
#include "cli/options.h"
#include "engine/engine.h"
#include "io/capture/source.h"
#include "io/host/firewall.h"
#include "io/send/connect.h"
#include "io/send/ports.h"
#include "io/send/sender.h"
#include "trace/trace.h"

struct privileged {
	const struct options *o; /* set by the caller, like the next four */
	struct trace *trace;
	const struct targets *targets;
	struct mail_run *mail;		 /* prepared; opened here, closed by the caller */
	struct draw_key key;		 /* of all numbers on the wire; made here, never shown */
	struct ports raw[ENGINE_BLOCKS]; /* by region: for SYNs through the IP layer */
	struct ports link;		 /* for those past the firewall; may be empty */
	struct firewall *firewall;	 /* NULL: its rules are not ours to read */
	int64_t bad_checksums;		 /* before the first packet */
	struct connector *connector;
	struct source *source;
	struct sender *sender;
};

/* Whether a measurement is permitted at all. 0, or -1 with *err (EXIT_NOT_PERMITTED). */
int privileged_check(struct err *err);

/* Whether this user may do what the options ask for. The same statuses. */
int privileged_allow(const struct options *o, struct err *err);

/* Opens all of it and tells the trace whose connections and which ports there are. 0, or -1. */
int privileged_open(struct privileged *p, struct err *err);

/*
 * After the measurement: looks for rules of this host that explain what did not leave it, or did
 * not come in.
 */
void privileged_explain(struct privileged *p);

/*
 * Who a measurement is once it has what it needs: the caller of sudo, or nobody where root itself
 * started it. 0, or -1 with *err.
 */
int privileged_heir(struct caller *out, struct err *err);

/*
 * Becomes that user, without any capability and without the system calls that could lead to one. 0,
 * or -1 with *err.
 */
int privileged_drop(struct err *err);

void privileged_close(struct privileged *p);

#endif
