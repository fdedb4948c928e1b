// csvLogger: the logs of each epoch as a row of a CSV file.
import { readIfThere, writeAtomically } from "../../data/files.js";
import { ValueError } from "../../base/errors.js";
import { checkOptions } from "../../base/options.js";
import type { Callback, Logs } from "../../nn/callbacks/callback.js";

/** Options of csvLogger. */
export interface CsvLoggerOptions {
  /** Between fields (","). */
  readonly separator?: string;
  /** Keeps the rows that the file has, for a training that goes on (false: the file begins anew with the first epoch's end). */
  readonly append?: boolean;
}

/** Stands where a row has no value of a column. */
const NONE = "NA";

/**
 * A callback that keeps a CSV file of epoch, loss, metrics and their val_ twins. After every epoch the file is whole and on disk, whatever
 * ends the run; a value that turns up later (with validationFreq) gets a column, and NA in the rows before.
 *
 * With backupAndRestore it goes on where the backup stands. Throws FileError where the file cannot be written. Keras' CSVLogger
 */
export function csvLogger(path: string, options: CsvLoggerOptions = {}): Callback {
  const { separator = ",", append = false } = checkOptions(options, ["separator", "append"], "csvLogger");
  if (typeof path !== "string" || path === "") throw new ValueError(`csvLogger: expected the path of a file, got ${JSON.stringify(path)}.`);
  let columns: string[] = [];
  let rows: Record<string, string>[] = [];
  const text = (): string => {
    const table = [columns, ...rows.map((cells) => columns.map((name) => cells[name] ?? NONE))];
    return table.map((cells) => `${cells.map((cell) => quoted(cell, separator)).join(separator)}\n`).join("");
  };
  return {
    async onTrainBegin() {
      const found = append ? await readIfThere(path) : undefined;
      [columns, rows] = found ? parse(new TextDecoder().decode(found), separator) : [[], []];
    },
    async onEpochEnd(epoch: number, logs: Logs) {
      const row: Record<string, string> = { epoch: String(epoch) };
      for (const [name, value] of Object.entries(logs)) row[name] = String(value);
      for (const name of Object.keys(row)) if (!columns.includes(name)) columns.push(name);
      rows.push(row);
      await writeAtomically(path, new TextEncoder().encode(text()));
    },
    // A run that goes on from a backup writes the epochs since then again.
    saveState: () => ({ values: { text: text() } }),
    loadState: ({ values }) => void ([columns, rows] = parse(String(values["text"]), separator)),
  };
}

/** Metrics' names are chosen by users. */
function quoted(cell: string, separator: string): string {
  return cell.includes(separator) || /["\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** What this callback wrote before: one line a row, since names with line breaks are written by nobody. */
function parse(text: string, separator: string): [columns: string[], rows: Record<string, string>[]] {
  const [head, ...lines] = text.split(/\r?\n/).filter((line) => line !== "").map((line) => cellsOf(line, separator));
  const columns = head ?? [];
  return [columns, lines.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? NONE])))];
}

function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quotedCell = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (char === '"' && quotedCell && line[i + 1] === '"') cell += line[++i]!;
    else if (char === '"') quotedCell = !quotedCell;
    else if (!quotedCell && line.startsWith(separator, i)) {
      cells.push(cell);
      cell = "";
      i += separator.length - 1;
    } else cell += char;
  }
  return [...cells, cell];
}
