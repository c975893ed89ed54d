# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The machines that a guest can be booted on. PowerVM's partitions on POWER8 and POWER9 have hash page tables. With hash
# page tables, a kernel with CONFIG_PPC_SMLPAR sets every page that it frees to Unused, unless the kernel parameter
# cmo_free_hint is off. The caller must have sourced common.sh.
#
# p9			POWER9 with radix page tables
# p9-hash		POWER9 with hash page tables, because the kernel has the parameter disable_radix
# p8-hash		POWER8, which always has hash page tables
# p9-hash-no-hint	p9-hash with cmo_free_hint=off
# p8-hash-no-hint	p8-hash with cmo_free_hint=off
MACHINES=(p9 p9-hash p8-hash p9-hash-no-hint p8-hash-no-hint)
MACHINE=${MACHINE:-p9}
export MACHINE
[[ " ${MACHINES[*]} " = *" $MACHINE "* ]] || die "MACHINE is $MACHINE; known are ${MACHINES[*]}"

# machine_options: prints the text to append to QEMU's -M pseries
machine_options() {
	[[ $MACHINE != p8-* ]] || echo ,max-cpu-compat=power8
}

# machine_parameters: prints parameters for the kernel's command line
machine_parameters() {
	local parameters=()
	[[ $MACHINE != p9-hash* ]] || parameters+=(disable_radix)
	[[ $MACHINE != *-no-hint ]] || parameters+=(cmo_free_hint=off)
	echo "${parameters[*]}"
}

# machine_label: prints $KERNEL, or $KERNEL@$MACHINE if the machine is not p9, for names of results
machine_label() {
	if [ "$MACHINE" = p9 ]; then
		echo "$KERNEL"
	else
		echo "$KERNEL@$MACHINE"
	fi
}
