/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/web.h"
#include "io/host/files.h"
#include "io/host/status.h"
#include <curl/curl.h>
#include <string.h>

#define NS_PER_MS     1000000
#define REDIRECTS_MAX 3L

/* Taking less than was offered ends the transfer with an error. */
static size_t take(char *bytes, size_t size, size_t n, void *arg)
{
	struct text *out = arg;
	size_t room = WEB_BYTES_MAX - (out->len < WEB_BYTES_MAX ? out->len : WEB_BYTES_MAX);

	(void)size; /* always 1 */
	if (n > room)
		return 0;
	text_add_bytes(out, bytes, n);
	return out->failed ? 0 : n;
}

static CURLcode fetch(CURL *curl, const char *url, uint8_t family, int64_t wait_ns,
		      struct text *out)
{
	long wait_ms = (long)(wait_ns / NS_PER_MS);
	long version = family == 4   ? CURL_IPRESOLVE_V4
		       : family == 6 ? CURL_IPRESOLVE_V6
				     : CURL_IPRESOLVE_WHATEVER;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, wait_ms > 0 ? wait_ms : 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_IPRESOLVE, version);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "whoblocks/" WHOBLOCKS_VERSION);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
	return curl_easy_perform(curl);
}

/* Whether the environment names a proxy for any kind of URL; for this one it may make exceptions.
 */
static bool may_be_proxied(void)
{
	const char *values[] = {
		files_environment("http_proxy"),  files_environment("https_proxy"),
		files_environment("HTTPS_PROXY"), files_environment("all_proxy"),
		files_environment("ALL_PROXY"),
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (values[i] && *values[i])
			return true;
	}
	return false;
}

/* The address of this host that the transfer's last connection had; none behind a proxy. */
static struct addr asked_from(CURL *curl)
{
	struct addr addr = {0};
	char *text = NULL;
	bool known = curl_easy_getinfo(curl, CURLINFO_LOCAL_IP, &text) == CURLE_OK && text;

	if (!known || may_be_proxied() || !addr_parse(text, &addr))
		return (struct addr){0};
	return addr;
}

int web_get(const char *url, uint8_t family, int64_t wait_ns, struct web_answer *out,
	    struct err *err)
{
	char why[CURL_ERROR_SIZE] = "";
	CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
	CURL *curl = code == CURLE_OK ? curl_easy_init() : NULL;

	if (curl) {
		curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
		code = fetch(curl, url, family, wait_ns, &out->text);
		out->from = asked_from(curl);
		curl_easy_cleanup(curl);
	} else if (code == CURLE_OK) {
		code = CURLE_OUT_OF_MEMORY;
	}
	curl_global_cleanup();
	if (code == CURLE_OK)
		return 0;
	return err_set(err, IO_INPUT, "'%s': %s", url, *why ? why : curl_easy_strerror(code));
}
