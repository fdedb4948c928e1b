// The command's side of a contender's process: starts it, asks it, ends it.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A contender that needs longer for one answer is given up. */
const PATIENCE_MS = 60_000;

export class ContenderProcess {
  #child;
  #waiting = null;
  #errors = "";

  /** command: [program, ...arguments] */
  constructor([program, ...args], env) {
    this.#child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["pipe", "ignore", "pipe", "pipe"] });
    this.#child.on("error", (error) => this.#settle({ error: error.message }));
    this.#child.on("close", (code, signal) => this.#settle({ error: `ended with ${signal ?? `exit code ${code}`}${lastLine(this.#errors)}` }));
    this.#child.stderr.setEncoding("utf8").on("data", (text) => (this.#errors = (this.#errors + text).slice(-2000)));
    this.#child.stdin.on("error", () => {}); // it has ended, and "close" says so
    createInterface({ input: this.#child.stdio[3] }).on("line", (line) => this.#settle(JSON.parse(line)));
  }

  /** The answer to one message; { error } when the process fails or takes too long. */
  async ask(message) {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return { error: `has ended${lastLine(this.#errors)}` };
    const answered = new Promise((resolve) => (this.#waiting = resolve));
    const timer = setTimeout(() => {
      this.#settle({ error: `gave no answer within ${PATIENCE_MS / 1000} s` });
      this.end();
    }, PATIENCE_MS);
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    const answer = await answered;
    clearTimeout(timer);
    return answer;
  }

  end() {
    this.#child.kill("SIGKILL");
  }

  #settle(answer) {
    this.#waiting?.(answer);
    this.#waiting = null;
  }
}

/** What it last complained about, as the end of a sentence. */
function lastLine(text) {
  const lines = text.trim().split("\n");
  const line = lines.findLast((each) => /error/i.test(each)) ?? lines.at(-1);
  return line ? `: ${line.trim().slice(0, 300)}` : "";
}
