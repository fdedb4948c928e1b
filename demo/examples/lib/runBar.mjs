// A progress bar over a whole run, for runs of many short epochs: one line that is drawn again, or ten lines where there is no terminal.

const WIDTH = 30;

export class RunBar {
  constructor(writer) {
    this.writer = writer;
  }

  onTrainBegin({ epochs }) {
    this.epochs = epochs;
  }

  onEpochEnd(epoch, logs) {
    const done = epoch + 1;
    this.last = `epoch ${done}/${this.epochs}${Object.entries(logs).map(([name, value]) => ` - ${name}: ${value.toFixed(4)}`).join("")}`;
    const full = Math.floor((WIDTH * done) / this.epochs);
    if (this.writer.isTTY) this.writer.write(`\r[${"=".repeat(full).padEnd(WIDTH, ".")}] ${this.last}`);
    else if (done % Math.ceil(this.epochs / 10) === 0) this.writer.write(`${this.last}\n`);
  }

  onTrainEnd() {
    if (this.writer.isTTY) this.writer.write("\n");
  }
}
