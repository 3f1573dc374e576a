/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/overhear.h"
#include "base/array.h"
#include "base/text.h"
#include "trace/tls_seen.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINE_BYTES    512
#define TEXT_BYTES    5500
#define TALKS_MAX     1024
#define PATIENT_NS    (5 * INT64_C(1000000000)) /* who waited so long wanted an answer */
#define STUCK_LEAST   3				/* repetitions of bytes that nobody acknowledges */
#define TLS_HANDSHAKE 22
#define TLS_MAJOR     3

enum command { COMMAND_OTHER, COMMAND_HELLO, COMMAND_STARTTLS };

/* One direction of a connection. */
struct voice {
	uint32_t next;	/* sequence number behind the furthest byte seen */
	uint32_t acked; /* behind the furthest that the other side has acknowledged */
	uint32_t hole;	/* the first byte that was not seen, though later ones were */
	bool known, lost, has_acked, has_hole;
	bool ended;	  /* a FIN or a reset came */
	unsigned tries;	  /* repetitions of bytes that are not acknowledged yet */
	int64_t spoke_ns; /* new bytes came, 0: never */
	int64_t heard_ns; /* anything came */
	char line[LINE_BYTES];
	size_t n;
	struct tls_seen tls;
};

struct overheard {
	uint32_t probe, session;
	struct voice voices[2]; /* [0]: the server's, [1]: the client's */
	struct text lines;
	bool secret; /* what the client says now is a password or a mail */
	bool greeted, quit, in_tls, asked_tls, in_mail, leaves;
	unsigned client_data; /* the client's TLS data records when the server's newest came */
	enum command command;
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

static void reach(struct session *s, enum session_stage stage)
{
	if (stage > s->stage)
		s->stage = stage;
}

static void keep(struct overheard *o, const char *who, const char *text, size_t n)
{
	if (o->lines.len + 4 * n + 8 > TEXT_BYTES)
		return;
	if (o->lines.len)
		text_add(&o->lines, "\n");
	text_add(&o->lines, who);
	text_add_untrusted(&o->lines, text, n);
}

static bool says(const char *line, size_t n, const char *code)
{
	return n >= 3 && memcmp(line, code, 3) == 0;
}

/* A login, or a mail's end, that the server took. */
static bool takes(const struct overheard *o, const char *line, size_t n)
{
	return says(line, n, "235") || (o->in_mail && n > 0 && line[0] == '2');
}

static void server_line(struct trace *t, struct overheard *o, const char *line, size_t n)
{
	struct session *s = &t->sessions[o->session];
	bool last = n < 4 || line[3] == ' ';
	char code = n >= 3 ? line[0] : '\0';
	keep(o, "S: ", line, n);
	if (!last)
		return;
	if (!o->greeted) {
		o->greeted = true;
		s->greeted_ns = t->last_ns;
		reach(s, SESSION_GREETED);
	} else if (o->command == COMMAND_HELLO && code == '2') {
		reach(s, SESSION_ANSWERED);
	} else if (o->command == COMMAND_STARTTLS && code == '2') {
		reach(s, SESSION_AGREED);
		o->asked_tls = true;
	}
	s->accepted = s->accepted || takes(o, line, n);
	o->in_mail = says(line, n, "354");
	/* RFC 5321, 3.8: it says that it closes the connection, and why it may. */
	o->leaves = o->leaves || says(line, n, "421") || says(line, n, "221");
	/* 334 and 354 ask for more; anything else ends it. */
	o->secret = o->secret && code == '3';
}

static void client_line(struct overheard *o, const char *line, size_t n)
{
	static const char *const words[] = {"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL",
					    "RCPT", "DATA", "QUIT",	"NOOP", "RSET"};
	o->command = COMMAND_OTHER;
	for (size_t i = 0; !o->secret && i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);
		if (n < len || strncasecmp(line, words[i], len) != 0)
			continue;
		keep(o, "C: ", words[i], len);
		o->command = i < 2 ? COMMAND_HELLO : i == 2 ? COMMAND_STARTTLS : COMMAND_OTHER;
		o->secret = strcmp(words[i], "AUTH") == 0 || strcmp(words[i], "DATA") == 0;
		o->quit = o->quit || strcmp(words[i], "QUIT") == 0;
		return;
	}
}

static void end_line(struct trace *t, struct overheard *o, bool out)
{
	struct voice *v = &o->voices[out];
	size_t n = v->n;
	while (n > 0 && v->line[n - 1] == '\r')
		n--;
	if (out)
		client_line(o, v->line, n);
	else
		server_line(t, o, v->line, n);
	v->n = 0;
}

/* Whether TLS begins here: after STARTTLS, as far as that shows, or before anybody greeted. */
static bool begins_tls(const struct trace *t, const struct overheard *o,
		       const struct packet *packet)
{
	bool may = o->asked_tls || !o->greeted || t->sessions[o->session].unread;
	return may && packet->payload_len > 2 && packet->payload[0] == TLS_HANDSHAKE &&
	       packet->payload[1] == TLS_MAJOR;
}

/*
 * The handshake is complete where both sides send what only follows it: in TLS 1.3 the client's
 * first record of data still belongs to it, and may be the alert with which it refuses.
 */
static void hear_tls(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct voice *v = &o->voices[out];
	const struct tls_seen *server = &o->voices[0].tls, *client = &o->voices[1].tls;
	unsigned before = server->data;
	tls_seen_take(&v->tls, packet->payload, packet->payload_len);
	if (server->data > before)
		o->client_data = client->data;
	unsigned least = tls_seen_is_13(server) ? 2 : 1;
	if (server->hellos && server->data && o->client_data >= least)
		reach(&t->sessions[o->session], SESSION_SECURE);
}

