// From import to the first prediction of a saved model. Arguments: folder of files, index.js of edgegrad.
import { join } from "node:path";
import { readFloats } from "./files.mjs";

const [folder, edgegrad] = process.argv.slice(2);
const { init, loadModel } = await import(edgegrad);
await init({ threads: 1 });
const model = await loadModel(join(folder, "mlp.safetensors"));
console.log(JSON.stringify([...model.predictOnBatch({ data: readFloats(folder, "x"), shape: [1, 784] }).dataSync()]));
process.exit(0);
