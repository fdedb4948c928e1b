// Spoken-like tones told apart by their spectrograms: Fourier transforms of short windows make pictures, and a network reads them.
import { adam, complexAbs, fft, layers, metrics, sequential, tensor } from "edgegrad";
import { stretched } from "./lib/digits.mjs";
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
/** The noise, from its quietest to its loudest; voices are between −4 and 4. */
const LOUD = 6;

/** A random number between 0 and 1, the same for the same i. */
const noise = (i) => Math.abs((Math.sin(i * 127.1) * 43758.5453) % 1);

/** A tone like a sung vowel: harmonics of a voice that glides, louder near the formants, with as much noise around it as voice. */
function spoken(vowel, seed) {
  const pitch = 90 + 80 * noise(seed);
  const glide = 0.9 + 0.2 * noise(seed + 0.3);
  const samples = new Float32Array(LENGTH);
  for (let h = 1; h * pitch * 1.1 < RATE / 2; h++) {
    const loud = VOWELS[vowel].reduce((sum, formant) => sum + Math.exp(-(((h * pitch - formant) / 120) ** 2)), 0.02);
    for (let i = 0, phase = 0; i < LENGTH; i++, phase += (2 * Math.PI * h * pitch * (1 + ((glide - 1) * i) / LENGTH)) / RATE) samples[i] += loud * Math.sin(phase);
  }
  return samples.map((x, i) => x + LOUD * (noise(seed * 31 + i) - 0.5));
}

/** Logarithms of the strengths of all frequencies in each window: [FRAMES, BINS]. */
async function spectrogram(samples) {
  const windows = new Float32Array(FRAMES * WINDOW);
  // Each window fades in and out (Hann), or its ends would sound like clicks.
  for (let f = 0; f < FRAMES; f++) for (let i = 0; i < WINDOW; i++) windows[f * WINDOW + i] = samples[f * HOP + i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (WINDOW - 1)));
  const strengths = complexAbs(fft.rfft(tensor(windows, [FRAMES, WINDOW]))).slice(`:, :${BINS}`);
  return strengths.add(0.01).log().div(5).data();
}

/** A spectrogram as a picture: time to the right, frequencies upwards, ink is loud; what is quieter than the mean is white. */
function pictured(own, label) {
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  return stretched(Array.from({ length: FRAMES * BINS }, (_, i) => Math.max(mean, own[(i % FRAMES) * BINS + BINS - 1 - Math.floor(i / FRAMES)])), FRAMES, BINS, label);
}

export default example(
  import.meta.url,
  "Vowels by their spectrograms",
  `A sound becomes a picture: each column holds the strengths of the frequencies in ${(1000 * WINDOW) / RATE} milliseconds, by a fast Fourier transform. In the wave nobody sees the vowel; in the picture it is two bands, and a small convolutional network tells five of them apart, in voices it has never heard.`,
  async ({ page, small, bar }) => {
    const count = small ? 150 : 600;
    const set = async (from) => {
      const rows = new Float32Array(count * FRAMES * BINS);
      const labels = Uint8Array.from({ length: count }, (_, i) => i % NAMES.length);
      for (const [i, label] of labels.entries()) rows.set(await spectrogram(spoken(NAMES[label], from + i)), i * FRAMES * BINS);
      return { rows, x: tensor(rows, [count, FRAMES, BINS, 1]), y: labels };
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
        layers.dropout({ rate: 0.3 }),
        layers.dense({ units: NAMES.length, activation: "softmax" }),
      ],
    });
    model.compile({ optimizer: adam({ learningRate: 0.002 }), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const { history } = await model.fit(train.x, train.y, { epochs: small ? 24 : 12, batchSize: 25, validationData: [test.x, test.y], callbacks: bar() });

    const [first, second] = [NAMES[0], NAMES[2]].map((name, k) => [...spoken(name, 1 + 2 * k)].slice(0, 256).map((y, i) => [(1000 * i) / RATE, y]));
    page.heading("What the ear gets").plot({ [`"${NAMES[0]}"`]: { line: first, thin: true } }, { x: "milliseconds", y: `pressure, "${NAMES[0]}"`, height: 200 }).plot({ [`"${NAMES[2]}"`]: { line: second, thin: true } }, { x: "milliseconds", y: `pressure, "${NAMES[2]}"`, height: 200 });
    page.heading("What the network sees").text(`Half a second to the right, 0 to ${RATE / 2} hertz upwards; the more ink, the louder.`);
    page.pictures(NAMES.map((name, k) => pictured(train.rows.subarray(k * FRAMES * BINS, (k + 1) * FRAMES * BINS), `"${name}": ${VOWELS[name].join(" and ")} Hz`)), { scale: 5 });
    page.heading("Learning");
    page.plot({ "known voices": history.loss, "new voices": history.val_loss }, { y: "loss" });
    page.plot({ "known voices": history.accuracy, "new voices": history.val_accuracy }, { y: "accuracy" });
    page.heading("Which vowel is taken for which").confusion(await metrics.confusionMatrix(test.y, await model.predict(test.x), { numClasses: NAMES.length }).array(), NAMES);
    return { "accuracy on new voices": history.val_accuracy.at(-1), sounds: count, "by chance": 1 / NAMES.length };
  },
);
