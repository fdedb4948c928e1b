// StringLookup: strings as numbers, and back. Tensors hold no strings, so this runs beside the model, on the data it is fed, and is no layer of it.
import { ValueError } from "../../base/errors.js";
import { cast, tensor, Tensor } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkOptions } from "../../base/options.js";
import { learn, type Batches } from "./adapting.js";
import { encoded, outputModeOf, type OutputMode } from "./encoding.js";
import { examplesOf, flatten, hash, type NestedStrings } from "./strings.js";
import { Vocabulary, VOCABULARY_OPTIONS, type VocabularyOptions } from "./vocabulary.js";

/** Options of stringLookup(). */
export interface StringLookupOptions extends VocabularyOptions<string> {
  /** Default "string_lookup". */
  readonly name?: string;
  /** The way back, from numbers to strings; default false. */
  readonly invert?: boolean;
  /** Default "int". */
  readonly outputMode?: OutputMode;
}

/** What stringLookup() makes. */
export class StringLookup {
  readonly type = "StringLookup";
  readonly name: string;
  readonly invert: boolean;
  readonly outputMode: OutputMode;
  private readonly where: string;
  private readonly words: Vocabulary<string>;

  constructor(options: StringLookupOptions = {}) {
    checkOptions(options, [...VOCABULARY_OPTIONS, "name", "invert", "outputMode"], "stringLookup");
    this.name = options.name ?? "string_lookup";
    this.where = `stringLookup "${this.name}"`;
    this.invert = options.invert ?? false;
    this.outputMode = outputModeOf(options.outputMode ?? "int", this.where);
    // Of equally frequent words the last in the alphabet comes first, as in Keras.
    this.words = new Vocabulary(this.where, options, options.oovToken ?? "[UNK]", (a, b) => (a < b ? 1 : a > b ? -1 : 0), this.outputMode);
  }

  /** All tokens by their numbers. Throws ValueError before there are any. */
  getVocabulary(): string[] {
    return this.words.all();
  }

  /** How many numbers there are. */
  vocabularySize(): number {
    return this.words.size;
  }

  /**
   * Learns the vocabulary, the most frequent first; for "tfIdf" also how many examples have each.
   *
   * data: strings in nested arrays, the first axis being that of examples, or a data set of such batches, for which the result is a promise
   * Throws ValueError for no data.
   */
  adapt(data: NestedStrings): this;
  adapt(data: Batches<NestedStrings>): Promise<this>;
  adapt(data: NestedStrings | Batches<NestedStrings>): this | Promise<this> {
    const { add, finish } = this.words.learner();
    return learn<this, NestedStrings>(this, data, { add: (batch) => add(examplesOf(batch, this.where)), finish }, this.where);
  }

  /**
   * Numbers of strings, int32 in the shape of the nested arrays, or by outputMode; with invert strings of numbers, in order, flat, unknown ones the oovToken.
   *
   * Throws ValueError for arrays of unequal length, for what is of the other kind, and for an unknown token where numOovIndices is 0, naming it.
   */
  apply(strings: NestedStrings): Tensor;
  apply(numbers: Tensor | readonly number[]): string[];
  apply(x: NestedStrings | Tensor | readonly number[]): Tensor | string[] {
    return this.invert ? this.strings(x) : this.numbers(x);
  }

  private numbers(strings: unknown): Tensor {
    const [shape, list]: [number[], string[]] = [[], []];
    flatten(strings, 0, shape, list, this.where);
    const numbers = tensor(Int32Array.from(list, (token) => this.numberOf(token)), shape);
    return this.outputMode === "int" ? numbers : encoded(numbers, this.words.depth, this.outputMode, { weights: this.words.weights, hasMask: this.words.maskToken !== null });
  }

  private strings(numbers: unknown): string[] {
    const list: unknown = numbers instanceof Tensor ? [...cast(numbers, "int32").dataSync()] : numbers;
    if (!Array.isArray(list) || !list.every((number) => typeof number === "number")) {
      throw new ValueError(`${this.where}: expected numbers, as invert says, got ${JSON.stringify(list)}.`);
    }
    const all = this.words.all();
    return list.map((number: number) => all[number] ?? this.words.oovToken);
  }

  private numberOf(token: string): number {
    const { words } = this;
    const known = words.numberOf(token);
    if (known !== undefined) return known;
    if (words.numOovIndices === 0) throw new ValueError(`${this.where}: expected a token of the vocabulary, got ${JSON.stringify(token)}. Set numOovIndices to 1?`);
    return words.first - words.numOovIndices + (words.numOovIndices === 1 ? 0 : hash(token) % words.numOovIndices);
  }

  /** All options, the vocabulary included: enough for stringLookup() to make it again. */
  config(): Config {
    return { name: this.name, ...this.words.config(), invert: this.invert, outputMode: this.outputMode };
  }
}

/**
 * Strings as their numbers in a vocabulary: `stringLookup({ vocabulary: ["cat", "dog"] }).apply(["dog", "fish"])` is [2, 0]; with invert the way back.
 *
 * The vocabulary is an option, or found by adapt(strings), and kept in config(). oovToken: "[UNK]". Throws ValueError for a vocabulary with a token twice.
 */
export function stringLookup(options: StringLookupOptions = {}): StringLookup {
  return new StringLookup(options);
}
