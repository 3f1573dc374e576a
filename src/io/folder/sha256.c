/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/sha256.h"
#include "io/host/status.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DIGEST_BYTES 32
#define READ_BYTES   65536

static void spell(const unsigned char digest[DIGEST_BYTES], char out[SHA256_TEXT_BYTES])
{
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

int sha256_bytes(const void *bytes, size_t n, char out[SHA256_TEXT_BYTES], struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (EVP_Digest(bytes, n, digest, NULL, EVP_sha256(), NULL) != 1)
		return err_set(err, IO_SYSTEM, "cannot compute SHA-256");
	spell(digest, out);
	return 0;
}

/* Whether every byte of the file went into the digest; errno tells why not. */
static bool digest_all(int fd, EVP_MD_CTX *context)
{
	unsigned char buf[READ_BYTES];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, buf, sizeof(buf), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		if (EVP_DigestUpdate(context, buf, (size_t)n) != 1) {
			errno = ENOMEM;
			return false;
		}
	}
	return true;
}

int sha256_fd(int fd, const char *name, char out[SHA256_TEXT_BYTES], struct err *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int status = -1;

	if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
		err_set(err, IO_SYSTEM, "cannot compute SHA-256");
	else if (!digest_all(fd, context))
		err_set(err, IO_INPUT, "cannot read '%s': %s", name, strerror(errno));
	else if (EVP_DigestFinal_ex(context, digest, NULL) != 1)
		err_set(err, IO_SYSTEM, "cannot compute SHA-256");
	else
		status = 0;
	if (status == 0)
		spell(digest, out);
	EVP_MD_CTX_free(context);
	return status;
}
