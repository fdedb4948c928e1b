// TextVectorization: texts as numbers of their words. Tensors hold no strings, so this runs beside the model, on the data it is fed.
import { ValueError } from "../../base/errors.js";
import { checkOptions, checkWhole, checkWord } from "../../base/options.js";
import { tensor, type Tensor } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { learn, type Batches } from "./adapting.js";
import { encoded, outputModeOf, type OutputMode } from "./encoding.js";
import { Vocabulary } from "./vocabulary.js";

// Those of ASCII, as in Keras.
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

const STANDARDS = {
  lowerAndStripPunctuation: (text: string): string => text.toLowerCase().replace(PUNCTUATION, ""),
  lower: (text: string): string => text.toLowerCase(),
  stripPunctuation: (text: string): string => text.replace(PUNCTUATION, ""),
};

const SPLITS = {
  whitespace: (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== ""),
  character: (text: string): readonly string[] => [...text],
};

const SPELLINGS: Readonly<Record<string, keyof typeof STANDARDS>> = { lower_and_strip_punctuation: "lowerAndStripPunctuation", strip_punctuation: "stripPunctuation" };
const OWN = ["maxTokens", "standardize", "split", "ngrams", "outputMode", "outputSequenceLength", "vocabulary", "idfWeights", "padToMaxTokens", "name"] as const;

/** Options of textVectorization(). */
export interface TextVectorizationOptions {
  /** How many numbers there are at most, those of padding and of unknown words included; default: no limit. */
  readonly maxTokens?: number | null;
  /** What is done to texts first: "lowerAndStripPunctuation" (default), "lower", "stripPunctuation", null for nothing, or a function. */
  readonly standardize?: keyof typeof STANDARDS | "lower_and_strip_punctuation" | "strip_punctuation" | null | ((text: string) => string);
  /** How they are cut: "whitespace" (default), "character", null for not at all, or a function. */
  readonly split?: keyof typeof SPLITS | null | ((text: string) => readonly string[]);
  /** Sequences of words that count as words too: 2 for pairs beside single words, [2] for pairs alone; default none. */
  readonly ngrams?: number | readonly number[] | null;
  /** Default "int". */
  readonly outputMode?: OutputMode;
  /** With "int" each text is cut off or filled up with 0 to this length; default: the longest of those given. */
  readonly outputSequenceLength?: number | null;
  /** Words that are known, each once. Default: by adapt(). */
  readonly vocabulary?: readonly string[];
  /** Weights of these words, for "tfIdf". */
  readonly idfWeights?: readonly number[];
  /** Whether encodings have maxTokens columns however many words are known; default false. */
  readonly padToMaxTokens?: boolean;
  /** Default "text_vectorization". */
  readonly name?: string;
}

/** What textVectorization() makes. */
export class TextVectorization {
  readonly type = "TextVectorization";
  readonly name: string;
  readonly outputMode: OutputMode;
  private readonly where: string;
  private readonly words: Vocabulary<string>;
  private readonly standardize: (text: string) => string;
  private readonly split: (text: string) => readonly string[];
  private readonly widths: readonly number[];
  private readonly length: number | undefined;

  constructor(private readonly options: TextVectorizationOptions = {}) {
    checkOptions(options, OWN, "textVectorization");
    this.name = options.name ?? "text_vectorization";
    const where = (this.where = `textVectorization "${this.name}"`);
    const { standardize = "lowerAndStripPunctuation", split = "whitespace", ngrams, outputSequenceLength } = options;
    this.outputMode = outputModeOf(options.outputMode ?? "int", where);
    this.standardize = chosen(SPELLINGS[String(standardize)] ?? standardize, STANDARDS, (text) => text, `${where}: standardize`);
    this.split = chosen(split, SPLITS, (text) => [text], `${where}: split`);
    const widths = typeof ngrams === "number" ? Array.from({ length: checkWhole(ngrams, `${where}: ngrams`) }, (_, i) => i + 1) : (ngrams ?? [1]);
    this.widths = widths.map((width) => checkWhole(width, `${where}: ngrams`));
    this.length = outputSequenceLength === undefined || outputSequenceLength === null ? undefined : checkWhole(outputSequenceLength, `${where}: outputSequenceLength`);
    if (this.length !== undefined && this.outputMode !== "int") throw new ValueError(`${where}: outputSequenceLength: expected it only with outputMode "int", got "${this.outputMode}".`);
    const { maxTokens = null, padToMaxTokens = false, vocabulary, idfWeights } = options;
    const given = { maxTokens, padToMaxTokens, maskToken: "", ...(vocabulary && { vocabulary }), ...(idfWeights && { idfWeights }) };
    this.words = new Vocabulary<string>(where, given, "[UNK]", (a, b) => (a < b ? 1 : a > b ? -1 : 0), this.outputMode);
  }

