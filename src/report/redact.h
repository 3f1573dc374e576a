/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_REDACT_H
#define REPORT_REDACT_H

/*
 * Pseudonyms for the local network: each address, name and hardware address of
 * it gets another one, the same wherever it stands. Relations stay: addresses of
 * one network are again of one network, private ones private, and the network
 * part of a public IPv6 address is kept, because the provider needs it.
 */

#include "base/addr.h"
#include "base/arena.h"
#include "base/text.h"
#include "infer/result.h"
#include "trace/trace.h"
#include <stddef.h>

struct pseudonym {
	struct addr addr, shown;   /* none for a name */
	const char *name, *pseudo; /* NULL for an address */
};

/* Everything belongs to the arena. */
struct redaction {
	const struct trace *t;
	struct pseudonym *items;
	size_t n, cap;
	struct arena arena;
};

/* Finds what belongs to the local network. 0, or -1 when there is no memory. */
int redact_plan(const struct trace *t, const struct result *r, struct redaction *out);

/* Room for one more entry, or NULL. */
struct pseudonym *redact_append(struct redaction *red);

/* What the address is shown as; itself when it is not of the local network. */
struct addr redact_addr(const struct redaction *red, const struct addr *addr);

/* Appends the text with every address, name and hardware address replaced. */
void redact_text(struct redaction *red, const char *s, struct text *out);

/*
 * Puts the pseudonyms into the trace. 0, or -1 when there is no memory; then the trace is as it
 * was. The result of the trace has to be made anew.
 */
int redact_trace(struct redaction *red, struct trace *t);

/* What stands for what, one a line, for the owner. */
void redact_key(const struct redaction *red, struct text *out);

void redact_free(struct redaction *red);

#endif
