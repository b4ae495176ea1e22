/** What `fgft --help` and `fgft COMMAND --help` print. Only what this version can do stands here. */

const overview = `fgft: which data a Linux driver's entry points touch, and what it would cost to run each as a fault-tolerant transaction

usage: fgft COMMAND ...

commands:
  analyze PATH...   analyse drivers: a .c file, a driver's folder, or any part of a kernel tree
  doctor FILE       say which kernel tree, configuration, module and knowledge were found for FILE, and why
  lsp --stdio       the language server, for editors

  fgft COMMAND --help says more about one command; fgft --version prints the version.
`;

const analyze = `usage: fgft analyze PATH... [options]

Analyses the drivers at PATH: a .c file stands for the module that links it, a folder with a Kbuild Makefile for its modules.
Nothing has to be built.

options:
  --kernel DIR       kernel source tree or installed headers to read the drivers against; otherwise the tree that PATH lies in,
                     /lib/modules/$(uname -r)/build, or the newest /usr/src/linux-headers-*
  --entry NAME       only this entry point, with every field; may be given several times
  --format FORMAT    text (default), json, sarif or html
  -o, --output FILE  write there instead of to standard output
  --fail-on LEVEL    exit with 1 if there is a finding at this level or above: error, warning, information or hint
  -j, --jobs N       how many modules may be analysed at the same time (accepted; this version analyses one at a time)

exit status: 0 analysed; 1 findings at or above --fail-on; 2 bad usage or unreadable input
`;

const doctor = `usage: fgft doctor FILE [--kernel DIR]

Says which kernel tree, configuration, module files, headers and knowledge were found for FILE, and why.

exit status: 0; 2 bad usage or unreadable input
`;

const lsp = `usage: fgft lsp --stdio

Runs the language server on standard input and output.
`;

const topics: Readonly<Record<string, string>> = { analyze, doctor, lsp };

/** The help on a command; the overview for null and for what is no command. */
export function helpText(topic: string | null): string {
  return (topic !== null && Object.hasOwn(topics, topic) ? topics[topic] : undefined) ?? overview;
}
