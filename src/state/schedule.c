/* SPDX-License-Identifier: BSD-2-Clause */
#include "state/schedule.h"
#include "base/bytes.h"
#include <stdbool.h>
#include <string.h>

#define SECOND_US    INT64_C(1000000)
#define HURRY_LEAST  60 /* seconds: routers answer one expiry in each of them */
#define HURRY_SPREAD 30

/* One number of two, the same for the same; every bit of it depends on every bit of theirs (the
 * finaliser of splitmix64). */
static uint64_t mix(uint64_t seed, uint64_t value)
{
	uint64_t z = seed + (value + 1) * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t schedule_seed(const char *machine, const char *name)
{
	uint64_t high = bytes_hash(machine, strlen(machine), 0x811c9dc5U);
	uint64_t low = bytes_hash(machine, strlen(machine), 0x01000193U);

	return mix(high << 32 | low, bytes_hash(name, strlen(name), 0x811c9dc5U));
}

int64_t schedule_first_us(uint64_t seed, int64_t interval_us)
{
	return (int64_t)(mix(seed, 0) % (uint64_t)interval_us);
}

int64_t schedule_next_us(const struct tracker *t, uint64_t seed, uint64_t number, int64_t began_us)
{
	int64_t wait_us = t->interval_us;

	if (tracker_hurries(t)) {
		uint64_t more = mix(seed, number) % (HURRY_SPREAD * SECOND_US);
		int64_t hurry_us = HURRY_LEAST * SECOND_US + (int64_t)more;

		wait_us = hurry_us < wait_us ? hurry_us : wait_us;
	}
	return began_us + wait_us;
}

static uint64_t rank(const struct schedule_server *s, uint64_t seed, int64_t day)
{
	uint64_t host = bytes_hash(s->host, strlen(s->host), 0x811c9dc5U);

	return mix(mix(seed, (uint64_t)day), host);
}

static bool is_free(const struct schedule_server *servers, size_t i, const size_t *out, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		bool same = servers[i].group && servers[i].group == servers[out[k]].group;

		if (out[k] == i || same)
			return false;
	}
	return true;
}

/* The best of those that are free, by the order of the day so many before; n where none is. */
static size_t best(const struct schedule_day *d, int64_t before, const size_t *out, size_t taken)
{
	size_t at = d->n;

	for (size_t i = 0; i < d->n; i++) {
		if (is_free(d->servers, i, out, taken) &&
		    (at == d->n || rank(&d->servers[i], d->seed, d->day - before) >
					   rank(&d->servers[at], d->seed, d->day - before)))
			at = i;
	}
	return at;
}

size_t schedule_servers(const struct schedule_day *day, size_t *out, size_t want)
{
	size_t taken = 0;

	while (taken < want) {
		size_t at = best(day, 0, out, taken);

		/* The first of the day before was asked then; it comes second today. */
		if (taken == 1) {
			size_t old = best(day, 1, out, 0);

			at = is_free(day->servers, old, out, taken) ? old : at;
		}
		if (at == day->n)
			break;
		out[taken++] = at;
	}
	return taken;
}
