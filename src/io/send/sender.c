/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/send/sender.h"
#include "io/host/clock.h"
#include "io/host/status.h"
#include "io/send/craft.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEND_BUFFER_BYTES (1024 * 1024)
#define NS_PER_MS	  1000000

struct sender {
	struct crafter v4, v6;
	int link; /* packet socket for all interfaces, -1: none */
	struct looks looks;
	uint32_t stamp_offset;
};

static int set_int(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

static int tune(struct crafter *c, bool v6, const char *interface, struct err *err)
{
	int fd = libnet_getfd(c->net);

	fcntl(fd, F_SETFD, FD_CLOEXEC);
	/* Without it the kernel hides that a packet was dropped behind the IP layer. */
	if (set_int(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, 1) != 0)
		return err_set(err, IO_SYSTEM, "cannot set up the raw socket: %s", strerror(errno));
	/* A smaller buffer than asked for is no harm. */
	if (set_int(fd, SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER_BYTES) != 0)
		set_int(fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES);
	if (interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
				    (socklen_t)strlen(interface) + 1) != 0)
		return err_set(err, errno == ENODEV ? IO_USAGE : IO_SYSTEM,
			       "cannot send through interface '%s': %s", interface,
			       strerror(errno));
	return 0;
}

/* libnet does not keep the errno of a socket that it could not open. */
static int why_no_socket(bool v6)
{
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return errno;
	close(fd);
	return EIO;
}

static int open_family(struct crafter *c, bool v6, const char *interface, struct err *err)
{
	char why[LIBNET_ERRBUF_SIZE] = "";
	int error;

	c->net = libnet_init(v6 ? LIBNET_RAW6 : LIBNET_RAW4, NULL, why);
	if (c->net)
		return tune(c, v6, interface, err);
	error = why_no_socket(v6);
	if (error == EAFNOSUPPORT)
		return 0;
	if (error == EPERM || error == EACCES)
		return err_set(err, IO_PERMISSION, "sending probes needs CAP_NET_RAW");
	return err_set(err, IO_SYSTEM, "cannot open a raw socket: %s", strerror(error));
}

struct sender *sender_open(const struct sender_options *options, struct err *err)
{
	struct sender *s = calloc(1, sizeof(*s));

	if (!s) {
		err_set(err, IO_SYSTEM, "no memory for sending");
		return NULL;
	}
	s->link = -1;
	s->stamp_offset = options->stamp_offset;
	looks_read(&s->looks);
	if ((!options->ipv4 || open_family(&s->v4, false, options->interface, err) == 0) &&
	    (!options->ipv6 || open_family(&s->v6, true, options->interface, err) == 0))
		return s;
	sender_close(s);
	return NULL;
}

void sender_close(struct sender *s)
{
	if (!s)
		return;
	if (s->v4.net)
		libnet_destroy(s->v4.net);
	if (s->v6.net)
		libnet_destroy(s->v6.net);
	if (s->link >= 0)
		close(s->link);
	free(s);
}

static void make_syn(const struct sender *s, const struct sender_packet *p, struct segment *out)
{
	uint16_t mss = looks_mss(p->dst.family, p->mtu);
	uint32_t stamp = s->stamp_offset + (uint32_t)(clock_mono_ns() / NS_PER_MS);

	*out = (struct segment){
		.seq = p->seq,
		.flags = TH_SYN,
		.window = looks_window(&s->looks, mss),
	};
	if (!p->bare)
		out->options_len = (uint32_t)looks_options(&s->looks, mss, stamp, out->options);
}

static struct segment make_reset(const struct sender_packet *p)
{
	return (struct segment){.seq = p->seq + 1, .flags = TH_RST};
}

static struct crafter *crafter_of(struct sender *s, const struct sender_packet *p)
{
	struct crafter *c = p->dst.family == 4 ? &s->v4 : &s->v6;

	return c->net && p->src.family == p->dst.family ? c : NULL;
}

static int send_raw(struct sender *s, const struct sender_packet *p, const struct segment *seg)
{
	struct crafter *c = crafter_of(s, p);
	int error;

	if (!c)
		return EAFNOSUPPORT;
	error = craft_build(c, p, seg);
	if (error)
		return error;
	errno = 0;
	if (libnet_write(c->net) >= 0)
		return 0;
	return errno ? errno : EIO;
}

int sender_syn(struct sender *s, const struct sender_packet *packet)
{
	struct segment seg;

	make_syn(s, packet, &seg);
	return send_raw(s, packet, &seg);
}

int sender_reset(struct sender *s, const struct sender_packet *packet)
{
	struct segment seg = make_reset(packet);

	return send_raw(s, packet, &seg);
}

int sender_open_link(struct sender *s, const struct route_info *route)
{
	if (route->hardware == ARPHRD_INFINIBAND || route->hardware == ARPHRD_IEEE1394)
		return ENOTSUP;
	if (s->link >= 0)
		return 0;
	/* Protocol 0: nothing is received. The interface is named in each send. */
	s->link = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return s->link >= 0 ? 0 : errno;
}

/* Where on the link the packet goes; EAGAIN while the kernel still asks. */
static int link_target(const struct sender_packet *p, const struct route_info *route,
		       struct sockaddr_ll *to)
{
	uint8_t mac[ROUTE_MAC_BYTES] = {0};

	*to = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_protocol = htons(p->dst.family == 4 ? ETH_P_IP : ETH_P_IPV6),
		.sll_ifindex = (int)route->ifindex,
	};
	if (!route->has_link_header)
		return 0;
	if (route->hardware != ARPHRD_LOOPBACK &&
	    !route_neighbour(route->ifindex,
			     addr_is_set(&route->gateway) ? &route->gateway : &p->dst, mac))
		return EAGAIN;
	to->sll_halen = sizeof(mac);
	memcpy(to->sll_addr, mac, sizeof(mac));
	return 0;
}

static int send_link(struct sender *s, const struct sender_packet *p,
		     const struct route_info *route, const struct segment *seg)
{
	struct crafter *c = crafter_of(s, p);
	struct sockaddr_ll to;
	uint8_t *bytes = NULL;
	uint32_t len = 0;
	int error;

	if (s->link < 0)
		return ENOTCONN;
	if (!c)
		return EAFNOSUPPORT;
	error = link_target(p, route, &to);
	if (error == 0)
		error = craft_build(c, p, seg);
	if (error)
		return error;
	/* The kernel puts the link header before it, of whatever kind the interface has. */
	if (libnet_pblock_coalesce(c->net, &bytes, &len) < 0)
		return ENOMEM;
	if (sendto(s->link, bytes, len, 0, (const struct sockaddr *)&to, sizeof(to)) < 0)
		error = errno;
	libnet_adv_free_packet(c->net, bytes);
	return error;
}

int sender_link_syn(struct sender *s, const struct sender_packet *packet,
		    const struct route_info *route)
{
	struct segment seg;

	make_syn(s, packet, &seg);
	return send_link(s, packet, route, &seg);
}

int sender_link_reset(struct sender *s, const struct sender_packet *packet,
		      const struct route_info *route)
{
	struct segment seg = make_reset(packet);

	return send_link(s, packet, route, &seg);
}
