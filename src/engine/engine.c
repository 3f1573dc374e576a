/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/engine.h"
#include "base/array.h"
#include "base/draw.h"
#include "engine/ordered.h"
#include "engine/past.h"
#include "engine/routers.h"
#include "infer/infer.h"
#include <stdlib.h>

#define MS	  INT64_C(1000000)
#define SECOND_NS (1000 * MS)
#define FULL_TTL                                                                                   \
	64 /* as this host's own packets, for every second SYN that may reach the server           \
	    */
#define FULL_TTL_LOW  48 /* and for the others drawn from here on: a rule by TTL is to show */
#define FULL_MAX      26 /* SYNs with unlimited TTL to one port of one server: 30 with the kernel's */
#define LIMITED_MAX   14 /* SYNs with one limited TTL to one port of one server */
#define QUESTIONS_MAX 8192
#define PLAN_LEAST_NS (5 * MS)	 /* replanning for every frame would not pay */
#define UNSEEN_NS     (120 * MS) /* a SYN that was sent shows up in the capture within this */
#define CLOSING_PART  9 /* of the budget the last ninth is kept for what is to be asked last */

struct engine {
	struct engine_options options;
	struct calls unhindered; /* where the options name none */
	struct draw draw;
	uint64_t random_order;		  /* by TTL, a bit each: who goes first in the first pair */
	uint16_t begun[PATH_TTL_MAX + 1]; /* by TTL: servers asked with pairs */
	int64_t deadline_ns, next_send_ns, planned_ns, last_sent_ns, wake_ns;
	struct order *queue;
	size_t queue_at, queue_n, queue_cap;
	struct question *questions;
	struct agenda agenda;
	struct ordered ordered[2]; /* through the IP layer, past the firewall */
	struct routers routers;
	size_t sent_n;	     /* SYNs handed over, that the capture should show */
	size_t refused_n;    /* orders that it need not show: refused ones, and connections */
	size_t seen_at_plan; /* answers and probes when the queue was planned */
	bool rests;	     /* what is to be asked next needs a rest before */
	size_t rested_n;     /* queued after one */
	bool failed;
};

struct engine *engine_new(const struct engine_options *options, const struct trace *t,
			  int64_t now_ns)
{
	(void)t;
	struct engine *e = calloc(1, sizeof(*e));
	struct question *questions = calloc(QUESTIONS_MAX, sizeof(*questions));
	if (!e || !questions) {
		free(e);
		free(questions);
		return NULL;
	}
	e->options = *options;
	e->options.key = NULL;
	if (!e->options.calls)
		e->options.calls = &e->unhindered;
	draw_open(&e->draw, options->key, DRAW_PROBES);
	e->random_order = (uint64_t)draw_next(&e->draw) << 32 | draw_next(&e->draw);
	e->deadline_ns = now_ns + options->budget_ns;
	e->questions = questions;
	e->planned_ns = now_ns - SECOND_NS;
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	free(e->queue);
	free(e->questions);
	ordered_free(&e->ordered[0]);
	ordered_free(&e->ordered[1]);
	routers_free(&e->routers);
	free(e);
}

static struct ordered_port *use_of(struct engine *e, enum probe_kind kind, uint32_t server,
				   uint16_t port)
{
	return ordered_get(&e->ordered[kind == PROBE_LINK], server, port);
}

/* Source ports that SYNs of a kind get for themselves alone: all but the flows' own. */
static uint16_t fresh_ports(const struct engine *e, enum probe_kind kind)
{
	uint16_t n = kind == PROBE_LINK ? e->options.link.n
					: (uint16_t)(ENGINE_BLOCKS * e->options.raw[0].n);
	return n > e->options.flows ? (uint16_t)(n - e->options.flows) : 0;
}

/* Where a TTL counts: itself while routers may let it expire, else 0. */
static uint8_t slot_of(const struct question *q)
{
	return q->ttl <= PATH_TTL_MAX ? q->ttl : 0;
}

