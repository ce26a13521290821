/**
 * The arithmetic Narrows is about, as the plainest scalar code: the truth every faster twin must
 * equal.
 */
module dev.narrows.core {
  requires static org.jspecify;

  exports dev.narrows.core.accumulator;
  exports dev.narrows.core.bound;
  exports dev.narrows.core.dot;
  exports dev.narrows.core.format;
  exports dev.narrows.core.lane;
  exports dev.narrows.core.order;
  exports dev.narrows.core.prune;
  exports dev.narrows.core.quantize;
  exports dev.narrows.core.quantize.a2q;
}
