// The tile op: a chain of elementwise micro-ops that runs as one step, block by block. Made by fuse.ts; this file lowers it.
import { BYTES } from "../base/dtype.js";
import { InternalError } from "../base/errors.js";
import { broadcastStrides, sizeOf, type Shape } from "../base/shape.js";
import type { Attrs } from "../graph/value.js";
import { at, WORKSPACE, type AnyOp, type LoweredWord, type Lowering, type Operand } from "../ops/op.js";
import { EXTRA_OPCODE, MICRO, MODE, type Micro } from "../program/micro.js";
import { rowUnits, UNIT_ROWS } from "../program/split.js";

export interface TileMicro {
  readonly micro: Micro;
  /** Below `inputs`: an input; else micro number args − inputs. */
  readonly args: readonly number[];
}

export interface TileAttrs {
  readonly inputs: number;
  readonly micros: readonly TileMicro[];
  /** The micros whose values are the step's results. */
  readonly results: readonly number[];
}

/** Streams × block × 4 bytes should stay within about a third of a 32 KB L1. */
const BLOCK_BYTES = 12 * 1024;
const BLOCK_MAX = 1024;
const BLOCK_MIN = 128;
/** Rows shorter than this are not worth a loop of their own: a row operand is repeated into a buffer instead. */
const SHORT_ROW = 256;
/** Bytes the kernel keeps for itself, an operand. */
const CURSOR_BYTES = 64;

export const TILE: AnyOp = {
  name: "tile",
  shape: () => {
    throw new InternalError("tile: nodes are made by the fusion pass only");
  },
  strided: true,
  lower: (outputs, inputs, attrs) => lowerTile(outputs, inputs, tileAttrs(attrs)),
  aliases: (attrs) => tileAliases(tileAttrs(attrs)),
  flops: (output, _inputs, attrs) => sizeOf(output.shape) * tileAttrs(attrs).micros.length,
};

/** A copy of narrow elements, which the copy kernel does not take: widened, and narrowed again. */
export function copyNarrow(to: Operand, from: Operand): Lowering {
  return lowerTile([to], [from], { inputs: 1, micros: [{ micro: "copy", args: [0] }], results: [0] });
}

function tileAttrs(attrs: Attrs): TileAttrs {
  return attrs as object as TileAttrs;
}

/** Input i may share memory with result r when no micro after the one that writes r reads i. */
function tileAliases({ inputs, micros, results }: TileAttrs): [input: number, result: number][] {
  const lastRead = new Array<number>(inputs).fill(-1);
  micros.forEach(({ args }, step) => {
    for (const arg of args) if (arg < inputs) lastRead[arg] = step;
  });
  return results.flatMap((micro, result) => lastRead.flatMap((step, input): [number, number][] => (step <= micro ? [[input, result]] : [])));
}

interface TileOperand {
  readonly mode: number;
  readonly base: LoweredWord;
  readonly buffer: LoweredWord;
  readonly inner: number;
  readonly outer: readonly number[];
}

function lowerTile(outputs: readonly [Operand, ...Operand[]], inputs: readonly Operand[], attrs: TileAttrs): Lowering {
  const shape = outputs[0].shape;
  const memory = [...inputs, ...outputs];
  const loops = mergeShortRows(collapse(shape, memory.map((x) => broadcastStrides(x.shape, x.strides, shape))));
  const outerRank = loops.sizes.length - 1;
  const inner = loops.sizes[outerRank]!;
  const modes = memory.map((x, i) => modeOf(x, loops, i));
  const temporaries = assignTemporaries(attrs);

  const streams = memory.length + temporaries.count;
  const block = blockSize(inner, streams, loops.period);
  let workspace = roundUp(CURSOR_BYTES * streams, 64);
  const newBuffer = (): LoweredWord => {
    const address = { workspace };
    workspace += roundUp(block * 4, 64);
    return address;
  };

  const operands: TileOperand[] = memory.map((x, i) => ({
    mode: modes[i]!,
    base: at(x),
    buffer: modes[i] === MODE.memory ? 0 : newBuffer(),
    inner: modes[i] === MODE.repeated ? loops.period : loops.strides[i]![outerRank]!,
    outer: loops.strides[i]!.slice(0, outerRank),
  }));
  for (let i = 0; i < temporaries.count; i++) {
    operands.push({ mode: MODE.temporary, base: 0, buffer: newBuffer(), inner: 1, outer: loops.sizes.slice(0, outerRank).map(() => 0) });
  }

  const operandOf = (arg: number): number => {
    if (arg < attrs.inputs) return arg;
    const result = attrs.results.indexOf(arg - attrs.inputs);
    return result >= 0 ? attrs.inputs + result : memory.length + temporaries.of[arg - attrs.inputs]!;
  };
  // Rows as other kernels cut them, or whole periods of a repeated row.
  const rows = rowUnits(shape, "float32");
  const unit = rows.elements % Math.max(loops.period, 1) === 0 ? rows.elements : UNIT_ROWS * loops.period;
  const sliceOf = (x: Operand, i: number): number | null => (loops.strides[i]!.every((stride, axis) => stride === loops.strides[inputs.length]![axis]) ? unit * BYTES[x.dtype] : null);
  return {
    kernel: attrs.micros.some(({ micro }) => MICRO[micro] >= EXTRA_OPCODE) ? "f32_tile_extra" : "f32_tile",
    workspace,
    words: [
      outerRank, inner, block, WORKSPACE, operands.length, attrs.micros.length, unit,
      ...loops.sizes.slice(0, outerRank),
      ...operands.flatMap((x): LoweredWord[] => [x.mode, x.base, x.buffer, x.inner, ...x.outer]),
      ...attrs.micros.flatMap(({ micro, args }, step) => {
        const [a = 0, b = 0, c = 0] = args.map(operandOf);
        return [MICRO[micro], operandOf(attrs.inputs + step), a, b, c];
      }),
    ],
    split: { units: Math.ceil(sizeOf(shape) / unit), outputs: outputs.map((x) => unit * BYTES[x.dtype]), inputs: inputs.map(sliceOf) },
  };
}

