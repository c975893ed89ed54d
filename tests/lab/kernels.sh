# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Finds and downloads Debian's kernels by their names in kernels.list. The indices of Debian's archive say which
# packages a kernel has. kernels.pins has packages that were found earlier. These packages are used if $KERNELS is
# "pinned": then a run has the same kernels as earlier runs. They are also used if the newest packages can't be found.
# The caller must have sourced lab.sh.

KERNELS_LIST=$TOP/tests/lab/kernels.list
KERNELS_PINS=$TOP/tests/lab/kernels.pins

# With "pinned", the packages in kernels.pins are used, unless the archive no longer has them. With "newest", the newest
# packages in the indices are used.
KERNELS=${KERNELS:-newest}

kernels_names() {
	sed -n 's/^\([^# ]*\) .*/\1/p' "$KERNELS_LIST"
}

# kernels_row NAME: prints the Debian releases of this kernel, and the regular expression for its version, separated by
# spaces
kernels_row() {
	awk -v name="$1" '$1 == name { gsub(",", " ", $2); print $2, $3 }' "$KERNELS_LIST"
}

# kernels_uris PACKAGE...: prints a line "SHA256 PATH" for each file that apt would download for these packages. PATH is
# the file's path in the archive
kernels_uris() {
	apt-get download --print-uris "$@" | sort |
		sed -nE "s|^'${LAB_MIRROR%/}/([^']*)'.* SHA256:([0-9a-f]{64})\$|\2 \1|p" | sed 's/%2b/+/g; s/%7e/~/g'
}

# kernels_packages VERSION: prints the names of the packages with the image, modules and headers of this kernel
kernels_packages() {
	local version=$1 abi=${1%-powerpc64le*} kbuild
	kbuild=linux-kbuild-$abi
	[ -n "$(debian_version "$kbuild:amd64" 2>/dev/null)" ] || kbuild=linux-kbuild-${abi%.*}
	if [ -n "$(debian_version "linux-binary-$version:ppc64el" 2>/dev/null)" ]; then
		printf '%s\n' "linux-"{base,binary,modules}"-$version:ppc64el"
	else
		printf '%s\n' "linux-image-$version:ppc64el"
	fi
	printf '%s\n' "linux-headers-$version:ppc64el" "linux-headers-$abi-common" "$kbuild:amd64"
}

# kernels_in RELEASE VERSION: finds the newest kernel in this release with a version that matches the regular expression
# VERSION. Prints the kernel's files as kernels_uris does
kernels_in() (
	debian_use_release "$1" 2>/dev/null
	version=$(apt-cache search --names-only "^linux-image-$2\$" | sed 's/^linux-image-\([^ ]*\) .*/\1/' |
		sort -V | tail -n 1)
	[ -n "$version" ] || exit 1
	mapfile -t packages < <(kernels_packages "$version")
	kernels_uris "${packages[@]}" | grep .
)

# kernels_are_there: reads lines of kernels_uris, and succeeds if the archive has all of these files
kernels_are_there() {
	local path
	while read -r _ path _; do
		curl -fsI --retry 3 --max-time 20 -o /dev/null "${LAB_MIRROR%/}/$path" || return 1
	done
}

# kernels_newest NAME: prints a line "SHA256 PATH RELEASE" for each file of the newest kernel of this name. RELEASE is
# the Debian release that has the kernel. Checks that the archive has each file, because an index can be newer or older
# than the archive.
kernels_newest() {
	local row release files file
	read -r -a row <<<"$(kernels_row "$1")"
	for release in "${row[@]:0:${#row[@]} - 1}"; do
		files=$(kernels_in "$release" "${row[-1]}") || continue
		kernels_are_there <<<"$files" || continue
		while read -r file; do
			printf '%s %s\n' "$file" "$release"
		done <<<"$files"
		return
	done
	return 1
}

# kernels_pinned NAME: prints the files that kernels.pins has for this kernel, in lines like those of kernels_newest
kernels_pinned() {
	awk -v name="$1" '$1 == name { print $2, $3, $4; found = 1 } END { exit !found }' "$KERNELS_PINS"
}

# kernels_choose NAME: prints the files of this kernel, in lines like those of kernels_newest. $KERNELS selects the
# pinned or the newest packages
kernels_choose() {
	local name=$1
	if [ "$KERNELS" = pinned ] && kernels_pinned "$name" | kernels_are_there; then
		kernels_pinned "$name"
		return
	fi
	[ "$KERNELS" = newest ] || say "kernel $name: the archive no longer has the pinned packages"
	if ! kernels_newest "$name"; then
		say "kernel $name: not found in the archive by its indices; using the pinned packages"
		kernels_pinned "$name" || die "kernel $name: neither in the archive nor pinned"
	fi
}

