// What every layer must do, checked for each row of a table: shapes, dtypes, masks, configuration, files, learning, slopes, equal bits on a second run.
import { beforeAll, describe, expect, it } from "vitest";
import type { DType } from "../../../src/base/dtype.js";
import { createRandom } from "../../../src/base/random.js";
import { sizeOf, type Shape } from "../../../src/base/shape.js";
import {
  add, compile, gradients, init, mean, mul, setRandomSeed, square, sub, sum, tensor, variable, variableGrads, zerosLike, type Tensor, type Variable,
} from "../../../src/engine/index.js"; // prettier-ignore
import { input, layers, model, modelFromBytes, modelToBytes, sequential, sgd, type Functional, type Layer } from "../../../src/nn/index.js";
import { WeightSource } from "../../../src/nn/layer.js";
import { layerFromConfig } from "../../../src/nn/layers/fromConfig.js";

export interface LayerRow {
  /** Its name in `layers`. */
  readonly layer: string;
  readonly options?: object;
  /** Shape of one example of each input. */
  readonly inputs: readonly Shape[];
  /** Shape of one result. */
  readonly output: Shape;
  /** Number of weight elements; default 0. */
  readonly params?: number;
  /** Of the inputs; default float32. */
  readonly dtype?: DType;
  /** Of the result; default float32. */
  readonly outputDtype?: DType;
  /** Element number i of the inputs; default: drawn from a normal distribution. */
  readonly values?: (i: number) => number;
  /** What becomes of a mask [batch, first axis]; default "passes". */
  readonly mask?: "passes" | "ends" | "changes";
  /** Whether a model of this layer alone is written and read again; default: where inputs and result are float32. */
  readonly isSaved?: boolean;
  /** Whether there are slopes to compare with differences; default: where inputs and result are float32. */
  readonly hasSlopes?: boolean;
  /** Whether slopes are those of training; default false. */
  readonly training?: boolean;
  /** A number for the rate of the learning step; default 0.05. */
  readonly learningRate?: number;
  /** Makes the layer where it takes more than options. */
  readonly make?: (options: object) => Layer;
  /** Whether a configuration makes it again; default true. */
  readonly hasConfig?: boolean;
  /** What has to happen to the layer before use, such as adapt(). */
  readonly prepare?: (layer: Layer) => void;
}

const BATCH = 3;
const SEED = 5;

/** A describe() for every row. */
export function testLayers(rows: readonly LayerRow[]): void {
  beforeAll(() => init());
  describe.each(rows.map((row) => [title(row), row] as const))("%s", (_title, row) => {
    it("gives the shape it says, in the dtype it should, from as many weights", () => checkShapes(row));
    it("passes a mask on or ends it", () => checkMask(row));
    if (row.hasConfig ?? true) it("is made again by its configuration", () => checkConfig(row));
    it("gives the same bits on a second run", () => checkBits(row));
    if (row.isSaved ?? (isFloat(row) && row.hasConfig !== false)) it("is read from a file as it was written", () => checkFile(row));
    if (row.hasSlopes ?? isFloat(row)) {
      it("has the slopes that differences show", () => checkSlopes(row));
      it("lowers a loss by a step against the slope", () => checkLearning(row));
    }
  });
}

function title({ layer, options = {}, inputs }: LayerRow): string {
  const show = (value: unknown): string => JSON.stringify(value, (_key, part: unknown) => (typeof part === "function" ? "a function" : part));
  return `${layer} ${show(options)} of ${inputs.map(show).join(" and ")}`;
}

function isFloat({ dtype = "float32", outputDtype = "float32" }: LayerRow): boolean {
  return dtype === "float32" && outputDtype === "float32";
}

function make(row: LayerRow, more: object = {}): Layer {
  const factory = (layers as Readonly<Record<string, unknown>>)[row.layer] as (options: object) => Layer;
  const layer = (row.make ?? factory)({ ...row.options, ...more });
  row.prepare?.(layer);
  return layer;
}

