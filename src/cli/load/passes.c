/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/passes.h"
#include "base/bytes.h"
#include "cli/command.h"

int passes_no_memory(struct err *err)
{
	err_set(err, EXIT_SYSTEM, "no memory to read the capture");
	return EXIT_SYSTEM;
}

static int unreadable(const struct passes *p, struct err *err)
{
	err_set(err, EXIT_INPUT, "cannot read '%s' a second time", captures_name(p->captures, 0));
	return EXIT_INPUT;
}

static struct addr addr_of(const uint8_t *bytes, uint8_t family)
{
	return family == 4 ? addr_v4(bytes) : addr_v6(bytes);
}

static bool is_server(const struct trace *t, const uint8_t *addr, uint8_t family)
{
	struct addr a = addr_of(addr, family);

	return trace_find_server(t, &a) != TRACE_NONE;
}

/* Whether the frame of a foreign capture is certainly none of the measurement's. */
static bool is_strange(const struct trace *t, const struct frame *frame)
{
	struct glance g;

	if (t->run.own)
		return false;
	g = packet_glance(frame);
	return g.kind == GLANCE_OTHER || (g.kind == GLANCE_TCP && !is_server(t, g.src, g.family) &&
					  !is_server(t, g.dst, g.family));
}

int passes_feed(struct passes *p, struct err *err)
{
	struct source *source = captures_source(p->captures, 0);
	struct loaded *out = p->out;
	struct frame frame;
	enum source_event event = SOURCE_FRAME;

	while (event == SOURCE_FRAME) {
		if (p->skims && !skim_move(&p->skim, source, &out->trace))
			return unreadable(p, err);
		event = captures_next(p->captures, &frame, err);
		if (event != SOURCE_FRAME)
			break;
		frame.overlays = p->out->overlays;
		if (frame.at_ns > p->last_ns)
			p->last_ns = frame.at_ns;
		progress_frame(&p->progress, "reading", p->captures);
		if (is_strange(&out->trace, &frame))
			out->counts.frames++;
		else
			(void)feed_frame(&out->trace, &frame, &out->counts);
	}
	if (event == SOURCE_FAILED)
		return err->code;
	return out->trace.failed ? passes_no_memory(err) : 0;
}

static bool survey_segment(struct survey *s, const struct frame *frame, const struct glance *g)
{
	struct bytes b = bytes_of(g->tcp, 8);
	struct survey_segment segment = {.at_ns = frame->at_ns, .flags = g->flags, .ttl = g->ttl};

	/* In the middle of a connection it tells the survey nothing. */
	if (!(g->flags & (TCP_SYN | TCP_RST))) {
		survey_pass(s, frame->at_ns);
		return true;
	}
	segment.ends = neighbour_ends(frame);
	segment.src = addr_of(g->src, g->family);
	segment.dst = addr_of(g->dst, g->family);
	segment.src_port = bytes_u16(&b);
	segment.dst_port = bytes_u16(&b);
	segment.seq = bytes_u32(&b);
	return survey_add_segment(s, &segment);
}

/* A frame that is no TCP: perhaps ARP or its like. */
static bool survey_neighbour(struct survey *s, const struct frame *frame)
{
	struct addr addr;
	hardware at;

	return !neighbour_claim(frame, &addr, &at) || survey_claim(s, &addr, at);
}

/* A frame that takes the decoder; *out: what it holds, unless the result says otherwise. */
static bool survey_decoded(struct passes *p, const struct frame *frame, struct packet *out,
			   enum decode *result)
{
	struct feed_counts *counts = &p->out->counts;

	*out = (struct packet){0};
	*result = packet_decode(frame, out);
	if (*result == DECODE_OTHER && out->closed) {
		counts->closed++;
		p->closed = p->closed ? p->closed : out->closed;
	}
	counts->unlinked += *result == DECODE_LINK;
	counts->broken += *result == DECODE_CUT || *result == DECODE_BAD;
	if ((*result == DECODE_OTHER || out->kind == PACKET_ICMP_OTHER) &&
	    !survey_neighbour(&p->survey, frame))
		return false;
	return *result != DECODE_OK || survey_add(&p->survey, out, neighbour_ends(frame));
}

static bool survey_frame(struct passes *p, const struct frame *frame)
{
	struct glance glance = packet_glance(frame);
	struct packet packet;
	enum decode result = DECODE_OTHER;
	bool good = true;

	p->out->counts.frames++;
	if (glance.kind == GLANCE_TCP)
		good = survey_segment(&p->survey, frame, &glance);
	else if (glance.kind == GLANCE_UNSURE)
		good = survey_decoded(p, frame, &packet, &result);
	if (good && p->skims)
		good = skim_note(&p->skim, captures_source(p->captures, 0), frame, &glance,
				 result == DECODE_OK ? &packet : NULL);
	return good;
}

int passes_survey(struct passes *p, struct err *err)
{
	struct frame frame;
	enum source_event event;

	p->skims = captures_count(p->captures) == 1;
	if (p->skims && !skim_begin(&p->skim, captures_source(p->captures, 0)))
		return passes_no_memory(err);
	while ((event = captures_next(p->captures, &frame, err)) == SOURCE_FRAME) {
		frame.overlays = p->out->overlays;
		if (frame.at_ns > p->last_ns)
			p->last_ns = frame.at_ns;
		progress_frame(&p->progress, "looking through", p->captures);
		if (!survey_frame(p, &frame))
			return passes_no_memory(err);
	}
	return event == SOURCE_FAILED ? err->code : 0;
}

int passes_open_overlays(struct passes *p, struct err *err)
{
	uint16_t port = p->survey.port;

	survey_free(&p->survey);
	skim_free(&p->skim);
	p->survey.port = port;
	p->out->overlays = true;
	p->out->counts = (struct feed_counts){0};
	if (captures_rewind(p->captures, err) != 0)
		return err->code;
	return passes_survey(p, err);
}

void passes_end(struct passes *p)
{
	survey_free(&p->survey);
	skim_free(&p->skim);
	progress_end(&p->progress);
}
