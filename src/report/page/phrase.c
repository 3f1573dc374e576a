/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/phrase.h"
#include "base/catalogue.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *phrase_party(enum blocker b)
{
	switch (b) {
	case BLOCKER_LOCAL_HOST:
		return N_("this host");
	case BLOCKER_LOCAL_NETWORK:
		return N_("the local network");
	case BLOCKER_ISP:
		return N_("the provider");
	case BLOCKER_TRANSIT:
		return N_("a transit network");
	case BLOCKER_REMOTE:
		return N_("the server's side");
	case BLOCKER_NONE:
	case BLOCKER_UNKNOWN:
		return NULL;
	}
	return NULL;
}

const char *phrase_place(enum blocker b)
{
	switch (b) {
	case BLOCKER_LOCAL_HOST:
		return N_("on this host");
	case BLOCKER_LOCAL_NETWORK:
		return N_("in the local network");
	case BLOCKER_ISP:
		return N_("in the provider's network");
	case BLOCKER_TRANSIT:
		return N_("in transit");
	case BLOCKER_REMOTE:
		return N_("on the server's side");
	case BLOCKER_NONE:
	case BLOCKER_UNKNOWN:
		return NULL;
	}
	return NULL;
}

static void add_suspects(const struct judgement *j, const struct catalogue *c, struct text *out)
{
	bool first = true;

	for (size_t i = 0; i < j->suspects_n; i++) {
		const char *party = phrase_party(j->suspects[i].blocker);
		bool last = i + 1 == j->suspects_n;

		if (!party)
			continue;
		text_add(out, first  ? catalogue_say(c, N_(" by "))
			      : last ? catalogue_say(c, N_(" or "))
				     : ", ");
		text_add(out, catalogue_say(c, party));
		first = false;
	}
}

void phrase_judgement(const struct judgement *j, const struct catalogue *c, struct text *out)
{
	const char *place = phrase_place(j->blocker);

	if (j->state == STATE_UNKNOWN) {
		text_add(out,
			 catalogue_say(c, j->mechanism == MECHANISM_NO_NETWORK ? N_("no answer")
									       : N_("no verdict")));
		return;
	}
	text_add(out, catalogue_say(c, state_name(j->state)));
	if (j->state == STATE_CLOSED) {
		text_add(out, catalogue_say(c, N_(" by the server")));
	} else if (place) {
		text_add(out, " ");
		text_add(out, catalogue_say(c, place));
	} else if (j->blocker == BLOCKER_UNKNOWN) {
		add_suspects(j, c, out);
	}
}

void phrase_owners(uint8_t owners, bool first_hop, const struct catalogue *c, struct text *out)
{
	static const struct {
		const char *alone, *among;
	} words[SEGMENT_COUNT] = {
		[SEGMENT_HOST] = {N_("this host"), N_("this host")},
		[SEGMENT_LOCAL] = {N_("local network"), N_("local")},
		[SEGMENT_ISP] = {N_("your provider"), N_("provider")},
		[SEGMENT_TRANSIT] = {N_("transit network"), N_("transit")},
		[SEGMENT_REMOTE] = {N_("server's network"), N_("server's")},
	};
	bool several = (owners & (owners - 1)) != 0, first = true;

	if (first_hop && owners == 1u << SEGMENT_LOCAL) {
		text_add(out, catalogue_say(c, N_("your router")));
		return;
	}
	for (int i = 0; i < SEGMENT_COUNT; i++) {
		if (!(owners & 1u << i))
			continue;
		text_add(out, first ? "" : catalogue_say(c, N_(" or ")));
		text_add(out, catalogue_say(c, several ? words[i].among : words[i].alone));
		first = false;
	}
}

const char *phrase_family_name(uint8_t family)
{
	switch (family) {
	case 4:
		return "ipv4";
	case 6:
		return "ipv6";
	case 46:
		return "both";
	default:
		return NULL;
	}
}

const char *phrase_fact_kind(const char *kind)
{
	static const char *const kinds[] = {
		"output-drop",
		"output-reject-reset",
		"output-reject-icmp",
		"input-drop",
		"egress-drop",
		"connect-denied",
		"policy-route",
		"owner-rule",
		"local-redirect",
		"output-limit",
		"controls-denied",
		"queue-drop",
		"conntrack-full",
		"send-error",
		"connect",
		"smtp",
		"tls",
		"route",
		"name",
		"dns",
		"rule",
		"firewall",
		"container",
		"virtual-machine",
		"cloud",
		"tunnel",
		"capture-drop",
		"limit",
		"no-trust",
	};

	for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i], kind) == 0)
			return kinds[i];
	}
	return "note";
}

/* Why runs end, and what a reader must know of it. */
static const struct {
	const char *name, *sentence;
} stops[] = {
	{"decided", NULL},
	{"no-network", NULL},
	{"budget", "The time ran out before every question was decided; --budget gives more."},
	{"interrupted", "The run was interrupted; this is the verdict so far."},
	{"capture-failed", "The capture failed during the run; this is the verdict so far."},
	{"limit", "There was more to record than fits; this is the verdict so far."},
};

const char *phrase_stop_name(const char *stop)
{
	for (size_t i = 0; stop && i < sizeof(stops) / sizeof(stops[0]); i++) {
		if (strcmp(stops[i].name, stop) == 0)
			return stops[i].name;
	}
	return NULL;
}

const char *phrase_stop(const char *stop)
{
	for (size_t i = 0; stop && i < sizeof(stops) / sizeof(stops[0]); i++) {
		if (strcmp(stops[i].name, stop) == 0)
			return stops[i].sentence;
	}
	return NULL;
}

const char *phrase_errno(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{EPERM, "EPERM"},
		{EIO, "EIO"},
		{EAGAIN, "EAGAIN"},
		{ENOMEM, "ENOMEM"},
		{EACCES, "EACCES"},
		{ENODEV, "ENODEV"},
		{EINVAL, "EINVAL"},
		{EMSGSIZE, "EMSGSIZE"},
		{ENOPROTOOPT, "ENOPROTOOPT"},
		{EPROTO, "EPROTO"},
		{EAFNOSUPPORT, "EAFNOSUPPORT"},
		{EADDRINUSE, "EADDRINUSE"},
		{EADDRNOTAVAIL, "EADDRNOTAVAIL"},
		{ENETDOWN, "ENETDOWN"},
		{ENETUNREACH, "ENETUNREACH"},
		{ECONNABORTED, "ECONNABORTED"},
		{ECONNRESET, "ECONNRESET"},
		{ENOBUFS, "ENOBUFS"},
		{ETIMEDOUT, "ETIMEDOUT"},
		{ECONNREFUSED, "ECONNREFUSED"},
		{EHOSTDOWN, "EHOSTDOWN"},
		{EHOSTUNREACH, "EHOSTUNREACH"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].error == error)
			return names[i].name;
	}
	return NULL;
}

const char *phrase_host(const struct server *server, char buf[ADDR_TEXT_BYTES])
{
	return server->host && *server->host ? server->host : addr_text(&server->addr, buf);
}

const char *phrase_port(uint16_t port, char buf[8])
{
	snprintf(buf, 8, "%u", port);
	return buf;
}
