/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/traits.h"
#include "infer/model/rates.h"
#include "infer/way/hops.h"
#include <math.h>

/* Someone who sends from a position. */
struct sender {
	const struct prior *prior;
	const struct way *way;
	const struct way_replies *replies;
	int hop;
	bool out;    /* behind the hop's TTL check */
	bool server; /* the server itself, or its answers in another form */
	int back;    /* routers that its answers come back over, mostly */
};

static double detour_chance(const struct prior *p, int detour)
{
	const double chance[] = {p->detour_0, p->detour_1, p->detour_2, p->detour_3};
	return log(chance[detour < 0 ? -detour : detour]);
}

/* Logarithm of the chance of one TTL where another is due. */
static double ttl_chance(const struct sender *s, int ttl, int due)
{
	const struct prior *p = s->prior;
	double near = s->way->uneven ? p->misfit_uneven : p->misfit;
	if (ttl == due)
		return log(1 - near);
	return log(ttl == due - 1 || ttl == due + 1 ? near : p->misfit);
}

/* Chance that all arrive with this TTL. */
static double arrive_with(const struct sender *s, int ttl)
{
	double sum = 0;
	for (int i = 0; i < s->replies->n; i++)
		sum += ttl_chance(s, s->replies->item[i].ttl, ttl);
	return sum;
}

static double initial_chance(const struct sender *s, int initial, double usual)
{
	int seen = s->way->end_ttl;
	if (!s->server || seen < 0)
		return log(usual);
	bool like = initial - hops_back((uint8_t)seen) == seen;
	double rest = 1 - s->prior->initial_like;
	return log(rest * usual + (like ? s->prior->initial_like : 0));
}

/* Arrival TTLs, where each starts with the same. */
static double arrivals(const struct sender *s)
{
	const struct prior *p = s->prior;
	const int initial[] = {64, 255, 128, 32};
	const double usual[] = {p->initial_64, p->initial_255, p->initial_128, p->initial_32};
	double sum = s->server ? -INFINITY
			       : log(p->initial_any / 64) + arrive_with(s, s->replies->item[0].ttl);
	for (int i = 0; i < 4; i++) {
		double first = initial_chance(s, initial[i], usual[i]);
		for (int d = -DETOURS / 2; d <= DETOURS / 2; d++) {
			if (s->back + d >= 0)
				sum = rates_add(sum,
						first + detour_chance(p, d) +
							arrive_with(s, initial[i] - s->back - d));
		}
	}
	return sum;
}

/* The same where each starts with what was left of the SYN's. */
static double copied_arrivals(const struct sender *s)
{
	double all = -INFINITY;
	for (int d = -DETOURS / 2; d <= DETOURS / 2; d++) {
		double sum = detour_chance(s->prior, d);
		for (int i = 0; i < s->replies->n; i++) {
			const struct way_reply *r = &s->replies->item[i];
			int ttl = r->sent_ttl - (s->hop - 1) - s->out - s->back - d;
			sum += ttl_chance(s, r->ttl, ttl);
		}
		all = rates_add(all, sum);
	}
	return all;
}

static double header_chance(const struct sender *s, bool rewritten)
{
	const struct prior *p = s->prior;
	bool genuine = true;
	for (int i = 0; i < s->replies->n; i++)
		genuine = genuine && s->replies->item[i].genuine;
	double share = rewritten   ? p->genuine_rewritten
		       : s->server ? p->genuine_server
				   : p->genuine_box;
	return log(genuine ? share : 1 - share);
}

/* Rejections quote the TTL that the SYN arrived with, or anything. */
static double quotes_chance(const struct sender *s)
{
	const struct prior *p = s->prior;
	double right = log(p->quoted_right), any = log(1 - p->quoted_right);
	for (int i = 0; i < s->replies->n; i++) {
		const struct way_reply *r = &s->replies->item[i];
		right += ttl_chance(s, r->quoted, r->sent_ttl - (s->hop - 1) - s->out);
		any += log(p->quoted_any);
	}
	return rates_add(right, any);
}

/* Whether the user names the owner of an address, and that can be the hop's, or not. */
static int owner_fits(const struct sender *s, const struct trace *t, const struct addr *addr)
{
	const struct network *n = trace_network(t, addr);
	if (!n || !n->by_user || !n->has_role)
		return -1;
	return (s->way->owners[s->hop] & ROLE_BIT(n->role)) != 0;
}

/* Whose address the rejections carry. */
static double signature_chance(const struct sender *s, const struct trace *t, int position)
{
	const struct server *server = &t->servers[s->way->server];
	const struct prior *p = s->prior;
	const struct addr *from = &s->replies->item[0].from;
	const struct addr *here = &s->way->router[s->hop];
	bool servers = addr_equal(from, &server->addr);
	bool known = addr_is_set(here) && s->hop < s->way->end;
	if (!way_is_in(position) && !way_is_out(position)) {
		bool beside = addr_equal(from, here) ||
			      (s->hop > 1 && addr_equal(from, &s->way->router[s->hop - 1]));
		return log(servers  ? p->signed_link
			   : beside ? p->signed_server
				    : p->signed_unknown);
	}
	if ((known && addr_equal(from, here)) || (s->server && servers))
		return log(p->signed_own);
	if (servers)
		return log(p->signed_server);
	int owner = owner_fits(s, t, from);
	if (known || s->server || owner == 0)
		return log(p->signed_other);
	return log(owner > 0 ? p->signed_owner : p->signed_unknown);
}

double traits_chance(const struct prior *p, const struct way *way, const struct trace *t,
		     enum deed deed, int position)
{
	const struct deed_row *row = deed_row(deed);
	const struct way_replies *replies = row->draws & DREW_RESET	  ? way->resets
					    : row->draws & DREW_REJECTION ? way->rejections
									  : NULL;
	if (!replies || !replies->n)
		return 0;
	int hop = way_hop(position);
	bool link = !way_is_in(position) && !way_is_out(position);
	struct sender s = {p, way, replies, hop, way_is_out(position), false, hop - 1};
	s.server = row->back || (hop == way->end && way_is_in(position));
	if (!link && way->back[hop] >= 0)
		s.back = way->back[hop];
	if (s.server)
		s.back = way->end_ttl < 0 ? way->control_end - 1 : hops_back((uint8_t)way->end_ttl);
	double sum = row->copies ? copied_arrivals(&s) : arrivals(&s);
	if (row->draws & DREW_RESET)
		return sum + header_chance(&s, row->back);
	return sum + quotes_chance(&s) + signature_chance(&s, t, position);
}
