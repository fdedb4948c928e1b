// gather, one_hot and scatter_add against one element at a time, with indices that are out of range.
import { gather, one_hot, scatter_add } from "../gather";
import { INDEX_OUT_OF_RANGE } from "../status";
import { at, float, floats, guarded, inRows, intact, ranged, same, words } from "./data";

/** More than one unit of four. */
const TABLE_ROWS = 5;
const STEP = 23;
/** Repeated, unordered, and out of range: one past the end, negative, far away. */
const INDICES: StaticArray<i32> = [4, 0, 0, 3, 5, 2, -1, 4, i32.MIN_VALUE, 0, i32.MAX_VALUE, 1, 0];
const FIRST_BAD = 4;
const ROW_SIZES: StaticArray<i32> = [0, 1, 3, 4, 5, 7, 8, 17];

function inRange(index: i32): bool {
  return index >= 0 && index < TABLE_ROWS;
}

describe("gather", () => {
  it("copies rows; rows out of range are zeros", () => {
    for (let s = 0; s < ROW_SIZES.length; s++) {
      const row = ROW_SIZES[s], count = INDICES.length;
      const table = floats(TABLE_ROWS * row), out = guarded(count * row);
      const status = new StaticArray<i32>(4);
      words(at(out), at(table), at(INDICES), count, row, TABLE_ROWS, at(status), STEP);
      inRows(gather, count);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < row; j++) {
          const expected: f32 = inRange(INDICES[i]) ? table[INDICES[i] * row + j] : 0;
          if (!same(out[i * row + j], expected)) expect(`row ${i} of ${row}, element ${j}: ${out[i * row + j]}`).toBe(`${expected}`);
        }
      }
      expect(intact(out, count * row)).toBe(true, `rows of ${row}`);
      // The ranges ran last to first; of one range the first is told.
      status[0] = 0;
      gather(ranged(0, count));
      expect(status[0]).toBe(INDEX_OUT_OF_RANGE);
      expect(status[1]).toBe(STEP);
      expect(status[2]).toBe(FIRST_BAD, "the first index out of range is told");
    }
  });

  it("leaves a status alone when every index is good, or when one is already set", () => {
    const table = floats(TABLE_ROWS), out = guarded(INDICES.length);
    const status = new StaticArray<i32>(4);
    words(at(out), at(table), at(INDICES), FIRST_BAD, 1, TABLE_ROWS, at(status), STEP);
    inRows(gather, FIRST_BAD);
    expect(status[0]).toBe(0);
    status[0] = 2;
    status[1] = 7;
    words(at(out), at(table), at(INDICES), INDICES.length, 1, TABLE_ROWS, at(status), STEP);
    inRows(gather, INDICES.length);
    expect(status[0]).toBe(2);
    expect(status[1]).toBe(7);
  });

  it("works without a status, without indices and without a table", () => {
    const out = guarded(2), table = floats(0);
    words(at(out), at(table), at(INDICES), 2, 1, 0, 0, STEP);
    inRows(gather, 2);
    expect(out[0]).toBe(0);
    expect(out[1]).toBe(0);
    expect(intact(out, 2)).toBe(true);
    expect(load<i32>(0)).toBe(0, "no status is written at address 0");
    const untouched = guarded(0);
    words(at(untouched), at(table), at(INDICES), 0, 4, TABLE_ROWS, 0, STEP);
    inRows(gather, 0);
    expect(intact(untouched, 0)).toBe(true);
  });
});

describe("one_hot", () => {
  it("marks the index in its row; nothing where it is out of range", () => {
    for (let depth = 0; depth < 10; depth++) {
      const count = INDICES.length, out = guarded(count * depth);
      words(at(out), at(INDICES), count, depth, float(2.5), float(-1));
      inRows(one_hot, count);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < depth; j++) {
          if (out[i * depth + j] != (j == INDICES[i] ? <f32>2.5 : <f32>-1)) expect(`row ${i} of ${depth}, element ${j}: ${out[i * depth + j]}`).toBe("");
        }
      }
      expect(intact(out, count * depth)).toBe(true, `rows of ${depth}`);
    }
  });
});

describe("scatter_add", () => {
  it("adds rows in the order of the indices, to zeros, and skips those out of range", () => {
    for (let s = 0; s < ROW_SIZES.length; s++) {
      const row = ROW_SIZES[s], count = INDICES.length;
      const x = floats(count * row), out = guarded(TABLE_ROWS * row), expected = guarded(TABLE_ROWS * row);
      for (let i = 0; i < TABLE_ROWS * row; i++) expected[i] = 0;
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < row; j++) if (inRange(INDICES[i])) expected[INDICES[i] * row + j] += x[i * row + j];
      }
      words(at(out), at(x), at(INDICES), count, row, TABLE_ROWS);
      inRows(scatter_add, TABLE_ROWS);
      for (let i = 0; i < TABLE_ROWS * row; i++) if (!same(out[i], expected[i])) expect(`element ${i}, rows of ${row}: ${out[i]}`).toBe(`${expected[i]}`);
      expect(intact(out, TABLE_ROWS * row)).toBe(true, `rows of ${row}`);
    }
  });
});
