// Callbacks that steer: told of numbers chosen by the test, or in trainings.
import { beforeAll, describe, expect, it } from "vitest";
import { ValueError } from "../../base/errors.js";
import { init } from "../../engine/index.js";
import { layers, sequential, sgd, type Callback, type Sequential } from "../index.js";
import { earlyStopping, halveAndRepeat, history, learningRateScheduler, reduceLROnPlateau, terminateOnNaN, type EarlyStoppingOptions, type ReduceLROnPlateauOptions } from "./index.js";

beforeAll(() => init());

function line(learningRate = 0.1): Sequential {
  const model = sequential({ seed: 1, layers: [layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: sgd({ learningRate }), loss: "mse" });
  return model;
}

const X = [[1], [2], [-1], [0.5]];
const Y = [[2], [4], [-2], [1]];
const bits = (model: Sequential) => model.getWeights().map((weight) => weight.dataSync());

/** Tells a callback of epochs with these values of val_loss, until it stops; gives the number of epochs. */
async function told(callback: Callback, values: readonly number[], model = line(), name = "val_loss"): Promise<number> {
  await callback.onTrainBegin?.({ model, epochs: values.length, steps: 1, samples: 4, batchSize: 4 });
  model.stopTraining = false;
  let epoch = 0;
  while (epoch < values.length && !model.stopTraining) {
    await callback.onEpochBegin?.(epoch);
    await callback.onEpochEnd?.(epoch, { loss: 0, [name]: values[epoch]! });
    epoch++;
  }
  await callback.onTrainEnd?.({});
  return epoch;
}

describe("earlyStopping", () => {
  const ROWS: [what: string, options: EarlyStoppingOptions, values: number[], epochs: number, best: number][] = [
    ["patience 0: the first epoch without gain is the last", {}, [3, 2, 2, 1], 3, 1],
    ["patience 2: two such epochs in a row", { patience: 2 }, [3, 2, 4, 1, 2, 2, 0], 6, 3],
    ["minDelta: a smaller gain is none", { minDelta: 0.5 }, [3, 2, 1.6, 0], 3, 1],
    ["larger is better for accuracies", { monitor: "val_accuracy" }, [0.1, 0.5, 0.4, 0.9], 3, 1],
    ["and where mode says so", { monitor: "val_gain", mode: "max" }, [1, 2, 1, 3], 3, 1],
    ["baseline: what does not beat it is no gain", { baseline: 1, patience: 2 }, [3, 2, 2.5, 0.5], 3, 1],
    ["baseline: the best epoch so far is not the last", { baseline: 1, patience: 2 }, [3, 2, 1.5, 0.5, 0.6, 0.7], 6, 3],
    ["patience 0: the first epoch is not the last", {}, [NaN, NaN, 1], 2, 0],
    ["baseline: beaten in time", { baseline: 1, patience: 2 }, [3, 0.5, 0.4, 0.6, 0.7], 5, 2],
    ["startFromEpoch: earlier ones are not looked at", { startFromEpoch: 3 }, [1, 2, 3, 4, 5, 0], 5, 3],
    ["NaN is never a gain", { patience: 2 }, [NaN, NaN, 1], 2, 0],
  ];
  it.each(ROWS)("%s", async (_what, options, values, epochs, best) => {
    const callback = earlyStopping(options);
    expect(await told(callback, values, line(), options.monitor)).toBe(epochs);
    expect(callback.bestEpoch).toBe(best);
    expect(callback.stoppedEpoch).toBe(epochs - 1);
  });

  it.each([["patience ends", 1], ["the epochs end", 100]])("puts the best epoch's weights back when %s", async (_what, patience) => {
    const model = line();
    const seen: unknown[] = [];
    // From the third epoch on, each step leads further away.
    const spoil = learningRateScheduler((epoch) => (epoch < 3 ? 0.1 : 2));
    const stopping = earlyStopping({ monitor: "val_loss", patience, restoreBestWeights: true });
    const { history: logs } = await model.fit(X, Y, { epochs: 6, validationData: [X, Y], callbacks: [spoil, { onEpochEnd: () => void seen.push(bits(model)) }, stopping] });
    expect(stopping.bestEpoch).toBe(2);
    expect(logs["val_loss"]!.length).toBe(patience === 1 ? 4 : 6);
    expect(bits(model)).toEqual(seen[2]);
    expect((await model.evaluate(X, Y))["loss"]).toBe(Math.min(...logs["val_loss"]!));
  });

  it("passes epochs without validation over, and asks for what is never there", async () => {
    const model = line();
    const stopping = earlyStopping({ patience: 1 });
    await model.fit(X, Y, { epochs: 6, validationFreq: 2, validationData: [X, Y], callbacks: stopping });
    expect(stopping.bestEpoch).toBe(5);
    await expect(model.fit(X, Y, { callbacks: stopping })).rejects.toThrow('earlyStopping: expected "val_loss" in the logs, got loss. Is validation data missing?');
    expect(() => earlyStopping({ patient: 2 } as never)).toThrow('Did you mean "patience"?');
  });
});

describe("learning rates", () => {
  const ROWS: [what: string, options: ReduceLROnPlateauOptions, values: number[], rates: number[]][] = [
    ["by the factor, after patience", { factor: 0.5, patience: 2 }, [3, 3, 3, 3, 3, 2], [1, 1, 0.5, 0.5, 0.25, 0.25]],
    ["not within minDelta", { factor: 0.5, patience: 1, minDelta: 0.5 }, [3, 2.6, 2, 1.9], [1, 0.5, 0.5, 0.25]],
    ["not below minLr", { factor: 0.1, patience: 1, minLr: 0.05 }, [3, 3, 3, 3], [1, 0.1, 0.05, 0.05]],
    // As in Keras, the epoch in which cooling ends counts again.
    ["not while it cools down", { factor: 0.5, patience: 1, cooldown: 2 }, [3, 3, 3, 3, 3], [1, 0.5, 0.5, 0.25, 0.25]],
  ];
  it.each(ROWS)("reduceLROnPlateau lowers it %s", async (_what, options, values, rates) => {
    const model = line(1);
    const callback = reduceLROnPlateau(options);
    const seen: number[] = [];
    await callback.onTrainBegin!({ model, epochs: 9, steps: 1, samples: 1, batchSize: 1 });
    for (const [epoch, value] of values.entries()) {
      await callback.onEpochEnd!(epoch, { val_loss: value });
      seen.push(model.optimizer.learningRate);
    }
    expect(seen.map((rate) => Number(rate.toPrecision(12)))).toEqual(rates);
  });

  it("learningRateScheduler sets it for each epoch, from the one before, and the history has it", async () => {
    let text = "";
    const scheduler = learningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2), { verbose: 1, writer: { write: (part) => (text += part) } });
    const { history: logs } = await line(0.1).fit(X, Y, { epochs: 3, callbacks: scheduler });
    expect(logs["learning_rate"]).toEqual([0.1, 0.05, 0.025]);
    expect(text.split("\n")[1]).toBe("Epoch 2: learning rate is set to 0.05");
    await expect(line().fit(X, Y, { callbacks: learningRateScheduler(() => NaN) })).rejects.toThrow("learningRateScheduler: learning rate of epoch 0");
  });

  it("halveAndRepeat takes an epoch back that makes validation worse, and trains it again on the same examples with half the rate", async () => {
    const model = line(3);
    const { epoch, history: logs } = await model.fit(X, Y, { epochs: 3, batchSize: 2, validationData: [X, Y], callbacks: halveAndRepeat() });
    expect(epoch).toEqual([...epoch].sort());
    expect(epoch.at(-1)).toBe(2);
    // The last try of each epoch is better than that of the epoch before.
    const last = [0, 1, 2].map((e) => epoch.lastIndexOf(e));
    expect(logs["val_loss"]![last[1]!]).toBeLessThan(logs["val_loss"]![last[0]!]!);
    expect(logs["val_loss"]![last[2]!]).toBeLessThan(logs["val_loss"]![last[1]!]!);
    const rates = logs["learning_rate"]!;
    expect(rates.length).toBeGreaterThan(3);
    rates.slice(1).forEach((rate, i) => expect(rate).toBe(epoch[i + 1] === epoch[i] ? rates[i]! / 2 : rates[i]));
    expect(model.epochsTrained).toBe(3);
    // What was taken back left no trace: the same rates without it lead to the same bits.
    const plain = line(3);
    await plain.fit(X, Y, { epochs: 3, batchSize: 2, callbacks: learningRateScheduler((e) => rates[last[e]!]!) });
    expect(bits(plain)).toEqual(bits(model));
  });

  it("halveAndRepeat ends the run, with the best weights, when no rate helps", async () => {
    const model = line();
    let best: unknown;
    const worse: Callback = {
      onEpochEnd(epoch, logs) {
        logs["badness"] = epoch;
        if (epoch === 0) best = bits(model);
      },
    };
    const { epoch } = await model.fit(X, Y, { epochs: 5, callbacks: [worse, halveAndRepeat({ monitor: "badness", attempts: 3 })] });
    expect(epoch).toEqual([0, 1, 1, 1]);
    expect(bits(model)).toEqual(best);
  });
});

