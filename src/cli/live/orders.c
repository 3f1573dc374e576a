/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/orders.h"
#include <errno.h>
#include <netinet/in.h>

#define MS		INT64_C(1000000)
#define SEEN_WITHIN_NS	(100 * MS) /* a SYN that leaves shows up in the capture within this */
#define RESET_AFTER_NS	(30 * MS)  /* the kernel's own reset follows a SYN-ACK at once */
#define RESET_BEFORE_NS (3000 * MS)

static struct sender_packet packet_of(const struct orders *orders, const struct order *order)
{
	const struct server *s = &orders->trace->servers[order->server];
	return (struct sender_packet){
		.src = s->client,
		.dst = s->addr,
		.src_port = order->src_port,
		.dst_port = order->dst_port,
		.seq = order->seq,
		.ip_id = order->ip_id,
		.ttl = order->ttl,
		.mtu = orders->targets->ways[order->server].mtu,
	};
}

static void remember(struct orders *orders, const struct order *order, int64_t now_ns)
{
	orders->recent[orders->next++ % ORDERS_RECENT] = (struct sent_order){*order, now_ns};
	orders->sent++;
}

static int send_syn(struct orders *orders, const struct order *order, int64_t now_ns)
{
	struct sender_packet packet = packet_of(orders, order);
	int error = order->kind == PROBE_LINK
			    ? sender_link_syn(orders->sender, &packet,
					      &orders->targets->ways[order->server])
			    : sender_syn(orders->sender, &packet);
	if (!error) {
		remember(orders, order, now_ns);
		return 0;
	}
	struct send_error item = {
		.server = order->server,
		.port = order->dst_port,
		.src_port = order->src_port,
		.ttl = order->ttl,
		.kind = order->kind,
		.error = error,
		.at_ns = now_ns,
	};
	(void)trace_add_send_error(orders->trace, &item);
	return error;
}

/* The way that the routing tables give this very connection: rules may look at port and user. */
static void note_route(struct orders *orders, const struct order *order)
{
	const struct server *s = &orders->trace->servers[order->server];
	struct route_query query = {
		.dst = s->addr,
		.ifindex = orders->ifindex,
		.ip_proto = IPPROTO_TCP,
		.src_port = order->src_port,
		.dst_port = order->dst_port,
		.has_uid = true,
		.uid = orders->trace->users[order->user].uid,
	};
	struct route_info way;
	struct err err;
	if (route_get(&query, &way, &err) != 0)
		return;
	struct flow_route item = {
		.server = order->server,
		.port = order->dst_port,
		.uid = query.uid,
		.error = way.error,
		.ifindex = way.ifindex,
		.table = way.table,
		.interface = way.interface,
	};
	(void)trace_add_flow_route(orders->trace, &item);
}

static int start_connect(struct orders *orders, const struct order *order, int64_t now_ns)
{
	struct trace *t = orders->trace;
	struct connect_order connect = {
		.addr = t->servers[order->server].addr,
		.port = order->dst_port,
		.ifindex = orders->ifindex,
		.token = (uint32_t)t->connects_n,
		.retries = orders->retries,
	};
	struct connect_result item = {
		.server = order->server,
		.port = order->dst_port,
		.uid = t->users[order->user].uid,
		.user = t->users[order->user].name,
		.at_ns = now_ns,
	};
	struct order own = *order;
	int error = connector_start(orders->connector, order->user, &connect, &own.src_port);
	item.src_port = own.src_port;
	item.error = error ? ECANCELED : EINPROGRESS;
	(void)trace_add_connect(t, &item);
	note_route(orders, &own);
	return error;
}

int orders_carry_out(struct orders *orders, const struct order *order, int64_t now_ns)
{
	if (order->kind == PROBE_KERNEL)
		return start_connect(orders, order, now_ns);
	return send_syn(orders, order, now_ns);
}

void orders_take_outcomes(struct orders *orders)
{
	struct connect_outcome outcome;
	while (connector_next(orders->connector, &outcome))
		trace_end_connect(orders->trace, outcome.token, outcome.error, outcome.took_ns);
}

void orders_rest(struct orders *orders)
{
	const struct trace *t = orders->trace;
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		if (c->error == EINPROGRESS && c->took_ns == 0 &&
		    c->port == t->servers[c->server].port) {
			connector_stop(orders->connector, c->port);
			return;
		}
	}
}

void orders_look_after(struct orders *orders, int64_t now_ns)
{
	struct trace *t = orders->trace;
	for (size_t i = 0; i < ORDERS_RECENT && i < orders->next; i++) {
		struct sent_order *sent = &orders->recent[i];
		const struct order *o = &sent->order;
		if (!sent->at_ns || now_ns - sent->at_ns < SEEN_WITHIN_NS)
			continue;
		if (trace_find_probe(t, &t->servers[o->server].addr, o->dst_port, o->src_port,
				     o->seq) == TRACE_NONE) {
			struct unseen item = {
				.server = o->server,
				.port = o->dst_port,
				.src_port = o->src_port,
				.seq = o->seq,
				.ttl = o->ttl,
				.kind = o->kind,
				.at_ns = sent->at_ns,
			};
			(void)trace_add_unseen(t, &item);
		}
		sent->at_ns = 0;
	}
}

static const struct reply *syn_ack_of(const struct trace *t, const struct probe *p)
{
	for (uint32_t at = p->first_reply; at != TRACE_NONE; at = t->replies[at].next) {
		if (t->replies[at].kind == REPLY_SYNACK)
			return &t->replies[at];
	}
	return NULL;
}

static void reset(struct orders *orders, const struct probe *p)
{
	struct order order = {
		.server = p->server,
		.dst_port = p->dst_port,
		.src_port = p->src_port,
		.seq = p->seq,
		.ip_id = (uint16_t)(p->ip_id + 1),
		.ttl = 64,
	};
	struct sender_packet packet = packet_of(orders, &order);
	const struct route_info *way = &orders->targets->ways[order.server];
	if (p->kind == PROBE_LINK || sender_reset(orders->sender, &packet) != 0)
		(void)sender_link_reset(orders->sender, &packet, way);
}

void orders_close_half_open(struct orders *orders, int64_t now_ns, bool all)
{
	const struct trace *t = orders->trace;
	size_t at = all ? 0 : orders->closed_n;
	for (; at < t->probes_n; at++) {
		const struct probe *p = &t->probes[at];
		const struct reply *r = syn_ack_of(t, p);
		bool young = now_ns - p->at_ns < RESET_BEFORE_NS;
		bool ours = p->kind == PROBE_LINK || all;
		if (!all && ours && young && (!r || now_ns - r->at_ns < RESET_AFTER_NS))
			break;
		if (ours && r && !p->closed && !p->established)
			reset(orders, p);
	}
	if (!all)
		orders->closed_n = at;
}

void orders_end(struct orders *orders, int64_t now_ns)
{
	struct trace *t = orders->trace;
	for (size_t i = 0; i < t->connects_n; i++) {
		struct connect_result *c = &t->connects[i];
		if (c->error == EINPROGRESS && c->took_ns == 0 && now_ns > c->at_ns)
			c->took_ns = now_ns - c->at_ns;
	}
}
