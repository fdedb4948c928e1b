// Layers that turn categories into numbers a network takes: categoryEncoding of class numbers, discretization of measures into ranges.
import { ShapeError, ValueError } from "../../base/errors.js";
import { sameShape, type Shape } from "../../base/shape.js";
import { cast, expandDims, max, mul, oneHot, searchsorted, slice, sum, tensor, type Tensor, type TensorLike } from "../../engine/index.js";
import { Layer, showBatch, type Config, type LayerOptions } from "../layer.js";
import { checkWhole, checkWord } from "../../base/options.js";
import { batchTensor, learn, type Batches } from "./adapting.js";
import { checkedIndices } from "./indices.js";

const ENCODINGS = ["oneHot", "multiHot", "count"] as const;
/** "oneHot": a row of 0 with a 1; "multiHot": 1 for every number among those of an example; "count": how often each is among them. */
export type Encoding = (typeof ENCODINGS)[number];

const MODES = ["int", ...ENCODINGS, "tfIdf"] as const;
/** "int": the numbers as they are, int32; "tfIdf": counts times the weights of the tokens, which are larger the fewer examples have them; else as Encoding. */
export type OutputMode = (typeof MODES)[number];
/** Output modes of layers that have no vocabulary. */
export type PlainMode = "int" | Encoding;
/** The same, as a list. */
export const PLAIN_MODES = ["int", ...ENCODINGS] as const satisfies readonly PlainMode[];

const SPELLINGS: Readonly<Record<string, string>> = { one_hot: "oneHot", multi_hot: "multiHot", tf_idf: "tfIdf" };

/** The mode that options name, in either spelling. Throws ValueError for others. */
export function outputModeOf<M extends OutputMode = OutputMode>(value: unknown, where: string, modes: readonly M[] = MODES as readonly OutputMode[] as readonly M[]): M {
  return checkWord(SPELLINGS[String(value)] ?? value, modes, `${where}: outputMode`);
}

/** Shape of a result for an example of this shape. */
export function encodedShape(input: Shape, depth: number, mode: OutputMode): Shape {
  if (mode === "int") return input;
  const isRow = input.length > 0 && (mode !== "oneHot" || input[input.length - 1] === 1);
  return [...(isRow ? input.slice(0, -1) : input), depth];
}

/** What encoded() takes beside numbers. */
interface EncodedOptions {
  /** By number, for "tfIdf". */
  readonly weights?: readonly number[] | undefined;
  /** Whether depth is the number of what is left out. */
  readonly hasMask?: boolean;
  /** By element of x, for "count". */
  readonly counts?: Tensor | undefined;
}

/** Class numbers [batch, …] in 0 … depth − 1 as a mode says; another number is the error "index out of range" with its place. */
export function encoded(x: Tensor, depth: number, mode: OutputMode, { weights, hasMask = false, counts }: EncodedOptions = {}): Tensor {
  if (mode === "int") return checkedIndices(x, depth);
  const numbers = checkedIndices(x, hasMask ? depth + 1 : depth);
  const all = oneHot(numbers, hasMask ? depth + 1 : depth);
  const plain = hasMask ? slice(all, all.shape.map(() => 0), [...all.shape.slice(0, -1), depth]) : all;
  const rows = counts ? mul(plain, expandDims(cast(counts, "float32"), -1)) : plain;
  const isEach = x.shape.length === 1 || (mode === "oneHot" && x.shape[x.shape.length - 1] !== 1);
  const added = mode === "count" || mode === "tfIdf" ? sum : max;
  const result = isEach ? rows : added(rows, { axes: [-2] });
  return weights ? mul(result, tensor([...weights])) : result;
}

/** Options of categoryEncoding(). */
export interface CategoryEncodingOptions extends LayerOptions {
  /** How many categories there are: inputs are 0 … numTokens − 1. */
  readonly numTokens: number;
  /** Default "multiHot". */
  readonly outputMode?: Encoding;
}

/** What categoryEncoding() makes. */
export class CategoryEncoding extends Layer {
  override readonly type = "CategoryEncoding";
  readonly numTokens: number;
  readonly outputMode: Encoding;

  constructor(options: CategoryEncodingOptions) {
    super("category_encoding", options, ["numTokens", "outputMode"]);
    const where = `categoryEncoding "${this.name}"`;
    this.numTokens = checkWhole(options.numTokens, `${where}: numTokens`);
    this.outputMode = outputModeOf(options.outputMode ?? "multiHot", where, ENCODINGS);
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  override outputShape(input: Shape): Shape {
    return encodedShape(input, this.numTokens, this.outputMode);
  }

  /** Of numbers alone, or of numbers and how much each counts. */
  override outputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    const [numbers, counts, ...more] = inputs as readonly [Shape, ...Shape[]];
    if (counts === undefined) return [this.outputShape(numbers)];
    if (this.outputMode !== "count") throw new ValueError(`layer "${this.name}" (${this.type}): expected one input, got ${inputs.length}. Weights of counts take outputMode "count".`);
    if (more.length > 0 || !sameShape(numbers, counts)) {
      const got = inputs.map((input, i) => showBatch(input) + (from[i] === undefined ? "" : ` from ${from[i]}`)).join(" and ");
      throw new ShapeError(`layer "${this.name}" (${this.type}): expected numbers and weights of equal shape, got ${got}.`);
    }
    return [this.outputShape(numbers)];
  }

  call(x: Tensor): Tensor {
    return this.callAll([x])[0]!;
  }

  override callAll([x, counts]: readonly Tensor[]): readonly Tensor[] {
    return [encoded(x!, this.numTokens, this.outputMode, { counts })];
  }

