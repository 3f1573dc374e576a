/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/posterior.h"
#include "infer/model/traits.h"
#include "infer/numbers.h"
#include <math.h>
#include <string.h>

/* What is worked out at one point of the loss grid. */
struct at_loss {
	struct posterior *post;
	double loss, silent;
	const struct way_rate *nodes; /* expiries to controls, by router */
	double **like;	 /* by way: logarithm of the likelihood, as struct belief.rule */
	double **traits; /* the same of manners alone, which no loss changes */
	double *open;	 /* by way: the same where nobody blocks */
	double *alone;	 /* by way: the same, whatever rule it has of its own */
	/* By rule and place: all their servers', beside `alone`; the latter by share of a list. */
	double *shared, *listed[PRIOR_LISTS];
	double total;
};

static int stride(const struct way *way)
{
	return way_last(way) + 1;
}

static bool known(const struct way *way, int hop)
{
	return addr_is_set(&way->router[hop]);
}

/* The controls' expiries at a hop, over all servers whose ways pass the same router. */
static struct way_rate pooled(const struct at_loss *a, const struct way *way, int hop)
{
	return known(way, hop) && hop < way->end ? a->nodes[way->node[hop]] : way->hop[hop];
}

/* How a way's answers arrive at a point of the loss grid, by what its control drew. */
static void fill_rates(const struct at_loss *a, const struct way *way, struct forward_rates *out)
{
	const struct prior *p = a->post->prior;
	struct rates routers = rates_routers(p, a->loss, a->silent);
	struct rates servers = rates_servers(p, a->loss);
	for (int hop = 0; hop < FORWARD_TTLS; hop++) {
		out->hop[hop] = routers;
		if (hop >= 1 && hop < way->end) {
			struct way_rate r = pooled(a, way, hop);
			out->hop[hop] = rates_after(&routers, r.yes, r.no);
		}
	}
	out->answer = rates_after(&servers, way->answer.yes, way->answer.no);
	out->rejection = rates_rejecters(p, a->loss);
}

/* Logarithm of the likelihood of what the controls drew, at this loss. */
static double controls(const struct at_loss *a)
{
	const struct posterior *post = a->post;
	struct rates routers = rates_routers(post->prior, a->loss, a->silent);
	struct rates servers = rates_servers(post->prior, a->loss);
	double sum = 0;
	for (uint32_t node = 0; node < post->places.nodes; node++)
		sum += rates_chance(&routers, a->nodes[node].yes, a->nodes[node].no);
	for (size_t i = 0; i < post->n; i++) {
		const struct way *way = &post->ways[i];
		sum += rates_chance(&servers, way->answer.yes, way->answer.no);
		for (int hop = 1; hop < way->end; hop++) {
			if (!known(way, hop))
				sum += rates_chance(&routers, way->hop[hop].yes, way->hop[hop].no);
		}
	}
	return sum;
}

/* Counts the controls' expiries by router; the share of routers that send none. */
static double count_nodes(const struct posterior *post, struct way_rate *nodes)
{
	double asked = 0, silent = 0;
	for (size_t i = 0; i < post->n; i++) {
		const struct way *way = &post->ways[i];
		for (int hop = 1; hop < way->end; hop++) {
			struct way_rate *node = &nodes[way->node[hop]];
			bool counts = way->hop[hop].yes + way->hop[hop].no > 0,
			     known_here = known(way, hop);
			asked += counts && (!known_here || node->yes + node->no == 0);
			silent += counts && !known_here;
			if (!known_here)
				continue;
			node->yes += way->hop[hop].yes;
			node->no += way->hop[hop].no;
		}
	}
	const struct prior *p = post->prior;
	return (p->te_silent * p->te_silent_weight + silent) / (p->te_silent_weight + asked);
}

/* A rule of the server's own: logarithm of the prior of a position. */
static double own_prior(const struct posterior *post, const struct way *way,
			const struct hypothesis *h, int position)
{
	const struct prior *p = post->prior;
	bool back = deed_row(h->deed)->back;
	int far = 0, all = back ? way->end : way_last(way);
	if (back && !way_is_in(position))
		return -INFINITY;
	for (int x = 1; x <= way_last(way); x++)
		far += (way_owners(way, x) & ROLE_REMOTE) && (!back || way_is_in(x));
	int near = all - far > 1 ? all - far : 1;
	double share = (1 - p->own_remote) / near;
	if ((way_owners(way, position) & ROLE_REMOTE) && far)
		share = p->own_remote / far;
	return log(p->own * share) + h->log_prior;
}