static void hear(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct voice *v = &o->voices[out];
	o->in_tls = o->in_tls || begins_tls(t, o, packet);
	if (o->in_tls) {
		hear_tls(t, o, packet, out);
		return;
	}
	for (size_t i = 0; i < packet->payload_len; i++) {
		char c = (char)packet->payload[i];
		if (c == '\n')
			end_line(t, o, out);
		else if (v->n < sizeof(v->line))
			v->line[v->n++] = c;
	}
	t->sessions[o->session].lines = o->lines.len ? text_str(&o->lines) : NULL;
}

static bool is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* What one side acknowledges of the other's bytes. */
static void note_ack(struct voice *of, uint32_t ack)
{
	if (of->has_acked && !is_after(ack, of->acked))
		return;
	of->acked = ack;
	of->has_acked = true;
	of->tries = 0;
	/* It arrived, so only the capture lacks it. */
	if (of->has_hole && is_after(ack, of->hole))
		of->has_hole = false;
}

/* Bytes in their order, before it, or with a hole before them. */
static void note_bytes(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct voice *v = &o->voices[out];
	struct session *s = &t->sessions[o->session];
	uint32_t seq = packet->tcp.seq, len = (uint32_t)packet->payload_wire_len;
	if (is_after(v->next, seq)) {
		v->tries += !v->has_acked || !is_after(v->acked, seq);
		return;
	}
	if (seq != v->next && !v->has_hole && !(v->has_acked && is_after(v->acked, v->next))) {
		v->has_hole = true;
		v->hole = v->next;
	}
	/* What follows a hole, or is cut off, cannot be put in its place. */
	v->lost = v->lost || seq != v->next;
	v->next = seq + len;
	v->spoke_ns = packet->at_ns;
	if (v->lost) {
		s->unread = true;
		return;
	}
	v->lost = packet->payload_len < len;
	s->unread = s->unread || v->lost;
	hear(t, o, packet, out);
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
	s->gap = server->has_hole && waited && client->heard_ns >= server->spoke_ns;
	return s->stuck || s->gap || (waited && is_unanswered(o) && !s->unread);
}

/* The server's side ended the connection. */
static enum session_end ended_there(const struct session *s, const struct overheard *o, bool reset)
{
	if (o->quit || o->leaves || s->accepted || s->stage >= SESSION_SECURE || o->voices[1].ended)
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
	if (o->voices[0].tls.hellos && !s->unread)
		return SESSION_UNTRUSTED;
	if (o->greeted || s->unread)
		return SESSION_DONE;
	return at_ns - s->connected_ns >= PATIENT_NS ? SESSION_SILENT : SESSION_REFUSED;
}

/* What the handshake said in clear of names. */
static void keep_names(struct trace *t, const struct overheard *o)
{
	struct session *s = &t->sessions[o->session];
	const struct tls_seen *server = &o->voices[0].tls, *client = &o->voices[1].tls;
	struct text chain = {0}, name = {0};
	tls_seen_certificate(server, &chain);
	tls_seen_name(client, &name);
	if (chain.len)
		s->chain = arena_copy(&t->strings, text_str(&chain));
	if (name.len)
		s->wanted = arena_copy(&t->strings, text_str(&name));
	s->alert = client->alert_n == sizeof(client->alert) ? client->alert[1] : 0;
	text_free(&chain);
	text_free(&name);
}

static void note_end(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct session *s = &t->sessions[o->session];
	bool reset = packet->tcp.flags & TCP_RST;
	s->ended_ns = packet->at_ns;
	if (s->end == SESSION_STOPPED) {
		s->end = out ? ended_here(s, o, packet->at_ns) : ended_there(s, o, reset);
		keep_names(t, o);
	}
	o->voices[out].ended = true;
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
	if (out && !is_after(p->seq + 1, packet->tcp.seq)) {
		v->next = p->seq + 1;
		return;
	}
	for (uint32_t at = p->first_reply; !out && at != TRACE_NONE; at = t->replies[at].next) {
		if (t->replies[at].kind == REPLY_SYNACK)
			v->next = t->replies[at].seq + 1;
	}
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
	reach(s, SESSION_CONNECTED);
	if (!s->connected_ns)
		s->connected_ns = packet->at_ns;
	if (!o->voices[out].known)
		begin_voice(t, o, packet, out);
	o->voices[out].heard_ns = packet->at_ns;
	if ((tcp->flags & TCP_ACK) && !(tcp->flags & TCP_RST) && o->voices[!out].known)
		note_ack(&o->voices[!out], tcp->ack);
	if (packet->payload_wire_len)
		note_bytes(t, o, packet, out);
	if (tcp->flags & (TCP_FIN | TCP_RST))
		note_end(t, o, packet, out);
}

void overhear_finish(struct trace *t)
{
	for (size_t i = 0; i < t->overheard_n; i++) {
		const struct overheard *o = &t->overheard[i];
		struct session *s = &t->sessions[o->session];
		if (s->end != SESSION_STOPPED)
			continue;
		keep_names(t, o);
		if (s->stage < SESSION_SECURE && !s->accepted && o->greeted &&
		    went_dead(s, o, t->last_ns))
			s->end = SESSION_SILENT;
	}
}

void overhear_free(struct trace *t)
{
	for (size_t i = 0; i < t->overheard_n; i++) {
		struct overheard *o = &t->overheard[i];
		text_free(&o->lines);
		tls_seen_free(&o->voices[0].tls);
		tls_seen_free(&o->voices[1].tls);
	}
	free(t->overheard);
}
