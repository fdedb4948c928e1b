// Functional: a model cut out of a graph of layers, from its inputs to its outputs. Layers may branch, meet, be shared, and be models themselves.
import { ShapeError, ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { cast, Tensor } from "../engine/index.js";
import { describing, layerEntry, numberNames, showBatch, WeightSource, withSource, type CallOptions, type Config, type Layer, type Masked } from "./layer.js";
import { endsLinear, Model, type ModelOptions, type Results } from "./model.js";
import { InputLayer } from "./input.js";
import { checkOptions } from "../base/options.js";
import type { SummaryRow } from "./summary.js";
import { SymbolicTensor, type Application } from "./symbolic.js";

type OneOrMore = SymbolicTensor | readonly SymbolicTensor[];

/** What a model of these outputs gives: of one a tensor, of several a list as long. */
export type ResultsOf<O extends OneOrMore> =
  O extends SymbolicTensor | readonly [SymbolicTensor] ? Tensor
  : O extends readonly [SymbolicTensor, SymbolicTensor, ...SymbolicTensor[]] ? { readonly [K in keyof O]: Tensor }
  : Results; // prettier-ignore

/** Options of model(). */
export interface FunctionalOptions<O extends OneOrMore = OneOrMore> extends ModelOptions {
  /** What input() gave, in the order in which data is passed. */
  readonly inputs: OneOrMore;
  /** What layers gave for them. */
  readonly outputs: O;
}

/** A model of layers that were applied to symbolic tensors. */
export class Functional<R extends Results = Results> extends Model {
  private readonly given: readonly SymbolicTensor[];
  private readonly results: readonly SymbolicTensor[];
  /** Uses of layers, each after those it takes from. */
  private readonly uses: readonly Application[];
  private readonly list: readonly Layer[];

  constructor(options: FunctionalOptions) {
    super(checkOptions(options, ["inputs", "outputs", "name", "seed"], "model"), "functional");
    const where = `model "${this.name}"`;
    this.given = listOf(options.inputs, `${where}: inputs`);
    this.results = listOf(options.outputs, `${where}: outputs`);
    const wrong = this.given.find(({ maker }) => !(maker.layer instanceof InputLayer));
    if (wrong) throw new ValueError(`${where}: inputs: expected what input() gave, got the result of ${wrong.from}.`);
    const twice = this.given.find((symbol, i) => this.given.indexOf(symbol) !== i);
    if (twice) throw new ValueError(`${where}: inputs: ${twice.from} stands twice.`);
    this.uses = usesOf(this.results);
    for (const { layer, outputs } of this.uses) {
      if (layer instanceof InputLayer && !this.given.includes(outputs[0]!)) throw new ValueError(`${where}: an output depends on input "${layer.name}", which is not among its inputs.`);
    }
    const idle = this.given.find(({ maker }) => !this.uses.includes(maker));
    if (idle) throw new ValueError(`${where}: no output depends on ${idle.from}. Leave it out of inputs?`);
    this.list = [...new Set(this.uses.map(({ layer }) => layer))];
    numberNames(this.list, where);
    this.makeWeights(new WeightSource(this.seed));
  }

  override get type(): string {
    return "Functional";
  }

  /** The symbolic tensors it begins with. */
  get inputs(): readonly SymbolicTensor[] {
    return this.given;
  }

  /** The symbolic tensors it ends with. */
  get outputs(): readonly SymbolicTensor[] {
    return this.results;
  }

  override get layers(): readonly Layer[] {
    return this.list;
  }

  override get built(): boolean {
    return true;
  }

  override get inputShapes(): readonly Shape[] {
    return this.given.map(({ shape }) => shape);
  }

  override get outputShapes(): readonly Shape[] {
    return this.results.map(({ shape }) => shape);
  }

  override get inputNames(): readonly string[] {
    return this.given.map(({ maker }) => maker.layer.name);
  }

  override get outputNames(): readonly string[] {
    const names = this.results.map(({ maker }) => maker.layer.name);
    return names.map((name, i) => (names.indexOf(name) === i ? name : `${name}_${i}`));
  }

  override get linearOutputs(): readonly boolean[] {
    return this.results.map(({ maker, index }) => endsLinear(maker.layer, index));
  }

  override buildAll(inputs: readonly Shape[]): void {
    this.computeOutputShapes(inputs);
  }

  override computeOutputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    if (inputs.length !== this.given.length) throw new ShapeError(`model "${this.name}": expected ${this.given.length} inputs (${this.inputNames.join(", ")}), got ${inputs.length}.`);
    inputs.forEach((shape, i) => {
      const expected = this.given[i]!.shape;
      if (shape.length === expected.length && shape.every((size, k) => size === expected[k])) return;
      throw new ShapeError(`model "${this.name}": expected ${showBatch(expected)} for input "${this.inputNames[i]}", got ${showBatch(shape)}${from[i] === undefined ? "" : ` from ${from[i]}`}.`);
    });
    return this.outputShapes;
  }

  override call(x: Results, options: CallOptions): R {
    const results = this.callAll(x instanceof Tensor ? [x] : x, options);
    return (results.length === 1 ? results[0]! : results) as R;
  }

  override callAll(xs: readonly Tensor[], options: CallOptions): readonly Tensor[] {
    return this.callMasked(xs, options.masks ?? [options.mask], options).results;
  }

  override callMasked(xs: readonly Tensor[], given: readonly (Tensor | undefined)[], options: CallOptions): Masked {
    if (xs.length !== this.given.length) throw new ShapeError(`model "${this.name}": expected ${this.given.length} inputs (${this.inputNames.join(", ")}), got ${xs.length}.`);
    const values = new Map<SymbolicTensor, Tensor>();
    const masks = new Map<SymbolicTensor, Tensor | undefined>();
    this.given.forEach((symbol, i) => {
      const x = xs[i]!;
      values.set(symbol, x.dtype === symbol.dtype ? x : cast(x, symbol.dtype));
      masks.set(symbol, given[i]);
    });
    for (const { layer, inputs, outputs, training } of this.uses) {
      if (layer instanceof InputLayer) continue;
      const own = training === undefined ? options : { ...options, training };
      const flow = layer.applyMasked(inputs.map((symbol) => values.get(symbol)!), inputs.map((symbol) => masks.get(symbol)), own);
      outputs.forEach((symbol, i) => {
        values.set(symbol, flow.results[i]!);
        masks.set(symbol, flow.masks[i]);
      });
    }
    return { results: this.results.map((symbol) => values.get(symbol)!), masks: this.results.map((symbol) => masks.get(symbol)) };
  }

  /** The layers, and the uses they are put to, in order; a tensor is [use, which of its results]. */
  override getConfig(): Config {
    const places = new Map(this.uses.map((use, i) => [use, i]));
    const place = ({ maker, index }: SymbolicTensor): readonly [number, number] => [places.get(maker)!, index];
    return describing(() => ({
      name: this.name,
      seed: this.seed,
      layers: this.list.map(layerEntry),
      uses: this.uses.map(({ layer, inputs, training }) => ({ layer: layer.name, takes: inputs.map(place), ...(training !== undefined && { training }) })),
      inputs: this.given.map(place),
      outputs: this.results.map(place),
    }));
  }

  /** Layers in the order of their first use; what each of them takes. */
  override rows(): readonly SummaryRow[] {
    return this.list.map((layer) => {
      const [use] = this.usesOfLayer(layer);
      const from = this.usesOfLayer(layer).flatMap(({ inputs }) => inputs.map(({ maker, index }) => (maker.outputs.length > 1 ? `${maker.layer.name}[${index}]` : maker.layer.name)));
      return { layer, shapes: use!.outputs.map(({ shape }) => shape), from };
    });
  }

  private usesOfLayer(layer: Layer): readonly Application[] {
    return this.uses.filter((use) => use.layer === layer);
  }

  private makeWeights(source: WeightSource): void {
    withSource(source, () => {
      for (const { layer, inputs } of this.uses) if (!(layer instanceof InputLayer)) layer.buildAll(inputs.map(({ shape }) => shape), source, inputs.map(({ from }) => from));
    });
  }
}

