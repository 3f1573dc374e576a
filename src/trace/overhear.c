/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/overhear.h"
#include "base/array.h"
#include "trace/early.h"
#include "trace/heard.h"
#include <stdlib.h>

#define TALKS_MAX   1024
#define PATIENT_NS  (5 * INT64_C(1000000000)) /* who waited so long wanted an answer */
#define STUCK_LEAST 3			      /* repetitions of bytes that nobody acknowledges */

/* One direction of a connection. */
struct voice {
	uint32_t next;	/* sequence number behind the furthest byte seen */
	uint32_t read;	/* behind the last one up to which all were seen */
	uint32_t acked; /* behind the furthest that the other side has acknowledged */
	uint32_t hole;	/* the first byte that was not seen, though later ones were */
	uint32_t reset; /* behind the furthest byte seen when a reset came */
	bool known, lost, has_acked, has_hole, has_reset;
	bool ended;	  /* a FIN or a reset came */
	unsigned tries;	  /* repetitions of bytes that are not acknowledged yet */
	int64_t spoke_ns; /* new bytes came, 0: never */
	int64_t heard_ns; /* anything came */
	struct early early;
};

struct overheard {
	uint32_t probe, session;
	bool was_unread;	/* before anything that looked like an end */
	struct voice voices[2]; /* [0]: the server's, [1]: the client's */
	struct heard heard;
};

static struct overheard *find(struct trace *t, uint32_t probe)
{
	for (size_t i = t->overheard_n; i > 0; i--) {
		if (t->overheard[i - 1].probe == probe)
			return &t->overheard[i - 1];
	}
	if (t->overheard_n >= TALKS_MAX ||
	    !array_reserve(&t->overheard, &t->overheard_cap, t->overheard_n + 1,
			   sizeof(*t->overheard)))
		return NULL;
	const struct probe *p = &t->probes[probe];
	struct session item = {
		.server = p->server,
		.port = p->dst_port,
		.src_port = p->src_port,
		.pass = SESSION_SEEN,
		.end = SESSION_STOPPED,
		.at_ns = p->at_ns,
	};
	if (!trace_add_session(t, &item))
		return NULL;
	struct overheard *o = &t->overheard[t->overheard_n++];
	*o = (struct overheard){.probe = probe, .session = (uint32_t)(t->sessions_n - 1)};
	return o;
}

/* The capture lacks bytes: what follows them cannot be put in its place. */
static void lose(struct trace *t, struct overheard *o, bool out)
{
	o->voices[out].lost = true;
	early_free(&o->voices[out].early);
	t->sessions[o->session].unread = true;
}

/* What one side (`out`: the client) acknowledges of the other's bytes. */
static void note_ack(struct trace *t, struct overheard *o, uint32_t ack, bool out)
{
	struct voice *of = &o->voices[!out];
	if (of->has_acked && !early_is_after(ack, of->acked))
		return;
	of->acked = ack;
	of->has_acked = true;
	of->tries = 0;
	/* It arrived, so only the capture lacks it. */
	if (!of->has_hole || !early_is_after(ack, of->hole))
		return;
	of->has_hole = false;
	if (of->early.n)
		lose(t, o, !out);
}

/* The bytes of a segment that come next; the rest of it is known. */
static void read_bytes(struct trace *t, struct overheard *o, const struct early_segment *segment,
		       int64_t at_ns, bool out)
{
	struct voice *v = &o->voices[out];
	struct session *s = &t->sessions[o->session];
	uint32_t known = v->read - segment->seq;
	if (known >= segment->wire_len)
		return;
	v->read = segment->seq + segment->wire_len;
	if (segment->n > known)
		heard_take(&o->heard, s,
			   &(struct heard_bytes){segment->bytes + known, segment->n - known, at_ns},
			   out);
	if (segment->n < segment->wire_len)
		lose(t, o, out);
}

/* What came before its turn, as far as its turn has come now. */
static void read_early(struct trace *t, struct overheard *o, int64_t at_ns, bool out)
{
	struct voice *v = &o->voices[out];
	struct early_segment next;
	while (!v->lost && early_take(&v->early, v->read, &next)) {
		read_bytes(t, o, &next, at_ns, out);
		free(next.owned);
	}
	if (v->has_hole && early_is_after(v->read, v->hole)) {
		v->has_hole = v->early.n > 0;
		v->hole = v->read;
	}
}

