import assert from 'node:assert/strict';
import { loadAssets } from '../../../server/src/engine/assets';
import { releaseSyntax } from '../../../server/src/engine/batch/leanFiles';
import { shared } from '../../../server/src/engine/kernelWorld';
import { type ParsedFile, parseFile } from '../../../server/src/engine/parsedFile';
import type { Parser } from '../../../server/src/syntax/parser';
import { assumedConfiguration } from '../../../server/src/text/configuration';

const TEXT = `struct foo { int a; };
#define GET(f) ((f)->a)
static int first(struct foo *f)
{
	list_for_each_entry(f, &head, link) {
		if (GET(f))
			return 1;
	}
	return 0;
}
int variable;
static __init int second(void) { return sizeof(struct foo); }
`;

describe('engine-batch: the syntax of large modules', () => {
  let file: ParsedFile;
  let parser: Parser;

  before(async () => {
    const base = await shared(loadAssets());
    const { knowledge } = base;
    ({ parser } = base);
    file = parseFile('/foo.c', TEXT, {
      parser,
      dialect: knowledge.dialect,
      declaringMacros: knowledge.declaringMacros,
      environment: {
        configuration: assumedConfiguration(knowledge.configuration),
        macros: [],
        predefined: () => undefined,
        isKernelMacro: () => false,
        headerMacros: () => undefined,
        inlineText: () => undefined,
      },
      isHeader: false,
      keepTree: false,
      sameEnvironment: false,
    });
  });

  it('is the same when it is asked for again, and not kept', () => {
    const before = file.items.map((item) => ({ ...item }));
    releaseSyntax([file], parser);
    assert.deepEqual(
      file.items.map((item) => ({ ...item })),
      before,
    );
    const functions = file.items.filter((item) => item.kind === 'function_definition');
    assert.equal(functions.length, 2);
    for (const item of functions) assert.notEqual(item.nodes, item.nodes, 'made anew each time');
    const others = file.items.filter((item) => item.kind !== 'function_definition');
    for (const item of others) assert.equal(item.nodes, item.nodes);
  });
});
