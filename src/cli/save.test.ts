// Saving where it cannot be done: nothing trained is lost.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileError } from "../base/errors.js";
import { init } from "../engine/index.js";
import { layers, modelFromBytes, sequential } from "../nn/index.js";
import { save } from "./train.js";

test("a model that cannot be saved goes to the folder for temporary files, and the error says where", async () => {
  await init();
  const folder = await mkdtemp(join(tmpdir(), "edgegrad-save-"));
  await writeFile(join(folder, "file"), "");
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
  const failure = await save(model, join(folder, "file", "model.safetensors")).then(() => undefined, (error: unknown) => error);
  expect(failure).toBeInstanceOf(FileError);
  const [, rescue] = /The trained model lies in (\S+)\.$/.exec((failure as FileError).message)!;
  const kept = await modelFromBytes(new Uint8Array(await readFile(rescue!)), "rescued");
  expect(kept.getWeights().map((weight) => weight.dataSync())).toEqual(model.getWeights().map((weight) => weight.dataSync()));
  await rm(rescue!);
  await rm(folder, { recursive: true });
});