/* Whether the router that matters has answers left for the question. */
static bool may_expire(struct engine *e, const struct trace *t, const struct question *q,
		       int64_t now_ns)
{
	return slot_of(q) == 0 || q->quiet || past_reaches(t, q) ||
	       routers_take(&e->routers, t, q, &(struct routers_time){now_ns, e->agenda.wait_ns, 0},
			    &e->wake_ns);
}

/* The source port of this number: the blocks take turns. */
static uint16_t port_number(const struct engine *e, enum probe_kind kind, unsigned number)
{
	if (kind == PROBE_LINK)
		return (uint16_t)(e->options.link.first + number);
	return (uint16_t)(e->options.raw[number % ENGINE_BLOCKS].first + number / ENGINE_BLOCKS);
}

static uint16_t take_port(struct engine *e, struct ordered_port *use, const struct question *q)
{
	unsigned flows = e->options.flows;
	if (q->kind == PROBE_KERNEL)
		return 0;
	if (q->src_port)
		return q->src_port;
	if (slot_of(q) && !q->alone)
		return port_number(e, q->kind, use->by_ttl[slot_of(q)] % flows);
	unsigned fresh = use->ports_used++ % fresh_ports(e, q->kind);
	return port_number(e, q->kind, flows + fresh);
}

static uint8_t full_ttl(struct engine *e)
{
	if (draw_below(&e->draw, 2))
		return FULL_TTL;
	return (uint8_t)(FULL_TTL_LOW + draw_below(&e->draw, UINT8_MAX - FULL_TTL_LOW + 1));
}

/* Whether the server may see a connection: nothing says that the SYN expires, or that nobody
 * accepts it. */
static bool may_arrive(const struct engine *e, const struct trace *t, const struct question *q,
		       uint16_t port)
{
	bool reaches = slot_of(q) == 0 || q->alone;
	return reaches && e->options.calls->spare &&
	       past_accepts(t, t->servers[q->server].peer, port);
}

/* What it counts as, where connections to mail ports are counted. */
static struct call call_of(const struct engine *e, const struct order *o)
{
	unsigned n = calls_count(e->options.calls, o->dst_port, 0);
	if (o->kind == PROBE_KERNEL && e->options.calls->gap_ns)
		n *= CALLS_OF_KERNEL;
	return (struct call){.server = o->server, .n = n, .arrives = o->arrives};
}

static void push(struct engine *e, const struct trace *t, uint16_t port, const struct question *q)
{
	uint32_t server = t->servers[q->server].peer;
	struct ordered_port *use = use_of(e, q->kind, server, port);
	if (!use || !array_reserve(&e->queue, &e->queue_cap, e->queue_n + 1, sizeof(*e->queue))) {
		e->failed = true;
		return;
	}
	struct order *o = &e->queue[e->queue_n++];
	*o = (struct order){
		.server = server,
		.kind = q->kind,
		.user = q->user,
		.dst_port = port,
		.src_port = take_port(e, use, q),
		.seq = q->seq ? q->seq : draw_next(&e->draw),
		.ip_id = (uint16_t)(1 + draw_below(&e->draw, 65535)),
		.ttl = q->ttl ? q->ttl : full_ttl(e),
		.arrives = may_arrive(e, t, q, port),
	};
	struct call call = call_of(e, o);
	calls_plan(e->options.calls, &call);
	if (q->kind != PROBE_KERNEL)
		use->by_ttl[slot_of(q)]++;
}

/* Whether the port has SYNs left for this question. */
static bool has_left(struct engine *e, const struct question *q, uint32_t server, uint16_t port)
{
	struct ordered_port *use = use_of(e, q->kind, server, port);
	uint16_t most = slot_of(q) ? LIMITED_MAX : FULL_MAX;
	if (q->kind == PROBE_KERNEL)
		return use;
	return use && use->by_ttl[slot_of(q)] < most && use->ports_used < fresh_ports(e, q->kind);
}

static unsigned thue_morse(unsigned n)
{
	return (unsigned)__builtin_popcount(n) & 1;
}

/*
 * Whether the partner goes first. Routers that answer so many times a second favour whoever comes
 * first whenever they may answer again: in the Thue-Morse sequence neither port has the turn more
 * often than the other, nor in every second pair alone, and so on. Servers alternate in who begins.
 */
