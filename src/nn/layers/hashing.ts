// Hashing: strings or whole numbers as one of so many numbers, without a vocabulary. Tensors hold no strings, so this runs beside the model, on the data it is fed.
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { Tensor, tensor } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { encoded, outputModeOf, PLAIN_MODES, type PlainMode } from "./encoding.js";
import { flatten, hash, type NestedStrings } from "./strings.js";

/** Options of hashing(). */
export interface HashingOptions {
  /** How many numbers there are, that of the mask included. */
  readonly numBins: number;
  /** The token that has number 0 for itself; default none. */
  readonly maskValue?: string | number | null;
  /** Another number spreads tokens in another way; default 0. */
  readonly salt?: number;
  /** Default "int". */
  readonly outputMode?: PlainMode;
  /** Default "hashing". */
  readonly name?: string;
}

/** What hashing() makes. */
export class Hashing {
  readonly type = "Hashing";
  readonly name: string;
  readonly numBins: number;
  readonly maskValue: string | number | null;
  readonly salt: number;
  readonly outputMode: PlainMode;
  private readonly where: string;

  constructor(options: HashingOptions) {
    checkOptions(options, ["numBins", "maskValue", "salt", "outputMode", "name"], "hashing");
    this.name = options.name ?? "hashing";
    this.where = `hashing "${this.name}"`;
    this.maskValue = options.maskValue ?? null;
    this.numBins = checkWhole(options.numBins, `${this.where}: numBins`, this.maskValue === null ? 1 : 2);
    this.salt = checkNumber(options.salt ?? 0, `${this.where}: salt`);
    this.outputMode = outputModeOf(options.outputMode ?? "int", this.where, PLAIN_MODES);
  }

  /** Numbers of strings in nested arrays, or of the elements of a tensor, int32 in their shape, or by outputMode. Throws ValueError for arrays of unequal length. */
  apply(x: NestedStrings | Tensor): Tensor {
    const [shape, tokens]: [number[], (string | number)[]] = [[], []];
    if (x instanceof Tensor) {
      shape.push(...x.shape);
      tokens.push(...x.dataSync());
    } else flatten(x, 0, shape, tokens as string[], this.where);
    const numbers = tensor(Int32Array.from(tokens, (token) => this.numberOf(token)), shape);
    return this.outputMode === "int" ? numbers : encoded(numbers, this.numBins, this.outputMode);
  }

  private numberOf(token: string | number): number {
    if (token === this.maskValue) return 0;
    const first = this.maskValue === null ? 0 : 1;
    return first + (hash(this.salt === 0 ? String(token) : `${this.salt}:${token}`) % (this.numBins - first));
  }

  /** All options: enough for hashing() to make it again. */
  config(): Config {
    const { name, numBins, maskValue, salt, outputMode } = this;
    return { name, numBins, maskValue, salt, outputMode };
  }
}

/**
 * Strings or whole numbers as numbers 0 … numBins − 1 by a hash, FNV-1a, always the same; different tokens may meet. Other numbers than Keras' SipHash gives.
 *
 * `hashing({ numBins: 3 }).apply(["A", "B", "A"])` is an int32 tensor [3]. Throws ValueError for fewer than one bin.
 */
export function hashing(options: HashingOptions): Hashing {
  return new Hashing(options);
}
