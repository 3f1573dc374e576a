/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/mail/smtp_impl.h"
#include "io/names/lines.h"
#include <stdlib.h>
#include <string.h>

#define PEM_MARK "-----BEGIN CERTIFICATE-----"

bool talk_trust_holds_any(const struct talk_trust *trust)
{
	return trust->data && memmem(trust->data, trust->len, PEM_MARK, strlen(PEM_MARK));
}

const char *smtp_missing_trust(void)
{
	const char *path = curl_version_info(CURLVERSION_NOW)->cainfo;
	struct talk_trust trust = {0};
	struct err err;
	bool holds;

	if (!path)
		return NULL;
	holds = lines_load(path, &trust.data, &trust.len, &err) == 0 &&
		talk_trust_holds_any(&trust);
	free(trust.data);
	return holds ? NULL : path;
}
