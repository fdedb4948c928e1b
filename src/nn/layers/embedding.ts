// Embedding: a learned vector for each of so many whole numbers, such as the words of a vocabulary.
import { ShapeError } from "../../base/errors.js";
import { sameShape, showShape, type Shape } from "../../base/shape.js";
import type { Initializer } from "../initializers.js";
import { gather, notEqual, Tensor, tensor, type TensorLike, type Variable } from "../../engine/index.js";
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
  /** The table to begin with, [inputDim, outputDim], such as word vectors; instead of an initializer. trainable: false keeps it. */
  readonly weights?: TensorLike;
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
  private readonly given: Initializer | undefined;
  private embeddings!: Variable;

  constructor(options: EmbeddingOptions) {
    const { inputDim, inputLength, ...others } = options;
    super("embedding", inputLength === undefined ? others : { inputShape: [inputLength], ...others }, ["inputDim", "outputDim", "maskZero", "weights", ...ruleNames("embeddings")]);
    const where = `embedding "${this.name}"`;
    this.inputDim = checkWhole(inputDim, `${where}: inputDim`);
    this.outputDim = checkWhole(options.outputDim, `${where}: outputDim`);
    this.maskZero = options.maskZero ?? false;
    this.rule = weightRule("embeddings", options, "randomUniform", where);
    this.given = options.weights === undefined ? undefined : tableOf(options.weights, [this.inputDim, this.outputDim], `${where}: weights`);
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  override outputShape(input: Shape): Shape {
    return [...input, this.outputDim];
  }

  protected override createWeights(): void {
    this.embeddings = this.addWeight("embeddings", [this.inputDim, this.outputDim], this.given ?? this.rule.initializer, this.rule);
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

/** Starting values that are known. Configurations leave them out: what becomes of them stands among the weights. */
function tableOf(given: TensorLike, expected: Shape, where: string): Initializer {
  const table = given instanceof Tensor ? given : tensor(given, undefined, "float32");
  if (!sameShape(table.shape, expected)) throw new ShapeError(`${where}: expected a table ${showShape(expected)}, got ${showShape(table.shape)}.`);
  const values = Float32Array.from(table.dataSync());
  return { name: "given", config: {}, values: () => values };
}

/**
 * The rows of a learned table [inputDim, outputDim] at whole numbers, as integers or floats: [batch, …] gives [batch, …, outputDim].
 *
 * embeddingsInitializer: "uniform", within ±0.05   A number that is not in 0 … inputDim − 1 is a ValueError with its place.
 */
export function embedding(options: EmbeddingOptions): Embedding {
  return new Embedding(options);
}
