// What layers that draw at random share: they do nothing but in training, and draw by the model's key or by one of their own.
import type { Shape } from "../../base/shape.js";
import { randomKeyVariable, withRandomKey, type Tensor, type Variable } from "../../engine/index.js";
import { Layer, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { checkWhole } from "../../base/options.js";

/** Options of layers that draw at random. */
export interface RandomLayerOptions extends LayerOptions {
  /** Draws by a key of its own, started from this whole number, instead of the model's. The key stands among the layer's weights, so that files hold it. */
  readonly seed?: number;
}

export abstract class RandomLayer extends Layer {
  /** How errors call the layer. */
  protected readonly where: string;
  private readonly seed: number | undefined;
  private key: Variable | undefined;

  protected constructor(defaultName: string, options: RandomLayerOptions, own: readonly string[]) {
    super(defaultName, options, [...own, "seed"]);
    this.where = `${defaultName} "${this.name}"`;
    this.seed = options.seed === undefined ? undefined : checkWhole(options.seed, `${this.where}: seed`, 0);
  }

  override outputShape(input: Shape, _from?: string): Shape {
    return input;
  }

  protected override createWeights(_input: Shape): void {
    if (this.seed !== undefined) this.key = randomKeyVariable(this.seed, `${this.name}/seed`);
  }

  override get weights(): readonly Variable[] {
    return this.key ? [...super.weights, this.key] : super.weights;
  }

  call(x: Tensor, options: CallOptions): Tensor {
    if (!options.training || !this.isActive()) return this.steady(x);
    return this.key ? withRandomKey(this.key, () => this.draw(x, options)) : this.draw(x, options);
  }

  /** Whether there is anything to draw. */
  protected isActive(): boolean {
    return true;
  }

  /** What becomes of x outside of training. */
  protected steady(x: Tensor): Tensor {
    return x;
  }

  /** What becomes of x in training. */
  protected abstract draw(x: Tensor, options: CallOptions): Tensor;

  protected seedConfig(): Config {
    return this.seed === undefined ? {} : { seed: this.seed };
  }
}
