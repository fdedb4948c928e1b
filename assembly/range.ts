// The range of units a step computes: the two words before its own. A kernel with a split turns them into its rows or elements.

/** Where the range begins, in elements of `unit` each, at most n. */
// @ts-ignore: decorator
@inline
export function rangeBegin(words: usize, unit: i32, n: i32): i32 {
  return min(load<i32>(words - 8) * unit, n);
}

/** Where it ends. */
// @ts-ignore: decorator
@inline
export function rangeEnd(words: usize, unit: i32, n: i32): i32 {
  return min(load<i32>(words - 4) * unit, n);
}

/** Rows of a unit: UNIT_ROWS in src/program/split.ts. */
export const UNIT_ROWS: i32 = 4;
/** Elements of a unit of a vector: UNIT_ELEMENTS there. */
export const UNIT_ELEMENTS: i32 = 256;
