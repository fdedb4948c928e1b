// Embedding: a learned vector for each of so many whole numbers, such as the words of a vocabulary.
import type { Shape } from "../../base/shape.js";
import { gather, notEqual, type Tensor, type Variable } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkWhole } from "../../base/options.js";
import { wholeNumbers } from "./indices.js";
import { ruleConfig, ruleNames, weightRule, type WeightRule, type WeightRuleOptions } from "./weightRule.js";

/** Options of embedding(). */
export interface EmbeddingOptions extends Omit<LayerOptions, "inputDim">, WeightRuleOptions<"embeddings"> {
  /** How many numbers there are: inputs are 0 … inputDim − 1. */
  readonly inputDim: number;
  /** Size of the vectors. */
  readonly outputDim: number;
  /** Whether 0 stands for nothing, which layers behind leave out of account; default false. */
  readonly maskZero?: boolean;
  /** inputShape [inputLength], as TensorFlow.js names it. */
  readonly inputLength?: number;
}

/** What embedding() makes. */
export class Embedding extends Layer {
  override readonly type = "Embedding";
  readonly inputDim: number;
  readonly outputDim: number;
  readonly maskZero: boolean;
  private readonly rule: WeightRule;
  private embeddings!: Variable;

  constructor(options: EmbeddingOptions) {
    const { inputDim, inputLength, ...others } = options;
    super("embedding", inputLength === undefined ? others : { inputShape: [inputLength], ...others }, ["inputDim", "outputDim", "maskZero", ...ruleNames("embeddings")]);
    const where = `embedding "${this.name}"`;
    this.inputDim = checkWhole(inputDim, `${where}: inputDim`);
    this.outputDim = checkWhole(options.outputDim, `${where}: outputDim`);
    this.maskZero = options.maskZero ?? false;
    this.rule = weightRule("embeddings", options, "randomUniform", where);
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  override outputShape(input: Shape): Shape {
    return [...input, this.outputDim];
  }

  protected override createWeights(): void {
    this.embeddings = this.addWeight("embeddings", [this.inputDim, this.outputDim], this.rule.initializer, this.rule);
  }

  call(x: Tensor): Tensor {
    return gather(this.embeddings, wholeNumbers(x));
  }

  override computeMask(xs: readonly Tensor[]): Tensor | undefined {
    return this.maskZero ? notEqual(xs[0]!, 0) : undefined;
  }

  protected override ownConfig(): Config {
    const { inputDim, outputDim, maskZero } = this;
    return { inputDim, outputDim, maskZero, ...ruleConfig("embeddings", this.rule) };
  }
}

/**
 * The rows of a learned table [inputDim, outputDim] at whole numbers, as integers or floats: [batch, …] gives [batch, …, outputDim].
 *
 * embeddingsInitializer: "randomUniform"   A number that is not in 0 … inputDim − 1 is a ValueError with its place.
 */
export function embedding(options: EmbeddingOptions): Embedding {
  return new Embedding(options);
}
