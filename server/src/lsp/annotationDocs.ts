/** What each annotation of `fgft.h` means, as shown on hover. */
export interface AnnotationDocumentation {
  name: string;
  usage: string;
  text: string;
}

export const annotationDocs: AnnotationDocumentation[] = [
  {
    name: '__fgft_suspect',
    usage: '__fgft_suspect static int foo(struct net_device *dev)',
    text: 'Marks an entry point as suspect: it runs as a fault-tolerant transaction on copies of the fields that it touches. A fault drops the copies, undoes its kernel calls, restores the device and returns an error. Stands before the whole definition. Empty in the normal build.',
  },
  {
    name: '__fgft_suspect_if',
    usage: '__fgft_suspect_if(cmd == SIOCSMIIREG) static int foo(struct net_device *dev, int cmd)',
    text: 'Marks an entry point as suspect for those calls only in which the expression over its parameters holds; all others run at full speed.',
  },
  {
    name: '__fgft_count',
    usage: '__fgft_count(ring->length) struct descriptor *entries;',
    text: 'States how many elements a pointer points to, as an expression over the same record or the parameters, so that the array can be marshaled.',
  },
  {
    name: '__fgft_string',
    usage: '__fgft_string char *name;',
    text: 'States that a character pointer points to text that ends with a NUL.',
  },
  {
    name: '__fgft_opaque',
    usage: '__fgft_opaque void *cookie;',
    text: 'States that a pointer is only passed on, never dereferenced by the isolated code: its value travels, its target does not.',
  },
  {
    name: '__fgft_shared',
    usage: '__fgft_shared struct completion done;',
    text: 'States that other contexts change this while an isolated call runs: it is used where it is, never copied.',
  },
  {
    name: '__fgft_live_if',
    usage: '__fgft_live_if(kind == KIND_BUFFER) struct buffer *buffer;',
    text: 'States when this member of a union is the live one, as an expression over the members beside the union: a pointer is followed only then.',
  },
  {
    name: '__fgft_checkpoint',
    usage: '__fgft_checkpoint static void foo_save(struct foo *foo)',
    text: "Names the function that saves the device's state before an isolated call, where it cannot be derived from the suspend code.",
  },
  {
    name: '__fgft_restore',
    usage: '__fgft_restore static int foo_restore(struct foo *foo)',
    text: 'Names the function that brings the device back to the saved state after a fault, where it cannot be derived from the resume code.',
  },
];
