/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/link.h"

uint16_t link_ppp_type(struct bytes *in)
{
	uint16_t protocol = bytes_u8(in);

	/* The first byte of an uncompressed protocol number is even (RFC 1661, 6.5). */
	if (!(protocol & 1))
		protocol = (uint16_t)(protocol << 8 | bytes_u8(in));
	switch (protocol) {
	case 0x0021:
		return TYPE_IPV4;
	case 0x0057:
		return TYPE_IPV6;
	case 0x0281:
		return TYPE_MPLS;
	case 0x0283:
		return TYPE_MPLS_UPSTREAM;
	default:
		return TYPE_NONE;
	}
}

uint16_t link_pppoe_type(struct bytes *in)
{
	uint16_t version_type_code = bytes_u16(in);

	bytes_skip(in, 4);
	return version_type_code == 0x1100 ? link_ppp_type(in) : TYPE_NONE;
}

uint16_t link_version_type(struct bytes *in)
{
	struct bytes ahead = *in;
	uint8_t first = bytes_u8(&ahead);

	in->cut = ahead.cut;
	switch (first >> 4) {
	case 4:
		return TYPE_IPV4;
	case 6:
		return TYPE_IPV6;
	default:
		return TYPE_NONE;
	}
}

/* RFC 3032: nothing says what is below the last label, but IP shows by its version. */
static uint16_t mpls_type(struct bytes *in)
{
	const uint32_t bottom = 0x100;

	while (!(bytes_u32(in) & bottom) && !in->cut)
		;
	return link_version_type(in);
}

/* IEEE 802.2 LLC, with SNAP (RFC 1042) or alone. */
static uint16_t llc_type(struct bytes *in)
{
	uint16_t saps = bytes_u16(in);
	uint8_t control = bytes_u8(in);
	uint32_t organisation;

	if (control != 0x03)
		return TYPE_NONE;
	if (saps == 0x0606)
		return TYPE_IPV4;
	if (saps != 0xaaaa)
		return TYPE_NONE;
	organisation = (uint32_t)bytes_u8(in) << 16;
	organisation |= bytes_u16(in);
	return organisation == 0 ? bytes_u16(in) : TYPE_NONE;
}

bool link_walk(struct bytes *in, uint16_t type, uint8_t *family, const char **tunnel)
{
	const char *opened = NULL;

	/* Every turn consumes bytes; at their end the type reads as none. */
	while (type != TYPE_IPV4 && type != TYPE_IPV6) {
		switch (type) {
		case TYPE_BRIDGED:
			bytes_skip(in, 12);
			type = bytes_u16(in);
			break;
		case TYPE_VLAN:
		case TYPE_SERVICE_VLAN:
		case TYPE_OLD_QINQ:
			bytes_skip(in, 2);
			type = bytes_u16(in);
			break;
		case TYPE_PPPOE:
			opened = opened ? opened : "PPPoE";
			type = link_pppoe_type(in);
			break;
		case TYPE_MPLS:
		case TYPE_MPLS_UPSTREAM:
			opened = opened ? opened : "MPLS";
			type = mpls_type(in);
			break;
		default:
			if (type == TYPE_NONE || type > TYPE_LENGTH_MAX)
				return false;
			type = llc_type(in);
		}
	}
	*family = type == TYPE_IPV4 ? 4 : 6;
	if (!*tunnel)
		*tunnel = opened;
	return !in->cut;
}
