// Picking and placing by index, against one element at a time, with repeated indices and such that are out of range.
import { gather_nd, iota, scatter_along, scatter_nd, take_along } from "../scatter";
import { INDEX_OUT_OF_RANGE } from "../status";
import { at, floats, guarded, guardedCopy, intact, random, same, WORDS, words } from "./data";

const OUTER = 2, N = 4, COUNT = 6, INNER = 3, STEP = 17;
const ADD = 0, UPDATE = 2;

/** Indices of which every 7th is out of range on one side or the other. */
function indices(count: i32, size: i32): StaticArray<i32> {
  const list = new StaticArray<i32>(count);
  for (let i = 0; i < count; i++) list[i] = i % 7 == 5 ? (i % 2 == 0 ? size : -1) : <i32>((random() + 0.5) * <f32>size);
  return list;
}

function firstBad(list: StaticArray<i32>, size: i32): i32 {
  for (let i = 0; i < list.length; i++) if (<u32>list[i] >= <u32>size) return i;
  return -1;
}

describe("iota", () => {
  it("counts from a start in steps", () => {
    const out = guarded(5);
    words(at(out), 5, 7, <usize>-2);
    iota(at(WORDS));
    for (let i = 0; i < 5; i++) expect(load<i32>(at(out) + (i << 2))).toBe(7 - 2 * i);
    expect(intact(out, 5)).toBe(true);
  });
});

describe("take_along and scatter_along", () => {
  it("take an element for every index; 0 and a report where there is none", () => {
    const list = indices(OUTER * COUNT * INNER, N), x = floats(OUTER * N * INNER), out = guarded(list.length), status = new StaticArray<i32>(4);
    words(at(out), at(x), at(list), OUTER, N, COUNT, INNER, at(status));
    WORDS[8] = STEP;
    take_along(at(WORDS));
    for (let i = 0; i < list.length; i++) {
      const o = i / (COUNT * INNER), inner = i % INNER;
      const expected: f32 = <u32>list[i] < <u32>N ? x[(o * N + list[i]) * INNER + inner] : 0;
      expect(same(out[i], expected)).toBe(true, `element ${i}: ${out[i]}, expected ${expected}`);
    }
    expect(intact(out, list.length)).toBe(true);
    expect(status[0]).toBe(INDEX_OUT_OF_RANGE);
    expect(status[1]).toBe(STEP);
    expect(status[2]).toBe(firstBad(list, N));
  });

  it("add up in order, or leave the last", () => {
    for (let kind = ADD; kind <= UPDATE; kind += 2) {
      const list = indices(OUTER * COUNT * INNER, N), x = floats(list.length), base = floats(OUTER * N * INNER);
      const out = guardedCopy(base, OUTER * N * INNER), expected = guardedCopy(base, OUTER * N * INNER), status = new StaticArray<i32>(4);
      words(at(out), at(x), at(list), OUTER, N, COUNT, INNER, kind);
      WORDS[8] = <u32>at(status);
      WORDS[9] = STEP;
      scatter_along(at(WORDS));
      for (let i = 0; i < list.length; i++) {
        if (<u32>list[i] >= <u32>N) continue;
        const to = (i / (COUNT * INNER) * N + list[i]) * INNER + i % INNER;
        expected[to] = kind == ADD ? expected[to] + x[i] : x[i];
      }
      for (let i = 0; i < OUTER * N * INNER; i++) expect(same(out[i], expected[i])).toBe(true, `kind ${kind}, element ${i}`);
      expect(intact(out, OUTER * N * INNER)).toBe(true);
      expect(status[2]).toBe(firstBad(list, N));
    }
  });
});

describe("gather_nd and scatter_nd", () => {
  it("are each other's opposite on rows of several lengths", () => {
    const rows = 3, columns = 4, count = 9;
    for (let row = 0; row < 6; row++) {
      const pairs = new StaticArray<i32>(2 * count);
      for (let i = 0; i < count; i++) {
        pairs[2 * i] = i % 5 == 4 ? rows : i % rows;
        pairs[2 * i + 1] = (2 * i) % columns;
      }
      const x = floats(rows * columns * row), out = guarded(count * row), status = new StaticArray<i32>(4);
      words(at(out), at(x), at(pairs), count, row, 2, at(status), STEP);
      WORDS[8] = rows;
      WORDS[9] = columns;
      gather_nd(at(WORDS));
      const sums = guardedCopy(x, rows * columns * row), expected = guardedCopy(x, rows * columns * row);
      words(at(sums), at(out), at(pairs), count, row, 2, ADD, 0);
      WORDS[8] = STEP;
      WORDS[9] = rows;
      WORDS[10] = columns;
      scatter_nd(at(WORDS));
      for (let i = 0; i < count; i++) {
        const inside = pairs[2 * i] < rows;
        const first = (pairs[2 * i] * columns + pairs[2 * i + 1]) * row;
        for (let k = 0; k < row; k++) {
          expect(same(out[i * row + k], inside ? x[first + k] : 0)).toBe(true, `row of ${row}, index ${i}, element ${k}`);
          if (inside) expected[first + k] += x[first + k];
        }
      }
      for (let i = 0; i < rows * columns * row; i++) expect(same(sums[i], expected[i])).toBe(true, `sum ${i} of rows of ${row}`);
      expect(intact(out, count * row)).toBe(true);
      expect(intact(sums, rows * columns * row)).toBe(true);
      expect(status[2]).toBe(4, "the first index out of range is told");
    }
  });
});
