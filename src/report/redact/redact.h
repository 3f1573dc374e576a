/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_REDACT_REDACT_H
#define REPORT_REDACT_REDACT_H

/*
 * Pseudonyms for the local network: each address, name and hardware address of
 * it gets another one, the same wherever it stands. Relations stay: addresses of
 * one network are again of one network, private ones private, and the network
 * part of a public IPv6 address is kept, because the provider needs it. The names
 * of accounts but root's and what only this host's firewall rules name are
 * replaced, too; comments in these rules are left out.
 */

#include "base/addr.h"
#include "base/arena.h"
#include "base/text.h"
#include "infer/result/result.h"
#include "trace/trace.h"
#include <stddef.h>

struct pseudonym {
	struct addr addr, shown;   /* none for a name */
	const char *name, *pseudo; /* NULL for an address */
	bool user;		   /* the name is an account's */
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

/* The account gets a pseudonym; root, a number and none do not. */
void redact_plan_user(struct redaction *red, const char *name);

/* The address gets a pseudonym, unless it is public and has no part that could be left out. */
void redact_plan_addr(struct redaction *red, const struct addr *addr);

/* The address gets a pseudonym if it is not of somebody on the way. */
void redact_plan_other(struct redaction *red, const struct addr *addr);

/* So does every address in the text. */
void redact_plan_text(struct redaction *red, const char *s);

/* The accounts and addresses that a rule of the firewall names. */
void redact_plan_rule(struct redaction *red, const char *s);

/* Room for one more entry, or NULL. */
struct pseudonym *redact_append(struct redaction *red);

/* Whether addresses of its kind belong to a local network by themselves. */
bool redact_is_inside(const struct addr *addr);

/* Whether the address has a pseudonym. */
bool redact_knows(const struct redaction *red, const struct addr *addr);

/* What the address is shown as; itself when it is not of the local network. */
struct addr redact_addr(const struct redaction *red, const struct addr *addr);

/* Appends the text with every address, name and hardware address replaced. */
void redact_text(struct redaction *red, const char *s, struct text *out);

void redact_bytes(struct redaction *red, const char *s, size_t n, struct text *out);

/* The same, and the names of accounts: for sentences and command lines. */
void redact_prose(struct redaction *red, const char *s, struct text *out);

/* The same for a rule of the firewall or a command that changes it. */
void redact_rule(struct redaction *red, const char *s, struct text *out);

/* What the account is called; the name itself for root, a number, or none. */
const char *redact_user(const struct redaction *red, const char *name);

/* The pseudonym of the account, or NULL. */
const char *redact_known_user(const struct redaction *red, const char *name);

/*
 * Puts the pseudonyms into the trace. 0, or -1 when there is no memory; then the trace is as it
 * was. The result of the trace has to be made anew.
 */
int redact_trace(struct redaction *red, struct trace *t);

/* What stands for what, one a line, for the owner. */
void redact_key(const struct redaction *red, struct text *out);

void redact_free(struct redaction *red);

#endif
