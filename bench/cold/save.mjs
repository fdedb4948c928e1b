// Writes the files that the starts read: weights as plain floats, and the mlp as edgegrad saves it. Arguments: folder, index.js of edgegrad.
import { join } from "node:path";
import { parseJob } from "../jobs.mjs";
import { startingWeights } from "../networks.mjs";

const [folder, edgegrad] = process.argv.slice(2);
const { init, layers, saveModel, sequential, tensor } = await import(edgegrad);
await init({ threads: 1 });
const model = sequential({ layers: [layers.dense({ units: 512, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })] });
model.setWeights(startingWeights(parseJob("cold:mlp")).map(({ data, shape }) => tensor(data, shape)));
await saveModel(model, join(folder, "mlp.safetensors"));
process.exit(0);
