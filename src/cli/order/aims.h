/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_ORDER_AIMS_H
#define CLI_ORDER_AIMS_H

/*
 * What is asked from elsewhere: which servers, with which control, of whom.
 */

#include "cli/options.h"
#include "cli/out/log.h"
#include "infer/result/result.h"
#include "io/engines/orders.h"

/*
 * Servers that a measurement of one's own had a control for, of different networks, at the very
 * addresses that it used; and the network of its provider. 0, or an exit status after a message.
 */
int aims_of_run(const struct options *o, struct log *log, const struct trace *t,
		const struct result *own, struct order *order);

/* The same for HOSTs, names or addresses, that nothing is known of. */
int aims_of_hosts(const struct options *o, struct log *log, struct order *order);

#endif
