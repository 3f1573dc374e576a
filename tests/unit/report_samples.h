/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_REPORT_SAMPLES_H
#define TESTS_REPORT_SAMPLES_H

/*
 * Finished results made by hand, for the tests of the renderers: what the
 * inference would hand over, without the inference.
 */

#include "infer/result/result.h"
#include "report/report.h"
#include "trace/trace.h"
#include <string.h>

#define SAMPLE_SERVERS 8
#define SAMPLE_HOPS    16

struct sample {
	struct trace t;
	struct result r;
	struct run_info run;
	struct finding findings[SAMPLE_SERVERS];
	struct hop_row hops[SAMPLE_SERVERS][SAMPLE_HOPS];
	struct host_fact facts[4];
	struct frame_ref frames[4];
};

/* A hop as a sample's table has it. */
struct sample_hop {
	const char *addr; /* NULL: never answered */
	uint32_t asn;
	const char *owner;
	uint8_t owners;
};

#define OWNER(segment) ((uint8_t)(1u << (segment)))

static inline struct addr sample_addr(const char *s)
{
	struct addr a = {0};

	if (s)
		addr_parse(s, &a);
	return a;
}

/* Adds a server and its finding: open on 587 by way of 993, 5 hops away. */
static inline struct finding *sample_server(struct sample *s, const char *host, const char *addr,
					    const char *client)
{
	struct finding *f = &s->findings[s->r.findings_n];

	trace_add_server(&s->t, &(struct server){
					.host = host,
					.addr = sample_addr(addr),
					.client = sample_addr(client),
					.port = 587,
					.controls = {993},
					.controls_n = 1,
				});
	*f = (struct finding){
		.server = (uint32_t)s->r.findings_n,
		.votes = true,
		.control = 993,
		.layer = LAYER_TLS,
		.judgement = {.state = STATE_OPEN,
			      .mechanism = MECHANISM_NONE,
			      .has_confidence = true,
			      .confidence = 0.99},
		.distance_control = 5,
		.distance_target = -1,
		.reply = {.kind = "syn-ack",
			  .from = sample_addr(addr),
			  .ttl = 60,
			  .first_ttl = -1,
			  .icmp_type = -1,
			  .icmp_code = -1,
			  .quoted_ttl = -1,
			  .rtt_ms = 12.3456},
		.ports = {{587, PORT_OPEN, true, false, 2, 2, .rtt_ms = 12.3456},
			  {993, PORT_OPEN, false, true, 2, 2, .rtt_ms = 12.0},
			  {465, PORT_OPEN, false, false, 2, 2, .rtt_ms = 12.5},
			  {25, PORT_SILENT, false, false, 2, 0, .rtt_ms = -1}},
		.ports_n = 4,
		.sentence = "Port 587 is open.",
	};
	s->r.findings_n++;
	return f;
}

/* Lets the finding's port end like the judgement says. */
static inline void sample_fail(struct finding *f, const struct judgement *j, enum port_state state,
			       const char *reply)
{
	f->judgement = *j;
	f->layer = LAYER_NONE;
	f->reply.kind = reply;
	f->ports[0].state = state;
	if (state == PORT_SILENT) {
		f->ports[0].answered = 0;
		f->ports[0].rtt_ms = f->reply.rtt_ms = -1;
		f->reply.from = (struct addr){0};
		f->reply.ttl = -1;
	}
}

static inline struct hop_lane sample_lane(const struct sample_hop *hop, char what, uint8_t n)
{
	struct hop_lane lane = {0};

	if (what == ' ')
		return lane;
	lane.sent = 3;
	if (what == '.')
		return lane;
	lane.expired = what == 'e' ? 3 : 0;
	lane.terminal = what == 't' ? 3 : 0;
	lane.answers_n = hop->addr ? 1 : 0;
	lane.answers[0] = (struct hop_answer){
		.addr = sample_addr(hop->addr),
		.asn = hop->asn,
		.owner = hop->owner,
		.rtt_ms = 1.25 * n,
		.answered = 3,
	};
	return lane;
}

/*
 * Gives finding `f` its hop table. One letter a hop and lane: e expired there,
 * t ended the way, '.' silent, ' ' not asked. The last hop is the server's.
 */
static inline void sample_path(struct sample *s, size_t f, const struct sample_hop *hops,
			       const char *control, const char *target)
{
	size_t n = strlen(control);
	struct server *server = &s->t.servers[f];

	for (size_t i = 0; i < n && i < SAMPLE_HOPS; i++) {
		struct hop_row *row = &s->hops[f][i];

		row->hop = (uint8_t)(i + 1);
		row->control = sample_lane(&hops[i], control[i], row->hop);
		row->target = sample_lane(&hops[i], target[i], row->hop);
		row->owners = hops[i].owners;
	}
	s->hops[f][n - 1].is_server = true;
	s->hops[f][n - 1].control.answers[0].addr = server->addr;
	s->findings[f].hops = s->hops[f];
	s->findings[f].hops_n = n;
}

