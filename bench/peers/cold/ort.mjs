// onnxruntime-web, or with NATIVE=1 onnxruntime-node: from import to the first prediction. Argument: folder of files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readFloats } from "../../cold/files.mjs";

const native = process.env.NATIVE === "1";
const ort = await import(native ? "onnxruntime-node" : "onnxruntime-web");
if (!native) ort.env.wasm.numThreads = 1;
const [folder] = process.argv.slice(2);
const session = await ort.InferenceSession.create(readFileSync(join(folder, "mlp.onnx")), { executionProviders: [native ? "cpu" : "wasm"] });
const { y } = await session.run({ x: new ort.Tensor("float32", readFloats(folder, "x"), [1, 784]) });
console.log(JSON.stringify([...y.data]));
process.exit(0);
