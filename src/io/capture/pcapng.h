/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_PCAPNG_H
#define IO_CAPTURE_PCAPNG_H

/*
 * The numbers of the pcapng format (draft-ietf-opsawg-pcapng) that reader and
 * writer share.
 */

enum pcapng_block {
	PCAPNG_SECTION = 0x0a0d0d0a,
	PCAPNG_INTERFACE = 1,
	PCAPNG_OLD_PACKET = 2,
	PCAPNG_SIMPLE_PACKET = 3,
	PCAPNG_NAMES = 4,
	PCAPNG_STATISTICS = 5,
	PCAPNG_PACKET = 6,
};

enum pcapng_option {
	PCAPNG_OPT_END = 0,
	PCAPNG_OPT_COMMENT = 1,
	PCAPNG_SHB_HARDWARE = 2,
	PCAPNG_SHB_OS = 3,
	PCAPNG_SHB_APPLICATION = 4,
	PCAPNG_IF_NAME = 2,
	PCAPNG_IF_TSRESOL = 9,
	PCAPNG_IF_TSOFFSET = 14,
	PCAPNG_ISB_START = 2,
	PCAPNG_ISB_END = 3,
	PCAPNG_ISB_RECEIVED = 4,
	PCAPNG_ISB_DROPPED = 5,
	PCAPNG_ISB_OS_DROPPED = 7,
};

enum pcapng_name_record {
	PCAPNG_NAME_END = 0,
	PCAPNG_NAME_IPV4 = 1,
	PCAPNG_NAME_IPV6 = 2,
};

#define PCAPNG_BYTE_ORDER    0x1a2b3c4dU
#define PCAPNG_LINKTYPE_SLL2 276
#define PCAPNG_BLOCK_MAX     (16 * 1024 * 1024)
#define PCAPNG_SECTION_MAX   (1024 * 1024) /* libpcap refuses a longer section header */

#endif
