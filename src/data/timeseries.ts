// Sequences cut out of a time series, with a target each: Keras' timeseries_dataset_from_array.
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { checkOptions, checkWhole } from "../base/options.js";
import { createRandom } from "../base/random.js";
import { sizeOf, type Shape } from "../base/shape.js";
import { allocate, type TypedArray } from "../base/dtype.js";
import { borrowed, randomSeed, tensor, type Tensor } from "../engine/index.js";
import { Dataset } from "./dataset.js";
import { shapeOf, type Column } from "./stages/columns.js";
import { kindOf, rowOf, type HostRow } from "./stages/stack.js";

/** Options of timeseries; defaults as Keras' timeseries_dataset_from_array. */
export interface TimeseriesOptions {
  /** Time steps in a sequence. */
  readonly sequenceLength: number;
  /** Steps from one sequence's start to the next one's (1). */
  readonly sequenceStride?: number;
  /** Steps from one entry of a sequence to its next (1): 6 takes every sixth. */
  readonly samplingRate?: number;
  /** Sequences in a batch (128); null: single sequences. */
  readonly batchSize?: number | null;
  /** A new order in each pass (false). */
  readonly shuffle?: boolean;
  readonly seed?: number;
  /** Steps of the series before it are left out (0). */
  readonly startIndex?: number;
  /** The first step that is left out again (all are taken). */
  readonly endIndex?: number;
}

const OPTIONS = ["sequenceLength", "sequenceStride", "samplingRate", "batchSize", "shuffle", "seed", "startIndex", "endIndex"] as const satisfies readonly (keyof TimeseriesOptions)[];

/** Sequences, and targets where there are any. */
export interface Sequences {
  readonly xs: Tensor;
  readonly ys: Tensor;
}

/**
 * Sequences xs [batch, sequenceLength, …] and their targets ys [batch, …]; without targets xs alone.
 *
 * series: [steps, …]   targets: [steps, …], targets[i] belongs to the sequence that starts at step i, so shift them by what is to be
 * foreseen; null for none. Defaults and counting as Keras' timeseries_dataset_from_array. Throws ShapeError when no sequence fits.
 */
export function timeseries(series: Column, targets: Column, options: TimeseriesOptions): Dataset<Sequences>;
export function timeseries(series: Column, targets: null, options: TimeseriesOptions): Dataset<Tensor>;
export function timeseries(series: Column, targets: Column | null, options: TimeseriesOptions): Dataset<Sequences> | Dataset<Tensor> {
  checkOptions(options, OPTIONS, "timeseries");
  const { sequenceLength, sequenceStride = 1, samplingRate = 1, batchSize = 128, shuffle = false, seed = randomSeed(), startIndex = 0 } = options;
  for (const [name, value] of Object.entries({ sequenceLength, sequenceStride, samplingRate })) checkWhole(value, `timeseries: ${name}`);
  if (batchSize !== null) checkWhole(batchSize, "timeseries: batchSize");
  checkWhole(startIndex, "timeseries: startIndex", 0);
  const x = stepsOf(series, "timeseries: series");
  const y = targets === null ? undefined : stepsOf(targets, "timeseries: targets");
  const steps = x.shape[0]!;
  const endIndex = checkWhole(options.endIndex ?? steps, "timeseries: endIndex");
  if (endIndex > steps || startIndex >= endIndex) throw new ValueError(`timeseries: expected startIndex < endIndex ≤ ${steps}, the length of the series; got ${startIndex} and ${endIndex}.`);
  const fitting = endIndex - startIndex - (sequenceLength - 1) * samplingRate;
  const starts = Math.min(fitting, y ? y.shape[0]! - startIndex : Infinity);
  const count = Math.max(0, Math.ceil(starts / sequenceStride));
  if (count === 0) {
    throw new ShapeError(
      `timeseries: expected at least one sequence of ${sequenceLength} steps, ${samplingRate} apart; the series has ${endIndex - startIndex}${y ? ` and ${Math.max(0, y.shape[0]! - startIndex)} targets` : ""}.`,
    );
  }
  const size = batchSize ?? 1;
  return new Dataset(async function* ({ epoch }) {
    const [inputs, answers] = [await x.load(), await y?.load()];
    const order = shuffle ? createRandom(seed, epoch).permutation(count) : Uint32Array.from({ length: count }, (_, i) => i);
    for (let at = 0; at < count; at += size) {
      const begins = Array.from(order.subarray(at, at + size), (i) => startIndex + i * sequenceStride);
      const lead = batchSize === null ? [] : [begins.length];
      const xs = gather(inputs, begins.flatMap((begin) => Array.from({ length: sequenceLength }, (_, t) => begin + t * samplingRate)), [...lead, sequenceLength]);
      yield answers ? { xs, ys: gather(answers, begins, lead) } : xs;
    }
  }, Math.ceil(count / size)) as Dataset<Sequences> | Dataset<Tensor>;
}

/** A column whose shape is known; its numbers are fetched when the first pass begins, and kept. */
interface Steps {
  readonly shape: Shape;
  load(): Promise<HostRow>;
}

function stepsOf(column: Column, where: string): Steps {
  const kind = kindOf(column);
  if (kind !== "array" && kind !== "tensor") throw new DTypeError(`${where}: expected an array or tensor [steps, …], got ${String(column)}.`);
  const shape = kind === "tensor" ? (column as Tensor).shape : shapeOf(column, where);
  if (shape.length === 0) throw new ShapeError(`${where}: expected steps along the first axis, got a single number.`);
  let row: Promise<HostRow> | undefined;
  return { shape, load: () => (row ??= rowOf(column, () => where)) };
}

/** Rows by their numbers, under new leading axes. */
function gather({ data, shape, dtype }: HostRow, rows: readonly number[], lead: readonly number[]): Tensor {
  const inner = shape.slice(1);
  const width = sizeOf(inner);
  const values = data as TypedArray;
  const out = dtype === "float16" ? new Float32Array(rows.length * width) : allocate(dtype, rows.length * width);
  rows.forEach((row, i) => out.set(values.subarray(row * width, (row + 1) * width), i * width));
  return dtype === "float16" ? tensor(out, [...lead, ...inner], dtype) : borrowed(out, [...lead, ...inner], dtype);
}
