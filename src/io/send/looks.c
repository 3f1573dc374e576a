/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/send/looks.h"
#include <stdio.h>
#include <string.h>

#define DEFAULT_MTU   1500
#define DEFAULT_SPACE 131072  /* net.ipv4.tcp_rmem, the middle one */
#define DEFAULT_LIMIT 6291456 /* and the last one */
#define SCALE_MAX     14

#define V4_HEADERS 40
#define V6_HEADERS 60

enum tcp_option {
	TCP_OPTION_NOP = 1,
	TCP_OPTION_MSS = 2,
	TCP_OPTION_SCALE = 3,
	TCP_OPTION_SACK_PERMITTED = 4,
	TCP_OPTION_STAMP = 8,
};

/* The n-th number (from 0) of a setting, or `missing`. */
static unsigned long setting(const char *path, int n, unsigned long missing)
{
	unsigned long value = missing;
	FILE *f = fopen(path, "re");

	if (!f)
		return missing;
	for (int i = 0; i <= n; i++) {
		if (fscanf(f, "%lu", &value) != 1)
			value = missing;
	}
	fclose(f);
	return value;
}

void looks_read(struct looks *looks)
{
	unsigned long space = setting("/proc/sys/net/ipv4/tcp_rmem", 1, DEFAULT_SPACE);
	unsigned long limit = setting("/proc/sys/net/ipv4/tcp_rmem", 2, DEFAULT_LIMIT);
	unsigned long core = setting("/proc/sys/net/core/rmem_max", 0, 0);

	*looks = (struct looks){
		.timestamps = setting("/proc/sys/net/ipv4/tcp_timestamps", 0, 1) != 0,
		.sack = setting("/proc/sys/net/ipv4/tcp_sack", 0, 1) != 0,
		.scaling = setting("/proc/sys/net/ipv4/tcp_window_scaling", 0, 1) != 0,
	};
	/* Half of a receive buffer counts as window, the rest as the kernel's own overhead. */
	looks->space = space / 2 > UINT32_MAX ? UINT32_MAX : (uint32_t)(space / 2);
	limit = limit > core ? limit : core;
	while (looks->scale < SCALE_MAX && limit >> (16 + looks->scale))
		looks->scale++;
}

uint16_t looks_mss(uint8_t family, uint32_t mtu)
{
	uint32_t headers = family == 4 ? V4_HEADERS : V6_HEADERS;

	if (mtu <= headers)
		mtu = DEFAULT_MTU;
	if (family == 4 && mtu > UINT16_MAX)
		mtu = UINT16_MAX;
	return (uint16_t)(mtu - headers > UINT16_MAX ? UINT16_MAX : mtu - headers);
}

uint16_t looks_window(const struct looks *looks, uint16_t mss)
{
	uint32_t space = looks->space;

	if (mss && space > mss)
		space -= space % mss;
	return (uint16_t)(space > UINT16_MAX ? UINT16_MAX : space);
}

static size_t put(uint8_t *out, size_t at, const uint8_t *bytes, size_t n)
{
	memcpy(out + at, bytes, n);
	return at + n;
}

size_t looks_options(const struct looks *looks, uint16_t mss, uint32_t stamp,
		     uint8_t out[LOOKS_OPTIONS_MAX])
{
	const uint8_t segment[] = {TCP_OPTION_MSS, 4, (uint8_t)(mss >> 8), (uint8_t)mss};
	const uint8_t pad[] = {TCP_OPTION_NOP, TCP_OPTION_NOP};
	const uint8_t sack[] = {TCP_OPTION_SACK_PERMITTED, 2};
	const uint8_t stamps[] = {TCP_OPTION_STAMP,
				  10,
				  (uint8_t)(stamp >> 24),
				  (uint8_t)(stamp >> 16),
				  (uint8_t)(stamp >> 8),
				  (uint8_t)stamp,
				  0,
				  0,
				  0,
				  0};
	const uint8_t scale[] = {TCP_OPTION_NOP, TCP_OPTION_SCALE, 3, looks->scale};
	size_t len = put(out, 0, segment, sizeof(segment));

	/* SACK permitted takes the place of the padding that each needs alone. */
	if (looks->timestamps || looks->sack)
		len = put(out, len, looks->timestamps && looks->sack ? sack : pad, sizeof(pad));
	if (looks->timestamps)
		len = put(out, len, stamps, sizeof(stamps));
	else if (looks->sack)
		len = put(out, len, sack, sizeof(sack));
	if (looks->scaling)
		len = put(out, len, scale, sizeof(scale));
	return len;
}
