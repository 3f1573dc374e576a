/* SPDX-License-Identifier: BSD-2-Clause */
/* What was counted for one server, before any rule looks at it. */
#include "infer/explain/parts.h"
#include "infer/scene/rate.h"
#include "infer/scene/sessions.h"
#include "infer/way/hops.h"
#include <stdio.h>
#include <string.h>

#define CELL_BYTES   96
#define CELL_COLUMNS 26

static const char *const conducts[] = {
	[CONDUCT_ABSENT] = "neither the port nor a control answers",
	[CONDUCT_PENDING] = "not enough outcomes yet",
	[CONDUCT_REFUSED] = "this host refuses to send to the port",
	[CONDUCT_ANSWERS] = "a SYN-ACK answers",
	[CONDUCT_RESET] = "a reset answers, no SYN-ACK",
	[CONDUCT_REJECTED] = "ICMP rejects, no TCP answers",
	[CONDUCT_SILENT] = "silent",
};

static const char *const outcomes[] = {
	[MAIL_UNTRIED] = "no session was held",
	[MAIL_VERIFIED] = "TLS with a valid certificate",
	[MAIL_UNTRUSTED] = "TLS with a certificate that proves nothing",
	[MAIL_NO_TLS] = "STARTTLS is not offered",
	[MAIL_TLS_DENIED] = "STARTTLS is refused",
	[MAIL_CLEAR] = "the dialogue works as far as it can be seen",
	[MAIL_DECLINED] = "the server declines",
	[MAIL_MUTE] = "no greeting",
	[MAIL_NOT_SMTP] = "what answers speaks no SMTP",
	[MAIL_RESET] = "reset after the handshake",
	[MAIL_ENDED] = "ended too early",
	[MAIL_STALLED] = "no answer any more",
	[MAIL_ODD] = "anything else",
};

/* "6 sent: 2 expired, 4 nothing"; "-" where nothing was sent. */
static void outcome_text(const struct outcome *o, char buf[CELL_BYTES])
{
	const struct {
		uint32_t n;
		const char *name;
	} parts[] = {{o->expired, "expired"}, {o->synack, "SYN-ACK"},
		     {o->reset, "reset"},     {o->rejected, "rejected"},
		     {o->odd, "odd"},	      {o->refused, "refused here"},
		     {o->pending, "pending"}};
	size_t at =
		(size_t)snprintf(buf, CELL_BYTES, o->asked || o->refused ? "%u:" : "-", o->sent);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && at < CELL_BYTES; i++) {
		if (parts[i].n)
			at += (size_t)snprintf(buf + at, CELL_BYTES - at, " %u %s", parts[i].n,
					       parts[i].name);
	}
	if (o->sent && strchr(buf, ' ') == NULL)
		snprintf(buf + at, CELL_BYTES - at, " silence");
}

/* One TTL of both lanes; slot 0 is an unlimited TTL. */
static void add_slot(const struct explaining *x, uint32_t s, int slot)
{
	const struct path *path = &x->scene->paths[s];
	const struct roles *roles = &x->scene->roles[s];
	char target[CELL_BYTES], control[CELL_BYTES], addr[ADDR_TEXT_BYTES];
	outcome_text(&path->target.at[slot], target);
	outcome_text(&path->control.at[slot], control);
	if (slot == 0) {
		text_addf(x->out, "    full  %-*s %s\n", CELL_COLUMNS, target, control);
		return;
	}
	struct addr router = hops_addr(path, slot);
	text_addf(x->out, "    %4d  %-*s %-*s %s", slot, CELL_COLUMNS, target, CELL_COLUMNS,
		  control, addr_is_set(&router) ? addr_text(&router, addr) : "-");
	if (slot <= roles->server_hop && roles->by[slot]) {
		text_add(x->out, "  ");
		explain_owners(x->out, roles->owners[slot]);
		text_addf(x->out, " (%s", roles->by[slot]);
		if (roles->ruled[slot] != roles->owners[slot]) {
			text_add(x->out, " says ");
			explain_owners(x->out, roles->ruled[slot]);
			text_add(x->out, "; the order of the way leaves less");
		}
		text_add(x->out, ")");
	}
	text_add(x->out, "\n");
}

