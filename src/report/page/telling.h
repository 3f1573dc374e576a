/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_TELLING_H
#define REPORT_PAGE_TELLING_H

/*
 * Which server's table is shown, where only one is: the one that stands for the verdict.
 */

#include "infer/result/result.h"

/* An index of result.findings: the first reason's, else one that agrees; 0 without any. */
size_t telling_finding(const struct result *r);

#endif
