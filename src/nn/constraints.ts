// Constraints: what weights are brought back to after every step. Each is a function of a weight, with its name and options: enough to make it again.
import { ValueError } from "../base/errors.js";
import { add, clip, div, minimum, mul, relu, square, sum, type Tensor } from "../engine/index.js";
import { lookUp, type NameIn } from "../base/names.js";
import { checkNumber, checkOptions } from "../base/options.js";

/** Options of a constraint, as files hold them. */
export interface ConstraintConfig {
  readonly [option: string]: number | readonly number[];
}

/** A rule that weights are brought back to after every step: a function of a weight, and its name and options. */
export interface Constraint {
  readonly name: string;
  readonly config: ConstraintConfig;
  /** The weight as it has to be, of the same shape. */
  readonly call: (weight: Tensor) => Tensor;
}

/** "maxNorm", "unitNorm", "nonNeg", "minMaxNorm". */
export type ConstraintName = NameIn<typeof CONSTRAINTS>;

/** A name ("maxNorm"), a constraint, or one as a file holds it. */
export type ConstraintLike = ConstraintName | Constraint | { readonly name: ConstraintName; readonly config?: ConstraintConfig };

/** The option of what works along axes. */
export interface AxisOption {
  /** Axes a norm is taken over; default 0, the inputs of each unit of a dense kernel. [0, 1, 2] for the kernel of an image convolution. */
  readonly axis?: number | readonly number[];
}

/** As Keras: keeps a division by a norm finite. */
const EPSILON = 1e-7;

/** Norms of at most maxValue (default 2); longer ones are shortened. */
export function maxNorm(options: number | ({ readonly maxValue?: number } & AxisOption) = {}): Constraint {
  const { maxValue = 2, axis = 0 } = typeof options === "number" ? { maxValue: options } : checkOptions(options, ["maxValue", "axis"], "maxNorm");
  checkNumber(maxValue, "maxNorm: maxValue", 0);
  const call = (weight: Tensor): Tensor => {
    const lengths = norms(weight, axis);
    return mul(weight, div(minimum(lengths, maxValue), add(lengths, EPSILON)));
  };
  return { name: "maxNorm", config: { maxValue, axis }, call };
}

/** Norms of 1. */
export function unitNorm(options: AxisOption = {}): Constraint {
  const { axis = 0 } = checkOptions(options, ["axis"], "unitNorm");
  return { name: "unitNorm", config: { axis }, call: (weight) => div(weight, add(norms(weight, axis), EPSILON)) };
}

/** No negative elements: they become 0. */
export function nonNeg(): Constraint {
  return { name: "nonNeg", config: {}, call: (weight) => relu(weight) };
}

/** Norms between minValue (default 0) and maxValue (default 1); rate (default 1): how much of the way there is gone at each step. */
export function minMaxNorm(options: { readonly minValue?: number; readonly maxValue?: number; readonly rate?: number } & AxisOption = {}): Constraint {
  const { minValue = 0, maxValue = 1, rate = 1, axis = 0 } = checkOptions(options, ["minValue", "maxValue", "rate", "axis"], "minMaxNorm");
  checkNumber(minValue, "minMaxNorm: minValue", 0);
  checkNumber(maxValue, "minMaxNorm: maxValue", minValue);
  checkNumber(rate, "minMaxNorm: rate", 0, 1);
  const call = (weight: Tensor): Tensor => {
    const lengths = norms(weight, axis);
    const wanted = add(mul(rate, clip(lengths, minValue, maxValue)), mul(1 - rate, lengths));
    return mul(weight, div(wanted, add(lengths, EPSILON)));
  };
  return { name: "minMaxNorm", config: { minValue, maxValue, rate, axis }, call };
}

type MakeConstraint = (config: ConstraintConfig) => Constraint;

const CONSTRAINTS = { maxNorm, unitNorm, nonNeg, minMaxNorm } satisfies Readonly<Record<string, MakeConstraint>>;

/** The constraint that a name, a configuration or a constraint means; none for none. Throws ValueError on an unknown name. */
export function getConstraint(like: ConstraintLike | null | undefined, where = "constraint"): Constraint | undefined {
  if (like === undefined || like === null) return undefined;
  if (typeof like === "string") return lookUp<MakeConstraint>(CONSTRAINTS, like, where)({});
  if (typeof like !== "object") throw new ValueError(`${where}: expected a name or a constraint, got ${String(like)}.`);
  return "call" in like ? like : lookUp<MakeConstraint>(CONSTRAINTS, like.name, where)(like.config ?? {});
}

function norms(weight: Tensor, axis: number | readonly number[]): Tensor {
  return sum(square(weight), { axes: typeof axis === "number" ? [axis] : axis, keepDims: true }).sqrt();
}
