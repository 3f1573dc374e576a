/* SPDX-License-Identifier: BSD-2-Clause */
/* IEEE 802.11 data frames in clear, alone or behind a radiotap header (radiotap.org). */
#include "wire/link.h"

enum {
	CONTROL_VERSION = 0x03,
	CONTROL_TYPE = 0x0c,
	CONTROL_DATA = 0x08,
	CONTROL_NO_DATA = 0x40, /* a subtype that carries nothing */
	CONTROL_QOS = 0x80,	/* a subtype with a QoS field */
};

enum {
	FLAG_TO_DS = 0x01,
	FLAG_FROM_DS = 0x02,
	FLAG_PROTECTED = 0x40,
	FLAG_ORDER = 0x80, /* of a QoS frame: an HT field follows */
};

enum {
	DATA_HEADER = 24,
	QOS_AGGREGATE = 0x80,
	RADIOTAP_TSFT = 1 << 0,
	RADIOTAP_FLAGS = 1 << 1,
	RADIOTAP_PADDED = 0x20,
};

#define RADIOTAP_MORE (1U << 31)

uint16_t link_wifi_type(struct bytes *in, bool padded)
{
	uint8_t first = bytes_u8(in);
	uint8_t second = bytes_u8(in);
	/* There is one version, 0; some controllers of access points swap the two bytes. */
	bool swapped = first & CONTROL_VERSION;
	uint8_t control = swapped ? second : first;
	uint8_t flags = swapped ? first : second;
	size_t len = DATA_HEADER;
	bool both = (flags & FLAG_TO_DS) && (flags & FLAG_FROM_DS);
	bool aggregate = false;

	if ((control & CONTROL_VERSION) || (control & CONTROL_TYPE) != CONTROL_DATA ||
	    (control & CONTROL_NO_DATA) || (flags & FLAG_PROTECTED))
		return TYPE_NONE;
	len += both ? 6 : 0;
	bytes_skip(in, len - 2);
	if (control & CONTROL_QOS) {
		aggregate = bytes_u8(in) & QOS_AGGREGATE;
		bytes_skip(in, flags & FLAG_ORDER ? 1 + 4 : 1);
		len += flags & FLAG_ORDER ? 2 + 4 : 2;
	}
	if (padded)
		bytes_skip(in, (4 - len % 4) % 4);
	/* The first of several frames has addresses and a length of its own. */
	if (aggregate)
		bytes_skip(in, 12 + 2);
	/* What follows is IEEE 802.2, as where Ethernet has a length. */
	return TYPE_LENGTH_MAX;
}

/*
 *  | version |  pad  |   length (little endian)   |   present (little endian) ...
 *
 * Of the fields, the one with the flags is needed, before which only a time can stand.
 */
static uint8_t radiotap_flags(struct bytes fields, size_t pos, uint32_t present)
{
	if (!(present & RADIOTAP_FLAGS))
		return 0;
	if (present & RADIOTAP_TSFT)
		bytes_skip(&fields, (8 - pos % 8) % 8 + 8);
	return bytes_u8(&fields);
}

uint16_t link_radiotap_type(struct bytes *in)
{
	struct bytes header, rest = *in;
	uint32_t present, more;
	uint16_t len;
	uint8_t flags;

	bytes_skip(&rest, 2);
	len = bytes_u16_as(&rest, true);
	in->cut = in->cut || rest.cut;
	header = bytes_take(in, len);
	bytes_skip(&header, 4);
	present = more = bytes_u32_as(&header, true);
	while (more & RADIOTAP_MORE && !header.cut)
		more = bytes_u32_as(&header, true);
	flags = radiotap_flags(header, header.pos, present);
	return header.cut ? TYPE_NONE : link_wifi_type(in, flags & RADIOTAP_PADDED);
}
