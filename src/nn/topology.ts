// Models from their configurations: what getConfig() wrote, made again. Layers are looked up by their class names, those of the user in a table of his own.
import { FormatError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import type { Tensor } from "../engine/index.js";
import { Functional } from "./functional.js";
import { input, type InputOptions } from "./input.js";
import { Layer, type Config } from "./layer.js";
import { layerFromConfig } from "./layers/fromConfig.js";
import type { Model, ModelOf, Results } from "./model.js";
import { Sequential } from "./sequential.js";
import type { SymbolicTensor } from "./symbolic.js";

/** Layers of one's own by the names that their `type` gives: classes whose constructors take a configuration, { Scale }, or functions of one, { Scale: (config) => new Scale(config.factor) }. */
export type CustomObjects = Readonly<Record<string, ((config: never) => Layer) | (new (config: never) => Layer)>>;

/** [which use of a layer, which of its results] */
type Place = readonly [use: number, result: number];

/** A layer, or the number of one that stood before, in the order in which descriptions end. */
type StoredLayer = { readonly className: string; readonly config: Config; readonly shared?: undefined } | { readonly shared: number };

/** A model as getConfig() describes it, with its class. */
export interface StoredModel {
  readonly className: string;
  readonly name: string;
  readonly seed: number;
  readonly layers: readonly StoredLayer[];
  /** Of a sequential model that is built. */
  readonly inputShape?: Shape;
  /** Of a functional model: which layer takes what, in order. */
  readonly uses?: readonly { readonly layer: string; readonly takes: readonly Place[]; readonly training?: boolean }[];
  readonly inputs?: readonly Place[];
  readonly outputs?: readonly Place[];
}

/**
 * The model that toJSON() describes, untrained, its weights drawn from its seed.
 *
 * custom: makers of layers of one's own, by class name   Throws FormatError for what describes no model, ValueError for unknown layers or options.
 */
export function modelFromJSON<R extends Results = Tensor>(json: string, custom: CustomObjects = {}): ModelOf<R> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new FormatError(`modelFromJSON: expected JSON, got ${JSON.stringify(String(json).slice(0, 40))}.`);
  }
  const { className, config } = (value ?? {}) as { readonly className?: string; readonly config?: Omit<StoredModel, "className"> };
  if (className === undefined || typeof config !== "object") throw new FormatError(`modelFromJSON: expected { className, config }, got ${json.slice(0, 80)}.`);
  return modelFromConfig({ ...config, className }, "modelFromJSON", custom) as ModelOf<R>;
}

/** A model of its own from the configuration of another: the same layers with new weights. Of the same seed, so that they start the same. */
export function cloneModel<M extends Model>(model: M, custom: CustomObjects = {}): ModelOf<ReturnType<M["call"]>> {
  return modelFromJSON<ReturnType<M["call"]>>(model.toJSON(), custom);
}

/** The model that a configuration describes. where: for errors. */
export function modelFromConfig(stored: StoredModel, where: string, custom: CustomObjects = {}): Model {
  return new Reading(where, custom).model(stored);
}

class Reading {
  /** Layers made so far, which others may be the same as. */
  private readonly made: Layer[] = [];

  constructor(
    private readonly where: string,
    private readonly custom: CustomObjects,
  ) {}

  model(stored: StoredModel): Model {
    if (!Array.isArray(stored.layers)) throw notAModel(stored, this.where);
    if (stored.className === "Sequential") return this.sequential(stored);
    if (stored.className === "Functional") return this.functional(stored);
    throw notAModel(stored, this.where);
  }

  private sequential({ name, seed, layers, inputShape }: StoredModel): Sequential {
    const model = new Sequential({ name, seed });
    for (const layer of layers) model.add(this.layer(layer));
    if (inputShape !== undefined) model.build(inputShape);
    return model;
  }

  private functional(stored: StoredModel): Functional {
    const { uses, inputs, outputs, layers } = stored;
    if (!Array.isArray(uses) || !Array.isArray(inputs) || !Array.isArray(outputs)) throw notAModel(stored, this.where);
    const begins = new Map<string, Config>();
    const byName = new Map<string, Layer>();
    for (const entry of layers) {
      if (entry.shared === undefined && entry.className === "InputLayer" && entry.config) {
        const { layer } = input(entry.config as Config & InputOptions).maker;
        begins.set(layer.name, entry.config);
        this.made.push(layer);
      } else {
        const layer = this.layer(entry);
        byName.set(layer.name, layer);
      }
    }
    const results: (readonly SymbolicTensor[])[] = [];
    const found = (places: readonly Place[]): SymbolicTensor[] =>
      places.map(([use, result]) => {
        const symbol = results[use]?.[result];
        if (symbol === undefined) throw new FormatError(`${this.where}: no layer before gives ${JSON.stringify([use, result])}, of which model "${stored.name}" speaks.`);
        return symbol;
      });
    for (const { layer: name, takes, training } of uses as NonNullable<StoredModel["uses"]>) {
      const begin = begins.get(name);
      const layer = byName.get(name);
      if (begin) results.push([input(begin as Config & InputOptions)]);
      else if (layer) results.push(layer.applyAll(found(takes), training === undefined ? {} : { training }));
      else throw new FormatError(`${this.where}: model "${stored.name}" uses layer "${name}", which it does not have.`);
    }
    return new Functional({ name: stored.name, seed: stored.seed, inputs: found(inputs), outputs: found(outputs) });
  }

  private layer(entry: StoredLayer): Layer {
    if (entry?.shared !== undefined) {
      const layer = this.made[entry.shared];
      if (layer === undefined) throw new FormatError(`${this.where}: layer number ${entry.shared} is spoken of before it stands.`);
      return layer;
    }
    if (typeof entry?.config !== "object" || entry.config === null) throw new FormatError(`${this.where}: expected layers with a className and config, got ${JSON.stringify(entry)}.`);
    const { className, config } = entry;
    const layer = Object.hasOwn(this.custom, className) ? custom(this.custom[className]!, config) : this.known(className, config);
    this.made.push(layer);
    return layer;
  }

  private known(className: string, config: Config): Layer {
    const isModel = className === "Sequential" || className === "Functional";
    return isModel ? this.model({ ...config, className } as StoredModel).asLayer() : layerFromConfig(className, config, this.where);
  }
}

function custom(make: CustomObjects[string], config: Config): Layer {
  return isClass(make) ? new make(config as never) : make(config as never);
}

function isClass(make: CustomObjects[string]): make is new (config: never) => Layer {
  return (make.prototype as unknown) instanceof Layer;
}

function notAModel(stored: object, where: string): FormatError {
  return new FormatError(`${where}: expected the topology of a Sequential or Functional model, got ${JSON.stringify(stored).slice(0, 80)}.`);
}
