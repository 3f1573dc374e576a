/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_TLS_SEEN_H
#define TRACE_TLS_SEEN_H

/*
 * A TLS connection as anybody on the way sees it: what kinds of records go in each
 * direction, and what the handshake says in clear (RFC 5246, RFC 8446).
 */

#include "base/text.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_SEEN_HEADER 5
#define TLS_SEEN_MAX	16384 /* bytes of a handshake that are kept */

/* One direction. Zeroed: nothing came. */
struct tls_seen {
	uint8_t head[TLS_SEEN_HEADER];
	size_t head_n;
	uint32_t left; /* of the record, after its header */
	uint8_t type;
	bool ciphered;	  /* what follows in handshake records is encrypted */
	bool broken;	  /* what came is no TLS */
	unsigned hellos;  /* handshake records in clear */
	unsigned data;	  /* records of application data, as those of TLS 1.3's handshake are */
	uint8_t alert[2]; /* in clear: its level and description; level 0: none came */
	size_t alert_n;
	struct text hello; /* the handshake's messages in clear, so far */
};

/* Takes the next bytes of the direction. */
void tls_seen_take(struct tls_seen *v, const uint8_t *bytes, size_t n);

/* Whether the server chose TLS 1.3, by its ServerHello. */
bool tls_seen_is_13(const struct tls_seen *server);

/* Adds the name that the client asks for (RFC 6066, 3), if it does. */
void tls_seen_name(const struct tls_seen *client, struct text *out);

/*
 * Adds the server's own certificate, where it came in clear, as struct session has it in its
 * chain.
 */
void tls_seen_certificate(const struct tls_seen *server, struct text *out);

void tls_seen_free(struct tls_seen *v);

#endif
