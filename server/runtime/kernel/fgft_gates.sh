#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# fgft_gates.sh OUT.S SUSPECT.o LIST OBJECT.o... - stubs for the kernel functions that isolated code calls
#
# Every function that SUSPECT.o wants and none of the OBJECTs has gets a stub that goes through the gate. LIST says what
# is known of kernel functions; inline functions bring others along, which only the compiler knows. Data of the kernel's
# that isolated code reads by name are listed with how far it reads. Needs NM and READELF.
set -eu

out=$1
suspect=$2
list=$3
shift 3
work=${out%.S}.tmp
trap 'rm -f "$work".*' EXIT

"$NM" -u "$suspect" | awk '{ print $NF }' | grep '^fgft_k_' | sort -u >"$work.wanted" || true
"$NM" --defined-only "$@" 2>/dev/null | awk 'NF == 3 && $3 ~ /^fgft_k_/ { print $3 }' | sort -u >"$work.had"
comm -23 "$work.wanted" "$work.had" | sed 's/^fgft_k_//' >"$work.functions"

# What a relocation adds to a symbol tells how much of it is read; an index in a register, that it is an array.
"$READELF" -rW "$suspect" | awk '
	function number(text, value, i) {
		for (i = 1; i <= length(text); i++)
			value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
		return value
	}
	$3 == "R_X86_64_PLT32" { called[$5] = 1; next }
	$3 !~ /^R_X86_64_(PC32|32S?|64)$/ || $5 ~ /^(fgft_|\.|__x86_|__SC[KT]__|__tracepoint_|__fentry__)/ { next }
	$5 ~ /^(current_task|pcpu_hot|this_cpu_off|__preempt_count|cpu_number|fixed_percpu_data|const_current_task|__ref_stack_chk_guard|__stack_chk_guard)$/ { next }
	{
		bytes = $3 == "R_X86_64_PC32" || $3 == "R_X86_64_32" ? 64 : 4096
		if ($6 == "+")
			bytes += number($7)
		if (bytes > size[$5])
			size[$5] = bytes
	}
	END { for (name in size) if (!(name in called)) print name, size[name] }
' | sort >"$work.all"
"$NM" -u "$suspect" | awk '{ print $NF }' | sort -u >"$work.undefined"
join "$work.all" "$work.undefined" >"$work.data"

{
	echo '/* SPDX-License-Identifier: GPL-2.0 */'
	echo '/* Made when the module is built, from what its isolated code calls and reads. */'
	echo '#include <linux/linkage.h>'
	awk -v list="$list" '
		BEGIN {
			while ((getline line < list) > 0) {
				if (line ~ /^#/ || split(line, part, " ") < 2)
					continue
				flags[part[1]] = part[2]
				undo[part[1]] = part[3]
				with[part[1]] = part[4]
				atomic[part[1]] = part[5]
			}
		}
		{
			name = $1
			row = row "\n\t.quad " name ", .Lname_" name
			if (name in undo && undo[name] != "" && undo[name] != "-") {
				row = row "\n\t.quad " undo[name] ", " (atomic[name] != "" ? atomic[name] : 0) "\n\t.long " flags[name] "\n\t.byte " with[name]
			} else {
				row = row "\n\t.quad 0, 0\n\t.long " (name in flags ? flags[name] : 0) "\n\t.byte 0, 0, 0, 0"
			}
			names = names "\n.Lname_" name ":\n\t.string \"" name "\""
			printf "\n\t.section .fgft_stub, \"ax\"\nSYM_FUNC_START(fgft_k_%s)\n\tlea .Lrows + %d(%%rip), %%r11\n\tjmp fgft_gate_row\nSYM_FUNC_END(fgft_k_%s)\n", name, 40 * count++, name
		}
		END {
			print "\n\t.section .data..ro_after_init, \"aw\"\n\t.balign 8\n.Lrows:" row
			print "\n\t.section .rodata.str1.1, \"aMS\", @progbits, 1" names
		}
	' "$work.functions"
	awk '
		BEGIN { print "\n\t.section .data..ro_after_init, \"aw\"\n\t.balign 8\n\t.globl fgft_kernel_data\nfgft_kernel_data:" }
		{ print "\t.quad " $1 ", " $2; count++ }
		END {
			print "\t.quad 0, 0\n\t.globl fgft_kernel_data_count\nfgft_kernel_data_count:\n\t.long " count + 0
		}
	' "$work.data"
	echo '	.section .note.GNU-stack, "", @progbits'
} >"$out"
