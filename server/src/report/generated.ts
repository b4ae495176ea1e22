/** What is known of the isolated version of a driver that was generated before. Plain data. */
export interface GeneratedState {
  /** As the report names files. */
  folder: string;
  /** Entry points that it isolates. */
  entries: readonly string[];
  /** Files of the driver whose text is no longer what it was made from. */
  changed: readonly {
    /** As the report names it; null when the driver has it no more. */
    file: string | null;
    /** Its base name. */
    name: string;
    /** Hashes of the text, as the generated file's head shows them; `now` null when the file is gone. */
    before: string;
    now: string | null;
  }[];
}
