/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/forward.h"
#include <math.h>
#include <stdlib.h>

/* What a hypothesis says of a SYN: its answer and how often that arrives. */
struct due {
	uint8_t drew; /* one of enum drew, 0: nothing */
	const struct rates *rates;
};

/* The outcomes as the hypothesis sees them: where ways of several lengths end, an expiry is as good
 * as an answer. */
static uint8_t seen_as(const struct way *way, int ttl, uint8_t drew, uint8_t due)
{
	const uint8_t both = DREW_EXPIRY | DREW_SYNACK;
	bool either = ttl >= way->control_end && ttl < way->end && (due & both) && (drew & both);
	return either ? (uint8_t)((drew & ~both) | due) : drew;
}

/* Logarithm of the chance of answers that nothing explains. */
static double odd_chance(const struct prior *p, uint8_t odd)
{
	double sum = 0;
	if (odd & DREW_EXPIRY)
		sum += log(p->odd_reach);
	if (odd & DREW_SYNACK)
		sum += log(p->odd_reach);
	if (odd & DREW_RESET)
		sum += log(p->odd_refusal);
	if (odd & DREW_REJECTION)
		sum += log(p->odd_refusal);
	return sum;
}

static const uint8_t beyond_draws[BEYONDS] = {
	[BEYOND_ANSWER] = DREW_SYNACK,
	[BEYOND_RESET] = DREW_RESET,
	[BEYOND_REJECTION] = DREW_REJECTION,
	[BEYOND_BESIDE] = DREW_RESET,
};

static bool is_beside(enum beyond b)
{
	return b == BEYOND_BESIDE || b == BEYOND_BESIDE_UNSENT;
}

/* Adds a cell's SYNs to those that were due this answer. */
static void tally_cell(const struct forward *f, const struct way_cell *cell, uint8_t due,
		       bool beside, struct forward_tally *out)
{
	uint8_t seen = seen_as(f->way, cell->ttl, cell->drew, due);
	uint8_t odd = (uint8_t)(seen & ~due);
	if (beside) {
		out->odd += cell->n * log(0.5);
		odd &= (uint8_t) ~(DREW_EXPIRY | DREW_SYNACK);
	}
	out->odd += cell->n * odd_chance(f->prior, odd);
	if (due & seen)
		out->yes += cell->n;
	else if (due && !odd)
		out->no += cell->n;
}

static void add(struct forward_tally *sum, const struct forward_tally *more)
{
	sum->odd += more->odd;
	sum->yes += more->yes;
	sum->no += more->no;
}

static int slot_of(const struct way_cell *cell)
{
	return cell->ttl < FORWARD_TTLS ? cell->ttl : FORWARD_TTLS - 1;
}

void forward_make(const struct prior *p, const struct way *way, const struct forward_rates *rates,
		  struct forward *out)
{
	struct forward_tally expiry[FORWARD_TTLS] = {{0}};
	out->prior = p;
	out->way = way;
	out->rates = rates;
	for (int b = 0; b < BEYONDS; b++) {
		for (int ttl = 0; ttl < FORWARD_TTLS; ttl++)
			out->beyond[b][ttl] = (struct forward_tally){out->mixed[b][ttl] = 0, 0, 0};
	}
	for (size_t i = 0; i < way->cells_n; i++) {
		const struct way_cell *cell = &way->cells[i];
		int slot = slot_of(cell);
		tally_cell(out, cell, DREW_EXPIRY, false, &expiry[slot]);
		for (int b = 0; b < BEYONDS; b++) {
			uint8_t odd = cell->drew & (uint8_t) ~(beyond_draws[b] | DREW_EXPIRY);
			tally_cell(out, cell, beyond_draws[b], is_beside((enum beyond)b),
				   &out->beyond[b][slot]);
			out->mixed[b][slot] += cell->n * (log(0.5) + odd_chance(p, odd));
		}
	}
	for (int b = 0; b < BEYONDS; b++) {
		for (int ttl = FORWARD_TTLS - 1; ttl-- > 0;)
			add(&out->beyond[b][ttl], &out->beyond[b][ttl + 1]);
	}
	out->expiries[0] = 0;
	for (int ttl = 1; ttl < FORWARD_TTLS; ttl++) {
		const struct forward_tally *t = &expiry[ttl - 1];
		out->expiries[ttl] = out->expiries[ttl - 1] + t->odd +
				     rates_chance(&rates->hop[ttl - 1], t->yes, t->no);
	}
}

