// Symbolic tensors: what layers are applied to before there is any data. Each knows the layer that makes it and from what; a model is cut out of them.
import type { DType } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import type { Layer } from "./layer.js";

/** One use of a layer; a layer that is shared has several. */
export interface Application {
  /** Grows with every use, so what a use takes has smaller numbers. */
  readonly number: number;
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Whether this use trains, whatever the model around it does; as the model does, when left out. */
  readonly training?: boolean;
}

/** What layer.apply() takes beside symbolic tensors. */
export interface UseOptions {
  /** false: this use never drops elements or moves averages, not even while the model around it trains. */
  readonly training?: boolean;
}

/** A result of a layer, without values: its shape, without the batch axis, and its dtype. Made by input() and by layers that are applied to one. */
export class SymbolicTensor {
  constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    /** What makes it. */
    readonly maker: Application,
    /** Which of its maker's results it is. */
    readonly index: number,
  ) {}

  /** The layer that makes it, for errors: `layer "dense" (Dense)`. */
  get from(): string {
    const { name, type } = this.maker.layer;
    return `layer "${name}" (${type})`;
  }
}

let applications = 0;

/** Notes that a layer is used; shapes: of its results. */
export function applySymbolic(layer: Layer, inputs: readonly SymbolicTensor[], shapes: readonly Shape[], dtype: DType = "float32", training?: boolean): readonly SymbolicTensor[] {
  const outputs: SymbolicTensor[] = [];
  const maker: Application = { number: applications++, layer, inputs, outputs, ...(training !== undefined && { training }) };
  shapes.forEach((shape, index) => outputs.push(new SymbolicTensor(shape, dtype, maker, index)));
  return outputs;
}
