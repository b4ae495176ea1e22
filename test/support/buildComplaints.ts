/** What a build of a kernel module complains about: what gcc, objtool, modpost and make print that is not their own progress. */
export function buildComplaints(output: string): string[] {
  // MODPOST and its files are steps of every build; what it complains about begins with ERROR or WARNING.
  const wording = /warning|error|objtool:|undefined/i;
  return output.split('\n').filter((line) => wording.test(line) && !/^(make|Skipping BTF)/.test(line));
}
