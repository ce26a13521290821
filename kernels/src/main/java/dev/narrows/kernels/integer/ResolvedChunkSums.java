package dev.narrows.kernels.integer;

import dev.narrows.core.format.Widths;

/**
 * Registers that end at the exact sum where it fits {@code bits} bits, and elsewhere at what a
 * saturating register of that width ends at: both are kept side by side.
 *
 * @param bits at most 31
 * @param exact registers of exact sums, which fit 32 bits
 * @param clipping registers of {@code bits} bits that saturate
 */
record ResolvedChunkSums(int bits, RegisterPanel exact, RegisterPanel clipping)
    implements RegisterPanel {
  @Override
  public void load(int at, int value) {
    exact.load(at, value);
    clipping.load(at, value);
  }

  @Override
  public void add(int from, int to, int base, int at) {
    exact.add(from, to, base, at);
    clipping.add(from, to, base, at);
  }

  @Override
  public double leastShare() {
    return Math.max(exact.leastShare(), clipping.leastShare());
  }

  @Override
  public void addGroup(ChannelGroups groups, int channel, int segment, int base, int at) {
    exact.addGroup(groups, channel, segment, base, at);
    clipping.addGroup(groups, channel, segment, base, at);
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    exact.read(at, target, targetAt, width);
    int[] clipped = new int[width];
    clipping.read(at, clipped, 0, width);
    int low = (int) Widths.min(bits);
    int high = (int) Widths.max(bits);
    for (int j = 0; j < width; j++) {
      int sum = target[targetAt + j];
      target[targetAt + j] = sum < low || sum > high ? clipped[j] : sum;
    }
  }
}