  /** All words by their numbers: with "int" padding first, then unknown words. Throws ValueError before there are any. */
  getVocabulary(): string[] {
    return this.words.all();
  }

  /** How many numbers there are. */
  vocabularySize(): number {
    return this.words.size;
  }

  /** Learns the words of texts, the most frequent first. data: a list, or a data set of batches, for which the result is a promise. Throws ValueError for no words. */
  adapt(data: readonly string[]): this;
  adapt(data: Batches<readonly string[]>): Promise<this>;
  adapt(data: readonly string[] | Batches<readonly string[]>): this | Promise<this> {
    const { add, finish } = this.words.learner();
    return learn<this, readonly string[]>(this, data, { add: (texts) => add(this.tokensOf(texts)), finish }, this.where);
  }

  /** Texts as numbers: int32 [texts, words], filled up with 0, or [texts, vocabularySize()] by outputMode. Throws ValueError for no list of strings, and for an empty one. */
  apply(texts: readonly string[]): Tensor {
    const { words } = this;
    const rows = this.tokensOf(texts);
    if (rows.length === 0) throw new ValueError(`${this.where}: expected texts, got none.`);
    const width = this.length ?? Math.max(1, ...rows.map(({ length }) => length));
    const numbers = new Int32Array(rows.length * width).fill(words.maskNumber);
    rows.forEach((tokens, i) => numbers.set(tokens.slice(0, width).map((token) => words.numberOf(token) ?? words.first - 1), i * width));
    const x = tensor(numbers, [rows.length, width]);
    return this.outputMode === "int" ? x : encoded(x, words.depth, this.outputMode, { weights: words.weights, hasMask: true });
  }

  private tokensOf(texts: readonly string[]): readonly (readonly string[])[] {
    if (!Array.isArray(texts)) throw new ValueError(`${this.where}: expected a list of strings, got ${JSON.stringify(texts)}.`);
    return texts.map((text: unknown) => {
      if (typeof text !== "string") throw new ValueError(`${this.where}: expected strings, got ${JSON.stringify(text)}.`);
      const tokens = this.split(this.standardize(text));
      return this.widths.flatMap((width) => tokens.slice(width - 1).map((_, i) => tokens.slice(i, i + width).join(" ")));
    });
  }

  /** All options, the vocabulary included: enough for textVectorization() to make it again. Throws ValueError where an option is a function. */
  config(): Config {
    const isFunction = OWN.find((name) => typeof this.options[name] === "function");
    if (isFunction) throw new ValueError(`${this.where}: ${isFunction}: a file holds no functions. Do that to the texts before apply().`);
    const { vocabulary, idfWeights } = this.words.config();
    return { ...this.options, name: this.name, ...(vocabulary && { vocabulary }), ...(idfWeights && { idfWeights }) };
  }
}

/** The function that an option names, or is; `nothing` for null. */
function chosen<R>(value: unknown, table: Readonly<Record<string, (text: string) => R>>, nothing: (text: string) => R, where: string): (text: string) => R {
  if (value === null) return nothing;
  if (typeof value === "function") return value as (text: string) => R;
  return table[checkWord(value, Object.keys(table), where)]!;
}

/**
 * Texts as the numbers of their words: `textVectorization({ vocabulary: ["a", "rose"] }).apply(["A rose.", "is"])` is [[2, 3], [1, 0]].
 *
 * 0 is padding and 1 stands for unknown words; other output modes leave padding out. The vocabulary is an option, or found by adapt(texts), and kept in config().
 */
export function textVectorization(options: TextVectorizationOptions = {}): TextVectorization {
  return new TextVectorization(options);
}
