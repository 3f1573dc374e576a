/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_ASKED_H
#define TESTS_ASKED_H

/*
 * What is worth asking about a trace. After <cmocka.h>.
 */

#include "infer/infer.h"
#include "trace_script.h"

#define QUESTIONS_MAX 512

struct asked {
	struct question q[QUESTIONS_MAX];
	struct agenda agenda;
};

static inline struct asked *ask(const struct trace *t)
{
	struct asked *a = calloc(1, sizeof(*a));
	assert_non_null(a);
	assert_int_equal(infer_agenda(t, a->q, QUESTIONS_MAX, &a->agenda), 0);
	return a;
}

/* Questions to a server with this TTL: all of them, or only those of a pair. */
static inline unsigned count(const struct asked *a, uint32_t server, uint8_t ttl, bool pairs)
{
	unsigned n = 0;
	for (size_t i = 0; i < a->agenda.questions_n; i++) {
		const struct question *q = &a->q[i];
		n += q->server == server && q->ttl == ttl && (q->partner || !pairs);
	}
	return n;
}

#endif
