// Two spirals: the boundary that a small network draws between them, epoch by epoch.
import { adam, layers, sequential, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

/** Points of two arms that wind around each other, and the arm of each. */
function spirals(count) {
  const arms = Array.from({ length: count }, (_, i) => i % 2);
  const points = arms.map((arm, i) => {
    const turn = Math.sqrt((i + 1) / count) * 3.2 * Math.PI;
    const jitter = 0.03 * Math.sin(i * 12.9898);
    return [(turn * Math.cos(turn + arm * Math.PI)) / 10 + jitter, (turn * Math.sin(turn + arm * Math.PI)) / 10 + jitter];
  });
  return { points, arms };
}

const SIZE = 80;
const REACH = 1.1;
const place = (pixel) => ((pixel + 0.5) / SIZE) * 2 * REACH - REACH;
const pixel = (place) => (((place + REACH) / (2 * REACH)) * SIZE).toFixed(1);

/** Every pixel of the square around the spirals, as a point. */
const GRID = Array.from({ length: SIZE * SIZE }, (_, i) => [place(i % SIZE), -place(Math.floor(i / SIZE))]);

/** From orange, one arm, over white, undecided, to blue, the other. */
const colorOf = (p) => (p < 0.5 ? [255, 150 + 210 * p, 80 + 350 * p] : [255 - 350 * (p - 0.5), 255 - 210 * (p - 0.5), 255]);

export default example(
  import.meta.url,
  "Two spirals and the boundary between them",
  "One neuron can only draw a straight line. A network of two hidden layers with 32 units each bends it until it winds around both arms. White is where it cannot tell; watch the middle, where the arms are closest: it stays white longest.",
  async ({ page, small, bar }) => {
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
    const over = points.map(([x, y], i) => `<circle cx="${pixel(x)}" cy="${pixel(-y)}" r=".7" fill="${arms[i] ? "#10237f" : "#8a2c00"}"/>`).join("");
    const frames = [];
    const film = {
      onEpochEnd: async (epoch, { accuracy }) => {
        // Every second epoch at first, when much happens; later every tenth.
        if ((epoch + 1) % (epoch < 60 ? 2 : 10) > 0) return;
        const inside = await (await model.predict(tensor(GRID), { batchSize: GRID.length })).data();
        frames.push({ pixels: Array.from(inside).flatMap(colorOf), width: SIZE, height: SIZE, channels: 3, smooth: true, label: `epoch ${epoch + 1}: ${Math.floor(100 * accuracy)} % right` });
      },
    };
    const { history } = await model.fit(points, arms, { epochs, batchSize: 32, callbacks: [film, ...bar(epochs)] });

    page.heading("The boundary moves").film(frames.map((frame) => ({ ...frame, over })));
    const shown = [0, 14, 24, frames.length - 1].map((i) => frames[i]);
    page.heading("At a glance").pictures(shown.map((frame) => ({ ...frame, over })), { scale: 1.9 });
    page.heading("Learning").plot({ loss: history.loss }, { y: "loss", log: true }).plot({ accuracy: history.accuracy }, { y: "accuracy" });
    return { accuracy: history.accuracy.at(-1), loss: history.loss.at(-1), weights: model.countParams() };
  },
);
