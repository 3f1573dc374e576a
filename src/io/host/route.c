/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/route.h"
#include "io/host/netlink.h"
#include "io/host/sockaddr.h"
#include "io/host/status.h"
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/neighbour.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DISCARD_PORT 9
#define KNOWN_STATES (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT | NUD_NOARP)

/* The attributes behind the fixed part of an answer. */
static const struct rtattr *attributes(const struct nlmsghdr *answer, size_t fixed, size_t *room)
{
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);

	*room = answer->nlmsg_len > skip ? answer->nlmsg_len - skip : 0;
	return (const struct rtattr *)(const void *)((const uint8_t *)answer + skip);
}

static bool fixed_part(const struct nlmsghdr *answer, uint16_t type, void *to, size_t len)
{
	if (answer->nlmsg_type != type || answer->nlmsg_len < NLMSG_HDRLEN + len)
		return false;
	memcpy(to, (const uint8_t *)answer + NLMSG_HDRLEN, len);
	return true;
}

static int system_family(uint8_t family)
{
	return family == 4 ? AF_INET : AF_INET6;
}

/* A gateway of the other family comes in an attribute of its own (RFC 5549 routes). */
static struct addr gateway_of(const struct rtattr *first, size_t room, uint8_t family)
{
	struct addr gateway = netlink_find_addr(first, room, RTA_GATEWAY, family);
	const uint8_t *via = netlink_find(first, room, RTA_VIA, sizeof(struct rtvia) + 4);
	uint16_t via_family;

	if (addr_is_set(&gateway) || !via)
		return gateway;
	memcpy(&via_family, via, sizeof(via_family));
	via += sizeof(struct rtvia);
	if (via_family == AF_INET)
		return addr_v4(via);
	if (via_family == AF_INET6 && netlink_find(first, room, RTA_VIA, sizeof(struct rtvia) + 16))
		return addr_v6(via);
	return gateway;
}

static uint32_t metric_mtu(const struct rtattr *first, size_t room)
{
	const struct rtattr *metrics = netlink_find(first, room, RTA_METRICS, sizeof(*metrics));
	const struct rtattr *self;

	if (!metrics)
		return 0;
	self = (const struct rtattr *)(const void *)((const uint8_t *)metrics - RTA_LENGTH(0));
	return netlink_find_u32(metrics, RTA_PAYLOAD(self), RTAX_MTU, 0);
}

static bool read_route(const struct nlmsghdr *answer, void *arg)
{
	struct route_info *out = arg;
	const struct rtattr *first;
	struct rtmsg r;
	uint8_t family;
	size_t room;

	if (!fixed_part(answer, RTM_NEWROUTE, &r, sizeof(r)))
		return true;
	first = attributes(answer, sizeof(r), &room);
	family = r.rtm_family == AF_INET ? 4 : 6;
	out->type = r.rtm_type;
	out->table = netlink_find_u32(first, room, RTA_TABLE, r.rtm_table);
	out->ifindex = netlink_find_u32(first, room, RTA_OIF, 0);
	out->gateway = gateway_of(first, room, family);
	out->source = netlink_find_addr(first, room, RTA_PREFSRC, family);
	out->mtu = metric_mtu(first, room);
	return false;
}

static bool link_header(uint16_t hardware)
{
	switch (hardware) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
	case ARPHRD_INFINIBAND:
	case ARPHRD_IEEE1394:
		return true;
	default:
		return false;
	}
}

static bool read_link(const struct nlmsghdr *answer, void *arg)
{
	struct route_info *out = arg;
	const struct rtattr *first;
	struct ifinfomsg link;
	const void *mac;
	const char *name;
	size_t room;

	if (!fixed_part(answer, RTM_NEWLINK, &link, sizeof(link)))
		return true;
	first = attributes(answer, sizeof(link), &room);
	out->hardware = link.ifi_type;
	out->has_link_header = link_header(link.ifi_type);
	if (out->mtu == 0)
		out->mtu = netlink_find_u32(first, room, IFLA_MTU, 0);
	name = netlink_find(first, room, IFLA_IFNAME, 1);
	if (name)
		strncpy(out->interface, name, sizeof(out->interface) - 1);
	mac = netlink_find(first, room, IFLA_ADDRESS, sizeof(out->mac));
	if (mac && out->has_link_header)
		memcpy(out->mac, mac, sizeof(out->mac));
	return false;
}

static void ask_route(struct netlink_ask *ask, const struct route_query *q)
{
	struct rtmsg r = {
		.rtm_family = (uint8_t)system_family(q->dst.family),
		.rtm_dst_len = q->dst.family == 4 ? 32 : 128,
		.rtm_flags = RTM_F_LOOKUP_TABLE,
	};
	uint16_t src_port = (uint16_t)((q->src_port >> 8) | (q->src_port << 8));
	uint16_t dst_port = (uint16_t)((q->dst_port >> 8) | (q->dst_port << 8));

	if (addr_is_set(&q->src))
		r.rtm_src_len = r.rtm_dst_len;
	netlink_begin(ask, RTM_GETROUTE, &r, sizeof(r));
	netlink_attr_addr(ask, RTA_DST, &q->dst);
	if (addr_is_set(&q->src))
		netlink_attr_addr(ask, RTA_SRC, &q->src);
	if (q->ifindex)
		netlink_attr(ask, RTA_OIF, &q->ifindex, sizeof(q->ifindex));
	if (q->has_uid)
		netlink_attr(ask, RTA_UID, &q->uid, sizeof(q->uid));
	if (!q->ip_proto)
		return;
	netlink_attr(ask, RTA_IP_PROTO, &q->ip_proto, sizeof(q->ip_proto));
	netlink_attr(ask, RTA_SPORT, &src_port, sizeof(src_port));
	netlink_attr(ask, RTA_DPORT, &dst_port, sizeof(dst_port));
}

