/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/sockaddr.h"
#include <netinet/in.h>
#include <string.h>

static socklen_t fill_v4(struct sockaddr_storage *out, const struct addr *addr, uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};

	memcpy(&to.sin_addr, addr->b, sizeof(to.sin_addr));
	memcpy(out, &to, sizeof(to));
	return sizeof(to);
}

static socklen_t fill_v6(struct sockaddr_storage *out, const uint8_t b[16], uint16_t port,
			 uint32_t scope)
{
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_scope_id = scope,
	};

	memcpy(&to.sin6_addr, b, sizeof(to.sin6_addr));
	memcpy(out, &to, sizeof(to));
	return sizeof(to);
}

socklen_t sockaddr_fill(struct sockaddr_storage *out, const struct addr *addr, uint16_t port,
			uint32_t scope)
{
	memset(out, 0, sizeof(*out));
	if (addr->family == 4)
		return fill_v4(out, addr, port);
	return addr->family == 6 ? fill_v6(out, addr->b, port, scope) : 0;
}

socklen_t sockaddr_fill_dual(struct sockaddr_storage *out, const struct addr *addr, uint16_t port)
{
	uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};

	memset(out, 0, sizeof(*out));
	if (addr->family != 4)
		return sockaddr_fill(out, addr, port, 0);
	memcpy(mapped + 12, addr->b, 4);
	return fill_v6(out, mapped, port, 0);
}

struct addr sockaddr_addr(const struct sockaddr *from)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (from->sa_family == AF_INET) {
		memcpy(&v4, from, sizeof(v4));
		return addr_v4((const uint8_t *)&v4.sin_addr);
	}
	if (from->sa_family != AF_INET6)
		return (struct addr){0};
	memcpy(&v6, from, sizeof(v6));
	if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
		return addr_v4(v6.sin6_addr.s6_addr + 12);
	return addr_v6(v6.sin6_addr.s6_addr);
}
