import { expect, it } from "vitest";
import { sequential } from "../sequential.js";
import { progressBar } from "./progressBar.js";

/** Runs two epochs of 3 steps, 400 ms each, and gives what was written. */
function record(isTTY: boolean, steps = 3): string {
  let clock = 0;
  let text = "";
  const bar = progressBar({ writer: { isTTY, write: (part) => void (text += part) }, now: () => clock });
  bar.onTrainBegin?.({ model: sequential(), epochs: 2, steps, samples: 384, batchSize: 128 });
  for (let epoch = 0; epoch < 2; epoch++) {
    bar.onEpochBegin?.(epoch);
    for (let batch = 0; batch < 3; batch++) {
      clock += 400;
      bar.onBatchEnd?.(batch, { loss: 0.5, accuracy: 0.75 });
    }
    bar.onEpochEnd?.(epoch, { loss: 0.25, accuracy: 0.875, val_loss: 0.0001 });
  }
  bar.onTrainEnd?.({});
  return text;
}

it("[U4] draws steps, bar, time left and running numbers, then duration, time of a step and validation", () => {
  const lines = record(true).split(/[\r\n]+/);
  expect(lines.slice(0, 5)).toEqual([
    "Epoch 1/2",
    "1/3 [=========>....................] - ETA: 1s - loss: 0.5000 - accuracy: 0.7500",
    "2/3 [===================>..........] - ETA: 1s - loss: 0.5000 - accuracy: 0.7500",
    "3/3 [==============================] - ETA: 0s - loss: 0.5000 - accuracy: 0.7500",
    "3/3 [==============================] - 1s 400ms/step - loss: 0.2500 - accuracy: 0.8750 - val_loss: 1.0000e-4",
  ]);
  expect(lines[5]).toBe("Epoch 2/2");
});

it("writes one plain line an epoch where it is not a terminal", () => {
  expect(record(false)).toBe(
    "Epoch 1/2 - 3/3 - 1s 400ms/step - loss: 0.2500 - accuracy: 0.8750 - val_loss: 1.0000e-4\n" +
      "Epoch 2/2 - 3/3 - 1s 400ms/step - loss: 0.2500 - accuracy: 0.8750 - val_loss: 1.0000e-4\n",
  );
});

it("learns in the first epoch how many steps a data set has", () => {
  const lines = record(true, Infinity).split(/[\r\n]+/);
  expect(lines[1]).toBe("1/Unknown - loss: 0.5000 - accuracy: 0.7500");
  expect(lines[7]).toMatch(/^2\/3 \[=+>\.+\] - ETA: 1s - loss/);
});
