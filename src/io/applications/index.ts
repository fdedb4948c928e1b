// Networks that come trained: one call loads one.
export { digits } from "./digits.js";
