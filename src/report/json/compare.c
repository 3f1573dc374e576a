/* SPDX-License-Identifier: BSD-2-Clause */
/* What a comparison of captures adds to the result: places, clocks, packets. */
#include "report/json/compare.h"
#include "report/page/compare_parts.h"
#include <math.h>

const char *compare_fate_name(enum fate fate)
{
	static const char *const names[] = {
		[FATE_NONE] = "unknown",      [FATE_ARRIVED] = "arrived",
		[FATE_CHANGED] = "changed",   [FATE_VANISHED] = "vanished",
		[FATE_APPEARED] = "appeared", [FATE_LOCAL] = "in-between",
	};
	return names[fate];
}

void compare_place_text(const struct compared_capture *c, struct text *out)
{
	if (!c->placed)
		text_add(out, "place unknown");
	else if (c->hop_min == c->hop_max)
		text_addf(out, "behind hop %d", c->hop_min);
	else
		text_addf(out, "behind hops %d to %d", c->hop_min, c->hop_max);
}

/* Three decimals; a clock may be behind. */
static json_t *real_of(double n)
{
	return isfinite(n) ? json_real(round(n * 1e3) / 1e3 + 0.0) : json_null();
}

static json_t *clock_of(struct value_maker *m, const struct compared_clock *clock)
{
	json_t *object;

	if (!clock->known)
		return json_null();
	object = json_object();
	value_set(m, object, "offset_ms", real_of((double)clock->offset_ns / 1e6));
	value_set(m, object, "error_ms",
		  clock->error_ns < 0 ? json_null() : real_of((double)clock->error_ns / 1e6));
	value_set(m, object, "drift_ppm", real_of(clock->drift_ppm));
	value_set(m, object, "drift_error_ppm", real_of(clock->drift_error_ppm));
	value_set(m, object, "packets", json_integer(clock->packets));
	return object;
}

static json_t *capture_of(struct value_maker *m, const struct compared_capture *c, size_t number)
{
	json_t *object = json_object();

	value_set(m, object, "file", json_integer((json_int_t)number));
	value_set(m, object, "frames", json_integer((json_int_t)c->frames));
	value_set(m, object, "matched", json_integer(c->matched));
	value_set(m, object, "hop_min", c->placed ? json_integer(c->hop_min) : json_null());
	value_set(m, object, "hop_max", c->placed ? json_integer(c->hop_max) : json_null());
	value_set(m, object, "client", value_addr(&c->client));
	value_set(m, object, "arrived", json_integer(c->arrived));
	value_set(m, object, "changed", json_integer(c->changed));
	value_set(m, object, "vanished", json_integer(c->vanished));
	value_set(m, object, "appeared", json_integer(c->appeared));
	value_set(m, object, "clock", clock_of(m, &c->clock));
	return object;
}

static json_t *packet_of(struct value_maker *m, const struct compared_packet *p)
{
	json_t *object = json_object();

	value_set(m, object, "server", json_integer(p->server));
	value_set(m, object, "port", json_integer(p->port));
	value_set(m, object, "kind", value_text(p->kind));
	value_set(m, object, "direction", json_string(p->back ? "back" : "out"));
	value_set(m, object, "fate", json_string(compare_fate_name(p->fate)));
	value_set(m, object, "change", p->change[0] ? value_text(p->change) : json_null());
	value_set(m, object, "client_frame", value_number(p->client_frame, 0));
	value_set(m, object, "file", json_integer(p->capture + 1));
	value_set(m, object, "frame", value_number(p->other_frame, 0));
	return object;
}

json_t *json_compare(struct value_maker *m, const struct comparison *c)
{
	json_t *object = json_object(), *captures = json_array(), *packets = json_array();

	for (size_t i = 1; i < c->captures_n; i++)
		value_append(m, captures, capture_of(m, &c->captures[i], i + 1));
	for (size_t i = 0; i < c->packets_n; i++)
		value_append(m, packets, packet_of(m, &c->packets[i]));
	value_set(m, object, "captures", captures);
	value_set(m, object, "packets", packets);
	value_set(m, object, "packets_more", json_integer(c->packets_more));
	return object;
}
