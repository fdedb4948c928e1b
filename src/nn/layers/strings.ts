// Strings in nested arrays: their shape, and hashes of them.
import { ValueError } from "../../base/errors.js";

/** Strings in arrays of arrays, as many in each as in its neighbours. */
export type NestedStrings = string | readonly NestedStrings[];

/** Writes the strings of nested arrays to `list` and their lengths to `shape`. */
export function flatten(value: unknown, depth: number, shape: number[], list: string[], where: string): void {
  if (typeof value === "string") {
    if (depth !== shape.length) throw new ValueError(`${where}: expected arrays as deep as their neighbours, got ${JSON.stringify(value)} beside an array.`);
    list.push(value);
    return;
  }
  if (!Array.isArray(value)) throw new ValueError(`${where}: expected strings in arrays, got ${JSON.stringify(value)}.`);
  if (depth === shape.length && list.length === 0) shape.push(value.length);
  else if (shape[depth] !== value.length) throw new ValueError(`${where}: expected arrays as long as their neighbours, got ${value.length} beside ${shape[depth] ?? "a string"}.`);
  for (const item of value as readonly unknown[]) flatten(item, depth + 1, shape, list, where);
}

/** The strings of each example. */
export function examplesOf(batch: NestedStrings, where: string): readonly (readonly string[])[] {
  const [shape, list]: [number[], string[]] = [[], []];
  flatten(batch, 0, shape, list, where);
  const size = list.length / (shape[0] ?? 1);
  return Array.from({ length: shape[0] ?? 1 }, (_, i) => list.slice(i * size, (i + 1) * size));
}

/** FNV-1a over UTF-16 units, 32 bits: which of several numbers an unknown token gets. Fowler, Noll & Vo */
export function hash(token: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < token.length; i++) bits = Math.imul(bits ^ token.charCodeAt(i), 0x01000193);
  return bits >>> 0;
}
