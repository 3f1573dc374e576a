/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/pcapng_reader.h"
#include "base/array.h"
#include "io/capture/pcapng.h"
#include <stdlib.h>
#include <string.h>

#define NS_PER_S       1000000000U
#define SECONDS_MAX    9000000000 /* the last second that fits into nanoseconds of 63 bits */
#define DEFAULT_UNITS  1000000U
#define NS_PER_US      (NS_PER_S / DEFAULT_UNITS)
#define DECIMAL_DIGITS 19

static uint64_t u64_as(struct bytes *b, bool little)
{
	uint64_t first = bytes_u32_as(b, little);
	uint64_t second = bytes_u32_as(b, little);

	return little ? second << 32 | first : first << 32 | second;
}

/* The next option; false at their end, whether marked, missing or damaged. */
static bool next_option(struct bytes *options, bool little, uint16_t *code, struct bytes *value)
{
	uint16_t len;

	if (bytes_left(options) < 4)
		return false;
	*code = bytes_u16_as(options, little);
	len = bytes_u16_as(options, little);
	if (*code == PCAPNG_OPT_END || len > bytes_left(options))
		return false;
	*value = bytes_take(options, len);
	if (bytes_left(options) >= (4U - len % 4U) % 4U)
		bytes_skip(options, (4U - len % 4U) % 4U);
	return true;
}

static enum pcapng_result bad(struct pcapng_state *state, const char *fault)
{
	state->fault = fault;
	return PCAPNG_BAD;
}

static void end_section(struct pcapng_state *state)
{
	for (size_t i = 0; i < state->interfaces_n; i++) {
		state->received += state->interfaces[i].received;
		state->dropped += state->interfaces[i].dropped;
	}
	state->interfaces_n = 0;
}

static enum pcapng_result take_section(struct pcapng_state *state, struct bytes body)
{
	bool first = !state->in_section;
	struct bytes value;
	uint16_t code;

	bytes_skip(&body, 4); /* byte order magic: the caller has seen to it */
	if (bytes_u16_as(&body, state->little) != 1)
		return bad(state, "a section of an unknown version of the format");
	bytes_skip(&body, 2 + 8); /* minor version, section length */
	if (body.cut)
		return bad(state, "a section header that is too short");
	end_section(state);
	state->in_section = true;
	while (first && next_option(&body, state->little, &code, &value)) {
		if (code == PCAPNG_OPT_COMMENT)
			fact_parts_take(&state->facts, value);
	}
	return PCAPNG_PASSED;
}

/* Units in a second, from an if_tsresol octet; 0 when they do not fit. */
static uint64_t units_of(uint8_t resolution)
{
	uint64_t units = 1;

	if (resolution & 0x80U)
		return (resolution & 0x7fU) < 64 ? 1ULL << (resolution & 0x7fU) : 0;
	if (resolution > DECIMAL_DIGITS)
		return 0;
	while (resolution-- > 0)
		units *= 10;
	return units;
}

static enum pcapng_result take_interface(struct pcapng_state *state, struct bytes body)
{
	struct pcapng_interface item = {.units = DEFAULT_UNITS};
	struct bytes value;
	uint16_t code;

	item.dlt = bytes_u16_as(&body, state->little);
	bytes_skip(&body, 2);
	item.snap = bytes_u32_as(&body, state->little);
	if (body.cut)
		return bad(state, "an interface description that is too short");
	while (next_option(&body, state->little, &code, &value)) {
		if (code == PCAPNG_IF_TSRESOL)
			item.units = units_of(bytes_u8(&value));
		else if (code == PCAPNG_IF_TSOFFSET)
			item.offset_s = (int64_t)u64_as(&value, state->little);
	}
	if (item.units == 0)
		return bad(state, "an interface with an impossible time resolution");
	if (state->interfaces_n == PCAPNG_INTERFACES_MAX)
		return bad(state, "too many interfaces");
	if (!array_reserve(&state->interfaces, &state->interfaces_cap, state->interfaces_n + 1,
			   sizeof(item)))
		return bad(state, "more interfaces than there is memory for");
	state->interfaces[state->interfaces_n++] = item;
	return PCAPNG_PASSED;
}

/* Nanoseconds of a time in the units that nearly all writers use, without a division; -1: others.
 */
static int64_t usual_ns(const struct pcapng_interface *on, uint64_t raw)
{
	const uint64_t last_ns = SECONDS_MAX * (uint64_t)NS_PER_S;

	if (on->offset_s == 0 && on->units == NS_PER_S && raw <= last_ns)
		return (int64_t)raw;
	if (on->offset_s == 0 && on->units == DEFAULT_UNITS && raw <= last_ns / NS_PER_US)
		return (int64_t)(raw * NS_PER_US);
	return -1;
}

static int64_t to_ns(const struct pcapng_interface *on, uint64_t raw)
{
	int64_t usual = usual_ns(on, raw), at_s;
	uint64_t seconds, rest;

	if (usual >= 0)
		return usual;
	seconds = raw / on->units;
	rest = raw % on->units;
	if (on->units <= NS_PER_S)
		rest = rest * NS_PER_S / on->units;
	else if (on->units % NS_PER_S == 0)
		rest /= on->units / NS_PER_S;
	else
		rest = (uint64_t)((double)rest / (double)on->units * NS_PER_S);
	if (seconds > SECONDS_MAX || on->offset_s > SECONDS_MAX || on->offset_s < -SECONDS_MAX)
		return 0;
	at_s = (int64_t)seconds + on->offset_s;
	if (at_s > SECONDS_MAX || at_s < -SECONDS_MAX)
		return 0;
	return at_s * NS_PER_S + (int64_t)rest;
}

