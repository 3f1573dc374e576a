#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# need_valgrind.sh PROGRAM ARGUMENT ...: runs it under valgrind; 0 unless valgrind finds something.
# 77 means skipped.
command -v valgrind >/dev/null || exit 77
valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,possible \
	"$@" >/dev/null
[ $? -ne 99 ]
