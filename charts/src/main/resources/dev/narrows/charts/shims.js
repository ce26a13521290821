'use strict';
// What browsers have and a bare engine lacks, as far as Vega and Vega-Lite use it.
globalThis.self = globalThis;
globalThis.structuredClone ??= function clone(value) {
  if (Array.isArray(value)) return value.map(clone);
  if (value instanceof Date) return new Date(+value);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clone(inner)]));
};
