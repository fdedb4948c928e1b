// IntegerLookup: whole numbers of any size, such as postcodes, as numbers from 0. Strings, which tensors do not hold: see stringLookup.ts.
import type { Shape } from "../../base/shape.js";
import { add, equal, gather, maximum, minimum, remainder, searchsorted, tensor, where, type Tensor, type TensorLike } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { batchTensor, learn, type Batches } from "./adapting.js";
import { encoded, encodedShape, outputModeOf, type OutputMode } from "./encoding.js";
import { wholeNumbers } from "./indices.js";
import { Vocabulary, VOCABULARY_OPTIONS, type VocabularyOptions } from "./vocabulary.js";

/** Options of integerLookup(). */
export interface IntegerLookupOptions extends LayerOptions, VocabularyOptions<number> {
  /** The way back, from numbers to tokens; default false. */
  readonly invert?: boolean;
  /** Default "int". */
  readonly outputMode?: OutputMode;
}

/** What integerLookup() makes. */
export class IntegerLookup extends Layer {
  override readonly type = "IntegerLookup";
  readonly invert: boolean;
  readonly outputMode: OutputMode;
  private readonly where: string;
  private readonly words: Vocabulary<number>;

  constructor(options: IntegerLookupOptions = {}) {
    super("integer_lookup", options, [...VOCABULARY_OPTIONS, "invert", "outputMode"]);
    const where = (this.where = `integerLookup "${this.name}"`);
    this.invert = options.invert ?? false;
    this.outputMode = outputModeOf(options.outputMode ?? "int", where);
    this.words = new Vocabulary(where, options, options.oovToken ?? -1, (a, b) => b - a, this.outputMode);
  }

  /** All tokens by their numbers. Throws ValueError before there are any. */
  getVocabulary(): number[] {
    return this.words.all();
  }

  /** How many numbers there are. */
  vocabularySize(): number {
    return this.words.size;
  }

  /**
   * Learns the vocabulary, the most frequent first, of equally frequent ones the largest; for "tfIdf" also how many examples have each. Of programs, only
   * those compiled afterwards know it.
   *
   * data: [examples, …], or a data set of such batches, for which the result is a promise   Throws ValueError for no data.
   */
  adapt(data: TensorLike): this;
  adapt(data: Batches<TensorLike>): Promise<this>;
  adapt(data: TensorLike | Batches<TensorLike>): this | Promise<this> {
    const { add, finish } = this.words.learner();
    return learn<this, TensorLike>(this, data, { add: (batch) => add(examplesOf(batchTensor(batch, this.where))), finish }, this.where);
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  override outputShape(input: Shape): Shape {
    return this.invert ? input : encodedShape(input, this.depth, this.outputMode);
  }

  call(x: Tensor): Tensor {
    return this.invert ? this.tokens(wholeNumbers(x)) : encoded(this.numbers(wholeNumbers(x)), this.depth, this.outputMode, { weights: this.words.weights, hasMask: this.words.maskToken !== null });
  }

  /** How many numbers can come out, or columns. */
  private get depth(): number {
    return this.outputMode === "int" ? this.words.size : this.words.depth;
  }

  private numbers(x: Tensor): Tensor {
    const { words } = this;
    const known = words.tokens.map((token, i) => [token, words.first + i] as const);
    const table = [...(words.maskToken === null ? known : [[words.maskToken, words.maskNumber] as const, ...known])].sort(([a], [b]) => a - b);
    const tokens = tensor(Int32Array.from(table, ([token]) => token));
    const at = minimum(searchsorted(tokens, x), table.length - 1);
    const found = gather(tensor(Int32Array.from(table, ([, number]) => number)), at);
    const oov = words.numOovIndices;
    // Where unknown tokens have no number, they get one that is out of range.
    const unknown = oov === 0 ? tensor(-1, [], "int32") : add(remainder(x, oov), words.first - oov);
    return where(equal(gather(tokens, at), x), found, unknown);
  }

  private tokens(x: Tensor): Tensor {
    const all = this.words.all();
    const inside = maximum(minimum(x, all.length - 1), 0);
    return where(equal(inside, x), gather(tensor(Int32Array.from(all)), inside), this.words.oovToken);
  }

  override computeMask(_xs: readonly Tensor[], masks: readonly (Tensor | undefined)[]): Tensor | undefined {
    return this.outputMode === "int" ? masks[0] : undefined;
  }

  protected override ownConfig(): Config {
    return { ...this.words.config(), invert: this.invert, outputMode: this.outputMode };
  }
}

/** The elements of each example. */
function* examplesOf(x: Tensor): Generator<ArrayLike<number> & Iterable<number>> {
  const data = x.dataSync();
  const size = x.size / (x.shape[0] ?? 1) || 1;
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

/**
 * Whole numbers as their numbers in a vocabulary, int32 or by outputMode. The vocabulary is an option, or found by adapt(data), and kept in the configuration.
 *
 * oovToken: −1   Unknown tokens get the numbers before those that are known, by their remainder; with numOovIndices 0 they are a ValueError with their place.
 */
export function integerLookup(options: IntegerLookupOptions = {}): IntegerLookup {
  return new IntegerLookup(options);
}
