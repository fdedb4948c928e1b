// f32_gemm against a plain scalar loop in float64.
import { BLOCK_COLUMNS, BLOCK_ROWS, BLOCK_STEPS, f32_gemm } from "../gemm";
import { EDGE_BYTES, roundUp } from "../gemm.block";
import { STREAM_COLUMNS } from "../gemm.vector";
import { floats, GUARD, guarded } from "./data";

// Sizes straddle the tiles: 4 rows, 8 columns (4 in a narrow panel), steps unrolled by 4.
const SIZES: StaticArray<i32> = [0, 1, 3, 4, 5, 7, 8, 9, 14, 26];

/** Straddles of the cache blocks and shapes of real layers: m, n, k. */
const SHAPES: StaticArray<i32> = [
  128, 10, 512,   10, 512, 128,   1, 512, 784,   2, 33, 300,   784, 1, 130,
  BLOCK_ROWS - 1, 9, 5,   BLOCK_ROWS + 1, 9, 5,   2 * BLOCK_ROWS + 2, 5, BLOCK_STEPS + 1,
  5, BLOCK_COLUMNS + 1, 5,   6, 2 * BLOCK_COLUMNS + 10, 3,   9, 9, BLOCK_STEPS - 1,   9, 9, BLOCK_STEPS + 1,   9, 13, 3 * BLOCK_STEPS + 2,
];

/** The range stands in front of the words. */
const RANGED = new StaticArray<u32>(22);
const WORDS: usize = changetype<usize>(RANGED) + 8;
/** The ranges that run() cuts the product into, in turn; none: one for all. */
let cuts: StaticArray<i32> = [];
let cut: i32 = 0;
let mask: StaticArray<f32> | null = null;

function workspaceBytes(m: i32, n: i32, k: i32): i32 {
  const rows = roundUp(min(m, BLOCK_ROWS), 4), steps = min(k, BLOCK_STEPS) + 4;
  const tiles = <i32>EDGE_BYTES + 16 + 4 * (rows + rows * steps + roundUp(min(n, BLOCK_COLUMNS), 8) * steps);
  return max(tiles, 4 * min(max(m, n), STREAM_COLUMNS));
}

/** Layouts of an operand: rows contiguous, columns contiguous, neither. */
const ROWS = 0, COLUMNS = 1, SPREAD = 2;

function rowStride(layout: i32, columns: i32): i32 {
  return layout == ROWS ? columns : layout == COLUMNS ? 1 : 2 * columns + 1;
}

function columnStride(layout: i32, rows: i32): i32 {
  return layout == ROWS ? 1 : layout == COLUMNS ? rows : 2;
}

function word(i: i32, value: u32): void {
  store<u32>(WORDS + 4 * i, value);
}

function run(
  out: StaticArray<f32>, a: StaticArray<f32>, b: StaticArray<f32>, bias: StaticArray<f32> | null, m: i32, n: i32, k: i32,
  aRow: i32, aCol: i32, bRow: i32, bCol: i32, outRow: i32, relu: i32, batch: i32, aBatch: i32, bBatch: i32, outBatch: i32,
): void {
  const bytes = workspaceBytes(m, n, k);
  const workspace = heap.alloc(bytes + 64);
  const aligned = (workspace + 15) & ~15;
  memory.fill(aligned + bytes, 0x5a, 16);
  word(0, <u32>changetype<usize>(out)); word(1, <u32>changetype<usize>(a)); word(2, <u32>changetype<usize>(b));
  word(3, bias ? <u32>changetype<usize>(bias) : 0); word(4, <u32>aligned);
  word(5, m); word(6, n); word(7, k); word(8, aRow); word(9, aCol); word(10, bRow); word(11, bCol);
  word(12, outRow); word(13, relu); word(14, batch); word(15, aBatch); word(16, bBatch); word(17, outBatch);
  word(18, mask ? <u32>changetype<usize>(mask!) : 0); word(19, cut);
  let begin = 0;
  const units = cut == 0 ? (batch * m + 3) / 4 : (n + 7) / 8;
  for (let i = 0; i <= cuts.length; i++) {
    const end = i < cuts.length ? min(cuts[i], units) : units;
    word(-2, begin); word(-1, end);
    if (end > begin || cuts.length == 0) f32_gemm(WORDS);
    begin = max(begin, end);
  }
  let intact = true;
  for (let i = 0; i < 16; i++) if (load<u8>(aligned + bytes + i) != 0x5a) intact = false;
  expect(intact).toBe(true, `workspace of ${m} x ${n} x ${k} holds`);
  heap.free(workspace);
}

