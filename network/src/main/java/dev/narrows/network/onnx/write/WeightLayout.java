package dev.narrows.network.onnx.write;

/** Weights [channel][tap][input of the group], moved to where ONNX expects them. */
final class WeightLayout {
  private WeightLayout() {}

  /** MatMul: [k][channel]. */
  static long[] byTerm(int[] dense, int channels) {
    int terms = dense.length / channels;
    long[] moved = new long[dense.length];
    for (int i = 0; i < dense.length; i++) {
      moved[i % terms * channels + i / terms] = dense[i];
    }
    return moved;
  }

  /** Conv: [channel][input of the group][tap]. */
  static long[] byInput(int[] dense, int channels, int taps) {
    int inputs = dense.length / channels / taps;
    long[] moved = new long[dense.length];
    for (int i = 0; i < dense.length; i++) {
      int channel = i / (taps * inputs);
      int tap = i / inputs % taps;
      moved[(channel * inputs + i % inputs) * taps + tap] = dense[i];
    }
    return moved;
  }

  /** ConvTranspose: [input][channel of the group][tap]. */
  static long[] transposed(int[] dense, int channels, int groups, int taps) {
    int inputs = dense.length / channels / taps;
    int outputs = channels / groups;
    long[] moved = new long[dense.length];
    for (int i = 0; i < dense.length; i++) {
      int channel = i / (taps * inputs);
      int tap = i / inputs % taps;
      int input = channel / outputs * inputs + i % inputs;
      moved[(input * outputs + channel % outputs) * taps + tap] = dense[i];
    }
    return moved;
  }
}
