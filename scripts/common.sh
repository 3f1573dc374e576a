# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What scripts/run and scripts/test share: messages, packages, building as the right user.
# The sourcing script is in the root of the checkout and has `set -euo pipefail`.

export PYTHONDONTWRITEBYTECODE=1

say() {
	printf '==> %s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

is_root() {
	[ "$(id -u)" = 0 ]
}

# The packages for the given uses that are not installed.
missing_packages() {
	local uses=" $* " package use
	while read -r package use _; do
		case "$package" in '' | '#'*) continue ;; esac
		case "$uses" in *" $use "*) ;; *) continue ;; esac
		[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			echo "$package"
	done <scripts/packages.txt
}

# Runs apt-get quietly; shows what it said only when it fails.
apt_quietly() {
	local log
	log=$(mktemp)
	if ! DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1 \
		</dev/null; then
		cat "$log" >&2
		rm -f "$log"
		die "apt-get $1 failed"
	fi
	rm -f "$log"
}

# install_packages USE...: installs what is missing, and nothing else.
install_packages() {
	local missing
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		say "this is no Debian; the packages in scripts/packages.txt are up to you"
		return
	fi
	mapfile -t missing < <(missing_packages "$@")
	[ "${#missing[@]}" -gt 0 ] || return 0
	is_root || die "needs root to install packages: ${missing[*]}"
	say "fetching the lists of packages"
	apt_quietly update
	say "installing ${#missing[@]} packages: ${missing[*]}"
	apt_quietly install --no-install-recommends "${missing[@]}"
}

# The user who builds: the caller of sudo where that one can write here, else who we are.
builder() {
	local user=${SUDO_USER:-}
	if is_root && [ -n "$user" ] && [ "$user" != root ] &&
		runuser -u "$user" -- test -w "$PWD" 2>/dev/null; then
		echo "$user"
	else
		id -un
	fi
}

# build_release: what users run. A compiler that warns of more than ours must not stop them.
build_release() {
	if [ -f build/release/CMakeCache.txt ]; then
		build release
	else
		build release -DWHOBLOCKS_WERROR=OFF
	fi
}

# Gives the build folder to the builder; root may have left files there.
own_build() {
	local user
	is_root && [ -d build ] || return 0
	user=$(builder)
	[ -z "$(find build ! -user "$user" -print -quit)" ] ||
		chown -R -h "$user:$(id -gn "$user")" build
}

as_builder() {
	local user
	user=$(builder)
	if [ "$user" = "$(id -un)" ]; then
		"$@"
	else
		runuser -u "$user" -- env HOME="$(getent passwd "$user" | cut -d: -f6)" "$@"
	fi
}

# Runs a step of the build; shows what it said only when it fails.
quietly() {
	local log status=0
	log=$(mktemp)
	as_builder "$@" >"$log" 2>&1 </dev/null || status=$?
	[ "$status" = 0 ] || cat "$log" >&2
	rm -f "$log"
	return "$status"
}

# build PRESET [CMAKE-OPTION ...]
build() {
	local folder=build/$1
	own_build
	say "building $1"
	# A folder that was configured elsewhere (the checkout was moved or copied) is of no use.
	if [ -f "$folder/CMakeCache.txt" ] &&
		! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt"; then
		rm -rf "$folder"
	fi
	quietly cmake --preset "$@" || die "cmake failed: $folder"
	quietly cmake --build "$folder" -- --quiet || die "the build failed: $folder"
}
