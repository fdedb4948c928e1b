// Models from their configurations: what getConfig() wrote, made again. Layers are looked up by their class names, those of the user in a table of his own.
import { FormatError } from "../base/errors.js";
import type { DType } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import { Functional, input } from "./functional.js";
import type { Config, Layer } from "./layer.js";
import { layerFromConfig } from "./layers/fromConfig.js";
import type { Model } from "./model.js";
import { Sequential } from "./sequential.js";
import type { SymbolicTensor } from "./symbolic.js";

/** Layers of one's own by the class names that their `type` gives: { Scale: (config) => new Scale(config) }. */
export type CustomObjects = Readonly<Record<string, (config: never) => Layer>>;

/** [layer's name, which use of it, which of its results] */
type Place = readonly [layer: string, use: number, result: number];

interface StoredLayer {
  readonly className: string;
  readonly name?: string;
  readonly config: Config;
  /** What each use of the layer takes, in functional models. */
  readonly uses?: readonly (readonly Place[])[];
}

/** A model as getConfig() describes it, with its class. */
export interface StoredModel {
  readonly className: string;
  readonly name: string;
  readonly seed: number;
  readonly layers: readonly StoredLayer[];
  /** Of a sequential model that is built. */
  readonly inputShape?: Shape;
  /** Of a functional model. */
  readonly inputs?: readonly Place[];
  readonly outputs?: readonly Place[];
}

/**
 * The model that toJSON() describes, untrained, its weights drawn from its seed.
 *
 * custom: makers of layers of one's own, by class name   Throws FormatError for what describes no model, ValueError for unknown layers or options.
 */
export function modelFromJSON(json: string, custom: CustomObjects = {}): Model {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new FormatError(`modelFromJSON: expected JSON, got ${JSON.stringify(String(json).slice(0, 40))}.`);
  }
  const { className, config } = (value ?? {}) as { readonly className?: string; readonly config?: Omit<StoredModel, "className"> };
  if (className === undefined || typeof config !== "object") throw new FormatError(`modelFromJSON: expected { className, config }, got ${json.slice(0, 80)}.`);
  return modelFromConfig({ ...config, className }, "modelFromJSON", custom);
}

/** A model of its own from the configuration of another: the same layers with new weights. Of the same seed, so that they start the same. */
export function cloneModel<M extends Model>(model: M, custom: CustomObjects = {}): Model {
  return modelFromJSON(model.toJSON(), custom);
}

/** The model that a configuration describes. where: for errors. */
export function modelFromConfig(stored: StoredModel, where: string, custom: CustomObjects = {}): Model {
  if (!Array.isArray(stored.layers)) throw notAModel(stored, where);
  for (const layer of stored.layers) {
    if (typeof layer?.config !== "object" || layer.config === null) throw new FormatError(`${where}: expected layers with a className and config, got ${JSON.stringify(layer)}.`);
  }
  if (stored.className === "Sequential") return sequentialOf(stored, where, custom);
  if (stored.className === "Functional") return functionalOf(stored, where, custom);
  throw notAModel(stored, where);
}

function sequentialOf({ name, seed, layers, inputShape }: StoredModel, where: string, custom: CustomObjects): Sequential {
  const model = new Sequential({ name, seed });
  for (const layer of layers) model.add(layerOf(layer, where, custom));
  if (inputShape !== undefined) model.build(inputShape);
  return model;
}

function functionalOf(stored: StoredModel, where: string, custom: CustomObjects): Functional {
  if (!Array.isArray(stored.inputs) || !Array.isArray(stored.outputs)) throw notAModel(stored, where);
  const made = new Map<string, SymbolicTensor>();
  const keyOf = ([layer, use, result]: Place): string => JSON.stringify([layer, use, result]);
  const waiting: { readonly layer: Layer; readonly name: string; readonly use: number; readonly takes: readonly Place[] }[] = [];
  for (const { className, config, name = String(config["name"]), uses = [] } of stored.layers) {
    if (className === "InputLayer") {
      made.set(keyOf([name, 0, 0]), input({ shape: config["shape"] as Shape, dtype: config["dtype"] as DType, name }));
      continue;
    }
    const layer = layerOf({ className, config }, where, custom);
    uses.forEach((takes, use) => waiting.push({ layer, name, use, takes }));
  }
  // Each round applies the layers whose inputs are there.
  while (waiting.length > 0) {
    const ready = waiting.filter(({ takes }) => takes.every((place) => made.has(keyOf(place))));
    if (ready.length === 0) throw new FormatError(`${where}: layer "${waiting[0]!.name}" takes what no layer gives: ${JSON.stringify(waiting[0]!.takes)}.`);
    for (const one of ready) {
      one.layer.applyAll(one.takes.map((place) => made.get(keyOf(place))!)).forEach((symbol, result) => made.set(keyOf([one.name, one.use, result]), symbol));
      waiting.splice(waiting.indexOf(one), 1);
    }
  }
  const found = (places: readonly Place[]): SymbolicTensor[] =>
    places.map((place) => {
      const symbol = made.get(keyOf(place));
      if (symbol === undefined) throw new FormatError(`${where}: no layer gives ${JSON.stringify(place)}.`);
      return symbol;
    });
  return new Functional({ name: stored.name, seed: stored.seed, inputs: found(stored.inputs), outputs: found(stored.outputs) });
}

function layerOf({ className, config }: StoredLayer, where: string, custom: CustomObjects): Layer {
  if (Object.hasOwn(custom, className)) return custom[className]!(config as never);
  if (className === "Sequential" || className === "Functional") return modelFromConfig({ ...(config as Omit<StoredModel, "className"> & Config), className } as StoredModel, where, custom).asLayer();
  return layerFromConfig(className, config, where);
}

function notAModel(stored: object, where: string): FormatError {
  return new FormatError(`${where}: expected the topology of a Sequential or Functional model, got ${JSON.stringify(stored).slice(0, 80)}.`);
}