static const struct rates *rates_of(const struct forward *f, enum beyond b)
{
	return b == BEYOND_REJECTION ? &f->rates->rejection : &f->rates->answer;
}

/* Everything with smaller TTLs expired; the rest, up to below a TTL, was due the same. */
static double beyond_between(const struct forward *f, enum beyond b, int from, int below)
{
	struct forward_tally t = f->beyond[b][from];
	if (below < FORWARD_TTLS) {
		t.odd -= f->beyond[b][below].odd;
		t.yes -= f->beyond[b][below].yes;
		t.no -= f->beyond[b][below].no;
	}
	return t.odd + rates_chance(rates_of(f, b), t.yes, t.no);
}

static double beyond_from(const struct forward *f, enum beyond b, int from)
{
	return f->expiries[from] + beyond_between(f, b, from, FORWARD_TTLS);
}

/* SYNs with one TTL, where all may expire, all be hit, or some of each. */
static double either(const struct forward *f, enum beyond b, int ttl)
{
	double expired = f->expiries[ttl + 1] - f->expiries[ttl];
	double hit = beyond_between(f, b, ttl, ttl + 1);
	return rates_add(rates_add(expired, hit), f->mixed[b][ttl]) - log(3);
}

/* The same as beyond_from() where balanced ways differ in length: a hop's TTL is no single one. */
static double beyond_about(const struct forward *f, enum beyond b, int from)
{
	int last = from + 2 < FORWARD_TTLS ? from + 1 : from;
	int first = from > 1 ? from - 1 : from;
	double sum = f->expiries[first] + beyond_between(f, b, last, FORWARD_TTLS);
	for (int ttl = first; ttl < last; ttl++)
		sum += either(f, b, ttl);
	return sum;
}

/* SYNs that get as far as the server, which may be nearer or further for this port. */
static double at_server(const struct forward *f, enum beyond b)
{
	int end = f->way->end, furthest = end + 3 < FORWARD_TTLS ? end + 3 : FORWARD_TTLS - 1;
	double sum = log(1 - f->prior->nearer) + beyond_from(f, b, end);
	double other = log(f->prior->nearer / furthest);
	for (int ttl = 1; ttl <= furthest; ttl++) {
		if (ttl != end)
			sum = rates_add(sum, other + beyond_from(f, b, ttl));
	}
	return sum;
}

double forward_open(const struct forward *f)
{
	return at_server(f, BEYOND_ANSWER);
}

static enum beyond beyond_of(enum deed deed)
{
	static const enum beyond map[DEEDS] = {
		[DEED_DROP] = BEYOND_NOTHING,	      [DEED_RESET] = BEYOND_RESET,
		[DEED_COPIED] = BEYOND_RESET,	      [DEED_ONPATH] = BEYOND_BESIDE,
		[DEED_ONPATH_COPIED] = BEYOND_BESIDE, [DEED_REJECT] = BEYOND_REJECTION,
		[DEED_BACK] = BEYOND_NOTHING,	      [DEED_REWRITE] = BEYOND_RESET,
	};
	return map[deed];
}

/* The first TTL of a SYN that is hit at the position. */
static int hit_from(const struct way *way, int position)
{
	int ttl = way_first_ttl(position);
	return ttl < way->end ? ttl : way->end;
}

/* The greatest TTL whose copied reset dies on its way back. */
static int copied_dies(int position)
{
	return 2 * (way_hop(position) - 1) + way_is_out(position);
}

static double copied(const struct forward *f, enum deed deed, int position)
{
	int from = hit_from(f->way, position), alive = copied_dies(position) + 1;
	bool beside = deed_row(deed)->on_path;
	enum beyond dies = beside ? BEYOND_BESIDE_UNSENT : BEYOND_NOTHING;
	if (alive <= from)
		return beyond_from(f, beyond_of(deed), from);
	if (alive >= FORWARD_TTLS)
		alive = FORWARD_TTLS - 1;
	return f->expiries[from] + beyond_between(f, dies, from, alive) +
	       beyond_between(f, beyond_of(deed), alive, FORWARD_TTLS);
}

/* What a SYN with this TTL draws where nobody blocks. */
static struct due due_open(const struct forward *f, int ttl)
{
	if (ttl < f->way->end)
		return (struct due){DREW_EXPIRY, &f->rates->hop[ttl]};
	return (struct due){DREW_SYNACK, &f->rates->answer};
}

