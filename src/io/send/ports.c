/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/send/ports.h"
#include "io/host/status.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOWEST_PORT  10000
#define HIGHEST_PORT 65535
#define SPARE_FILES  128

/* The ports that the kernel gives to connections by itself. */
static void ephemeral_range(uint32_t *low, uint32_t *high)
{
	FILE *f = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	unsigned int a = 0, b = 0;

	*low = 32768;
	*high = 60999;
	if (!f)
		return;
	if (fscanf(f, "%u %u", &a, &b) == 2 && a <= b && b <= HIGHEST_PORT) {
		*low = a;
		*high = b;
	}
	fclose(f);
}

static bool bind_v6(int fd, uint16_t port)
{
	struct sockaddr_in6 any = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = IN6ADDR_ANY_INIT,
	};
	int off = 0;

	/* One socket then holds the port in both families. */
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) != 0)
		return false;
	return bind(fd, (const struct sockaddr *)&any, sizeof(any)) == 0;
}

static bool bind_v4(int fd, uint16_t port)
{
	struct sockaddr_in any = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = {htonl(INADDR_ANY)},
	};

	return bind(fd, (const struct sockaddr *)&any, sizeof(any)) == 0;
}

/* A bound socket, or -1 with errno. */
static int bind_one(uint16_t port)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool bound;
	int error;

	if (fd >= 0) {
		bound = bind_v6(fd, port);
	} else if (errno == EAFNOSUPPORT) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			return -1;
		bound = bind_v4(fd, port);
	} else {
		return -1;
	}
	if (bound)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static void allow_files(uint32_t more)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= more + SPARE_FILES)
		return;
	limit.rlim_cur = more + SPARE_FILES;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* How many ports from `first` on could be bound; the sockets stay open. */
static uint16_t bind_run(int *fds, uint16_t first, uint16_t n)
{
	for (uint16_t i = 0; i < n; i++) {
		fds[i] = bind_one((uint16_t)(first + i));
		if (fds[i] < 0)
			return i;
	}
	return n;
}

static void close_run(int *fds, uint16_t n)
{
	int error = errno;

	for (uint16_t i = 0; i < n; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
	errno = error;
}

/* Looks for n free ports in [low, high], from a random place on and around. */
static bool search(struct ports *p, uint32_t low, uint32_t high, struct draw *draw)
{
	uint32_t room, start;

	if (high < low || high - low + 1 < p->n)
		return false;
	room = high - low + 1 - p->n + 1;
	start = draw_below(draw, room);
	for (uint32_t i = 0; i < room;) {
		uint16_t first = (uint16_t)(low + (start + i) % room);
		uint16_t got = bind_run(p->fds, first, p->n);

		if (got == p->n) {
			p->first = first;
			return true;
		}
		close_run(p->fds, got);
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
			return false;
		i += got + 1U;
	}
	return false;
}

static bool search_region(struct ports *p, enum ports_region region, struct draw *draw)
{
	uint32_t low, high;

	ephemeral_range(&low, &high);
	switch (region) {
	case PORTS_OUTSIDE:
		if (search(p, high + 1, HIGHEST_PORT, draw))
			return true;
		break;
	case PORTS_WITHIN:
		return search(p, low, high, draw);
	case PORTS_BELOW:
		break;
	}
	return search(p, LOWEST_PORT, low > 0 ? low - 1 : 0, draw);
}

int ports_bind(struct ports *ports, uint16_t n, enum ports_region region, struct draw *draw,
	       struct err *err)
{

	*ports = (struct ports){.n = n};
	if (n == 0 || n > PORTS_MAX)
		return err_set(err, IO_SYSTEM, "cannot bind %u source ports at once", n);
	ports->fds = calloc(n, sizeof(*ports->fds));
	if (!ports->fds)
		return err_set(err, IO_SYSTEM, "no memory for source ports");
	memset(ports->fds, 0xff, n * sizeof(*ports->fds));
	allow_files(n);
	errno = EADDRINUSE;
	if (search_region(ports, region, draw) || search(ports, LOWEST_PORT, HIGHEST_PORT, draw))
		return 0;
	err_set(err, IO_SYSTEM, "cannot bind %u source ports: %s", n, strerror(errno));
	ports_close(ports);
	return -1;
}

int ports_give(struct ports *ports, uint16_t port)
{
	int fd;

	if (!ports->fds || port < ports->first || port - ports->first >= ports->n)
		return -1;
	fd = ports->fds[port - ports->first];
	ports->fds[port - ports->first] = -1;
	return fd;
}

void ports_close(struct ports *ports)
{
	if (ports->fds)
		close_run(ports->fds, ports->n);
	free(ports->fds);
	*ports = (struct ports){0};
}
