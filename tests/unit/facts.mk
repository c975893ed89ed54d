# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the macros CMM_HAS_... for the features that src/Kbuild detects in the kernel headers in srctree
include ../../src/Kbuild

facts:
	@echo $(strip $(cmm-facts))
