import { writeHtml } from './html';
import { writeJson } from './json';
import { writeSarif } from './sarif';
import { writeText } from './text';
import type { Writer } from './writer';

export type Format = 'text' | 'json' | 'sarif' | 'html';

export const writers: Readonly<Record<Format, Writer>> = { text: writeText, json: writeJson, sarif: writeSarif, html: writeHtml };
