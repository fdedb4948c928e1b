// Greedy layer-wise pre-training: each layer first learns to keep what the layer below gives, as the first half of an auto-encoder. Bengio et al. 2007
import { ValueError } from "../../base/errors.js";
import { checkOptions } from "../../base/options.js";
import { tensor, type Tensor } from "../../engine/index.js";
import { Dense, dense } from "../layers/dense.js";
import type { OptimizerLike } from "../optimizers/index.js";
import { sequential, type Sequential } from "../sequential.js";

/** Options of pretrain(). */
export interface PretrainOptions {
  /** Passes over the data for each layer; default 5. */
  readonly epochs?: number;
  readonly batchSize?: number;
  /** Makes an optimizer for each layer; default: "adam". */
  readonly optimizer?: () => OptimizerLike;
  /** Activation of the half that is thrown away; default "sigmoid", for inputs between 0 and 1. */
  readonly decoder?: string;
}

/**
 * Trains the dense layers of a model one after the other, all but the last, to reproduce their input through a decoder that is thrown away; their weights then
 * stand in the model. Returns the last loss of each auto-encoder.
 *
 * x: [examples, features]   Throws ValueError when the model is not built or has no two dense layers in a row at its start.
 */
export async function pretrain(model: Sequential, x: Tensor, options: PretrainOptions = {}): Promise<number[]> {
  const { epochs = 5, batchSize = 32, optimizer = () => "adam", decoder = "sigmoid" } = checkOptions(options, ["epochs", "batchSize", "optimizer", "decoder"], "pretrain");
  if (!model.built) throw new ValueError(`pretrain: model "${model.name}" has no weights yet. Give its first layer an inputShape.`);
  const stacked: Dense[] = [];
  for (const layer of model.layers.slice(0, -1)) {
    if (!(layer instanceof Dense)) break;
    stacked.push(layer);
  }
  if (stacked.length === 0) throw new ValueError(`pretrain: expected a model that begins with dense layers, got ${model.layers.map(({ type }) => type).join(", ")}.`);
  const losses: number[] = [];
  let below = x;
  for (const layer of stacked) {
    const features = below.shape[1]!;
    const half = dense({ units: layer.units, activation: layer.activation, useBias: layer.useBias, inputShape: [features] });
    const coder = sequential({ name: `pretrain_${layer.name}`, seed: model.seed, layers: [half, dense({ units: features, activation: decoder })] });
    coder.layers[0]!.weights.forEach((weight, i) => weight.assign(layer.weights[i]!));
    coder.compile({ optimizer: optimizer(), loss: "meanSquaredError" });
    const { history } = await coder.fit(below, below, { epochs, batchSize });
    losses.push(history["loss"]!.at(-1)!);
    layer.weights.forEach((weight, i) => weight.assign(half.weights[i]!));
    const coded = half.apply(below);
    below = tensor(await coded.data(), coded.shape);
  }
  return losses;
}
