/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_TICKET_WORDS_H
#define REPORT_TICKET_WORDS_H

/*
 * Every sentence of the ticket, by its place in it. {name} stands for a value of
 * the measurement. Other languages have
 * them from their catalogues.
 */

#include "infer/result/result.h"

/* To whom a ticket goes. */
enum ticket_party {
	PARTY_PROVIDER,
	PARTY_HOSTING,
	PARTY_NETWORK,	 /* the reader's own network team */
	PARTY_OPERATOR,	 /* of the mail server */
	PARTY_HOST,	 /* whoever runs this host */
	PARTY_UNDECIDED, /* nobody yet: the evidence does not decide */
	PARTY_NOBODY,	 /* there is nothing to ask for */
	PARTY_COUNT,
};

enum ticket_word {
	WORD_TO,      /* who it is for */
	WORD_CLAIM,   /* the one-line claim, where the place is known */
	WORD_REQUEST, /* what is asked for */
	WORD_PARTY_COUNT,
};

/* What stands in every ticket. */
enum ticket_line {
	LINE_SUBJECT,
	LINE_CLAIM,
	LINE_OBSERVED,
	LINE_COUNTED, /* in other languages, whose reader gets no reasons: those are English */
	LINE_SIGNS,
	LINE_INFERRED,
	LINE_PLACE,
	LINE_PROBES,
	LINE_FAILING,
	LINE_WORKING,
	LINE_HOPS,
	LINE_HOPS_NOTE,
	LINE_OUTSIDE,
	LINE_OUTSIDE_IDS,
	LINE_EXCLUDED,
	LINE_HOST_LEFT,
	LINE_HOST_BLOCKS,
	LINE_SERVERS,
	LINE_SERVER_ONE,
	LINE_DNS,
	LINE_LOSS,
	LINE_NOT_CLAIMED,
	LINE_NOT_LOSS,
	LINE_NOT_INTENT,
	LINE_NOT_IMITATED,
	LINE_NOT_BETWEEN,
	LINE_NOT_CERTAIN,
	LINE_NOT_RETURN,
	LINE_NOT_MAIL,
	LINE_REPRODUCE,
	LINE_RULE,
	LINE_ALLOW,
	LINE_STOCK_FAR,
	LINE_STOCK_FAR_V6,
	LINE_STOCK_NEAR,
	LINE_STOCK_NEAR_V6,
	LINE_STOCK_MAIL,
	LINE_STOCK_SELF,
	LINE_REQUEST,
	LINE_ATTACHED,
	LINE_NONE_ATTACHED,
	LINE_COUNT,
};

/* The sentence for a party, "" where the party has none. */
const char *ticket_party_word(enum ticket_party party, enum ticket_word word);
const char *ticket_line(enum ticket_line line);

/* "blocked", "answered by something else", ... as the claim says it. */
const char *ticket_state_word(const struct judgement *j);

#endif
