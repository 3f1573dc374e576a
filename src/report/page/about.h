/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_ABOUT_H
#define REPORT_PAGE_ABOUT_H

/*
 * What a reader must know of a measurement to trust it, beside its packets: the
 * clock, the system, the rounds, the public address, who was asked about it. The
 * evidence capture carries it, so that a report made later says the same.
 */

#include "base/addr.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ABOUT_PUBLIC_MAX 4
#define ABOUT_STATED	 "stated by the user" /* a public address's source */
#define ABOUT_LABELS_MAX 16
#define ABOUT_ID_BYTES	 33 /* 128 bits as digits */

/* The state of the clock that stamped the frames. */
struct about_clock {
	bool known;
	bool synchronised;
	int64_t estimated_error_us, max_error_us;
};

struct about_public {
	struct addr addr;
	const char *source; /* how it was learnt */
};

/* Whom the registry names for a network. Untrusted text; NULL where unknown. */
struct about_contact {
	const char *network, *name, *email, *source; /* source NULL: nobody was asked for */
};

/* What the user calls the run; both untrusted, since a capture brings them along. */
struct about_label {
	const char *name, *value;
};

/* The outcome of one repetition. The names are the result's. */
struct about_round {
	int64_t started_ns;
	const char *state, *blocker, *mechanism, *sentence;
	double confidence;   /* negative: none */
	const char *capture; /* its file, NULL: none */
};

/* Strings and lists are loans. */
struct about {
	struct about_clock clock;
	const char *os;		      /* NULL: unknown */
	const char *const *libraries; /* NULL-terminated, or NULL */
	const char *timestamps;	      /* who stamped the frames, NULL: unknown */
	struct about_public public[ABOUT_PUBLIC_MAX];
	size_t public_n;
	struct about_contact contact;
	const char *id; /* of this run alone, random; NULL: unknown */
	struct about_label labels[ABOUT_LABELS_MAX];
	size_t labels_n;
	const struct about_round *rounds; /* the last is this result's; none for one round */
	size_t rounds_n;
	bool redacted; /* addresses and names of the local network and its users are pseudonyms */
};

/* A file that goes with a report. */
struct attachment {
	const char *name, *sha256;
};

enum rounds_outcome {
	ROUNDS_ONE,	  /* nothing was repeated */
	ROUNDS_DIFFER,	  /* not every round has the same outcome */
	ROUNDS_ALIKE,	  /* the same, within less than ten minutes */
	ROUNDS_PERMANENT, /* the same in rounds that lie at least ten minutes apart */
};

/* How this host's public address is known; of a family the newest word counts. */
void about_set_public(struct about *about, const struct addr *addr, const char *source);

/* Whether it can be a label's name: a letter or _, then letters, digits, _ . - (63 at most). */
bool about_label_name(const char *name);

/* How the repetitions went together; "permanently" may be said of ROUNDS_PERMANENT alone. */
enum rounds_outcome about_rounds(const struct about *about);

#endif
