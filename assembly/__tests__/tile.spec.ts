// Tile programs: how operands are walked. Every mode in every place, outer loops, tails, blocks; compared bit for bit with one element at a time.
// What the micro-ops compute stands in micro.spec.ts.
import { ADD, COPY, FMA, MAXIMUM, MUL, RELU } from "../micro";
import { EXP2 } from "../micro.extra";
import { f32_tile } from "../tile";
import { f32_tile_extra } from "../tile.extra";
import { at, GUARD, guarded, random, ranged, WORDS } from "./data";

const MEMORY = 0, TEMPORARY = 1, SPLAT = 2, STRIDED = 3, REPEATED = 4, UINT8 = 5, FLOAT16 = 6;

/** A multiple of 4, and of the period of repeated rows. */
const BLOCK = 12;
const PERIOD = 3;
const INNERS: StaticArray<i32> = [0, 1, 3, 4, 5, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 4, 3 * BLOCK + 2, 4 * BLOCK];
/** Sizes of the outer loops; the first `rank` of a row count. */
const OUTERS: StaticArray<i32> = [2, 3, 2, 4, 2];

const MAX_OPERANDS = 7;
const MAX_RANK = 5;

// The operands of the program at hand.
const modes = new StaticArray<i32>(MAX_OPERANDS);
const bases = new StaticArray<usize>(MAX_OPERANDS);
const innerStrides = new StaticArray<i32>(MAX_OPERANDS);
const outerStrides = new StaticArray<i32>(MAX_OPERANDS * MAX_RANK);
/** Elements a unit; ranges that the units are cut into. */
let unit = PERIOD;
let cuts = 1;
let operands = 0;
let rank = 0;
let inner = 0;
let micros = 0;

/** Sources of all inputs; buffers of all operands, a guard behind each. */
const SOURCE = new StaticArray<f32>(4096);
const BYTES = new StaticArray<u8>(4096);
/** Multiples of 1/16 from −8 to 8, as float16 and, an element of SOURCE16 each, as float32. */
const HALVES = new StaticArray<u16>(4096);
const SOURCE16 = new StaticArray<f32>(4096);
const BUFFER_FLOATS = BLOCK + 4;
const ROOM = new StaticArray<f32>(MAX_OPERANDS * (BUFFER_FLOATS + 16) + 16);
const MICROS = new StaticArray<i32>(64);

function fillSources(): void {
  for (let i = 0; i < SOURCE.length; i++) SOURCE[i] = random();
  for (let i = 0; i < BYTES.length; i++) BYTES[i] = <u8>(i * 37);
  for (let i = 0; i < HALVES.length; i++) {
    SOURCE16[i] = <f32>(((i * 37) & 255) - 128) / 16;
    HALVES[i] = exactHalf(SOURCE16[i]);
  }
}

/** The float16 bits of a number with few digits, 0 or at least 1/16: its sign, exponent and leading bits are those of the float32. */
function exactHalf(x: f32): u16 {
  const bits = reinterpret<u32>(x);
  return <u16>((bits >> 16) & 0x8000) | (x == 0 ? 0 : <u16>((((bits >> 23) & 255) - 112) << 10) | <u16>((bits >> 13) & 1023));
}

function rows(): i32 {
  let product = 1;
  for (let i = 0; i < rank; i++) product *= OUTERS[i];
  return product;
}

function begin(outerRank: i32, innerSize: i32): void {
  operands = 0;
  micros = 0;
  rank = outerRank;
  inner = innerSize;
}

/** Adds an operand whose outer strides are `unit` for the last outer loop and follow its sizes outwards; those in the mask are 0. */
function operand(mode: i32, base: usize, innerStride: i32, unit: i32, zeros: i32): i32 {
  const number = operands++;
  modes[number] = mode;
  bases[number] = base;
  innerStrides[number] = innerStride;
  for (let axis = rank - 1; axis >= 0; axis--) {
    outerStrides[number * MAX_RANK + axis] = (zeros >> axis) & 1 ? 0 : unit;
    unit *= OUTERS[axis];
  }
  return number;
}

function micro(opcode: i32, d: i32, a: i32, b: i32 = 0, c: i32 = 0): void {
  const p = 5 * micros++;
  MICROS[p] = opcode; MICROS[p + 1] = d; MICROS[p + 2] = a; MICROS[p + 3] = b; MICROS[p + 4] = c;
}

