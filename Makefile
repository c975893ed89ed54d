# SPDX-License-Identifier: GPL-2.0-or-later
#
# Targets for any user, on any distribution:
#
# make            builds cmm-admin for this machine
# make module     builds cmm.ko for the running kernel, or for the kernel in KDIR=...
# make install    installs cmm-admin with its man pages, completions, udev rule and units
# make module_install
#                 installs cmm.ko
# make dkms_install
#                 installs the source of the module, for dkms
# make check-unit, check-cli, lint
#                 run the tests that need no guest, and static checks
#
# Targets for root on Debian 12 or later, or in a container (see Containerfile):
#
# make demo       shows the driver at work in an emulated Power partition
# make try SUITE=loan.bats [TEST=regex] [KERNEL=name] [MACHINE=p8-hash] [DRIVER=in-tree] [DEBUG=1]
#                 runs one test file in a guest
# make try SHELL=1
#                 starts a shell in a guest
# make check      runs the most important tests, in some minutes
# make check-more runs the other tests of CI
# make check-all  runs all tests, for hours
# make deb rpm    builds packages in build/packages
# make dist       makes the archive from which packages are built
# make dsc srpm   builds source packages (packaging/README.md)
# make repo KEY=... URL=...
#                 makes a signed repository for apt and dnf (docs/publishing.md)
# make matrix, chaos, fuzz, bench, coverage, screens, check-hosts, demo-ams: see CONTRIBUTING.md
#
# V=1 shows the commands, and O=DIR builds in another directory. DESTDIR and PREFIX work as usual.

# SHELL=1 is an option of the target try. make would use the value 1 as the shell of recipes, so this renames the
# variable to GUEST_SHELL.
ifeq ($(origin SHELL),command line)
GUEST_SHELL := $(SHELL)
override SHELL := /bin/sh
endif

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/cmm-admin
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/site-functions
LIBEXECDIR ?= $(PREFIX)/libexec/cmm
SYSCONFDIR ?= /etc
UDEVRULESDIR ?= /usr/lib/udev/rules.d
UNITDIR ?= /usr/lib/systemd/system
PRESETDIR ?= /usr/lib/systemd/system-preset
DEPMODDIR ?= /usr/lib/depmod.d
MODPROBEDIR ?= /usr/lib/modprobe.d
DKMSDIR ?= /usr/src/cmm-$(VERSION)
DESTDIR ?=
STATIC_LIBS ?=
KDIR ?= /lib/modules/$(shell uname -r)/build
O ?= build
PKG_CONFIG ?= pkg-config
INSTALL ?= install
VERSION := $(shell sed -n 's/^\#define CMM_VERSION "\(.*\)"/\1/p' src/version.h)
CFLAGS ?= -O2 -g
MINUTES ?= 5
# These targets write their results to pages of docs/results.
check-defects matrix chaos fuzz bench coverage screens: export RESULTS_PAGES = yes
CYCLES ?= 0
SEED ?= $(shell date +%s)
KERNEL ?= stock
MACHINE ?= p9
EXECUTIONS ?= 10000000

# The parts that run on debug kernels: every suite, every defect, and chaos. The first debug kernel has KASAN. The
# second one runs with hash page tables, which KASAN does not support.
DEBUG_KERNELS := debug debug-hash@p8-hash
DEBUG_PARTS := $(foreach kernel,$(DEBUG_KERNELS),$(addsuffix @$(kernel),vm/debug vm/defects vm/chaos))
ALL_PARTS := unit cli packages vm hypervisor vm/defects vm/mutants vm/chaos matrix hosts $(DEBUG_PARTS)

