/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LOAD_HOP_OWNERS_H
#define CLI_LOAD_HOP_OWNERS_H

/*
 * Whose the addresses on the way are, looked up as soon as each is known: in a
 * data base on this machine, and by DNS where the user names a zone.
 */

#include "cli/options.h"
#include "cli/out/log.h"
#include "io/names/owners.h"
#include "io/names/owners_dns.h"
#include "trace/trace.h"

#define HOP_OWNERS_MAX	      1024 /* addresses in one run */
#define HOP_OWNERS_TEXT_BYTES 320

struct hop_owners {
	struct owners *db;	/* NULL: none */
	const char *path;	/* of it; a loan from the options or the environment */
	struct owners_dns *dns; /* NULL: nobody is asked */
	char question[HOP_OWNERS_TEXT_BYTES]; /* what is asked of whom, in words */
	size_t servers_seen, replies_seen, translators_seen;
	size_t n;
	struct addr addrs[HOP_OWNERS_MAX]; /* those looked up */
	bool used;			   /* the data base knew something */
};

/* What is used without a word of the options, or with it; NULL: nothing. */
const char *hop_owners_path(const struct options *o);

/*
 * Opens what the options name; with neither of them and `by_default`, what the environment's
 * WHOBLOCKS_ASN_DB names (empty: nothing), else libloc's data base where it is installed. 0, or -1
 * with *err when that cannot be read; what is merely installed may be broken.
 */
int hop_owners_open(struct hop_owners *h, const struct options *o, bool by_default, struct log *log,
		    struct err *err);

/* Looks up those that are new, into the trace; never waits. */
void hop_owners_step(struct hop_owners *h, struct trace *t);

/* The same of another trace, from its beginning on, and of one more address. */
void hop_owners_other(struct hop_owners *h, struct trace *t, const struct addr *also);

/* Looks up the addresses alone that the user states to be this host's. */
void hop_owners_stated(struct hop_owners *h, struct trace *t);

/*
 * The last look-ups; waits a little for what DNS has not told, and notes in the trace where its
 * networks come from.
 */
void hop_owners_end(struct hop_owners *h, struct trace *t, int64_t wait_ns);

/* Whether a question went out of this host. */
bool hop_owners_asked(const struct hop_owners *h);

void hop_owners_close(struct hop_owners *h);

#endif
