// EinsumDense: a dense layer whose product an equation says, over any axes.
import { ShapeError, ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { einsum, type Tensor, type Variable } from "../../engine/index.js";
import { showBatch, type CallOptions, type Config } from "../layer.js";
import { KernelLayer, type KernelOptions } from "./kernelLayer.js";

/** Options of einsumDense(): the equation, the sizes it leaves open, and rules for the weights. */
export interface EinsumDenseOptions extends KernelOptions {
  /** "abc,cd->abd": labels of x (the batch first), of the kernel, of the result. "..." stands for axes that are left as they are. */
  readonly equation: string;
  /** Sizes of the result's labels, without the batch and "..."; null for those that follow from x. A number for one. */
  readonly outputShape: number | readonly (number | null)[];
  /** Labels of the axes along which the bias differs, "d"; no bias when left out. */
  readonly biasAxes?: string | null;
}

const SIDE = /^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/;

/** What einsumDense() makes. */
export class EinsumDense extends KernelLayer {
  override readonly type = "EinsumDense";
  readonly equation: string;
  readonly biasAxes: string;
  private readonly sizes: readonly (number | null)[];
  private readonly sides: readonly [x: string, kernel: string, y: string];
  private kernel!: Variable;

  constructor(options: EinsumDenseOptions) {
    const { equation, outputShape, biasAxes } = options;
    super("einsum_dense", { ...options, useBias: (biasAxes ?? "") !== "" }, ["equation", "outputShape", "biasAxes"]);
    const { where } = this;
    this.equation = String(equation).replaceAll(" ", "");
    const sides = this.equation.split(/,|->/);
    if (!/^[^,>]*,[^,>]*->[^,>]*$/.test(this.equation) || sides.length !== 3 || !sides.every((side) => SIDE.test(side))) {
      throw new ValueError(`${where}: equation: expected labels of x, kernel and result, as in "abc,cd->abd", got ${JSON.stringify(equation)}.`);
    }
    this.sides = sides as [string, string, string];
    this.sizes = typeof outputShape === "number" ? [outputShape] : outputShape.slice();
    this.biasAxes = biasAxes ?? "";
    const unknown = [...this.biasAxes].find((label) => !this.sides[2].includes(label));
    if (unknown !== undefined) throw new ValueError(`${where}: biasAxes: expected labels of the result, ${this.sides[2]}, got "${unknown}".`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.shapes(input, from).result;
  }

  protected override createWeights(input: Shape): void {
    const { kernel, bias } = this.shapes(input);
    this.kernel = this.addKernel(kernel);
    this.addBias(bias);
  }

  call(x: Tensor, options: CallOptions): Tensor {
    return this.activated(this.biased(einsum(this.equation, x, this.kernel)), options);
  }

  protected override ownConfig(): Config {
    const { useBias: _, ...config } = this.kernelConfig() as Config & { readonly useBias: boolean };
    return { equation: this.equation, outputShape: this.sizes, ...(this.biasAxes !== "" && { biasAxes: this.biasAxes }), ...config };
  }

  /** Shapes of the kernel, the bias (from its first axis on) and one result. Throws ShapeError when labels and sizes do not go together. */
  private shapes(input: Shape, from = "the input"): { readonly kernel: Shape; readonly bias: Shape; readonly result: Shape } {
    const [xSide, kernelSide, ySide] = this.sides;
    const dots = input.length + 1 - xSide.replace("...", "").length;
    const refuse = (why: string): ShapeError => new ShapeError(`layer "${this.name}" (${this.type}): "${this.equation}" ${why}; got ${showBatch(input)} from ${from}.`);
    if (dots < 0 || (dots > 0 && !xSide.includes("..."))) throw refuse(`takes ${xSide.replace("...", "").length} axes, the batch included`);
    const [x, y] = [labelsOf(xSide, dots), labelsOf(ySide, dots)];
    const batch = x[0]!;
    if (y[0] !== batch) throw refuse("has the batch, the first label of x, not first on the right");
    const known = new Map(x.slice(1).map((label, i) => [label, input[i]!]));
    const named = y.filter((label) => label !== batch && label.length === 1);
    if (named.length !== this.sizes.length) throw refuse(`needs ${named.length} sizes in outputShape, for ${named.join(", ")}, and has ${this.sizes.length}`);
    named.forEach((label, i) => {
      const [given, before] = [this.sizes[i]!, known.get(label)];
      if (given === null ? before === undefined : before !== undefined && before !== given) throw refuse(`has size ${given} for ${label} in outputShape, ${before ?? "none"} in x`);
      if (given !== null) known.set(label, given);
    });
    const sizeOfLabel = (label: string): number => {
      const size = known.get(label);
      if (size === undefined) throw refuse(`has the label ${label} neither in x nor in the result`);
      return size;
    };
    const firstBiased = Math.max(0, y.findIndex((label) => this.biasAxes.includes(label)));
    return {
      kernel: [...kernelSide].map(sizeOfLabel),
      bias: y.slice(firstBiased).map((label) => (this.biasAxes.includes(label) ? sizeOfLabel(label) : 1)),
      result: y.slice(1).map(sizeOfLabel),
    };
  }
}

/** "a...b" as labels, those of the dots being "…0", "…1", of more than one letter. */
function labelsOf(side: string, dots: number): string[] {
  const [before, after] = side.split("...");
  return [...before!, ...(after === undefined ? [] : [...Array.from({ length: dots }, (_, i) => `…${i}`), ...after])];
}

/**
 * activation(einsum(equation, x, kernel) + bias): einsumDense({ equation: "abc,cd->abd", outputShape: [null, 64], biasAxes: "d" }).
 *
 * The kernel has the shape that its labels say. Throws ShapeError, naming the layer and who gave it its input, when labels and sizes do not go together.
 */
export function einsumDense(options: EinsumDenseOptions): EinsumDense {
  return new EinsumDense(options);
}
