/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/system.h"
#include <ares.h>
#include <ctype.h>
#include <curl/curl.h>
#include <jansson.h>
#include <libnet.h>
#include <openssl/crypto.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <sys/utsname.h>

static struct system_clock read_clock(void)
{
	struct timex now = {.modes = 0};
	int state = adjtimex(&now);

	if (state < 0)
		return (struct system_clock){0};
	return (struct system_clock){
		.known = true,
		.synchronised = state != TIME_ERROR && !(now.status & STA_UNSYNC),
		.estimated_error_us = now.esterror,
		.max_error_us = now.maxerror,
	};
}

/* Adds "NAME VERSION"; `version` may begin with words, and only its first number counts. */
static void add(struct system_facts *out, size_t *n, const char *name, const char *version)
{
	size_t len;

	while (*version && !isdigit((unsigned char)*version))
		version++;
	len = strcspn(version, " ,)(-");
	if (*n == SYSTEM_LIBRARIES_MAX || len == 0)
		return;
	snprintf(out->library[*n], SYSTEM_LIBRARY_BYTES, "%s %.*s", name, (int)len, version);
	out->libraries[*n] = out->library[*n];
	++*n;
}

void system_read(struct system_facts *out)
{
	struct utsname host;
	size_t n = 0;

	*out = (struct system_facts){.clock = read_clock()};
	if (uname(&host) == 0)
		snprintf(out->os, sizeof(out->os), "%.64s %.64s %.64s", host.sysname, host.release,
			 host.machine);
	add(out, &n, "libpcap", pcap_lib_version());
	add(out, &n, "libnet", LIBNET_VERSION);
	add(out, &n, "jansson", JANSSON_VERSION);
	add(out, &n, "c-ares", ares_version(NULL));
	add(out, &n, "libcurl", curl_version_info(CURLVERSION_NOW)->version);
	add(out, &n, "OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING));
}
