/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/glance.h"
#include "wire/link.h"
#include "wire/tunnel.h"

enum {
	ETHERNET_HEADER = 14,
	VLAN_TAG = 4,
	SLL2_HEADER = 20,
	ARPHRD_ETHERNET = 1,
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	TCP_HEADER = 20,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
};

/* The IP packet in the frame, by what the link layer says of it. */
struct inner {
	const uint8_t *at;
	size_t len;	 /* captured */
	size_t wire_len; /* on the wire */
};

static uint16_t u16_at(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* Bytes before an IP header that is announced as such, by *type; 0: not so simple. */
static size_t link_len(const struct frame *f, uint16_t *type)
{
	const uint8_t *b = f->bytes;
	size_t len = 0;

	*type = TYPE_NONE;
	if (f->link == LINK_ETHERNET && f->captured_len >= ETHERNET_HEADER + VLAN_TAG) {
		len = u16_at(b + 12) == TYPE_VLAN ? ETHERNET_HEADER + VLAN_TAG : ETHERNET_HEADER;
		*type = u16_at(b + len - 2);
	} else if (f->link == LINK_SLL2 && f->captured_len >= SLL2_HEADER &&
		   u16_at(b + 8) == ARPHRD_ETHERNET) {
		len = SLL2_HEADER;
		*type = u16_at(b);
	}
	return len;
}

/* Whether one of the UDP ports is an overlay's. */
static bool may_tunnel(const struct inner *in, size_t head)
{
	const uint8_t *udp = in->at + head;

	return in->len >= head + 4 &&
	       (tunnel_is_port(u16_at(udp)) || tunnel_is_port(u16_at(udp + 2)));
}

/* `total` is the packet's length as its header has it, `head` the length of that header. */
static struct glance look_above(const struct inner *in, uint8_t protocol, size_t head, size_t total)
{
	struct glance unsure = {.kind = GLANCE_UNSURE}, out = {.kind = GLANCE_OTHER};
	size_t need = head + TCP_HEADER;

	if (total < head || total > in->wire_len)
		return unsure;
	if (protocol == PROTOCOL_UDP && may_tunnel(in, head))
		return unsure;
	if (protocol == PROTOCOL_UDP)
		return out;
	if (protocol != PROTOCOL_TCP || in->len < need)
		return unsure;
	need = head + (size_t)(in->at[head + 12] >> 4) * 4;
	if (need < head + TCP_HEADER || need > total || need > in->len)
		return unsure;
	out.kind = GLANCE_TCP;
	out.flags = in->at[head + 13];
	out.tcp = in->at + head;
	return out;
}

static struct glance look_v4(const struct inner *in)
{
	struct glance out;

	/* Fragments and options are for the decoder. */
	if (in->at[0] != 0x45 || (u16_at(in->at + 6) & 0x3fff) != 0)
		return (struct glance){.kind = GLANCE_UNSURE};
	out = look_above(in, in->at[9], IPV4_HEADER, u16_at(in->at + 2));
	out.family = 4;
	out.ttl = in->at[8];
	out.src = in->at + 12;
	out.dst = in->at + 16;
	return out;
}

static struct glance look_v6(const struct inner *in)
{
	size_t payload_len = u16_at(in->at + 4);
	struct glance out;

	if (payload_len == 0 || in->len < IPV6_HEADER)
		return (struct glance){.kind = GLANCE_UNSURE};
	out = look_above(in, in->at[6], IPV6_HEADER, IPV6_HEADER + payload_len);
	out.family = 6;
	out.ttl = in->at[7];
	out.src = in->at + 8;
	out.dst = in->at + 24;
	return out;
}

struct glance packet_glance(const struct frame *frame)
{
	uint16_t type;
	size_t head = link_len(frame, &type);
	struct inner in = {frame->bytes + head, frame->captured_len - head, frame->wire_len - head};

	if (frame->wire_len >= frame->captured_len && in.len >= IPV4_HEADER) {
		if (type == TYPE_IPV4)
			return look_v4(&in);
		if (type == TYPE_IPV6 && in.at[0] >> 4 == 6)
			return look_v6(&in);
	}
	return (struct glance){.kind = GLANCE_UNSURE};
}
