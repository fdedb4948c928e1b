// CSV as a dataset: rows become { column: value }, or { xs, ys } where a column is the label. Files of any size, read in pieces.
import { FormatError, ValueError } from "../base/errors.js";
import { checkOptions, checkWord } from "../base/options.js";
import { nameOf, Reopened, type ByteSource } from "./bytes.js";
import { checkConfig, chooseColumns, readerOf, SKIP, type CsvColumn, type CsvColumnConfig, type CsvReader, type CsvValue, type Missing } from "./csvColumns.js";
import { csvRows, type CsvRow } from "./csvRows.js";
import { Dataset } from "./dataset.js";
import type { Pass } from "./stages/stage.js";

/** Options of csv; the first five as TensorFlow.js has them. */
export interface CsvOptions {
  /** Whether the first row holds names (true). */
  readonly hasHeader?: boolean;
  /** Names, in place of those in the file; without either columns are called column0, column1 … */
  readonly columnNames?: readonly string[];
  /** By column name. */
  readonly columnConfigs?: Readonly<Record<string, CsvColumnConfig>>;
  /** Reads only the columns of columnConfigs (false). */
  readonly configuredColumnsOnly?: boolean;
  /** What separates fields (","). */
  readonly delimiter?: string;
  /** Fields are separated by any number of spaces and tabs (false). */
  readonly delimWhitespace?: boolean;
  /** For a missing value without a default: "error" (default), "nan" for columns of numbers, "skip" leaves the row out. */
  readonly missing?: Missing;
  /** Texts that count as missing ("", "NA", "N/A", "NaN", "nan", "null", "?"). */
  readonly missingValues?: readonly string[];
  /** Gives features and labels as vectors of numbers, one-hot words in several places: what a dense layer takes (false). */
  readonly vectors?: boolean;
}

const OPTIONS = [
  "hasHeader", "columnNames", "columnConfigs", "configuredColumnsOnly", "delimiter", "delimWhitespace", "missing", "missingValues", "vectors",
] as const satisfies readonly (keyof CsvOptions)[]; // prettier-ignore

const MISSING_VALUES: readonly string[] = ["", "NA", "N/A", "NaN", "nan", "null", "?"];
const MISSING = ["error", "nan", "skip"] as const;

/** A row by column. */
export type CsvRecord = Readonly<Record<string, CsvValue>>;
/** A row of a table with labels. */
export interface CsvExample<V> {
  readonly xs: V;
  readonly ys: V;
}

/** A table read from CSV. */
export class CsvDataset<T> extends Dataset<T> {
  constructor(
    open: (pass: Pass) => AsyncGenerator<T, void, undefined>,
    private readonly plan: () => Promise<Plan>,
  ) {
    super(open);
  }

  /** Names of the columns that are read, in their order. Reads the beginning of the file. */
  async columnNames(): Promise<string[]> {
    return (await this.plan()).columns.map(({ name }) => name);
  }

  /** What stands in place i of the vectors of xs, or of a row where there are no labels: "age", or "city=Bonn" for one-hot words. */
  async featureNames(): Promise<string[]> {
    const { columns, words } = await this.plan();
    const features = columns.some(isLabel) ? columns.filter((column) => !isLabel(column)) : columns;
    return features.flatMap(({ name, config }) => (config.encoding === "oneHot" ? words.get(name)!.map((word) => `${name}=${word}`) : [name]));
  }

  /** The words of a column with a vocabulary, in the order of their numbers. */
  async vocabulary(column: string): Promise<readonly string[]> {
    const found = (await this.plan()).words.get(column);
    if (!found) throw new ValueError(`csv: vocabulary: column "${column}" has none. Set columnConfigs: { ${JSON.stringify(column)}: { vocabulary: true } }.`);
    return found;
  }
}

interface Plan {
  readonly columns: readonly CsvColumn[];
  readonly readers: readonly CsvReader[];
  readonly words: ReadonlyMap<string, readonly string[]>;
}

/**
 * A dataset of a CSV file's rows: { column: value }; { xs, ys } when a column is configured isLabel, each again { column: value }, or vectors.
 *
 * source: path, address, { text }, bytes, Blob or File, stream. A stream gives one pass, and with vocabulary: true it is held in memory.
 * Numbers are found by the first row that has a value; text stays text unless it has a vocabulary. UTF-8, RFC 4180.
 * The pass ends with FormatError, which names the line, for a row that is longer or shorter than the first, a quote that is not closed, text among
 * numbers, a missing value and a word outside its vocabulary.
 */
export function csv(source: ByteSource, options: CsvOptions & { readonly vectors: true }): CsvDataset<CsvExample<Float32Array>>;
export function csv(source: ByteSource, options?: CsvOptions): CsvDataset<CsvRecord | CsvExample<CsvRecord>>;
export function csv(source: ByteSource, options: CsvOptions = {}): CsvDataset<unknown> {
  checkOptions(options, OPTIONS, "csv");
  const { columnConfigs = {}, delimiter = ",", missing = "error", vectors = false } = options;
  if (typeof delimiter !== "string" || delimiter.length !== 1) throw new ValueError(`csv: delimiter: expected one character, got ${JSON.stringify(delimiter)}.`);
  checkWord(missing, MISSING, "csv: missing");
  for (const [name, config] of Object.entries(columnConfigs)) checkConfig(config, `csv: columnConfigs: ${name}`);
  const table = new CsvTable(source, options);
  return new CsvDataset(async function* () {
    const { columns, readers } = await table.plan();
    const labelled = columns.some(isLabel);
    const gather = vectors ? toVector : toRecord;
    for await (const { fields, line } of table.rows()) {
      const values = columns.map(({ at }, i) => readers[i]!(fields[at]!, line));
      if (values.includes(SKIP)) continue;
      const all = values as CsvValue[];
      if (!labelled) yield gather(columns, all, () => true, line, table.name);
      else yield { xs: gather(columns, all, (column) => !isLabel(column), line, table.name), ys: gather(columns, all, isLabel, line, table.name) };
    }
  }, () => table.plan());
}

