// Metrics against loops in float64 over all examples at once, however the batches were cut; edge cases, names and options.
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../base/random.js";
import { init, tensor, type Tensor } from "../../engine/index.js";
import { dice } from "../losses/index.js";
import { layers, modelFromBytes, modelToBytes, sequential } from "../index.js";
import {
  AUC, BinaryIoU, ConfusionMatrix, confusionMatrix, F1Score, FalseNegatives, FalsePositives, FBetaScore, get, IoU, Mean, MeanIoU, MeanMetric, meanSquaredError, type Metric, OneHotIoU, OneHotMeanIoU, Precision, precision, PrecisionAtRecall, R2Score, Recall, RecallAtPrecision,
  recall, RootMeanSquaredError, SensitivityAtSpecificity, sparseTopKCategoricalAccuracy, SpecificityAtSensitivity, Sum, TrueNegatives, TruePositives, type ChosenMetric, type MetricLike,
} from "./index.js"; // prettier-ignore

beforeAll(() => init());

const COUNT = 61;
const CLASSES = 4;

interface Data {
  readonly y: readonly number[][];
  readonly p: readonly number[][];
  readonly w: readonly number[];
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const best = (row: readonly number[]): number => row.indexOf(Math.max(...row));

/** Labels that depend on the predictions a little; float32, as the engine reads them. Weights have few digits, so that their sums are exact. */
function draw(kind: "binary" | "oneHot" | "classes" | "numbers", seed: number): Data {
  const random = createRandom(seed, 2);
  const uniforms = (n: number): number[] => Array.from({ length: n }, () => Math.fround(random.uniform()));
  const width = kind === "binary" ? 1 : CLASSES;
  const p = Array.from({ length: COUNT }, () => uniforms(width));
  const truth = (row: readonly number[]): number[] => {
    if (kind === "binary") return [random.uniform() < 0.2 + 0.6 * row[0]! ? 1 : 0];
    if (kind === "numbers") return row.map((x) => Math.fround(3 * x + random.uniform()));
    const own = random.uniform() < 0.6 ? best(row) : random.integer(CLASSES);
    return kind === "classes" ? [own] : row.map((_, i) => (i === own ? 1 : 0));
  };
  return { p, y: p.map(truth), w: Array.from({ length: COUNT }, () => random.integer(8) / 4) };
}

/** A float64 loop over all elements that are predicted (above the threshold) and true, and so on. */
function counts({ y, p, w }: Data, threshold = 0.5): { tp: number; fp: number; tn: number; fn: number } {
  const result = { tp: 0, fp: 0, tn: 0, fn: 0 };
  p.forEach((row, i) => row.forEach((x, j) => (result[x > threshold ? (y[i]![j]! > 0 ? "tp" : "fp") : y[i]![j]! > 0 ? "fn" : "tn"] += w[i]!)));
  return result;
}

const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);
const THRESHOLDS = [-1e-7, ...Array.from({ length: 198 }, (_, i) => Math.fround((i + 1) / 199)), 1 + 1e-7];

/** The share of pairs of a yes and a no that are in order; equal ones count half. */
function ordered({ y, p, w }: Data): number {
  let [sum, all] = [0, 0];
  p.forEach(([a], i) => p.forEach(([b], j) => {
    if (y[i]![0] !== 1 || y[j]![0] !== 0) return;
    all += w[i]! * w[j]!;
    sum += w[i]! * w[j]! * (a! > b! ? 1 : a === b ? 0.5 : 0);
  })); // prettier-ignore
  return sum / all;
}

function areaPR(data: Data): number {
  const at = THRESHOLDS.map((t) => counts(data, t));
  return total(at.slice(1).map((b, i) => {
    const a = at[i]!;
    return (ratio(a.tp, a.tp + a.fn) - ratio(b.tp, b.tp + b.fn)) * Math.min(ratio(a.tp, a.tp + a.fp), ratio(b.tp, b.tp + b.fp));
  })); // prettier-ignore
}

