// argsort against a stable selection one by one, and searchsorted against counting, with NaN, both zeros, infinities and the ends of int32.
import { argsort, searchsorted } from "../sort";
import { at, floats, guarded, intact, random, WORDS, words } from "./data";

/** Around the length from which rows are sorted digit by digit, and long ones. */
const SIZES: StaticArray<i32> = [0, 1, 2, 7, 47, 48, 49, 255, 256, 257, 1000];
const SPECIAL: StaticArray<f32> = [NaN, 0, -0.0, Infinity, -Infinity, 1, -1, 1e-40, -1e-40, 3.4e38, NaN];
const EDGES: StaticArray<i32> = [i32.MIN_VALUE, -1, 0, 1, i32.MAX_VALUE];

/** Whether a must not stand behind b. */
function before(a: f32, b: f32, descending: bool): bool {
  if (a != a) return b != b;
  if (b != b) return true;
  return descending ? a >= b : a <= b;
}

function order(x: usize, out: usize, rows: i32, n: i32, descending: bool, integers: bool, workspace: usize): void {
  words(out, x, workspace, rows, n, descending ? 1 : 0, integers ? 1 : 0);
  argsort(at(WORDS));
}

describe("argsort", () => {
  it("puts rows in order, equal elements as they stood, NaN last", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const n = SIZES[s], rows = 3;
      const x = floats(rows * n), out = guarded(rows * n), workspace = new StaticArray<u32>(3 * n + 1024);
      for (let i = 0; i < rows * n; i++) if (i % 3 == 0) x[i] = SPECIAL[i % SPECIAL.length];
      for (let way = 0; way < 2; way++) {
        order(at(x), at(out), rows, n, way == 1, false, at(workspace));
        for (let row = 0; row < rows; row++) {
          const seen = new StaticArray<bool>(n);
          for (let i = 0; i < n; i++) {
            const place = load<i32>(at(out) + ((row * n + i) << 2));
            if (place < 0 || place >= n || seen[place]) expect(`size ${n}, rank ${i}: ${place}`).toBe("a permutation");
            seen[place] = true;
            if (i == 0) continue;
            const other = load<i32>(at(out) + ((row * n + i - 1) << 2));
            const a = x[row * n + other], b = x[row * n + place];
            const fine = before(a, b, way == 1) && (!before(b, a, way == 1) || other < place);
            if (!fine) expect(`size ${n}, way ${way}, rank ${i}: ${a} before ${b}`).toBe("in order, and stable");
          }
        }
        expect(intact(out, rows * n)).toBe(true, `size ${n}`);
      }
    }
  });

  it("sorts int32 with both ends of the range, and numbers that differ in one, two or three digits only", () => {
    const n = 200;
    const x = new StaticArray<i32>(n), out = guarded(n), workspace = new StaticArray<u32>(3 * n + 1024);
    for (let kind = 0; kind < 8; kind++) {
      const way = kind & 1, bits = 8 * (kind >> 1);
      for (let i = 0; i < n; i++) x[i] = bits > 0 ? <i32>((random() + 0.5) * <f32>(1 << bits)) : i < EDGES.length ? EDGES[i] : <i32>(random() * 1000);
      order(at(x), at(out), 1, n, way == 1, true, at(workspace));
      for (let i = 1; i < n; i++) {
        const a = x[load<i32>(at(out) + ((i - 1) << 2))], b = x[load<i32>(at(out) + (i << 2))];
        expect(way == 1 ? a >= b : a <= b).toBe(true, `rank ${i}: ${a} and ${b}`);
      }
    }
  });
});

describe("searchsorted", () => {
  it("counts what is below, or not above", () => {
    const n = 20, count = 60;
    const sorted = new StaticArray<f32>(n), values = floats(count), out = guarded(count);
    for (let i = 0; i < n; i++) sorted[i] = i < 18 ? <f32>(i / 3) : NaN;
    for (let i = 0; i < count; i++) values[i] = i % 7 == 0 ? NaN : <f32>(i % 9) - 1;
    for (let side = 0; side < 2; side++) {
      words(at(out), at(sorted), at(values), 1, n, count, side, 0);
      searchsorted(at(WORDS));
      for (let i = 0; i < count; i++) {
        let below = 0;
        for (let k = 0; k < n; k++) {
          const known = sorted[k] == sorted[k];
          if (values[i] != values[i] ? known || side == 1 : known && (sorted[k] < values[i] || (side == 1 && sorted[k] == values[i]))) below++;
        }
        expect(load<i32>(at(out) + (i << 2))).toBe(below, `${values[i]}, side ${side}`);
      }
    }
    expect(intact(out, count)).toBe(true);
  });
});
