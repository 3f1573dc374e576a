/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/mail/smtp_log.h"
#include <string.h>

#define LINE_BYTES  512 /* RFC 5321, 4.5.3.1.5: of a reply, with its line end */
#define TEXT_BYTES  5500
#define LINES_MAX   120
#define BYTES_MAX   (64 * 1024)
#define VERSION_MAX 96

enum { COMMAND_NONE, COMMAND_EHLO, COMMAND_STARTTLS };

static size_t without_end(const char *line, size_t n)
{
	while (n > 0 && (line[n - 1] == '\r' || line[n - 1] == '\n'))
		n--;
	return n;
}

static void keep(struct smtp_log *log, const char *who, const char *line, size_t n)
{
	size_t shown = n > LINE_BYTES ? LINE_BYTES : n;

	/* Escaping makes a byte up to four. */
	if (log->lines.len + 4 * shown > TEXT_BYTES)
		return;
	if (log->lines.len)
		text_add(&log->lines, "\n");
	text_add(&log->lines, who);
	text_add_untrusted(&log->lines, line, shown);
	if (shown < n)
		text_add(&log->lines, " [...]");
}

/* RFC 5321, 4.2: three digits, then "-" when more follows; 0 for what is no reply. */
static int reply_code(const char *line, size_t n, bool *last)
{
	int code = 0;

	if (n < 3)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		if (line[i] < '0' || line[i] > '9')
			return 0;
		code = 10 * code + (line[i] - '0');
	}
	*last = n == 3 || line[3] == ' ';
	return *last || line[3] == '-' ? code : 0;
}

static void reach(struct smtp_log *log, enum session_stage stage)
{
	if (stage > log->stage)
		log->stage = stage;
}

static void note_reply(struct smtp_log *log, int code, int64_t now_ns)
{
	if (!log->greeted) {
		log->greeted = true;
		log->greeted_ns = now_ns;
		reach(log, SESSION_GREETED);
	} else if (log->command == COMMAND_EHLO && code / 100 == 2) {
		reach(log, log->secure ? SESSION_COMPLETE : SESSION_ANSWERED);
	} else if (log->command == COMMAND_STARTTLS && code == 220) {
		reach(log, SESSION_AGREED);
	}
}

void smtp_log_in(struct smtp_log *log, const char *line, size_t n, int64_t now_ns)
{
	bool last = false;
	size_t len = without_end(line, n);
	int code = reply_code(line, len, &last);

	log->came++;
	log->bytes += n;
	if (log->came > LINES_MAX || log->bytes > BYTES_MAX)
		log->flooded = true;
	keep(log, "S: ", line, len);
	if (!code)
		log->strange = true;
	else if (last)
		note_reply(log, code, now_ns);
}

void smtp_log_out(struct smtp_log *log, const char *line, size_t n)
{
	size_t len = without_end(line, n);

	keep(log, "C: ", line, len);
	log->command = COMMAND_NONE;
	if (len >= 4 && (memcmp(line, "EHLO", 4) == 0 || memcmp(line, "HELO", 4) == 0))
		log->command = COMMAND_EHLO;
	else if (len == 8 && memcmp(line, "STARTTLS", 8) == 0)
		log->command = COMMAND_STARTTLS;
}

void smtp_log_secure(struct smtp_log *log, const char *version, size_t n)
{
	size_t len = without_end(version, n);

	log->secure = true;
	reach(log, SESSION_SECURE);
	if (log->version.len == 0)
		text_add_untrusted(&log->version, version, len > VERSION_MAX ? VERSION_MAX : len);
}

void smtp_log_free(struct smtp_log *log)
{
	text_free(&log->lines);
	text_free(&log->version);
}
