/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_SHA256_H
#define IO_FOLDER_SHA256_H

/*
 * SHA-256 of files and of bytes in memory, as lower-case hexadecimal digits.
 */

#include "base/err.h"
#include <stddef.h>

#define SHA256_TEXT_BYTES 65

/* 0, or -1 with *err (IO_SYSTEM). */
int sha256_bytes(const void *bytes, size_t n, char out[SHA256_TEXT_BYTES], struct err *err);

/*
 * The same of a whole regular file, wherever it stands; `name` is for the message. 0, or -1 with
 * *err (IO_INPUT when it cannot be read).
 */
int sha256_fd(int fd, const char *name, char out[SHA256_TEXT_BYTES], struct err *err);

#endif
