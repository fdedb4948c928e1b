// The status slot: the first failure of a run stays. Codes: STATUS in src/program/program.ts.

export const INDEX_OUT_OF_RANGE: i32 = 1;
export const NOT_FINITE: i32 = 2;
export const SINGULAR: i32 = 3;
export const NOT_POSITIVE_DEFINITE: i32 = 4;

export function report(status: usize, code: i32, step: i32, element: i32): void {
  if (status == 0 || load<i32>(status) != 0) return;
  store<i32>(status, code);
  store<i32>(status, step, 4);
  store<i32>(status, element, 8);
}
