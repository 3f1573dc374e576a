/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the input as one direction of a TLS connection and, by itself, as a certificate. What is
 * read is the same whether the bytes come at once or in pieces, whose size is the first byte.
 */
#include "base/bytes.h"
#include "fuzz_check.h"
#include "trace/tls_seen.h"
#include "trace/x509_seen.h"
#include <string.h>

/* Everything that the readers make of a direction. */
struct reading {
	bool is_13;
	struct text name, chain;
};

static void read_all(struct tls_seen *seen, struct bytes in, size_t piece, struct reading *out)
{
	*seen = (struct tls_seen){0};
	while (bytes_left(&in) > 0) {
		size_t n = bytes_left(&in) < piece ? bytes_left(&in) : piece;
		struct bytes some = bytes_take(&in, n);

		tls_seen_take(seen, some.at, some.len);
	}
	*out = (struct reading){.is_13 = tls_seen_is_13(seen)};
	tls_seen_name(seen, &out->name);
	tls_seen_certificate(seen, &out->chain);
}

/* Texts of strangers hold nothing that a terminal or a line of a chain would take for a sign. */
static void check_text(const struct text *text, const char *signs)
{
	require(!text->failed);
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->s[i];

		require((c >= ' ' && c != 0x7f) || strchr(signs, c));
	}
}

static void check_same(const struct text *a, const struct text *b)
{
	require(a->len == b->len && (a->len == 0 || memcmp(a->s, b->s, a->len) == 0));
}

static void check_tls(struct bytes in, size_t piece)
{
	struct tls_seen whole, parts;
	struct reading a, b;

	read_all(&whole, in, SIZE_MAX, &a);
	read_all(&parts, in, piece, &b);
	require(a.is_13 == b.is_13 && whole.hellos == parts.hellos && whole.data == parts.data);
	require(whole.broken == parts.broken && whole.alert_n == parts.alert_n);
	check_same(&a.name, &b.name);
	check_same(&a.chain, &b.chain);
	check_text(&a.name, "");
	check_text(&a.chain, "\t");
	text_free(&a.name);
	text_free(&a.chain);
	text_free(&b.name);
	text_free(&b.chain);
	tls_seen_free(&whole);
	tls_seen_free(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text certificate = {0};

	if (size < 2)
		return 0;
	check_tls(bytes_of(data + 1, size - 1), (size_t)data[0] + 1);
	x509_seen_add(&certificate, data + 1, size - 1);
	check_text(&certificate, "\t");
	text_free(&certificate);
	return 0;
}
