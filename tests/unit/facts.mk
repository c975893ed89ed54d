# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the facts that src/Kbuild finds in the headers of the kernel source in srctree
include ../../src/Kbuild

facts:
	@echo $(strip $(cmm-facts))