/* Manners of whoever would send from each position. */
static void weigh_traits(struct at_loss *a)
{
	const struct posterior *post = a->post;
	for (size_t i = 0; i < post->n; i++) {
		const struct way *way = &post->ways[i];
		for (int h = 0; h < post->hypotheses_n; h++) {
			enum deed deed = post->hypotheses[h].deed;
			for (int x = 1; x <= way_last(way); x++)
				a->traits[i][h * stride(way) + x] = traits_chance(
					post->prior, way, post->scene->trace, deed, x);
		}
	}
}

/* The likelihood of one way under every rule at every position, and on its own. */
static void weigh_way(struct at_loss *a, size_t i)
{
	const struct posterior *post = a->post;
	const struct way *way = &post->ways[i];
	struct forward_rates rates;
	struct forward f;
	fill_rates(a, way, &rates);
	forward_make(post->prior, way, &rates, &f);
	a->open[i] = forward_open(&f);
	double sum = log(1 - post->prior->own) + a->open[i];
	sum = rates_add(sum, log(post->prior->something_else) - (double)way->trials_n * log(8));
	for (int h = 0; h < post->hypotheses_n; h++) {
		const struct hypothesis *hypothesis = &post->hypotheses[h];
		double *like = &a->like[i][h * stride(way)];
		const double *traits = &a->traits[i][h * stride(way)];
		forward_rule(&f, hypothesis, like);
		for (int x = 1; x <= way_last(way); x++)
			sum = rates_add(sum,
					like[x] + traits[x] + own_prior(post, way, hypothesis, x));
	}
	a->alone[i] = sum;
}

/*
 * The likelihood of a way under a rule that others share. At one place there is one sender, whose
 * manners are looked at once, not once for each server.
 */
static double like_shared(const struct at_loss *a, size_t i, int h, int x, uint32_t at)
{
	const struct posterior *post = a->post;
	const struct place *place = &post->places.item[at];
	uint8_t draws = deed_row(post->hypotheses[h].deed)->draws;
	uint32_t heard = place->heard[draws & DREW_REJECTION ? 1 : 0];
	size_t k = (size_t)h * (size_t)stride(&post->ways[i]) + (size_t)x;
	bool each = at == post->places.servers || heard == 0;
	return a->like[i][k] + a->traits[i][k] / (each ? 1 : heard);
}

/* The place of a position; a server's own input is that of all servers' sides alike. */
static uint32_t place_of(const struct posterior *post, const struct way *way, int x)
{
	uint32_t at = places_at(&post->places, way, x);
	return at == WAY_NO_PLACE ? post->places.servers : at;
}

/* A way's likelihood where a list has it or not, beside that of its own rules. */
static double like_listed(double like, double alone, double share)
{
	return rates_add(log(share) + like, log(1 - share) + alone) - alone;
}

/* Adds one way's part to each place that it passes. */
static void add_way(struct at_loss *a, size_t i)
{
	const struct posterior *post = a->post;
	const struct way *way = &post->ways[i];
	for (int h = 0; h < post->hypotheses_n; h++) {
		for (int x = 1; x <= way_last(way); x++) {
			uint32_t at = place_of(post, way, x);
			size_t k = (size_t)h * post->places.n + at;
			double like = like_shared(a, i, h, x, at);
			a->shared[k] += like - a->alone[i];
			for (int l = 0; l < PRIOR_LISTS; l++)
				a->listed[l][k] += like_listed(like, a->alone[i], prior_listed[l]);
		}
	}
}

