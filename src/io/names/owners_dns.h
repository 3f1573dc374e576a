/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_OWNERS_DNS_H
#define IO_NAMES_OWNERS_DNS_H

/*
 * Whose addresses are, asked of a DNS zone in the form that Team Cymru gave it:
 * TXT of 1.2.0.192.origin.ZONE (IPv6: nibbles under origin6.ZONE) is "AS | prefix
 * | ...", TXT of AS64500.ZONE is "AS | ... | name". Nothing here waits unless it
 * is told to.
 */

#include "base/addr.h"
#include "base/err.h"
#include "io/names/owners.h"
#include <stddef.h>
#include <stdint.h>

#define OWNERS_DNS_MAX 256 /* addresses in one run */

struct owners_dns;

/* `zone` is a loan. NULL with *err: code 2 for what is no zone, 5 without a resolver or memory. */
struct owners_dns *owners_dns_open(const char *zone, struct err *err);

/* Asks for the address's owner, once, and only for public addresses. */
void owners_dns_ask(struct owners_dns *d, const struct addr *addr);

/* Takes what has come and waits at most wait_ns (0: not at all) for what has not. */
void owners_dns_step(struct owners_dns *d, int64_t wait_ns);

size_t owners_dns_asked(const struct owners_dns *d);

/* The next owner that is known, from *at (first: 0); false: no more. */
bool owners_dns_next(const struct owners_dns *d, size_t *at, struct owner *out);

void owners_dns_close(struct owners_dns *d);

/*
 * Reads the origin record of an address: the entry with the longest prefix so far stays in *best.
 * An announcement by several ASs, or by different ones, leaves asn 0 for that prefix.
 */
void owners_dns_origin(const char *record, const struct addr *addr, struct owner *best);

#endif
