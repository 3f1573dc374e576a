/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_PCAPNG_READER_H
#define IO_CAPTURE_PCAPNG_READER_H

/*
 * Reads one pcapng block's contents: the parts without a file. Everything is
 * hostile input.
 */

#include "base/bytes.h"
#include "base/text.h"
#include "io/capture/fact_parts.h"
#include "wire/frame.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCAPNG_INTERFACES_MAX 4096
#define PCAPNG_COMMENT_MAX    16384

struct pcapng_interface {
	uint32_t dlt;
	uint32_t snap;	/* 0: no limit */
	uint64_t units; /* of the timestamp, in a second */
	int64_t offset_s;
	uint64_t received, dropped;
};

/* What the blocks so far have said. Zero it, with `facts` and `comment` freed at the end. */
struct pcapng_state {
	bool little; /* byte order of the section */
	bool in_section;
	struct pcapng_interface *interfaces;
	size_t interfaces_n, interfaces_cap;
	struct fact_parts facts; /* of the first section */
	struct text comment;	 /* of the last frame */
	int64_t last_ns;
	uint32_t dlt;		    /* of the last frame */
	uint64_t received, dropped; /* of earlier sections */
	int64_t others;		    /* blocks that were no packets */
	bool simple;		    /* there were simple packet blocks */
	const char *fault;	    /* what is wrong with the block, static */
};

enum pcapng_result {
	PCAPNG_PASSED, /* nothing to hand out */
	PCAPNG_FRAME,
	PCAPNG_BAD, /* state->fault says why */
};

/*
 * Takes one block: its type and the bytes between the two lengths, in the byte order that
 * state->little says. *frame points into the body.
 */
enum pcapng_result pcapng_take(struct pcapng_state *state, uint32_t type, struct bytes body,
			       struct frame *frame);

void pcapng_state_free(struct pcapng_state *state);

#endif
