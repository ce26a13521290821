package dev.narrows.training.torch;

import dev.narrows.training.model.Node.Convolution;
import dev.narrows.training.qat.DotSimulator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Cuts one image into the rows of products that a convolution sums, group by group. */
final class Patches {
  private final Convolution conv;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;

  Patches(Convolution conv, int height, int width, int outHeight, int outWidth) {
    this.conv = conv;
    this.height = height;
    this.width = width;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
  }

  /** Sums all outputs of one image; memories are [image][row][column][channel]. */
  void sum(
      int image,
      MemorySegment input,
      int[] weights,
      DotSimulator simulator,
      MemorySegment sums,
      MemorySegment passes) {
    int channels = conv.inputChannels();
    int outputs = conv.outputChannels();
    float[] pixels = new float[height * width * channels];
    MemorySegment.copy(
        input, ValueLayout.JAVA_FLOAT, 4L * image * pixels.length, pixels, 0, pixels.length);
    int rows = outHeight * outWidth;
    int groupOutputs = outputs / conv.groups();
    float[] all = new float[rows * outputs];
    float[] allPasses = new float[rows * outputs];
    int[] patches = new int[rows * conv.terms()];
    float[] out = new float[rows * groupOutputs];
    float[] pass = new float[rows * groupOutputs];
    int[] groupWeights = new int[groupOutputs * conv.terms()];
    for (int group = 0; group < conv.groups(); group++) {
      gather(pixels, group, patches);
      System.arraycopy(weights, group * groupWeights.length, groupWeights, 0, groupWeights.length);
      simulator.sum(rows, conv.terms(), groupOutputs, patches, groupWeights, out, pass);
      for (int row = 0; row < rows; row++) {
        int to = row * outputs + group * groupOutputs;
        System.arraycopy(out, row * groupOutputs, all, to, groupOutputs);
        System.arraycopy(pass, row * groupOutputs, allPasses, to, groupOutputs);
      }
    }
    long at = 4L * image * all.length;
    MemorySegment.copy(all, 0, sums, ValueLayout.JAVA_FLOAT, at, all.length);
    MemorySegment.copy(allPasses, 0, passes, ValueLayout.JAVA_FLOAT, at, all.length);
  }

  private void gather(float[] pixels, int group, int[] patches) {
    int channels = conv.inputChannels();
    int groupChannels = channels / conv.groups();
    int at = 0;
    for (int y = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        for (int ky = 0; ky < conv.kernel(); ky++) {
          int row = y * conv.stride() + ky - conv.padding().top();
          for (int kx = 0; kx < conv.kernel(); kx++) {
            int column = x * conv.stride() + kx - conv.padding().left();
            boolean inside = row >= 0 && row < height && column >= 0 && column < width;
            int from = (row * width + column) * channels + group * groupChannels;
            for (int c = 0; c < groupChannels; c++) {
              patches[at++] = inside ? (int) pixels[from + c] : 0;
            }
          }
        }
      }
    }
  }
}
