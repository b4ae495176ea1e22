/** What `fgft --help` and `fgft COMMAND --help` print. Only what this version can do stands here. */

const overview = `fgft: which data a Linux driver's entry points touch, and what it would cost to run each as a fault-tolerant transaction

usage: fgft COMMAND ...

commands:
  analyze PATH...   analyse drivers: a .c file, a driver's folder, or any part of a kernel tree
  isolate PATH      writes a module in which suspect entry points run as transactions
  checkpoint PATH   writes the functions that save and restore the device, from its power management
  suspects PATH...  which entry points to isolate for the findings of other tools
  compare OLD NEW   what a change does to the price of isolating each entry point
  merge REPORT...   join the JSON reports of shards
  doctor FILE       say which kernel tree, configuration, module and knowledge were found for FILE, and why
  lsp --stdio       the language server, for editors

  fgft COMMAND --help says more about one command; fgft --version prints the version.
`;

const analyze = `usage: fgft analyze PATH... [options]
       fgft analyze [PATH...] [--kernel DIR] --dump-layout RECORD...

Analyses the drivers at PATH: a .c file stands for the module that links it, a folder with a Kbuild Makefile for its modules.
Nothing has to be built.

options:
  --kernel DIR       kernel source tree or installed headers to read the drivers against; otherwise the tree that PATH lies in,
                     /lib/modules/$(uname -r)/build, or the newest /usr/src/linux-headers-*
  --entry NAME       only this entry point, with every field; may be given several times
  --format FORMAT    text (default), json, sarif or html
  -o, --output FILE  write there instead of to standard output
  --fail-on LEVEL    exit with 1 if there is a finding at this level or above: error, warning, information or hint
  --rule ID=LEVEL    how severe findings of a rule are: error, warning, information, hint or off; may be given several times
  --cost-threshold NS
                     a warning (cost/threshold) for each entry point whose isolated call is estimated above NS nanoseconds
  -j, --jobs N       how many modules are analysed at the same time; default: one for each processor, at most 4
  --shard I/N        only the I-th of N parts of the modules, for runs that are spread over machines; fgft merge joins the reports
  --isolate-folder DIR
                     where the drivers' isolated modules are, for the findings of stubs/stale: relative to a driver's folder, with
                     \${driver} for a module's name; default: fgft-isolated/\${driver}
  --no-cache         analyse every module anew, and keep nothing for the next run
  --dump-layout RECORD...
                     print sizes and member offsets of these structs, unions or typedefs as JSON, and no report; they are
                     looked for in the drivers at PATH, if given, and in the kernel's headers

Ctrl-C ends a run over many modules with a report over what is done; a second one ends it at once.

exit status: 0 analysed; 1 findings at or above --fail-on; 2 bad usage or unreadable input; 130 stopped
`;

const isolate = `usage: fgft isolate PATH (--entry NAME... | --all) --out DIR [options]

Writes a module that is the driver at PATH with the named entry points isolated: stubs that marshal what they touch, the driver's text
compiled a second time with every access checked, kernel stubs, the runtime, and a Makefile. make -C DIR KDIR=HEADERS builds it.

options:
  --entry NAME     isolate this entry point; may be given several times
  --all            isolate every entry point that can be
  -o, --out DIR    write there; what somebody edited there is left alone
  --force          write over edited files, too
  --kernel DIR     kernel source tree or installed headers to read the driver against

exit status: 0; 2 bad usage or unreadable input; 3 nothing could be isolated
`;

const checkpoint = `usage: fgft checkpoint PATH --out FILE [--kernel DIR]

Writes the functions that save the device before a call and restore it after a fault, cut from the driver's suspend and resume.

exit status: 0; 2 bad usage or unreadable input; 3 no checkpoint can be derived
`;

const suspects = `usage: fgft suspects PATH... --findings FILE [options]

Maps the findings of other tools to the functions that hold them and the entry points that reach those, and ranks what to
isolate. Understands SARIF; file:line: lines as gcc, clang, sparse, smatch and coccinelle print them; and the stack traces of
kernel oopses, KASAN and its kin.

options:
  --findings FILE    the findings; may be given several times
  --kernel DIR       as for fgft analyze
  --format FORMAT    text (default) or json

exit status: 0; 2 bad usage or unreadable input
`;

const compare = `usage: fgft compare OLD NEW [options]

Says what became dearer or cheaper to isolate between two JSON reports of fgft analyze, and which findings came and went.

options:
  --format FORMAT    text (default) or json
  --fail-on-worse    exit with 1 if an entry point became dearer or can no longer be isolated, or if a finding is new

exit status: 0; 1 with --fail-on-worse; 2 bad usage or unreadable input
`;

const merge = `usage: fgft merge REPORT... [-o FILE]

Joins JSON reports, such as those of shards, into one. They must come from the same version and the same kernel. A driver that
stands in several is taken once, and the summary is made anew.

options:
  -o, --output FILE  write there instead of to standard output

exit status: 0; 2 bad usage, or reports that cannot be read or do not belong together
`;

const doctor = `usage: fgft doctor FILE [--kernel DIR]

Says which kernel tree, configuration, module files, headers and knowledge were found for FILE, and why.

exit status: 0; 2 bad usage or unreadable input
`;

const lsp = `usage: fgft lsp --stdio

Runs the language server on standard input and output.
`;

const topics: Readonly<Record<string, string>> = { analyze, isolate, checkpoint, suspects, compare, merge, doctor, lsp };

/** The help on a command; the overview for null and for what is no command. */
export function helpText(topic: string | null): string {
  return (topic !== null && Object.hasOwn(topics, topic) ? topics[topic] : undefined) ?? overview;
}
