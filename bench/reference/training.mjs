// The networks in float64 by plain loops: what they predict, and the losses of their first training steps.
import { DISTINCT_IMAGES } from "../data.mjs";
import { outputSide } from "../networks.mjs";

const RATE = 0.001;
const EPSILON = 1e-7;

/**
 * Losses of consecutive steps, a batch each, from these weights: cross-entropy of softmax, mean over the batch; RMSprop for the mlp, Adam for lenet.
 * form: "inside" where RMSprop divides by √(v + ε), "outside" where by √v + ε: for small gradients they differ.
 * Equal images count once for all.
 */
export function trainingLosses(job, weights, batches, form) {
  const parameters = weights.map(({ data }) => Float64Array.from(data));
  const state = parameters.map(({ length }) => ({ m: new Float64Array(length), v: new Float64Array(length) }));
  return batches.map((inputs, step) => {
    const { x, y } = Object.fromEntries(inputs.map(({ name, data }) => [name, data]));
    const { loss, gradients } = backward(job, parameters, x, y);
    gradients.forEach((gradient, i) => update(job.network === "mlp" ? rmsprop(form) : adam(step + 1), parameters[i], state[i], gradient));
    return loss;
  });
}

function update(rule, parameter, state, gradient) {
  for (let i = 0; i < parameter.length; i++) parameter[i] -= rule(state, i, gradient[i]);
}

function rmsprop(form) {
  return ({ v }, i, g) => {
    v[i] = 0.9 * v[i] + 0.1 * g * g;
    return (RATE * g) / (form === "inside" ? Math.sqrt(v[i] + EPSILON) : Math.sqrt(v[i]) + EPSILON);
  };
}

function adam(t) {
  const rate = (RATE * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
  return ({ m, v }, i, g) => {
    m[i] = 0.9 * m[i] + 0.1 * g;
    v[i] = 0.999 * v[i] + 0.001 * g * g;
    return (rate * m[i]) / (Math.sqrt(v[i]) + EPSILON);
  };
}

/** Loss of a batch and its gradient by every parameter. */
function backward(job, parameters, x, y) {
  const count = Math.min(job.batch, DISTINCT_IMAGES);
  const copies = Array.from({ length: count }, (_, i) => Math.ceil((job.batch - i) / count));
  const gradients = parameters.map(({ length }) => new Float64Array(length));
  const { layers } = job;
  let loss = 0;
  for (let image = 0; image < count; image++) {
    const { probabilities, trace } = forward(job, parameters.map((data) => ({ data })), x.subarray(image * 784, (image + 1) * 784));
    const label = y.subarray(image * 10, image * 10 + 10).indexOf(1);
    const share = copies[image] / job.batch;
    loss -= share * Math.log(probabilities[label]);
    let d = probabilities.map((p, i) => share * (p - (i === label ? 1 : 0)));
    for (let l = layers.length - 1; l >= 0; l--) d = LAYERS[layers[l].kind].backward(layers[l], trace[l], parameters[2 * l], d, gradients[2 * l], gradients[2 * l + 1], l > 0);
  }
  return { loss, gradients };
}

/** One image through the network. trace: what each layer saw and gave. weights: { data } each */
export function forward(job, weights, pixels) {
  let values = Float64Array.from(pixels);
  const trace = job.layers.map((layer, l) => {
    const seen = LAYERS[layer.kind].forward(layer, values, weights[2 * l].data, weights[2 * l + 1].data);
    values = seen.out;
    return seen;
  });
  const most = Math.max(...values);
  const powers = values.map((logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return { probabilities: powers.map((power) => power / total), trace };
}

const LAYERS = {
  dense: {
    forward({ kernel: [inputs, units], relu }, x, w, b) {
      const out = Float64Array.from(b);
      for (let i = 0; i < inputs; i++) for (let j = 0; j < units; j++) out[j] += x[i] * w[i * units + j];
      if (relu) for (let j = 0; j < units; j++) out[j] = Math.max(0, out[j]);
      return { x, out };
    },
    backward({ kernel: [inputs, units], relu }, { x, out }, w, dy, dw, db, wantsInput) {
      const d = relu ? dy.map((g, j) => (out[j] > 0 ? g : 0)) : dy;
      const dx = new Float64Array(inputs);
      for (let j = 0; j < units; j++) db[j] += d[j];
      for (let i = 0; i < inputs; i++) {
        let sum = 0;
        for (let j = 0; j < units; j++) {
          dw[i * units + j] += x[i] * d[j];
          sum += w[i * units + j] * d[j];
        }
        if (wantsInput) dx[i] = sum;
      }
      return dx;
    },
  },
  // Convolution, bias, relu and 2x2 max pooling. first: where in the convolution's result each pooled value stood; the first of equals.
  conv: {
    forward(layer, x, w, b) {
      const outputs = layer.kernel[3];
      const side = outputSide(layer);
      const full = new Float64Array(side * side * outputs);
      for (let at = 0; at < full.length; at++) full[at] = b[at % outputs];
      eachProduct(layer, (at, from, weight) => (full[at] += x[from] * w[weight]));
      const half = side >> 1;
      const first = new Int32Array(half * half * outputs);
      const out = new Float64Array(first.length);
      for (let at = 0; at < out.length; at++) {
        const [py, px, o] = [Math.floor(at / (half * outputs)), Math.floor(at / outputs) % half, at % outputs];
        const corners = [0, 1, side, side + 1].map((step) => (2 * py * side + 2 * px + step) * outputs + o);
        first[at] = corners.reduce((best, corner) => (full[corner] > full[best] ? corner : best));
        out[at] = Math.max(0, full[first[at]]);
      }
      return { x, out, first };
    },
    backward(layer, { x, out, first }, w, dy, dw, db) {
      const outputs = layer.kernel[3];
      const d = new Float64Array(outputSide(layer) ** 2 * outputs);
      dy.forEach((g, at) => {
        if (out[at] > 0) d[first[at]] += g;
      });
      const dx = new Float64Array(x.length);
      d.forEach((g, at) => (db[at % outputs] += g));
      eachProduct(layer, (at, from, weight) => {
        dw[weight] += x[from] * d[at];
        dx[from] += w[weight] * d[at];
      });
      return dx;
    },
  },
};

/** Every product of a convolution of one image: result, pixel and weight it belongs to. */
function eachProduct(layer, visit) {
  const { kernel: [kh, kw, inputs, outputs], padding, side: size } = layer; // prettier-ignore
  const side = outputSide(layer);
  const pad = padding === "same" ? kh >> 1 : 0;
  for (let py = 0; py < side; py++) for (let px = 0; px < side; px++) {
    for (let ky = 0; ky < kh; ky++) for (let kx = 0; kx < kw; kx++) {
      const [y, x] = [py + ky - pad, px + kx - pad];
      if (y < 0 || y >= size || x < 0 || x >= size) continue;
      for (let i = 0; i < inputs; i++) for (let o = 0; o < outputs; o++) visit((py * side + px) * outputs + o, (y * size + x) * inputs + i, ((ky * kw + kx) * inputs + i) * outputs + o);
    }
  }
}
