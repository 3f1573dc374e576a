/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/send/sender.h"
#include "sent_packet.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#define OUTGOING 4

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

static struct sender *open_sender(void)
{
	const struct sender_options options = {.ipv4 = true, .ipv6 = true};
	struct err err;
	struct sender *s = sender_open(&options, &err);

	assert_non_null(s);
	return s;
}

/* The order for a SYN to `dst`, as the routing table sends it. */
static struct sender_packet order_to(const char *dst, struct route_info *route)
{
	struct sender_packet p = {.src_port = 61001, .dst_port = 587, .seq = 1, .ip_id = 1};
	struct route_query query = {0};
	struct err err;

	assert_true(addr_parse(dst, &query.dst));
	assert_int_equal(route_get(&query, route, &err), 0);
	assert_int_equal(route->error, 0);
	p.src = route->source;
	p.dst = query.dst;
	p.ttl = 9;
	p.mtu = route->mtu;
	return p;
}

static void uplink(void)
{
	own_network();
	run("ip link add up0 address 02:00:00:00:00:01 type veth peer name up1");
	run("ip link set up0 up");
	run("ip link set up1 up");
	run("ip addr add 192.0.2.10/24 dev up0");
	run("ip addr add 2001:db8::10/64 dev up0 nodad");
	run("ip route add default via 192.0.2.1");
	run("ip route add default via 2001:db8::1");
}

static const char *const targets[] = {"198.51.100.1", "2001:db8:9::1"};

/* A firewall on the way out: the raw send says so, the link-level send passes. */
static void past_the_firewall(void **state)
{
	(void)state;
	uplink();
	run("ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:02 dev up0");
	run("ip neigh add 2001:db8::1 lladdr 02:00:00:00:00:02 dev up0");
	if (system("nft 'table inet t { chain o { type filter hook output priority 0; "
		   "tcp dport 587 drop; }; }'") != 0) {
		print_message("needs nft\n");
		skip();
	}
	for (size_t i = 0; i < COUNT(targets); i++) {
		struct route_info route;
		struct sender_packet order = order_to(targets[i], &route);
		struct source *capture = open_capture();
		struct sender *s = open_sender();
		struct sent got;

		assert_int_equal(sender_syn(s, &order), EPERM);
		nothing_sent(capture, 0x02);
		assert_int_equal(sender_link_syn(s, &order, &route), ENOTCONN);
		assert_int_equal(sender_open_link(s, &route), 0);
		assert_int_equal(sender_link_syn(s, &order, &route), 0);
		got = next_sent(capture, 0x02);
		assert_int_equal(got.ttl, 9);
		assert_int_equal(got.ifindex, route.ifindex);
		assert_int_equal(got.direction, OUTGOING);
		assert_true(got.checksum_right);
		assert_int_equal(sender_link_reset(s, &order, &route), 0);
		got = next_sent(capture, 0x04);
		assert_int_equal(got.seq, 2);
		sender_close(s);
		source_close(capture);
	}
}

/* A drop below the IP layer shows as a full queue, in both ways of sending. */
static void below_the_ip_layer(void **state)
{
	(void)state;
	uplink();
	run("ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:02 dev up0");
	run("ip neigh add 2001:db8::1 lladdr 02:00:00:00:00:02 dev up0");
	if (system("nft 'table netdev t { chain e { type filter hook egress device up0 "
		   "priority 0; tcp dport 587 drop; }; }' 2>/dev/null") != 0) {
		print_message("no egress hook here\n");
		skip();
	}
	for (size_t i = 0; i < COUNT(targets); i++) {
		struct route_info route;
		struct sender_packet order = order_to(targets[i], &route);
		struct sender *s = open_sender();

		assert_int_equal(sender_open_link(s, &route), 0);
		assert_int_equal(sender_syn(s, &order), ENOBUFS);
		assert_int_equal(sender_link_syn(s, &order, &route), ENOBUFS);
		sender_close(s);
	}
}

static void unknown_neighbour(void **state)
{
	struct route_info route;
	struct sender_packet order;
	struct sender *s;

	(void)state;
	uplink();
	order = order_to(targets[0], &route);
	s = open_sender();
	assert_int_equal(sender_open_link(s, &route), 0);
	assert_int_equal(sender_link_syn(s, &order, &route), EAGAIN);
	run("ip neigh replace 192.0.2.1 lladdr 02:00:00:00:00:02 dev up0");
	assert_int_equal(sender_link_syn(s, &order, &route), 0);
	sender_close(s);
}

/* An interface without link header takes the bare packet. */
static void tunnel(void **state)
{
	struct ifreq request = {.ifr_name = "tun0", .ifr_flags = IFF_TUN | IFF_NO_PI};
	struct route_info route;
	struct sender_packet order;
	struct source *capture;
	struct sender *s;
	uint8_t bytes[128];
	struct sent got;
	int fd;

	(void)state;
	own_network();
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0) {
		print_message("no tun device here\n");
		skip();
	}
	run("ip addr add 192.0.2.10/24 dev tun0");
	run("sysctl -q net.ipv6.conf.tun0.disable_ipv6=1");
	run("ip link set tun0 up");
	capture = open_capture();
	order = order_to("192.0.2.77", &route);
	assert_false(route.has_link_header);
	s = open_sender();
	assert_int_equal(sender_open_link(s, &route), 0);
	assert_int_equal(sender_link_syn(s, &order, &route), 0);
	got = next_sent(capture, 0x02);
	assert_int_equal(got.ttl, 9);
	assert_int_equal(read(fd, bytes, sizeof(bytes)), got.len);
	assert_int_equal(bytes[0], 0x45);
	/* The checksum of the IP header, which nobody else computes on this way. */
	assert_int_equal((sum16(0, bytes, 20) & 0xffff) + (sum16(0, bytes, 20) >> 16), 0xffff);
	sender_close(s);
	source_close(capture);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(past_the_firewall),
		cmocka_unit_test(below_the_ip_layer),
		cmocka_unit_test(unknown_neighbour),
		cmocka_unit_test(tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
