/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes the input for the dialogue of a mail session: the first byte chooses how it went, the
 * text up to a byte of zero is the lines, what follows the certificates.
 */
#include "fuzz_check.h"
#include "infer/mail/dialogue.h"
#include <string.h>

static void check_slice(const struct slice *slice, const char *lines, size_t n)
{
	require(!slice->at || (slice->at >= lines && slice->at + slice->n <= lines + n));
}

static void check_dialogue(const struct session *s)
{
	struct dialogue d;
	size_t n = strlen(s->lines);

	dialogue_read(s, &d);
	check_slice(&d.greeting_text, s->lines, n);
	check_slice(&d.greeting_host, s->lines, n);
	check_slice(&d.starttls_text, s->lines, n);
	check_slice(&d.auth_clear, s->lines, n);
	check_slice(&d.auth_tls, s->lines, n);
	require(d.keywords_n <= DIALOGUE_KEYWORDS_MAX);
	for (size_t i = 0; i < d.keywords_n; i++)
		check_slice(&d.keywords[i], s->lines, n);
}

static void judge_with(struct session *s)
{
	struct server server = {.host = "mail.example", .port = 587, .controls_n = 1};
	struct probe probe = {.dst_port = 587, .src_port = 40000, .seq = 1, .ttl = 64, .sent = 1};
	struct reply reply = {.kind = REPLY_SYNACK, .ack = 2, .ack_valid = true, .ttl = 60};
	struct trace t;

	trace_init(&t);
	t.run.own = t.run.smtp = true;
	server.controls[0] = 993;
	require(addr_parse("203.0.113.25", &server.addr));
	require(trace_add_server(&t, &server));
	probe.kind = PROBE_KERNEL;
	require(trace_add_probe(&t, &probe) == 0 && trace_add_reply(&t, &reply));
	s->src_port = 40000;
	s->port = 587;
	require(trace_add_session(&t, s));
	judge_and_check(&t);
	trace_free(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session s = {0};
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size + 1);
	require(text);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = text[size] = '\0';
	s.pass = (enum session_pass)(data[0] % (SESSION_SEEN + 1));
	s.stage = (enum session_stage)(data[0] / 8 % (SESSION_COMPLETE + 1));
	s.end = (enum session_end)(data[0] / 64 % (SESSION_STOPPED + 1));
	s.lines = text;
	s.chain = text + strlen(text) + (strlen(text) < size - 1);
	check_dialogue(&s);
	judge_with(&s);
	free(text);
	return 0;
}
