/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OUTSIDE_VIEW_H
#define OUTSIDE_VIEW_H

/*
 * What places elsewhere say together. Each is judged alone by the same inference as a measurement
 * of one's own; here they are counted by class: lines of the same provider, and those of other
 * networks. Counts never say more than they are, and nobody is acquitted by them.
 */

#include "infer/result/result.h"
#include "outside/vantage.h"
#include "sites/sites.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTSIDE_SENTENCES_MAX 12
#define OUTSIDE_SURE_MAX      0.95 /* of a place elsewhere, and of what it can move here */

enum outside_fate {
	OUTSIDE_OPEN,
	OUTSIDE_BLOCKED,
	OUTSIDE_UNDECIDED,
	OUTSIDE_OUT, /* says nothing of any network: its own line fails, or its control does */
};

struct outside_row {
	const struct vantage *vantage;
	uint32_t asn;	   /* of its network, 0: unknown */
	const char *owner; /* untrusted, NULL: unknown */
	bool same;	   /* of the network that the question is about */
	bool counted;	   /* the one of its /24 or /48 that counts */
	enum outside_fate fate;
	bool inside;	/* blocked by its provider, at a known place, for two servers at least */
	bool at_server; /* blocked by the server, or behind every router before it */
	struct judgement judgement; /* no surer than OUTSIDE_SURE_MAX */
	const char *why;	    /* of one that is out or undecided; NULL otherwise */
};

/* Lines that count, of one class and family. */
struct outside_count {
	uint32_t lines, open, blocked, undecided;
	uint32_t inside, at_server; /* of the blocked */
	uint32_t networks;	    /* whose lines agree: with a vote each */
	uint32_t networks_open, networks_at_server;
};

/* What a class of lines beside the other may be said to show. */
enum outside_says {
	OUTSIDE_NOTHING,    /* too few, or without a common answer */
	OUTSIDE_NO_LINE,    /* none of the provider's answered */
	OUTSIDE_NOT_ALL,    /* the provider has no rule for all its lines */
	OUTSIDE_SOME_LINES, /* some of its lines lose the port, others do not */
	OUTSIDE_PROVIDER,   /* the provider blocks it for others as well */
	OUTSIDE_EVERYBODY,  /* the server or its network does */
};

struct outside_view {
	struct arena arena;
	const struct outside_row *rows;
	size_t rows_n;
	uint16_t port;
	uint32_t asn;	   /* the network that the question is about, 0: unknown */
	const char *owner; /* untrusted, NULL: unknown */
	struct outside_count same[2], other[2]; /* IPv4, IPv6 */
	enum outside_says says[2];
	bool asked[2];				      /* any line was asked over that family */
	struct sites_result shared;		      /* the stretches that blocked lines share */
	const struct site *sites;		      /* those that were combined */
	const char *sentences[OUTSIDE_SENTENCES_MAX]; /* in English */
	size_t sentences_n;
	struct arena told_arena;
	const char *told[OUTSIDE_SENTENCES_MAX]; /* the same in the reader's language */
	size_t told_n;
	const char *const *ids; /* public measurements, each once */
	size_t ids_n;
};

/*
 * Judges and counts; `asn` is the network that the question is about (0: unknown), `own` what was
 * measured here (NULL: nothing), `catalogue` the reader's language (NULL: English). *out refers to
 * the list. 0, or -1 when there is no memory. The caller frees with outside_free() either way.
 */
int outside_judge(const struct vantage_list *list, uint32_t asn, const struct result *own,
		  const struct catalogue *catalogue, struct outside_view *out);
void outside_free(struct outside_view *view);

/*
 * Lets the view move the verdict that was found here, as far as it may: between the local network
 * and the provider, or to the server, never above OUTSIDE_SURE_MAX. Adds a reason that names the
 * lines. 0, or -1 when there is no memory.
 */
int outside_amend(const struct outside_view *view, struct result *own);

/*
 * The verdict where nothing was measured here, in English or (`told`) in the reader's language. 0,
 * or -1 when there is no memory.
 */
int outside_verdict(const struct outside_view *view, bool told, struct result *out);

/* The network of the provider, as a measurement of one's own shows it; 0: it does not. */
uint32_t outside_provider(const struct result *own);

/* Names of the enumerations, as the result has them. */
const char *outside_fate_name(enum outside_fate fate);
const char *outside_says_name(enum outside_says says);

#endif
