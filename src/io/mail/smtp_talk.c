/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/addr.h"
#include "io/host/clock.h"
#include "io/mail/smtp_impl.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As mail clients behind an address translator say it: an address literal that tells nothing. */
#define EHLO_PATH "%5B127.0.0.1%5D"
#define NEVER_MS  3600000L
#define TLS_TEXT  "SSL connection using "

static int on_debug(CURL *easy, curl_infotype type, char *data, size_t n, void *arg)
{
	static const size_t tls_len = sizeof(TLS_TEXT) - 1;
	struct talk *t = arg;

	(void)easy;
	t->heard_ns = clock_mono_ns();
	if (type == CURLINFO_HEADER_IN)
		smtp_log_in(&t->log, data, n, clock_real_ns());
	else if (type == CURLINFO_HEADER_OUT)
		smtp_log_out(&t->log, data, n);
	else if (type == CURLINFO_TEXT && n > tls_len && memcmp(data, TLS_TEXT, tls_len) == 0)
		smtp_log_secure(&t->log, data + tls_len, n - tls_len);
	return 0;
}

/* The socket is connected already. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct talk *t = arg;

	(void)purpose;
	(void)address;
	return t->fd < 0 ? CURL_SOCKET_BAD : t->fd;
}

static int on_socket(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	(void)arg;
	(void)fd;
	(void)purpose;
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static int on_close(void *arg, curl_socket_t fd)
{
	struct talk *t = arg;
	unsigned timeouts;

	t->record.stuck = t->record.stuck || talk_unacknowledged(fd, &timeouts);
	if (fd == t->fd)
		t->fd = -1;
	return close(fd);
}

bool talk_unacknowledged(int fd, unsigned *timeouts)
{
	struct tcp_info info = {0};
	socklen_t n = sizeof(info);

	*timeouts = 0;
	if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0)
		return false;
	*timeouts = info.tcpi_backoff;
	return info.tcpi_unacked > 0 && info.tcpi_backoff > 0;
}

#define SET(t, option, value) (curl_easy_setopt((t)->easy, CURLOPT_##option, (value)) == CURLE_OK)

static bool set_trust(struct talk *t, const struct talk_trust *trust)
{
	struct curl_blob blob = {
		.data = trust->data,
		.len = trust->len,
		.flags = CURL_BLOB_NOCOPY,
	};
	/* libcurl looks at no store without verification, and shows no chain that fails it. */
	bool strict = t->record.pass != SESSION_NAMELESS;
	/* One store for all sessions is possible without a folder of certificates only. */
	bool ok = SET(t, CAPATH, NULL) && SET(t, SSL_SESSIONID_CACHE, 0L);

	if (trust->data)
		ok = ok && SET(t, CAINFO, NULL) && SET(t, CAINFO_BLOB, &blob);
	return ok && SET(t, SSL_VERIFYPEER, strict ? 1L : 0L) &&
	       SET(t, SSL_VERIFYHOST, strict && t->name[0] ? 2L : 0L) && SET(t, CERTINFO, 1L);
}

static bool set_target(struct talk *t)
{
	char addr[ADDR_TEXT_BYTES], to[ADDR_TEXT_BYTES + 16], url[SMTP_NAME_BYTES + 64];
	bool six = t->addr.family == 6;
	bool implicit = t->record.pass == SESSION_IMPLICIT;
	const char *bracket = six && !t->name[0] ? "[" : "", *end = *bracket ? "]" : "";

	addr_text(&t->addr, addr);
	snprintf(to, sizeof(to), six ? "::[%s]:%u" : "::%s:%u", addr, t->record.port);
	snprintf(url, sizeof(url), "%s://%s%s%s:%u/%s", implicit ? "smtps" : "smtp", bracket,
		 t->name[0] ? t->name : addr, end, t->record.port, EHLO_PATH);
	t->connect_to = curl_slist_append(NULL, to);
	return t->connect_to && SET(t, URL, url) && SET(t, CONNECT_TO, t->connect_to) &&
	       SET(t, PROXY, "") && SET(t, NOPROXY, "*");
}

