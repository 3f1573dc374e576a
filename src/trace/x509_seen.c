/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/x509_seen.h"
#include "base/bytes.h"
#include <string.h>

#define NAMES_MAX 400

/* Tags of DER (X.690). */
enum {
	TAG_BOOLEAN = 0x01,
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
	TAG_VERSION = 0xa0,
	TAG_EXTENSIONS = 0xa3,
	TAG_DNS_NAME = 0x82, /* in a list of general names */
};

static const uint8_t common_name[] = {0x55, 0x04, 0x03};
static const uint8_t organisation[] = {0x55, 0x04, 0x0a};
static const uint8_t alternative_names[] = {0x55, 0x1d, 0x11};

/* The next element's tag, 0 at the end, and its contents. */
static uint8_t next(struct bytes *in, struct bytes *out)
{
	uint8_t tag, first;
	size_t len;

	*out = (struct bytes){0};
	if (bytes_left(in) < 2)
		return 0;
	tag = bytes_u8(in);
	first = bytes_u8(in);
	len = first;
	if (first & 0x80) {
		len = 0;
		for (int i = first & 0x7f; i > 0 && len <= UINT16_MAX; i--)
			len = len << 8 | bytes_u8(in);
	}
	*out = bytes_take(in, len);
	return in->cut ? 0 : tag;
}

static bool is_oid(const struct bytes *b, const uint8_t *oid, size_t n)
{
	return b->len == n && memcmp(b->at, oid, n) == 0;
}

/* Of a distinguished name, the first value of this kind; false: it has none. */
static bool find_value(struct bytes name, const uint8_t *oid, size_t n, struct bytes *out)
{
	struct bytes set;

	while (next(&name, &set) == TAG_SET) {
		struct bytes pair, kind;

		if (next(&set, &pair) == TAG_SEQUENCE && next(&pair, &kind) == TAG_OID &&
		    is_oid(&kind, oid, n) && next(&pair, out) != 0)
			return true;
	}
	return false;
}

/* "CN = x", or "O = x" where there is none. */
static void add_name(struct text *out, struct bytes name)
{
	struct bytes value;

	if (find_value(name, common_name, sizeof(common_name), &value))
		text_add(out, "CN = ");
	else if (find_value(name, organisation, sizeof(organisation), &value))
		text_add(out, "O = ");
	else
		return;
	text_add_untrusted(out, (const char *)value.at, value.len);
}

/* The names in an extension's value, with commas between. */
static void add_names(struct text *out, struct bytes octets)
{
	struct bytes list, name;
	size_t start = out->len;
	uint8_t tag;

	if (next(&octets, &list) != TAG_SEQUENCE)
		return;
	while ((tag = next(&list, &name)) != 0) {
		if (tag != TAG_DNS_NAME || out->len - start + name.len > NAMES_MAX)
			continue;
		if (out->len > start)
			text_add(out, ", ");
		text_add_untrusted(out, (const char *)name.at, name.len);
	}
}

static void add_alternatives(struct text *out, struct bytes extensions)
{
	struct bytes all, one, kind, value;

	if (next(&extensions, &all) != TAG_SEQUENCE)
		return;
	while (next(&all, &one) == TAG_SEQUENCE) {
		uint8_t tag;

		if (next(&one, &kind) != TAG_OID ||
		    !is_oid(&kind, alternative_names, sizeof(alternative_names)))
			continue;
		tag = next(&one, &value);
		if (tag == TAG_BOOLEAN)
			tag = next(&one, &value);
		if (tag == TAG_OCTETS)
			add_names(out, value);
		return;
	}
}

void x509_seen_add(struct text *out, const uint8_t *der, size_t n)
{
	struct bytes in = bytes_of(der, n);
	struct bytes certificate, signed_part, part, issuer, subject;
	uint8_t tag;

	if (next(&in, &certificate) != TAG_SEQUENCE ||
	    next(&certificate, &signed_part) != TAG_SEQUENCE)
		return;
	tag = next(&signed_part, &part);
	if (tag == TAG_VERSION)
		tag = next(&signed_part, &part);
	/* Serial number, algorithm, issuer, validity, subject, key. */
	if (tag != TAG_INTEGER || next(&signed_part, &part) != TAG_SEQUENCE ||
	    next(&signed_part, &issuer) != TAG_SEQUENCE ||
	    next(&signed_part, &part) != TAG_SEQUENCE ||
	    next(&signed_part, &subject) != TAG_SEQUENCE ||
	    next(&signed_part, &part) != TAG_SEQUENCE)
		return;
	add_name(out, subject);
	text_add(out, "\t");
	add_name(out, issuer);
	text_add(out, "\t\t");
	while ((tag = next(&signed_part, &part)) != 0) {
		if (tag == TAG_EXTENSIONS)
			add_alternatives(out, part);
	}
	text_add(out, "\t\t");
}