function built(row: LayerRow): Layer {
  const layer = make(row);
  layer.buildAll(row.inputs, new WeightSource(SEED));
  return layer;
}

function inputsOf({ inputs, dtype = "float32", values }: LayerRow): Tensor[] {
  const random = createRandom(SEED);
  return inputs.map((shape) => {
    const data = Array.from({ length: BATCH * sizeOf(shape) }, (_, i) => (values ? values(i) : random.normal()));
    return tensor(data, [BATCH, ...shape], dtype);
  });
}

function checkShapes(row: LayerRow): void {
  const layer = make(row);
  expect(layer.outputShapes(row.inputs)).toEqual([row.output]);
  layer.buildAll(row.inputs, new WeightSource(SEED));
  expect(layer.countParams()).toBe(row.params ?? 0);
  for (const training of [false, true]) {
    const y = layer.applyAll(inputsOf(row), { training })[0]!;
    expect(y.shape).toEqual([BATCH, ...row.output]);
    expect(y.dtype).toBe(row.outputDtype ?? "float32");
    expect(y.dataSync().every((value) => !Number.isNaN(value))).toBe(true);
  }
}

function checkMask(row: LayerRow): void {
  const layer = built(row);
  const xs = inputsOf(row);
  const length = row.inputs[0]![0] ?? 1;
  const mask = tensor(Array.from({ length: BATCH * length }, (_, i) => i % 3 !== 0), [BATCH, length], "bool");
  const after = layer.computeMask(xs, xs.map(() => mask));
  const became = after === undefined ? "ends" : after === mask ? "passes" : "changes";
  expect(became).toBe(row.mask ?? "passes");
}

function checkConfig(row: LayerRow): void {
  const layer = built(row);
  const config = layer.config();
  const again = layerFromConfig(layer.type, JSON.parse(JSON.stringify(config)) as typeof config, "test");
  expect(again.config()).toEqual(config);
  expect(again.type).toBe(layer.type);
  again.buildAll(row.inputs, new WeightSource(SEED));
  expect(again.weights.map(({ name, shape, trainable }) => ({ name, shape, trainable }))).toEqual(layer.weights.map(({ name, shape, trainable }) => ({ name, shape, trainable })));
  again.weights.forEach((weight, i) => weight.assign(tensor(layer.weights[i]!.snapshot(), weight.shape, weight.dtype)));
  const xs = inputsOf(row);
  expect(again.applyAll(xs)[0]!.dataSync()).toEqual(layer.applyAll(xs)[0]!.dataSync());
}

function checkBits(row: LayerRow): void {
  const run = (): unknown => {
    setRandomSeed(SEED);
    const layer = built(row);
    const xs = inputsOf(row);
    return [false, true].map((training) => [...layer.applyAll(xs, { training }), ...layer.weights].map((result) => result.dataSync()));
  };
  expect(run()).toEqual(run());
}

async function checkFile(row: LayerRow): Promise<void> {
  const written = row.inputs.length === 1 ? sequential({ seed: SEED, layers: [make(row, { inputShape: row.inputs[0]! })] }) : joined(row);
  const again = modelFromBytes(await modelToBytes(written));
  const xs = inputsOf(row);
  const feed = xs.length === 1 ? xs[0]! : xs;
  expect(again.predictOnBatch(feed).dataSync()).toEqual(written.predictOnBatch(feed).dataSync());
}

/** A model of a layer of several inputs. */
function joined(row: LayerRow): Functional<Tensor> {
  const inputs = row.inputs.map((shape) => input({ shape }));
  return model({ inputs, outputs: make(row).apply(inputs), seed: SEED });
}

/** What slopes are taken of: the trainable weights, and the inputs as variables. */
function movable(row: LayerRow, layer: Layer): { readonly xs: readonly Variable[]; readonly all: readonly Variable[] } {
  const xs = inputsOf(row).map((x, i) => variable(x, { name: `input ${i}` }));
  return { xs, all: [...xs, ...layer.trainableWeights] };
}

/** Element spacing of a difference: 1/64, exact in float32. */
const STEP = 1 / 64;
/** Elements of each variable that are moved. */
const MOVED = 12;

