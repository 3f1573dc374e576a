/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MAIL_DIALOGUE_H
#define INFER_MAIL_DIALOGUE_H

/*
 * A mail session's lines read as what they say: the greeting, what the server
 * offers, what it answers to STARTTLS, the certificate.
 */

#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>

/* A piece of somebody's text, not terminated. */
struct slice {
	const char *at;
	size_t n;
};

#define DIALOGUE_KEYWORDS_MAX 32

struct dialogue {
	int greeting; /* reply code, 0: none came */
	struct slice greeting_text, greeting_host;
	bool strange; /* the first line is no reply */
	int ehlo;     /* reply code to EHLO or HELO in clear: the first that accepts, 0: none */
	struct slice ehlo_text; /* of that reply's last line */
	bool helo;		/* and that was HELO, which offers nothing */
	bool offers;		/* STARTTLS is among what the server offers in clear */
	bool masked;		/* a word of its length, overwritten, is there in its place */
	int starttls;		/* reply code to STARTTLS, 0: none */
	bool asks_tls;		/* the client's last word was STARTTLS */
	bool goes_on;		/* it was a command of the mail dialogue behind EHLO */
	struct slice starttls_text;
	int again;				      /* reply code to EHLO inside TLS, 0: none */
	struct slice auth_clear, auth_tls;	      /* mechanisms, at NULL: AUTH is not offered */
	struct slice keywords[DIALOGUE_KEYWORDS_MAX]; /* offered in clear */
	size_t keywords_n;
};

/* Reads session->lines. Slices point into them. */
void dialogue_read(const struct session *session, struct dialogue *out);

/* Fields of the server's own certificate; at NULL where there is none. */
struct certificate {
	struct slice subject, issuer, serial, names, from, until;
};

void dialogue_certificate(const struct session *session, struct certificate *out);

/* The next certificate of the chain at *text, which moves on; false at its end. */
bool dialogue_next_certificate(const char **text, struct certificate *out);

bool slice_equal(const struct slice *a, const struct slice *b);

#endif