/** An input of the mode. Variants of a mode: another start, negative strides, outer strides of 0. */
function input(mode: i32, variant: i32): i32 {
  const start: usize = (variant & 3) * 4;
  const zeros = variant % 5; // the outermost loops whose stride is 0
  if (mode == MEMORY) return operand(mode, at(SOURCE) + start, 1, inner + (variant % 3), zeros);
  if (mode == SPLAT) return operand(mode, at(SOURCE) + start, 0, 1 + (variant % 3), zeros);
  if (mode == REPEATED) return operand(mode, at(SOURCE) + start, PERIOD, 0, 0);
  if (mode == FLOAT16) return operand(mode, at(HALVES) + 2 * (variant % 5), 1, inner + (variant % 3), zeros);
  if (mode == UINT8) return operand(mode, at(BYTES) + (variant % 5), 1, inner + (variant % 3), zeros);
  if (variant & 1) return operand(mode, at(SOURCE) + 8192, -2, -(1 + variant % 3), zeros); // from the middle, backwards
  return operand(mode, at(SOURCE) + start, 2 + (variant % 3), 1 + (variant % 7), zeros);
}

/** Distance of element (row, j) of an operand from its base, in elements. */
function offset(number: i32, row: i32, j: i32): i32 {
  let sum = modes[number] == REPEATED ? j % PERIOD : j * innerStrides[number];
  for (let axis = rank - 1; axis >= 0; axis--) {
    sum += (row % OUTERS[axis]) * outerStrides[number * MAX_RANK + axis];
    row /= OUTERS[axis];
  }
  return sum;
}

function element(number: i32, row: i32, j: i32): f32 {
  const place = offset(number, row, j);
  if (modes[number] == FLOAT16) return SOURCE16[<i32>(bases[number] - at(HALVES)) / 2 + place];
  return modes[number] == UINT8 ? <f32>load<u8>(bases[number] + place) : load<f32>(bases[number] + (place << 2));
}

function buffer(number: i32): usize {
  return ((at(ROOM) + 15) & ~15) + <usize>number * BUFFER_FLOATS * 4;
}

/** Writes the words. Returns the workspace. */
function writeWords(): usize {
  let w = 0;
  const workspace = (buffer(MAX_OPERANDS) + 15) & ~15;
  for (let i = 0; i < ROOM.length; i++) ROOM[i] = GUARD;
  WORDS[w++] = rank; WORDS[w++] = inner; WORDS[w++] = BLOCK; WORDS[w++] = <u32>workspace; WORDS[w++] = operands; WORDS[w++] = micros; WORDS[w++] = unit;
  for (let i = 0; i < rank; i++) WORDS[w++] = OUTERS[i];
  for (let number = 0; number < operands; number++) {
    WORDS[w++] = modes[number];
    WORDS[w++] = <u32>bases[number];
    WORDS[w++] = modes[number] == MEMORY ? 0 : <u32>buffer(number);
    WORDS[w++] = innerStrides[number];
    for (let axis = 0; axis < rank; axis++) WORDS[w++] = outerStrides[number * MAX_RANK + axis];
  }
  for (let i = 0; i < 5 * micros; i++) WORDS[w++] = MICROS[i];
  return workspace;
}

/** Writes the words and runs the kernel, range by range, the last one first. Returns whether it kept to its buffers and its workspace. */
function run(): bool {
  const workspace = writeWords();
  const units = (rows() * inner + unit - 1) / unit;
  for (let cut = cuts - 1; cut >= 0; cut--) f32_tile(ranged((units * cut) / cuts, (units * (cut + 1)) / cuts));
  // Another time, other ranges. Repeated rows need whole periods.
  cuts = (cuts % 5) + 1;
  unit = PERIOD * ((unit / PERIOD) % 7 + 1);
  for (let number = 0; number < MAX_OPERANDS; number++) {
    for (let i = BLOCK; i < BUFFER_FLOATS; i++) if (load<f32>(buffer(number) + (i << 2)) != GUARD) return false;
  }
  return load<f32>(workspace + (operands << 6)) == GUARD;
}

/** Elements of an output whose rows lie `gap` elements apart. */
function outputFloats(gap: i32): i32 {
  return rows() * (inner + gap);
}

