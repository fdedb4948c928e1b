// Two spirals: the boundary that a small network draws between them, epoch by epoch.
import { adam, layers, sequential, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

/** Points of two arms that wind around each other, and the arm of each. */
function spirals(count) {
  const points = [];
  const arms = [];
  for (let i = 0; i < count; i++) {
    const arm = i % 2;
    const turn = Math.sqrt((i + 1) / count) * 3.2 * Math.PI;
    const jitter = 0.12 * Math.sin(i * 12.9898);
    points.push([(turn * Math.cos(turn + arm * Math.PI)) / 10 + jitter / 4, (turn * Math.sin(turn + arm * Math.PI)) / 10 + jitter / 4]);
    arms.push(arm);
  }
  return { points, arms };
}

const SIZE = 72;
const REACH = 1.1;

/** Every pixel of the square around the spirals, as a point. */
const grid = Array.from({ length: SIZE * SIZE }, (_, i) => [((i % SIZE) / (SIZE - 1)) * 2 * REACH - REACH, REACH - (Math.floor(i / SIZE) / (SIZE - 1)) * 2 * REACH]);

export default example(
  import.meta.url,
  "Two spirals and the boundary between them",
  "One neuron can only draw a line. A network with two hidden layers bends it around both arms; the pictures show how, from the first epoch to the last.",
  async ({ page, small, bar, say }) => {
    const { points, arms } = spirals(small ? 300 : 600);
    const model = sequential({
      seed: 4,
      layers: [
        layers.dense({ units: 32, activation: "tanh", kernelInitializer: "lecunNormal", inputShape: [2] }),
        layers.dense({ units: 32, activation: "tanh", kernelInitializer: "lecunNormal" }),
        layers.dense({ units: 1, activation: "sigmoid" }),
      ],
    });
    model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: "binaryCrossentropy", metrics: ["accuracy"] });

    const epochs = small ? 150 : 300;
    const shown = new Set([1, 10, 30, 60, 100, 150, 220, 300].filter((epoch) => epoch <= epochs));
    const pictures = [];
    const watch = {
      onEpochEnd: async (epoch, { accuracy }) => {
        if (!shown.has(epoch + 1)) return;
        const inside = await (await model.predict(tensor(grid), { batchSize: grid.length })).data();
        const pixels = [...inside].flatMap((p) => [255 - 200 * p, 190, 55 + 200 * p]);
        points.forEach(([x, y], i) => {
          const at = 3 * (Math.round(((REACH - y) / (2 * REACH)) * (SIZE - 1)) * SIZE + Math.round(((x + REACH) / (2 * REACH)) * (SIZE - 1)));
          pixels.splice(at, 3, ...(arms[i] ? [0, 0, 140] : [150, 0, 0]));
        });
        pictures.push({ pixels, width: SIZE, height: SIZE, channels: 3, label: `epoch ${epoch + 1}: ${(100 * accuracy).toFixed(1)} %` });
      },
    };
    const { history } = await model.fit(points, arms, { epochs, batchSize: 32, callbacks: [watch, ...bar()] });
    say("");
    page.heading("The boundary moves").pictures(pictures, { scale: 3 });
    page.heading("Loss and accuracy").lines({ loss: history.loss, accuracy: history.accuracy });
    return { accuracy: history.accuracy.at(-1), loss: history.loss.at(-1) };
  },
);