  override computeMask(): undefined {
    return undefined;
  }

  protected override ownConfig(): Config {
    return { numTokens: this.numTokens, outputMode: this.outputMode };
  }
}

/**
 * Class numbers, integers or whole floats, as rows of numTokens floats: [batch, n] gives [batch, numTokens], or [batch, n, numTokens] with "oneHot" and n > 1.
 *
 * A number that is not in 0 … numTokens − 1 is a ValueError with its place. With "count" a second input may say how much each number counts:
 * `categoryEncoding({ numTokens: 4, outputMode: "count" }).apply([numbers, weights])`. Throws ShapeError where it has another shape.
 */
export function categoryEncoding(options: CategoryEncodingOptions): CategoryEncoding {
  return new CategoryEncoding(options);
}

/** Options of discretization(). */
export interface DiscretizationOptions extends LayerOptions {
  /** Rising numbers between the ranges: [0, 1] has the ranges x < 0, 0 ≤ x < 1 and 1 ≤ x, numbered from 0. */
  readonly binBoundaries?: readonly number[];
  /** How many ranges adapt() shall find, with as many examples in each. Quantiles are exact: there is no epsilon, as Keras has. */
  readonly numBins?: number;
  /** Default "int". */
  readonly outputMode?: PlainMode;
}

/** What discretization() makes. */
export class Discretization extends Layer {
  override readonly type = "Discretization";
  readonly numBins: number;
  readonly outputMode: PlainMode;
  private readonly where: string;
  private readonly isGiven: boolean;
  private boundaries: readonly number[] | undefined;

  constructor(options: DiscretizationOptions) {
    super("discretization", options, ["binBoundaries", "numBins", "outputMode"]);
    this.where = `discretization "${this.name}"`;
    const { binBoundaries, numBins } = options;
    if ((binBoundaries === undefined) === (numBins === undefined)) {
      throw new ValueError(`${this.where}: expected either binBoundaries or numBins, got ${numBins === undefined ? "neither" : "both"}.`);
    }
    this.isGiven = binBoundaries !== undefined;
    if (binBoundaries) this.boundaries = sorted(binBoundaries, this.where);
    this.numBins = binBoundaries ? binBoundaries.length + 1 : checkWhole(numBins, `${this.where}: numBins`, 2);
    this.outputMode = outputModeOf(options.outputMode ?? "int", this.where, PLAIN_MODES);
  }

  /** The numbers between the ranges. Throws ValueError before adapt(), where options give none. */
  get binBoundaries(): readonly number[] {
    if (!this.boundaries) throw new ValueError(`${this.where}: its ranges are not known yet. Call adapt(data) first, or give binBoundaries.`);
    return this.boundaries;
  }

  /**
   * Finds the boundaries: quantiles 1/numBins, 2/numBins … of all elements, between two of them linearly. Of programs, only those compiled afterwards know them.
   *
   * data: an array, or a data set, for which the result is a promise; all elements are kept meanwhile.   Throws ValueError for no data, and where boundaries were given.
   */
  adapt(data: TensorLike): this;
  adapt(data: Batches<TensorLike>): Promise<this>;
  adapt(data: TensorLike | Batches<TensorLike>): this | Promise<this> {
    if (this.isGiven) throw new ValueError(`${this.where}: adapt: binBoundaries were given as options.`);
    const parts: ArrayLike<number>[] = [];
    const add = (batch: TensorLike): void => void parts.push(batchTensor(batch, this.where).dataSync());
    return learn<this, TensorLike>(this, data, { add, finish: () => this.cut(parts) }, this.where);
  }

  private cut(parts: readonly ArrayLike<number>[]): void {
    const values = new Float64Array(parts.reduce((count, { length }) => count + length, 0));
    parts.reduce((at, part) => (values.set(part, at), at + part.length), 0);
    if (values.length === 0) throw new ValueError(`${this.where}: adapt: expected examples, got none.`);
    values.sort();
    this.boundaries = Array.from({ length: this.numBins - 1 }, (_, i) => {
      const at = ((i + 1) / this.numBins) * (values.length - 1);
      const [low, high] = [values[Math.floor(at)]!, values[Math.ceil(at)]!];
      return low + (high - low) * (at - Math.floor(at));
    });
  }

  override outputShape(input: Shape): Shape {
    return encodedShape(input, this.numBins, this.outputMode);
  }

  call(x: Tensor): Tensor {
    return encoded(searchsorted(tensor(Float32Array.from(this.binBoundaries)), x, "right"), this.numBins, this.outputMode);
  }

  override computeMask(_xs: readonly Tensor[], masks: readonly (Tensor | undefined)[]): Tensor | undefined {
    return this.outputMode === "int" ? masks[0] : undefined;
  }

  protected override ownConfig(): Config {
    return { ...(this.boundaries ? { binBoundaries: this.boundaries } : { numBins: this.numBins }), outputMode: this.outputMode };
  }
}

function sorted(boundaries: readonly number[], where: string): readonly number[] {
  const isSorted = Array.isArray(boundaries) && boundaries.length > 0 && boundaries.every((value, i) => Number.isFinite(value) && (i === 0 || value >= boundaries[i - 1]!));
  if (!isSorted) throw new ValueError(`${where}: binBoundaries: expected numbers that do not fall, got ${JSON.stringify(boundaries)}.`);
  return boundaries.slice();
}

/**
 * The number of the range that each element lies in, from 0, as int32 or by outputMode. Boundaries are options, or found by adapt(data), and kept in the configuration.
 *
 * Throws ValueError for boundaries that fall, and before adapt() where there are none.
 */
export function discretization(options: DiscretizationOptions): Discretization {
  return new Discretization(options);
}