describe("terminateOnNaN", () => {
  it("ends the run without an error; the weights are those from before the step", async () => {
    let text = "";
    const [model, oneStep] = [line(), line()];
    const bad = [[2], [4], [-3e38], [1]];
    const logs = await model.fit(X, bad, { epochs: 3, batchSize: 2, shuffle: false, callbacks: terminateOnNaN({ writer: { write: (part) => (text += part) } }) });
    expect(logs.epoch).toEqual([]);
    expect(text).toMatch(/^Batch 1: invalid loss, terminating training. fit: step 2: the loss is Infinity/);
    await oneStep.fit(X.slice(0, 2), bad.slice(0, 2), { batchSize: 2, shuffle: false });
    expect(bits(model)).toEqual(bits(oneStep));
    await expect(line().fit(X, bad, { batchSize: 2 })).rejects.toThrow(ValueError);
  });
});

it("history() keeps what fit returns", async () => {
  const kept = history();
  const returned = await line().fit(X, Y, { epochs: 2, callbacks: kept });
  expect(returned).toEqual(kept);
});

it("setModel tells a callback the model before the run begins", async () => {
  const [model, told] = [line(), [] as unknown[]];
  await model.fit(X, Y, { callbacks: { setModel: (given) => told.push(given), onTrainBegin: () => void told.push("begin") } });
  expect(told).toEqual([model, "begin"]);
});
