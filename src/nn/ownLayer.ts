// What a layer of one's own extends: all that it does not say follows from what it computes. The library's own layers say everything, so that pages without others do not load this.
import { ShapeError, ValueError } from "../base/errors.js";
import { checkOptions } from "../base/options.js";
import { showShape, type Shape } from "../base/shape.js";
import { zeros } from "../engine/create.js";
import { Tensor } from "../engine/index.js";
import { Layer as AnyLayer, LAYER_OPTIONS, showBatch, type Config, type LayerOptions } from "./layer.js";

/** Examples in what call() is tried on to learn its shapes: not 1, which would hide a batch axis that is lost or made up. */
const TRIED = 2;

/**
 * A layer of one's own:
 *
 *   class Scale extends Layer {
 *     createWeights(input) {
 *       this.factor = this.addWeight("factor", [input.at(-1)], "ones");
 *     }
 *     call(x) {
 *       return x.mul(this.factor);
 *     }
 *   }
 *
 * Its constructor, if it has one, takes an object of options and hands it on: constructor(options) { super(options); this.rate = options.rate; }. What follows from that need not
 * be said: outputShape, which call() is tried for; the name; the configuration in files. A layer that is made of layers extends Model instead, which stands wherever a layer does.
 */
export abstract class OwnLayer extends AnyLayer {
  /** Class name, written to files. That of the class, unless it says otherwise; minifiers change it. */
  readonly type: string = this.constructor.name || "Layer";
  readonly #given: LayerOptions;

  /** options: of this layer; those beside the ones that all layers have are kept for its configuration. */
  constructor(options?: LayerOptions);
  /** own: names of the options that the kind of layer has beside those of all; none are checked when left out. */
  constructor(defaultName: string, options?: LayerOptions, own?: readonly string[]);
  constructor(nameOrOptions: string | LayerOptions = {}, rest: LayerOptions = {}, own?: readonly string[]) {
    const [defaultName, options] = typeof nameOrOptions === "string" ? [nameOrOptions, rest] : [snakeCase(new.target.name || "layer"), nameOrOptions];
    checkOptions(options, [...(own ?? Object.keys(options ?? {})), ...LAYER_OPTIONS], `layer "${defaultName}"`);
    super(defaultName, options);
    this.#given = options;
  }

  /** Every layer is one of these, whoever wrote it. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === OwnLayer ? value instanceof AnyLayer : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** Shape of one result for an input of this shape. Where the layer does not say it, call() is tried on a placeholder. Throws ShapeError when it cannot take it. */
  override outputShape(input: Shape, from?: string): Shape {
    return this.#triedShapes([input], from === undefined ? [] : [from])[0]!;
  }

  override outputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    return this.outputShape === OwnLayer.prototype.outputShape ? this.#triedShapes(inputs, from) : super.outputShapes(inputs, from);
  }

  /**
   * Options that make an equal layer, without name and input shape. Where the layer does not say them, they are those that its constructor handed to super().
   *
   * Throws ValueError when no equal layer can be made of those.
   */
  protected override ownConfig(): Config {
    const config = Object.fromEntries(Object.entries(this.#given).filter(([key]) => !(LAYER_OPTIONS as readonly string[]).includes(key)));
    this.#checkMadeAgain(config);
    return config;
  }

  protected override createWeightsFor(inputs: readonly Shape[]): void {
    const inside = Object.values(this).flat().find((value) => value instanceof AnyLayer && !this.leaves.includes(value));
    if (inside instanceof AnyLayer && this.leaves.includes(this)) {
      throw new ValueError(`layer "${this.name}" (${this.type}): layer "${inside.name}" in its properties would not be trained or saved. Let the class extend Model instead of Layer: a model stands wherever a layer does.`);
    }
    // A class that overrides build() instead, as Keras' do, makes its weights there.
    if (this.build === AnyLayer.prototype.build) super.createWeightsFor(inputs);
    else this.build(inputs[0]!);
  }

  /** Shapes of what call() gives for placeholders. */
  #triedShapes(inputs: readonly Shape[], from: readonly string[]): readonly Shape[] {
    this.makeBlankWeights(inputs);
    const place = `layer "${this.name}" (${this.type})`;
    let results: readonly Tensor[];
    try {
      results = this.callAll(inputs.map((shape) => zeros([TRIED, ...shape])), {});
    } catch (cause) {
      if (!(cause instanceof ShapeError) || cause.message.startsWith(place)) throw cause;
      throw new ShapeError(`${place}: call() cannot take ${inputs.map(showBatch).join(" and ")} from ${from[0] ?? "the input"}: ${cause.message}`, { cause });
    }
    return results.map((result) => {
      if (!(result instanceof Tensor)) throw new ValueError(`${place}: expected call() to give a tensor, got ${String(result)}.`);
      if (result.shape[0] !== TRIED) throw new ShapeError(`${place}: expected call() to keep the batch axis: for ${TRIED} examples it gives ${showShape(result.shape)}.`);
      return result.shape.slice(1);
    });
  }

  /** Throws ValueError unless the class makes an equal layer of this configuration; what is compared are the numbers, texts and lists in its properties. */
  #checkMadeAgain(own: Config): void {
    const config = { ...own, name: this.name, trainable: this.trainable };
    const cure = "Hand the options on, constructor(options) { super(options); … }, or define ownConfig() to return those that make it again.";
    let again: AnyLayer;
    try {
      again = new (this.constructor as new (config: Config) => AnyLayer)(JSON.parse(JSON.stringify(config)) as Config);
    } catch (cause) {
      throw new ValueError(`layer "${this.name}" (${this.type}): its class cannot make it again from ${JSON.stringify(config)}: ${(cause as Error).message} ${cure}`, { cause });
    }
    const plain = (layer: AnyLayer): Config => ({ ...layer, name: layer.name, trainable: layer.trainable, named: true });
    const [here, there] = [plain(this), plain(again)];
    const lost = Object.keys(here).find((key) => isPlain(here[key]) && key !== "inputShape" && JSON.stringify(here[key]) !== JSON.stringify(there[key]));
    if (lost === undefined) return;
    throw new ValueError(`layer "${this.name}" (${this.type}): made again from ${JSON.stringify(config)} its ${lost} is ${JSON.stringify(there[lost])} instead of ${JSON.stringify(here[lost])}. ${cure}`);
  }
}

/** Any layer; as a class, what one's own extend. */
export type Layer = AnyLayer;
export const Layer: typeof OwnLayer = OwnLayer;

/** "MyScale" as "my_scale". */
function snakeCase(type: string): string {
  return type.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** Whether a value says something that a file can hold. */
function isPlain(value: unknown): boolean {
  return ["number", "string", "boolean"].includes(typeof value) || (Array.isArray(value) && value.every(isPlain));
}
