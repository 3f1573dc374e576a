/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/netwatch.h"
#include "io/host/netlink.h"
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NEWS_BYTES 16384

int netwatch_open(void)
{
	static const int groups[] = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
				     RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE};
	/* Without a name of its own the socket would count as the kernel's, who is told nothing. */
	static const struct sockaddr_nl own = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&own, sizeof(own)) != 0) {
		close(fd);
		return -1;
	}
	for (size_t i = 0; fd >= 0 && i < sizeof(groups) / sizeof(*groups); i++) {
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			       sizeof(groups[i])) != 0) {
			close(fd);
			return -1;
		}
	}
	return fd;
}

static const struct route *route_of(const struct trace *t, uint8_t family, uint32_t ifindex)
{
	for (size_t i = 0; i < t->routes_n; i++) {
		const struct route *r = &t->routes[i];

		if ((!family || r->family == family) && r->ifindex == ifindex)
			return r;
	}
	return NULL;
}

static uint8_t family_of(int family)
{
	return family == AF_INET ? 4 : family == AF_INET6 ? 6 : 0xff;
}

static bool link_lost(const struct nlmsghdr *m, const struct trace *t)
{
	struct ifinfomsg info;

	if (m->nlmsg_len < NLMSG_LENGTH(sizeof(info)))
		return false;
	memcpy(&info, (const uint8_t *)m + NLMSG_HDRLEN, sizeof(info));
	if (!route_of(t, 0, (uint32_t)info.ifi_index) || info.ifi_family == AF_BRIDGE)
		return false;
	return m->nlmsg_type == RTM_DELLINK || !(info.ifi_flags & IFF_UP) ||
	       !(info.ifi_flags & IFF_RUNNING);
}

static const struct rtattr *attributes(const struct nlmsghdr *m, size_t fixed, size_t *room)
{
	size_t head = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);

	*room = m->nlmsg_len > head ? m->nlmsg_len - head : 0;
	return (const struct rtattr *)(const void *)((const uint8_t *)m + head);
}

static bool address_lost(const struct nlmsghdr *m, const struct trace *t)
{
	struct ifaddrmsg info;
	const struct route *r;
	const struct rtattr *first;
	struct addr gone;
	size_t room;

	if (m->nlmsg_len < NLMSG_LENGTH(sizeof(info)))
		return false;
	memcpy(&info, (const uint8_t *)m + NLMSG_HDRLEN, sizeof(info));
	r = route_of(t, family_of(info.ifa_family), info.ifa_index);
	if (!r)
		return false;
	first = attributes(m, sizeof(info), &room);
	gone = netlink_find_addr(first, room, r->family == 4 ? IFA_LOCAL : IFA_ADDRESS, r->family);
	return addr_equal(&gone, &r->client);
}

static bool default_lost(const struct nlmsghdr *m, const struct trace *t)
{
	const struct rtattr *first;
	struct rtmsg info;
	uint32_t ifindex;
	size_t room;

	if (m->nlmsg_len < NLMSG_LENGTH(sizeof(info)))
		return false;
	memcpy(&info, (const uint8_t *)m + NLMSG_HDRLEN, sizeof(info));
	first = attributes(m, sizeof(info), &room);
	ifindex = netlink_find_u32(first, room, RTA_OIF, 0);
	return info.rtm_dst_len == 0 && info.rtm_table == RT_TABLE_MAIN &&
	       route_of(t, family_of(info.rtm_family), ifindex);
}

static const char *look(const struct nlmsghdr *m, const struct trace *t)
{
	switch (m->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return link_lost(m, t) ? "the network device went down" : NULL;
	case RTM_DELADDR:
		return address_lost(m, t) ? "this host lost its address" : NULL;
	case RTM_DELROUTE:
		return default_lost(m, t) ? "the default route went away" : NULL;
	default:
		return NULL;
	}
}

bool netwatch_lost(int fd, const struct trace *t, const char **what)
{
	_Alignas(NLMSG_ALIGNTO) uint8_t news[NEWS_BYTES];
	bool lost = false;
	ssize_t got;

	while (fd >= 0 && (got = recv(fd, news, sizeof(news), MSG_DONTWAIT)) > 0) {
		size_t len = (size_t)got;
		const struct nlmsghdr *m = (const struct nlmsghdr *)(const void *)news;

		while (len >= sizeof(*m) && m->nlmsg_len >= sizeof(*m) && m->nlmsg_len <= len) {
			size_t step = NLMSG_ALIGN(m->nlmsg_len);
			const char *found = look(m, t);

			if (found && !lost)
				*what = found;
			lost = lost || found;
			len -= step < len ? step : len;
			m = (const struct nlmsghdr *)(const void *)((const uint8_t *)m + step);
		}
	}
	return lost;
}
