/* SPDX-License-Identifier: BSD-2-Clause */
/* The other end: what arrives of one client's probes, and how this machine answers them. */
#include "base/text.h"
#include "cli/command.h"
#include "cli/live/privileged.h"
#include "cli/out/output.h"
#include "cli/show/receive_file.h"
#include "io/host/clock.h"
#include "io/host/interrupts.h"
#include "io/host/privilege.h"
#include "io/host/route.h"
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define DRAIN_MAX  512	  /* frames taken before the time is looked at again */
#define FRAMES_MAX 150000 /* as many as `compare` can hold */
#define MS	   INT64_C(1000000)

static bool wanted_port(const struct options *o, uint16_t port)
{
	for (size_t i = 0; i < o->controls_n; i++) {
		if (o->controls[i] == port)
			return true;
	}
	return port == o->port;
}

/* Between the client and a port of this side, in either direction. */
static bool wanted(const struct receiver *r, const struct ip_header *ip,
		   const struct tcp_header *tcp)
{
	if (prefix_contains(&r->from, &ip->src))
		return wanted_port(r->o, tcp->dst_port);
	return prefix_contains(&r->from, &ip->dst) && wanted_port(r->o, tcp->src_port);
}

/* No filter is trusted: whether a frame is the client's, and what it is. Its payload goes. */
static bool take(struct receiver *r, struct frame *frame)
{
	struct packet packet;

	if (packet_decode(frame, &packet) != DECODE_OK ||
	    (r->ifindex && packet.ifindex != r->ifindex))
		return false;
	if (packet.kind != PACKET_TCP) {
		bool ours = packet.icmp.quoted && wanted(r, &packet.icmp.probe, &packet.icmp.tcp);

		r->errors += ours;
		if (ours)
			receiver_cut(r, &packet, frame);
		return ours;
	}
	if (!wanted(r, &packet.ip, &packet.tcp))
		return false;
	receiver_cut(r, &packet, frame);
	bool inwards = prefix_contains(&r->from, &packet.ip.src);
	r->syns += inwards && (packet.tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	r->answers += !inwards && (packet.tcp.flags & (TCP_SYN | TCP_RST)) != 0;
	return true;
}

/* --- opening --------------------------------------------------------------------------------- */

static int read_options(struct receiver *r, struct err *err)
{
	const struct options *o = r->o;

	if (!o->from || !prefix_parse(o->from, &r->from))
		return err_set(err, EXIT_USAGE,
			       o->from ? "--from PREFIX: '%s' is no prefix and no address"
				       : "receive needs --from PREFIX: the client's address%s",
			       o->from ? o->from : "");
	if (o->for_ms == 0)
		return err_set(err, EXIT_USAGE, "receive needs --for SECONDS");
	if (!o->write)
		return err_set(err, EXIT_USAGE, "receive needs --write FILE");
	if ((r->from.addr.family == 4 && !o->ipv4) || (r->from.addr.family == 6 && !o->ipv6))
		return err_set(err, EXIT_USAGE, "--from PREFIX: '%s' is of the other family",
			       o->from);
	r->ifindex = o->interface ? route_interface(o->interface) : 0;
	if (o->interface && !r->ifindex)
		return err_set(err, EXIT_USAGE, "there is no interface '%s'", o->interface);
	if (!privilege_is_admin())
		return err_set(
			err, EXIT_NOT_PERMITTED,
			"not permitted: receive captures the packets of others, which is for "
			"root alone; run it with sudo");
	return privileged_check(err);
}

static int open_source(struct receiver *r, struct err *err)
{
	char addr[ADDR_TEXT_BYTES];
	struct text filter = {0};

	text_addf(&filter, "icmp or icmp6 or (tcp and net %s/%u and (port %" PRIu32,
		  addr_text(&r->from.addr, addr), r->from.len, r->o->port);
	for (size_t i = 0; i < r->o->controls_n; i++)
		text_addf(&filter, " or port %u", r->o->controls[i]);
	text_add(&filter, "))");
	struct source_live_options capture = {.filter = text_str(&filter)};
	r->source = source_open_live(&capture, err);
	text_free(&filter);
	return r->source ? 0 : -1;
}

/* What root names is opened as its caller; what needs more comes after. */
static int open_output(struct receiver *r, struct err *err)
{
	struct caller caller;
	struct err lost;
	int status;

	if (privilege_caller(&caller, err) != 0 || privilege_borrow(&caller, err) != 0)
		return -1;
	status = save_open(r->o, NULL, &caller, &r->saving, err);
	return privilege_return(status == 0 ? err : &lost) != 0 ? -1 : status;
}

static int open_all(struct receiver *r, struct err *err)
{
	if (read_options(r, err) != 0)
		return -1;
	/* First, so that no signal leaves a file behind. */
	r->signal_fd = interrupts_open(err);
	if (r->signal_fd < 0 || open_output(r, err) != 0 || open_source(r, err) != 0)
		return -1;
	return privileged_drop(err);
}

/* --- waiting --------------------------------------------------------------------------------- */

/* Takes the frames that wait, but not so many that the time or a signal is forgotten. */
static int drain(struct receiver *r, struct err *err)
{
	for (int i = 0; i < DRAIN_MAX && !r->full; i++) {
		struct frame frame;
		enum source_event event = source_next(r->source, &frame, err);

		r->behind = event != SOURCE_IDLE;
		if (!r->behind)
			return 0;
		r->newest_ns = frame.at_ns;
		if (event != SOURCE_FRAME ||
		    (take(r, &frame) && evidence_add(r->saving.evidence, &frame, err) != 0))
			return -1;
		r->full = evidence_count(r->saving.evidence) >= FRAMES_MAX;
	}
	return 0;
}

static int wait_for_it(struct receiver *r, struct err *err)
{
	int64_t until = clock_mono_ns() + r->o->for_ms * MS;

	r->started_ns = clock_real_ns();
	for (;;) {
		int64_t left = until - clock_mono_ns();
		struct pollfd fds[] = {
			{.fd = source_fd(r->source), .events = POLLIN},
			{.fd = r->signal_fd, .events = POLLIN},
		};

		if (drain(r, err) != 0)
			return -1;
		log_progress(&r->log, "%" PRIu32 " SYNs, %" PRIu32 " answers; %.0f s left ...",
			     r->syns, r->answers, (double)(left > 0 ? left : 0) / 1e9);
		if (left <= 0 || r->interrupted || r->full)
			break;
		int wait_ms = left < 1000 * MS ? (int)(left / MS) + 1 : 1000;
		r->interrupted = poll(fds, 2, wait_ms) > 0 && (fds[1].revents & POLLIN);
	}
	/* What still waits to be taken is not known: the end is before it. */
	r->ended_ns = r->behind ? r->newest_ns : clock_real_ns();
	log_progress_end(&r->log);
	if (r->full)
		log_note(&r->log, "%d packets came, and no more are kept: the capture ends here",
			 FRAMES_MAX);
	(void)source_counts(r->source, &r->counts);
	return 0;
}

static int tell(struct receiver *r)
{
	struct text text = {0};
	int status;

	text_addf(&text,
		  "%" PRIu32 " SYNs of %s came, %" PRIu32 " answers went back, %" PRIu32
		  " ICMP errors; %" PRIu32 " packets in %s\n",
		  r->syns, r->o->from, r->answers, r->errors, evidence_count(r->saving.evidence),
		  r->o->write);
	status = output_text(&r->log, &text, EXIT_OK);
	text_free(&text);
	return status;
}

int receive_main(const struct options *o)
{
	struct receiver r = {.o = o, .signal_fd = -1};
	struct err err = {0};
	int status;

	log_init(&r.log, o);
	if (open_all(&r, &err) == 0 && wait_for_it(&r, &err) == 0 &&
	    receiver_write(&r, &err) == 0) {
		status = tell(&r);
	} else {
		log_error(&r.log, "%s", err.msg);
		status = err.code;
	}
	save_close(&r.saving, &r.log);
	if (r.source)
		source_close(r.source);
	if (r.signal_fd >= 0)
		close(r.signal_fd);
	return status;
}
