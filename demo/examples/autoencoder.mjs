// An auto-encoder: digits squeezed through a few numbers and drawn again; and what lies between two digits.
import { adam, layers, sequential, tensor } from "edgegrad";
import { imagesOf, inked, rowOf } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

const CODE = 16;
const SHOWN = 8;

export default example(
  import.meta.url,
  "An auto-encoder of digits",
  `The first half of the network squeezes 784 pixels into ${CODE} numbers, the second draws the digit again from those alone. Nobody says what the numbers mean. Half way between the numbers of two digits lies a picture that is a bit of both.`,
  async ({ page, small, digits, bar }) => {
    const { train, test } = await digits();
    const x = imagesOf(train, { count: small ? 2000 : 20_000 });
    const encoder = sequential({ seed: 1, layers: [layers.dense({ units: 128, activation: "relu", inputShape: [784] }), layers.dense({ units: CODE })] });
    const decoder = sequential({ seed: 2, layers: [layers.dense({ units: 128, activation: "relu", inputShape: [CODE] }), layers.dense({ units: 784, activation: "sigmoid" })] });
    const model = sequential({ layers: [encoder, decoder] });
    model.compile({ optimizer: adam({ learningRate: 0.002 }), loss: "binaryCrossentropy" });
    const { history } = await model.fit(x, x, { epochs: small ? 8 : 12, batchSize: 64, callbacks: bar() });

    const input = imagesOf(test, { count: SHOWN });
    const output = await model.predict(input);
    const [originals, drawn] = [await input.data(), await output.data()];
    const numbers = Array.from({ length: SHOWN }, (_, i) => i);
    page.heading("In, and out again").text(`Above, digits that the network has never seen; below, what it draws from ${CODE} numbers each.`);
    page.pictures(numbers.map((i) => inked(rowOf(originals, i), String(test.labels[i]))), { scale: 2.5 });
    page.pictures(numbers.map((i) => inked(rowOf(drawn, i), "drawn")), { scale: 2.5 });

    const [from, to] = await (await encoder.predict(input)).array();
    const ways = Array.from({ length: 8 }, (_, k) => from.map((value, i) => value + (k / 7) * (to[i] - value)));
    const between = await (await decoder.predict(tensor(ways))).data();
    page.heading(`On the way from a ${test.labels[0]} to a ${test.labels[1]}`).text("The codes of both, mixed in steps of a seventh, and drawn; beneath, how much of each.");
    page.pictures(ways.map((_, k) => inked(rowOf(between, k), `${7 - k} : ${k}`)), { scale: 2.5 });
    page.heading("Learning").plot({ loss: history.loss }, { y: "cross-entropy of pixels" });

    // A network that had learned nothing would draw the mean of all digits, every time.
    const error = (await output.sub(input).square().mean().data())[0];
    const ofMean = (await x.mean(0).sub(input).square().mean().data())[0];
    return { "numbers for 784 pixels": CODE, "squared error of a pixel": error, "of that of the mean digit": error / ofMean };
  },
);
