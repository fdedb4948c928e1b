// Names that users may write in either spelling: "categoricalCrossentropy" as TensorFlow.js, "categorical_crossentropy" as Keras.
import { ValueError } from "./errors.js";

/** A key of a table, which editors complete, or another spelling of one. */
export type NameIn<Table> = (keyof Table & string) | (string & {});

/** The form in which both spellings are equal: "batch_normalization" and "batchNormalization" become "batchnormalization". */
export function normalizeName(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/**
 * The row of a table whose key is `name` in either spelling.
 *
 * kind: what the names are, for the error   Throws ValueError with the nearest known name.
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string, kind: string): T {
  const wanted = normalizeName(String(name));
  const keys = Object.keys(table);
  const found = keys.find((key) => normalizeName(key) === wanted);
  if (found !== undefined) return table[found]!;
  const nearest = nearestName(name, keys);
  const hint = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
  throw new ValueError(`${kind}: expected one of ${keys.join(", ")}; got "${name}".${hint}`);
}

/** The name that takes the fewest edits, if they are few for its length. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = normalizeName(String(name));
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const key of known) {
    const edits = editDistance(wanted, normalizeName(key));
    if (edits < fewest) {
      fewest = edits;
      best = key;
    }
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