bool talk_prepare(struct talk *t, const struct talk_trust *trust)
{
	long tls = t->record.pass == SESSION_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL;

	t->easy = curl_easy_init();
	if (!t->easy)
		return false;
	return set_target(t) && set_trust(t, trust) && SET(t, PRIVATE, t) && SET(t, USE_SSL, tls) &&
	       SET(t, CONNECT_ONLY, 1L) && SET(t, NOSIGNAL, 1L) && SET(t, VERBOSE, 1L) &&
	       SET(t, DEBUGFUNCTION, on_debug) && SET(t, DEBUGDATA, t) &&
	       SET(t, OPENSOCKETFUNCTION, on_open) && SET(t, OPENSOCKETDATA, t) &&
	       SET(t, SOCKOPTFUNCTION, on_socket) && SET(t, SOCKOPTDATA, t) &&
	       SET(t, CLOSESOCKETFUNCTION, on_close) && SET(t, CLOSESOCKETDATA, t) &&
	       SET(t, CONNECTTIMEOUT_MS, NEVER_MS) && SET(t, FRESH_CONNECT, 1L) &&
	       SET(t, TCP_KEEPALIVE, 0L);
}

static enum session_end end_of(const struct talk *t, CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return SESSION_DONE;
	case CURLE_PEER_FAILED_VERIFICATION:
		return t->record.verify ? SESSION_UNTRUSTED : SESSION_WRONG_NAME;
	case CURLE_USE_SSL_FAILED:
		return SESSION_NO_TLS;
	case CURLE_OPERATION_TIMEDOUT:
		return SESSION_SILENT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		if (t->record.error == ECONNRESET || t->record.error == EPIPE)
			return SESSION_RESET;
		return code == CURLE_SSL_CONNECT_ERROR && !t->record.stuck ? SESSION_BROKEN
									   : SESSION_CLOSED;
	case CURLE_WEIRD_SERVER_REPLY:
		return t->log.strange ? SESSION_BROKEN : SESSION_CLOSED;
	default:
		return SESSION_CLOSED;
	}
}

/* What the verification said, where there was one. */
static void read_verification(struct talk *t, CURLcode code)
{
	struct session *r = &t->record;
	long result = 0;

	if (r->pass == SESSION_NAMELESS ||
	    (code != CURLE_PEER_FAILED_VERIFICATION && t->log.stage < SESSION_SECURE) ||
	    curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &result) != CURLE_OK)
		return;
	r->has_verify = true;
	r->verify = result > 0 ? (int)result : 0;
	/* The name is looked at once the chain is good. */
	r->name_checked = t->name[0] && r->verify == 0;
	r->name_fits = r->name_checked && code != CURLE_PEER_FAILED_VERIFICATION;
}

void talk_result(struct talk *t, CURLcode code)
{
	struct session *r = &t->record;
	long number = 0;

	r->code = (int)code;
	if (curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number) == CURLE_OK && number > 0)
		r->error = (int)number;
	read_verification(t, code);
	r->end = t->log.flooded ? SESSION_FLOODED : end_of(t, code);
	if (t->log.stage >= SESSION_SECURE)
		talk_certificates(t->easy, &t->chain);
}

void talk_quit(struct talk *t)
{
	static const char quit[] = "QUIT\r\n";
	size_t n = 0;

	if (curl_easy_send(t->easy, quit, sizeof(quit) - 1, &n) == CURLE_OK)
		smtp_log_out(&t->log, quit, n);
}

bool talk_quitting(struct talk *t)
{
	char line[512];
	size_t n = 0;
	CURLcode code = curl_easy_recv(t->easy, line, sizeof(line), &n);

	if (code == CURLE_AGAIN)
		return false;
	if (code == CURLE_OK && n > 0) {
		const char *end = memchr(line, '\n', n);

		smtp_log_in(&t->log, line, end ? (size_t)(end - line) : n, clock_real_ns());
	}
	return true;
}

void talk_free(struct talk *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->connect_to);
	if (t->fd >= 0)
		close(t->fd);
	smtp_log_free(&t->log);
	text_free(&t->chain);
	free(t);
}
