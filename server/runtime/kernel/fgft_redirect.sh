#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# fgft_redirect.sh OUT.o IN.o... - make isolated code of objects that were compiled with checks
#
# Functions that the objects call and do not have become stubs (fgft_k_NAME), the compiler's checks and the thunks of
# function pointers become the runtime's, all code goes to one section by which traps are attributed, and nothing but
# fgft_s_* stays visible. A table of source lines is added. Needs CC, LD, OBJCOPY, OBJDUMP and READELF.
set -eu

out=$1
shift
work=${out%.o}.tmp
trap 'rm -f "$work".*' EXIT

# The mark where isolated code begins: offsets in the line table count from here. A function that nobody calls, since
# objtool wants to know what code is and lets the address of functions alone be taken.
cat >"$work.mark.s" <<'END'
	.text
	.globl fgft_suspect_text
	.type fgft_suspect_text, @function
fgft_suspect_text:
	endbr64
1:	jmp 1b
	.size fgft_suspect_text, . - fgft_suspect_text
	.section .note.GNU-stack, "", @progbits
END
$CC -c -o "$work.mark.o" -x assembler "$work.mark.s"
"$LD" -r -o "$work.all.o" "$work.mark.o" "$@"

# Functions are what call and jump instructions name. Data keep their names: they are read where they are.
"$READELF" -rW "$work.all.o" | awk '
	$3 != "R_X86_64_PLT32" { next }
	$5 ~ /^__tsan_/ { print $5, "fgft_tsan_" substr($5, 8); next }
	$5 == "__sanitizer_cov_trace_pc" { print $5, "fgft_trace_block"; next }
	$5 ~ /^__x86_indirect_thunk_r/ { print $5, "fgft_thunk_" substr($5, 22); next }
	$5 ~ /^(__x86_|__SCT__|__fentry__|__get_user_|__put_user_|BUG_func$|fgft_|\.)/ { next }
	{ print $5, "fgft_k_" $5 }
' | sort -u >"$work.calls"
"$READELF" -sW "$work.all.o" | awk '$7 == "UND" && $8 != "" { print $8 }' | sort -u >"$work.undefined"
join "$work.undefined" "$work.calls" >"$work.map"

# The kernel would patch the thunks of .retpoline_sites away; constructors, parameters and exports are the native copy's.
# Give no flags to --rename-section: without "contents" the code would be zeroed.
"$OBJCOPY" --redefine-syms="$work.map" --wildcard --keep-global-symbol='fgft_s_*' --keep-global-symbol=fgft_suspect_text \
	--rename-section .text=.fgft_text --rename-section .text.unlikely=.fgft_text \
	--rename-section .text.hot=.fgft_text --rename-section .text.startup=.fgft_text \
	--rename-section .init.text=.fgft_text --rename-section .exit.text=.fgft_text \
	--remove-section='.retpoline_sites' --remove-section='.rela.retpoline_sites' \
	--remove-section='.init_array*' --remove-section='.rela.init_array*' \
	--remove-section='.ctors*' --remove-section='.rela.ctors*' --remove-section='.modinfo' \
	"$work.all.o" "$work.renamed.o"
"$LD" -r -o "$work.merged.o" "$work.renamed.o"

# The compiler counts no block without a statement: a loop of nothing, which is one jump to itself and never ends. ud2 is
# as long as that jump.
text=$("$READELF" -SW "$work.merged.o" | awk '{ sub(/^ *\[ *[0-9]+\] */, "") } $1 == ".fgft_text" { print $4 }')
"$OBJDUMP" -d --no-show-raw-insn -j .fgft_text "$work.merged.o" | awk '$2 == "jmp" && $1 == $3 ":" { print $3 }' |
	while read -r at; do
		printf '\017\013' | dd of="$work.merged.o" bs=1 seek=$((0x$text + 0x$at)) conv=notrunc 2>/dev/null
	done

# One row wherever the line changes. Files are named as the compiler was told. Of inlined code, the line of the driver
# is meant that the headers' code was inlined into. Versions of objdump differ in the brackets around "inlined by".
"$OBJDUMP" -dl --inlines --no-show-raw-insn -j .fgft_text "$work.merged.o" | awk -v here="$(pwd)/" '
	function quote(text) {
		gsub(/[\\"]/, "\\\\&", text)
		return text
	}
	BEGIN {
		print "\t.section .rodata.fgft_lines, \"a\"\n\t.balign 8\n\t.globl fgft_lines\nfgft_lines:"
	}
	/^(\/| *\(?inlined by\)? )/ && match($0, /:[0-9]+( \(discriminator [0-9]+\))?( .*)?$/) {
		inlined = /^ *\(?inlined by\)? /
		if (inlined && file !~ /\/include\//)
			next
		file = substr($0, 1, RSTART - 1)
		sub(/^ *\(?inlined by\)? /, "", file)
		split(substr($0, RSTART + 1), number, " ")
		if (index(file, here) == 1)
			file = substr(file, length(here) + 1)
		now = file ":" number[1]
		next
	}
	/^ *[0-9a-f]+:\t/ && now != "" && now != last {
		split($1, address, ":")
		if (!(file in files)) {
			files[file] = ++count
			names[count] = file
		}
		printf "\t.long 0x%s, %d\n\t.quad .Lfile%d\n", address[1], number[1], files[file]
		rows++
		last = now
	}
	END {
		print "\t.long 0, 0\n\t.quad 0"
		print "\t.globl fgft_line_count\nfgft_line_count:\n\t.long " rows + 0
		print "\t.section .note.GNU-stack, \"\", @progbits"
		print "\t.section .rodata.str1.1, \"aMS\", @progbits, 1"
		for (i = 1; i <= count; i++)
			printf ".Lfile%d:\n\t.string \"%s\"\n", i, quote(names[i])
	}
' >"$work.lines.s"
$CC -c -o "$work.lines.o" -x assembler "$work.lines.s"
"$LD" -r -o "$out" "$work.merged.o" "$work.lines.o"
