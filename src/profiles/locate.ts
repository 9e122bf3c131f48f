/** From a path in the data to the place in the text. */
import { isMap, isNode, isScalar, isSeq, type Document, type Pair } from 'yaml';

type Path = readonly PropertyKey[];

/** Offset of a key or of its value; of the nearest parent that is there when it is missing. */
export function offsetOf(document: Document.Parsed, path: Path, part: 'key' | 'value'): number {
  for (let length = path.length; length > 0; length--) {
    const found = nodeAt(document, path.slice(0, length), part);
    if (isNode(found) && found.range) return found.range[0];
  }
  return document.contents?.range[0] ?? 0;
}

function nodeAt(document: Document.Parsed, path: Path, part: 'key' | 'value'): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isSeq(parent)) return typeof last === 'number' ? parent.items[last] : undefined;
  return isMap(parent) ? parent.items.find((pair) => nameOf(pair) === last)?.[part] : undefined;
}

const nameOf = (pair: Pair): unknown => (isScalar(pair.key) ? pair.key.value : undefined);

/** Path of the first key that is none of those that `known` gives for its map; a map with no known keys is free. */
export function strayKey(node: unknown, known: (path: Path) => readonly string[], path: Path = []): Path | undefined {
  if (!isMap(node)) return undefined;
  const names = known(path);
  for (const pair of node.items) {
    const here = [...path, String(nameOf(pair))];
    if (names.length > 0 && !names.includes(String(nameOf(pair)))) return here;
    const deeper = strayKey(pair.value, known, here);
    if (deeper) return deeper;
  }
  return undefined;
}