/* Adds the prior of a hypothesis at a place to its sums, and both to the total. */
static void sum_place(struct at_loss *a, int h, uint32_t at)
{
	const struct posterior *post = a->post;
	const struct place *place = &post->places.item[at];
	bool back = deed_row(post->hypotheses[h].deed)->back;
	size_t k = (size_t)h * post->places.n + at;
	double prior = log(1 - post->prior->nobody) + post->hypotheses[h].log_prior +
		       (back ? place->log_back : place->log_prior);
	double lists = place->members > 1 ? log(post->prior->list / PRIOR_LISTS) : -INFINITY;
	if (!place->members)
		prior = -INFINITY;
	a->shared[k] += prior + log(1 - post->prior->list);
	a->total = rates_add(a->total, a->shared[k]);
	for (int l = 0; l < PRIOR_LISTS; l++) {
		a->listed[l][k] += prior + lists;
		a->total = rates_add(a->total, a->listed[l][k]);
	}
}

/* Turns the sums into logarithms of posterior weights, and sums these up. */
static void sum_up(struct at_loss *a)
{
	a->total = log(a->post->prior->nobody);
	for (int h = 0; h < a->post->hypotheses_n; h++) {
		for (uint32_t at = 0; at < a->post->places.n; at++)
			sum_place(a, h, at);
	}
}

/* The probability, at this loss, that a way is hit by a rule that others share. */
static double hit(const struct at_loss *a, size_t i, int h, int x)
{
	const struct posterior *post = a->post;
	uint32_t at = place_of(post, &post->ways[i], x);
	size_t k = (size_t)h * post->places.n + at;
	double like = like_shared(a, i, h, x, at), sum = exp(a->shared[k] - a->total);
	for (int l = 0; l < PRIOR_LISTS; l++) {
		double on = log(prior_listed[l]) + like - a->alone[i];
		double all = like_listed(like, a->alone[i], prior_listed[l]);
		if (a->listed[l][k] > a->total - LOSS_NEGLIGIBLE * 3)
			sum += exp(a->listed[l][k] - a->total + on - all);
	}
	return sum;
}

/* Adds one way's probabilities at this loss, `scale` in all. */
static void believe(const struct at_loss *a, size_t i, double scale)
{
	const struct posterior *post = a->post;
	const struct way *way = &post->ways[i];
	struct belief *belief = &post->beliefs[i];
	double rest = 1;
	for (int h = 0; h < post->hypotheses_n; h++) {
		for (int x = 1; x <= way_last(way); x++) {
			double p = hit(a, i, h, x);
			belief->rule[h * stride(way) + x] += scale * p;
			rest -= p;
		}
	}
	rest = rest > 0 ? rest * scale : 0;
	const struct prior *p = post->prior;
	belief->nobody += rest * exp(log(1 - p->own) + a->open[i] - a->alone[i]);
	belief->something_else +=
		rest * exp(log(p->something_else) - (double)way->trials_n * log(8) - a->alone[i]);
	for (int r = 0; r < post->hypotheses_n; r++) {
		for (int x = 1; x <= way_last(way); x++) {
			size_t k = (size_t)r * (size_t)stride(way) + (size_t)x;
			double own = rest * exp(own_prior(post, way, &post->hypotheses[r], x) +
						a->like[i][k] + a->traits[i][k] - a->alone[i]);
			belief->rule[k] += own;
			belief->own[k] += own;
		}
	}
}

static int allocate(struct posterior *post, struct at_loss *a)
{
	size_t n = post->n, pairs = (size_t)post->hypotheses_n * post->places.n;
	struct arena *arena = &post->arena;
	post->beliefs = arena_alloc(arena, n * sizeof(*post->beliefs));
	a->like = arena_alloc(arena, n * sizeof(*a->like));
	a->traits = arena_alloc(arena, n * sizeof(*a->traits));
	a->open = arena_alloc(arena, n * sizeof(*a->open));
	a->alone = arena_alloc(arena, n * sizeof(*a->alone));
	a->shared = arena_alloc(arena, pairs * sizeof(*a->shared));
	for (int l = 0; l < PRIOR_LISTS; l++)
		a->listed[l] = arena_alloc(arena, pairs * sizeof(*a->listed[l]));
	for (size_t i = 0; i < n && !arena->failed; i++) {
		size_t cells = (size_t)post->hypotheses_n * (size_t)stride(&post->ways[i]);
		a->like[i] = arena_alloc(arena, cells * sizeof(double));
		a->traits[i] = arena_alloc(arena, cells * sizeof(double));
		post->beliefs[i].rule = arena_alloc(arena, cells * sizeof(double));
		post->beliefs[i].own = arena_alloc(arena, cells * sizeof(double));
	}
	return arena->failed ? -1 : 0;
}

