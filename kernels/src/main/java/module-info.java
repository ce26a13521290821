/** Matrix products whose registers behave like {@code dev.narrows.core}'s, at vector speed. */
module dev.narrows.kernels {
  requires transitive dev.narrows.core;
  requires jdk.incubator.vector;
  requires static org.jspecify;

  exports dev.narrows.kernels;
}
