/** Writes chosen faults into a text. All of them at once: which one is alive is decided at run time, so one build serves a whole driver. */
import type { ChosenFault } from './choose';

/** The text with every fault in it. Lines keep their numbers. */
export function withFaults(text: string, faults: readonly ChosenFault[]): string {
  const insertions: { at: number; text: string; closes: boolean; width: number; order: number }[] = [];
  faults.forEach((fault, order) => {
    const number = String(fault.number);
    const width = fault.end - fault.start;
    insertions.push({ at: fault.start, text: oneLine(fault.before).replaceAll('NUMBER', number), closes: false, width, order });
    insertions.push({ at: fault.end, text: oneLine(fault.after).replaceAll('NUMBER', number), closes: true, width, order });
  });
  // At one place: what ends there is closed first, the inner before the outer; then what begins there is opened, the outer before the inner.
  insertions.sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (a.closes !== b.closes) return a.closes ? -1 : 1;
    if (a.width !== b.width) return a.closes ? a.width - b.width : b.width - a.width;
    return a.closes ? b.order - a.order : a.order - b.order;
  });
  let result = '';
  let done = 0;
  for (const { at, text: words } of insertions) {
    result += text.slice(done, at) + words;
    done = at;
  }
  return result + text.slice(done);
}

function oneLine(words: string): string {
  return words.replace(/\\?\s*\n\s*/g, ' ');
}