static void forget(struct posterior *post, double scale)
{
	for (size_t i = 0; i < post->n; i++) {
		struct belief *b = &post->beliefs[i];
		b->nobody *= scale;
		b->something_else *= scale;
		for (int k = 0; k < post->hypotheses_n * stride(&post->ways[i]); k++)
			b->rule[k] *= scale;
		for (int k = 0; k < post->hypotheses_n * stride(&post->ways[i]); k++)
			b->own[k] *= scale;
	}
}

/* The posterior at each point of the loss grid, weighed by how well the point explains all. */
static void sum_losses(struct posterior *post, struct at_loss *a)
{
	double seen[PRIOR_LOSSES], most = -INFINITY, ref = -INFINITY, all = 0;
	size_t pairs = (size_t)post->hypotheses_n * post->places.n;
	for (int l = 0; l < PRIOR_LOSSES; l++) {
		a->loss = prior_loss[l];
		seen[l] = log(prior_loss_weight[l]) + controls(a);
		most = seen[l] > most ? seen[l] : most;
	}
	for (int l = 0; l < PRIOR_LOSSES; l++) {
		if (seen[l] < most - LOSS_NEGLIGIBLE)
			continue;
		a->loss = prior_loss[l];
		memset(a->shared, 0, pairs * sizeof(double));
		for (int k = 0; k < PRIOR_LISTS; k++)
			memset(a->listed[k], 0, pairs * sizeof(double));
		double base = seen[l];
		for (size_t i = 0; i < post->n; i++) {
			weigh_way(a, i);
			add_way(a, i);
			base += a->alone[i];
		}
		sum_up(a);
		double log_weight = base + a->total;
		if (log_weight > ref) {
			forget(post, exp(ref - log_weight));
			all *= exp(ref - log_weight);
			for (int k = 0; k < l; k++)
				post->loss[k] *= exp(ref - log_weight);
			ref = log_weight;
		}
		double weight = exp(log_weight - ref);
		post->loss[l] = weight;
		all += weight;
		for (size_t i = 0; i < post->n; i++)
			believe(a, i, weight);
	}
	forget(post, 1 / all);
	for (int l = 0; l < PRIOR_LOSSES; l++)
		post->loss[l] /= all;
}

int posterior_make(const struct prior *prior, const struct scene *scene, struct way *ways, size_t n,
		   struct posterior *out)
{
	struct at_loss a = {.post = out};
	uint8_t heard = 0;
	*out = (struct posterior){.prior = prior, .scene = scene, .ways = ways, .n = n};
	for (size_t i = 0; i < n; i++)
		heard |= ways[i].heard;
	out->hypotheses_n = hypotheses_list(prior, heard, out->hypotheses);
	if (places_find(scene, ways, n, &out->arena, &out->places) != 0)
		return -1;
	places_weigh(ways, n, &out->places);
	if (allocate(out, &a) != 0)
		return -1;
	struct way_rate *nodes = arena_alloc(&out->arena, out->places.nodes * sizeof(*nodes));
	if (!nodes)
		return -1;
	a.silent = count_nodes(out, nodes);
	a.nodes = nodes;
	weigh_traits(&a);
	sum_losses(out, &a);
	return 0;
}

double posterior_by(const struct posterior *post, size_t w, int rule, int position,
		    enum segment party)
{
	const struct way *way = &post->ways[w];
	double all = posterior_at(post, w, rule, position);
	double own = post->beliefs[w].own[rule * stride(way) + position];
	double fair = way_share(post->prior, way, position, party), likely = fair;
	/* What one server alone meets where its side may be is its own side's, mostly. */
	uint8_t owners = way_owners(way, position);
	double remote = way_share(post->prior, way, position, SEGMENT_REMOTE);
	if (remote > 0 && owners != ROLE_REMOTE)
		likely = party == SEGMENT_REMOTE
				 ? post->prior->own_remote
				 : fair * (1 - post->prior->own_remote) / (1 - remote);
	return (all - own) * fair + own * likely;
}

void posterior_free(struct posterior *post)
{
	arena_free(&post->arena);
	*post = (struct posterior){0};
}