/** F of each class: predicted is the largest. */
function fOf({ y, p, w }: Data, beta: number): { scores: number[]; truth: number[] } {
  const each = Array.from({ length: CLASSES }, (_, c) => {
    let [tp, said, truth] = [0, 0, 0];
    p.forEach((row, i) => {
      if (best(row) === c) said += w[i]!;
      if (y[i]![c] === 1) truth += w[i]!;
      if (best(row) === c && y[i]![c] === 1) tp += w[i]!;
    });
    const [precise, recalled] = [ratio(tp, said), ratio(tp, truth)];
    return { score: ratio((1 + beta * beta) * precise * recalled, beta * beta * precise + recalled), truth };
  });
  return { scores: each.map(({ score }) => score), truth: each.map(({ truth }) => truth) };
}

function matrixOf({ y, p, w }: Data): number[][] {
  const matrix = Array.from({ length: CLASSES }, () => Array.from({ length: CLASSES }, () => 0));
  p.forEach((row, i) => (matrix[y[i]!.length === 1 ? y[i]![0]! : best(y[i]!)]![best(row)]! += w[i]!));
  return matrix;
}

function iouOf(data: Data, targets: readonly number[]): number {
  const m = matrixOf(data);
  const each = targets.map((c) => m[c]![c]! / (total(m[c]!) + total(m.map((row) => row[c]!)) - m[c]![c]!));
  return total(each) / each.length;
}

function r2({ y, p, w }: Data): number[] {
  return y[0]!.map((_, c) => {
    const mean = total(y.map((row, i) => w[i]! * row[c]!)) / total(w as number[]);
    return 1 - total(y.map((row, i) => w[i]! * (row[c]! - p[i]![c]!) ** 2)) / total(y.map((row, i) => w[i]! * (row[c]! - mean) ** 2));
  });
}

const meanOf = ({ w }: Data, value: (i: number) => number): number => total(w.map((x, i) => x * value(i))) / total(w as number[]);

/** The largest predictions of an example are yes, the others not. */
const topped = (data: Data, k: number): Data => ({ ...data, p: data.p.map((row) => row.map((x) => (row.filter((other) => other > x).length < k ? 1 : 0))) });
const column = (data: Data, c: number): Data => ({ ...data, y: data.y.map((row) => [row[c]!]), p: data.p.map((row) => [row[c]!]) });

