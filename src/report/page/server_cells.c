/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/server_cells.h"
#include "infer/mail/mail.h"
#include "report/page/phrase.h"
#include <stdio.h>
#include <string.h>

static const char *const blocked_here = "blocked here";
static const char *const no_value = "–";

bool server_cell_is_empty(const char *cell)
{
	return strcmp(cell, no_value) == 0;
}

static const struct port_row *port_row(const struct finding *f, bool target)
{
	for (size_t i = 0; i < f->ports_n; i++) {
		if (target ? f->ports[i].is_target : f->ports[i].is_control)
			return &f->ports[i];
	}
	return NULL;
}

static const char *port_words(enum port_state s)
{
	switch (s) {
	case PORT_UNASKED:
		return "not asked";
	case PORT_OPEN:
		return "open";
	case PORT_CLOSED:
		return "closed";
	case PORT_REJECTED:
		return "rejected";
	case PORT_SILENT:
		return "silent";
	}
	return "";
}

static const char *const not_let_out = "not let out"; /* its SYNs did not leave this host */

static const char *row_words(const struct port_row *row)
{
	return row->kept && row->state == PORT_SILENT ? not_let_out : port_words(row->state);
}

/* What the port's cell says: the answer as it came, or more where more is known of it. */
static const char *target_words(const struct finding *f)
{
	const struct port_row *row = port_row(f, true);
	const struct judgement *j = &f->judgement;

	if (j->state == STATE_INTERCEPTED || j->state == STATE_DEGRADED)
		return state_name(j->state);
	if (j->state == STATE_BLOCKED && j->blocker == BLOCKER_LOCAL_HOST)
		return blocked_here;
	/* What was accepted behind somebody's reset is open. */
	if (j->state == STATE_OPEN && row && row->state == PORT_CLOSED)
		return port_words(PORT_OPEN);
	/* Whose reset it was is known of a closed port alone. */
	if (j->state != STATE_CLOSED && row && row->state == PORT_CLOSED)
		return "reset";
	/* It accepts and says nothing: that is not what readers call open. */
	if (j->state == STATE_UNKNOWN && f->mail && f->mail->outcome == MAIL_MUTE)
		return "accepts";
	return row ? row_words(row) : no_value;
}

static const char *session_words(const struct mail *mail)
{
	switch (mail->outcome) {
	case MAIL_UNTRIED:
		return "not tested";
	case MAIL_VERIFIED:
		return "yes, TLS";
	case MAIL_UNTRUSTED:
		return "TLS not trusted";
	case MAIL_NO_TLS:
		return mail->dialogue.masked ? "STARTTLS masked" : "no STARTTLS";
	case MAIL_TLS_DENIED:
		return "STARTTLS refused";
	case MAIL_CLEAR:
		return "yes";
	case MAIL_DECLINED:
		return "declines";
	case MAIL_MUTE:
		return "no greeting";
	case MAIL_NOT_SMTP:
		return "no SMTP";
	case MAIL_RESET:
	case MAIL_ENDED:
		return "cut off";
	case MAIL_STALLED:
		return "goes dead";
	case MAIL_ODD:
		return "odd";
	}
	return "";
}

/* Of a port that this host blocks: a session held by a user whom it lets through is that user's. */
static bool is_held_past(const struct finding *f)
{
	return f->judgement.state == STATE_BLOCKED && f->judgement.blocker == BLOCKER_LOCAL_HOST;
}

static const char *smtp_words(const struct finding *f)
{
	if (is_held_past(f) && !f->passes)
		return no_value;
	if (f->mail)
		return session_words(f->mail);
	switch (f->layer) {
	case LAYER_NONE:
		return no_value;
	case LAYER_TCP:
		return "no greeting";
	case LAYER_SMTP:
		return "yes, no TLS";
	case LAYER_TLS:
		return "yes, TLS";
	}
	return "";
}

/* Whether another finding of the same family goes by the same name. */
static bool is_ambiguous(const struct view *v, size_t finding)
{
	const struct server *one = &v->t->servers[v->r->findings[finding].server];

	for (size_t i = 0; i < v->r->findings_n; i++) {
		const struct server *other = &v->t->servers[v->r->findings[i].server];

		if (i != finding && other->addr.family == one->addr.family && other->host &&
		    one->host && strcmp(other->host, one->host) == 0)
			return true;
	}
	return false;
}

void server_host_cell(const struct view *v, size_t finding, struct text *out)
{
	const struct server *server = &v->t->servers[v->r->findings[finding].server];
	char addr[ADDR_TEXT_BYTES], buf[ADDR_TEXT_BYTES];
	const char *host = phrase_host(server, buf);

	text_add(out, host);
	if (is_ambiguous(v, finding) && strcmp(host, addr_text(&server->addr, addr)) != 0)
		text_addf(out, " %s", addr);
}

/* What is said of the controls where none of them answered. */
static const char *no_control(const struct finding *f)
{
	size_t asked = 0, kept = 0;

	for (size_t i = 0; i < f->ports_n; i++) {
		const struct port_row *row = &f->ports[i];

		asked += !row->is_target && row->state != PORT_UNASKED;
		kept += !row->is_target && row->kept;
	}
	if (asked == 0)
		return "not asked";
	return kept == asked ? not_let_out : "no answer";
}

void server_cells(const struct view *v, size_t finding, bool with_port, struct server_cells *out)
{
	const struct finding *f = &v->r->findings[finding];
	const struct port_row *control = port_row(f, false);
	char(*cell)[CELL_BYTES] = out->cell;

	*out = (struct server_cells){.paint = page_state_paint(f->judgement.state)};
	if (with_port)
		snprintf(cell[CELL_TARGET], CELL_BYTES, "%u %s", v->t->servers[f->server].port,
			 target_words(f));
	else
		snprintf(cell[CELL_TARGET], CELL_BYTES, "%s", target_words(f));
	if (control)
		snprintf(cell[CELL_CONTROL], CELL_BYTES, "%u %s", control->port,
			 f->deaf ? blocked_here : row_words(control));
	else
		snprintf(cell[CELL_CONTROL], CELL_BYTES, "%s", no_control(f));
	if (f->distance_control > 0)
		snprintf(cell[CELL_DISTANCE], CELL_BYTES, "%d hop%s", f->distance_control,
			 f->distance_control == 1 ? "" : "s");
	else
		snprintf(cell[CELL_DISTANCE], CELL_BYTES, "%s", no_value);
	snprintf(cell[CELL_SMTP], CELL_BYTES, "%s%s%s",
		 is_held_past(f) && f->passes ? f->passes : "",
		 is_held_past(f) && f->passes ? ": " : "", smtp_words(f));
}

void server_cells_free(struct server_cells *cells)
{
	text_free(&cells->host);
}