/** One product against the scalar loop; returns what differs, or "". */
function compare(m: i32, n: i32, k: i32, aLayout: i32, bLayout: i32, withBias: bool, relu: bool, gap: i32): string {
  const aRow = rowStride(aLayout, k), aCol = columnStride(aLayout, m), bRow = rowStride(bLayout, n), bCol = columnStride(bLayout, k);
  const a = floats(m * (2 * k + 1)), b = floats(k * (2 * n + 1)), bias = floats(n);
  const outRow = n + gap;
  const out = guarded(m * outRow);
  run(out, a, b, withBias ? bias : null, m, n, k, aRow, aCol, bRow, bCol, outRow, relu ? 1 : 0, 1, 0, 0, 0);
  // Products below 1/4: k of them, rounded once each and once a sum, stay within k · 2⁻²⁴ · (partial sum ≤ k/4); √k is the usual growth.
  const tolerance = 2e-7 * (1 + <f64>k) ** 0.5 + 1e-7;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum: f64 = withBias ? bias[j] : 0;
      for (let s = 0; s < k; s++) sum += <f64>a[i * aRow + s * aCol] * <f64>b[s * bRow + j * bCol];
      if (relu && sum < 0) sum = 0;
      const got = <f64>out[i * outRow + j];
      if (!(abs(got - sum) <= tolerance)) return `${m} x ${n} x ${k} layouts ${aLayout} ${bLayout} at ${i}, ${j}: expected ${sum}, got ${got}`;
    }
    for (let j = n; j < outRow; j++) if (out[i * outRow + j] != GUARD) return `${m} x ${n} x ${k}: wrote between rows, ${i}, ${j}`;
  }
  for (let i = m * outRow; i < out.length; i++) if (out[i] != GUARD) return `${m} x ${n} x ${k}: wrote ${i - m * outRow} past the end`;
  return "";
}

