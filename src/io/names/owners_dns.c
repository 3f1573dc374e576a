/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/owners_dns.h"
#include "base/hostname.h"
#include "io/host/clock.h"
#include "io/host/status.h"
#include "io/names/lines.h"
#include "io/names/resolver.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRY_MS	     700
#define TRIES	     2
#define NS_PER_MS    1000000
#define RECORD_BYTES 512
#define ZONE_MAX     150 /* so that an IPv6 address in front still makes a name */

struct as_name {
	struct owners_dns *dns;
	uint32_t asn;
	char name[OWNERS_NAME_BYTES]; /* "": none so far */
};

struct asked {
	struct owners_dns *dns;
	struct addr addr;
	struct owner owner; /* prefix of length 0: none so far */
};

struct owners_dns {
	struct resolver *resolver;
	const char *zone;
	size_t n, names_n, pending;
	struct asked asked[OWNERS_DNS_MAX];
	struct as_name names[OWNERS_DNS_MAX];
};

struct owners_dns *owners_dns_open(const char *zone, struct err *err)
{
	struct owners_dns *d;

	if (!hostname_valid(zone) || strlen(zone) > ZONE_MAX) {
		err_set(err, IO_USAGE, "--asn-dns ZONE: '%s' is no DNS zone", zone);
		return NULL;
	}
	d = calloc(1, sizeof(*d));
	if (!d) {
		err_set(err, IO_SYSTEM, "no memory to ask for owners");
		return NULL;
	}
	d->zone = zone;
	d->resolver = resolver_open(TRY_MS, TRIES, "cannot ask for owners by DNS", err);
	if (d->resolver)
		return d;
	free(d);
	return NULL;
}

/* --- records --------------------------------------------------------------------------------- */

/* The column of a record with this number, from 0, without the space around it; false: none. */
static bool column(const char *record, int number, char out[RECORD_BYTES])
{
	size_t n;

	while (number-- > 0) {
		record = strchr(record, '|');
		if (!record)
			return false;
		record++;
	}
	record += strspn(record, " ");
	n = strcspn(record, "|");
	while (n > 0 && record[n - 1] == ' ')
		n--;
	snprintf(out, RECORD_BYTES, "%.*s", (int)n, record);
	return n > 0;
}

void owners_dns_origin(const char *record, const struct addr *addr, struct owner *best)
{
	char text[RECORD_BYTES];
	struct prefix prefix;
	unsigned long asn;

	if (!column(record, 1, text) || !prefix_parse(text, &prefix) || prefix.len == 0 ||
	    !prefix_contains(&prefix, addr) || !column(record, 0, text))
		return;
	/* Several numbers: announced by all of them, so nobody's for certain. */
	if (!lines_number(text, UINT32_MAX, &asn))
		asn = 0;
	if (prefix.len < best->prefix.len)
		return;
	if (prefix.len == best->prefix.len && best->asn != asn)
		asn = 0;
	*best = (struct owner){.prefix = prefix, .asn = (uint32_t)asn};
}

/* --- questions ------------------------------------------------------------------------------- */

static void take_name(void *arg, const char *text)
{
	struct as_name *name = arg;
	char last[RECORD_BYTES];

	if (!text)
		name->dns->pending--;
	else if (column(text, 4, last) && !name->name[0])
		snprintf(name->name, sizeof(name->name), "%.*s", OWNERS_NAME_BYTES - 1, last);
}

static void ask_name(struct owners_dns *d, uint32_t asn)
{
	char question[HOSTNAME_MAX + 1];
	struct as_name *name;

	for (size_t i = 0; i < d->names_n; i++) {
		if (d->names[i].asn == asn)
			return;
	}
	name = &d->names[d->names_n++];
	*name = (struct as_name){.dns = d, .asn = asn};
	snprintf(question, sizeof(question), "AS%u.%s", asn, d->zone);
	d->pending++;
	resolver_ask_texts(d->resolver, question, take_name, name);
}

/* The last text is followed by the question whose network that is. */
static void take_origin(void *arg, const char *text)
{
	struct asked *asked = arg;

	if (text) {
		owners_dns_origin(text, &asked->addr, &asked->owner);
		return;
	}
	asked->dns->pending--;
	if (asked->owner.asn)
		ask_name(asked->dns, asked->owner.asn);
}

/* The address's bytes or nibbles, last first, before the zone. */
static void question_of(const struct owners_dns *d, const struct addr *a, char *out, size_t room)
{
	static const char digits[] = "0123456789abcdef";
	char nibbles[4 * sizeof(a->b) + 1];
	char *at = nibbles;

	if (a->family == 4) {
		snprintf(out, room, "%u.%u.%u.%u.origin.%s", a->b[3], a->b[2], a->b[1], a->b[0],
			 d->zone);
		return;
	}
	for (size_t i = sizeof(a->b); i-- > 0;) {
		*at++ = digits[a->b[i] & 15];
		*at++ = '.';
		*at++ = digits[a->b[i] >> 4];
		*at++ = '.';
	}
	*at = '\0';
	snprintf(out, room, "%sorigin6.%s", nibbles, d->zone);
}

void owners_dns_ask(struct owners_dns *d, const struct addr *addr)
{
	char question[HOSTNAME_MAX + 1];
	struct asked *asked;

	if (d->n == OWNERS_DNS_MAX || addr_class(addr) != ADDR_PUBLIC)
		return;
	for (size_t i = 0; i < d->n; i++) {
		if (addr_equal(&d->asked[i].addr, addr))
			return;
	}
	asked = &d->asked[d->n++];
	*asked = (struct asked){.dns = d, .addr = *addr};
	question_of(d, addr, question, sizeof(question));
	d->pending++;
	resolver_ask_texts(d->resolver, question, take_origin, asked);
}

void owners_dns_step(struct owners_dns *d, int64_t wait_ns)
{
	int64_t end_ns = clock_mono_ns() + wait_ns;

	while (d->pending > 0) {
		int64_t left_ms = (end_ns - clock_mono_ns()) / NS_PER_MS;

		resolver_work(d->resolver, left_ms > 0 ? (int)left_ms : 0);
		if (left_ms <= 0)
			return;
	}
}

size_t owners_dns_asked(const struct owners_dns *d)
{
	return d->n;
}

bool owners_dns_next(const struct owners_dns *d, size_t *at, struct owner *out)
{
	while (*at < d->n) {
		*out = d->asked[(*at)++].owner;
		for (size_t i = 0; i < d->names_n && out->asn; i++) {
			if (d->names[i].asn == out->asn)
				memcpy(out->name, d->names[i].name, sizeof(out->name));
		}
		if (out->asn)
			return true;
	}
	return false;
}

void owners_dns_close(struct owners_dns *d)
{
	if (!d)
		return;
	/* Pending questions call back here, while the entries still stand. */
	resolver_close(d->resolver);
	free(d);
}
