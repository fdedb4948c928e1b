// Vocabularies: which number stands for which token. First the mask token, where there is one, then numbers for unknown tokens, then the tokens that are known.
import { ValueError } from "../../base/errors.js";
import { log } from "../../base/math.js";
import { checkWhole } from "../../base/options.js";
import type { Learner } from "./adapting.js";
import type { OutputMode } from "./encoding.js";

export interface VocabularyOptions<T> {
  /** Tokens that are known, each once. Default: by adapt(). */
  readonly vocabulary?: readonly T[];
  /** How many numbers there are at most, those of the mask token and of unknown tokens included; default: no limit. */
  readonly maxTokens?: number | null;
  /** How many numbers unknown tokens share; with 0 an unknown token is an error; default 1. */
  readonly numOovIndices?: number;
  /** The token that stands for nothing, number 0; output modes other than "int" leave it out. Default none. */
  readonly maskToken?: T | null;
  /** What unknown tokens are called on the way back. */
  readonly oovToken?: T;
  /** Weights of the tokens of `vocabulary` for output mode "tfIdf", which takes them or adapt(). */
  readonly idfWeights?: readonly number[];
  /** Whether encodings have maxTokens columns however many tokens are known, those without a token being 0; default false. */
  readonly padToMaxTokens?: boolean;
}

/** Names of the options of VocabularyOptions. */
export const VOCABULARY_OPTIONS = ["vocabulary", "maxTokens", "numOovIndices", "maskToken", "oovToken", "idfWeights", "padToMaxTokens"] as const satisfies readonly (keyof VocabularyOptions<unknown>)[];

export class Vocabulary<T extends string | number> {
  readonly maxTokens: number | null;
  readonly numOovIndices: number;
  readonly maskToken: T | null;
  private readonly isPadded: boolean;
  /** Whether options gave the tokens. */
  readonly isGiven: boolean;
  private known: readonly T[] | undefined;
  private numbers = new Map<T, number>();
  private idf: readonly number[] | undefined;

  /** where: a layer, for errors   compare: order of tokens that occur equally often   mode: what numbers become */
  constructor(
    private readonly where: string,
    options: VocabularyOptions<T>,
    readonly oovToken: T,
    private readonly compare: (a: T, b: T) => number,
    private readonly mode: OutputMode = "int",
  ) {
    this.maxTokens = options.maxTokens === undefined || options.maxTokens === null ? null : checkWhole(options.maxTokens, `${where}: maxTokens`, 2);
    this.numOovIndices = checkWhole(options.numOovIndices ?? 1, `${where}: numOovIndices`, 0);
    this.maskToken = options.maskToken ?? null;
    this.isGiven = options.vocabulary !== undefined;
    this.isPadded = options.padToMaxTokens ?? false;
    if (this.isPadded && this.maxTokens === null) throw new ValueError(`${where}: padToMaxTokens: expected maxTokens with it, got none.`);
    if (options.vocabulary) this.set(options.vocabulary);
    const { idfWeights } = options;
    if (this.isGiven && mode === "tfIdf") {
      if (idfWeights?.length !== this.tokens.length) throw new ValueError(`${where}: idfWeights: expected ${this.tokens.length} weights, one for each token, as outputMode "tfIdf" needs, got ${idfWeights?.length ?? "none"}. Leave vocabulary out and call adapt()?`);
      this.idf = idfWeights.slice();
    } else if (idfWeights !== undefined) throw new ValueError(`${where}: idfWeights: expected them only with vocabulary and outputMode "tfIdf".`);
  }

  /** The tokens that are known, in the order of their numbers. Throws ValueError before there are any. */
  get tokens(): readonly T[] {
    if (!this.known) throw this.unknownYet();
    return this.known;
  }

  private unknownYet(): ValueError {
    return new ValueError(`${this.where}: its vocabulary is not known yet. Call adapt(data) first, or give vocabulary.`);
  }

  /** Number of the first token that is known: how many stand before. */
  get first(): number {
    return (this.hasMask ? 1 : 0) + this.numOovIndices;
  }

  /** Whether the mask token has a number. */
  private get hasMask(): boolean {
    return this.maskToken !== null && this.mode === "int";
  }

  /** The number by which the mask token is known: 0, or behind all, where encoded() leaves it out. */
  get maskNumber(): number {
    return this.mode === "int" ? 0 : this.depth;
  }