const TABLE: readonly (readonly [like: MetricLike, kind: Parameters<typeof draw>[0], reference: (data: Data) => number])[] = [
  ["binary_accuracy", "binary", (d) => meanOf(d, (i) => Number(d.p[i]![0]! > 0.5 === (d.y[i]![0] === 1)))],
  [{ name: "binaryAccuracy", threshold: 0.3 }, "binary", (d) => meanOf(d, (i) => Number(d.p[i]![0]! > Math.fround(0.3) === (d.y[i]![0] === 1)))],
  ["accuracy", "oneHot", (d) => meanOf(d, (i) => Number(best(d.p[i]!) === best(d.y[i]!)))],
  [{ name: "topKCategoricalAccuracy", k: 2 }, "oneHot", (d) => meanOf(d, (i) => Number(d.p[i]!.filter((x) => x > d.p[i]![best(d.y[i]!)]!).length < 2))],
  [{ name: "sparse_top_k_categorical_accuracy", k: 3 }, "classes", (d) => meanOf(d, (i) => Number(d.p[i]!.filter((x) => x > d.p[i]![d.y[i]![0]!]!).length < 3))],
  ["mse", "numbers", (d) => meanOf(d, (i) => total(d.y[i]!.map((y, c) => (y - d.p[i]![c]!) ** 2)) / CLASSES)],
  ["root_mean_squared_error", "numbers", (d) => Math.sqrt(meanOf(d, (i) => total(d.y[i]!.map((y, c) => (y - d.p[i]![c]!) ** 2)) / CLASSES))],
  [{ name: "huber", delta: 0.5 }, "numbers", (d) => meanOf(d, (i) => total(d.y[i]!.map((y, c) => { const e = Math.abs(y - d.p[i]![c]!); return e < 0.5 ? e * e / 2 : (e - 0.25) / 2; })) / CLASSES)], // prettier-ignore
  ["cosineSimilarity", "numbers", (d) => meanOf(d, (i) => total(d.y[i]!.map((y, c) => y * d.p[i]![c]!)) / Math.hypot(...d.y[i]!) / Math.hypot(...d.p[i]!))],
  [new TruePositives(), "oneHot", (d) => counts(d).tp],
  [new FalsePositives({ thresholds: 0.25 }), "oneHot", (d) => counts(d, 0.25).fp],
  [new TrueNegatives(), "oneHot", (d) => counts(d).tn],
  [new FalseNegatives(), "oneHot", (d) => counts(d).fn],
  ["precision", "binary", (d) => { const { tp, fp } = counts(d); return tp / (tp + fp); }], // prettier-ignore
  [{ name: "recall", thresholds: 0.75 }, "binary", (d) => { const { tp, fn } = counts(d, 0.75); return tp / (tp + fn); }], // prettier-ignore
  [new Precision({ topK: 2 }), "oneHot", (d) => { const { tp, fp } = counts(topped(d, 2)); return tp / (tp + fp); }], // prettier-ignore
  [new Recall({ topK: 2, classId: 1 }), "oneHot", (d) => { const { tp, fn } = counts(column(topped(d, 2), 1)); return tp / (tp + fn); }], // prettier-ignore
  [new Precision({ classId: 3, thresholds: 0.6 }), "oneHot", (d) => { const { tp, fp } = counts(column(d, 3), Math.fround(0.6)); return tp / (tp + fp); }], // prettier-ignore
  [{ name: "auc", curve: "PR", summationMethod: "minoring" }, "binary", areaPR],
  [new F1Score(), "oneHot", (d) => total(fOf(d, 1).scores) / CLASSES],
  [new FBetaScore({ beta: 2, average: "weighted" }), "oneHot", (d) => { const { scores, truth } = fOf(d, 2); return total(scores.map((s, c) => s * truth[c]!)) / total(truth); }], // prettier-ignore
  [new F1Score({ average: "micro" }), "oneHot", (d) => meanOf(d, (i) => Number(best(d.p[i]!) === best(d.y[i]!)))],
  [new F1Score({ threshold: 0.5 }), "binary", (d) => { const { tp, fp, fn } = counts(d); return 2 * tp / (2 * tp + fp + fn); }], // prettier-ignore
  [new F1Score(), "binary", (d) => { const { tp, fp, fn } = counts(d); return 2 * tp / (2 * tp + fp + fn); }], // prettier-ignore
  [new MeanIoU({ numClasses: CLASSES, sparseYPred: false }), "classes", (d) => iouOf(d, [0, 1, 2, 3])],
  [new IoU({ numClasses: CLASSES, targetClassIds: [1, 3], sparseYPred: false }), "classes", (d) => iouOf(d, [1, 3])],
  [new OneHotIoU({ numClasses: CLASSES, targetClassIds: [2] }), "oneHot", (d) => iouOf(d, [2])],
  [new BinaryIoU(), "binary", (d) => { const { tp, fp, tn, fn } = counts(d); return (tp / (tp + fp + fn) + tn / (tn + fp + fn)) / 2; }], // prettier-ignore
  [new R2Score(), "numbers", (d) => total(r2(d)) / CLASSES],
];

const matrix = (rows: readonly (readonly number[])[]): Tensor => tensor(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);

/** The metric of data in batches of a size, sums added in float64 as training adds them. */
function measured(metric: ChosenMetric, { y, p, w }: Data, batch: number, weighted: boolean): number {
  let sums: Float64Array | undefined;
  for (let i = 0; i < COUNT; i += batch) {
    const end = Math.min(COUNT, i + batch);
    const part = metric.sums(matrix(y.slice(i, end)), matrix(p.slice(i, end)), weighted ? tensor(w.slice(i, end), undefined, "float32") : undefined).dataSync();
    sums ??= new Float64Array(part.length);
    part.forEach((value: number, k: number) => (sums![k]! += value));
  }
  return metric.result(sums!);
}

describe("metrics agree with loops in float64, however batches are cut", () => {
  const rows = TABLE.map(([like, kind, reference], i) => [`${get(like).name} ${JSON.stringify(typeof like === "object" ? like.config ?? like : like)}`, i, like, kind, reference] as const);
  it.each(rows)("%s", (_, seed, like, kind, reference) => {
    const data = draw(kind, seed + 1);
    const alike = { ...data, w: data.w.map(() => 1) };
    for (const batch of [COUNT, 16, 1]) {
      // Sums of some hundred float32 numbers below 10.
      expect(Math.abs(measured(get(like), data, batch, true) - reference(data)), `weighted, batches of ${batch}`).toBeLessThan(3e-6);
      expect(Math.abs(measured(get(like), alike, batch, false) - reference(alike)), `batches of ${batch}`).toBeLessThan(3e-6);
    }
  });
});

