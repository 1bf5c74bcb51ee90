/** The filter of calls that narrows nothing: what every other one begins with. */
import type { CallFilter } from "./types/CallFilter";

export const everything: CallFilter = {
  connection: null,
  from: null,
  to: null,
  search: "",
  direction: null,
  outcome: null,
  number: null,
  person: null,
  line: null,
  customer: null,
  caller: null,
};
