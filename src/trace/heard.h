/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_HEARD_H
#define TRACE_HEARD_H

/*
 * What the two sides of a connection to a mail port say: SMTP's lines while they are in clear, TLS
 * from where it begins. The bytes come in their order; holes are somebody else's matter.
 */

#include "trace/tls_seen.h"
#include "trace/trace.h"

#define HEARD_LINE_BYTES 512

enum heard_command { HEARD_OTHER, HEARD_HELLO, HEARD_STARTTLS };

/* One side's words. */
struct heard_words {
	char line[HEARD_LINE_BYTES];
	size_t n;
	bool in_tls;
	struct tls_seen tls;
};

/* Zeroed: nothing was said. */
struct heard {
	struct heard_words words[2]; /* [0]: the server's, [1]: the client's */
	struct text lines;
	bool secret; /* what the client says now is a password or a mail */
	bool spoken; /* the client said something in clear */
	bool greeted, quit, asked_tls, in_mail, leaves;
	unsigned client_data; /* the client's TLS data records when the server's newest came */
	enum heard_command command;
};

struct heard_bytes {
	const uint8_t *at;
	size_t n;
	int64_t at_ns; /* when they were captured */
};

/* Takes bytes of the client's (`out`) or the server's, and notes in *s what they make of it. */
void heard_take(struct heard *h, struct session *s, const struct heard_bytes *bytes, bool out);

/* What the TLS handshake said in clear: names, alerts. Texts are kept in t->strings. */
void heard_names(const struct heard *h, struct trace *t, struct session *s);

void heard_free(struct heard *h);

#endif
