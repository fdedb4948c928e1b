// Vocabularies: which number stands for which token. First the mask token, where there is one, then numbers for unknown tokens, then the tokens that are known.
import { ValueError } from "../../base/errors.js";
import { checkWhole } from "../../base/options.js";

export interface VocabularyOptions<T> {
  /** Tokens that are known, each once. Default: by adapt(). */
  readonly vocabulary?: readonly T[];
  /** How many numbers there are at most, those of the mask token and of unknown tokens included; default: no limit. */
  readonly maxTokens?: number | null;
  /** How many numbers unknown tokens share; with 0 an unknown token is an error; default 1. */
  readonly numOovIndices?: number;
  /** The token that stands for nothing, number 0; default none. */
  readonly maskToken?: T | null;
  /** What unknown tokens are called on the way back. */
  readonly oovToken?: T;
}

/** Names of the options of VocabularyOptions. */
export const VOCABULARY_OPTIONS = ["vocabulary", "maxTokens", "numOovIndices", "maskToken", "oovToken"] as const satisfies readonly (keyof VocabularyOptions<unknown>)[];

export class Vocabulary<T extends string | number> {
  readonly maxTokens: number | null;
  readonly numOovIndices: number;
  readonly maskToken: T | null;
  /** Whether options gave the tokens. */
  readonly isGiven: boolean;
  private known: readonly T[] | undefined;
  private numbers = new Map<T, number>();

  /** where: a layer, for errors   compare: order of tokens that occur equally often */
  constructor(private readonly where: string, options: VocabularyOptions<T>, readonly oovToken: T, private readonly compare: (a: T, b: T) => number) {
    this.maxTokens = options.maxTokens === undefined || options.maxTokens === null ? null : checkWhole(options.maxTokens, `${where}: maxTokens`, 2);
    this.numOovIndices = checkWhole(options.numOovIndices ?? 1, `${where}: numOovIndices`, 0);
    this.maskToken = options.maskToken ?? null;
    this.isGiven = options.vocabulary !== undefined;
    if (options.vocabulary) this.set(options.vocabulary);
  }

  /** The tokens that are known, in the order of their numbers. Throws ValueError before there are any. */
  get tokens(): readonly T[] {
    if (!this.known) throw new ValueError(`${this.where}: its vocabulary is not known yet. Call adapt(data) first, or give vocabulary.`);
    return this.known;
  }

  /** Number of the first token that is known: how many stand before. */
  get first(): number {
    return (this.maskToken === null ? 0 : 1) + this.numOovIndices;
  }

  /** How many numbers there are. */
  get size(): number {
    return this.first + this.tokens.length;
  }

  /** All tokens by their numbers: the mask token, unknown ones, those that are known. */
  all(): T[] {
    return [...(this.maskToken === null ? [] : [this.maskToken]), ...new Array<T>(this.numOovIndices).fill(this.oovToken), ...this.tokens];
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

  /** Learns the tokens of a list, the most frequent first. Throws ValueError where options gave them, and for a list with no tokens but the mask token. */
  adapt(tokens: Iterable<T>): void {
    if (this.isGiven) throw new ValueError(`${this.where}: adapt: the vocabulary was given as an option.`);
    const counts = new Map<T, number>();
    for (const token of tokens) if (token !== this.maskToken) counts.set(token, (counts.get(token) ?? 0) + 1);
    if (counts.size === 0) throw new ValueError(`${this.where}: adapt: expected tokens, got none.`);
    const sorted = [...counts].sort(([a, m], [b, n]) => n - m || this.compare(a, b)).map(([token]) => token);
    this.set(this.maxTokens === null ? sorted : sorted.slice(0, Math.max(1, this.maxTokens - this.first)));
  }

  /** Number of a token that is known, of the mask token, or undefined. */
  numberOf(token: T): number | undefined {
    return token === this.maskToken ? 0 : this.numbers.get(token);
  }

  /** Options that make it again. */
  config(): VocabularyOptions<T> {
    const { known: vocabulary, maxTokens, numOovIndices, maskToken, oovToken } = this;
    return { ...(vocabulary && { vocabulary }), maxTokens, numOovIndices, maskToken, oovToken };
  }
}
