/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_X509_SEEN_H
#define TRACE_X509_SEEN_H

/*
 * Names of an X.509 certificate (RFC 5280) that came by: whom it is for, and who
 * signed it, by its own word. Nothing is verified.
 */

#include "base/text.h"
#include <stddef.h>
#include <stdint.h>

/*
 * Adds subject, issuer, serial number (empty), names, and the times of validity (empty), with tabs
 * between, as a line of a session's chain. Adds nothing when the bytes are no certificate.
 */
void x509_seen_add(struct text *out, const uint8_t *der, size_t n);

#endif
