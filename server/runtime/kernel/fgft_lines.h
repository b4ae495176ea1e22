/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Source lines of isolated code: a table that is made when the module is built, from the suspect
 * object's debug information. Without it, messages name functions.
 */
#ifndef _FGFT_LINES_H
#define _FGFT_LINES_H

/* From this offset on, up to the next row's. */
struct fgft_line {
	u32 offset;		/* from fgft_suspect_text */
	u32 line;
	const char *file;
};

extern const struct fgft_line fgft_lines[];
extern const unsigned int fgft_line_count;
extern char fgft_suspect_text[];

#endif /* _FGFT_LINES_H */