function isLabel({ config }: CsvColumn): boolean {
  return config.isLabel === true;
}

type Gather = (columns: readonly CsvColumn[], values: readonly CsvValue[], wanted: (column: CsvColumn) => boolean, line: number, table: string) => CsvRecord | Float32Array;

const toRecord: Gather = (columns, values, wanted) => Object.fromEntries(columns.flatMap((column, i) => (wanted(column) ? [[column.name, values[i]!]] : [])));

const toVector: Gather = (columns, values, wanted, line, table) =>
  Float32Array.from(
    columns.flatMap((column, i) => {
      const value = values[i]!;
      if (!wanted(column)) return [];
      if (typeof value === "string") throw new FormatError(`${table}: line ${line}, column "${column.name}": expected numbers for a vector, got ${JSON.stringify(value)}. Give the column a vocabulary, or leave it out.`);
      return value instanceof Float32Array ? [...value] : [Number(value)];
    }),
  );

/** One file: its rows, checked for length, and what is found out about its columns. */
class CsvTable {
  readonly name: string;
  private planned: Promise<Plan> | undefined;
  private names: readonly string[] | undefined;

  private readonly source: Reopened;

  constructor(
    source: ByteSource,
    private readonly options: CsvOptions,
  ) {
    this.name = nameOf(source, "csv");
    this.source = new Reopened(source, this.name);
  }

  /** The rows behind the header, to be read, or to be looked at before. Throws FormatError for one of another length. */
  async *rows(open: "all" | "look" = "all"): AsyncGenerator<CsvRow, void, undefined> {
    const { hasHeader = true, columnNames, delimiter = ",", delimWhitespace = false } = this.options;
    let names = columnNames;
    let header = hasHeader;
    for await (const row of csvRows(this.source[open](), this.name, delimiter, delimWhitespace)) {
      names ??= hasHeader ? row.fields.map((field) => field.trim()) : row.fields.map((_, i) => `column${i}`);
      if (row.fields.length !== names.length) {
        throw new FormatError(`${this.name}: line ${row.line}: expected ${names.length} fields (${names.join(", ")}), got ${row.fields.length}. Is a separator missing, or a field with one not quoted?`);
      }
      if (header) {
        header = false;
        const twice = names.find((name, i) => names!.indexOf(name) !== i);
        if (twice !== undefined) throw new FormatError(`${this.name}: line ${row.line}: expected each column to have a name of its own, "${twice}" stands twice. Give columnNames.`);
        this.names = names;
        continue;
      }
      this.names ??= names;
      yield row;
    }
    if (names === undefined) throw new FormatError(`${this.name}: expected at least one row, the table is empty.`);
  }

  /** Made once, by reading on until every column has shown a value; to the end where vocabularies are to be found. */
  plan(): Promise<Plan> {
    return (this.planned ??= this.makePlan().catch((error: unknown) => {
      this.planned = undefined; // The next pass tries again.
      throw error;
    }));
  }

  private async makePlan(): Promise<Plan> {
    const { columnConfigs = {}, configuredColumnsOnly = false, columnNames, missing = "error", missingValues = MISSING_VALUES } = this.options;
    const none = new Set(missingValues);
    const found = new Map<string, Set<string>>();
    const examples: (string | undefined)[] = [];
    let columns = columnNames ? chooseColumns(columnNames, columnConfigs, configuredColumnsOnly, this.name) : undefined;
    const choose = (): CsvColumn[] => (columns ??= chooseColumns(this.names!, columnConfigs, configuredColumnsOnly, this.name));
    for await (const { fields } of this.rows("look")) {
      let open = 0;
      choose().forEach(({ name, at, config }, i) => {
        const text = fields[at]!.trim();
        if (config.vocabulary === true) {
          const texts = found.get(name) ?? new Set();
          found.set(name, texts);
          if (!none.has(text)) texts.add(text);
          else if (config.default !== undefined) texts.add(String(config.default));
          open++;
        } else if (examples[i] === undefined && config.dtype === undefined && config.vocabulary === undefined) {
          if (none.has(text)) open++;
          else examples[i] = text;
        }
      });
      if (open === 0) break;
    }
    const words = new Map(choose().flatMap(({ name, config }) => {
      if (config.vocabulary === undefined) return [];
      // By code units: the order must not depend on the machine's language.
      return [[name, config.vocabulary === true ? [...(found.get(name) ?? [])].sort((a, b) => (a < b ? -1 : 1)) : config.vocabulary] as const];
    }));
    const options = { table: this.name, missing, missingValues: none };
    return { columns: choose(), words, readers: choose().map((column, i) => readerOf(column, examples[i], words.get(column.name), options)) };
  }
}
