#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# need_root.sh COMMAND ...: runs the command as root, or ends with 77, which counts as skipped.
if [ "$(id -u)" != 0 ]; then
	echo "skipped: needs root"
	exit 77
fi
exec "$@"
