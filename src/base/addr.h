/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

/*
 * An IP address of either family as a plain value, its text form, its prefix
 * and its class. An all-zero struct addr is "no address".
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ADDR_TEXT_BYTES 46 /* INET6_ADDRSTRLEN */

struct addr {
	uint8_t family; /* 0 none, 4 or 6 */
	uint8_t b[16];	/* network byte order; IPv4 uses the first four */
};

struct prefix {
	struct addr addr;
	uint8_t len; /* bits */
};

/* What an address says by itself (RFC 1918, 4193, 4291, 3927, 6598, 6333). */
enum addr_class {
	ADDR_NONE,
	ADDR_PUBLIC, /* documentation and benchmarking prefixes count as public */
	ADDR_PRIVATE,
	ADDR_CGN, /* 100.64.0.0/10 */
	ADDR_LINK_LOCAL,
	ADDR_LOOPBACK,
	ADDR_MULTICAST,
};

static inline struct addr addr_v4(const uint8_t b[4])
{
	struct addr a = {.family = 4};

	memcpy(a.b, b, 4);
	return a;
}

static inline struct addr addr_v6(const uint8_t b[16])
{
	struct addr a = {.family = 6};

	memcpy(a.b, b, 16);
	return a;
}

static inline bool addr_is_set(const struct addr *a)
{
	return a->family != 0;
}

static inline bool addr_equal(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return false;
	return a->family == 4 ? memcmp(a->b, b->b, 4) == 0 : memcmp(a->b, b->b, 16) == 0;
}

/* A numeric address; false when `s` is none. */
bool addr_parse(const char *s, struct addr *out);

/* Writes the RFC 5952 form (or "-" for none) and returns buf. */
const char *addr_text(const struct addr *a, char buf[ADDR_TEXT_BYTES]);

enum addr_class addr_class(const struct addr *a);

/*
 * "192.0.2.0/24", or an address alone as a host prefix; bits beyond the length
 * are cleared. False when malformed.
 */
bool prefix_parse(const char *s, struct prefix *out);
bool prefix_contains(const struct prefix *p, const struct addr *a);

/*
 * The IPv4 address that an IPv6 one stands for under a translator's prefix of 32, 40, 48, 56, 64 or
 * 96 bits (RFC 6052, 2.2); false when it is not of that form.
 */
bool addr_embedded(const struct prefix *p, const struct addr *a, struct addr *out);

/*
 * The prefix under which an address of ipv4only.arpa stands for one of the two that the name has
 * (RFC 7050); false: under none.
 */
bool prefix_of_translator(const struct addr *a, struct prefix *out);

/* Whether both lie in one network as votes count it: the same /24 or /48. */
bool addr_same_site(const struct addr *a, const struct addr *b);

uint32_t addr_hash(const struct addr *a, uint32_t seed);

#endif