# kernels_files NAME: prints the output of kernels_choose. This output is stored, so that it stays the same for the
# whole run
kernels_files() {
	local chosen=$BUILD/seen/$CMM_RUN/kernel-$1
	mkdir -p "${chosen%/*}"
	(
		flock 9
		[ -s "$chosen" ] || kernels_choose "$1" >"$chosen"
		cat "$chosen"
	) 9>"$chosen.lock"
}

# kernels_fetch DIR FILES: FILES has lines of kernels_choose. Downloads these files, checks their SHA256, and unpacks
# them in DIR
kernels_fetch() {
	local dir=$1 files=$2 deb sha path
	deb=$dir.deb
	while read -r sha path _; do
		say "downloading ${path##*/}"
		curl -fsS --retry 3 --max-time 600 -o "$deb" "${LAB_MIRROR%/}/$path" || die "$path: can't be downloaded"
		sha256sum --quiet -c - <<<"$sha  $deb" || die "$path: its SHA256 differs from the archive's index"
		dpkg-deb -x "$deb" "$dir"
	done <<<"$files"
	rm -f "$deb"
}

# kernels_arrange WHOLE DIR: WHOLE has the unpacked packages of a kernel. Moves the files that guests and builds need to
# DIR:
#
# vmlinux		the kernel
# config		the kernel's configuration
# lib/modules/VERSION	the modules that guests need
# usr			the headers and the programs for building modules
# headers		a link to usr/src/linux-headers-VERSION
kernels_arrange() {
	local whole=$1 dir=$2 version module
	if [ -d "$whole/usr/lib/modules" ]; then
		mkdir -p "$whole/lib"
		mv "$whole/usr/lib/modules" "$whole/lib/"
	fi
	version=$(basename "$whole"/lib/modules/*)
	if [ -e "$whole/boot/vmlinux-$version" ]; then
		mv "$whole/boot/vmlinux-$version" "$dir/vmlinux"
		mv "$whole/boot/config-$version" "$dir/config"
	else
		mv "$whole/lib/modules/$version/vmlinuz" "$dir/vmlinux"
		mv "$whole/lib/modules/$version/config" "$dir/config"
	fi
	depmod -b "$whole" "$version"
	mkdir -p "$dir/lib/modules/$version"
	for module in "${GUEST_MODULES[@]}"; do
		modprobe -d "$whole" -S "$version" --show-depends "$module" 2>/dev/null || true
	done | awk '$1 == "insmod" { print $2 }' | sort -u >"$dir/modules.list"
	while read -r module; do
		module=${module#"$whole/"}
		mkdir -p "$dir/${module%/*}"
		cp "$whole/$module" "$dir/$module"
		[[ $module != *.xz ]] || xz -d "$dir/$module"
	done <"$dir/modules.list"
	cp "$whole/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$dir/lib/modules/$version/"
	rm "$dir/modules.list"

	rm -rf "${whole:?}/usr/share"
	mv "$whole/usr" "$dir/"
	# shellcheck disable=SC2016  # make's, not the shell's
	sed -i -e '1i cmm-here := $(dir $(realpath $(lastword $(MAKEFILE_LIST))))..' \
		-e 's|/usr/src/|$(cmm-here)/|' "$dir/usr/src/linux-headers-$version/Makefile"
	ln -s "usr/src/linux-headers-$version" "$dir/headers"
}

make_named_kernel() {
	local dir=$1 files=$2 whole release
	whole=$dir/whole
	kernels_fetch "$whole" "$files"
	kernels_arrange "$whole" "$dir"
	rm -rf "$whole"
	read -r _ _ release <<<"$files"
	release=${release%-backports}
	# The file "toolchain" names the builder for this kernel's modules. If there is no such file, the builder is
	# that of the lab's release.
	[ "$release" = "$LAB_RELEASE" ] || printf '%s\n' "${release/experimental/sid}" >"$dir/toolchain"
}

# lab_named_kernel NAME: downloads this kernel if necessary, and prints the kernel's directory
lab_named_kernel() {
	local files
	files=$(kernels_files "$1")
	cache_entry "kernel-$1" "$files ${GUEST_MODULES[*]} 3" make_named_kernel "$files"
}
