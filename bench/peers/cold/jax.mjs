// jax-js: from import to the first prediction. Argument: folder of files.
import { defaultDevice, init, jit, nn, numpy as np } from "@jax-js/jax";
import { readFloats } from "../../cold/files.mjs";

const [folder] = process.argv.slice(2);
await init("wasm");
defaultDevice("wasm");
const read = (name, shape) => np.array(readFloats(folder, name)).reshape(shape);
const predict = jit((x, k0, b0, k1, b1) => nn.softmax(np.dot(nn.relu(np.dot(x, k0).add(b0)), k1).add(b1), -1));
const y = await predict(read("x", [1, 784]), read("k0", [784, 512]), read("b0", [512]), read("k1", [512, 10]), read("b1", [10])).data();
console.log(JSON.stringify([...y]));
process.exit(0);
