// Where graphs of layers begin.
import { DTYPES, type DType } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import type { Tensor } from "../engine/index.js";
import { Layer, type Config } from "./layer.js";
import { checkOptions, checkWhole, checkWord } from "../base/options.js";
import { applySymbolic, type SymbolicTensor } from "./symbolic.js";

/** Options of input(). */
export interface InputOptions {
  /** Shape of one example, without the batch axis: [784], [28, 28, 1]; [] for one number each. */
  readonly shape: Shape;
  /** What its elements are; default "float32". */
  readonly dtype?: DType;
  readonly name?: string;
}

/** Where a functional model begins. */
export class InputLayer extends Layer {
  override readonly type = "InputLayer";

  constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    name?: string,
  ) {
    super("input", name === undefined ? {} : { name });
  }

  override outputShape(): Shape {
    return this.shape;
  }

  call(x: Tensor): Tensor {
    return x;
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  protected override ownConfig(): Config {
    return { shape: this.shape, dtype: this.dtype };
  }
}

/** A symbolic tensor that layers can be applied to. Throws ValueError for a batch axis, sizes that are no whole numbers, or an unknown dtype. */
export function input(options: InputOptions): SymbolicTensor {
  if (typeof options === "object" && options !== null && "batchShape" in options) throw new ValueError("input: batchShape: the batch axis is left open. Give shape, without it.");
  const { shape, dtype = "float32", name } = checkOptions(options, ["shape", "dtype", "name"], "input");
  if (!Array.isArray(shape)) throw new ValueError(`input: shape: expected a list of sizes, [784] or [28, 28, 1], got ${JSON.stringify(shape)}.`);
  for (const size of shape as readonly unknown[]) checkWhole(size, "input: shape");
  checkWord(dtype, DTYPES, "input: dtype");
  return applySymbolic(new InputLayer(shape as Shape, dtype, name), [], [(shape as Shape).slice()], dtype)[0]!;
}
