/* SPDX-License-Identifier: BSD-2-Clause */
/* A build that asks no web service orders no measurements: parts_need() has said so before. */
#include "cli/command.h"
#include "cli/order/aims.h"
#include "cli/order/order.h"

int aims_of_run(const struct options *o, struct log *log, const struct trace *t,
		const struct result *own, struct order *order)
{
	(void)o;
	(void)log;
	(void)t;
	(void)own;
	(void)order;
	return EXIT_USAGE;
}

int aims_of_hosts(const struct options *o, struct log *log, struct order *order)
{
	(void)o;
	(void)log;
	(void)order;
	return EXIT_USAGE;
}

int order_outside(struct ordering *g, struct text *answers, bool *dry)
{
	(void)g;
	(void)answers;
	*dry = false;
	return EXIT_USAGE;
}
