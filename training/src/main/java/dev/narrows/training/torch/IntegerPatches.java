package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.qat.IntegerDotSimulator;
import dev.narrows.training.qat.IntegerDotSimulator.IntegerDotBlock;
import dev.narrows.training.qat.IntegerDotSimulator.IntegerDots;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts images into the columns of products that a convolution sums, group by group. Thread-safe.
 */
final class IntegerPatches {
  private final KernelTaps taps;
  private final List<IntegerDots> groups = new ArrayList<>();

  /**
   * @param weights [out][kernel row][kernel column][in/groups]
   */
  IntegerPatches(KernelTaps taps, int[] weights, IntegerDotSimulator simulator) {
    this.taps = taps;
    int channels = taps.groupOutputs();
    int terms = weights.length / taps.out().channels();
    int size = channels * terms;
    for (int group = 0; group < taps.groups(); group++) {
      int[] own = Arrays.copyOfRange(weights, group * size, (group + 1) * size);
      groups.add(simulator.prepare(channels, terms, own));
    }
  }

  /**
   * Sums all outputs of the images {@code from} to {@code to} − 1; memories are
   * [image][row][column][channel].
   */
  void sum(int from, int to, MemorySegment input, MemorySegment sums) {
    FeatureMapShape in = taps.in();
    FeatureMapShape out = taps.out();
    int positions = taps.positions();
    int channels = taps.groupOutputs();
    List<IntegerDotBlock> blocks = groups.stream().map(g -> g.block(positions)).toList();
    float[] pixels = new float[in.size()];
    int[] planes = new int[in.size()];
    int[] part = new int[channels * positions];
    float[] all = new float[out.size()];
    for (int image = from; image < to; image++) {
      MemorySegment.copy(
          input, ValueLayout.JAVA_FLOAT, 4L * image * pixels.length, pixels, 0, pixels.length);
      separate(pixels, planes);
      for (int group = 0; group < taps.groups(); group++) {
        IntegerDotBlock block = blocks.get(group);
        gather(planes, group, block);
        block.sum(part);
        for (int c = 0; c < channels; c++) {
          int at = group * channels + c;
          for (int position = 0; position < positions; position++) {
            all[position * out.channels() + at] = part[c * positions + position];
          }
        }
      }
      MemorySegment.copy(all, 0, sums, ValueLayout.JAVA_FLOAT, 4L * image * all.length, all.length);
    }
  }

  /** From [row][column][channel] to [channel][row][column], where a tap reads runs of a row. */
  private void separate(float[] pixels, int[] planes) {
    int size = taps.in().height() * taps.in().width();
    int channels = taps.in().channels();
    for (int i = 0; i < size; i++) {
      for (int c = 0; c < channels; c++) {
        planes[c * size + i] = (int) pixels[i * channels + c];
      }
    }
  }

  private void gather(int[] planes, int group, IntegerDotBlock block) {
    int[] target = block.inputs();
    taps.forEachTerm(
        group,
        (k, plane, ky, kx) -> {
          int at = k * block.stride();
          Arrays.fill(target, at, at + taps.positions(), 0);
          taps.gather(planes, plane, ky, kx, target, at, (from, to) -> target[to] = planes[from]);
        });
  }
}