static void take_comments(struct pcapng_state *state, struct bytes *options)
{
	struct bytes value;
	uint16_t code;

	while (next_option(options, state->little, &code, &value)) {
		if (code != PCAPNG_OPT_COMMENT ||
		    state->comment.len + value.len >= PCAPNG_COMMENT_MAX)
			continue;
		if (state->comment.len)
			text_add(&state->comment, "\n");
		text_add_bytes(&state->comment, (const char *)value.at, value.len);
	}
}

static enum pcapng_result give(struct pcapng_state *state, const struct pcapng_interface *on,
			       struct bytes data, struct frame *frame)
{
	state->dlt = on->dlt;
	frame->at_ns = state->last_ns;
	frame->bytes = data.at;
	frame->captured_len = (uint32_t)data.len;
	frame->link = link_from_dlt(on->dlt);
	return PCAPNG_FRAME;
}

/* Enhanced packet blocks, and the packet blocks that they replaced. */
static enum pcapng_result take_packet(struct pcapng_state *state, bool old, struct bytes body,
				      struct frame *frame)
{
	uint32_t id = old ? bytes_u16_as(&body, state->little) : bytes_u32_as(&body, state->little);
	const struct pcapng_interface *on;
	uint64_t high, low;
	struct bytes data;
	uint32_t captured;

	if (old)
		bytes_skip(&body, 2); /* drops */
	high = bytes_u32_as(&body, state->little);
	low = bytes_u32_as(&body, state->little);
	captured = bytes_u32_as(&body, state->little);
	frame->wire_len = bytes_u32_as(&body, state->little);
	if (body.cut || captured > bytes_left(&body))
		return bad(state, "a packet that is longer than its block");
	if (id >= state->interfaces_n)
		return bad(state, "a packet of an interface that is not described");
	on = &state->interfaces[id];
	data = bytes_take(&body, captured);
	if (bytes_left(&body) >= (4U - captured % 4U) % 4U)
		bytes_skip(&body, (4U - captured % 4U) % 4U);
	take_comments(state, &body);
	state->last_ns = to_ns(on, high << 32 | low);
	return give(state, on, data, frame);
}

/* Simple packet blocks have no time: they get that of the packet before them. */
static enum pcapng_result take_simple(struct pcapng_state *state, struct bytes body,
				      struct frame *frame)
{
	const struct pcapng_interface *on = state->interfaces;
	size_t captured;

	frame->wire_len = bytes_u32_as(&body, state->little);
	if (body.cut)
		return bad(state, "a packet block that is too short");
	if (state->interfaces_n == 0)
		return bad(state, "a packet of an interface that is not described");
	captured = on->snap && frame->wire_len > on->snap ? on->snap : frame->wire_len;
	if (captured > bytes_left(&body))
		return bad(state, "a packet that is longer than its block");
	return give(state, on, bytes_take(&body, captured), frame);
}

static enum pcapng_result take_statistics(struct pcapng_state *state, struct bytes body)
{
	uint32_t id = bytes_u32_as(&body, state->little);
	struct pcapng_interface *on;
	uint64_t dropped = 0;
	struct bytes value;
	uint16_t code;

	if (body.cut || id >= state->interfaces_n)
		return PCAPNG_PASSED;
	on = &state->interfaces[id];
	bytes_skip(&body, 8);
	while (next_option(&body, state->little, &code, &value)) {
		if (code == PCAPNG_ISB_RECEIVED)
			on->received = u64_as(&value, state->little);
		else if (code == PCAPNG_ISB_DROPPED || code == PCAPNG_ISB_OS_DROPPED)
			dropped += u64_as(&value, state->little);
	}
	on->dropped = dropped;
	return PCAPNG_PASSED;
}

enum pcapng_result pcapng_take(struct pcapng_state *state, uint32_t type, struct bytes body,
			       struct frame *frame)
{
	/* Keeps the memory; the comment of the frame before is no longer asked for. */
	state->comment.len = 0;
	if (state->comment.s)
		state->comment.s[0] = '\0';
	if (type == PCAPNG_PACKET || type == PCAPNG_OLD_PACKET)
		return take_packet(state, type == PCAPNG_OLD_PACKET, body, frame);
	if (type == PCAPNG_SIMPLE_PACKET) {
		state->simple = true;
		return take_simple(state, body, frame);
	}
	state->others++;
	if (type == PCAPNG_SECTION)
		return take_section(state, body);
	if (type == PCAPNG_INTERFACE)
		return take_interface(state, body);
	if (type == PCAPNG_STATISTICS)
		return take_statistics(state, body);
	return PCAPNG_PASSED;
}

void pcapng_state_free(struct pcapng_state *state)
{
	free(state->interfaces);
	fact_parts_free(&state->facts);
	text_free(&state->comment);
}
