#!/usr/bin/env node
// The edgegrad command: picks the subcommand, turns errors into messages and exit statuses.
import { EXAMPLES_HELP, examples } from "./examples.js";
import { INSPECT_HELP, inspect } from "./inspect.js";
import { PREDICT_HELP, predict } from "./predict.js";
import { UsageError } from "./options.js";
import { START_HELP, start } from "./start.js";
import { TRAIN_HELP, train } from "./train.js";

interface Command {
  readonly run: (args: readonly string[]) => Promise<number>;
  readonly help: string;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  train: { run: train, help: TRAIN_HELP },
  predict: { run: predict, help: PREDICT_HELP },
  inspect: { run: inspect, help: INSPECT_HELP },
  examples: { run: examples, help: EXAMPLES_HELP },
  start: { run: start, help: START_HELP },
};

/** Wrong use, as opposed to 1 for what went wrong. */
const USAGE = 2;

// Output that cannot be written ends the command: quietly when its reader went away ("| head"), as other tools do.
process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== "EPIPE") console.error(`edgegrad: standard output: expected to be written, got: ${message}.`);
  process.exit(1);
});
process.stderr.on("error", () => process.exit(1));

const [name = "--help", ...args] = process.argv.slice(2);
process.exitCode = await main(name, args);

async function main(name: string, args: readonly string[]): Promise<number> {
  if (name === "--help" || name === "-h") {
    console.log(Object.values(COMMANDS).map(({ help }) => help).join("\n\n"));
    return 0;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new UsageError(`${name}: no such command. Allowed: ${Object.keys(COMMANDS).join(", ")}`);
    if (args.includes("--help") || args.includes("-h")) {
      console.log(command.help);
      return 0;
    }
    return await command.run(args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // A stack helps with what is ours to fix only.
    const ours = error.name === "InternalError" || error instanceof TypeError || error instanceof RangeError || Boolean(process.env.DEBUG);
    console.error(`edgegrad: ${ours ? error.stack : error.message}`);
    return error instanceof UsageError ? USAGE : 1;
  }
}