describe("the area under the ROC curve", () => {
  const areaOf = (y: number[], p: number[], options = {}): number => {
    const metric = new AUC(options);
    metric.updateState(tensor(y, [y.length, 1]), tensor(p, [p.length, 1], "float32"));
    return metric.result();
  };

  it("is the share of pairs in order, ties by half, where thresholds lie between all predictions", () => {
    const random = createRandom(5, 3);
    // Predictions of two digits, so that there are ties, between the thresholds of hundredths.
    const p = Array.from({ length: 200 }, () => (random.integer(100) + 0.5) / 100);
    const y = p.map((x) => (random.uniform() < x ? 1 : 0));
    const data = { y: y.map((x) => [x]), p: p.map((x) => [x]), w: p.map(() => 1) };
    expect(areaOf(y, p, { numThresholds: 101 })).toBeCloseTo(ordered(data), 9);
  });

  it.each<[claim: string, y: number[], p: number[], area: number]>([
    ["Keras' example", [0, 0, 1, 1], [0, 0.5, 0.3, 0.9], 0.75],
    ["all in order", [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], 1],
    ["all in the wrong order", [1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9], 0],
    ["all predictions equal", [0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], 0.5],
    ["predictions of 0 and 1 alone", [0, 1, 0, 1], [0, 1, 1, 0], 0.5],
    ["nothing is true", [0, 0], [0.1, 0.9], 0],
    ["everything is true", [1, 1], [0.1, 0.9], 0],
  ])("%s", (_, y, p, area) => expect(areaOf(y, p)).toBeCloseTo(area, 6));

  it("of precision over recall follows the counts between thresholds", () => {
    // By hand. Above −0: tp 2, fp 2; above ½: tp 1, fp 0; above 1: none. Between the first two: slope 1/3, intercept 1 − 1/3, area (1/3)(1 + (2/3)·ln 4)/2; then 1·1/2.
    expect(areaOf([0, 0, 1, 1], [0, 0.5, 0.3, 0.9], { numThresholds: 3, curve: "PR" })).toBeCloseTo(((1 + (2 / 3) * Math.log(4)) / 3 + 1) / 2, 6);
    expect(areaOf([0, 0, 1, 1], [0, 0.5, 0.3, 0.9], { numThresholds: 3, summationMethod: "majoring" })).toBeCloseTo(1, 6);
    expect(areaOf([0, 0, 1, 1], [0, 0.5, 0.3, 0.9], { numThresholds: 3, summationMethod: "minoring" })).toBeCloseTo(0.5, 6);
  });

  it("takes thresholds of one's own, and logits", () => {
    // Above 0.2 both that are true and one that is not, above 0.4 one of each.
    expect(areaOf([0, 0, 1, 1], [0, 0.5, 0.3, 0.9], { thresholds: [0.4, 0.2] })).toBeCloseTo(0.625, 6);
    expect(areaOf([0, 0, 1, 1], [-9, 0, -1, 5], { fromLogits: true })).toBeCloseTo(0.75, 6);
  });

  it("is counted in groups of thresholds where there are many examples", () => {
    const count = 30_000;
    const random = createRandom(9, 4);
    const p = Array.from({ length: count }, () => Math.fround(random.uniform()));
    const y = p.map((x) => (random.uniform() < x ? 1 : 0));
    // Triangle densities: ∫∫ = 5/6, within some thousandths for as many examples.
    expect(areaOf(y, p)).toBeCloseTo(5 / 6, 2);
  });
});