/* Bytes in their order, before it, or with a hole before them. */
static void note_bytes(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct voice *v = &o->voices[out];
	struct early_segment segment = {
		.seq = packet->tcp.seq,
		.wire_len = (uint32_t)packet->payload_wire_len,
		.n = (uint32_t)packet->payload_len,
		.bytes = packet->payload,
	};
	uint32_t end = segment.seq + segment.wire_len;
	if (early_is_after(v->next, segment.seq))
		v->tries += !v->has_acked || !early_is_after(v->acked, segment.seq);
	else if (segment.seq != v->next && !v->has_hole &&
		 !(v->has_acked && early_is_after(v->acked, v->next))) {
		v->has_hole = true;
		v->hole = v->next;
	}
	if (early_is_after(end, v->next)) {
		v->next = end;
		v->spoke_ns = packet->at_ns;
	}
	if (v->lost || !early_is_after(end, v->read))
		return;
	if (early_is_after(segment.seq, v->read)) {
		/* Whose hole is acknowledged already did not wait for it. */
		if (!v->has_hole || !early_keep(&v->early, &segment))
			lose(t, o, out);
		return;
	}
	read_bytes(t, o, &segment, packet->at_ns, out);
	read_early(t, o, packet->at_ns, out);
}

/* Whether the newest words are the client's, and nobody answered them. */
static bool is_unanswered(const struct overheard *o)
{
	return o->voices[1].spoke_ns > o->voices[0].spoke_ns;
}

/* Whether the server went dead: before anybody gave up at `at_ns`, he waited long enough. */
static bool went_dead(struct session *s, const struct overheard *o, int64_t at_ns)
{
	const struct voice *server = &o->voices[0], *client = &o->voices[1];
	int64_t since = client->spoke_ns > server->spoke_ns ? client->spoke_ns : server->spoke_ns;
	bool waited = at_ns - since >= PATIENT_NS;
	s->stuck = client->tries >= STUCK_LEAST && waited;
	s->taken = client->has_acked && !early_is_after(client->next, client->acked);
	s->gap = server->has_hole && waited && client->heard_ns >= server->spoke_ns;
	return s->stuck || s->gap || (waited && is_unanswered(o) && !s->unread);
}

/* The server's side ended the connection. */
static enum session_end ended_there(const struct session *s, const struct overheard *o, bool reset)
{
	if (o->heard.quit || o->heard.leaves || s->accepted || s->stage >= SESSION_SECURE ||
	    o->voices[1].ended)
		return SESSION_DONE;
	if (s->unread)
		return reset && is_unanswered(o) ? SESSION_RESET : SESSION_DONE;
	return reset ? SESSION_RESET : SESSION_CLOSED;
}

/* The client did. */
static enum session_end ended_here(struct session *s, const struct overheard *o, int64_t at_ns)
{
	if (s->stage >= SESSION_SECURE || s->accepted)
		return SESSION_DONE;
	if (went_dead(s, o, at_ns))
		return SESSION_SILENT;
	if (o->heard.words[0].tls.hellos && !s->unread)
		return SESSION_UNTRUSTED;
	if (o->heard.greeted || s->unread)
		return SESSION_DONE;
	return at_ns - s->connected_ns >= PATIENT_NS ? SESSION_SILENT : SESSION_REFUSED;
}

/* Whether bytes that arrived, or those before the end, are missing: only the capture lacks them. */
static bool lacks_bytes(const struct overheard *o, const struct packet *packet, bool out)
{
	bool ends = packet->tcp.flags & (TCP_FIN | TCP_RST);
	uint32_t end = packet->tcp.seq + (uint32_t)packet->payload_wire_len;
	bool lacks = ends && o->voices[out].known && early_is_after(end, o->voices[out].next);
	const struct voice *other = &o->voices[!out];
	if ((packet->tcp.flags & TCP_ACK) && other->known)
		lacks = lacks || early_is_after(packet->tcp.ack, other->next + other->ended);
	for (int i = 0; i < 2; i++) {
		const struct voice *v = &o->voices[i];
		/* The end is acknowledged, too. */
		lacks = lacks ||
			(v->known && v->has_acked && early_is_after(v->acked, v->next + v->ended));
	}
	return lacks;
}

/* What still waits for its turn waits for bytes that the capture lacks. */
static void lose_early(struct trace *t, struct overheard *o)
{
	for (int i = 0; i < 2; i++) {
		if (o->voices[i].early.n)
			lose(t, o, i);
	}
}

