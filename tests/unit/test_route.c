/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/route.h"
#include "io_test.h"
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

static struct addr parsed(const char *s)
{
	struct addr a = {0};

	if (s)
		assert_true(addr_parse(s, &a));
	return a;
}

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

/* A veth pair as uplink, a gateway of each kind, and dead ends of each kind. */
static void build_network(void)
{
	static const char *const commands[] = {
		("ip link add up0 address 02:00:00:00:00:01 mtu 1400 type veth peer name up1 "
		 "address 02:00:00:00:00:02"),
		"ip addr add 192.0.2.10/24 dev up0",
		"ip addr add 2001:db8::10/64 dev up0 nodad",
		"ip link set up0 up",
		"ip link set up1 up",
		"ip route add default via 192.0.2.1",
		"ip route add default via 2001:db8::1",
		"ip route add 198.51.100.0/24 via inet6 fe80::1 dev up0 mtu 1300",
		"ip route add prohibit 203.0.113.1",
		"ip route add unreachable 203.0.113.2",
		"ip route add blackhole 203.0.113.3",
		"ip route add prohibit 2001:db8:1::1",
		"ip rule add dport 587 ipproto tcp prohibit",
		"ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:02 dev up0",
	};

	own_network();
	for (size_t i = 0; i < COUNT(commands); i++)
		run(commands[i]);
}

static void routes(void **state)
{
	static const struct {
		const char *dst;
		uint16_t port; /* 0: a look-up without ports */
		int error;
		const char *interface, *gateway, *source;
		uint32_t mtu;
	} cases[] = {
		{"192.0.2.7", 0, 0, "up0", NULL, "192.0.2.10", 1400},
		{"192.0.2.7", 443, 0, "up0", NULL, "192.0.2.10", 1400},
		{"192.0.2.7", 587, EACCES, "", NULL, NULL, 0},
		{"8.8.8.8", 0, 0, "up0", "192.0.2.1", "192.0.2.10", 1400},
		{"198.51.100.9", 0, 0, "up0", "fe80::1", "192.0.2.10", 1300},
		{"203.0.113.1", 0, EACCES, "", NULL, NULL, 0},
		{"203.0.113.2", 0, EHOSTUNREACH, "", NULL, NULL, 0},
		{"203.0.113.3", 0, EINVAL, "", NULL, NULL, 0},
		{"2001:db8::7", 0, 0, "up0", NULL, "2001:db8::10", 1400},
		{"2001:db8:2::7", 0, 0, "up0", "2001:db8::1", "2001:db8::10", 1400},
		{"2001:db8:1::1", 0, EACCES, "", NULL, NULL, 0},
		{"127.0.0.1", 0, 0, "lo", NULL, "127.0.0.1", 65536},
	};

	(void)state;
	build_network();
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr gateway = parsed(cases[i].gateway), source = parsed(cases[i].source);
		struct route_query query = {.dst = parsed(cases[i].dst)};
		struct route_info info;
		struct err err;

		if (cases[i].port) {
			query.ip_proto = IPPROTO_TCP;
			query.src_port = 61000;
			query.dst_port = cases[i].port;
		}
		assert_int_equal(route_get(&query, &info, &err), 0);
		assert_int_equal(info.error, cases[i].error);
		assert_string_equal(info.interface, cases[i].interface);
		assert_true(addr_equal(&info.gateway, &gateway));
		assert_int_equal(info.mtu, cases[i].mtu);
		if (cases[i].error)
			continue;
		assert_true(addr_equal(&info.source, &source));
		assert_true(info.has_link_header);
		if (strcmp(info.interface, "up0") == 0) {
			assert_memory_equal(info.mac, "\x02\0\0\0\0\x01", 6);
			assert_int_equal(info.hardware, ARPHRD_ETHER);
			assert_int_equal(info.type, RTN_UNICAST);
			assert_int_equal(info.table, RT_TABLE_MAIN);
		}
	}
}

static void families(void **state)
{
	(void)state;
	own_network();
	assert_false(route_family(4));
	assert_false(route_family(6));
	run("ip link add up0 type veth peer name up1");
	run("ip link set up0 up");
	run("ip link set up1 up");
	/* Link-local addresses lead nowhere. */
	assert_false(route_family(6));
	run("ip addr add 192.0.2.10/24 dev up0");
	assert_true(route_family(4));
	assert_false(route_family(6));
	run("ip -6 route add default dev up0");
	assert_true(route_family(6));
	assert_int_not_equal(route_interface("up0"), 0);
	assert_int_equal(route_interface("up2"), 0);
	assert_int_equal(route_interface("a name that is far too long"), 0);
}

static void neighbours(void **state)
{
	struct addr known = parsed("192.0.2.1"), unknown = parsed("192.0.2.99");
	uint8_t mac[ROUTE_MAC_BYTES];
	uint32_t up0;

	(void)state;
	build_network();
	up0 = route_interface("up0");
	assert_true(route_neighbour(up0, &known, mac));
	assert_memory_equal(mac, "\x02\0\0\0\0\x02", 6);
	assert_false(route_neighbour(up0, &unknown, mac));
	/* The question made the kernel ask for it. */
	run("ip neigh show 192.0.2.99 dev up0 | grep -q .");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(routes),
		cmocka_unit_test(families),
		cmocka_unit_test(neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
