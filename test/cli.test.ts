// The built edgegrad command, as a user runs it: what it prints, saves and returns.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateDigits } from "../src/data/digits/generate.js";
import { readSafetensors } from "../src/formats/safetensors.js";
import { built } from "./shared.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function edgegrad(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [built("cli/main.js"), ...args], { cwd: folder }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode, stdout, stderr });
    });
  });
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1)!;
const SHORT = ["train", "digits", "--generated", "--steps", "12", "--batch-size", "64", "--seed", "7"];

/** Names of the model's weights in the order they are hashed in, and their sizes in elements. */
const MLP_WEIGHTS = ["dense/bias", "dense/kernel", "dense_1/bias", "dense_1/kernel"];

describe("train digits", () => {
  let first: Run;
  beforeAll(async () => {
    first = await edgegrad(...SHORT, "--json", "--out", "mlp.safetensors");
  });

  test("--json prints one line, with every figure", () => {
    expect(first.stderr).toMatch(/digits made by edgegrad's generator, not MNIST/);
    expect(first.status).toBe(0);
    expect(first.stdout.trim().split("\n").length).toBe(1);
    const report = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual(["testAccuracy", "testLoss", "epochs", "stepMs", "parameters", "arenaBytes", "weightsSha256"]);
    expect(report).toMatchObject({
      epochs: [{ valLoss: null, valAccuracy: null }],
      parameters: 407_050,
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(report["testAccuracy"]).toBeGreaterThan(0.3);
  });

  test("weightsSha256 is that of the weights' little-endian bytes in the order of their names", async () => {
    const { tensors } = readSafetensors(readFileSync(join(folder, "mlp.safetensors")), "mlp");
    const names = [...tensors.keys()].filter((name) => !name.startsWith("optimizer/") && !name.startsWith("random/")).sort();
    expect(names).toEqual(MLP_WEIGHTS);
    const bytes = Buffer.concat(names.map((name) => tensors.get(name)!.data));
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    expect((JSON.parse(first.stdout) as { weightsSha256: string }).weightsSha256).toBe(digest);
  });

  test("the same seed gives the same weights, another seed others", async () => {
    const sum = async (...args: string[]): Promise<string> => (JSON.parse((await edgegrad(...SHORT, "--json", ...args)).stdout) as { weightsSha256: string }).weightsSha256;
    const again = await sum();
    expect(again).toBe((JSON.parse(first.stdout) as { weightsSha256: string }).weightsSha256);
    expect(await sum("--seed", "8")).not.toBe(again);
  });

  test("the number of threads changes no weight", async () => {
    for (const threads of ["1", "3"]) {
      const { stdout } = await edgegrad(...SHORT, "--json", "--threads", threads);
      expect((JSON.parse(stdout) as { weightsSha256: string }).weightsSha256).toBe((JSON.parse(first.stdout) as { weightsSha256: string }).weightsSha256);
    }
  });

  test("--weights-only saves no optimizer state", async () => {
    await edgegrad(...SHORT, "--weights-only", "--out", "small.safetensors");
    const { tensors } = readSafetensors(readFileSync(join(folder, "small.safetensors")), "small");
    expect([...tensors.keys()].sort()).toEqual(MLP_WEIGHTS);
  });

  test("--validation-split, --augment and a schedule", async () => {
    const { stdout } = await edgegrad(...SHORT.slice(0, 3), "--epochs", "1", "--batch-size", "512", "--validation-split", "0.2", "--augment", "--schedule", "cosine", "--json");
    const [{ valLoss, valAccuracy }] = (JSON.parse(stdout) as { epochs: [{ valLoss: number; valAccuracy: number }] }).epochs;
    expect(valLoss).toBeGreaterThan(0);
    expect(valAccuracy).toBeGreaterThan(0.3);
  });

  test("a loss that is not finite ends the run with its step", async () => {
    const { status, stdout, stderr } = await edgegrad(...SHORT, "--optimizer", "sgd", "--learning-rate", "1e30", "--json");
    expect([status, stdout, stderr]).toEqual([1, "", expect.stringMatching(/edgegrad: fit: step 2: .* The weights are those from before this step/)]);
  });

  test("Ctrl-C stops after the step and saves what --out asks for; exit status 130", async () => {
    const child = spawn(process.execPath, [built("cli/main.js"), "train", "digits", "--generated", "--epochs", "1000", "--out", "stopped.safetensors"], { cwd: folder });
    let output = "";
    let sent = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      // A line an epoch, where standard output is no terminal: training is under way.
      if (!sent && output.includes("Epoch 1/")) {
        sent = true;
        child.kill("SIGINT");
      }
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(output).toMatch(/Stopping after this step/);
    expect(output).toMatch(/saved stopped\.safetensors/);
    expect(status).toBe(130);
    expect(readSafetensors(readFileSync(join(folder, "stopped.safetensors")), "stopped").tensors.size).toBeGreaterThan(4);
  });
});

describe("predict", () => {
  beforeAll(async () => {
    if (!existsSync(join(folder, "mlp.safetensors"))) await edgegrad(...SHORT, "--out", "mlp.safetensors");
    const { images, labels } = generateDigits({ count: 3, seed: 5 });
    writeFileSync(join(folder, "digits-idx3-ubyte"), Buffer.concat([Buffer.from([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28]), images]));
    writeFileSync(join(folder, "digit.pgm"), Buffer.concat([Buffer.from("P5 28 28 255\n"), images.subarray(0, 784)]));
    expect(labels.length).toBe(3);
  });

  test("shows each image and its likeliest digits", async () => {
    const { status, stdout } = await edgegrad("predict", "--model", "mlp.safetensors", "digit.pgm", "digits-idx3-ubyte#1-2");
    expect(status).toBe(0);
    expect(stdout.match(/^\S+: \d$/gm)?.map((line) => line.split(":")[0])).toEqual(["digit.pgm", "digits-idx3-ubyte#1", "digits-idx3-ubyte#2"]);
    expect(stdout.match(/^ {2}\d +[\d.]+ %/gm)?.length).toBe(9);
    expect(stdout).toMatch(/[█▓▀▄]{2}/);
  });

  test("--json prints a line an image: a row of an IDX file and the same picture as a PGM read alike", async () => {
    const { stdout } = await edgegrad("predict", "--model", "mlp.safetensors", "--json", "digits-idx3-ubyte#0", "digit.pgm");
    const [row, picture] = stdout.trim().split("\n").map((line) => JSON.parse(line) as { name: string; digit: number; probabilities: number[] });
    expect(row!.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(row!.digit).toBe(row!.probabilities.indexOf(Math.max(...row!.probabilities)));
    expect(picture!.digit).toBe(row!.digit);
  });

  test("a model file that is cut is refused by name", async () => {
    writeFileSync(join(folder, "cut.safetensors"), readFileSync(join(folder, "mlp.safetensors")));
    truncateSync(join(folder, "cut.safetensors"), 10_000);
    const { status, stderr } = await edgegrad("predict", "--model", "cut.safetensors", "digit.pgm");
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^edgegrad: cut\.safetensors: .* Is the file cut off\?/)]);
  });
});

describe("inspect", () => {
  test("shows layers, weights, the program and its cost; --html writes a page, --profile times the steps", async () => {
    await edgegrad(...SHORT, "--model", "lenet", "--out", "seen.safetensors");
    const { status, stdout } = await edgegrad("inspect", "seen.safetensors", "--html", "seen.html", "--profile", "--batch-size", "4");
    expect(status).toBe(0);
    expect(stdout).toMatch(/Total params: 61,706|Total params: 61706/);
    expect(stdout).toMatch(/conv2d\/kernel +float32\[5, 5, 1, 6\] +600 B +-0\.\d+ … 0\.\d+, mean/);
    expect(stdout).toMatch(/\nsteps\n[\s\S]*f32_gemm/);
    expect(stdout).toMatch(/cost of \[4, 28, 28, 1\]: \d+ steps, 3\.\d+ MFLOP/);
    expect(stdout).toMatch(/ms in \d+ steps; limits seen/);
    const page = readFileSync(join(folder, "seen.html"), "utf8");
    expect(page).toMatch(/<svg[\s\S]*conv2d_1\/kernel[\s\S]*Memory plan/);
  });
});

describe("start", () => {
  test("--no-serve trains, prints accuracy, confusion matrix and the saved file", async () => {
    const { status, stdout } = await edgegrad("start", "--no-serve", "--generated", "--epochs", "1");
    expect(status).toBe(0);
    expect(stdout).toMatch(/Epoch 1\/1/);
    expect(Number(/test accuracy ([\d.]+)/.exec(stdout)![1])).toBeGreaterThan(0.8);
    expect(stdout.match(/^ {5}\d( +(\d+|·)){10} +[\d.]+ %$/gm)?.length).toBe(10);
    expect(lastLine(stdout)).toBe("saved digits.safetensors");
    expect(existsSync(join(folder, "digits.safetensors"))).toBe(true);
  });
});

describe("wrong use is explained: status 2 for the command line, 1 for what it names", () => {
  const WRONG: [args: string[], status: number, message: RegExp][] = [
    [["fly"], 2, /^edgegrad: fly: no such command\. Allowed: train, predict, inspect, examples, start/],
    [["train"], 2, /^edgegrad: train: expected "digits", got nothing/],
    [["train", "digits", "--modle", "mlp"], 2, /^edgegrad: --modle: no such option\. Did you mean --model\?/],
    [["train", "digits", "--model", "vgg"], 2, /^edgegrad: --model: expected mlp, lenet, cnn, got "vgg"/],
    [["train", "digits", "--threads", "0"], 2, /^edgegrad: --threads: expected a whole number from 1 to 64, or auto, got "0"/],
    [["train", "digits", "--batch-size", "0"], 2, /^edgegrad: --batch-size: expected a whole number of at least 1, got "0"/],
    [["train", "digits", "--data", "nowhere"], 1, /^edgegrad: data: expected a folder .* nowhere is none/],
    [["predict", "digit.pgm"], 2, /^edgegrad: predict: expected --model FILE, got none/],
    [["predict", "--model", "none.safetensors", "digit.pgm"], 1, /^edgegrad: none\.safetensors: expected a model file, there is none/],
    [["inspect"], 2, /^edgegrad: inspect: expected one FILE, got none/],
    [["inspect", "none.safetensors"], 1, /^edgegrad: none\.safetensors: expected a model file, there is none/],
    [["start", "now"], 2, /^edgegrad: start: expected options only, got "now"/],
  ];
  for (const [args, status, message] of WRONG) {
    test(`edgegrad ${args.join(" ")}`, async () => {
      const run = await edgegrad(...args);
      expect([run.status, run.stdout, run.stderr]).toEqual([status, "", expect.stringMatching(message)]);
    });
  }

  test("--help names every option", async () => {
    const { status, stdout } = await edgegrad("train", "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/--validation-split X/);
  });
});
