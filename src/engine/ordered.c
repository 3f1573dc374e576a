/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/ordered.h"
#include "base/array.h"
#include <stdlib.h>
#include <string.h>

#define HEADS_N 4096

static size_t head_of(uint32_t server, uint16_t port)
{
	return (server * 31u + port) % HEADS_N;
}

struct ordered_port *ordered_get(struct ordered *ordered, uint32_t server, uint16_t port)
{
	if (!ordered->heads) {
		ordered->heads = malloc(HEADS_N * sizeof(*ordered->heads));
		if (!ordered->heads)
			return NULL;
		memset(ordered->heads, 0xff, HEADS_N * sizeof(*ordered->heads));
	}
	uint32_t *head = &ordered->heads[head_of(server, port)];
	for (uint32_t at = *head; at != TRACE_NONE; at = ordered->ports[at].next) {
		if (ordered->ports[at].server == server && ordered->ports[at].port == port)
			return &ordered->ports[at];
	}
	if (!array_reserve(&ordered->ports, &ordered->cap, ordered->n + 1, sizeof(*ordered->ports)))
		return NULL;
	ordered->ports[ordered->n] =
		(struct ordered_port){.server = server, .port = port, .next = *head};
	*head = (uint32_t)ordered->n;
	return &ordered->ports[ordered->n++];
}

void ordered_free(struct ordered *ordered)
{
	free(ordered->ports);
	free(ordered->heads);
	*ordered = (struct ordered){0};
}