describe("f32_gemm", () => {
  it("equals the scalar loop for sizes that straddle the tile, all layouts, with and without bias and relu", () => {
    let turn = 0;
    for (let x = 0; x < SIZES.length; x++) {
      for (let y = 0; y < SIZES.length; y++) {
        for (let z = 0; z < SIZES.length; z++) {
          for (let layouts = 0; layouts < 9; layouts++) {
            turn++;
            const told = compare(SIZES[x], SIZES[y], SIZES[z], layouts / 3, layouts % 3, (turn & 1) != 0, (turn & 2) != 0, turn % 3 == 0 ? 3 : 0);
            if (told != "") expect(told).toBe("");
          }
        }
      }
    }
  });

  it("equals the scalar loop across cache blocks and for real layers", () => {
    for (let i = 0; i < SHAPES.length; i += 3) {
      for (let layouts = 0; layouts < 4; layouts++) {
        const told = compare(SHAPES[i], SHAPES[i + 1], SHAPES[i + 2], layouts >> 1, layouts & 1, true, i % 2 == 0, 0);
        expect(told).toBe("");
      }
    }
  });

  it("gives the same bits whatever the layout of a and b", () => {
    for (let t = 0; t < SHAPES.length; t += 3) {
      const m = SHAPES[t], n = SHAPES[t + 1], k = SHAPES[t + 2];
      const a = floats(m * k), b = floats(k * n), aT = floats(m * k), bT = floats(k * n);
      for (let i = 0; i < m; i++) for (let s = 0; s < k; s++) aT[s * m + i] = a[i * k + s];
      for (let s = 0; s < k; s++) for (let j = 0; j < n; j++) bT[j * k + s] = b[s * n + j];
      const straight = guarded(m * n), turned = guarded(m * n);
      run(straight, a, b, null, m, n, k, k, 1, n, 1, n, 0, 1, 0, 0, 0);
      run(turned, aT, bT, null, m, n, k, 1, m, 1, k, n, 0, 1, 0, 0, 0);
      expect(memory.compare(changetype<usize>(straight), changetype<usize>(turned), 4 * m * n)).toBe(0, `${m} x ${n} x ${k}`);
    }
  });

  it("gives a row of a large product the same bits as the product of that row alone", () => {
    const m = 37, n = 75, k = BLOCK_STEPS + 30;
    const a = floats(m * k), b = floats(k * n);
    const whole = guarded(m * n), row = guarded(n);
    run(whole, a, b, null, m, n, k, k, 1, n, 1, n, 0, 1, 0, 0, 0);
    run(row, a, b, null, 1, n, k, k, 1, n, 1, n, 0, 1, 0, 0, 0);
    expect(memory.compare(changetype<usize>(whole), changetype<usize>(row), 4 * n)).toBe(0);
  });

  it("walks batches by their strides; stride 0 repeats an operand", () => {
    const m = 5, n = 9, k = 6, batch = 3;
    const a = floats(batch * m * k), b = floats(k * n), out = guarded(batch * (m * n + 7));
    run(out, a, b, null, m, n, k, k, 1, n, 1, n, 0, batch, m * k, 0, m * n + 7);
    for (let t = 0; t < batch; t++) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum: f64 = 0;
          for (let s = 0; s < k; s++) sum += <f64>a[(t * m + i) * k + s] * <f64>b[s * n + j];
          expect(abs(<f64>out[t * (m * n + 7) + i * n + j] - sum) <= 1e-6).toBe(true, `batch ${t} at ${i}, ${j}`);
        }
      }
      for (let i = 0; i < 7; i++) expect(out[t * (m * n + 7) + m * n + i]).toBe(GUARD);
    }
  });

  it("with no steps gives the bias, or zero, through the activation", () => {
    const bias = floats(9), out = guarded(18);
    run(out, bias, bias, bias, 2, 9, 0, 0, 1, 9, 1, 9, 1, 1, 0, 0, 0);
    for (let i = 0; i < 18; i++) expect(out[i]).toBe(max<f32>(bias[i % 9], 0));
    run(out, bias, bias, null, 2, 9, 0, 0, 1, 9, 1, 9, 0, 1, 0, 0, 0);
    for (let i = 0; i < 18; i++) expect(out[i]).toBe(0);
    expect(out[18]).toBe(GUARD);
  });

  it("relu keeps NaN, in tiles, edges, vectors and without steps", () => {
    for (let t = 0; t < SHAPES.length; t += 3) {
      const m = SHAPES[t], n = SHAPES[t + 1], k = SHAPES[t + 2];
      for (let parity = 0; parity < 2; parity++) {
        const a = floats(m * k), b = floats(k * n), out = guarded(m * n);
        for (let i = parity; i < m; i += 2) a[i * k + k - 1] = NaN;
        run(out, a, b, null, m, n, k, k, 1, n, 1, n, 1, 1, 0, 0, 0);
        let wrong = -1;
        for (let i = 0; i < m * n; i++) if (isNaN(out[i]) != ((i / n) % 2 == parity)) wrong = i;
        expect(wrong).toBe(-1, `element of ${m} x ${n} x ${k}: NaN in every other row`);
      }
    }
    const bias = floats(1), out = guarded(1);
    bias[0] = NaN;
    run(out, bias, bias, bias, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0);
    expect(isNaN(out[0])).toBe(true);
  });
});
