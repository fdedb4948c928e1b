// Regularizers: penalties on the size of weights, added to the loss. Each is a function of a weight, with its name and options: enough to make it again.
import { ValueError } from "../base/errors.js";
import { abs, matmul, mul, reshape, square, sub, sum, transpose, type Tensor } from "../engine/index.js";
import { eye } from "../engine/create.js";
import { lookUp, type NameIn } from "../base/names.js";
import { checkNumber, checkOptions, checkWord } from "../base/options.js";

/** Options of a regularizer, as files hold them. */
export interface RegularizerConfig {
  readonly [option: string]: number | string;
}

/** A penalty on weights: a function of a weight, and its name and options. */
export interface Regularizer {
  readonly name: string;
  readonly config: RegularizerConfig;
  /** The penalty on a weight, a scalar. */
  readonly call: (weight: Tensor) => Tensor;
}

/** "l1", "l2", "l1l2", "orthogonal". */
export type RegularizerName = NameIn<typeof REGULARIZERS>;

/** A name ("l2"), a regularizer, or one as a file holds it. */
export type RegularizerLike = RegularizerName | Regularizer | { readonly name: RegularizerName; readonly config?: RegularizerConfig };

/** l1 · Σ|w|; default 0.01. Options as an object or a number. */
export function l1(options: number | { readonly l1?: number } = {}): Regularizer {
  const { l1: factor = 0.01 } = typeof options === "number" ? { l1: options } : checkOptions(options, ["l1"], "l1 regularizer");
  return { name: "l1", config: { l1: checkNumber(factor, "l1 regularizer: l1", 0) }, call: (weight) => mul(factor, sum(abs(weight))) };
}

/** l2 · Σw²; default 0.01. Options as an object or a number. */
export function l2(options: number | { readonly l2?: number } = {}): Regularizer {
  const { l2: factor = 0.01 } = typeof options === "number" ? { l2: options } : checkOptions(options, ["l2"], "l2 regularizer");
  return { name: "l2", config: { l2: checkNumber(factor, "l2 regularizer: l2", 0) }, call: (weight) => mul(factor, sum(square(weight))) };
}

/** l1 · Σ|w| + l2 · Σw²; one that is left out is 0, as in Keras 3; without either both are 0.01, as in TensorFlow.js. */
export function l1l2(options: { readonly l1?: number; readonly l2?: number } = {}): Regularizer {
  checkOptions(options, ["l1", "l2"], "l1l2 regularizer");
  const left = options.l1 === undefined && options.l2 === undefined ? 0.01 : 0;
  const { l1: first = left, l2: second = left } = options;
  const [lasso, ridge] = [l1(first), l2(second)];
  return { name: "l1l2", config: { l1: first, l2: second }, call: (weight) => lasso.call(weight).add(ridge.call(weight)) };
}

/**
 * factor · the sum of |cosine| over all pairs of rows (or columns) of a matrix, each pair once.   As Keras' OrthogonalRegularizer
 *
 * factor: default 0.01   mode: "rows" (default) or "columns"   Throws ValueError for a weight that is no matrix.
 */
export function orthogonal(options: { readonly factor?: number; readonly mode?: "rows" | "columns" } = {}): Regularizer {
  const { factor = 0.01, mode = "rows" } = checkOptions(options, ["factor", "mode"], "orthogonal regularizer");
  checkNumber(factor, "orthogonal regularizer: factor", 0);
  checkWord(mode, ["rows", "columns"] as const, "orthogonal regularizer: mode");
  const call = (weight: Tensor): Tensor => {
    if (weight.shape.length !== 2) throw new ValueError(`orthogonal regularizer: expected a matrix, got shape [${weight.shape.join(", ")}].`);
    const rows = mode === "rows" ? weight : transpose(weight);
    const count = rows.shape[0]!;
    const lengths = sum(square(rows), { axes: [1] }).sqrt();
    const products = matmul(rows, transpose(rows));
    const cosines = products.div(mul(reshape(lengths, [count, 1]), lengths));
    return mul(factor / 2, sum(abs(mul(cosines, sub(1, eye(count))))));
  };
  return { name: "orthogonal", config: { factor, mode }, call };
}

type MakeRegularizer = (config: RegularizerConfig) => Regularizer;

const REGULARIZERS = { l1, l2, l1l2, orthogonal } satisfies Readonly<Record<string, MakeRegularizer>>;

/** The regularizer that a name, a configuration or a regularizer means; none for none. Throws ValueError on an unknown name. */
export function getRegularizer(like: RegularizerLike | null | undefined, where = "regularizer"): Regularizer | undefined {
  if (like === undefined || like === null) return undefined;
  if (typeof like === "string") return lookUp<MakeRegularizer>(REGULARIZERS, like, where)({});
  if (typeof like !== "object") throw new ValueError(`${where}: expected a name or a regularizer, got ${String(like)}.`);
  return "call" in like ? like : lookUp<MakeRegularizer>(REGULARIZERS, like.name, where)(like.config ?? {});
}
