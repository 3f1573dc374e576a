/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/digest.h"
#include <openssl/evp.h>
#include <stdlib.h>

struct digest {
	EVP_MD_CTX *context;
};

static void forget(struct digest *d)
{
	EVP_MD_CTX_free(d->context);
	free(d);
}

struct digest *digest_begin(void)
{
	struct digest *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->context = EVP_MD_CTX_new();
	if (d->context && EVP_DigestInit_ex(d->context, EVP_sha256(), NULL) == 1)
		return d;
	forget(d);
	return NULL;
}

bool digest_add(struct digest *d, const void *bytes, size_t n)
{
	return EVP_DigestUpdate(d->context, bytes, n) == 1;
}

bool digest_end(struct digest *d, unsigned char out[DIGEST_BYTES])
{
	unsigned char whole[EVP_MAX_MD_SIZE];
	bool good = d && EVP_DigestFinal_ex(d->context, whole, NULL) == 1;

	for (size_t i = 0; good && i < DIGEST_BYTES; i++)
		out[i] = whole[i];
	if (d)
		forget(d);
	return good;
}