describe("counts", () => {
  it("precision is 0 when nothing is predicted, recall when nothing is true", () => {
    const [p, r] = [new Precision(), new Recall()];
    p.updateState([[1], [1]], [[0.1], [0.2]]);
    r.updateState([[0], [0]], [[0.9], [0.2]]);
    expect([p.result(), r.result()]).toEqual([0, 0]);
  });
  it("what equals the threshold is no yes", () => {
    const metric = new TruePositives();
    metric.updateState([[1], [1]], [[0.5], [0.75]]);
    expect(metric.result()).toBe(1);
  });
  it("class numbers stand for one-hot rows", () => {
    const metric = new Recall({ classId: 2 });
    metric.updateState([2, 0, 2], [[0.1, 0.1, 0.8], [0.8, 0.1, 0.1], [0.6, 0.2, 0.2]]);
    expect(metric.result()).toBe(0.5);
  });
  it("top k: the first of equals, all of them when k is larger than the row", () => {
    const top = new Recall({ topK: 1 });
    top.updateState([[0, 1, 0]], [[0.3, 0.3, 0.1]]);
    expect(top.result()).toBe(0);
    const wide = new Recall({ topK: 9 });
    wide.updateState([[0, 1, 0]], [[0.3, 0.3, 0.1]]);
    expect(wide.result()).toBe(1);
    const strict = new Recall({ topK: 9, thresholds: 0.35 });
    strict.updateState([[1, 1, 0]], [[0.3, 0.2, 0.1]]);
    expect(strict.result()).toBe(0);
    expect([...sparseTopKCategoricalAccuracy(tensor([1, 1]), tensor([[0.3, 0.3, 0.1], [0.3, NaN, 0.1]]), 1).dataSync()]).toEqual([1, 0]);
  });
  it("as functions they are scalars", () => {
    const [y, p] = [tensor([[1, 0, 1, 1]], undefined, "float32"), tensor([[0.9, 0.8, 0.7, 0.1]])];
    expect(precision(y, p).item()).toBeCloseTo(2 / 3, 6);
    expect(recall(y, p).item()).toBeCloseTo(2 / 3, 6);
    expect(precision(y, tensor([[0, 0, 0, 0]], undefined, "float32")).item()).toBe(0);
  });
});

describe("one rate where another is held", () => {
  const [y, p] = [[[0], [0], [0], [1], [1]], [[0], [0.3], [0.8], [0.3], [0.8]]];
  it.each<[name: string, metric: Metric, value: number]>([
    ["sensitivity at specificity ½ (Keras' example)", new SensitivityAtSpecificity(0.5), 0.5],
    ["specificity at sensitivity ½ (Keras' example)", new SpecificityAtSensitivity(0.5), 2 / 3],
    ["precision at recall ½: above 0.3 one of two, above 0 two of four", new PrecisionAtRecall(0.5), 0.5],
    ["recall at precision ½", new RecallAtPrecision(0.5), 1],
    ["recall at a precision that is never reached", new RecallAtPrecision(0.9), 0],
  ])("%s", (_, metric, value) => {
    metric.updateState(y, p);
    expect(metric.result()).toBeCloseTo(value, 9);
  });
  it("a rate above 1 is refused", () => expect(() => new RecallAtPrecision(2)).toThrow(/rate: expected a number in \[0, 1\], got 2/));
});

describe("confusion matrices", () => {
  it("count true classes by rows and what they were read as by columns", () => {
    expect(confusionMatrix([0, 1, 2, 2, 2], [0, 2, 2, 2, 1], { numClasses: 3 }).arraySync()).toEqual([[1, 0, 0], [0, 0, 1], [0, 1, 2]]);
    expect(confusionMatrix([0, 1], [[0.2, 0.8], [0.1, 0.9]], { numClasses: 2 }).dtype).toBe("int32");
    expect(confusionMatrix([0, 1], [[0.2, 0.8], [0.1, 0.9]], { numClasses: 2, sampleWeight: [0.5, 2] }).arraySync()).toEqual([[0, 0.5], [0, 2]]);
    expect(() => confusionMatrix([0, 1], [0, 1, 1], { numClasses: 2 })).toThrow(/got labels \[2\] and predictions \[3\]/);
  });
  it("grow from batch to batch", () => {
    const metric = new ConfusionMatrix({ numClasses: 2 });
    metric.updateState([0, 1], [0, 0]);
    metric.updateState([1], [[0.4, 0.6]]);
    expect(metric.result()).toEqual([[1, 0], [1, 1]]);
  });
  it("leave an ignored class out, and classes that never occur", () => {
    const metric = new MeanIoU({ numClasses: 3, ignoreClass: 2 });
    metric.updateState([[0, 1, 2, 1]], [[0, 1, 1, 0]]);
    // Class 0: 1 of 2; class 1: 1 of 2; class 2 never.
    expect(metric.result()).toBe(0.5);
    expect(() => new IoU({ numClasses: 2, targetClassIds: [2] })).toThrow("expected classes from 0 to 1, got 2");
  });
});

