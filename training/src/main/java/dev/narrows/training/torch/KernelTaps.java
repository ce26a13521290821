package dev.narrows.training.torch;

import dev.narrows.network.layer.Window;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;

/**
 * Which input pixels the taps of a convolution's kernel read at each output pixel. Taps outside all
 * runs read zero: in the padding, and between the inputs of a transposed convolution.
 *
 * @param spread whether the stride lies between the inputs, not between the outputs
 */
record KernelTaps(
    Window window, int groups, boolean spread, FeatureMapShape in, FeatureMapShape out) {
  static KernelTaps of(DotNode dot, FeatureMapShape in, FeatureMapShape out) {
    return switch (dot) {
      case ConvolutionNode conv -> new KernelTaps(conv.window(), conv.groups(), false, in, out);
      case TransposedConvolutionNode conv ->
          new KernelTaps(conv.window(), conv.groups(), true, in, out);
      case DenseNode dense -> throw new IllegalArgumentException(dense.name() + " has no taps");
    };
  }

  /** Pixels of an output plane. */
  int positions() {
    return out.height() * out.width();
  }

  /** Input channels of a group. */
  int groupInputs() {
    return in.channels() / groups;
  }

  /** K, the terms of one sum. */
  int terms() {
    return window.taps() * groupInputs();
  }

  /** Output channels of a group. */
  int groupOutputs() {
    return out.channels() / groups;
  }

  /** Terms of a group's dot products that have the same place in a row of the kernel's terms. */
  interface Term {
    /**
     * @param k the term's number: kernel row, kernel column, input channel of the group
     * @param plane position of its channel's plane in an image of planes
     */
    void at(int k, int plane, int ky, int kx);
  }

  /** Visits the terms of a group's dot products in flattening order. */
  void forEachTerm(int group, Term term) {
    int k = 0;
    for (int ky = 0; ky < window.kernelHeight(); ky++) {
      for (int kx = 0; kx < window.kernelWidth(); kx++) {
        for (int c = 0; c < groupInputs(); c++) {
          int plane = (group * groupInputs() + c) * in.height() * in.width();
          term.at(k++, plane, ky, kx);
        }
      }
    }
  }

  /** Pixels in a row. */
  interface PixelRun {
    /**
     * Output pixel {@code to + i * toStep} reads input pixel {@code from + i * fromStep}, for i
     * from 0 to {@code count} − 1; positions in a plane.
     */
    void at(int from, int fromStep, int to, int toStep, int count);
  }

  /** Visits the pixels that tap (ky, kx) reads. */
  void forEachRun(int ky, int kx, PixelRun run) {
    // Seen from the side with fewer pixels, the other side's are `stride` apart.
    FeatureMapShape few = spread ? in : out;
    FeatureMapShape many = spread ? out : in;
    int stride = window.strideWidth();
    // the column among the many that column 0 of the few meets
    int shift = kx * window.dilationWidth() - window.padLeft();
    int first = Math.clamp(Math.ceilDiv(-shift, stride), 0, few.width());
    int end = Math.clamp(Math.ceilDiv(many.width() - shift, stride), first, few.width());
    for (int y = 0; y < few.height() && first < end; y++) {
      int row = y * window.strideHeight() + ky * window.dilationHeight() - window.padTop();
      if (row >= 0 && row < many.height()) {
        int far = row * many.width() + shift + first * stride;
        int near = y * few.width() + first;
        if (spread) {
          run.at(near, 1, far, stride, end - first);
        } else {
          run.at(far, stride, near, 1, end - first);
        }
      }
    }
  }

  /** One element from an array of planes to an array of columns. */
  interface ElementCopy {
    void copy(int from, int to);
  }

  /**
   * Copies what tap (ky, kx) reads of a plane into a row of columns, which holds zeros before.
   *
   * @param planes an array of any type
   * @param columns an array of the same type
   * @param at where the row begins in {@code columns}
   * @param element copies one element from {@code planes} to {@code columns}
   */
  void gather(
      Object planes, int plane, int ky, int kx, Object columns, int at, ElementCopy element) {
    forEachRun(
        ky,
        kx,
        (from, fromStep, to, toStep, count) -> {
          if (fromStep == 1 && toStep == 1) {
            System.arraycopy(planes, plane + from, columns, at + to, count);
            return;
          }
          for (int i = 0; i < count; i++) {
            element.copy(plane + from + i * fromStep, at + to + i * toStep);
          }
        });
  }
}
