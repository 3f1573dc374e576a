/* SPDX-License-Identifier: BSD-2-Clause */
#include "queue.h"
#include "base/array.h"
#include <stdio.h>
#include <stdlib.h>

static bool before(const struct event *a, const struct event *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

static void swap(struct queue *q, size_t a, size_t b)
{
	struct event *kept = q->heap[a];
	q->heap[a] = q->heap[b];
	q->heap[b] = kept;
}

static void fail(void)
{
	fputs("sim: no memory\n", stderr);
	exit(2);
}

static struct event *fresh(struct queue *q)
{
	struct event *e = q->spare_n ? q->spare[--q->spare_n] : malloc(sizeof(*e));
	if (!e)
		fail();
	return e;
}

struct event *queue_add(struct queue *q, int64_t at_ns)
{
	if (!array_reserve(&q->heap, &q->cap, q->n + 1, sizeof(struct event *)))
		fail();
	struct event *e = fresh(q);
	*e = (struct event){.at_ns = at_ns, .order = q->order++};
	size_t i = q->n++;
	q->heap[i] = e;
	while (i > 0 && before(q->heap[i], q->heap[(i - 1) / 2])) {
		swap(q, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
	return e;
}

const struct event *queue_first(const struct queue *q)
{
	return q->n ? q->heap[0] : NULL;
}

void queue_take(struct queue *q, struct event *out)
{
	*out = *q->heap[0];
	if (!array_reserve(&q->spare, &q->spare_cap, q->spare_n + 1, sizeof(struct event *)))
		fail();
	q->spare[q->spare_n++] = q->heap[0];
	q->heap[0] = q->heap[--q->n];
	size_t i = 0;
	for (;;) {
		size_t least = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < q->n; child++)
			least = before(q->heap[child], q->heap[least]) ? child : least;
		if (least == i)
			return;
		swap(q, i, least);
		i = least;
	}
}

void queue_free(struct queue *q)
{
	while (q->n)
		free(q->heap[--q->n]);
	while (q->spare_n)
		free(q->spare[--q->spare_n]);
	free(q->heap);
	free(q->spare);
	*q = (struct queue){0};
}
