# SPDX-License-Identifier: GPL-2.0-or-later
# What src/Kbuild finds out about the kernel whose source is in srctree
include ../../src/Kbuild

facts:
	@echo $(strip $(cmm-facts))