describe("state", () => {
  it("is forgotten by resetState, and needed by result", () => {
    const metric = new RootMeanSquaredError({ name: "error" });
    expect(() => metric.result()).toThrow("error: no examples yet. Call updateState() first.");
    metric.updateState([[1], [2]], [[1], [4]]);
    expect(metric.result()).toBeCloseTo(Math.SQRT2, 12);
    metric.resetState();
    metric.updateState([[1]], [[2]], [3]);
    expect(metric.result()).toBe(1);
  });
  it("AUC of several labels: the weighted mean of areas, in batches too", () => {
    const [y, p] = [[[0, 1], [1, 0], [0, 0], [1, 1]], [[0.1, 0.9], [0.8, 0.5], [0.9, 0.2], [0.7, 0.6]]]; // prettier-ignore
    const of = (options: object): number => {
      const metric = new AUC(options);
      metric.updateState(y.slice(0, 2), p.slice(0, 2));
      metric.updateState(y.slice(2), p.slice(2));
      return metric.result();
    };
    // Pairs in order: 2 of 4 in the first column, all 4 in the second.
    const single = (column: number): number => {
      const metric = new AUC();
      metric.updateState(y.map((row) => [row[column]!]), p.map((row) => [row[column]!]));
      return metric.result();
    };
    expect([single(0), single(1)]).toEqual([0.5, 1]);
    expect(of({ multiLabel: true })).toBeCloseTo((single(0) + single(1)) / 2, 12);
    expect(of({ multiLabel: true, numLabels: 2, labelWeights: [1, 3] })).toBeCloseTo((single(0) + 3 * single(1)) / 4, 12);
    expect(of({ labelWeights: [1, 0] })).toBeCloseTo(single(0), 6);
    expect(() => of({ multiLabel: true, numLabels: 3 })).toThrow(/expected predictions \[batch, 3\], got \[2, 2\]/);
    expect(() => new AUC({ numLabels: 2 })).toThrow(/only with multiLabel: true/);
  });
  it("rates of one class, one-hot overlaps, and R² for as many variables", () => {
    const [y, p] = [[[0, 1], [1, 0], [0, 1], [1, 0]], [[0.4, 0.6], [0.3, 0.7], [0.1, 0.9], [0.8, 0.2]]]; // prettier-ignore
    const rate = new PrecisionAtRecall(1, { classId: 1 });
    rate.updateState(y, p);
    // All of class 1 is found above 0.2 … 0.6; above 0.2 one of three is wrong.
    expect(rate.result()).toBeCloseTo(2 / 3, 12);
    expect(() => new PrecisionAtRecall(1, { classId: 2 }).updateState(y, p)).toThrow(/classId: expected a class from 0 to 1, got 2/);
    const overlap = new OneHotMeanIoU({ numClasses: 2 });
    overlap.updateState(y, p);
    expect(overlap.result()).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
    const [plain, adjusted, few] = [0, 1, 3].map((numRegressors) => new R2Score({ numRegressors })) as [R2Score, R2Score, R2Score];
    for (const metric of [plain, adjusted, few]) metric.updateState([[1], [2], [3], [4]], [[1], [2], [3], [3]]);
    expect(plain.result()).toBeCloseTo(0.8, 6);
    expect(adjusted.result()).toBeCloseTo(1 - (0.2 * 3) / 2, 6);
    expect(few.result()).toBe(plain.result());
  });
  it("is there for every name, too", () => {
    const auc = get("auc");
    auc.updateState([[0], [0]], [[0], [0.5]]);
    auc.updateState([[1], [1]], [[0.3], [0.9]]);
    expect(auc.result()).toBeCloseTo(0.75, 6);
    const error = get({ name: "huber", delta: 1 });
    error.updateState([[1], [2]], [[1], [4]]);
    expect(error.result()).toBe(0.75);
  });
  it("of means and sums of values, with weights", () => {
    const [mean, sum] = [new Mean(), new Sum()];
    for (const metric of [mean, sum]) {
      metric.updateState([1, 3]);
      metric.updateState([[5, 7]], [2]);
    }
    expect([mean.result(), sum.result()]).toEqual([(1 + 3 + 2 * 6) / 4, 28]);
  });
  it("of any function of labels and predictions", () => {
    const metric = new MeanMetric(meanSquaredError, "mine");
    metric.updateState([[1], [2]], [[1], [4]], [1, 0.5]);
    expect(metric.result()).toBeCloseTo(2 / 1.5, 12);
  });
  it("of a loss of the whole batch, which counts as often as its weights say", () => {
    const metric = new MeanMetric(dice, "dice");
    metric.updateState([[1], [0]], [[1], [0]], [1, 1]);
    metric.updateState([[1], [0]], [[0], [1]], [3, 3]);
    expect(metric.result()).toBeCloseTo(0.75, 6);
  });
  it("scores of every class", () => {
    const metric = new F1Score();
    metric.updateState([0, 1, 1], [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]]);
    expect(metric.perClass().map((x) => x.toFixed(4))).toEqual(["0.6667", "0.6667"]);
  });
  it("of columns that do not vary, or whose predictions are worse than the mean", () => {
    const metric = new R2Score();
    metric.updateState([[1], [1]], [[1], [2]]);
    expect(metric.result()).toBe(0);
    metric.resetState();
    metric.updateState([[1, 0], [3, 10]], [[3, 0], [1, 10]]);
    expect(metric.result()).toBeCloseTo((-3 + 1) / 2, 6);
    const weighted = new R2Score({ classAggregation: "varianceWeightedAverage" });
    weighted.updateState([[1, 0], [3, 10]], [[3, 0], [1, 10]]);
    // Spreads 2 and 50.
    expect(weighted.result()).toBeCloseTo((2 * -3 + 50) / 52, 6);
  });
});

