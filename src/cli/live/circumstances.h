/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_CIRCUMSTANCES_H
#define CLI_LIVE_CIRCUMSTANCES_H

/*
 * What is known of a live run beside its packets: the machine's clock and
 * libraries, the public address, and whom a registry names for the network.
 */

#include "cli/options.h"
#include "cli/out/log.h"
#include "io/host/system.h"
#include "io/names/rdap.h"
#include "report/page/about.h"
#include "trace/trace.h"

#define LOOKUPS_MAX 8

struct circumstances {
	const struct options *o; /* of the run */
	char id[ABOUT_ID_BYTES];
	struct about about;
	struct system_facts system;
	struct rdap_contact contact;
	const char *lookups[LOOKUPS_MAX + 1]; /* NULL-terminated */
	size_t lookups_n;
	struct arena arena;
};

/*
 * Gives the run its id and reads what this machine says of itself and the options of the run.
 * *out must stay where it is.
 */
void circumstances_read(struct circumstances *out, const struct options *o);

/*
 * Asks those services that the run's options name, for at most wait_ns in all. What they do not
 * tell is unknown, and a message says why. This host's public address goes into the trace as well,
 * if it was asked for the way that the servers are.
 */
void circumstances_ask(struct circumstances *c, struct log *log, struct trace *t, int64_t wait_ns);

/* Notes that a question went out of this host. */
void circumstances_looked_up(struct circumstances *c, const char *what);

void circumstances_free(struct circumstances *c);

#endif