TOOL_SOURCES := $(sort $(wildcard tools/*.c))
TOOL_OBJECTS := $(TOOL_SOURCES:%.c=$(O)/%.o)
TOOL_LIBS = smartcols libsysfs bytesize inih json-c libudev libkmod ncursesw
TOOL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wwrite-strings \
	$(shell $(PKG_CONFIG) --cflags $(TOOL_LIBS))
# STATIC_LIBS has the linker options of libraries to link statically. An RPM that is built on Debian needs this, because
# other distributions have other versions of these libraries.
TOOL_SHARED_LIBS = $(filter-out $(STATIC_LIBS),$(shell $(PKG_CONFIG) --libs $(TOOL_LIBS)))
TOOL_LDLIBS = $(if $(STATIC_LIBS),-Wl$(,)-Bstatic $(STATIC_LIBS) -Wl$(,)-Bdynamic) \
	$(TOOL_SHARED_LIBS) -lm

, := ,
UNITS := $(sort $(wildcard udev/*.service udev/*.timer))

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

all: tool

tool: $(O)/cmm-admin $(O)/cmm-admin.schema.json $(O)/cmm.4

$(O)/cmm-admin: $(TOOL_OBJECTS)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TOOL_LDLIBS)

$(O)/tools/%.o: tools/%.c Makefile | libraries
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(TOOL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/cmm-admin.schema.json: tools/schema.awk src/interface.h tools/cmm-admin.schema.json.in
$(O)/cmm.4: tools/man/statistics.awk src/interface.h tools/man/cmm.4.in

$(O)/cmm-admin.schema.json $(O)/cmm.4:
	$(say) AWK $@
	$(Q)mkdir -p $(@D)
	$(Q)awk -f $^ >$@

# If the compiler or a library is missing, prints a line for each, with the packages that have it
libraries:
	@{ echo '#include <stdio.h>' | $(CC) -E -x c - && $(PKG_CONFIG) --exists $(TOOL_LIBS); } >/dev/null 2>&1 || \
		tests/lab/needs tool

needs-%:
	@tests/lab/needs $*

-include $(TOOL_OBJECTS:.o=.d)

module:
	$(MAKE) -C $(KDIR) M=$(CURDIR)/src modules

module_install: module
	$(MAKE) -C $(KDIR) M=$(CURDIR)/src modules_install

install: tool
	$(INSTALL) -D -m 0755 $(O)/cmm-admin $(DESTDIR)$(SBINDIR)/cmm-admin
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(MANDIR)/man4 $(O)/cmm.4
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(MANDIR)/man5 tools/man/cmm.conf.5
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(MANDIR)/man8 tools/man/cmm-admin.8
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DATADIR) $(O)/cmm-admin.schema.json
	$(INSTALL) -D -m 0644 tools/completion/cmm-admin.bash $(DESTDIR)$(BASHCOMPDIR)/cmm-admin
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(ZSHCOMPDIR) tools/completion/_cmm-admin
	$(INSTALL) -D -m 0755 udev/cmm-load $(DESTDIR)$(LIBEXECDIR)/load
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(UDEVRULESDIR) udev/90-cmm.rules
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(UNITDIR) $(UNITS)
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(PRESETDIR) udev/90-cmm.preset
	sed -i 's|/usr/sbin/cmm-admin|$(SBINDIR)/cmm-admin|; s|/usr/libexec/cmm/load|$(LIBEXECDIR)/load|' \
		$(DESTDIR)$(UDEVRULESDIR)/90-cmm.rules $(UNITS:udev/%=$(DESTDIR)$(UNITDIR)/%)
	$(INSTALL) -d $(DESTDIR)$(SYSCONFDIR)/cmm/cmm.conf.d
	[ -e $(DESTDIR)$(SYSCONFDIR)/cmm/cmm.conf ] || \
		$(INSTALL) -m 0644 -t $(DESTDIR)$(SYSCONFDIR)/cmm udev/cmm.conf

# Installs the source that dkms builds the module from. "dkms add" registers it.
dkms_install:
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DKMSDIR) dkms.conf
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DKMSDIR)/src $(sort $(wildcard src/Kbuild src/*.[ch]))
	$(INSTALL) -D -m 0644 udev/cmm-depmod.conf $(DESTDIR)$(DEPMODDIR)/cmm.conf
	$(INSTALL) -D -m 0644 udev/cmm-modprobe.conf $(DESTDIR)$(MODPROBEDIR)/cmm-dkms.conf

dist:
	@packaging/dist $(abspath $(O))/packages

deb rpm dsc srpm: setup-demo
	@packaging/build-$@ $(abspath $(O))/packages

repo: setup-demo setup-repo
	@packaging/repository '$(KEY)' '$(URL)'
	@$(MAKE) --no-print-directory deb rpm
	@packaging/repository '$(KEY)' '$(URL)' $(abspath $(O))/repository \
		$(abspath $(O))/packages/*-$(VERSION)-1.*.rpm $(abspath $(O))/packages/*_$(VERSION)[-.]*

# Installs the packages that a target needs on the host, if they are missing
setup-%:
	@tests/lab/setup $*

demo: setup-demo
	@tests/lab/prepare builder rootfs kernel
	@tests/demo/run

# Shows two partitions that share a pool of memory
demo-ams: setup-demo setup-demo-ams
	@tests/hypervisor/demo-ams

try: setup-demo
	@SUITE='$(SUITE)' TEST='$(TEST)' DRIVER='$(DRIVER)' DEBUG='$(DEBUG)' GUEST_SHELL='$(GUEST_SHELL)' \
		KERNEL='$(KERNEL)' MACHINE='$(MACHINE)' tests/try

check: setup-demo setup-check
	@PROMTOOL=$$(tests/lab/promtool) LEFT_OUT="$$CHECK_LEFT_OUT" PREPARE="qemu packaging rootfs kernel guests" \
		tests/check hypervisor:quick vm:quick vm/defects:A1 cli:quick packages:quick unit

define CHECK_LEFT_OUT
not run here:
- make check-more, half an hour: slow tests, CMO pages of 64K, reboot and kexec, the other fatal defects, chaos, packages
  in a system with apt, the newest kernel
- make check-all, hours: all defects, mutants, the in-tree driver in all suites, two debug kernels, every kernel, the lab
  on bare Debian hosts, and all tests of packages: dnf, Debian 13, builds in a bare system, upgrades, versions of dkms
- make lint, lint-kernel, coverage, fuzz, bench
endef
export CHECK_LEFT_OUT

# CI runs "make check-more" after "make check".
check-more: setup-demo setup-check setup-system
	@PREPARE="qemu packaging rootfs kernel guests" MINUTES=1 SEED=1 KERNELS=pinned \
		tests/check packages:more cli:slow vm/chaos hypervisor:more vm:more \
		vm/defects:other-fatal matrix:ends

check-all: setup-demo setup-check setup-system
	@PROMTOOL=$$(tests/lab/promtool) PACKAGES=all MINUTES=$(MINUTES) SEED=$(SEED) \
		RECORD=yes tests/check $(if $(PARTS),$(PARTS),$(ALL_PARTS))

check-unit check-cli: check-%: needs-%
	@tests/check $*

check-vm check-hypervisor check-packages: check-%: setup-demo setup-check setup-system
	@tests/check $*

# Runs the tests of each known defect, or only of the defects in DEFECTS="A1 B2", on both drivers
check-defects: setup-demo
	@tests/check vm/defects

# Checks the tests of known defects: if a patch puts a defect into our driver, the tests of this defect must fail
check-mutants: setup-demo
	@tests/check vm/mutants

check-debug: setup-demo
	@MINUTES=$(MINUTES) SEED=$(SEED) tests/check $(DEBUG_PARTS)

# Checks that bare Debian 12, 13 and sid work as the host: runs the demo, one test file in a guest, and the tests on the
# host
check-hosts: setup-demo
	@tests/check hosts

# Tests the driver on every kernel that the lab knows, or only on those in MATRIX="NAME..."
matrix: setup-demo
	@tests/check matrix

# Runs random actions on the driver, several at the same time, for MINUTES (5 by default). SEED decides the order of the
# actions. KERNEL=debug uses the debug kernel
chaos: setup-demo
	@MINUTES=$(MINUTES) CYCLES=$(CYCLES) SEED=$(SEED) KERNEL=$(KERNEL) MACHINE=$(MACHINE) tests/check vm/chaos

# Fuzzes each parser of cmm-admin, with EXECUTIONS inputs (ten million by default)
fuzz: setup-check setup-fuzz
	@EXECUTIONS=$(EXECUTIONS) SEED=$(SEED) tests/check fuzz

# Compares our driver with the in-tree driver (the cost of loans and returns, reaction times), and "cmm-admin report"
# with amsstat. BENCH="cost report" runs only the benchmarks cost and report
bench: setup-demo setup-bench
	@mkdir -p $(O)/check/bench
	@tests/bench/run $(abspath $(O)/check/bench)

# Measures which lines of src/ and tools/ the tests execute, and writes a listing to build/coverage. The driver runs in
# guests with GCOV in the kernel
coverage: setup-demo setup-check setup-coverage
	@tests/check coverage

# Writes docs/results/screens.md, the page that shows reports on a terminal
screens: setup-demo setup-check
	@tests/lab/prepare qemu rootfs kernel
	@tests/demo/screens

lint: needs-lint
	@tests/lint

# Checks the driver's code with W=1, sparse, checkpatch and kernel-doc
lint-kernel: setup-demo
	@tests/lint-kernel

clean:
	rm -rf $(O)
	@find src -name '*.o' -o -name '*.ko' -o -name '*.mod*' -o -name '.*.cmd' \
		-o -name Module.symvers -o -name modules.order | xargs -r rm -f

.DELETE_ON_ERROR:

.PHONY: all tool libraries module module_install dkms_install install dist deb rpm dsc srpm repo demo demo-ams try \
	check check-more check-all check-unit check-cli check-vm check-hypervisor check-packages \
	check-defects check-mutants check-debug check-hosts matrix chaos fuzz bench coverage screens lint lint-kernel clean
