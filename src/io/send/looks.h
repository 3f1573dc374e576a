/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SEND_LOOKS_H
#define IO_SEND_LOOKS_H

/*
 * What a SYN of this host's kernel looks like: TCP options and window, from
 * the kernel's settings. A filter that judges by looks treats ours the same.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOKS_OPTIONS_MAX 40

struct looks {
	bool timestamps, sack, scaling;
	uint8_t scale;	/* window scale shift */
	uint32_t space; /* receive window before it is rounded to segments */
};

/* Reads the settings under /proc/sys; what cannot be read is as a kernel comes. */
void looks_read(struct looks *looks);

/* The MSS that the kernel announces for an MTU (0: 1500) in family 4 or 6. */
uint16_t looks_mss(uint8_t family, uint32_t mtu);

/* The window field of the SYN. */
uint16_t looks_window(const struct looks *looks, uint16_t mss);

/* The options in the kernel's order; their length, a multiple of 4. */
size_t looks_options(const struct looks *looks, uint16_t mss, uint32_t stamp,
		     uint8_t out[LOOKS_OPTIONS_MAX]);

#endif
