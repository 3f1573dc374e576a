/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_FIREWALL_RULES_H
#define IO_HOST_FIREWALL_RULES_H

/*
 * Readers of what firewall tools print: they look for rules that name a port,
 * know what such a rule does and where, and say what would let the port pass.
 * The text may be anybody's: nothing in it is trusted to be well formed.
 */

#include "trace/trace.h"

struct rules_wanted {
	uint16_t port;
	uint8_t family; /* that the tool speaks of; 0: both */
	const char
		*text; /* nft: the same rules as "nft -nsa list ruleset" prints them, NULL: none */
	const char *tool;   /* iptables: its name, as commands begin */
	const char *queues; /* who decides over queues, as queues_print() writes it, NULL: nobody */
};

/* "nft -nsaj list ruleset". */
void rules_parse_nft(const char *output, const struct rules_wanted *wanted, struct trace *t);

/* iptables-save and ip6tables-save. */
void rules_parse_iptables(const char *text, const struct rules_wanted *wanted, struct trace *t);

/* "ip rule list". */
void rules_parse_ip(const char *text, const struct rules_wanted *wanted, struct trace *t);

/* "ip xfrm policy". */
void rules_parse_xfrm(const char *text, const struct rules_wanted *wanted, struct trace *t);

/* --- shared by the readers ------------------------------------------------------------------ */

#define RULES_LINE_BYTES 1024
#define RULES_CHAINS_MAX 512
#define RULES_NAME_BYTES 64

/* A chain and the hook from which it is reached. */
struct rules_chain {
	char table[2 * RULES_NAME_BYTES];
	char name[RULES_NAME_BYTES];
	bool declared; /* it is a chain, and no target of the tool's own */
	bool hooked;
	enum filter_hook hook;
	char from[RULES_NAME_BYTES]; /* a chain that jumps here, "": none seen */
	bool spares; /* an earlier rule lets some users' connections to the port go */
	bool ends;   /* all TCP that comes here ends here, by `action` */
	enum filter_action action;
	char then[RULES_NAME_BYTES]; /* or goes on to this chain, "": neither */
};

struct rules_chains {
	struct rules_chain items[RULES_CHAINS_MAX];
	size_t n;
};

/* Notes in the trace that rules were not read: too many, or no end of them. */
void rules_unread(struct trace *t);

/* The chain of this name, made when it is new; NULL when there are too many. */
struct rules_chain *rules_chain(struct rules_chains *chains, const char *table, const char *name);

/* Gives chains that are only jumped to the hook of the chain that jumps. */
void rules_inherit(struct rules_chains *chains);

/* The next line without its end and its leading blanks, into buf; NULL at the end. */
const char *rules_line(const char *text, char buf[RULES_LINE_BYTES]);

/* Copies the word at s ("" at the end); returns what follows it. */
const char *rules_word(const char *s, char word[RULES_NAME_BYTES]);

/* A rule, for whoever knows who manages it. */
struct rules_named {
	const char *table, *chain, *line;
	uint16_t port;
	uint8_t family;
	bool by_owner;
};

/*
 * What its manager (firewalld, ufw, CSF, cPanel, fail2ban) wants to be told to let the port pass,
 * into out; false: nobody's that is known. `chains`, which may be NULL, are those that are there
 * beside it.
 */
bool rules_own_words(const struct rules_chains *chains, const struct rules_named *rule, char *out,
		     size_t size);

/* What else is to be known of doing so, of the same rule; NULL: nothing. Static. */
const char *rules_own_advice(const struct rules_named *rule);

/* Whether a list such as "25,465,500-600" (or with ':' for '-') names the port. */
bool rules_lists_port(const char *list, uint16_t port);

#endif
