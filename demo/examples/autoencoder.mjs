// An auto-encoder: digits squeezed through a few numbers and drawn again; and what lies between two digits.
import { adam, layers, sequential, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const CODE = 16;

export default example(
  import.meta.url,
  "An auto-encoder of digits",
  `The first half of the network squeezes 784 pixels into ${CODE} numbers, the second draws the digit from them. Nobody says what the numbers mean; the only goal is to get back what went in.`,
  async ({ page, small, digits, bar, say }) => {
    const { train, test } = await digits();
    const count = small ? 2000 : 20_000;
    const x = tensor(Float32Array.from(train.images.subarray(0, count * 784), (value) => value / 255), [count, 784]);
    const encoder = [layers.dense({ units: 128, activation: "relu", inputShape: [784] }), layers.dense({ units: CODE })];
    const decoder = [layers.dense({ units: 128, activation: "relu" }), layers.dense({ units: 784, activation: "sigmoid" })];
    const model = sequential({ seed: 1, layers: [...encoder, ...decoder] });
    model.compile({ optimizer: adam({ learningRate: 0.002 }), loss: "binaryCrossentropy" });
    const { history } = await model.fit(x, x, { epochs: small ? 8 : 12, batchSize: 64, callbacks: bar() });
    say("");

    const shown = 8;
    const originals = Float32Array.from(test.images.subarray(0, shown * 784), (value) => value / 255);
    const input = tensor(originals, [shown, 784]);
    const drawn = await (await model.predict(input)).data();
    const picture = (values, label) => ({ pixels: Array.from(values, (value) => 255 * value), width: 28, height: 28, label });
    page.heading("In, and out again").pictures(Array.from({ length: shown }, (_, i) => picture(originals.subarray(i * 784, (i + 1) * 784), `${test.labels[i]}`)));
    page.pictures(Array.from({ length: shown }, (_, i) => picture(drawn.subarray(i * 784, (i + 1) * 784), "")));

    // Half way between the codes of two digits lies something that is a bit of both.
    const codes = await encoder.reduce((value, layer) => layer.apply(value), input).array();
    const ways = Array.from({ length: 8 }, (_, k) => codes[0].map((from, i) => from + (k / 7) * (codes[1][i] - from)));
    const between = await decoder.reduce((value, layer) => layer.apply(value), tensor(ways)).data();
    page.heading(`From a ${test.labels[0]} to a ${test.labels[1]}`).pictures(ways.map((_, k) => picture(between.subarray(k * 784, (k + 1) * 784), "")));
    page.heading("Loss").lines({ loss: history.loss });

    const squared = originals.reduce((sum, value, i) => sum + (value - drawn[i]) ** 2, 0) / originals.length;
    const average = Float32Array.from({ length: 784 }, (_, i) => Array.from({ length: 500 }, (__, k) => train.images[k * 784 + i] / 255).reduce((a, b) => a + b, 0) / 500);
    const blank = originals.reduce((sum, value, i) => sum + (value - average[i % 784]) ** 2, 0) / originals.length;
    return { loss: history.loss.at(-1), squaredError: squared, ofTheMeanPicture: squared / blank };
  },
);