/** What is wrong with one element of an output, or with the gap behind a row, or "". */
function outputDiffers(name: string, out: StaticArray<f32>, gap: i32, row: i32, j: i32, expected: f32): string {
  const got = out[row * (inner + gap) + j];
  return reinterpret<u32>(got) == reinterpret<u32>(expected) ? "" : `${name}[${row}, ${j}] of [${rows()}, ${inner}]: expected ${expected}, got ${got}, modes ${modes}`;
}

function gapsDiffer(name: string, out: StaticArray<f32>, gap: i32): string {
  for (let row = 0; row < rows(); row++) {
    for (let j = inner; j < inner + gap; j++) if (out[row * (inner + gap) + j] != GUARD) return `${name}: written behind row ${row} of ${inner}, modes ${modes}`;
  }
  for (let i = outputFloats(gap); i < out.length; i++) if (out[i] != GUARD) return `${name}: written behind its end, ${rows()} rows of ${inner}, modes ${modes}`;
  return "";
}

/** first = relu(a · b + c) by a temporary; second = max(first, a). What differs, or "". */
function chainDiffers(a: i32, b: i32, c: i32, outerRank: i32, innerSize: i32, variant: i32): string {
  begin(outerRank, innerSize);
  const x = input(a, variant), y = input(b, variant + 1), z = input(c, variant + 2);
  const gap = variant % 3;
  const firstOut = guarded(outputFloats(gap)), secondOut = guarded(outputFloats(0));
  const first = operand(MEMORY, at(firstOut), 1, inner + gap, 0);
  const second = operand(MEMORY, at(secondOut), 1, inner, 0);
  const t = operand(TEMPORARY, 0, 1, 0, 0);
  micro(MUL, t, x, y);
  micro(ADD, t, t, z);
  micro(RELU, first, t);
  micro(MAXIMUM, second, first, x);
  if (!run()) return `modes ${modes}, ${outerRank} outer loops, inner ${innerSize}: a buffer overflowed`;
  for (let row = 0; row < rows(); row++) {
    for (let j = 0; j < inner; j++) {
      const sum = element(x, row, j) * element(y, row, j) + element(z, row, j);
      const positive: f32 = sum < 0 ? 0 : sum;
      const told = outputDiffers("first", firstOut, gap, row, j, positive) + outputDiffers("second", secondOut, 0, row, j, max<f32>(positive, element(x, row, j)));
      if (told != "") return told;
    }
  }
  return gapsDiffer("first", firstOut, gap) + gapsDiffer("second", secondOut, 0);
}

const INPUT_MODES: StaticArray<i32> = [MEMORY, SPLAT, STRIDED, UINT8, FLOAT16, REPEATED];

/** x + ½ as bytes and x · 4 as halves, beside x itself, in rows with a gap. What differs, or "". */
function narrowDiffers(outerRank: i32, innerSize: i32): string {
  begin(outerRank, innerSize);
  const gap = 3;
  const x = input(FLOAT16, 1);
  const floats = guarded(outputFloats(0));
  const bytes = new StaticArray<u8>(outputFloats(gap) + 16).fill(99), halves = new StaticArray<u16>(outputFloats(gap) + 16).fill(99);
  const half = operand(SPLAT, at(CONSTANTS), 0, 0, 7), four = operand(SPLAT, at(CONSTANTS) + 4, 0, 0, 7);
  const d = operand(MEMORY, at(floats), 1, inner, 0);
  const b = operand(UINT8, at(bytes), 1, inner + gap, 0), h = operand(FLOAT16, at(halves), 1, inner + gap, 0);
  micro(COPY, d, x);
  micro(ADD, b, x, half);
  micro(MUL, h, x, four);
  if (!run()) return `${outerRank} outer loops, inner ${innerSize}: a buffer overflowed`;
  for (let row = 0; row < rows(); row++) {
    for (let j = 0; j < inner + gap; j++) {
      const place = row * (inner + gap) + j;
      const value = j < inner ? element(x, row, j) : 0;
      const byte = j < inner ? <u8>max<i32>(<i32>(value + 0.5), 0) : 99;
      const short = j < inner ? exactHalf(value * 4) : 99;
      if (bytes[place] != byte || halves[place] != short) return `[${row}, ${j}] of [${rows()}, ${inner}]: ${bytes[place]} for ${byte}, ${halves[place]} for ${short}`;
      if (j < inner && floats[row * inner + j] != value) return `[${row}, ${j}]: ${floats[row * inner + j]} for ${value}`;
    }
  }
  for (let i = outputFloats(gap); i < bytes.length; i++) if (bytes[i] != 99 || halves[i] != 99) return `written behind the end, ${rows()} rows of ${inner}`;
  return "";
}

