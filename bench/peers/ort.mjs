// onnxruntime: onnxruntime-web on WebAssembly, or with NATIVE=1 onnxruntime-node. Environment: THREADS.
// Its sessions take JavaScript arrays and give them, so both copies are in its times. It trains nothing.
import { permute } from "../networks.mjs";
import { serve } from "../worker.mjs";
import { onnxModel } from "./onnx.mjs";

const native = process.env.NATIVE === "1";
const threads = Number(process.env.THREADS);
const ort = await import(native ? "onnxruntime-node" : "onnxruntime-web");
if (!native) ort.env.wasm.numThreads = threads;
ort.env.logLevel = "error";

serve(async (job, weights) => {
  if (job.kind === "train" || job.train) throw new Error("cannot train: its npm packages only run models");
  const session = await ort.InferenceSession.create(onnxModel(job, weights), { executionProviders: [native ? "cpu" : "wasm"], intraOpNumThreads: threads, interOpNumThreads: 1 });
  let sets, y;
  return {
    load: (given) => void (sets = given.map((inputs) => Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, feed(name, tensor)])))),
    call: async (i) => void ({ y } = await session.run(sets[i])),
    read: () => [{ name: "y", data: y.dims.length === 4 ? permute(y.data, y.dims, [0, 2, 3, 1]) : y.data }],
  };
});

/** Images and filters in its order of axes. */
function feed(name, { data, shape }) {
  if (shape.length < 4) return new ort.Tensor("float32", data, shape);
  const order = name === "w" ? [3, 2, 0, 1] : [0, 3, 1, 2];
  return new ort.Tensor("float32", permute(data, shape, order), order.map((axis) => shape[axis]));
}
