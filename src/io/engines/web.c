/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/engines/web.h"
#include "io/host/status.h"
#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS   1000000
#define RETRY_S_MAX 86400

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

int engine_web_check(const char *base, struct err *err)
{
	static const char *const loopbacks[] = {"http://127.0.0.1:", "http://[::1]:"};
	bool loopback = false;
	/* "http://127.0.0.1:1@example.org" is nobody's loopback. */
	for (size_t i = 0; i < sizeof(loopbacks) / sizeof(loopbacks[0]); i++) {
		size_t n = strlen(loopbacks[i]);
		loopback = loopback || (begins(base, loopbacks[i]) &&
					base[n + strspn(base + n, "0123456789")] == '\0');
	}
	if (loopback || (begins(base, "https://") && !strpbrk(base, "@?#\\ ")))
		return 0;
	return err_set(err, IO_USAGE, "--api '%s' is no https:// address of a service", base);
}

/* Taking less than was offered ends the transfer with an error. */
static size_t take(char *bytes, size_t size, size_t n, void *arg)
{
	struct text *out = arg;
	(void)size; /* always 1 */
	if (n > ENGINE_WEB_BYTES_MAX - out->len)
		return 0;
	text_add_bytes(out, bytes, n);
	return out->failed ? 0 : n;
}

/* Not zero: the user wants to stop. */
static int look_up(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct pollfd p = {.fd = *(const int *)arg, .events = POLLIN};
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return p.fd >= 0 && poll(&p, 1, 0) > 0;
}

static void set_up(CURL *curl, const struct engine_web *web, const struct engine_request *r,
		   const char *url, struct engine_answer *out)
{
	long wait_ms = (long)(r->wait_ns / NS_PER_MS);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	bool loopback = begins(web->base, "http://");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, loopback ? "http" : "https");
	/* A proxy would read what is not encrypted. */
	if (loopback)
		curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, wait_ms > 0 ? wait_ms : 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "whoblocks/" WHOBLOCKS_VERSION);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &out->body);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &web->interrupts);
	if (web->cacert)
		curl_easy_setopt(curl, CURLOPT_CAINFO, web->cacert);
	if (r->body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body);
}

/* The headers; NULL: no memory. The secret stands in them and nowhere else. */
static struct curl_slist *headers_of(const struct engine_web *web, const struct engine_request *r)
{
	struct curl_slist *list = curl_slist_append(NULL, "Accept: application/json");
	struct text secret = {0};
	bool ok = list != NULL;
	if (ok && r->body)
		ok = curl_slist_append(list, "Content-Type: application/json") != NULL;
	if (ok && r->secret && web->authorization) {
		text_addf(&secret, "Authorization: %s", web->authorization);
		ok = !secret.failed && curl_slist_append(list, text_str(&secret)) != NULL;
	}
	if (secret.s)
		explicit_bzero(secret.s, secret.len);
	text_free(&secret);
	if (ok)
		return list;
	curl_slist_free_all(list);
	return NULL;
}

/* What the transfer came to. 0, or -1 with *err. */
static int conclude(CURL *curl, CURLcode code, const char *why, struct engine_answer *out,
		    struct err *err)
{
	curl_off_t retry = 0;
	char *effective = NULL;
	curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &effective);
	const char *url = effective ? effective : "the service";
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return err_set(err, IO_INTERRUPTED, "interrupted");
	if (code == CURLE_WRITE_ERROR)
		return err_set(err, IO_INPUT, "'%s' answers with more than %d MiB", url,
			       ENGINE_WEB_BYTES_MAX / (1024 * 1024));
	if (code != CURLE_OK)
		return err_set(err, IO_INPUT, "'%s': %s", url,
			       *why ? why : curl_easy_strerror(code));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry);
	out->retry_s = retry > 0 && retry < RETRY_S_MAX ? (long)retry : 0;
	if (out->status >= 300 && out->status < 400)
		return err_set(err, IO_INPUT,
			       "'%s' sends elsewhere (HTTP %ld), which is not followed", url,
			       out->status);
	return 0;
}

int engine_web_ask(const struct engine_web *web, const struct engine_request *request,
		   struct engine_answer *out, struct err *err)
{
	char why[CURL_ERROR_SIZE] = "";
	struct text url = {0};
	*out = (struct engine_answer){0};
	text_addf(&url, "%s%s", web->base, request->path);
	CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
	CURL *curl = code == CURLE_OK && !url.failed ? curl_easy_init() : NULL;
	struct curl_slist *headers = headers_of(web, request);
	int status = err_set(err, IO_SYSTEM, "no memory to ask '%s'", web->base);
	if (curl && headers) {
		curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
		set_up(curl, web, request, text_str(&url), out);
		code = curl_easy_perform(curl);
		status = conclude(curl, code, why, out, err);
	}
	for (struct curl_slist *item = headers; item; item = item->next)
		explicit_bzero(item->data, strlen(item->data));
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	curl_global_cleanup();
	text_free(&url);
	return status;
}
