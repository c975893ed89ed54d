# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Finds and downloads Debian packages for amd64 and ppc64el. apt runs with its own configuration for the lab. So the
# host's dpkg does not need the architecture ppc64el, and no package is installed on the host.

# debian_mirror: prints the URL of the Debian archive that the host's apt uses
debian_mirror() {
	local mirror
	# shellcheck disable=SC2016  # apt's fields, not the shell's
	mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(CODENAME)' \
		'Identifier: Packages' 'Origin: Debian' |
		awk '$2 == "main" && $3 ~ /^[a-z]+$/ { print $1; exit }')
	[ -n "$mirror" ] || die "no Debian archive among apt's sources (see /etc/apt; apt-get update first)"
	printf '%s\n' "$mirror"
}

# debian_source_line deb|deb-src RELEASE: prints a line for apt's sources.list
debian_source_line() {
	printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
		"$1" "$LAB_MIRROR" "$2"
}

# debian_apt_conf DIR ARCHITECTURE...: prints an apt.conf for these architectures. With this configuration, apt keeps
# all of its files in DIR
debian_apt_conf() {
	cat <<-EOF
		APT::Architecture "amd64";
		APT::Architectures { $(printf '"%s"; ' "${@:2}")};
		APT::Sandbox::User "root";
		Dir::State "$1";
		Dir::State::lists "$1/lists";
		Dir::State::status "$1/status";
		Dir::Cache "$1/cache";
		Dir::Etc::sourcelist "$1/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Acquire::Retries "3";
	EOF
}

# debian_use_release RELEASE [ARCHITECTURE...]: sets APT_CONFIG, so that apt uses the packages of this Debian release.
# All functions below need APT_CONFIG. Updates the package indices if they are older than 12 hours. If the configuration
# has not changed, does not write it again, because other scripts may be reading it.
debian_use_release() {
	local release=$1 architectures=("${@:2}") apt sources conf
	[ $# -gt 1 ] || architectures=(amd64 ppc64el)
	apt=$(IFS=- && echo "$CACHE/apt-$release-${architectures[*]}")
	if [ -z "${LAB_MIRROR:-}" ]; then
		LAB_MIRROR=$(debian_mirror)
		export LAB_MIRROR
	fi
	sources=$(debian_source_line deb "$release" && debian_source_line deb-src "$release")
	conf=$(debian_apt_conf "$apt" "${architectures[@]}")
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	export APT_CONFIG=$apt/apt.conf
	(
		flock 9
		if [ "$(cat "$apt/sources.list" "$apt/apt.conf" 2>/dev/null)" = "$sources"$'\n'"$conf" ] &&
			[ -n "$(find "$apt/updated" -mmin -720 2>/dev/null)" ]; then
			exit 0
		fi
		printf '%s\n' "$sources" >"$apt/sources.list"
		printf '%s\n' "$conf" >"$apt/apt.conf"
		: >"$apt/status"
		say "reading the package indices of Debian $release"
		quietly "$BUILD/log/apt-update-$release" apt-get update --error-on=any
		touch "$apt/updated"
	) 9>"$apt.lock"
}

debian_use_apt() {
	debian_use_release "$LAB_RELEASE"
}

# debian_ask ARG...: prints the output of apt-cache with these arguments. The output is stored for the rest of the run,
# because apt-cache needs a second to read its indices
debian_ask() {
	local answer unfinished
	answer=$BUILD/seen/$CMM_RUN/$(printf '%s\n' "$APT_CONFIG" "$@" | sha256sum | cut -c1-16)
	if [ ! -e "$answer" ]; then
		mkdir -p "${answer%/*}"
		unfinished=$(mktemp "$answer.XXXX")
		apt-cache "$@" >"$unfinished" || return
		mv "$unfinished" "$answer"
	fi
	cat "$answer"
}

# debian_dependency META PREFIX: prints the first dependency of the package META whose name begins with PREFIX
debian_dependency() {
	local meta=$1 prefix=$2 name
	name=$(debian_ask depends --important "$meta" |
		awk -v p="$prefix" '$1 == "Depends:" && index($2, p) == 1 { sub(/:.*/, "", $2); print $2; exit }')
	[ -n "$name" ] || die "Debian has no $prefix* for $meta"
	printf '%s\n' "$name"
}

# debian_version PACKAGE[:ARCH]: prints the newest version of the package, or nothing if there is no such package
debian_version() {
	debian_ask show --no-all-versions "$1" | sed -n 's/^Version: //p'
}

# debian_source_version SOURCE: prints the newest version of the source package
debian_source_version() {
	debian_ask showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -V | tail -n 1
}

# debian_unpack DIR PACKAGE[:ARCH]...: downloads the packages, and unpacks them in DIR. apt verifies the downloads
debian_unpack() {
	local dir=$1 debs deb
	shift
	debs=$(mktemp -d "$CACHE/tmp-debs.XXXXXX")
	say "downloading $*"
	(cd "$debs" && quietly "$BUILD/log/download" apt-get download "$@")
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -rf "$debs"
}

# debian_extract DIR PACKAGES: unpacks a ppc64el system with these packages in DIR. Does not configure the packages
debian_extract() {
	local dir=$1 packages=$2
	say "unpacking a ppc64el system: $packages"
	APT_CONFIG='' quietly "$BUILD/log/mmdebstrap" mmdebstrap --mode=root --format=directory \
		--architectures=ppc64el --variant=extract \
		--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
		--include="$packages" "$LAB_RELEASE" "$dir" "$(debian_source_line deb "$LAB_RELEASE")"
}