/* SYNs by TTL, with who answered there and who may own the hop. */
static void add_slots(const struct explaining *x, uint32_t s)
{
	const struct path *path = &x->scene->paths[s];
	text_addf(x->out, "  by TTL  %-*s %-*s who answers, and may own it (rule)\n", CELL_COLUMNS,
		  "port under test", CELL_COLUMNS, "control");
	for (int slot = 0; slot <= PATH_TTL_MAX; slot++) {
		const struct outcome *t = &path->target.at[slot], *c = &path->control.at[slot];
		if (slot == 0 || t->asked || t->refused || c->asked || c->refused)
			add_slot(x, s, slot);
	}
}

/* How far the server is, what says so, and what places the rules may not use. */
static void add_distance(const struct explaining *x, uint32_t s)
{
	const struct path *path = &x->scene->paths[s];
	text_addf(
		x->out,
		"  distance       %d hops (0: unknown), at least %d; the control first answers at "
		"TTL %d%s\n",
		path->distance, path->nearest, path->answered,
		path->ttl_void ? "; TTLs tell no place on this way" : "");
	if (path->told)
		text_addf(x->out, "  told           %d hops by other signs\n", path->told);
	if (path->parting)
		text_addf(x->out,
			  "  parting        from hop %d on the port takes another way, at least %d "
			  "hops long\n",
			  path->parting, path->port_distance);
	if (path->impostor)
		text_add(x->out, "  nearer         somebody nearer than the server answers the "
				 "control\n");
	text_addf(
		x->out,
		"  chances        6 SYNs all lost though nobody blocks %.2g; last hop seen by the "
		"port's SYNs %d\n",
		rate_silence(x->scene, s, 6),
		rate_last_seen(x->scene, s, x->scene->roles[s].server_hop));
}

/* What the raw socket's SYNs to a port did on this host. */
static void add_raw(const struct explaining *x, uint32_t s, const char *name, uint16_t port)
{
	struct sign_raw raw = signs_raw(&x->scene->paths[s], port);
	text_addf(x->out,
		  "  %-14s left %u, denied %u, swallowed %u; resets %u and errors %u on loopback; "
		  "elsewhere %u\n",
		  name, raw.left, raw.denied, raw.swallowed, raw.resets, raw.errors, raw.elsewhere);
}

/* What the sessions came to, and how many networks fare so. */
static void add_mail(const struct explaining *x, uint32_t s)
{
	const struct mail *mail = &x->scene->mails[s];
	text_addf(x->out, "  mail           %s", outcomes[mail->outcome]);
	if (mail->held)
		text_addf(x->out,
			  "; %u sessions, %u alike; networks that fare so %u, verified %u; "
			  "TTL of the reset %d, of the server %d",
			  mail->held, mail->alike, mail_sites(x->scene, s, mail->outcome),
			  mail_sites(x->scene, s, MAIL_VERIFIED), mail->reset_ttl,
			  mail->server_ttl);
	text_add(x->out, "\n");
}

void explain_facts(const struct explaining *x, uint32_t s)
{
	const struct path *path = &x->scene->paths[s];
	text_addf(x->out, "  conduct        %s\n", conducts[x->scene->conducts[s]]);
	add_distance(x, s);
	add_raw(x, s, "host, port", path->target.port);
	if (path->control.port)
		add_raw(x, s, "host, control", path->control.port);
	if (x->scene->here[s].kind)
		text_addf(x->out, "  host's rule    %s\n", local_name(x->scene->here[s].kind));
	add_mail(x, s);
	add_slots(x, s);
}