static bool partner_first(struct engine *e, struct ordered_port *use, uint8_t slot)
{
	uint64_t at = UINT64_C(1) << slot;
	unsigned pair = use->paired[slot]++;
	if (pair == 0) {
		bool leads = (e->random_order & at ? 1 : 0) ^ thue_morse(e->begun[slot]++);
		use->partner_led |= leads ? at : 0;
	}
	return (use->partner_led & at ? 1 : 0) ^ thue_morse(pair);
}

static void push_question(struct engine *e, const struct trace *t, const struct question *q)
{
	uint32_t server = t->servers[q->server].peer;
	struct ordered_port *use = q->partner ? use_of(e, q->kind, server, q->port) : NULL;
	bool swap = use && partner_first(e, use, slot_of(q));
	if (swap)
		push(e, t, q->partner, q);
	push(e, t, q->port, q);
	if (q->partner && !swap)
		push(e, t, q->partner, q);
}

static int by_rank(const void *a, const void *b)
{
	const struct question *x = a, *y = b;
	return x->last == y->last ? x->rank - y->rank : x->last - y->last;
}

static void shuffle(struct engine *e, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = draw_below(&e->draw, (uint32_t)i);
		struct question swap = e->questions[i - 1];
		e->questions[i - 1] = e->questions[j];
		e->questions[j] = swap;
	}
	qsort(e->questions, n, sizeof(*e->questions), by_rank);
}

/* Grows with everything that could change what is worth asking. */
static size_t news_of(const struct trace *t)
{
	return t->replies_n + t->probes_n + t->send_errors_n + t->unseen_n + t->connects_done +
	       !t->run.polite;
}

/*
 * Whether a connection to a mail port may begin for the question. Where they are rare, none is
 * spent on the way to a server that nobody stands before.
 */
static bool may_call(struct engine *e, const struct trace *t, const struct question *q,
		     int64_t now_ns)
{
	if (e->options.calls->gap_ns && q->ttl && past_verified(t, q->server))
		return false;
	struct call call = {
		.server = t->servers[q->server].peer,
		.n = calls_count(e->options.calls, q->port, q->partner),
		.arrives = may_arrive(e, t, q, q->port) ||
			   (q->partner && may_arrive(e, t, q, q->partner)),
	};
	return call.n == 0 || calls_ready(e->options.calls, &call, now_ns, &e->wake_ns);
}

/* Whether no more time is left than what is to be asked last needs: nothing else goes before it. */
static bool is_closing(const struct engine *e, int64_t now_ns)
{
	if (now_ns < e->deadline_ns - e->options.budget_ns / CLOSING_PART)
		return false;
	for (size_t i = 0; i < e->agenda.questions_n; i++) {
		if (e->questions[i].last)
			return true;
	}
	return false;
}

static int64_t earlier(int64_t a, int64_t b)
{
	if (!a || !b)
		return a ? a : b;
	return a < b ? a : b;
}

/* Whether the question's time has come, and nothing leaves beside it. */
static bool has_rested(struct engine *e, const struct question *q, int64_t now_ns)
{
	if (now_ns < q->after_ns) {
		e->wake_ns = earlier(e->wake_ns, q->after_ns);
		e->rests = true;
	}
	return q->after_ns == 0 || (now_ns >= q->after_ns && e->queue_n == e->rested_n);
}