int route_get(const struct route_query *query, struct route_info *out, struct err *err)
{
	struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
	char text[ADDR_TEXT_BYTES];
	struct netlink_ask ask;
	int result;

	*out = (struct route_info){0};
	ask_route(&ask, query);
	result = netlink_run(&ask, false, read_route, out);
	if (result < 0)
		return err_set(err, IO_SYSTEM, "cannot look up the route to %s: %s",
			       addr_text(&query->dst, text), strerror(-result));
	out->error = result;
	/* Older kernels hand out some dead ends as routes. */
	if (out->type == RTN_UNREACHABLE)
		out->error = EHOSTUNREACH;
	else if (out->type == RTN_PROHIBIT)
		out->error = EACCES;
	else if (out->type == RTN_BLACKHOLE)
		out->error = EINVAL;
	if (out->error || !out->ifindex)
		return 0;
	link.ifi_index = (int)out->ifindex;
	netlink_begin(&ask, RTM_GETLINK, &link, sizeof(link));
	result = netlink_run(&ask, false, read_link, out);
	if (result < 0)
		return err_set(err, IO_SYSTEM, "cannot look up interface %u: %s", out->ifindex,
			       strerror(-result));
	return 0;
}

struct search {
	uint8_t family;
	uint32_t loopback;
	bool found;
};

static bool leads_away(const struct nlmsghdr *answer, void *arg)
{
	struct search *s = arg;
	const struct rtattr *first;
	struct addr dst;
	struct rtmsg r;
	enum addr_class class;
	size_t room;

	if (!fixed_part(answer, RTM_NEWROUTE, &r, sizeof(r)) || r.rtm_type != RTN_UNICAST)
		return true;
	first = attributes(answer, sizeof(r), &room);
	if (netlink_find_u32(first, room, RTA_OIF, 0) == s->loopback)
		return true;
	dst = netlink_find_addr(first, room, RTA_DST, s->family);
	class = addr_class(&dst);
	if (r.rtm_dst_len && (class == ADDR_LINK_LOCAL || class == ADDR_MULTICAST))
		return true;
	s->found = true;
	return false;
}

bool route_family(uint8_t family)
{
	struct rtmsg r = {.rtm_family = (uint8_t)system_family(family)};
	struct search s = {.family = family, .loopback = if_nametoindex("lo")};
	struct netlink_ask ask;

	netlink_begin(&ask, RTM_GETROUTE, &r, sizeof(r));
	netlink_run(&ask, true, leads_away, &s);
	return s.found;
}

uint32_t route_interface(const char *name)
{
	return if_nametoindex(name);
}

static bool read_neighbour(const struct nlmsghdr *answer, void *arg)
{
	uint8_t *mac = arg;
	const struct rtattr *first;
	const void *found;
	struct ndmsg n;
	size_t room;

	if (!fixed_part(answer, RTM_NEWNEIGH, &n, sizeof(n)))
		return true;
	first = attributes(answer, sizeof(n), &room);
	found = netlink_find(first, room, NDA_LLADDR, ROUTE_MAC_BYTES);
	if (found && (n.ndm_state & KNOWN_STATES))
		memcpy(mac, found, ROUTE_MAC_BYTES);
	return false;
}

static void poke(uint32_t ifindex, const struct addr *addr)
{
	int fd = socket(system_family(addr->family), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	char name[IF_NAMESIZE] = "";
	struct sockaddr_storage to;
	socklen_t len = sockaddr_fill(&to, addr, DISCARD_PORT, ifindex);

	if (fd < 0)
		return;
	if (if_indextoname(ifindex, name))
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name) + 1);
	/* Whether the datagram gets anywhere does not matter: the kernel asks for the address
	 * first. */
	if (sendto(fd, "", 0, 0, (const struct sockaddr *)&to, len) < 0)
		errno = 0;
	close(fd);
}

bool route_neighbour(uint32_t ifindex, const struct addr *addr, uint8_t mac[ROUTE_MAC_BYTES])
{
	static const uint8_t unknown[ROUTE_MAC_BYTES];
	struct ndmsg n = {
		.ndm_family = (uint8_t)system_family(addr->family),
		.ndm_ifindex = (int)ifindex,
	};
	struct netlink_ask ask;

	memset(mac, 0, ROUTE_MAC_BYTES);
	netlink_begin(&ask, RTM_GETNEIGH, &n, sizeof(n));
	netlink_attr_addr(&ask, NDA_DST, addr);
	if (netlink_run(&ask, false, read_neighbour, mac) == 0 &&
	    memcmp(mac, unknown, sizeof(unknown)) != 0)
		return true;
	poke(ifindex, addr);
	return false;
}
