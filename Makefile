# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            cmm-admin, for this machine
# make module     cmm.ko, for the running kernel (KDIR=... for another)
# make install    cmm-admin with its man pages, completions, udev rule and units;
#                 make module_install: cmm.ko, make dkms_install: its source, for dkms
# make deb rpm    packages in build/packages; make dist: the source that they are built from
# make demo       the whole thing in an emulated Power partition
# make demo-ams   two of them share a pool of memory that is too small for both
# make check      the tests; check-unit, -cli, -vm, -hypervisor, -packages: those only;
#                 check-all: all tests, for hours, and of that check-defects: every known defect on
#                 both drivers; check-mutants: whether those tests notice a mending that is gone;
#                 check-debug: all on a kernel that watches itself
# make lint       static checks
# make matrix     the driver on every kernel that there is
# make chaos      everything that can happen at once, for MINUTES (5), in an order that SEED
#                 stands for; KERNEL=debug on the debug kernel
# make fuzz       the tool's parsers under libFuzzer, EXECUTIONS (ten million) inputs each
# make bench      what loans and returns cost, how soon they end, and cmm-admin report against
#                 amsstat: ours beside the in-tree driver and tool; BENCH="cost report": those only
#
# V=1 shows the commands, O=DIR builds elsewhere, DESTDIR and PREFIX as usual.

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
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
CYCLES ?= 0
SEED ?= $(shell date +%s)
KERNEL ?= stock
EXECUTIONS ?= 10000000

# On the debug kernel: every suite, every defect, and chaos
DEBUG_PARTS := vm/debug vm/defects@debug vm/chaos@debug

TOOL_SOURCES := $(sort $(wildcard tools/*.c))
TOOL_OBJECTS := $(TOOL_SOURCES:%.c=$(O)/%.o)
TOOL_LIBS = smartcols libsysfs bytesize inih libudev libkmod ncursesw
TOOL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wwrite-strings \
	$(shell $(PKG_CONFIG) --cflags $(TOOL_LIBS))
# STATIC_LIBS: those of them that become part of the program, where another system has others
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

tool: $(O)/cmm-admin

$(O)/cmm-admin: $(TOOL_OBJECTS)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TOOL_LDLIBS)

$(O)/tools/%.o: tools/%.c Makefile
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(TOOL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(TOOL_OBJECTS:.o=.d)

module:
	$(MAKE) -C $(KDIR) M=$(CURDIR)/src modules

module_install: module
	$(MAKE) -C $(KDIR) M=$(CURDIR)/src modules_install

install: tool
	$(INSTALL) -D -m 0755 $(O)/cmm-admin $(DESTDIR)$(SBINDIR)/cmm-admin
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(MANDIR)/man4 tools/man/cmm.4
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(MANDIR)/man5 tools/man/cmm.conf.5
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(MANDIR)/man8 tools/man/cmm-admin.8
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

# What dkms builds from; dkms add makes it known.
dkms_install:
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DKMSDIR) dkms.conf
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DKMSDIR)/src $(sort $(wildcard src/Kbuild src/*.[ch]))
	$(INSTALL) -D -m 0644 udev/cmm-depmod.conf $(DESTDIR)$(DEPMODDIR)/cmm.conf
	$(INSTALL) -D -m 0644 udev/cmm-modprobe.conf $(DESTDIR)$(MODPROBEDIR)/cmm-dkms.conf

dist:
	@packaging/dist $(abspath $(O))/packages

deb rpm: setup
	@packaging/build-$@ $(abspath $(O))/packages

setup:
	@tests/lib/setup

demo: setup
	@tests/vm/demo

# Two partitions share a pool of memory.
demo-ams: setup
	@tests/hypervisor/demo-ams

FATAL = A1 A2 A3 A4 A5 A6 A7 A8 A9 A10

# In CI's time both drivers are run for the fatal defects only, chaos for a minute, packages are
# installed and live through an upgrade of the kernel, and of the kernels that the driver is
# built for the oldest and the newest are booted.
check: setup
	@DEFECTS="$(FATAL)" MINUTES=1 SEED=1 MATRIX=ends KERNELS=pinned \
		tests/check unit cli packages vm hypervisor vm/defects vm/chaos matrix

check-all: setup
	@tests/lib/setup clang
	@PACKAGES=all MINUTES=$(MINUTES) SEED=$(SEED) \
		tests/check unit cli packages vm hypervisor vm/defects vm/mutants vm/chaos matrix $(DEBUG_PARTS)

# MATRIX="NAME...": on these kernels only
matrix: setup
	@tests/lib/setup clang
	@tests/check matrix

check-unit check-cli check-vm check-hypervisor: check-%: setup
	@tests/check $*

# PACKAGES=all: through all of their life
check-packages: setup
	@tests/check packages

check-defects: setup
	@tests/check vm/defects

# Whether the defects' tests fail on our driver, too, without what mends the defect
check-mutants: setup
	@tests/check vm/mutants

check-debug: setup
	@MINUTES=$(MINUTES) SEED=$(SEED) tests/check $(DEBUG_PARTS)

chaos: setup
	@MINUTES=$(MINUTES) CYCLES=$(CYCLES) SEED=$(SEED) KERNEL=$(KERNEL) tests/check vm/chaos

# Ten million inputs for each of the tool's parsers
fuzz: setup
	@tests/lib/setup clang
	@EXECUTIONS=$(EXECUTIONS) SEED=$(SEED) tests/check fuzz

bench: setup
	@tests/lib/setup bench
	@mkdir -p $(O)/check/bench
	@tests/bench/run $(abspath $(O)/check/bench)

lint: setup
	@tests/lint

clean:
	rm -rf $(O)
	@find src -name '*.o' -o -name '*.ko' -o -name '*.mod*' -o -name '.*.cmd' \
		-o -name Module.symvers -o -name modules.order | xargs -r rm -f

.PHONY: all tool module module_install dkms_install install dist deb rpm setup demo demo-ams \
	check check-all check-unit check-cli check-vm check-hypervisor check-packages check-defects check-mutants check-debug \
	matrix chaos fuzz bench lint clean
