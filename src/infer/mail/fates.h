/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MAIL_FATES_H
#define INFER_MAIL_FATES_H

/*
 * What the words of sessions drew in segments of a limited TTL.
 */

#include "infer/way/path.h"

#endif
