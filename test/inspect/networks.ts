// The functions that the pictures and profiles are judged by: LeNet's training step, and an attention layer.
import { matmul, mean, softmax, softmaxCrossEntropy, variable, variableGrads, mul, type Tensor } from "../../src/engine/index.js";
import { adam, layers, sequential } from "../../src/nn/index.js";

export function lenetStep(): (x: Tensor, y: Tensor) => Tensor {
  const model = sequential({
    layers: [
      layers.conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu", inputShape: [28, 28, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 5, activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 120, activation: "relu" }),
      layers.dense({ units: 84, activation: "relu" }),
      layers.dense({ units: 10 }),
    ],
  });
  const optimizer = adam(0.001);
  return (x, y) => {
    const { value, grads } = variableGrads(() => mean(softmaxCrossEntropy(model.apply(x, { training: true }) as Tensor, y)));
    optimizer.apply(grads);
    return value;
  };
}

/** One head of self-attention over x [time, d], written out. */
export function attention(d: number): (x: Tensor) => Tensor {
  const weight = (name: string): Tensor => variable(Float32Array.from({ length: d * d }, (_, i) => Math.sin(i * 0.7) / d), { name }).reshape([d, d]);
  const [q, k, v, o] = ["query", "key", "value", "output"].map(weight);
  return (x) => {
    const scores = mul(matmul(matmul(x, q!), matmul(x, k!).transpose()), 1 / Math.sqrt(d));
    return matmul(matmul(softmax(scores), matmul(x, v!)), o!);
  };
}
