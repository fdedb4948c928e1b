// Spoken-like tones told apart by their spectrograms: Fourier transforms of short windows make pictures, and a network reads them.
import { adam, fft, layers, sequential, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const RATE = 4000;
const LENGTH = 2048;
const WINDOW = 128;
const HOP = 64;
const FRAMES = (LENGTH - WINDOW) / HOP + 1;
const BINS = WINDOW / 2;

/** Formants, the resonances by which an ear tells vowels apart, in hertz. */
const VOWELS = { a: [730, 1090], e: [530, 1540], i: [270, 1900], o: [570, 840], u: [300, 670] };
const NAMES = Object.keys(VOWELS);

/** A random number between 0 and 1, the same for the same i. */
const noise = (i) => Math.abs((Math.sin(i * 127.1) * 43758.5453) % 1);

/** A tone like a sung vowel: harmonics of a voice that glides, louder near the formants, with noise around it. */
function spoken(vowel, seed) {
  const pitch = 90 + 80 * noise(seed);
  const glide = 0.9 + 0.2 * noise(seed + 0.3);
  const samples = new Float32Array(LENGTH);
  for (let h = 1; h * pitch * 1.1 < RATE / 2; h++) {
    const loud = VOWELS[vowel].reduce((sum, formant) => sum + Math.exp(-(((h * pitch - formant) / 120) ** 2)), 0.02);
    for (let i = 0, phase = 0; i < LENGTH; i++, phase += (2 * Math.PI * h * pitch * (1 + ((glide - 1) * i) / LENGTH)) / RATE) samples[i] += loud * Math.sin(phase);
  }
  return samples.map((x, i) => x + 1.5 * (noise(seed * 31 + i) - 0.5));
}

/** Logarithms of the strengths of all frequencies in each window: [FRAMES, BINS]. */
async function spectrogram(samples) {
  const windows = new Float32Array(FRAMES * WINDOW);
  for (let f = 0; f < FRAMES; f++) for (let i = 0; i < WINDOW; i++) windows[f * WINDOW + i] = samples[f * HOP + i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (WINDOW - 1)));
  const spectrum = fft.rfft(tensor(windows, [FRAMES, WINDOW]));
  const parts = await spectrum.data();
  return Float32Array.from({ length: FRAMES * BINS }, (_, k) => {
    const at = 2 * (Math.floor(k / BINS) * (BINS + 1) + (k % BINS));
    return Math.log(1e-2 + Math.hypot(parts[at], parts[at + 1])) / 5;
  });
}

export default example(
  import.meta.url,
  "Vowels by their spectrograms",
  "A sound becomes a picture: each column holds the strengths of the frequencies in a short window, by a fast Fourier transform. A small convolutional network tells five vowels apart.",
  async ({ page, small, bar, say }) => {
    const count = small ? 150 : 600;
    const set = async (from) => {
      const rows = new Float32Array(count * FRAMES * BINS);
      const labels = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        labels[i] = i % NAMES.length;
        rows.set(await spectrogram(spoken(NAMES[labels[i]], from + i)), i * FRAMES * BINS);
      }
      return { x: tensor(rows, [count, FRAMES, BINS, 1]), rows, y: labels };
    };
    const [train, test] = [await set(1), await set(10_000)];
    const model = sequential({
      seed: 1,
      layers: [
        layers.conv2d({ filters: 8, kernelSize: 5, activation: "relu", inputShape: [FRAMES, BINS, 1] }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: NAMES.length, activation: "softmax" }),
      ],
    });
    model.compile({ optimizer: adam({ learningRate: 0.003 }), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const { history } = await model.fit(train.x, train.y, { epochs: small ? 8 : 12, batchSize: 25, validationData: [test.x, test.y], callbacks: bar() });
    say("");
    page.heading("Sounds as pictures").pictures(
      NAMES.map((name, k) => {
        const own = train.rows.subarray(k * FRAMES * BINS, (k + 1) * FRAMES * BINS);
        const [least, most] = [Math.min(...own), Math.max(...own)];
        // Time runs to the right, frequencies upwards; dark is loud.
        const pixels = Array.from({ length: FRAMES * BINS }, (_, i) => (255 * (most - own[(i % FRAMES) * BINS + BINS - 1 - Math.floor(i / FRAMES)])) / (most - least));
        return { pixels, width: FRAMES, height: BINS, label: `"${name}"` };
      }),
      { scale: 4 },
    );
    page.heading("Learning").lines({ accuracy: history.accuracy, "on new voices": history.val_accuracy }, { y: "accuracy" });
    return { accuracy: history.val_accuracy.at(-1) };
  },
);
