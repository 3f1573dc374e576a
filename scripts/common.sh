# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What scripts/run, scripts/test and scripts/bench share: messages, packages, building as the
# right user. The sourcing script is in the root of the checkout and has `set -euo pipefail`.

export PYTHONDONTWRITEBYTECODE=1

say() {
	printf '==> %s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

trap 'say "interrupted: the same command goes on from here"; exit 130' INT TERM

case $PWD in
*';'*) die "cmake takes no path with a ';' in it: rename the folder ($PWD)" ;;
esac

is_root() {
	[ "$(id -u)" = 0 ]
}

# as_root COMMAND ...: how to run this with root's rights, also on a machine without sudo.
as_root() {
	if command -v sudo >/dev/null; then echo "sudo $*"; else echo "$*, as root (su)"; fi
}

# step NAME TEXT COMMAND ...: says what is done and how long it took the last time; does it.
step() {
	local file=build/seconds/$1 text=$2 started=$SECONDS last status=0
	shift 2
	last=$(cat "$file" 2>/dev/null) || last=
	say "$text${last:+ ($last s the last time)}"
	"$@" || status=$?
	if [ "$status" = 0 ] && [ -d build ] &&
		as_builder mkdir -p build/seconds 2>/dev/null; then
		echo $((SECONDS - started)) | as_builder tee "$file" >/dev/null 2>&1 || :
	fi
	return "$status"
}

# --- packages ------------------------------------------------------------------------------------

# The lines of the list for the given uses.
listed() {
	local uses=" $* " package use rest
	while read -r package use rest; do
		case "$package" in '' | '#'*) continue ;; esac
		case "$uses" in *" $use "*) echo "$package $use $rest" ;; esac
	done <scripts/packages.txt
}

# The packages for the given uses that are not installed.
missing_packages() {
	local package
	listed "$@" | while read -r package _; do
		[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			echo "$package"
	done
}

has_apt() {
	command -v dpkg-query >/dev/null && command -v apt-get >/dev/null
}

# Runs a command; only when it fails shows the end of what it said. In a shell of its own: what an
# interrupt has to say is not for the log.
quietly() {
	local log status=0
	log=$(mktemp)
	exec 3<>"$log"
	rm "$log"
	("$@") >&3 2>&1 3>&- </dev/null || status=$?
	[ "$status" = 0 ] || tail -n 25 /dev/fd/3 >&2
	exec 3>&-
	return "$status"
}

# Waits for another that installs; asks nothing.
apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
		--no-install-recommends "$@"
}

# Waits until nobody else installs, as a machine's own upgrades do: meanwhile packages are half
# installed, which is not for us to mend.
wait_for_others() {
	local busy="E: Could not get lock"
	[[ $(LC_ALL=C apt -o DPkg::Lock::Timeout=0 check 2>&1) == *"$busy"* ]] || return 0
	say "another program installs packages: waiting until it has ended"
	[[ $(LC_ALL=C apt -o DPkg::Lock::Timeout=900 check 2>&1) != *"$busy"* ]] ||
		die "another program still installs packages: run this again when it has ended"
}

# apt-get waits for nobody's lists: a machine that has just been started fetches them itself.
fetch_lists() {
	local said tries
	for ((tries = 1; ; tries++)); do
		if said=$(LC_ALL=C apt update 2>&1); then
			grep -m 1 '^W: Failed to fetch' <<<"$said" >&2 || :
			return
		fi
		if [[ $said == *"Could not get lock"* && $tries -lt 60 ]]; then
			[ "$tries" -gt 1 ] || say "another apt-get fetches lists: waiting for it"
		elif [[ $said == *"Failed to fetch"* && $tries -lt 3 ]]; then
			say "a list of packages could not be fetched: once more"
		else
			break
		fi
		sleep 5
	done
	tail -n 5 <<<"$said" >&2
	return 1
}

