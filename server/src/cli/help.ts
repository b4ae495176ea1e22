/** What `fgft --help` and `fgft COMMAND --help` print. Only what this version can do stands here. */

const overview = `fgft: which data a Linux driver's entry points touch, and what it would cost to run each as a fault-tolerant transaction

usage: fgft COMMAND ...

commands:
  analyze PATH...   analyse drivers: a .c file, a driver's folder, or any part of a kernel tree
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
  -j, --jobs N       how many modules are analysed at the same time; default: one for each processor, at most 4
  --shard I/N        only the I-th of N parts of the modules, for runs that are spread over machines; fgft merge joins the reports
  --no-cache         analyse every module anew, and keep nothing for the next run
  --dump-layout RECORD...
                     print sizes and member offsets of these structs, unions or typedefs as JSON, and no report; they are
                     looked for in the drivers at PATH, if given, and in the kernel's headers

Ctrl-C ends a run over many modules with a report over what is done; a second one ends it at once.

exit status: 0 analysed; 1 findings at or above --fail-on; 2 bad usage or unreadable input; 130 stopped
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

const topics: Readonly<Record<string, string>> = { analyze, merge, doctor, lsp };

/** The help on a command; the overview for null and for what is no command. */
export function helpText(topic: string | null): string {
  return (topic !== null && Object.hasOwn(topics, topic) ? topics[topic] : undefined) ?? overview;
}