static void note_end(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct session *s = &t->sessions[o->session];
	bool reset = packet->tcp.flags & TCP_RST;
	s->ended_ns = packet->at_ns;
	lose_early(t, o);
	if (s->end == SESSION_STOPPED)
		o->was_unread = s->unread;
	s->unread = s->unread || lacks_bytes(o, packet, out);
	if (s->end == SESSION_STOPPED) {
		s->end = out ? ended_here(s, o, packet->at_ns) : ended_there(s, o, reset);
		heard_names(&o->heard, t, s);
	}
	if (reset && !o->voices[out].ended) {
		o->voices[out].has_reset = true;
		o->voices[out].reset = o->voices[out].next;
	}
	o->voices[out].ended = true;
}

/*
 * Who goes on acknowledging what the other side says behind its reset does not take it for one, as
 * its numbers are not those that a reset of this connection has (RFC 5961, 3.2).
 */
static void note_outlived(struct trace *t, struct overheard *o, uint32_t ack, bool out)
{
	struct voice *v = &o->voices[!out];
	struct session *s = &t->sessions[o->session];
	if (!v->has_reset || !early_is_after(v->next, v->reset) || !early_is_after(ack, v->reset))
		return;
	v->has_reset = v->ended = false;
	if (o->voices[out].ended)
		return;
	s->end = SESSION_STOPPED;
	s->unread = o->was_unread;
}

/* On any other port, whoever is no mail server is no impostor either. */
static bool speaks_smtp(uint16_t port)
{
	static const uint16_t ports[] = {25, 465, 587, 588, 2525, 2587};
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (ports[i] == port)
			return true;
	}
	return false;
}

/* The sequence number of the first byte that the voice can say. */
static void begin_voice(const struct trace *t, struct overheard *o, const struct packet *packet,
			bool out)
{
	const struct probe *p = &t->probes[o->probe];
	struct voice *v = &o->voices[out];
	*v = (struct voice){.next = packet->tcp.seq, .known = true};
	if (out) {
		/* A SYN's own data was not heard, and whoever took it may answer it. */
		v->spoke_ns = p->data ? p->at_ns : 0;
		if (early_is_after(packet->tcp.seq, p->seq + 1 + p->data))
			v->next = p->seq + 1 + p->data;
	}
	for (uint32_t at = out ? TRACE_NONE : p->first_reply; at != TRACE_NONE;
	     at = t->replies[at].next) {
		if (t->replies[at].kind == REPLY_SYNACK)
			v->next = t->replies[at].seq + 1;
	}
	v->read = v->next;
}

void overhear_packet(struct trace *t, uint32_t probe, const struct packet *packet, bool out)
{
	const struct tcp_header *tcp = &packet->tcp;
	if (!speaks_smtp(t->probes[probe].dst_port))
		return;
	if (!t->probes[probe].established && !packet->payload_wire_len)
		return;
	struct overheard *o = find(t, probe);
	if (!o)
		return;
	struct session *s = &t->sessions[o->session];
	if (s->stage < SESSION_CONNECTED)
		s->stage = SESSION_CONNECTED;
	if (!s->connected_ns)
		s->connected_ns = packet->at_ns;
	if (!o->voices[out].known)
		begin_voice(t, o, packet, out);
	o->voices[out].heard_ns = packet->at_ns;
	if ((tcp->flags & TCP_ACK) && !(tcp->flags & TCP_RST) && o->voices[!out].known)
		note_ack(t, o, tcp->ack, out);
	if (packet->payload_wire_len)
		note_bytes(t, o, packet, out);
	if ((tcp->flags & TCP_ACK) && !(tcp->flags & TCP_RST))
		note_outlived(t, o, tcp->ack, out);
	if (tcp->flags & (TCP_FIN | TCP_RST))
		note_end(t, o, packet, out);
}

void overhear_finish(struct trace *t)
{
	for (size_t i = 0; i < t->overheard_n; i++) {
		struct overheard *o = &t->overheard[i];
		struct session *s = &t->sessions[o->session];
		if (s->end != SESSION_STOPPED)
			continue;
		lose_early(t, o);
		heard_names(&o->heard, t, s);
		if (s->stage < SESSION_SECURE && !s->accepted &&
		    (o->heard.greeted || s->tls_at_once) && went_dead(s, o, t->last_ns))
			s->end = SESSION_SILENT;
	}
}

void overhear_free(struct trace *t)
{
	for (size_t i = 0; i < t->overheard_n; i++) {
		heard_free(&t->overheard[i].heard);
		early_free(&t->overheard[i].voices[0].early);
		early_free(&t->overheard[i].voices[1].early);
	}
	free(t->overheard);
}