/* Logarithm of the chance that one SYN drew just this. */
static double one(const struct forward *f, const struct way_cell *cell, const struct due *due)
{
	uint8_t seen = seen_as(f->way, cell->ttl, cell->drew, due->drew);
	uint8_t odd = (uint8_t)(seen & ~due->drew);
	double chance = odd_chance(f->prior, odd);
	if (!due->drew || (!(seen & due->drew) && odd))
		return chance;
	double arrives = rates_mean(due->rates);
	return chance + log(seen & due->drew ? arrives : 1 - arrives);
}

/* For each cell, the chance where it is hit and where it is spared. */
struct partial {
	double *hit, *spared;
};

static void partial_fill(const struct forward *f, enum deed deed, const struct partial *out)
{
	const struct way *way = f->way;
	for (size_t i = 0; i < way->cells_n; i++) {
		const struct way_cell *cell = &way->cells[i];
		struct due open = due_open(f, cell->ttl);
		struct due hit = {deed_row(deed)->draws, rates_of(f, beyond_of(deed))};
		out->spared[i] = one(f, cell, &open);
		out->hit[i] = one(f, cell, &hit);
	}
}

/* All SYNs, each hit with some chance, where those with TTLs from `from` on can be. */
static double by_probe(const struct forward *f, const struct partial *parts, int from, double share)
{
	double sum = 0, hit = log(share), spared = log(1 - share);
	for (size_t i = 0; i < f->way->cells_n; i++) {
		const struct way_cell *cell = &f->way->cells[i];
		sum += cell->n * (cell->ttl < from ? parts->spared[i]
						   : rates_add(hit + parts->hit[i],
							       spared + parts->spared[i]));
	}
	return sum;
}

/* The same for flows, all of whose SYNs fare alike. */
static double by_flow(const struct forward *f, const struct partial *parts, int from, double share)
{
	const struct way *way = f->way;
	double sum = 0, hit = log(share), spared = log(1 - share);
	for (size_t i = 0; i < way->trials_n;) {
		double all_hit = 0, all_spared = 0;
		uint16_t flow = way->trials[i].flow;
		for (; i < way->trials_n && way->trials[i].flow == flow; i++) {
			uint16_t cell = way->trials[i].cell;
			bool reaches = way->cells[cell].ttl >= from;
			all_spared += parts->spared[cell];
			all_hit += reaches ? parts->hit[cell] : parts->spared[cell];
		}
		sum += rates_add(hit + all_hit, spared + all_spared);
	}
	return sum;
}

/* Logarithm of the likelihood where a share of the unit is hit, over all shares alike. */
static double some(const struct forward *f, const struct partial *parts, enum unit unit, int from)
{
	double sum = 0;
	for (int i = 0; i < PRIOR_SHARES; i++) {
		double share = prior_share[i];
		double one_share = unit == UNIT_FLOW ? by_flow(f, parts, from, share)
						     : by_probe(f, parts, from, share);
		sum = i ? rates_add(sum, one_share) : one_share;
	}
	/* That some pass is said where one was seen to. */
	double unserved = f->way->heard & DREW_SYNACK ? 0 : log(f->prior->unserved);
	return sum - log(PRIOR_SHARES) + unserved;
}

static double whole(const struct forward *f, enum deed deed, int position)
{
	const struct deed_row *row = deed_row(deed);
	if (row->copies)
		return copied(f, deed, position);
	if (row->back)
		return at_server(f, beyond_of(deed));
	if (f->way->uneven)
		return beyond_about(f, beyond_of(deed), hit_from(f->way, position));
	return beyond_from(f, beyond_of(deed), hit_from(f->way, position));
}

void forward_rule(const struct forward *f, const struct hypothesis *rule, double *out)
{
	const struct way *way = f->way;
	double hit[PATH_TTL_MAX * 16 + 16], spared[PATH_TTL_MAX * 16 + 16];
	struct partial parts = {hit, spared};
	bool same = deed_row(rule->deed)->back;
	if (rule->unit != UNIT_ALL)
		partial_fill(f, rule->deed, &parts);
	for (int x = 1; x <= way_last(way); x++) {
		int from = hit_from(way, x);
		bool again = x > 1 && !deed_row(rule->deed)->copies &&
			     (same || from == hit_from(way, x - 1));
		if (again)
			out[x] = out[x - 1];
		else if (rule->unit == UNIT_ALL)
			out[x] = whole(f, rule->deed, x);
		else
			out[x] = some(f, &parts, rule->unit, from);
	}
}
