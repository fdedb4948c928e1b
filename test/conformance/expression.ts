// Formulas as the golden cases write them, "y = x*x + torch.sin(x)*x.detach()", evaluated over tensors: a descent parser for + − * / @ ^ **, calls of functions
// and methods, names, numbers, and rows of assignments.

export interface Evaluation<T> {
  /** What a name stands for: an input, an attribute. */
  name(name: string): T | undefined;
  number(value: number): T;
  /** Calls a function or an operator (add, sub, mul, div, matmul, pow, neg) by name; numbers stand in the text. */
  call(name: string, args: readonly (T | number)[]): T;
}

/** The values of "a = …, b = …" by name; a bare formula is called y. Throws SyntaxError where the text is none. */
export function evaluateFormulas<T>(text: string, on: Evaluation<T>): Record<string, T> {
  // A remark may follow: "(x used four times)".
  return new Parser(tokensOf(text.replace(/\s\([^()]*[A-Za-z] [A-Za-z][^()]*\)\s*$/, "")), on).assignments();
}

function tokensOf(text: string): string[] {
  const tokens = text.match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[A-Za-z_]\w*|\*\*|[-+*/@^(),=.]|\S/g) ?? [];
  const wrong = tokens.find((token) => !/^(?:[\d.][\w.+-]*|[A-Za-z_]\w*|\*\*|[-+*/@^(),=.])$/.test(token));
  if (wrong !== undefined) throw new SyntaxError(`formula: "${wrong}" in ${text}`);
  return tokens;
}

/** Operators from the loosest to the tightest; those of a row associate to the left. */
const LEVELS: readonly Readonly<Record<string, string>>[] = [{ "+": "add", "-": "sub" }, { "*": "mul", "/": "div", "@": "matmul" }];

/** Prefixes of functions that say nothing. */
const MODULES: ReadonlySet<string> = new Set(["torch", "F", "np"]);

class Parser<T> {
  private at = 0;
  constructor(
    private readonly tokens: readonly string[],
    private readonly on: Evaluation<T>,
  ) {}

  assignments(): Record<string, T> {
    const found: Record<string, T> = {};
    do {
      const named = this.tokens[this.at + 1] === "=";
      const name = named ? this.tokens[this.at]! : "y";
      if (named) this.at += 2;
      found[name] = this.value(this.binary(0));
    } while (this.take(","));
    if (this.at < this.tokens.length) throw new SyntaxError(`formula: "${this.tokens[this.at]}" after its end`);
    return found;
  }

  private binary(level: number): T | number {
    const operators = LEVELS[level];
    if (operators === undefined) return this.power();
    let left = this.binary(level + 1);
    for (let name = operators[this.tokens[this.at] ?? ""]; name !== undefined; name = operators[this.tokens[this.at] ?? ""]) {
      this.at++;
      left = this.on.call(name, [left, this.binary(level + 1)]);
    }
    return left;
  }

  /** Tighter than a sign before it, and from the right: −x^2^3 = −(x^(2^3)). */
  private power(): T | number {
    if (this.take("-")) {
      const x = this.power();
      return typeof x === "number" ? -x : this.on.call("neg", [x]);
    }
    const base = this.methods(this.atom());
    return this.take("^") || this.take("**") ? this.on.call("pow", [base, this.power()]) : base;
  }

  /** x.sum(), x.T: the value is the function's first argument. */
  private methods(object: T | number): T | number {
    let value = object;
    while (this.take(".")) {
      const name = this.tokens[this.at++] ?? "";
      value = this.on.call(name, [value, ...(this.take("(") ? this.arguments() : [])]);
    }
    return value;
  }

  private arguments(): (T | number)[] {
    const args: (T | number)[] = [];
    while (!this.take(")")) {
      args.push(this.binary(0));
      if (this.tokens[this.at] !== ")") this.expect(",");
    }
    return args;
  }

  private atom(): T | number {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new SyntaxError("formula: ends too early");
    if (token === "(") {
      const inside = this.binary(0);
      this.expect(")");
      return inside;
    }
    if (/^[\d.]/.test(token)) return Number(token);
    if (MODULES.has(token) && this.take(".")) return this.atom();
    if (!this.take("(")) {
      const value = this.on.name(token);
      if (value === undefined) throw new SyntaxError(`formula: "${token}" is not known`);
      return value;
    }
    return this.on.call(token, this.arguments());
  }

  private value(x: T | number): T {
    return typeof x === "number" ? this.on.number(x) : x;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new SyntaxError(`formula: expected "${token}", got "${this.tokens[this.at] ?? "the end"}"`);
  }
}