/**
 * A model of everything between inputs and outputs.
 *
 *   const x = input({ shape: [784] });
 *   const y = layers.dense({ units: 10, activation: "softmax" }).apply(layers.dense({ units: 64, activation: "relu" }).apply(x));
 *   const net = model({ inputs: x, outputs: y });
 *
 * Throws ValueError, naming it, for an input that is missing or that no output depends on, and for two layers of one name.
 */
export function model<const O extends OneOrMore>(options: FunctionalOptions<O>): Functional<ResultsOf<O>> {
  return new Functional<ResultsOf<O>>(options);
}

function listOf(given: OneOrMore, where: string): readonly SymbolicTensor[] {
  const list = given instanceof SymbolicTensor ? [given] : given;
  if (!Array.isArray(list) || list.length === 0) throw new ValueError(`${where}: expected symbolic tensors, got ${Array.isArray(list) ? "none" : typeof given}.`);
  const wrong = list.findIndex((one) => !(one instanceof SymbolicTensor));
  if (wrong >= 0) throw new ValueError(`${where}: expected symbolic tensors, which input() and layers applied to them give; number ${wrong} is none.`);
  return list as readonly SymbolicTensor[];
}

/** All uses of layers that these tensors depend on, in the order in which they were made. */
function usesOf(results: readonly SymbolicTensor[]): readonly Application[] {
  const found = new Set(results.map(({ maker }) => maker));
  for (const { inputs } of found) for (const { maker } of inputs) found.add(maker);
  return [...found].sort((a, b) => a.number - b.number);
}
