/** The Makefiles of a generated module. */

export interface KbuildInput {
  banner: string;
  module: string;
  /** Units, relative to the trees, without extension. */
  units: readonly { stem: string; ownPrefix: boolean }[];
  includeFolders: readonly string[];
  defines: readonly { name: string; body: string }[];
}

/** Kbuild names objects of a module by the module: one that is called like it must lie elsewhere, which the trees do. */
export function kbuildText({ banner, module, units, includeFolders, defines }: KbuildInput): string {
  const native = units.map((u) => `native/${u.stem}.o`);
  const stem = module.replace(/-/g, '_');
  const suspect = units.map((u) => `suspect/${u.stem}.o`);
  return [
    banner,
    `obj-m := ${module}.o`,
    '',
    'include $(src)/fgft.mk',
    '',
    '# The driver as it is, with stubs in place of the isolated entry points; its copy that runs checked; what joins them.',
    `${module}-y := $(FGFT_FIRST) ${native.join(' ')} fgft_entries.o ${stem}_suspect.o fgft_gates.o $(FGFT_LAST)`,
    '',
    `ccflags-y += -I$(src) -I$(src)/include`,
    ...includeFolders.map((f) => `ccflags-y += -I$(src)/native${f ? `/${f}` : ''}`),
    ...defines.map((d) => `ccflags-y += -D${d.name}${d.body ? `=${d.body}` : ''}`),
    '',
    ...units.flatMap((u) => [
      `CFLAGS_native/${u.stem}.o := $(FGFT_NATIVE_FLAGS)`,
      `CFLAGS_suspect/${u.stem}.o := $(FGFT_SUSPECT_FLAGS)${u.ownPrefix ? ' -DFGFT_OWN_PR_FMT' : ''}`,
      `CFLAGS_REMOVE_suspect/${u.stem}.o := $(CC_FLAGS_FTRACE)`,
      `$(obj)/suspect/${u.stem}.o: part-of-module := y`,
    ]),
    '',
    `targets += ${suspect.join(' ')} ${stem}_suspect.o fgft_gates.S`,
    `$(obj)/${stem}_suspect.o: ${suspect.map((o) => `$(obj)/${o}`).join(' ')} $(src)/fgft_redirect.sh FORCE`,
    '\t$(call if_changed,fgft_redirect)',
    `$(obj)/fgft_gates.S: $(obj)/${stem}_suspect.o $(addprefix $(obj)/,$(FGFT_FIRST)) $(src)/fgft_functions.list $(src)/fgft_gates.sh FORCE`,
    '\t$(call if_changed,fgft_gates)',
    '',
  ].join('\n');
}

export function makefileText(banner: string): string {
  return [
    banner,
    'KDIR ?= /lib/modules/$(shell uname -r)/build',
    '',
    'all:',
    '\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules',
    '',
    'clean:',
    '\t$(MAKE) -C $(KDIR) M=$(CURDIR) clean',
    '',
    '.PHONY: all clean',
    '',
  ].join('\n');
}
