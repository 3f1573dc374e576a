/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/show/receive_file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/live/circumstances.h"
#include "io/host/sockaddr.h"
#include "report/json/record.h"
#include "report/report.h"
#include "trace/facts.h"
#include <ifaddrs.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/socket.h>

#define ADDRESSES_MAX 12

static void add_address(struct text *out, const struct sockaddr *sa)
{
	struct addr addr = sa ? sockaddr_addr(sa) : (struct addr){0};
	char buf[ADDR_TEXT_BYTES];

	if (!addr_is_set(&addr) || addr_class(&addr) == ADDR_LOOPBACK ||
	    addr_class(&addr) == ADDR_LINK_LOCAL)
		return;
	text_addf(out, " %s,", addr_text(&addr, buf));
}

/* Who waited where for whom: silence counts only where somebody listened. */
static void note_role(const struct receiver *r, struct trace *t)
{
	char addr[ADDR_TEXT_BYTES];
	struct ifaddrs *list = NULL, *at;
	struct text text = {0};
	int n = 0;

	text_add(&text, "a machine with the addresses");
	if (getifaddrs(&list) == 0) {
		for (at = list; at && n < ADDRESSES_MAX; at = at->ifa_next) {
			size_t before = text.len;

			add_address(&text, at->ifa_addr);
			n += text.len > before;
		}
		freeifaddrs(list);
	}
	text_addf(&text, " captured port %" PRIu32 " of the clients %s/%u", r->o->port,
		  addr_text(&r->from.addr, addr), r->from.len);
	struct note note = {
		.kind = "receiver",
		.text = text_str(&text),
		.server = TRACE_NONE,
		.port = (uint16_t)r->o->port,
	};
	t->failed = t->failed || text.failed || !trace_add_note(t, &note);
	text_free(&text);
	for (int i = -1; i < (int)r->o->controls_n; i++) {
		struct counter port = {"receiver-port", i < 0 ? r->o->port : r->o->controls[i]};

		(void)trace_add_counter(t, &port);
	}
}

static char *facts_of(const struct receiver *r, struct trace *t, const struct about *about)
{
	struct run_info info = {
		.mode = "live",
		.argv = r->o->argv,
		.packets_seen = r->counts.received,
		.capture_dropped = r->counts.dropped,
		.started_ns = r->started_ns,
		.duration_ns = r->ended_ns - r->started_ns,
		.rounds = 1,
		.about = about,
	};
	struct drop_window lost = {r->started_ns, r->ended_ns, (uint32_t)r->counts.dropped};
	char *text = NULL;

	t->run = (struct run_facts){.port = (uint16_t)r->o->port,
				    .started_ns = r->started_ns,
				    .ended_ns = r->ended_ns,
				    .stop = r->full	     ? "limit"
					    : r->interrupted ? "interrupted"
							     : "budget"};
	note_role(r, t);
	if (r->counts.dropped)
		(void)trace_add_drop(t, &lost);
	json_t *facts = facts_encode(t), *record = record_encode(&info, t);
	if (!t->failed && facts && record && json_array_append(facts, record) == 0)
		text = json_dumps(facts, JSON_COMPACT);
	json_decref(facts);
	json_decref(record);
	return text;
}

int receiver_write(struct receiver *r, struct err *err)
{
	struct circumstances about;
	struct trace t;
	int status;

	circumstances_read(&about, r->o);
	trace_init(&t);
	char *facts = facts_of(r, &t, &about.about);
	struct evidence_end end = {
		.os = about.system.os,
		.application = "whoblocks " WHOBLOCKS_VERSION,
		.facts = facts,
		.received = r->counts.received,
		.dropped = r->counts.dropped,
		.started_ns = r->started_ns,
		.ended_ns = r->ended_ns,
	};
	status = facts ? save_receiver(&r->saving, &end, err)
		       : err_set(err, EXIT_SYSTEM, "no memory for the facts of the capture");
	free(facts);
	trace_free(&t);
	circumstances_free(&about);
	return status;
}
