// TensorFlow.js, core and WASM backend: from import to the first prediction. Argument: folder of files.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { readFloats } from "../../cold/files.mjs";

const require = createRequire(import.meta.url);
const log = console.log;
console.log = console.warn = () => {};
const tf = require("@tensorflow/tfjs-core");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const [folder] = process.argv.slice(2);
wasm.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/dist/`);
await tf.setBackend("wasm");
const read = (name, shape) => tf.tensor(readFloats(folder, name), shape);
const h = tf.relu(tf.add(tf.matMul(read("x", [1, 784]), read("k0", [784, 512])), read("b0", [512])));
const y = tf.softmax(tf.add(tf.matMul(h, read("k1", [512, 10])), read("b1", [10])));
log(JSON.stringify([...y.dataSync()]));
process.exit(0);