static void plan(struct engine *e, const struct trace *t, int64_t now_ns)
{
	e->planned_ns = now_ns;
	e->seen_at_plan = news_of(t);
	e->wake_ns = 0;
	e->rests = false;
	e->rested_n = 0;
	e->queue_at = e->queue_n = 0;
	if (infer_agenda(t, e->questions, QUESTIONS_MAX, &e->agenda) != 0) {
		e->failed = true;
		return;
	}
	routers_count(&e->routers, t,
		      &(struct routers_time){now_ns, e->agenda.wait_ns, e->agenda.loss});
	e->options.calls->rare = e->options.calls->rare && e->agenda.calm;
	shuffle(e, e->agenda.questions_n);
	size_t before = 0;
	bool closing = is_closing(e, now_ns);
	for (size_t i = 0; i < e->agenda.questions_n; i++) {
		const struct question *q = &e->questions[i];
		uint32_t server = t->servers[q->server].peer;
		bool awaited = e->agenda.pending > e->agenda.late;
		if (q->last && !closing && (before || awaited || e->wake_ns))
			break;
		if (closing && !q->last)
			continue;
		if (!has_rested(e, q, now_ns))
			continue;
		if (!has_left(e, q, server, q->port) ||
		    (q->partner && !has_left(e, q, server, q->partner)))
			continue;
		if (may_call(e, t, q, now_ns) && may_expire(e, t, q, now_ns))
			push_question(e, t, q);
		before = q->last ? before : e->queue_n;
		e->rested_n = q->after_ns ? e->queue_n : e->rested_n;
	}
}

/* SYNs that were sent but have not come by in the capture yet. */
static bool awaits_capture(const struct engine *e, const struct trace *t, int64_t now_ns)
{
	size_t accounted = t->probes_n - t->kernel_probes_n + t->unseen_n;
	return e->sent_n > accounted && now_ns - e->last_sent_ns < UNSEEN_NS;
}

static struct action act(enum action_kind kind, int64_t until_ns, const char *stop)
{
	return (struct action){.kind = kind, .until_ns = until_ns, .stop = stop};
}

/* Nothing is queued: wait for what is under way, for a router's next token, or end. */
static struct action idle(const struct engine *e, int64_t now_ns)
{
	int64_t until = earlier(e->agenda.pending ? e->agenda.due_ns : 0, e->wake_ns);
	if (until == 0)
		return act(ACTION_DONE, 0, e->agenda.nobody ? "no-network" : "decided");
	if (until <= now_ns)
		until = now_ns + PLAN_LEAST_NS;
	struct action wait = act(ACTION_WAIT, earlier(until, e->deadline_ns), NULL);
	wait.rests = e->rests;
	return wait;
}

struct action engine_next(struct engine *e, const struct trace *t, int64_t now_ns)
{
	if (e->failed)
		return act(ACTION_DONE, 0, "failed");
	if (now_ns >= e->deadline_ns)
		return act(ACTION_DONE, 0, "budget");
	if (e->queue_at == e->queue_n) {
		if (awaits_capture(e, t, now_ns))
			return act(ACTION_WAIT, e->last_sent_ns + UNSEEN_NS, NULL);
		bool news = news_of(t) != e->seen_at_plan;
		int64_t due = earlier(e->agenda.pending ? e->agenda.due_ns : 0, e->wake_ns);
		if (now_ns - e->planned_ns < PLAN_LEAST_NS)
			return act(ACTION_WAIT, e->planned_ns + PLAN_LEAST_NS, NULL);
		if (news || (due && now_ns >= due) || e->planned_ns < e->last_sent_ns ||
		    e->sent_n + e->refused_n == 0)
			plan(e, t, now_ns);
		if (e->queue_at == e->queue_n)
			return idle(e, now_ns);
	}
	int64_t free_ns = e->next_send_ns;
	bool call = calls_count(e->options.calls, e->queue[e->queue_at].dst_port, 0) > 0;
	if (now_ns < free_ns || (call && !calls_rested(e->options.calls, now_ns, &free_ns)))
		return act(ACTION_WAIT, earlier(free_ns, e->deadline_ns), NULL);
	struct action send = act(ACTION_SEND, 0, NULL);
	send.order = e->queue[e->queue_at++];
	return send;
}

void engine_sent(struct engine *e, const struct order *order, int error, int64_t now_ns)
{
	if (error || order->kind == PROBE_KERNEL)
		e->refused_n++;
	else
		e->sent_n++;
	e->last_sent_ns = now_ns;
	struct call call = call_of(e, order);
	calls_begin(e->options.calls, &call, error ? 0 : now_ns);
	int64_t gap = SECOND_NS / (e->options.max_rate ? e->options.max_rate : 1);
	e->next_send_ns = (e->next_send_ns > now_ns - 20 * MS ? e->next_send_ns : now_ns) + gap;
}
