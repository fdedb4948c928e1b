// How much examples count: sampleWeight and classWeight become rows of weights, one for each output.
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape, sizeOf } from "../base/shape.js";
import { Tensor } from "../engine/index.js";
import { checkCounts, isList, rowsOf, type DataLike, type Feed, type Rows } from "./feed.js";
import { checkNumber } from "../base/options.js";

/** How much the examples of a class count, by its number; 1 where it is left out. */
export type ClassWeight = Readonly<Record<number, number>>;

/** Weights of examples, by example or by class. */
export interface Weighting {
  /** How much each example counts in the loss: [examples], or of the leading axes of the labels. For several outputs one for all, a list, or an object by output name. */
  readonly sampleWeight?: Feed | undefined;
  /** How much the examples of a class count: { 0: 1, 1: 4 }. For models of one output. */
  readonly classWeight?: ClassWeight | undefined;
}

/** Weights of examples for each output: sample weight times class weight. Throws ShapeError or ValueError for weights that do not fit the labels. */
export function weightRows({ sampleWeight, classWeight }: Weighting, labels: readonly Rows[], outputs: readonly string[], where: string): readonly Rows[] {
  const given = sampleWeight === undefined ? [] : byOutput(sampleWeight, outputs);
  if (classWeight !== undefined && labels.length > 1) throw new ValueError(`${where}: classWeight: expected a model of one output, this one has ${outputs.join(", ")}. Use sampleWeight.`);
  return labels.map((rows, i) => {
    const own = given[i];
    const weights = own === undefined ? undefined : checked(rowsOf(own, `${where}: sampleWeight`), rows, where);
    if (classWeight === undefined) return weights ?? { data: new Float32Array(rows.count).fill(1), count: rows.count, shape: [] };
    return byClass(classWeight, rows, weights, where);
  });
}

function byOutput(given: Feed, outputs: readonly string[]): readonly (DataLike | undefined)[] {
  if (isList(given) || (outputs.length > 1 && Array.isArray(given) && typeof given[0] !== "number")) return given as readonly DataLike[];
  if (given instanceof Tensor || Array.isArray(given) || ArrayBuffer.isView(given) || (typeof given === "object" && "data" in given)) return outputs.map(() => given as DataLike);
  return outputs.map((name) => (given as Readonly<Record<string, DataLike>>)[name]);
}

/** Finite, none below 0, and one for each example or element of its labels. */
function checked(weights: Rows, labels: Rows, where: string): Rows {
  checkCounts([labels], [weights], `${where}: sampleWeight`, "weights");
  const bad = weights.data.findIndex((weight: number) => !(weight >= 0 && weight < Infinity));
  if (bad >= 0) throw new ValueError(`${where}: sampleWeight: expected numbers of at least 0, got ${weights.data[bad]} in example ${Math.floor(bad / sizeOf(weights.shape))}.`);
  const shape = weights.shape.length === 1 && weights.shape[0] === 1 && labels.shape.length === 0 ? [] : weights.shape;
  if (shape.length > labels.shape.length || shape.some((size, axis) => size !== labels.shape[axis])) {
    throw new ShapeError(`${where}: sampleWeight: expected a weight an example, or of the leading axes of the labels ${showShape([labels.count, ...labels.shape])}; got ${showShape([weights.count, ...weights.shape])}.`);
  }
  return { data: Float32Array.from(weights.data), count: weights.count, shape };
}

/** The weight of each example's class: its number, the largest of one-hot labels, or 0 and 1. */
function byClass(classWeight: ClassWeight, labels: Rows, weights: Rows | undefined, where: string): Rows {
  for (const [name, weight] of Object.entries(classWeight)) checkNumber(weight, `${where}: classWeight: class ${name}`, 0);
  const width = sizeOf(labels.shape);
  if (labels.shape.length > 1 || (weights && weights.shape.length > 0)) throw new ShapeError(`${where}: classWeight: expected one class an example, got labels ${showShape([labels.count, ...labels.shape])}.`);
  const data = Float32Array.from({ length: labels.count }, (_, i) => {
    const own = labels.data.subarray(i * width, (i + 1) * width);
    const of = width === 1 ? Math.round(own[0]!) : own.indexOf(Math.max(...own));
    return (classWeight[of] ?? 1) * (weights?.data[i] ?? 1);
  });
  return { data, count: labels.count, shape: [] };
}
