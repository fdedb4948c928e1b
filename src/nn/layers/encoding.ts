// Layers that turn categories into numbers a network takes: categoryEncoding of class numbers, discretization of measures into ranges.
import { ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { max, oneHot, searchsorted, sum, tensor, Tensor, type TensorLike } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkWhole, checkWord } from "../../base/options.js";
import { checkedIndices } from "./indices.js";

const ENCODINGS = ["oneHot", "multiHot", "count"] as const;
/** "oneHot": a row of 0 with a 1; "multiHot": 1 for every number among those of an example; "count": how often each is among them. */
export type Encoding = (typeof ENCODINGS)[number];

const MODES = ["int", ...ENCODINGS] as const;
/** "int": the numbers as they are, int32; else as Encoding. */
export type OutputMode = (typeof MODES)[number];

const SPELLINGS: Readonly<Record<string, string>> = { one_hot: "oneHot", multi_hot: "multiHot" };

/** The mode that options name, in either spelling. Throws ValueError for others. */
export function outputModeOf(value: unknown, where: string): OutputMode {
  return checkWord(SPELLINGS[String(value)] ?? value, MODES, `${where}: outputMode`);
}

/** Shape of a result for an example of this shape. */
export function encodedShape(input: Shape, depth: number, mode: OutputMode): Shape {
  if (mode === "int") return input;
  const isRow = input.length > 0 && (mode !== "oneHot" || input[input.length - 1] === 1);
  return [...(isRow ? input.slice(0, -1) : input), depth];
}

/** Class numbers [batch, …] in 0 … depth − 1 as a mode says; another number is the error "index out of range" with its place. */
export function encoded(x: Tensor, depth: number, mode: OutputMode): Tensor {
  const numbers = checkedIndices(x, depth);
  if (mode === "int") return numbers;
  const rows = oneHot(numbers, depth);
  if (x.shape.length === 1 || (mode === "oneHot" && x.shape[x.shape.length - 1] !== 1)) return rows;
  return mode === "count" ? sum(rows, { axes: [-2] }) : max(rows, { axes: [-2] });
}

/** Options of categoryEncoding(). */
export interface CategoryEncodingOptions extends LayerOptions {
  /** How many categories there are: inputs are 0 … numTokens − 1. */
  readonly numTokens: number;
  /** Default "multiHot". */
  readonly outputMode?: Encoding;
}

export class CategoryEncoding extends Layer {
  override readonly type = "CategoryEncoding";
  readonly numTokens: number;
  readonly outputMode: OutputMode;

  constructor(options: CategoryEncodingOptions) {
    super("category_encoding", options, ["numTokens", "outputMode"]);
    const where = `categoryEncoding "${this.name}"`;
    this.numTokens = checkWhole(options.numTokens, `${where}: numTokens`);
    this.outputMode = outputModeOf(options.outputMode ?? "multiHot", where);
    if (this.outputMode === "int") throw new ValueError(`${where}: outputMode: expected one of "${ENCODINGS.join('", "')}"; got "int".`);
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  override outputShape(input: Shape): Shape {
    return encodedShape(input, this.numTokens, this.outputMode);
  }

  call(x: Tensor): Tensor {
    return encoded(x, this.numTokens, this.outputMode);
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
 * A number that is not in 0 … numTokens − 1 is a ValueError with its place.
 */
export function categoryEncoding(options: CategoryEncodingOptions): CategoryEncoding {
  return new CategoryEncoding(options);
}

/** Options of discretization(). */
export interface DiscretizationOptions extends LayerOptions {
  /** Rising numbers between the ranges: [0, 1] has the ranges x < 0, 0 ≤ x < 1 and 1 ≤ x, numbered from 0. */
  readonly binBoundaries?: readonly number[];
  /** How many ranges adapt() shall find, with as many examples in each. */
  readonly numBins?: number;
  /** Default "int". */
  readonly outputMode?: OutputMode;
}

export class Discretization extends Layer {
  override readonly type = "Discretization";
  readonly numBins: number;
  readonly outputMode: OutputMode;
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
    this.outputMode = outputModeOf(options.outputMode ?? "int", this.where);
  }

  /** The numbers between the ranges. Throws ValueError before adapt(), where options give none. */
  get binBoundaries(): readonly number[] {
    if (!this.boundaries) throw new ValueError(`${this.where}: its ranges are not known yet. Call adapt(data) first, or give binBoundaries.`);
    return this.boundaries;
  }

  /**
   * Finds the boundaries: quantiles 1/numBins, 2/numBins … of all elements, between two of them linearly. Of programs, only those compiled afterwards know them.
   *
   * Throws ValueError for no data, and where boundaries were given.
   */
  adapt(data: TensorLike): this {
    if (this.isGiven) throw new ValueError(`${this.where}: adapt: binBoundaries were given as options.`);
    const values = Float64Array.from((data instanceof Tensor ? data : tensor(data)).dataSync()).sort();
    if (values.length === 0) throw new ValueError(`${this.where}: adapt: expected examples, got none.`);
    this.boundaries = Array.from({ length: this.numBins - 1 }, (_, i) => {
      const at = ((i + 1) / this.numBins) * (values.length - 1);
      const [low, high] = [values[Math.floor(at)]!, values[Math.ceil(at)]!];
      return low + (high - low) * (at - Math.floor(at));
    });
    return this;
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