# Ends unless these packages can be installed without removing any; prints all that would come.
# They are only looked at, as the names of services say nothing.
simulated() {
	local plan removed
	plan=$(apt -s install "$@" 2>&1) || {
		grep '^E: ' <<<"$plan" | head -n 3 >&2
		die "the packages cannot be installed: mend what apt-get says, and run this again"
	}
	removed=$(awk '$1 == "Remv" {print $2}' <<<"$plan" | tr '\n' ' ')
	[ -z "$removed" ] || die "installing $* would remove $removed: nothing was changed"
	awk '$1 == "Inst" {print $2}' <<<"$plan"
}

# install_packages USE...: installs what is missing, and nothing else; removes nothing.
install_packages() {
	local missing all
	has_apt || return 0
	mapfile -t missing < <(missing_packages "$@")
	[ "${#missing[@]}" -gt 0 ] || return 0
	is_root || die "packages are missing: ${missing[*]}; to install them: $(as_root "scripts/${0##*/}")"
	wait_for_others
	[ -z "$(dpkg --audit)" ] ||
		step dpkg "finishing what was left half installed" quietly dpkg --configure -a ||
		die "dpkg --configure -a failed"
	step lists "fetching the lists of packages" fetch_lists ||
		die "the lists of packages could not be fetched: mend what apt-get says, and run this again"
	all=$(simulated "${missing[@]}") || exit 1
	step "install-${*// /-}" "installing ${missing[*]}, with what they need $(wc -l <<<"$all") packages" \
		quietly apt install "${missing[@]}" ||
		die "the packages could not be installed: mend what apt-get says, and run this again"
}

# What has to be there, for a system whose packages have other names.
other_system() {
	local package use what
	has_apt && return
	say "this is no Debian; what is needed, by Debian's names of packages:"
	listed "$@" | while read -r package use what; do
		printf '      %-24s%s\n' "$package" "${what#\# }" >&2
	done
}

# --- building ------------------------------------------------------------------------------------

# The user who builds: the caller of sudo, or whose checkout it is, where that one can write here;
# else who we are.
builder() {
	local user
	for user in "${SUDO_USER:-root}" "$(stat -c %U .)"; do
		if is_root && [ "$user" != root ] && id -u "$user" >/dev/null 2>&1 &&
			runuser -u "$user" -- test -w "$PWD" 2>/dev/null; then
			echo "$user"
			return
		fi
	done
	id -un
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

# Whether the builder can write to this folder, or make it.
can_write() {
	local folder=$1
	while [ ! -e "$folder" ]; do
		folder=$(dirname "$folder")
	done
	as_builder test -w "$folder"
}

# Ends where the builder can make nothing.
must_write() {
	can_write "$1" || die "$(id -un) cannot write to this checkout: copy it, and run the copy"
}

# configure PRESET [CMAKE-OPTION ...]: unless that was done with the presets as they are.
configure() {
	local folder=build/$1
	# A folder that was configured elsewhere (the checkout was moved or copied) is of no use.
	if [ -f "$folder/CMakeCache.txt" ] &&
		! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt"; then
		rm -rf "$folder"
	fi
	[ $# = 1 ] && [ "$folder/build.ninja" -nt CMakePresets.json ] && return
	quietly as_builder cmake --preset "$@"
}

# build PRESET [CMAKE-OPTION ...]
build() {
	own_build
	configure "$@" || die "cmake failed: build/$1"
	quietly as_builder cmake --build "build/$1" -- --quiet || die "the build failed: build/$1"
}

# Whether something that the program is made of is newer than it. A folder is, when a file came
# or went.
is_stale() {
	[ ! -x build/program/whoblocks ] || [ ! -f build/program/built ] ||
		[ -n "$(find CMakeLists.txt CMakePresets.json src man scripts/packaging \
			-newer build/program/built -print -quit)" ]
}

# Made while nothing changed since the mark that it leaves.
build_marked() {
	as_builder mkdir -p build
	as_builder touch build/started
	build program
	as_builder mv build/started build/program/built
}

# build_program USE...: what users run, at $program; nothing is done where it is as its sources.
build_program() {
	program=$PWD/build/program/whoblocks
	own_build
	is_stale || return 0
	if can_write build/program; then
		other_system "$@"
		step program "building whoblocks" build_marked
	elif [ -x "$program" ]; then
		say "build/program is older than its sources, and not for $(id -un) to write: used as it is"
	else
		must_write build/program
	fi
}