describe("names", () => {
  it("are shown as they were spelled, or by a label", () => {
    expect([get("Categorical_accuracy").name, get({ name: "auc", label: "prAuc", curve: "PR" }).name, new AUC({ name: "a" }).name, get({ name: "huber", label: "h" }).name]).toEqual(["Categorical_accuracy", "prAuc", "a", "h"]);
  });
  it("come back from what a file holds", () => {
    for (const like of [new AUC({ name: "prAuc", curve: "PR" }), "accuracy", { name: "huber", delta: 2 }, new Precision({ topK: 2 }), { name: "rmse", label: "error" }] as MetricLike[]) {
      const metric = get(like);
      const again = get(JSON.parse(JSON.stringify(metric.config)) as MetricLike);
      expect([again.name, again.config]).toEqual([metric.name, metric.config]);
    }
  });
  it("what has no name has no place in a file: functions, and classes that are used as objects alone", () => {
    expect(get(meanSquaredError)).toMatchObject({ name: "meanSquaredError", config: undefined });
    expect(get(new F1Score({ average: "micro" }))).toMatchObject({ name: "f1Score", config: undefined });
  });
  it("of logits, what reads probabilities is given them", () => {
    const [y, z] = [matrix([[1], [0], [1]]), matrix([[0.3], [0.2], [-0.4]])];
    const value = (metric: ChosenMetric): number => metric.result(Float64Array.from(metric.sums(y, z).dataSync()));
    expect(value(get("precision", "sigmoid"))).toBe(0.5);
    expect(value(get(new Precision(), "sigmoid"))).toBe(0.5);
    expect(value(get(new Precision()))).toBe(0);
    expect(value(get({ name: "binaryAccuracy", threshold: 0.57 }, "sigmoid"))).toBeCloseTo(2 / 3, 6);
    expect(value(get("binaryAccuracy", "sigmoid"))).toBeCloseTo(1 / 3, 6);
    expect(value(get(new AUC({ fromLogits: true }), "sigmoid"))).toBe(value(get("auc", "sigmoid")));
    expect(value(get("binaryCrossentropy", "sigmoid"))).toBeCloseTo((Math.log1p(Math.exp(-0.3)) + Math.log1p(Math.exp(0.2)) + Math.log1p(Math.exp(0.4))) / 3, 6);
  });
  it.each<[what: string, make: () => unknown, message: RegExp]>([
    ["a misspelt metric", () => get("precison"), /Did you mean "precision"/],
    ["a misspelt loss", () => get("meanSquaredEror"), /Did you mean "meanSquaredError"/],
    ["an option there is not", () => get({ name: "auc", curv: "PR" }), /metric "auc": no option is called "curv".*Did you mean "curve"/],
    ["an option of another metric", () => get({ name: "categoricalAccuracy", k: 2 }), /no option is called "k"/],
    ["a word there is not", () => new AUC({ curve: "roc" as "ROC" }), /curve: expected one of "ROC", "PR"; got "roc"/],
    ["thresholds for a list of numbers", () => get({ name: "precision", thresholds: [0.2, 0.5] }), /expected one number, got \[0.2,0.5\]. Use a metric for each/],
    ["a threshold that is no probability", () => new F1Score({ threshold: 2 }), /threshold: expected a number in \[0, 1\], got 2/],
    ["a class there is not", () => new Recall({ classId: 3 }).updateState([[0, 1]], [[0.1, 0.9]]), /classId: expected a class from 0 to 1, got 3/],
    ["weights that fit nothing", () => new Recall().updateState([[0, 1]], [[0.1, 0.9]], [1, 2, 3]), /sampleWeight: expected a weight an example, \[1\]/],
    ["no name", () => get({} as MetricLike), /expected a name, { name, …options }, a metric or a function/],
  ])("%s is refused", (_, make, message) => expect(make).toThrow(message));
});

