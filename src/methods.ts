// import "edgegrad/methods": every function that takes a tensor first becomes a method of tensors, x.abs().max(). Pages that want only what they use call the functions.
import * as activations from "./engine/activations.js";
import * as aliases from "./engine/aliases.js";
import * as complex from "./engine/complex.js";
import * as convolutions from "./engine/convolutions.js";
import * as elementwise from "./engine/elementwise.js";
import * as familiar from "./engine/familiar.js";
import * as functions from "./engine/functions.js";
import * as indexing from "./engine/indexing.js";
import * as normalization from "./engine/normalization.js";
import * as pooling from "./engine/pooling.js";
import * as reductions from "./engine/reductions.js";
import * as shapes from "./engine/shapes.js";
import * as statistics from "./engine/statistics.js";
import { Tensor, type TensorLike } from "./engine/tensor.js";

const FUNCTIONS = { ...activations, ...aliases, ...complex, ...convolutions, ...elementwise, ...familiar, ...functions, ...indexing, ...normalization, ...pooling, ...reductions, ...shapes, ...statistics };

/** What takes a list, makes tensors of something else, or reads better turned round: functions only, or below. */
type NoMethod = "concat" | "constant" | "fill" | "images" | "lift" | "lift2" | "meshgrid" | "range" | "stack" | "where";
const NO_METHOD: Readonly<Record<NoMethod, true>> = { concat: true, constant: true, fill: true, images: true, lift: true, lift2: true, meshgrid: true, range: true, stack: true, where: true };

const TURNED_ROUND = {
  /** This tensor and others, one after the other along an axis, the first when absent. */
  concat(this: Tensor, others: Tensor | readonly TensorLike[], axis = 0): Tensor {
    return functions.concat([this, ...listOf(others)], axis);
  },
  /** This tensor and others, side by side along a new axis, the first when absent. */
  stack(this: Tensor, others: Tensor | readonly TensorLike[], axis = 0): Tensor {
    return functions.stack([this, ...listOf(others)], axis);
  },
  /** This tensor where the condition holds, the other elsewhere; shapes broadcast. */
  where(this: Tensor, condition: TensorLike, otherwise: TensorLike): Tensor {
    return functions.where(condition, this, otherwise);
  },
};

function listOf(others: Tensor | readonly TensorLike[]): readonly TensorLike[] {
  return others instanceof Tensor ? [others] : others;
}

/** What tensors have by themselves. */
type Own =
  | "add" | "argMax" | "cast" | "div" | "exp" | "log" | "matmul" | "max" | "mean" | "min" | "mul" | "neg" | "pow" | "relu" | "reshape" | "sigmoid" | "slice" | "sqrt"
  | "square" | "sub" | "sum" | "tanh" | "transpose"; // prettier-ignore

type Functions = Omit<typeof FUNCTIONS, NoMethod | Own>;

/** The functions, called on their first argument. */
type Chained = { [K in keyof Functions]: Functions[K] extends (x: infer _, ...rest: infer R) => infer Y ? (...rest: R) => Y : never };

type TurnedRound = { [K in keyof typeof TURNED_ROUND]: OmitThisParameter<(typeof TURNED_ROUND)[K]> };

/** What `import "edgegrad/methods"` adds to tensors. */
export interface TensorMethods extends Chained, TurnedRound {}

declare module "./engine/tensor.js" {
  interface Tensor extends TensorMethods {}
}

function define(name: string, method: (this: Tensor, ...rest: readonly unknown[]) => unknown): void {
  if (!(name in Tensor.prototype)) Object.defineProperty(Tensor.prototype, name, { value: method, configurable: true, writable: true });
}

for (const [name, fn] of Object.entries(FUNCTIONS)) {
  if (name in NO_METHOD) continue;
  define(name, function (...rest): unknown {
    return Reflect.apply(fn, undefined, [this, ...rest]);
  });
}
for (const [name, fn] of Object.entries(TURNED_ROUND)) {
  define(name, function (...rest): unknown {
    return Reflect.apply(fn, this, rest);
  });
}
