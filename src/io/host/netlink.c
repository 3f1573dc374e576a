/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/netlink.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define ANSWER_BYTES 32768
#define WAIT_SECONDS 2

static void append(struct netlink_ask *ask, const void *from, size_t len)
{
	size_t padded = NLMSG_ALIGN(len);

	if (ask->len + padded > sizeof(ask->bytes))
		return;
	memset(ask->bytes + ask->len, 0, padded);
	if (len)
		memcpy(ask->bytes + ask->len, from, len);
	ask->len += padded;
}

void netlink_begin(struct netlink_ask *ask, uint16_t type, const void *fixed, size_t len)
{
	struct nlmsghdr head = {.nlmsg_type = type, .nlmsg_seq = 1};

	ask->len = 0;
	append(ask, &head, sizeof(head));
	append(ask, fixed, len);
}

void netlink_attr(struct netlink_ask *ask, uint16_t type, const void *value, size_t len)
{
	struct rtattr head = {.rta_len = (uint16_t)RTA_LENGTH(len), .rta_type = type};

	append(ask, &head, sizeof(head));
	append(ask, value, len);
}

void netlink_attr_addr(struct netlink_ask *ask, uint16_t type, const struct addr *addr)
{
	netlink_attr(ask, type, addr->b, addr->family == 4 ? 4 : 16);
}

const void *netlink_find(const struct rtattr *first, size_t room, uint16_t type, size_t len)
{
	int left = (int)room;

	for (const struct rtattr *a = first; RTA_OK(a, left);) {
		if ((a->rta_type & NLA_TYPE_MASK) == type)
			return RTA_PAYLOAD(a) >= len ? (const uint8_t *)a + RTA_LENGTH(0) : NULL;
		left -= (int)RTA_ALIGN(a->rta_len);
		a = (const struct rtattr *)(const void *)((const uint8_t *)a +
							  RTA_ALIGN(a->rta_len));
	}
	return NULL;
}

uint32_t netlink_find_u32(const struct rtattr *first, size_t room, uint16_t type, uint32_t missing)
{
	const void *value = netlink_find(first, room, type, sizeof(missing));

	if (value)
		memcpy(&missing, value, sizeof(missing));
	return missing;
}

struct addr netlink_find_addr(const struct rtattr *first, size_t room, uint16_t type,
			      uint8_t family)
{
	const void *value = netlink_find(first, room, type, family == 4 ? 4 : 16);

	if (!value)
		return (struct addr){0};
	return family == 4 ? addr_v4(value) : addr_v6(value);
}

/* Goes through one datagram of answers; whether more are to come. The kernel's errno in *result. */
static bool walk(const uint8_t *bytes, size_t len, int *result,
		 bool (*each)(const struct nlmsghdr *answer, void *arg), void *arg)
{
	const struct nlmsghdr *m = (const struct nlmsghdr *)(const void *)bytes;
	struct nlmsgerr error;
	bool multi = false;

	*result = 0;
	while (len >= sizeof(*m) && m->nlmsg_len >= sizeof(*m) && m->nlmsg_len <= len) {
		size_t step = NLMSG_ALIGN(m->nlmsg_len);

		if (m->nlmsg_type == NLMSG_DONE)
			return false;
		if (m->nlmsg_type == NLMSG_ERROR) {
			if (m->nlmsg_len < NLMSG_LENGTH(sizeof(error)))
				return false;
			memcpy(&error, (const uint8_t *)m + NLMSG_HDRLEN, sizeof(error));
			*result = -error.error;
			return false;
		}
		if (!each(m, arg))
			return false;
		multi = m->nlmsg_flags & NLM_F_MULTI;
		len -= step < len ? step : len;
		m = (const struct nlmsghdr *)(const void *)((const uint8_t *)m + step);
	}
	return multi;
}

static int run_on(int fd, const struct netlink_ask *ask,
		  bool (*each)(const struct nlmsghdr *answer, void *arg), void *arg)
{
	static const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	_Alignas(NLMSG_ALIGNTO) uint8_t answer[ANSWER_BYTES];
	int result = 0;
	ssize_t got;

	if (sendto(fd, ask->bytes, ask->len, 0, (const struct sockaddr *)&kernel, sizeof(kernel)) <
	    0)
		return -errno;
	do {
		got = recv(fd, answer, sizeof(answer), 0);
		if (got < 0)
			return -errno;
	} while (walk(answer, (size_t)got, &result, each, arg));
	return result;
}

int netlink_run(struct netlink_ask *ask, bool dump,
		bool (*each)(const struct nlmsghdr *answer, void *arg), void *arg)
{
	struct timeval wait = {.tv_sec = WAIT_SECONDS};
	struct nlmsghdr head;
	int fd, result;

	memcpy(&head, ask->bytes, sizeof(head));
	head.nlmsg_len = (uint32_t)ask->len;
	head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | (dump ? NLM_F_DUMP : 0));
	memcpy(ask->bytes, &head, sizeof(head));
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	/* The kernel answers at once; the limit only keeps a fault from hanging the run. */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	result = run_on(fd, ask, each, arg);
	close(fd);
	return result;
}
