/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/overhear.h"
#include "base/array.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINE_BYTES    512
#define TEXT_BYTES    5500
#define TALKS_MAX     1024
#define PATIENT_NS    (5 * INT64_C(1000000000)) /* a client that waited so long wanted a greeting */
#define TLS_HANDSHAKE 22
#define TLS_DATA      23

/* One direction of a connection. */
struct voice {
	uint32_t next; /* sequence number of the next byte */
	bool known, lost;
	char line[LINE_BYTES];
	size_t n;
	bool long_line;
	bool hello;    /* a TLS handshake record was seen */
	unsigned data; /* packets of TLS application records */
};

struct overheard {
	uint32_t probe, session;
	struct voice voices[2]; /* [0]: the server's, [1]: the client's */
	struct text lines;
	bool secret; /* what the client says now is a password or a mail */
	bool greeted, asked_tls, quit;
	int command; /* 1: EHLO, 2: STARTTLS */
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
	o->voices[1] = (struct voice){.next = p->seq + 1, .known = true};
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
	} else if (o->command == 1 && code == '2') {
		reach(s, SESSION_ANSWERED);
	} else if (o->command == 2 && code == '2') {
		reach(s, SESSION_AGREED);
		o->asked_tls = true;
	}
	/* 334 and 354 ask for more; anything else ends it. */
	o->secret = o->secret && code == '3';
}

static void client_line(struct overheard *o, const char *line, size_t n)
{
	static const char *const words[] = {"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL",
					    "RCPT", "DATA", "QUIT",	"NOOP", "RSET"};
	o->command = 0;
	for (size_t i = 0; !o->secret && i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);
		if (n < len || strncasecmp(line, words[i], len) != 0)
			continue;
		keep(o, "C: ", words[i], len);
		o->command = i < 2 ? 1 : i == 2 ? 2 : 0;
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
	v->long_line = false;
}

/* TLS: only what kind of record comes from whom. */
static bool hear_tls(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct voice *v = &o->voices[out];
	struct session *s = &t->sessions[o->session];
	uint8_t type = packet->payload_len > 2 && packet->payload[1] == 3 ? packet->payload[0] : 0;
	bool begins = type == TLS_HANDSHAKE && (o->asked_tls || !o->greeted);
	if (!begins && !o->voices[0].hello && !o->voices[1].hello)
		return false;
	v->hello = v->hello || type == TLS_HANDSHAKE;
	v->data += type == TLS_DATA;
	/* A client that refuses the certificate ends the handshake, says so, and goes. */
	if (o->voices[0].hello && o->voices[0].data && o->voices[1].data > 2)
		reach(s, SESSION_SECURE);
	return true;
}

static void hear(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct voice *v = &o->voices[out];
	if (hear_tls(t, o, packet, out))
		return;
	for (size_t i = 0; i < packet->payload_len; i++) {
		char c = (char)packet->payload[i];
		if (c == '\n')
			end_line(t, o, out);
		else if (v->n < sizeof(v->line))
			v->line[v->n++] = c;
		else
			v->long_line = true;
	}
	t->sessions[o->session].lines = o->lines.len ? text_str(&o->lines) : NULL;
}

static void note_end(struct trace *t, struct overheard *o, const struct packet *packet, bool out)
{
	struct session *s = &t->sessions[o->session];
	bool waited = packet->at_ns - s->connected_ns >= PATIENT_NS;
	s->ended_ns = packet->at_ns;
	if (s->end != SESSION_STOPPED)
		return;
	if ((packet->tcp.flags & TCP_RST) && !out)
		s->end = o->quit ? SESSION_DONE : SESSION_RESET;
	else if ((packet->tcp.flags & TCP_FIN) && !out)
		s->end = o->quit || s->stage >= SESSION_SECURE ? SESSION_DONE : SESSION_CLOSED;
	else if (o->voices[0].hello && s->stage < SESSION_SECURE)
		s->end = SESSION_UNTRUSTED;
	else
		s->end = o->greeted ? SESSION_DONE : waited ? SESSION_SILENT : SESSION_REFUSED;
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
	struct voice *v = &o->voices[out];
	reach(s, SESSION_CONNECTED);
	if (!s->connected_ns)
		s->connected_ns = packet->at_ns;
	if (!v->known) {
		*v = (struct voice){.next = tcp->seq, .known = true};
		v->lost = out;
	}
	uint32_t len = (uint32_t)packet->payload_wire_len;
	if (len && tcp->seq == v->next && !v->lost) {
		v->next += len;
		v->lost = packet->payload_len < len;
		hear(t, o, packet, out);
	} else if (len && (int32_t)(tcp->seq - v->next) > 0) {
		/* A hole: what follows cannot be put in its place. */
		v->lost = true;
	}
	if (tcp->flags & (TCP_FIN | TCP_RST))
		note_end(t, o, packet, out);
}

void overhear_free(struct trace *t)
{
	for (size_t i = 0; i < t->overheard_n; i++)
		text_free(&t->overheard[i].lines);
	free(t->overheard);
}
