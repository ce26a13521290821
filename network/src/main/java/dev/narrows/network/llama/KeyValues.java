package dev.narrows.network.llama;

/**
 * Keys and values of the tokens that windows hold so far, [window][channel][position] for every
 * layer; or for one layer at a time, where nothing follows that would look back.
 */
final class KeyValues {
  private final LlamaShape shape;
  private final int windows;
  private final int capacity;
  private final float[][] keys;
  private final float[][] values;
  private int past;

  private KeyValues(LlamaShape shape, int windows, int capacity, int layers) {
    this.shape = shape;
    this.windows = windows;
    this.capacity = capacity;
    long size = (long) windows * shape.keyDim() * capacity;
    this.keys = new float[layers][Math.toIntExact(size)];
    this.values = new float[layers][Math.toIntExact(size)];
  }

  /** For windows that are run once, as a whole. */
  static KeyValues ofOnePass(LlamaShape shape, int windows, int length) {
    return new KeyValues(shape, windows, length, 1);
  }

  /** For windows that grow, up to {@code capacity} tokens. */
  static KeyValues growing(LlamaShape shape, int windows, int capacity) {
    return new KeyValues(shape, windows, capacity, shape.layers());
  }

  int windows() {
    return windows;
  }

  int capacity() {
    return capacity;
  }

  /** Tokens of every window that are there. */
  int past() {
    return past;
  }

  /** So many more are there, in all layers. */
  void grow(int count) {
    past += count;
  }

  float[] keys(int layer) {
    return keys[Math.min(layer, keys.length - 1)];
  }

  float[] values(int layer) {
    return values[Math.min(layer, values.length - 1)];
  }

  /** Where a channel of a window begins. */
  int at(int window, int channel) {
    return (window * shape.keyDim() + channel) * capacity;
  }

  /**
   * Puts the new tokens of all windows behind those that are there.
   *
   * @param from [channel][window][count]
   * @param to keys or values of a layer
   */
  void put(float[] from, float[] to, int count) {
    for (int c = 0; c < shape.keyDim(); c++) {
      for (int w = 0; w < windows; w++) {
        System.arraycopy(from, (c * windows + w) * count, to, at(w, c) + past, count);
      }
    }
  }
}
