/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/rates.h"
#include <math.h>

static double lbeta(double a, double b)
{
	int sign;
	return lgamma_r(a, &sign) + lgamma_r(b, &sign) - lgamma_r(a + b, &sign);
}

double rates_add(double a, double b)
{
	double most = a > b ? a : b, least = a > b ? b : a;
	return least < most - 40 ? most : most + log1p(exp(least - most));
}

/* A kind whose answers are due at `rate` and lost as all are. */
static void add_kind(struct rates *r, double weight, double rate, double spread, bool limited)
{
	double a = spread * rate, b = spread * (1 - rate);
	if (weight <= 0)
		return;
	r->kind[r->n].log_weight = log(weight);
	r->kind[r->n].a = a;
	r->kind[r->n].b = b;
	r->kind[r->n].lbeta = lbeta(a, b);
	r->kind[r->n++].limited = limited;
}

struct rates rates_routers(const struct prior *p, double loss, double silent)
{
	struct rates r = {0};
	double answering = 1 - silent, arrives = 1 - loss;
	add_kind(&r, answering * (1 - p->te_limited), arrives, p->spread, false);
	add_kind(&r, answering * p->te_limited, p->limited_rate * arrives, p->spread_limited, true);
	add_kind(&r, silent, p->te_leak * arrives, p->spread, false);
	return r;
}

struct rates rates_servers(const struct prior *p, double loss)
{
	struct rates r = {0};
	add_kind(&r, 1 - p->end_limited, 1 - loss, p->spread, false);
	add_kind(&r, p->end_limited, p->end_rate * (1 - loss), p->spread, false);
	return r;
}

struct rates rates_rejecters(const struct prior *p, double loss)
{
	struct rates r = {0};
	add_kind(&r, 1 - p->reject_limited, 1 - loss, p->spread, false);
	add_kind(&r, p->reject_limited, p->limited_rate * (1 - loss), p->spread_limited, true);
	return r;
}

static double kind_chance(const struct rates *r, int i, double yes, double no)
{
	return r->kind[i].log_weight + lbeta(r->kind[i].a + yes, r->kind[i].b + no) -
	       r->kind[i].lbeta;
}

double rates_chance(const struct rates *rates, double yes, double no)
{
	if (yes <= 0 && no <= 0)
		return 0;
	double sum = kind_chance(rates, 0, yes, no);
	for (int i = 1; i < rates->n; i++)
		sum = rates_add(sum, kind_chance(rates, i, yes, no));
	return sum;
}

struct rates rates_after(const struct rates *rates, double yes, double no)
{
	struct rates after = *rates;
	double sum = rates_chance(rates, yes, no);
	if (yes <= 0 && no <= 0)
		return after;
	for (int i = 0; i < after.n; i++) {
		after.kind[i].log_weight = kind_chance(rates, i, yes, no) - sum;
		if (after.kind[i].limited)
			continue;
		after.kind[i].a += yes;
		after.kind[i].b += no;
		after.kind[i].lbeta = lbeta(after.kind[i].a, after.kind[i].b);
	}
	return after;
}

double rates_mean(const struct rates *rates)
{
	double sum = 0;
	for (int i = 0; i < rates->n; i++)
		sum += exp(rates->kind[i].log_weight) * rates->kind[i].a /
		       (rates->kind[i].a + rates->kind[i].b);
	return sum;
}