/**
 * d/dv Σ c·y against (L(v + h) − L(v − h)) / 2h, L being added up in float64.
 *
 * A result of magnitude 1 has rounding errors of about √k · 6e-8 for sums of k ≤ 100 terms, so a difference of two over 2h is off by up to 2e-5 for each of
 * the results an element reaches; h² / 6 times a third derivative of up to 10 is 4e-4. A wrong tap, factor or sign shows as 5e-2 or more. Where the slopes to both
 * sides differ, or those of h and h / 2, the step went over a kink and says nothing; most must say something.
 */
function checkSlopes(row: LayerRow): void {
  const layer = built(row);
  const { xs, all } = movable(row, layer);
  const options = { training: row.training ?? false, update: () => undefined };
  const random = createRandom(SEED + 1);
  const weights = Array.from({ length: BATCH * sizeOf(row.output) }, () => random.uniform(-1, 1));
  const c = tensor(weights, [BATCH, ...row.output]);
  const forward = compile(() => layer.applyAll(xs, options)[0]!);
  const slopes = compile((): Tensor[] => gradients(sum(mul(layer.applyAll(xs, options)[0]!, c)), all).map((slope, i) => slope ?? zerosLike(all[i]!)))();
  const loss = (): number => {
    const y = forward().dataSync();
    return weights.reduce((total, weight, i) => total + y[i]! * Math.fround(weight), 0);
  };
  const here = loss();
  let [compared, moved] = [0, 0];
  all.forEach((target, number) => {
    const values = target.snapshot() as Float32Array;
    const slope = slopes[number]!.dataSync();
    const stride = Math.max(1, Math.floor(values.length / MOVED));
    for (let i = 0; i < values.length; i += stride) {
      const at = (shift: number): number => {
        const shifted = values.slice();
        shifted[i]! += shift;
        target.assign(tensor(shifted, target.shape));
        return loss();
      };
      const [far, near] = [STEP, STEP / 2].map((step) => [at(step), at(-step)] as const) as [readonly [number, number], readonly [number, number]];
      target.assign(tensor(values, target.shape));
      moved++;
      const difference = (near[0] - near[1]) / STEP;
      const scale = Math.max(1, Math.abs(difference));
      const isBent = Math.abs(far[0] - 2 * here + far[1]) / STEP > 0.1 * scale || Math.abs((far[0] - far[1]) / (2 * STEP) - difference) > 1e-3 * scale;
      if (isBent) continue;
      compared++;
      expect(Math.abs(slope[i]! - difference), `${target.name}[${i}]: slope ${slope[i]}, difference ${difference}`).toBeLessThan(3e-3 * scale);
    }
  });
  expect(compared / moved).toBeGreaterThan(0.7);
}

/** Mean squared error to a fixed target, by sgd in one program; where the layer has no weights, the inputs learn. */
function checkLearning(row: LayerRow): void {
  const layer = built(row);
  const { xs, all } = movable(row, layer);
  const learning = layer.trainableWeights.length > 0 ? layer.trainableWeights : all;
  const random = createRandom(SEED + 2);
  const target = tensor(Array.from({ length: BATCH * sizeOf(row.output) }, () => random.uniform(0, 1)), [BATCH, ...row.output]);
  const optimizer = sgd({ learningRate: row.learningRate ?? 0.05 });
  const step = compile(() => {
    const { value, grads } = variableGrads(() => {
      const penalties: Tensor[] = [];
      const y = layer.applyAll(xs, { update: () => undefined, addLoss: (penalty) => void penalties.push(penalty) })[0]!;
      return [...penalties, ...layer.penalties()].reduce((total, penalty) => add(total, penalty), mean(square(sub(y, target))));
    }, learning);
    optimizer.apply(grads);
    return value;
  });
  const losses = Array.from({ length: 4 }, () => step().dataSync()[0]!);
  losses.slice(1).forEach((loss, i) => expect(loss, `losses ${losses.join(", ")}`).toBeLessThan(losses[i]!));
}
