/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/mail/smtp_impl.h"
#include <string.h>

#define FIELD_BYTES 240
#define CHAIN_MAX   4

static const char *const members[] = {
	"Subject:",    "Issuer:",      "Serial Number:", "X509v3 Subject Alternative Name:",
	"Start date:", "Expire date:",
};

static const char *find(const struct curl_slist *fields, const char *member)
{
	size_t n = strlen(member);

	for (; fields; fields = fields->next) {
		if (strncmp(fields->data, member, n) == 0)
			return fields->data + n;
	}
	return "";
}

static void add_certificate(const struct curl_slist *fields, struct text *out)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const char *value = find(fields, members[i]);

		if (i > 0)
			text_add(out, "\t");
		text_add_untrusted(out, value, strnlen(value, FIELD_BYTES));
	}
}

void talk_certificates(CURL *easy, struct text *out)
{
	struct curl_certinfo *info = NULL;

	if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info) != CURLE_OK || !info)
		return;
	for (int i = 0; i < info->num_of_certs && i < CHAIN_MAX; i++) {
		if (out->len)
			text_add(out, "\n");
		add_certificate(info->certinfo[i], out);
	}
}
