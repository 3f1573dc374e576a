/* SPDX-License-Identifier: BSD-2-Clause */
/* The result's enumerations by name, as scripts see them, and the exit status. */
#include "infer/result/result.h"
#include <stdlib.h>
#include <string.h>

const char *state_name(enum state s)
{
	static const char *const names[] = {
		[STATE_OPEN] = N_("open"),	   [STATE_CLOSED] = N_("closed"),
		[STATE_BLOCKED] = N_("blocked"),   [STATE_INTERCEPTED] = N_("intercepted"),
		[STATE_DEGRADED] = N_("degraded"), [STATE_UNKNOWN] = "unknown",
	};
	return names[s];
}

const char *blocker_name(enum blocker b)
{
	static const char *const names[] = {
		[BLOCKER_NONE] = "none",
		[BLOCKER_LOCAL_HOST] = "local-host",
		[BLOCKER_LOCAL_NETWORK] = "local-network",
		[BLOCKER_ISP] = "isp",
		[BLOCKER_TRANSIT] = "transit",
		[BLOCKER_REMOTE] = "remote",
		[BLOCKER_UNKNOWN] = "unknown",
	};
	return names[b];
}

const char *mechanism_name(enum mechanism m)
{
	static const char *const names[] = {
		[MECHANISM_NONE] = "none",
		[MECHANISM_SILENT_DROP] = "silent-drop",
		[MECHANISM_TCP_RESET] = "tcp-reset",
		[MECHANISM_ICMP_REJECT] = "icmp-reject",
		[MECHANISM_RETURN_DROP] = "return-drop",
		[MECHANISM_POLICY_ROUTE] = "policy-route",
		[MECHANISM_REDIRECT] = "redirect",
		[MECHANISM_SYN_PROXY] = "syn-proxy",
		[MECHANISM_CAPTIVE_PORTAL] = "captive-portal",
		[MECHANISM_RATE_LIMIT] = "rate-limit",
		[MECHANISM_STARTTLS_STRIPPED] = "starttls-stripped",
		[MECHANISM_TLS_INTERCEPTED] = "tls-intercepted",
		[MECHANISM_RESET_AFTER_HANDSHAKE] = "reset-after-handshake",
		[MECHANISM_STALL_AFTER_HANDSHAKE] = "stall-after-handshake",
		[MECHANISM_MTU] = "mtu",
		[MECHANISM_CLOSED] = "closed",
		[MECHANISM_NO_NETWORK] = "no-network",
		[MECHANISM_UNKNOWN] = "unknown",
	};
	return names[m];
}

const char *layer_name(enum layer l)
{
	static const char *const names[] = {
		[LAYER_NONE] = "none",
		[LAYER_TCP] = "tcp",
		[LAYER_SMTP] = "smtp",
		[LAYER_TLS] = "tls",
	};
	return names[l];
}

const char *port_state_name(enum port_state s)
{
	static const char *const names[] = {
		[PORT_UNASKED] = "unasked",   [PORT_OPEN] = "open",	[PORT_CLOSED] = "closed",
		[PORT_REJECTED] = "rejected", [PORT_SILENT] = "silent",
	};
	return names[s];
}

bool state_named(const char *name, enum state *out)
{
	for (int s = 0; name && s <= STATE_UNKNOWN; s++) {
		*out = (enum state)s;
		if (strcmp(state_name(*out), name) == 0)
			return true;
	}
	return false;
}

bool blocker_named(const char *name, enum blocker *out)
{
	for (int b = 0; name && b <= BLOCKER_UNKNOWN; b++) {
		*out = (enum blocker)b;
		if (strcmp(blocker_name(*out), name) == 0)
			return true;
	}
	return false;
}

bool mechanism_named(const char *name, enum mechanism *out)
{
	for (int m = 0; name && m <= MECHANISM_UNKNOWN; m++) {
		*out = (enum mechanism)m;
		if (strcmp(mechanism_name(*out), name) == 0)
			return true;
	}
	return false;
}

/* The exit status of a block, by who does it. */
static int blocked_status(enum blocker b)
{
	switch (b) {
	case BLOCKER_LOCAL_HOST:
		return 10;
	case BLOCKER_LOCAL_NETWORK:
		return 11;
	case BLOCKER_ISP:
		return 12;
	case BLOCKER_TRANSIT:
		return 13;
	case BLOCKER_REMOTE:
		return 14;
	case BLOCKER_NONE:
	case BLOCKER_UNKNOWN:
		return 17;
	}
	return 17;
}

int result_exit_status(const struct judgement *j)
{
	switch (j->state) {
	case STATE_OPEN:
		return 0;
	case STATE_CLOSED:
		return 14;
	case STATE_BLOCKED:
		return blocked_status(j->blocker);
	case STATE_INTERCEPTED:
		return 15;
	case STATE_DEGRADED:
		return 16;
	case STATE_UNKNOWN:
		return 20;
	}
	return 20;
}

void result_free(struct result *r)
{
	if (r->told)
		arena_free(&r->told->arena);
	free(r->told);
	arena_free(&r->arena);
	*r = (struct result){0};
}

const struct verdict *result_told(const struct result *r)
{
	return r->told ? &r->told->verdict : &r->verdict;
}

const struct catalogue *result_catalogue(const struct result *r)
{
	return r->told ? r->told->arena.catalogue : NULL;
}

const char *blocker_place(enum blocker blocker)
{
	switch (blocker) {
	case BLOCKER_LOCAL_HOST:
		return N_("this host's own firewall or policy");
	case BLOCKER_LOCAL_NETWORK:
		return N_("the local network");
	case BLOCKER_ISP:
		return N_("the provider's network");
	case BLOCKER_TRANSIT:
		return N_("a transit network beyond the provider");
	case BLOCKER_REMOTE:
		return N_("the server or its network");
	case BLOCKER_NONE:
	case BLOCKER_UNKNOWN:
		break;
	}
	return N_("nobody in particular");
}

const char *blocker_party(enum blocker blocker, enum beside_kind beside)
{
	if (blocker == BLOCKER_LOCAL_NETWORK && beside == BESIDE_TUNNEL)
		return N_("whoever runs the far end of the tunnel or line");
	if (blocker == BLOCKER_ISP && beside == BESIDE_TUNNEL)
		return N_("the network that the far end is in");
	if (blocker == BLOCKER_LOCAL_NETWORK && beside == BESIDE_CLOUD)
		return N_("the hypervisor that runs this machine");
	if (blocker == BLOCKER_ISP && beside == BESIDE_CLOUD)
		return N_("the cloud operator's network");
	if (blocker == BLOCKER_LOCAL_NETWORK && beside == BESIDE_OPEN)
		return N_("whoever runs the first routers");
	return blocker_place(blocker);
}

int state_rank(enum state state)
{
	static const int ranks[] = {
		[STATE_INTERCEPTED] = 0, [STATE_BLOCKED] = 1, [STATE_DEGRADED] = 2,
		[STATE_UNKNOWN] = 3,	 [STATE_CLOSED] = 4,  [STATE_OPEN] = 5,
	};
	return ranks[state];
}
