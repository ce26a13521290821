package dev.narrows.network.execute;

/** Runs a network, or what a network stands for, on inputs; one run at a time. */
public interface NetworkRunner extends AutoCloseable {
  /**
   * The outputs for the images of a source.
   *
   * @throws IllegalArgumentException naming the image, if a code is not one of the input's format
   * @throws LayerArithmeticException if an exact sum leaves 64 bits, or a float is not a number
   */
  Execution run(ImageSource source, RunOptions options);

  /** Ends its threads and frees what it holds. */
  @Override
  void close();
}
