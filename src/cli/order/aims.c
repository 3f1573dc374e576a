/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/order/aims.h"
#include "cli/command.h"
#include "io/names/resolve.h"
#include "outside/view.h"
#include <stdlib.h>
#include <string.h>

#define SERVERS_MOST                                                                               \
	2 /* of different networks: a place needs two before a provider is suspected               \
	   */
#define CONTROL	   443
#define LOOK_UP_NS (2 * INT64_C(1000000000))

static void begin(const struct options *o, uint32_t asn, uint16_t port, struct order *order)
{
	*order = (struct order){
		.port = port,
		.asn = o->outside.asn ? o->outside.asn : asn,
		.same = o->outside.probes,
		.other = o->outside.probes,
		.country = o->outside.country,
	};
}

/* Whether the order has a server of that network already, or one of another family. */
static bool is_near(const struct order *order, const struct addr *addr)
{
	for (size_t i = 0; i < order->servers_n; i++)
		if (addr_same_site(&order->servers[i].addr, addr) ||
		    order->servers[i].addr.family != addr->family)
			return true;
	return false;
}

static bool family_wanted(const struct options *o, uint8_t family)
{
	return family == 6 ? o->ipv6 : o->ipv4;
}

/* The verdict's family where one was not chosen: the question is why it says what it says. */
static uint8_t family_of(const struct options *o, const struct result *own)
{
	if (o->ipv4 != o->ipv6)
		return o->ipv6 ? 6 : 4;
	return own->verdict.family == 6 ? 6 : 4;
}

int aims_of_run(const struct options *o, struct log *log, const struct trace *t,
		const struct result *own, struct order *order)
{
	uint8_t family = family_of(o, own);
	begin(o, outside_provider(own), t->run.port, order);
	for (size_t i = 0; i < own->findings_n && order->servers_n < SERVERS_MOST; i++) {
		const struct finding *f = &own->findings[i];
		const struct addr *addr = &t->servers[f->server].addr;
		if (!f->votes || f->control == 0 || addr->family != family ||
		    t->servers[f->server].port != t->run.port || is_near(order, addr))
			continue;
		order->servers[order->servers_n++] = (struct ordered_server){*addr, f->control};
	}
	if (order->servers_n > 0)
		return 0;
	log_error(log, "no server of that measurement had a control port that works over IPv%u",
		  family);
	return EXIT_INPUT;
}

/* The addresses of one HOST; false after a message. */
static bool take_host(const struct options *o, struct log *log, const char *word,
		      struct order *order)
{
	struct host_arg host = {0};
	struct err err = {0};
	if (options_host(word, &host, &err) != 0) {
		log_error(log, "%s", err.msg);
		return false;
	}
	struct resolve_host found = {.name = host.name, .ipv4 = o->ipv4, .ipv6 = o->ipv6};
	if (addr_is_set(&host.addr)) {
		found.addrs[found.addrs_n++] = host.addr;
	} else if (resolve_hosts(&found, 1, LOOK_UP_NS, &err) != 0 || found.addrs_n == 0) {
		log_error(log, "'%s': %s", word, found.why ? found.why : err.msg);
		return false;
	}
	for (size_t i = 0; i < found.addrs_n && order->servers_n < ORDERS_SERVERS_MAX; i++)
		if (family_wanted(o, found.addrs[i].family) && !is_near(order, &found.addrs[i]))
			order->servers[order->servers_n++] = (struct ordered_server){
				found.addrs[i], o->controls_n ? o->controls[0] : CONTROL};
	return true;
}

int aims_of_hosts(const struct options *o, struct log *log, struct order *order)
{
	begin(o, 0, (uint16_t)o->port, order);
	for (size_t i = 0; i < o->files_n; i++)
		if (!take_host(o, log, o->files[i], order))
			return EXIT_USAGE;
	if (order->servers_n > 0)
		return 0;
	log_error(log, "no HOST has an address of the wanted family");
	return EXIT_USAGE;
}
