/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/lanes.h"
#include "base/array.h"
#include <stdlib.h>
#include <string.h>

#define HEADS_N 4096

static size_t head_of(uint32_t server, uint16_t port)
{
	return (server * 31u + port) % HEADS_N;
}

struct lane_use *lanes_get(struct lanes *lanes, uint32_t server, uint16_t port)
{
	if (!lanes->heads) {
		lanes->heads = malloc(HEADS_N * sizeof(*lanes->heads));
		if (!lanes->heads)
			return NULL;
		memset(lanes->heads, 0xff, HEADS_N * sizeof(*lanes->heads));
	}
	uint32_t *head = &lanes->heads[head_of(server, port)];
	for (uint32_t at = *head; at != TRACE_NONE; at = lanes->uses[at].next) {
		if (lanes->uses[at].server == server && lanes->uses[at].port == port)
			return &lanes->uses[at];
	}
	if (!array_reserve(&lanes->uses, &lanes->cap, lanes->n + 1, sizeof(*lanes->uses)))
		return NULL;
	lanes->uses[lanes->n] = (struct lane_use){.server = server, .port = port, .next = *head};
	*head = (uint32_t)lanes->n;
	return &lanes->uses[lanes->n++];
}

void lanes_free(struct lanes *lanes)
{
	free(lanes->uses);
	free(lanes->heads);
	*lanes = (struct lanes){0};
}
