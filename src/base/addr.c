/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/addr.h"
#include "base/bytes.h"
#include <arpa/inet.h>
#include <string.h>

#define V4_BITS 32
#define V6_BITS 128

static size_t addr_bytes(const struct addr *a)
{
	return a->family == 4 ? 4 : sizeof(a->b);
}

bool addr_parse(const char *s, struct addr *out)
{
	uint8_t b[16];

	if (inet_pton(AF_INET, s, b) == 1)
		*out = addr_v4(b);
	else if (inet_pton(AF_INET6, s, b) == 1)
		*out = addr_v6(b);
	else
		return false;
	return true;
}

const char *addr_text(const struct addr *a, char buf[ADDR_TEXT_BYTES])
{
	int family = a->family == 4 ? AF_INET : AF_INET6;

	if (!addr_is_set(a) || !inet_ntop(family, a->b, buf, ADDR_TEXT_BYTES))
		memcpy(buf, "-", 2);
	return buf;
}

static const struct {
	struct prefix prefix;
	enum addr_class class;
} classes[] = {
	{{{4, {255, 255, 255, 255}}, 32}, ADDR_MULTICAST}, /* broadcast */
	{{{4, {0}}, 8}, ADDR_NONE},
	{{{4, {10}}, 8}, ADDR_PRIVATE},
	{{{4, {100, 64}}, 10}, ADDR_CGN},
	{{{4, {127}}, 8}, ADDR_LOOPBACK},
	{{{4, {169, 254}}, 16}, ADDR_LINK_LOCAL},
	{{{4, {172, 16}}, 12}, ADDR_PRIVATE},
	{{{4, {192, 0, 0}}, 24}, ADDR_PRIVATE}, /* RFC 6333: both ends of a DS-Lite tunnel */
	{{{4, {192, 168}}, 16}, ADDR_PRIVATE},
	{{{4, {224}}, 4}, ADDR_MULTICAST},
	{{{4, {240}}, 4}, ADDR_PRIVATE}, /* never assigned: only seen inside somebody's network */
	{{{6, {0}}, 128}, ADDR_NONE},
	{{{6, {[15] = 1}}, 128}, ADDR_LOOPBACK},
	{{{6, {0, 0x64, 0xff, 0x9b, 0, 1}}, 48}, ADDR_PRIVATE}, /* RFC 8215 */
	{{{6, {0xfc}}, 7}, ADDR_PRIVATE},
	{{{6, {0xfe, 0x80}}, 10}, ADDR_LINK_LOCAL},
	{{{6, {0xfe, 0xc0}}, 10}, ADDR_PRIVATE}, /* RFC 3879 */
	{{{6, {0xff}}, 8}, ADDR_MULTICAST},
};

enum addr_class addr_class(const struct addr *a)
{
	static const struct prefix mapped = {{6, {[10] = 0xff, [11] = 0xff}}, 96};
	struct addr inner;

	if (!addr_is_set(a))
		return ADDR_NONE;
	if (prefix_contains(&mapped, a)) {
		inner = addr_v4(a->b + 12);
		a = &inner;
	}
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (prefix_contains(&classes[i].prefix, a))
			return classes[i].class;
	}
	return ADDR_PUBLIC;
}

/* The bits of byte i that belong to a prefix of `len` bits. */
static uint8_t prefix_mask(unsigned int len, unsigned int i)
{
	if (len >= 8 * (i + 1))
		return 0xff;
	if (len <= 8 * i)
		return 0;
	return (uint8_t)(0xff00u >> (len - 8 * i));
}

static bool same_prefix(const struct addr *a, const struct addr *b, unsigned int len)
{
	if (a->family != b->family || !addr_is_set(a))
		return false;
	const unsigned int bits = 8 * (unsigned int)addr_bytes(a);
	len = len < bits ? len : bits;
	if (memcmp(a->b, b->b, len / 8) != 0)
		return false;
	return len % 8 == 0 || ((a->b[len / 8] ^ b->b[len / 8]) & prefix_mask(len, len / 8)) == 0;
}

#define U_OCTET 8 /* this byte is zero, whatever the prefix (RFC 6052) */

bool addr_embedded(const struct prefix *p, const struct addr *a, struct addr *out)
{
	unsigned int at = p->len / 8;
	uint8_t inner[4];

	if (p->len % 8 || at < 4 || (at > 8 && at != 12) || !prefix_contains(p, a) ||
	    (at != 12 && a->b[U_OCTET] != 0))
		return false;
	for (unsigned int i = 0; i < 4; i++, at++) {
		at += at == U_OCTET;
		inner[i] = a->b[at];
	}
	*out = addr_v4(inner);
	return inner[0] != 0;
}

bool prefix_of_translator(const struct addr *a, struct prefix *out)
{
	static const uint8_t lengths[] = {96, 64, 56, 48, 40, 32};
	static const uint8_t known[2][4] = {{192, 0, 0, 170}, {192, 0, 0, 171}};

	for (size_t i = 0; a->family == 6 && i < sizeof(lengths); i++) {
		struct prefix p = {.addr = *a, .len = lengths[i]};
		struct addr inner;

		if (!addr_embedded(&p, a, &inner) ||
		    (memcmp(inner.b, known[0], 4) != 0 && memcmp(inner.b, known[1], 4) != 0))
			continue;
		for (size_t byte = p.len / 8; byte < sizeof(p.addr.b); byte++)
			p.addr.b[byte] = 0;
		*out = p;
		return true;
	}
	return false;
}

/* One to three decimal digits, up to `max`; -1 otherwise. */
static int parse_bits(const char *s, int max)
{
	int v = 0;
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > 3 || s[n] != '\0')
		return -1;
	for (; *s; s++)
		v = v * 10 + (*s - '0');
	return v <= max ? v : -1;
}

bool prefix_parse(const char *s, struct prefix *out)
{
	const char *slash = strchr(s, '/');
	size_t n = slash ? (size_t)(slash - s) : strlen(s);
	char text[ADDR_TEXT_BYTES];
	struct prefix p;
	int bits;

	if (n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	if (!addr_parse(text, &p.addr))
		return false;
	bits = p.addr.family == 4 ? V4_BITS : V6_BITS;
	if (slash)
		bits = parse_bits(slash + 1, bits);
	if (bits < 0)
		return false;
	p.len = (uint8_t)bits;
	for (unsigned int i = 0; i < sizeof(p.addr.b); i++)
		p.addr.b[i] &= prefix_mask(p.len, i);
	*out = p;
	return true;
}

bool prefix_contains(const struct prefix *p, const struct addr *a)
{
	return same_prefix(&p->addr, a, p->len);
}

bool addr_same_site(const struct addr *a, const struct addr *b)
{
	return same_prefix(a, b, a->family == 4 ? 24 : 48);
}

uint32_t addr_hash(const struct addr *a, uint32_t seed)
{
	uint32_t hash = bytes_hash(&a->family, 1, seed);

	return bytes_hash(a->b, addr_bytes(a), hash);
}