interface Loops {
  /** Outermost first; the last is the inner loop. */
  readonly sizes: readonly number[];
  readonly strides: readonly (readonly number[])[];
  /** Length of a repeated row, 0 where there is none. */
  readonly period: number;
}

/** Neighbouring axes become one loop wherever every operand walks them in one stride. */
function collapse(shape: Shape, strides: readonly (readonly number[])[]): Loops {
  const sizes: number[] = [];
  const merged: number[][] = strides.map(() => []);
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 1) continue;
    const last = sizes.length - 1;
    const joins = last >= 0 && strides.every((list, i) => merged[i]![last] === list[axis]! * shape[axis]!);
    if (joins) {
      sizes[last] = sizes[last]! * shape[axis]!;
      strides.forEach((list, i) => (merged[i]![last] = list[axis]!));
    } else {
      sizes.push(shape[axis]!);
      strides.forEach((list, i) => merged[i]!.push(list[axis]!));
    }
  }
  if (sizes.length === 0) {
    sizes.push(1);
    merged.forEach((list) => list.push(1));
  }
  return { sizes, strides: merged, period: 0 };
}

/** Joins a short inner loop with the one around it when its operands are whole, row vectors or scalars; rows are then repeated. */
function mergeShortRows(loops: Loops): Loops {
  const rank = loops.sizes.length;
  const cols = loops.sizes[rank - 1]!;
  if (rank < 2 || cols >= SHORT_ROW) return loops;
  const isWhole = (list: readonly number[]): boolean => list[rank - 1] === 1 && list[rank - 2] === cols;
  const isScalar = (list: readonly number[]): boolean => list[rank - 1] === 0 && list[rank - 2] === 0;
  const isRow = (list: readonly number[]): boolean => list[rank - 1] === 1 && list.slice(0, -1).every((stride) => stride === 0);
  if (!loops.strides.every((list) => isWhole(list) || isScalar(list) || isRow(list))) return loops;
  return {
    sizes: [...loops.sizes.slice(0, -2), loops.sizes[rank - 2]! * cols],
    strides: loops.strides.map((list) => [...list.slice(0, -2), isRow(list) ? ROW : list[rank - 1]!]),
    period: cols,
  };
}

/** Marks a repeated row in the strides of merged loops; no stride a view can have. */
const ROW = Number.NEGATIVE_INFINITY;

function modeOf(x: Operand, loops: Loops, i: number): number {
  const inner = loops.strides[i]![loops.sizes.length - 1]!;
  if (x.dtype === "uint8" || x.dtype === "float16") {
    if (inner !== 1) throw new InternalError(`tile: a ${x.dtype} operand with stride ${inner}`);
    return MODE[x.dtype];
  }
  return inner === 1 ? MODE.memory : inner === 0 ? MODE.splat : inner === ROW ? MODE.repeated : MODE.strided;
}

/** Block length: a multiple of 4, and of the period where rows are repeated. */
function blockSize(inner: number, streams: number, period: number): number {
  const fits = Math.max(BLOCK_MIN, Math.min(BLOCK_MAX, 2 ** Math.floor(Math.log2(BLOCK_BYTES / 4 / streams))));
  if (period === 0) return Math.min(fits, roundUp(Math.max(inner, 1), 4));
  const unit = period % 4 === 0 ? period : period % 2 === 0 ? period * 2 : period * 4;
  return unit * Math.max(1, Math.floor(fits / unit));
}

/** A buffer for every micro that is no result; buffers are taken over once their last reader has run. */
function assignTemporaries({ inputs, micros, results }: TileAttrs): { of: number[]; count: number } {
  const lastRead = new Array<number>(micros.length).fill(-1);
  micros.forEach(({ args }, step) => {
    for (const arg of args) if (arg >= inputs) lastRead[arg - inputs] = step;
  });
  const of = new Array<number>(micros.length).fill(-1);
  const free: number[] = [];
  let count = 0;
  micros.forEach(({ args }, step) => {
    // A micro reads and writes block by block, so it may write where its own argument lies.
    for (const arg of new Set(args)) {
      const producer = arg - inputs;
      if (producer >= 0 && lastRead[producer] === step && of[producer]! >= 0) free.push(of[producer]!);
    }
    if (!results.includes(step)) of[step] = free.pop() ?? count++;
  });
  return { of, count };
}

function roundUp(n: number, multiple: number): number {
  return Math.ceil(n / multiple) * multiple;
}
