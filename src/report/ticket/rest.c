/* SPDX-License-Identifier: BSD-2-Clause */
/* The second page of the ticket: what is excluded and not claimed, how to see it again, the
 * request. */
#include "report/page/hop_marks.h"
#include "report/page/phrase.h"
#include "report/ticket/parts.h"
#include <string.h>

static void item(struct ticket *k, enum ticket_line line)
{
	ticket_say(k, " - ", ticket_line(line));
}

void ticket_excluded(struct ticket *k)
{
	struct hop_row host;
	unsigned open = 0, alike = 0;

	if (!k->f)
		return;
	host = hop_of_host(k->t, k->f);
	for (size_t i = 0; i < k->r->findings_n; i++) {
		if (k->t->servers[k->r->findings[i].server].addr.family != k->server->addr.family)
			continue;
		open += k->r->findings[i].judgement.state == STATE_OPEN;
		alike += k->r->findings[i].judgement.state == k->f->judgement.state;
	}
	ticket_heading(k, LINE_EXCLUDED);
	if (k->party == PARTY_HOST && host.target.expired == 0)
		item(k, LINE_HOST_BLOCKS);
	else if (host.target.expired > 0)
		item(k, LINE_HOST_LEFT);
	if (alike > 1 && k->party != PARTY_OPERATOR)
		item(k, LINE_SERVERS);
	if (open > 0)
		item(k, LINE_SERVER_ONE);
	item(k, LINE_DNS);
	item(k, LINE_LOSS);
}

static bool is_return_suspected(const struct judgement *j)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].mechanism == MECHANISM_RETURN_DROP)
			return true;
	}
	return j->mechanism == MECHANISM_RETURN_DROP ||
	       (!j->link.known && j->state == STATE_BLOCKED);
}

void ticket_not_claimed(struct ticket *k)
{
	const struct judgement *j = &k->r->verdict.judgement;

	ticket_heading(k, LINE_NOT_CLAIMED);
	if (j->suspects_n > 1)
		item(k, j->blocker == BLOCKER_UNKNOWN ? LINE_NOT_BETWEEN : LINE_NOT_CERTAIN);
	if (is_return_suspected(j))
		item(k, LINE_NOT_RETURN);
	if (j->link.known && j->link.to_hop > 1)
		item(k, LINE_NOT_IMITATED);
	item(k, LINE_NOT_INTENT);
	item(k, LINE_NOT_LOSS);
	if (!k->t->run.smtp)
		item(k, LINE_NOT_MAIL);
}

/* A command that goes on over the line's end is still one command when it is pasted. */
static void command(struct ticket *k, const char *words)
{
	page_paragraph(&k->page, &(struct margin){"     ", 7, " \\", PAINT_NONE}, words);
}

/* The TTL at which the two ports part: the first hop that the port never showed. */
static int parting_hop(const struct ticket *k)
{
	const struct link_span *link = &k->r->verdict.judgement.link;

	if (link->known && link->to_hop > 0)
		return link->to_hop;
	return k->f->distance_control > 0 ? k->f->distance_control : 8;
}

/* The host as a command's argument: nothing but what host names and addresses are made of. */
static const char *argument(struct ticket *k)
{
	static const char fit[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";
	char buf[ADDR_TEXT_BYTES];
	const char *host = phrase_host(k->server, buf);

	if (*host != '-' && host[strspn(host, fit)] == '\0')
		return arena_copy(&k->arena, host);
	return arena_copy(&k->arena, addr_text(&k->server->addr, buf));
}

/* tcptraceroute knows IPv4 alone. */
static void trace_command(struct ticket *k, const char *addr, unsigned port)
{
	if (k->server->addr.family == 6)
		command(k,
			arena_printf(&k->arena, "sudo traceroute -6 -n -T -p %u %s", port, addr));
	else
		command(k, arena_printf(&k->arena, "sudo tcptraceroute -n %s %u", addr, port));
}

/* SYNs of one TTL; nping sets it for IPv4 alone. */
static void hop_command(struct ticket *k, const char *addr, unsigned port)
{
	int hop = parting_hop(k);

	if (k->server->addr.family == 6)
		command(k, arena_printf(&k->arena, "sudo traceroute -6 -n -T -p %u -f %d -m %d %s",
					port, hop, hop, addr));
	else
		command(k, arena_printf(&k->arena,
					"sudo nping --tcp --flags syn --ttl %d -c 3 -p %u %s", hop,
					port, addr));
}

static void far_commands(struct ticket *k)
{
	bool v6 = k->server->addr.family == 6;
	char addr[ADDR_TEXT_BYTES];

	addr_text(&k->server->addr, addr);
	ticket_say(k, "   ", ticket_line(v6 ? LINE_STOCK_FAR_V6 : LINE_STOCK_FAR));
	trace_command(k, addr, k->server->port);
	trace_command(k, addr, k->f->control);
	ticket_say(k, "   ", ticket_line(v6 ? LINE_STOCK_NEAR_V6 : LINE_STOCK_NEAR));
	hop_command(k, addr, k->server->port);
	hop_command(k, addr, k->f->control);
}

static void mail_commands(struct ticket *k)
{
	unsigned port = k->server->port, control = k->f->control;
	const char *host = argument(k);
	bool six = strchr(host, ':') != NULL;

	ticket_say(k, "   ", ticket_line(LINE_STOCK_MAIL));
	command(k, arena_printf(&k->arena, "openssl s_client %s-connect %s%s%s:%u",
				port == 465 ? "" : "-starttls smtp ", six ? "[" : "", host,
				six ? "]" : "", port));
	if (control == 993 || control == 443 || control == 995 || control == 465)
		command(k, arena_printf(&k->arena, "openssl s_client -connect %s%s%s:%u",
					six ? "[" : "", host, six ? "]" : "", control));
}

void ticket_reproduce(struct ticket *k)
{
	if (!k->f)
		return;
	ticket_heading(k, LINE_REPRODUCE);
	if (k->f->control != 0 && k->party != PARTY_HOST && k->party != PARTY_NOBODY &&
	    k->party != PARTY_UNDECIDED)
		far_commands(k);
	mail_commands(k);
	ticket_say(k, "   ", ticket_line(LINE_STOCK_SELF));
	command(k,
		arena_printf(&k->arena, "sudo whoblocks --port %u --control %u %s", k->server->port,
			     k->f->control ? k->f->control : 443u, argument(k)));
	if (k->run->capture_file)
		command(k, "whoblocks replay capture.pcapng");
}

void ticket_request(struct ticket *k)
{
	ticket_heading(k, LINE_REQUEST);
	ticket_say(k, "   ", ticket_party_word(k->party, WORD_REQUEST));
}
