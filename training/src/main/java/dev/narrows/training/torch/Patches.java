package dev.narrows.training.torch;

import dev.narrows.training.model.Node.Convolution;
import dev.narrows.training.model.Node.Dense;
import dev.narrows.training.model.Node.Dot;
import dev.narrows.training.model.Node.TransposedConvolution;
import dev.narrows.training.model.Shape;
import dev.narrows.training.qat.DotSimulator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts images into the columns of products that a convolution sums, group by group. Thread-safe.
 */
final class Patches {
  private final Taps taps;
  private final Shape in;
  private final Shape out;
  private final List<DotSimulator.Product> groups = new ArrayList<>();

  /**
   * Which input pixels an output pixel multiplies. Of a transposed convolution the taps that hit no
   * input pixel multiply zero.
   *
   * @param spread whether the stride lies between the inputs, not between the outputs
   */
  record Taps(int kernel, int stride, int top, int left, int groups, boolean spread) {
    static Taps of(Dot dot) {
      return switch (dot) {
        case Convolution conv ->
            new Taps(
                conv.kernel(),
                conv.stride(),
                conv.padding().top(),
                conv.padding().left(),
                conv.groups(),
                false);
        case TransposedConvolution conv ->
            new Taps(conv.kernel(), conv.stride(), conv.padding(), conv.padding(), 1, true);
        case Dense dense -> throw new IllegalArgumentException(dense.name() + " has no taps");
      };
    }
  }

  /**
   * @param weights [out][kernel row][kernel column][in/groups]
   */
  Patches(Taps taps, Shape in, Shape out, int[] weights, DotSimulator simulator) {
    this.taps = taps;
    this.in = in;
    this.out = out;
    int channels = out.channels() / taps.groups();
    int terms = weights.length / out.channels();
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
    int positions = out.height() * out.width();
    int channels = out.channels() / taps.groups();
    List<DotSimulator.Block> blocks = groups.stream().map(g -> g.block(positions)).toList();
    float[] pixels = new float[in.size()];
    int[] planes = new int[in.size()];
    int[] part = new int[channels * positions];
    float[] all = new float[out.size()];
    for (int image = from; image < to; image++) {
      MemorySegment.copy(
          input, ValueLayout.JAVA_FLOAT, 4L * image * pixels.length, pixels, 0, pixels.length);
      separate(pixels, planes);
      for (int group = 0; group < taps.groups(); group++) {
        DotSimulator.Block block = blocks.get(group);
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
    int size = in.height() * in.width();
    for (int i = 0; i < size; i++) {
      for (int c = 0; c < in.channels(); c++) {
        planes[c * size + i] = (int) pixels[i * in.channels() + c];
      }
    }
  }

  private void gather(int[] planes, int group, DotSimulator.Block block) {
    int groupChannels = in.channels() / taps.groups();
    int k = 0;
    for (int ky = 0; ky < taps.kernel(); ky++) {
      for (int kx = 0; kx < taps.kernel(); kx++) {
        for (int c = 0; c < groupChannels; c++) {
          int plane = (group * groupChannels + c) * in.height() * in.width();
          int at = k++ * block.stride();
          if (taps.spread()) {
            spreadTap(planes, plane, ky, kx, block.inputs(), at);
          } else {
            tap(planes, plane, ky, kx, block.inputs(), at);
          }
        }
      }
    }
  }

  /** What one tap of the kernel reads at every output position, zero outside the image. */
  private void tap(int[] planes, int plane, int ky, int kx, int[] target, int at) {
    int stride = taps.stride();
    int left = kx - taps.left(); // column that output column 0 reads
    int first = Math.clamp(Math.ceilDiv(-left, stride), 0, out.width());
    int end = Math.clamp(Math.ceilDiv(in.width() - left, stride), first, out.width());
    for (int y = 0; y < out.height(); y++) {
      int row = y * stride + ky - taps.top();
      int to = at + y * out.width();
      if (row < 0 || row >= in.height()) {
        Arrays.fill(target, to, to + out.width(), 0);
        continue;
      }
      int from = plane + row * in.width() + left;
      Arrays.fill(target, to, to + first, 0);
      if (stride == 1) {
        System.arraycopy(planes, from + first, target, to + first, end - first);
      } else {
        for (int x = first; x < end; x++) {
          target[to + x] = planes[from + x * stride];
        }
      }
      Arrays.fill(target, to + end, to + out.width(), 0);
    }
  }

  /** {@link #tap} of a transposed convolution: output y reads input row (y + top − ky) / stride. */
  private void spreadTap(int[] planes, int plane, int ky, int kx, int[] target, int at) {
    int stride = taps.stride();
    Arrays.fill(target, at, at + out.height() * out.width(), 0);
    for (int row = 0; row < in.height(); row++) {
      int y = row * stride + ky - taps.top();
      if (y < 0 || y >= out.height()) {
        continue;
      }
      for (int column = 0; column < in.width(); column++) {
        int x = column * stride + kx - taps.left();
        if (x >= 0 && x < out.width()) {
          target[at + y * out.width() + x] = planes[plane + row * in.width() + column];
        }
      }
    }
  }
}
