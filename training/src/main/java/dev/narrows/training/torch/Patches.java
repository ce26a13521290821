package dev.narrows.training.torch;

import dev.narrows.training.model.Node.Convolution;
import dev.narrows.training.model.Shape;
import dev.narrows.training.qat.DotSimulator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts images into the rows of products that a convolution sums, group by group. Thread-safe. */
final class Patches {
  private final Convolution conv;
  private final Shape in;
  private final Shape out;
  private final List<DotSimulator.Product> groups = new ArrayList<>();

  /**
   * @param weights [out][kernel row][kernel column][in/groups]
   */
  Patches(Convolution conv, Shape in, Shape out, int[] weights, DotSimulator simulator) {
    this.conv = conv;
    this.in = in;
    this.out = out;
    int channels = conv.outputChannels() / conv.groups();
    int size = channels * conv.terms();
    for (int group = 0; group < conv.groups(); group++) {
      int[] own = Arrays.copyOfRange(weights, group * size, (group + 1) * size);
      groups.add(simulator.prepare(channels, conv.terms(), own));
    }
  }

  /** Sums all outputs of one image; memories are [image][row][column][channel]. */
  void sum(int image, MemorySegment input, MemorySegment sums) {
    float[] pixels = new float[in.size()];
    MemorySegment.copy(
        input, ValueLayout.JAVA_FLOAT, 4L * image * pixels.length, pixels, 0, pixels.length);
    int rows = out.height() * out.width();
    int channels = out.channels() / conv.groups();
    int[] patches = new int[rows * conv.terms()];
    float[] part = new float[rows * channels];
    float[] all = new float[out.size()];
    for (int group = 0; group < conv.groups(); group++) {
      gather(pixels, group, patches);
      groups.get(group).sum(rows, patches, part);
      for (int row = 0; row < rows; row++) {
        int to = row * out.channels() + group * channels;
        System.arraycopy(part, row * channels, all, to, channels);
      }
    }
    MemorySegment.copy(all, 0, sums, ValueLayout.JAVA_FLOAT, 4L * image * all.length, all.length);
  }

  private void gather(float[] pixels, int group, int[] patches) {
    int channels = conv.inputChannels();
    int groupChannels = channels / conv.groups();
    int at = 0;
    for (int y = 0; y < out.height(); y++) {
      for (int x = 0; x < out.width(); x++) {
        for (int ky = 0; ky < conv.kernel(); ky++) {
          int row = y * conv.stride() + ky - conv.padding().top();
          for (int kx = 0; kx < conv.kernel(); kx++) {
            int column = x * conv.stride() + kx - conv.padding().left();
            boolean inside = row >= 0 && row < in.height() && column >= 0 && column < in.width();
            int from = (row * in.width() + column) * channels + group * groupChannels;
            for (int c = 0; c < groupChannels; c++) {
              patches[at++] = inside ? (int) pixels[from + c] : 0;
            }
          }
        }
      }
    }
  }
}