describe("in a model", () => {
  const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i * 1.3), Math.cos(i * 2.1)]);
  const y = x.map(([a, b]) => [Number(a! + b! / 2 > 0.1)]);

  it("metrics of a model that ends in logits are those of its probabilities, in fit and evaluate, and after save and load", async () => {
    const model = sequential({ seed: 4, layers: [layers.dense({ units: 1, inputShape: [2] })] });
    const own = new F1Score();
    model.compile({ optimizer: "adam", loss: "binaryCrossentropy", metrics: ["accuracy", "auc", { name: "auc", label: "prAuc", curve: "PR" }, { name: "precision", thresholds: 0.6 }, own, new Recall({ name: "found" })] });
    const { history } = await model.fit(x, y, { epochs: 2, batchSize: 16, validationData: [x, y] });
    const scores = await model.evaluate(x, y, { batchSize: 7 });
    expect(Object.keys(scores)).toEqual(["loss", "accuracy", "auc", "prAuc", "precision", "f1Score", "found"]);
    const data: Data = { y, p: ((await model.predict(x)).arraySync() as number[][]).map(([z]) => [1 / (1 + Math.exp(-z!))]), w: x.map(() => 1) };
    const { tp, fp, fn } = counts(data);
    const strict = counts(data, 0.6);
    expect(scores["auc"]).toBeCloseTo(ordered(data), 2);
    expect(scores["precision"]).toBeCloseTo(ratio(strict.tp, strict.tp + strict.fp), 9);
    expect(scores["found"]).toBeCloseTo(tp / (tp + fn), 9);
    expect(scores["f1Score"]).toBeCloseTo((2 * tp) / (2 * tp + fp + fn), 9);
    expect(history["val_auc"]!.at(-1)).toBe(scores["auc"]);
    expect(() => own.result()).toThrow("no examples yet");
    const again = await modelFromBytes(await modelToBytes(model)).evaluate(x, y);
    const { f1Score: _f1, ...kept } = scores;
    expect(Object.keys(again)).toEqual(Object.keys(kept));
    for (const [name, value] of Object.entries(kept)) expect(again[name]).toBeCloseTo(value, 6);
  });

  it("labels that a loss ignores pass the check of class numbers, others out of range do not", async () => {
    const model = sequential({ seed: 4, layers: [layers.dense({ units: 2, inputShape: [2] })] });
    model.compile({ optimizer: "sgd", loss: { name: "sparseCategoricalCrossentropy", ignoreClass: 255 } });
    const marked = y.map(([label], i) => (i % 2 ? 255 : label!));
    const rest = [x, marked].map((rows) => (rows as unknown[]).filter((_, i) => i % 2 === 0)) as [number[][], number[]];
    expect((await model.evaluate(x, marked, { batchSize: 40 }))["loss"]).toBeCloseTo((await model.evaluate(...rest))["loss"]!, 6);
    await expect(model.fit(x, y.map(() => 254))).rejects.toThrow("expected class numbers from 0 to 1");
  });
});
