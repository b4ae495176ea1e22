/** Strongly connected components of the module's call graph, callees before callers. */

/** Tarjan's algorithm without recursion: drivers have call chains deeper than a JavaScript stack likes. */
export function stronglyConnected(count: number, callees: (node: number) => readonly number[]): number[][] {
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const stack: number[] = [];
  const components: number[][] = [];
  let next = 0;
  for (let start = 0; start < count; start++) {
    if (index[start] >= 0) continue;
    const work: { node: number; edge: number }[] = [{ node: start, edge: 0 }];
    while (work.length > 0) {
      const frame = work[work.length - 1];
      const { node } = frame;
      if (frame.edge === 0) {
        index[node] = low[node] = next++;
        stack.push(node);
        onStack[node] = 1;
      }
      const edges = callees(node);
      let descended = false;
      while (frame.edge < edges.length) {
        const to = edges[frame.edge++];
        if (index[to] < 0) {
          work.push({ node: to, edge: 0 });
          descended = true;
          break;
        }
        if (onStack[to]) low[node] = Math.min(low[node], index[to]);
      }
      // A function without callees must not be numbered twice when its frame is seen again.
      if (descended) continue;
      work.pop();
      if (work.length > 0) {
        const parent = work[work.length - 1].node;
        low[parent] = Math.min(low[parent], low[node]);
      }
      if (low[node] === index[node]) {
        const component: number[] = [];
        for (let member = -1; member !== node;) {
          member = stack.pop()!;
          onStack[member] = 0;
          component.push(member);
        }
        components.push(component);
      }
    }
  }
  return components;
}
