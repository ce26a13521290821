/** The independent checker of certificates; it cannot read the kernels, nor whatever trains. */
module dev.narrows.verify {
  requires static org.jspecify;
  requires dev.narrows.core;
  requires transitive dev.narrows.network;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.narrows.verify;
}
