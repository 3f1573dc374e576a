/* SPDX-License-Identifier: BSD-2-Clause */
/* What was said in the mail sessions, word for word. */
#include "report/html/parts.h"
#include "report/page/phrase.h"
#include <string.h>

#define SESSIONS_MAX 4 /* those to the server whose way is drawn come first */

static const char *stage_words(enum session_stage stage)
{
	switch (stage) {
	case SESSION_UNCONNECTED:
		return "no connection";
	case SESSION_CONNECTED:
		return "connected, no greeting";
	case SESSION_GREETED:
		return "greeted";
	case SESSION_ANSWERED:
		return "EHLO answered";
	case SESSION_AGREED:
		return "STARTTLS accepted";
	case SESSION_SECURE:
		return "TLS established";
	case SESSION_COMPLETE:
		return "TLS established, EHLO answered again";
	}
	return "";
}

static const char *end_words(enum session_end end)
{
	switch (end) {
	case SESSION_DONE:
		return "ended in order";
	case SESSION_REFUSED:
		return "the connection failed";
	case SESSION_CLOSED:
		return "the other side closed it";
	case SESSION_RESET:
		return "ended by a reset";
	case SESSION_SILENT:
		return "no answer in time";
	case SESSION_NO_TLS:
		return "STARTTLS was missing or refused";
	case SESSION_UNTRUSTED:
		return "the certificate is not trusted";
	case SESSION_WRONG_NAME:
		return "the certificate is for another name";
	case SESSION_BROKEN:
		return "what came is no SMTP or no TLS";
	case SESSION_FLOODED:
		return "more came than anybody needs";
	case SESSION_STOPPED:
		return "the run was over first";
	}
	return "";
}

/* Text of several lines, each escaped by itself: a line end in it is one of ours. */
static void lines(const struct html *h, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	html_putf(h, "<h4>%s</h4>\n<pre>", name);
	while (*text) {
		size_t n = 0;
		struct text line = {0};

		while (text[n] && text[n] != '\n')
			n++;
		text_add_bytes(&line, text, n);
		html_text(h, text_str(&line));
		html_put(h, "\n");
		h->out->failed |= line.failed;
		text_free(&line);
		text += n + (text[n] == '\n');
	}
	html_put(h, "</pre>\n");
}

/* A certificate a line, its fields between tabs. */
static void certificates(const struct html *h, const char *chain)
{
	static const char *const fields[] = {"subject",	  "issuer",	"serial number",
					     "for names", "valid from", "valid until"};
	const char *const line_end = "\n";

	if (!chain || !*chain)
		return;
	html_element(h, "h4", "Certificates");
	while (*chain) {
		size_t left = strcspn(chain, line_end);

		html_put(h, "<dl class=\"cert\">\n");
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
			size_t n = strcspn(chain, "\t\n");
			struct text value = {0};

			text_add_bytes(&value, chain, n);
			html_property(h, fields[i], n > 0 ? text_str(&value) : NULL);
			h->out->failed |= value.failed;
			text_free(&value);
			chain += n;
			left -= n;
			if (left == 0)
				break;
			chain++;
			left--;
		}
		html_put(h, "</dl>\n");
		chain += left;
		chain += *chain == '\n';
	}
}

static void session(const struct html *h, const struct session *s)
{
	const struct server *server = &h->t->servers[s->server];
	char buf[ADDR_TEXT_BYTES], time[PHRASE_TIME_BYTES];

	html_put(h, "<h3>");
	html_text(h, phrase_host(server, buf));
	html_putf(h, ", port %u, IPv%u</h3>\n<dl>\n", s->port, server->addr.family);
	html_property(h, "began", phrase_time(s->at_ns, time));
	html_property(h, "came to", stage_words(s->stage));
	html_property(h, "end", end_words(s->end));
	html_property(h, "TLS", s->version);
	html_put(h, "</dl>\n");
	lines(h, "Dialogue", s->lines);
	certificates(h, s->chain);
}

static bool is_drawn(const struct html *h, const struct session *s)
{
	return h->f && h->f->server == s->server;
}

void html_mail(const struct html *h)
{
	size_t shown = 0;

	if (h->t->sessions_n == 0)
		return;
	html_element(h, "h2", "Mail sessions");
	for (int drawn = 1; drawn >= 0; drawn--) {
		for (size_t i = 0; i < h->t->sessions_n && shown < SESSIONS_MAX; i++) {
			const struct session *s = &h->t->sessions[i];

			if (s->server >= h->t->servers_n || is_drawn(h, s) != drawn)
				continue;
			session(h, s);
			shown++;
		}
	}
	if (h->t->sessions_n > shown)
		html_putf(h, "<p class=\"faint\">and %zu more in the JSON result</p>\n",
			  h->t->sessions_n - shown);
}
