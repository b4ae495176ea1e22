/** What a name in a header stands for. The numbers are part of the cache's format. */
export enum HeaderNameKind {
  Struct = 1,
  Union = 2,
  Enum = 3,
  Typedef = 4,
  Macro = 5,
  Function = 6,
  Variable = 7,
  EnumConstant = 8,
  /** An `#include`: the name is the path as written between the quotes or angles. */
  Include = 9,
  /** A macro call at file level, which may declare names that no text shows (`SEQCOUNT_LOCKNAME(…)`). */
  MacroCall = 10,
  /** A word in the arguments of a macro call at file level: names that the call declares hold one. Follows its `MacroCall`, with the same offset. */
  CallWord = 11,
}
