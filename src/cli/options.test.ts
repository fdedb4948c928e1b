import { describe, expect, test } from "vitest";
import { choice, describeOptions, flag, fraction, readOptions, text, UsageError, whole } from "./options.js";

const RULES = {
  model: choice(["mlp", "lenet"], "the network", "mlp"),
  epochs: whole("times through the data", 5, 1),
  threads: whole("threads", 1, 1, 1),
  "learning-rate": fraction("step size", undefined, 0, Infinity),
  "validation-split": fraction("share held back", undefined, 0, 1),
  out: text("FILE", "where to save", undefined),
  json: flag("one line of JSON"),
};

test("what is not given has its fallback; the rest comes back in order", () => {
  const { options, rest } = readOptions(["digits", "--epochs", "2", "--json", "more", "--out=a b"], RULES);
  expect(options).toEqual({ model: "mlp", epochs: 2, threads: 1, "learning-rate": undefined, "validation-split": undefined, out: "a b", json: true });
  expect(rest).toEqual(["digits", "more"]);
});

describe("what is refused, and how", () => {
  const REFUSED: [args: string[], message: string][] = [
    [["--epoch", "2"], "--epoch: no such option. Did you mean --epochs? Allowed: --model, --epochs, --threads, --learning-rate, --validation-split, --out, --json"],
    [["-x"], "-x: no such option. Allowed: --model, --epochs, --threads, --learning-rate, --validation-split, --out, --json"],
    [["--toString"], "--toString: no such option. Allowed: --model, --epochs, --threads, --learning-rate, --validation-split, --out, --json"],
    [["--model", "resnet"], `--model: expected mlp, lenet, got "resnet"`],
    [["--epochs", "0"], `--epochs: expected a whole number of at least 1, got "0"`],
    [["--epochs", "2.5"], `--epochs: expected a whole number of at least 1, got "2.5"`],
    [["--epochs=-3"], `--epochs: expected a whole number of at least 1, got "-3"`],
    [["--epochs", ""], `--epochs: expected a whole number of at least 1, got ""`],
    [["--epochs"], "--epochs: expected a value, N"],
    [["--threads", "2"], `--threads: expected a whole number 1, got "2"`],
    [["--learning-rate", "0"], `--learning-rate: expected a number above 0, got "0"`],
    [["--learning-rate", "fast"], `--learning-rate: expected a number above 0, got "fast"`],
    [["--validation-split", "1"], `--validation-split: expected a number between 0 and 1, got "1"`],
    [["--out", "--json"], "--out: expected a value, FILE"],
    [["--json=yes"], `--json: takes no value, got "yes"`],
  ];
  for (const [args, message] of REFUSED) {
    test(args.join(" "), () => {
      expect(() => readOptions(args, RULES)).toThrow(new UsageError(message));
    });
  }
});

test("the help names every option, its value and its fallback", () => {
  expect(describeOptions({ model: RULES.model, json: RULES.json })).toBe(
    "  --model mlp|lenet  the network (mlp)\n  --json             one line of JSON",
  );
});
