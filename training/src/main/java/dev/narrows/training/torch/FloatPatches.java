package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.qat.FloatDotSimulator;
import dev.narrows.training.qat.FloatDotSimulator.FloatDotBlock;
import dev.narrows.training.qat.FloatDotSimulator.FloatDots;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts images of floating-point numbers into the columns of products that a convolution sums, group
 * by group, and puts the columns' gradients together again. Memories are
 * [image][row][column][channel]. Thread-safe.
 */
final class FloatPatches {
  private final KernelTaps taps;
  private final FeatureMapShape in;
  private final FeatureMapShape out;
  private final int terms;
  private final List<FloatDots> groups = new ArrayList<>();

  /**
   * @param weights [out][kernel row][kernel column][in/groups]
   */
  FloatPatches(KernelTaps taps, float[] weights, FloatDotSimulator simulator) {
    this.taps = taps;
    this.in = taps.in();
    this.out = taps.out();
    this.terms = weights.length / out.channels();
    int size = taps.groupOutputs() * terms;
    for (int group = 0; group < taps.groups(); group++) {
      float[] own = Arrays.copyOfRange(weights, group * size, (group + 1) * size);
      groups.add(simulator.prepare(taps.groupOutputs(), terms, own));
    }
  }

  /** Sums all outputs of the images {@code from} to {@code to} − 1. */
  void sum(int from, int to, MemorySegment input, MemorySegment sums) {
    Worker worker = new Worker();
    for (int image = from; image < to; image++) {
      worker.read(image, input, in, worker.planes);
      for (int group = 0; group < taps.groups(); group++) {
        worker.gather(group);
        worker.blocks.get(group).sum(worker.part);
        System.arraycopy(
            worker.part, 0, worker.results, group * worker.part.length, worker.part.length);
      }
      worker.write(image, worker.results, out, sums);
    }
  }

  /**
   * Gradients of the images {@code from} to {@code to} − 1.
   *
   * @param weights added to, as the constructor's
   * @param inputs out
   */
  void backward(
      int from,
      int to,
      MemorySegment input,
      MemorySegment upstream,
      float[] weights,
      MemorySegment inputs) {
    Worker worker = new Worker();
    float[] gradients = new float[in.size()];
    for (int image = from; image < to; image++) {
      worker.read(image, input, in, worker.planes);
      worker.read(image, upstream, out, worker.results);
      Arrays.fill(gradients, 0);
      for (int group = 0; group < taps.groups(); group++) {
        worker.gather(group);
        worker.backward(group, weights, gradients);
      }
      worker.write(image, gradients, in, inputs);
    }
  }

  /** The memory of one thread. */
  private final class Worker {
    private final List<FloatDotBlock> blocks =
        groups.stream().map(group -> group.block(taps.positions())).toList();
    private final float[] planes = new float[in.size()];
    private final float[] results = new float[out.size()];
    private final float[] part = new float[out.size() / taps.groups()];
    private final float[] interleaved = new float[Math.max(in.size(), out.size())];
    private float[] columns = {};

    /** From [row][column][channel] to [channel][row][column], where a tap reads runs of a row. */
    void read(int image, MemorySegment from, FeatureMapShape shape, float[] target) {
      MemorySegment.copy(
          from, ValueLayout.JAVA_FLOAT, 4L * image * shape.size(), interleaved, 0, shape.size());
      int size = shape.height() * shape.width();
      for (int i = 0; i < size; i++) {
        for (int c = 0; c < shape.channels(); c++) {
          target[c * size + i] = interleaved[i * shape.channels() + c];
        }
      }
    }

    void write(int image, float[] from, FeatureMapShape shape, MemorySegment target) {
      int size = shape.height() * shape.width();
      for (int i = 0; i < size; i++) {
        for (int c = 0; c < shape.channels(); c++) {
          interleaved[i * shape.channels() + c] = from[c * size + i];
        }
      }
      MemorySegment.copy(
          interleaved, 0, target, ValueLayout.JAVA_FLOAT, 4L * image * shape.size(), shape.size());
    }

    void gather(int group) {
      FloatDotBlock block = blocks.get(group);
      float[] target = block.inputs();
      taps.forEachTerm(
          group,
          (k, plane, ky, kx) -> {
            int at = k * block.stride();
            Arrays.fill(target, at, at + taps.positions(), 0);
            taps.gather(planes, plane, ky, kx, target, at, (from, to) -> target[to] = planes[from]);
          });
    }

    void backward(int group, float[] weights, float[] gradients) {
      FloatDotBlock block = blocks.get(group);
      if (columns.length < block.inputs().length) {
        columns = new float[block.inputs().length];
      }
      int size = taps.groupOutputs() * terms;
      float[] own = Arrays.copyOfRange(weights, group * size, (group + 1) * size);
      System.arraycopy(results, group * part.length, part, 0, part.length);
      block.backward(part, own, columns);
      System.arraycopy(own, 0, weights, group * size, size);
      taps.forEachTerm(
          group,
          (k, plane, ky, kx) -> {
            int at = k * block.stride();
            taps.forEachRun(
                ky,
                kx,
                (from, fromStep, to, toStep, count) -> {
                  for (int i = 0; i < count; i++) {
                    gradients[plane + from + i * fromStep] += columns[at + to + i * toStep];
                  }
                });
          });
    }
  }
}
