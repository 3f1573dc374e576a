/* SPDX-License-Identifier: BSD-2-Clause */
#include "show.h"
#include "frame.h"
#include "trace/facts.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static void keep(void *arg, const struct packet *packet)
{
	struct show_file *file = arg;
	uint8_t bytes[FRAME_BYTES_MAX];
	struct err err;
	struct frame frame = {.at_ns = packet->at_ns, .bytes = bytes, .link = LINK_SLL2};
	frame.captured_len = frame.wire_len = (uint32_t)frame_encode(packet, bytes);
	if (!file->failed && evidence_add(file->evidence, &frame, &err) != 0) {
		fprintf(stderr, "sim: %s\n", err.msg);
		file->failed = true;
	}
}

bool show_open(struct show_file *file, struct run *run)
{
	struct err err;
	if (!file->path)
		return true;
	file->evidence = evidence_open(-1, NULL, &err);
	if (!file->evidence) {
		fprintf(stderr, "sim: %s\n", err.msg);
		return false;
	}
	run->captured = keep;
	run->arg = file;
	return true;
}

bool show_close(struct show_file *file, struct run *run)
{
	struct err err;
	if (!file->evidence)
		return true;
	json_t *facts = facts_encode(&run->trace);
	char *text = facts ? json_dumps(facts, JSON_COMPACT) : NULL;
	struct evidence_end end = {
		.facts = text,
		.started_ns = run->trace.run.started_ns,
		.ended_ns = run->trace.run.ended_ns,
	};
	FILE *f = fopen(file->path, "w+e");
	bool ok = text && f && !file->failed &&
		  evidence_write(file->evidence, f, file->path, &end, &err) == 0;
	ok = (!f || fclose(f) == 0) && ok;
	evidence_close(file->evidence);
	json_decref(facts);
	free(text);
	return ok;
}

static const char *outcome(const struct trace *t, const struct probe *p, char buf[ADDR_TEXT_BYTES])
{
	static const char *const kinds[] = {"SYN-ACK", "RST", "expired", "rejected", "odd"};
	if (p->first_reply == TRACE_NONE)
		return "-";
	const struct reply *r = &t->replies[p->first_reply];
	addr_text(&r->from, buf);
	return kinds[r->kind];
}

static void show_probes(const struct trace *t)
{
	for (size_t i = 0; i < t->probes_n; i++) {
		const struct probe *p = &t->probes[i];
		char from[ADDR_TEXT_BYTES] = "";
		const char *what = outcome(t, p, from);
		double after =
			p->first_reply == TRACE_NONE
				? 0
				: (double)(t->replies[p->first_reply].at_ns - p->at_ns) / 1e6;
		printf("  %9.3f ms  server %u  port %3u from %u  ttl %3u  %-8s %s %.3f ms\n",
		       (double)(p->at_ns - t->run.started_ns) / 1e6, p->server, p->dst_port,
		       p->src_port, p->ttl, what, from, after);
	}
}

/* Who may own each hop on the way to the first server, and by which rule. */
static void show_roles(const struct finding *f)
{
	printf("  roles:");
	for (size_t i = 0; i < f->hops_n; i++) {
		const struct hop_row *row = &f->hops[i];
		printf(" %u ", row->hop);
		for (int k = 0; k < SEGMENT_COUNT; k++)
			printf("%s", row->owners & 1u << k
					     ? (const char *[]){"h", "l", "i", "t", "r"}[k]
					     : "");
		printf(" (%s);", row->owned_by ? row->owned_by : "-");
	}
	printf("\n");
}

void show_run(const struct sim_case *c, const struct run *run, const struct graded *graded,
	      const char *rude, bool whole)
{
	const struct verdict *v = &run->result.verdict;
	const struct judgement *j = &v->judgement;
	case_print(c);
	if (whole)
		show_probes(&run->trace);
	printf("  %s: %s %s %s %.3f link %d-%d by %s; %s; %.0f ms, %u SYNs, %s\n",
	       check_grade_name(graded->grade), state_name(j->state), blocker_name(j->blocker),
	       mechanism_name(j->mechanism), j->has_confidence ? j->confidence : -1.0,
	       j->link.known ? j->link.from_hop : -1, j->link.known ? j->link.to_hop : -1,
	       v->reasons_n ? v->reasons[0].rule : "-", rude ? rude : graded->why,
	       (double)run->took_ns / 1e6, run->syns, run->stop);
	if (run->result.findings_n)
		show_roles(&run->result.findings[0]);
	for (size_t i = 0; i < j->suspects_n; i++)
		printf("    %-14s %.3f %s\n", blocker_name(j->suspects[i].blocker),
		       j->suspects[i].probability, j->suspects[i].text);
	if (whole)
		printf("  %s\n", v->sentence);
}
