/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_NETLINK_H
#define IO_HOST_NETLINK_H

/*
 * One question to rtnetlink and its answers.
 */

#include "base/addr.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETLINK_ASK_BYTES 512

/* A request in the making: a header of the message type, then attributes. */
struct netlink_ask {
	_Alignas(NLMSG_ALIGNTO) uint8_t bytes[NETLINK_ASK_BYTES];
	size_t len;
};

/* Starts a request of `type` with the fixed part that the type has. */
void netlink_begin(struct netlink_ask *ask, uint16_t type, const void *fixed, size_t len);
void netlink_attr(struct netlink_ask *ask, uint16_t type, const void *value, size_t len);
void netlink_attr_addr(struct netlink_ask *ask, uint16_t type, const struct addr *addr);

/* An attribute's value; NULL when it is absent or shorter than `len`. */
const void *netlink_find(const struct rtattr *first, size_t room, uint16_t type, size_t len);

/* The 32-bit value of an attribute, or `missing`. */
uint32_t netlink_find_u32(const struct rtattr *first, size_t room, uint16_t type, uint32_t missing);

/* The address of family 4 or 6 in an attribute; none when it is absent. */
struct addr netlink_find_addr(const struct rtattr *first, size_t room, uint16_t type,
			      uint8_t family);

/*
 * Sends the request (a dump, or one answer) and calls `each` for every answer until it says false.
 * 0 when the answers are through; the positive errno with which the kernel answered; a negative
 * errno when netlink itself failed.
 */
int netlink_run(struct netlink_ask *ask, bool dump,
		bool (*each)(const struct nlmsghdr *answer, void *arg), void *arg);

#endif
