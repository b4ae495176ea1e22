# SPDX-License-Identifier: GPL-2.0
#
# Included by the Kbuild file of a module with isolated entry points, which stands in the same folder:
#
#	include $(src)/fgft.mk
#	obj-m := foo.o
#	foo-y := $(FGFT_FIRST) foo_native.o foo_stubs.o foo_suspect.o $(FGFT_LAST)
#	CFLAGS_foo_native.o := $(FGFT_NATIVE_FLAGS)
#	CFLAGS_foo_checked.o := $(FGFT_SUSPECT_FLAGS)
#	CFLAGS_REMOVE_foo_checked.o := $(CC_FLAGS_FTRACE)
#	targets += foo_checked.o
#	$(obj)/foo_checked.o: part-of-module := y
#	$(obj)/foo_suspect.o: $(obj)/foo_checked.o $(src)/fgft_redirect.sh FORCE
#		$(call if_changed,fgft_redirect)
#
# Several sources of isolated code are several prerequisites. Basic blocks are counted, too, so that a loop which
# touches no memory ends as well.

FGFT_FIRST := fgft_text_begin.o fgft_arena.o fgft_ranges.o fgft_objects.o fgft_copy.o fgft_validate.o fgft_publish.o fgft_routes.o \
	fgft_undo.o fgft_lend.o fgft_tables.o fgft_context.o fgft_pool.o fgft_reserve.o fgft_marshal.o fgft_run.o fgft_enter.o \
	fgft_traps.o fgft_checks.o \
	fgft_target.o fgft_thunks.o fgft_stubs.o fgft_locks.o fgft_memory.o fgft_resources.o fgft_atomic.o fgft_local.o \
	fgft_report.o fgft_switch.o fgft_module.o fgft_lock_stubs.o fgft_memory_stubs.o fgft_string_stubs.o \
	fgft_device.o fgft_devices.o fgft_io_stubs.o fgft_config_stubs.o fgft_net_stubs.o fgft_atomic_stubs.o fgft_bit_stubs.o \
	fgft_context_stubs.o fgft_percpu_stubs.o fgft_print_stubs.o fgft_gate.o fgft_gate_entry.o
FGFT_LAST := fgft_text_end.o

FGFT_NATIVE_FLAGS := -Dinit_module=fgft_native_init -Dcleanup_module=fgft_native_exit

FGFT_SUSPECT_FLAGS := -fsanitize=thread --param tsan-distinguish-volatile=1 \
	--param tsan-instrument-func-entry-exit=0 -fno-builtin -fno-optimize-sibling-calls -D__NO_FORTIFY \
	-fsanitize-coverage=trace-pc -include $(src)/fgft_suspect.h \
	-Wno-unused-function -Wno-unused-variable -Wno-unused-const-variable

# What runs in every check or in a trap is not traced; the marks of sections hold no code.
$(foreach file,checks context arena ranges traps run enter thunks target,\
	$(eval CFLAGS_REMOVE_fgft_$(file).o := $$(CC_FLAGS_FTRACE)))
OBJECT_FILES_NON_STANDARD_fgft_text_begin.o := y
OBJECT_FILES_NON_STANDARD_fgft_text_end.o := y

quiet_cmd_fgft_redirect = FGFT    $@
      cmd_fgft_redirect = CC="$(CC)" LD="$(LD)" OBJCOPY="$(OBJCOPY)" OBJDUMP="$(OBJDUMP)" READELF="$(READELF)" \
	$(CONFIG_SHELL) $(src)/fgft_redirect.sh $@ $(filter %.o,$(real-prereqs))

# Stubs for what isolated code calls and no other object has: from $(1), the isolated code, into $(obj)/fgft_gates.S.
quiet_cmd_fgft_gates = FGFT    $@
      cmd_fgft_gates = NM="$(NM)" READELF="$(READELF)" $(CONFIG_SHELL) $(src)/fgft_gates.sh $@ \
	$(filter %_suspect.o,$(real-prereqs)) $(src)/fgft_functions.list $(filter-out %_suspect.o,$(filter %.o,$(real-prereqs)))
