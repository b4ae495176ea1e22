import { renderPage } from '../../report/page/page';
import type { Writer } from './writer';

/** The page that the editor shows too. */
export const writeHtml: Writer = (report) => renderPage(report);