/* A SYN of ours that left this host. */
static inline void sample_probe(struct sample *s, uint32_t server, uint16_t port, bool loopback)
{
	trace_add_probe(&s->t, &(struct probe){
				       .server = server,
				       .kind = PROBE_RAW,
				       .dst_port = port,
				       .src_port = (uint16_t)(40000 + s->t.probes_n),
				       .ttl = 64,
				       .frame = 1,
				       .file = 1,
				       .loopback = loopback,
			       });
}

static inline void sample_reason(struct sample *s, const char *rule, const char *text,
				 uint32_t server)
{
	s->r.verdict.reasons[s->r.verdict.reasons_n++] = (struct reason){
		.rule = rule,
		.text = text,
		.server = server,
		.packets = s->frames,
		.packets_n = 4,
	};
}

static inline void sample_next(struct sample *s, const char *text)
{
	s->r.verdict.next[s->r.verdict.next_n++] = text;
}

static inline void sample_begin(struct sample *s)
{
	static const char *const argv[] = {"whoblocks", "--json", NULL};

	memset(s, 0, sizeof(*s));
	trace_init(&s->t);
	s->t.run.own = true;
	s->t.run.port = 587;
	s->t.run.smtp = true;
	for (uint32_t i = 0; i < 4; i++)
		s->frames[i] = (struct frame_ref){.file = 1, .frame = 12 + 7 * i};
	s->r.findings = s->findings;
	s->r.facts = s->facts;
	s->run = (struct run_info){
		.mode = "live",
		.started_ns = INT64_C(1700000000123456789),
		.duration_ns = INT64_C(2412345678),
		.stop = "decided",
		.argv = argv,
		.interface = "eth0",
		.packets_sent = 312,
		.packets_seen = 598,
		.rounds = 1,
	};
}

/* The verdict, and the family it counts for. */
static inline void sample_verdict(struct sample *s, const struct judgement *j, uint8_t family,
				  const char *sentence)
{
	s->r.verdict.judgement = *j;
	s->r.verdict.family = family;
	s->r.verdict.sentence = sentence;
	for (int i = 0; i < 2; i++) {
		s->r.family_counts[i] = family == 46 || family == 4 + 2 * i;
		s->r.family[i] = *j;
	}
}

static inline void sample_end(struct sample *s)
{
	trace_free(&s->t);
}

/* --- what most samples share -------------------------------------------------------------- */

static const struct sample_hop isp_hops[] = {
	{"192.168.1.1", 0, NULL, OWNER(SEGMENT_LOCAL)},
	{"100.64.0.1", 64500, "Example Access", OWNER(SEGMENT_ISP)},
	{"198.51.100.1", 64500, "Example Access", OWNER(SEGMENT_ISP)},
	{"198.51.100.2", 64500, "Example Access", OWNER(SEGMENT_ISP)},
	{"203.0.113.9", 64510, "Example Transit", OWNER(SEGMENT_TRANSIT)},
	{"192.0.2.10", 0, NULL, OWNER(SEGMENT_REMOTE)},
};

static const struct {
	const char *host, *addr;
} sample_hosts[] = {
	{"posteo.de", "192.0.2.10"},
	{"mail.gandi.net", "198.51.100.110"},
	{"in-v3.mailjet.com", "203.0.113.210"},
};

static inline void sample_servers(struct sample *s)
{
	for (size_t i = 0; i < 3; i++) {
		uint32_t index = (uint32_t)i;

		sample_server(s, sample_hosts[i].host, sample_hosts[i].addr, "192.168.1.20");
		sample_probe(s, index, 993, false);
		sample_probe(s, index, 587, false);
	}
}

static const struct judgement drop = {
	.state = STATE_BLOCKED,
	.blocker = BLOCKER_ISP,
	.mechanism = MECHANISM_SILENT_DROP,
	.has_confidence = true,
	.confidence = 0.98765,
	.suspects = {{BLOCKER_ISP, MECHANISM_SILENT_DROP, 1.0, "the provider's network"}},
	.suspects_n = 1,
	.link = {.known = true,
		 .from_hop = 3,
		 .to_hop = 4,
		 .from = {4, {198, 51, 100, 1}},
		 .to = {4, {198, 51, 100, 2}}},
};

#endif