  /** Weight of each number: unknown tokens have the mean of the others'. Undefined unless the output mode is "tfIdf". */
  get weights(): readonly number[] | undefined {
    const { idf } = this;
    if (!idf) return undefined;
    const unknown = new Array<number>(this.numOovIndices).fill(idf.reduce((sum, weight) => sum + weight, 0) / idf.length);
    return [...unknown, ...idf, ...new Array<number>(this.depth - this.size).fill(0)];
  }

  /** How many numbers there are. */
  get size(): number {
    return this.first + this.tokens.length;
  }

  /** Columns of encodings. */
  get depth(): number {
    return this.isPadded ? this.maxTokens! : this.size;
  }

  /** All tokens by their numbers: the mask token, unknown ones, those that are known. */
  all(): T[] {
    return [...(this.hasMask && this.maskToken !== null ? [this.maskToken] : []), ...new Array<T>(this.numOovIndices).fill(this.oovToken), ...this.tokens];
  }

  /** Throws ValueError for a token that stands twice, and for more than maxTokens. */
  set(vocabulary: readonly T[]): void {
    const { where } = this;
    if (!Array.isArray(vocabulary) || vocabulary.length === 0) throw new ValueError(`${where}: vocabulary: expected a list of tokens, got ${JSON.stringify(vocabulary)}.`);
    const numbers = new Map<T, number>();
    vocabulary.forEach((token, i) => {
      const before = numbers.get(token);
      if (before !== undefined) throw new ValueError(`${where}: vocabulary: expected each token once, ${JSON.stringify(token)} stands at ${before - this.first} and at ${i}.`);
      if (token === this.maskToken) throw new ValueError(`${where}: vocabulary: expected the mask token ${JSON.stringify(token)} not to be in it, it stands at ${i}.`);
      numbers.set(token, this.first + i);
    });
    if (this.maxTokens !== null && this.first + vocabulary.length > this.maxTokens) {
      throw new ValueError(`${where}: vocabulary: expected at most ${this.maxTokens - this.first} tokens, as maxTokens ${this.maxTokens} leaves, got ${vocabulary.length}.`);
    }
    this.known = vocabulary.slice();
    this.numbers = numbers;
  }

  /** Learns the tokens of examples, the most frequent first: a learner of batches of them. Throws ValueError where options gave them, and for no tokens but the mask token. */
  learner(): Learner<Iterable<Iterable<T>>> {
    if (this.isGiven) throw new ValueError(`${this.where}: adapt: the vocabulary was given as an option.`);
    const counts = new Map<T, number>();
    const examplesWith = new Map<T, number>();
    let examples = 0;
    const count = (into: Map<T, number>, tokens: Iterable<T>): void => {
      for (const token of tokens) if (token !== this.maskToken) into.set(token, (into.get(token) ?? 0) + 1);
    };
    const add = (batch: Iterable<Iterable<T>>): void => {
      for (const example of batch) {
        const tokens = [...example];
        examples++;
        count(counts, tokens);
        count(examplesWith, new Set(tokens));
      }
    };
    const finish = (): void => {
      if (counts.size === 0) throw new ValueError(`${this.where}: adapt: expected tokens, got none.`);
      const sorted = [...counts].sort(([a, m], [b, n]) => n - m || this.compare(a, b)).map(([token]) => token);
      const known = this.maxTokens === null ? sorted : sorted.slice(0, Math.max(1, this.maxTokens - this.first));
      this.set(known);
      if (this.mode === "tfIdf") this.idf = known.map((token) => log(1 + examples / (1 + examplesWith.get(token)!)));
    };
    return { add, finish };
  }

  /** Number of a token that is known, of the mask token, or undefined. Throws ValueError before there is a vocabulary. */
  numberOf(token: T): number | undefined {
    if (!this.known) throw this.unknownYet();
    return token === this.maskToken ? this.maskNumber : this.numbers.get(token);
  }

  /** Options that make it again. */
  config(): VocabularyOptions<T> {
    const { known: vocabulary, idf: idfWeights, maxTokens, numOovIndices, maskToken, oovToken, isPadded: padToMaxTokens } = this;
    return { ...(padToMaxTokens && { padToMaxTokens }), ...(vocabulary && { vocabulary }), ...(idfWeights && { idfWeights }), maxTokens, numOovIndices, maskToken, oovToken };
  }
}
