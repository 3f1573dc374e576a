/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_WAY_TOLERANCE_H
#define INFER_WAY_TOLERANCE_H

/*
 * Hop counts that are one and the same in principle differ by so many hops, mostly: those of two
 * ways that a balancer chooses between, of the way there and the way back, of the machines of a
 * farm behind one address, of two servers' first answers where SYNs are lost. More hops than this
 * are a difference that says something.
 */
#define TOLERANCE_HOPS 2

#endif
