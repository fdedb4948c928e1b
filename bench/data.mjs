// The numbers that jobs are fed, the same for every contender: made once by the command, and handed over in files of plain float32.
import { readFileSync, writeFileSync } from "node:fs";

/** Numbers in [low, high) from a linear congruence. */
export function uniform(count, seed, low, high) {
  const out = new Float32Array(count);
  const scale = (high - low) / 4294967296;
  let state = Math.imul(seed, 2654435761) >>> 0;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = low + state * scale;
  }
  return out;
}

/** Batches hold no more than this many different images, again and again: their loss and gradients, means over the batch, are then cheap to check. */
export const DISTINCT_IMAGES = 64;

/** The inputs of a job for one call, { name, shape, data } each; another seed, other numbers. */
export function inputsOf({ inputs }, seed) {
  return Object.entries(inputs).map(([name, [shape, low, high]], i) => ({ name, shape, data: fillers[low]?.(shape, seed) ?? uniform(size(shape), 16 * seed + i, low, high) }));
}

/** Images whose brightest band tells their label, so that there is something to learn. */
const fillers = {
  digits: ([batch, ...image], seed) => {
    const pixels = size(image);
    const distinct = Math.min(batch, DISTINCT_IMAGES);
    const images = uniform(distinct * pixels, 16 * seed, 0, 0.2);
    for (let i = 0; i < distinct; i++) {
      const start = i * pixels + digit(i, seed) * 56;
      images.fill(0.9, start, start + 56);
    }
    const out = new Float32Array(batch * pixels);
    for (let i = 0; i < batch; i += distinct) out.set(images.subarray(0, Math.min(distinct, batch - i) * pixels), i * pixels);
    return out;
  },
  labels: ([batch, classes], seed) => {
    const out = new Float32Array(batch * classes);
    for (let i = 0; i < batch; i++) out[i * classes + digit(i % DISTINCT_IMAGES, seed)] = 1;
    return out;
  },
};

function digit(i, seed) {
  return (i * 7 + seed * 3) % 10;
}

function size(shape) {
  return shape.reduce((count, dim) => count * dim, 1);
}

/** Writes lists of tensors into one file. Returns { path, sets }: the same lists with the offset of each in floats, in place of its data. */
export function writeTensors(path, sets) {
  let offset = 0;
  const layout = sets.map((tensors) =>
    tensors.map(({ name, shape, data }) => {
      offset += data.length;
      return { name, shape, offset: offset - data.length };
    }),
  );
  const all = new Float32Array(offset);
  layout.forEach((tensors, s) => tensors.forEach((tensor, i) => all.set(sets[s][i].data, tensor.offset)));
  writeFileSync(path, all);
  return { path, sets: layout };
}

/** What writeTensors wrote. */
export function readTensors({ path, sets }) {
  const bytes = readFileSync(path);
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return sets.map((tensors) => tensors.map(({ name, shape, offset }) => ({ name, shape, data: all.slice(offset, offset + size(shape)) })));
}
