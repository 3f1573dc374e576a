/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/tls_seen.h"
#include "base/bytes.h"
#include "trace/x509_seen.h"
#include <string.h>

enum {
	RECORD_CIPHERS = 20, /* from here on it is encrypted */
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
	RECORD_MAX = 16384 + 2048,
};

enum {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	EXTENSION_NAME = 0,
	EXTENSION_VERSIONS = 43,
	RANDOM_BYTES = 32,
	TLS_1_3 = 0x0304,
};

/* The header is complete: what kind of record it begins. */
static void begin_record(struct tls_seen *v)
{
	v->type = v->head[0];
	v->left = (uint32_t)v->head[3] << 8 | v->head[4];
	v->head_n = 0;
	v->broken = v->type < RECORD_CIPHERS || v->type > RECORD_DATA || v->head[1] != 3 ||
		    v->left > RECORD_MAX;
	v->hellos += v->type == RECORD_HANDSHAKE && !v->ciphered;
	v->data += v->type == RECORD_DATA;
	v->ciphered = v->ciphered || v->type == RECORD_CIPHERS;
}

static void take_body(struct tls_seen *v, const uint8_t *bytes, size_t n)
{
	size_t room = TLS_SEEN_MAX - v->hello.len;

	if (v->type == RECORD_HANDSHAKE && !v->ciphered)
		text_add_bytes(&v->hello, (const char *)bytes, n < room ? n : room);
	for (size_t i = 0; v->type == RECORD_ALERT && !v->ciphered && i < n; i++) {
		if (v->alert_n < sizeof(v->alert))
			v->alert[v->alert_n++] = bytes[i];
	}
}

void tls_seen_take(struct tls_seen *v, const uint8_t *bytes, size_t n)
{
	while (n > 0 && !v->broken) {
		size_t some = v->left < n ? v->left : n;

		if (v->left == 0) {
			v->head[v->head_n++] = *bytes;
			some = 1;
			if (v->head_n == TLS_SEEN_HEADER)
				begin_record(v);
		} else {
			take_body(v, bytes, some);
			v->left -= (uint32_t)some;
		}
		bytes += some;
		n -= some;
	}
}

static uint32_t u24(struct bytes *in)
{
	uint32_t high = bytes_u8(in);

	return high << 16 | bytes_u16(in);
}

/* The first message of this kind; false: it is not there whole. */
static bool find_message(const struct tls_seen *v, uint8_t kind, struct bytes *out)
{
	struct bytes in = bytes_of(v->hello.s, v->hello.len);

	while (bytes_left(&in) >= 4) {
		uint8_t type = bytes_u8(&in);

		*out = bytes_take(&in, u24(&in));
		if (in.cut)
			return false;
		if (type == kind)
			return true;
	}
	return false;
}

/* An extension of a hello, whose list of extensions comes next; false: it has none of this kind. */
static bool find_extension(struct bytes *hello, uint16_t kind, struct bytes *out)
{
	struct bytes all = bytes_take(hello, bytes_u16(hello));

	while (bytes_left(&all) >= 4) {
		uint16_t type = bytes_u16(&all);

		*out = bytes_take(&all, bytes_u16(&all));
		if (all.cut)
			return false;
		if (type == kind)
			return true;
	}
	return false;
}

bool tls_seen_is_13(const struct tls_seen *server)
{
	struct bytes hello, versions;

	if (!find_message(server, SERVER_HELLO, &hello))
		return false;
	bytes_skip(&hello, 2 + RANDOM_BYTES);
	bytes_skip(&hello, bytes_u8(&hello));
	bytes_skip(&hello, 2 + 1);
	return find_extension(&hello, EXTENSION_VERSIONS, &versions) &&
	       bytes_u16(&versions) == TLS_1_3;
}

void tls_seen_name(const struct tls_seen *client, struct text *out)
{
	struct bytes hello, names, name;

	if (!find_message(client, CLIENT_HELLO, &hello))
		return;
	bytes_skip(&hello, 2 + RANDOM_BYTES);
	bytes_skip(&hello, bytes_u8(&hello));
	bytes_skip(&hello, bytes_u16(&hello));
	bytes_skip(&hello, bytes_u8(&hello));
	if (!find_extension(&hello, EXTENSION_NAME, &names))
		return;
	bytes_skip(&names, 2 + 1);
	name = bytes_take(&names, bytes_u16(&names));
	if (!names.cut)
		text_add_untrusted(out, (const char *)name.at, name.len);
}

void tls_seen_certificate(const struct tls_seen *server, struct text *out)
{
	struct bytes message, first;

	if (!find_message(server, CERTIFICATE, &message))
		return;
	bytes_skip(&message, 3);
	first = bytes_take(&message, u24(&message));
	if (!message.cut)
		x509_seen_add(out, first.at, first.len);
}

void tls_seen_free(struct tls_seen *v)
{
	text_free(&v->hello);
	*v = (struct tls_seen){0};
}