const CONSTANTS: StaticArray<f32> = [0.5, 4];

describe("f32_tile", () => {
  it("walks every mode in every place, for 0 to 3 outer loops, tails and several blocks", () => {
    fillSources();
    let variant = 0;
    for (let outerRank = 0; outerRank <= 3; outerRank++) {
      const count = INPUT_MODES.length - (outerRank > 0 ? 1 : 0); // rows are repeated only where there is one loop
      for (let i = 0; i < INNERS.length; i++) {
        for (let places = 0; places < count * count * count; places++) {
          const told = chainDiffers(INPUT_MODES[places % count], INPUT_MODES[(places / count) % count], INPUT_MODES[places / count / count], outerRank, INNERS[i], variant++);
          if (told != "") expect(told).toBe("");
        }
      }
    }
  });

  it("stores bytes and halves, exactly", () => {
    fillSources();
    for (let outerRank = 0; outerRank <= 3; outerRank++) {
      for (let i = 0; i < INNERS.length; i++) expect(narrowDiffers(outerRank, INNERS[i])).toBe("");
    }
  });

  it("takes rare micro-ops among the others as f32_tile_extra", () => {
    fillSources();
    begin(1, 14);
    const out = guarded(outputFloats(0));
    const d = operand(MEMORY, at(out), 1, inner, 0), x = input(MEMORY, 1), t = operand(TEMPORARY, 0, 1, 0, 0);
    micro(ADD, t, x, x);
    micro(EXP2, d, t);
    writeWords();
    f32_tile_extra(ranged(0, 1 << 23));
    for (let row = 0; row < rows(); row++) {
      for (let j = 0; j < inner; j++) expect(abs(out[row * inner + j] - <f32>Math.pow(2, 2 * element(x, row, j))) < 1e-7).toBe(true);
    }
    expect(gapsDiffer("out", out, 0)).toBe("");
  });

  it("walks five outer loops", () => {
    fillSources();
    for (let variant = 0; variant < 60; variant++) expect(chainDiffers(MEMORY, SPLAT, STRIDED, 5, 5, variant)).toBe("");
  });

  it("without rows writes nothing", () => {
    OUTERS[1] = 0;
    const out = guarded(0);
    begin(3, 8);
    micro(COPY, operand(MEMORY, at(out), 1, 8, 0), input(MEMORY, 0));
    run();
    OUTERS[1] = 3;
    expect(gapsDiffer("out", out, 0)).toBe("");
  });

  it("in place: an output at the address of an input", () => {
    fillSources();
    for (let i = 0; i < INNERS.length; i++) {
      begin(2, INNERS[i]);
      const out = guarded(outputFloats(1)), before = guarded(outputFloats(1));
      for (let row = 0; row < rows(); row++) {
        for (let j = 0; j < inner; j++) out[row * (inner + 1) + j] = before[row * (inner + 1) + j] = random();
      }
      // The input comes last: were its tail stored too, it would undo the output's.
      const d = operand(MEMORY, at(out), 1, inner + 1, 0), b = input(MEMORY, 4), c = input(SPLAT, 2);
      micro(FMA, d, operand(MEMORY, at(out), 1, inner + 1, 0), b, c);
      run();
      for (let row = 0; row < rows(); row++) {
        for (let j = 0; j < inner; j++) {
          const told = outputDiffers("out", out, 1, row, j, before[row * (inner + 1) + j] * element(b, row, j) + element(c, row, j));
          if (told != "") expect(told).toBe("");
        }
      }
      expect(gapsDiffer("out", out, 1)).toBe("");
    }
  });

  it("reads an operand that it also writes", () => {
    for (let i = 0; i < INNERS.length; i++) {
      begin(0, INNERS[i]);
      const out = guarded(inner), before = guarded(inner);
      for (let j = 0; j < inner; j++) out[j] = before[j] = random();
      const a = operand(MEMORY, at(out), 1, 0, 0);
      micro(ADD, a, a, a);
      micro(MUL, a, a, a);
      run();
      for (let j = 0; j < inner; j++) {
        const told = outputDiffers("out", out, 0, 0, j, (before[j] + before[j]) * (before[j] + before[j]));
        if (told != "") expect(told).toBe("");
      }
      expect(gapsDiffer("out", out, 0)).toBe("");
    }
  });
});
