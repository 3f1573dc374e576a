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

uint16_t link_ppp_framed_type(struct bytes *in)
{
	struct bytes framed = *in;
	uint16_t address_control = bytes_u16(&framed);

	if (address_control == 0xff03 || framed.cut)
		*in = framed;
	return link_ppp_type(in);
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

/*
 * The EtherType behind the VLAN tags of an Ethernet frame, which is only looked at; *cut: it is not
 * all there.
 */
static uint16_t bridged_type(struct bytes in, bool *cut)
{
	uint16_t type;

	bytes_skip(&in, 12);
	type = bytes_u16(&in);
	while (type == TYPE_VLAN || type == TYPE_SERVICE_VLAN || type == TYPE_OLD_QINQ) {
		bytes_skip(&in, 2);
		type = bytes_u16(&in);
	}
	/* The packet's version says the same, or they are bytes of something else. */
	if (link_version_type(&in) != type)
		type = TYPE_NONE;
	*cut = in.cut;
	return type;
}

/*
 * RFC 3032: nothing says what is below the last label. An Ethernet frame (RFC 4448) shows by its
 * type, IP by its version, and the control word that a frame may have before it (RFC 4385) by the
 * zero in that place.
 */
static uint16_t mpls_type(struct bytes *in, const char **name)
{
	const uint32_t bottom = 0x100;
	struct bytes behind;
	uint32_t control;
	bool cut;

	while (!(bytes_u32(in) & bottom) && !in->cut)
		;
	behind = *in;
	control = bytes_u32(&behind);
	if (bridged_type(*in, &cut) == TYPE_NONE) {
		if (control >> 28 != 0 || bridged_type(behind, &cut) == TYPE_NONE) {
			uint16_t type = link_version_type(in);

			in->cut = in->cut || (type == TYPE_NONE && cut);
			return type;
		}
		*in = behind;
	}
	*name = *name ? *name : "Ethernet in MPLS";
	return TYPE_BRIDGED;
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
			type = mpls_type(in, &opened);
			opened = opened ? opened : "MPLS";
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
