package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.qat.FloatDotSimulator;
import dev.narrows.training.qat.FloatDotSimulator.FloatDotBlock;
import dev.narrows.training.qat.FloatDotSimulator.FloatDots;
import dev.narrows.training.qat.FloatRegister;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums a dot layer's products in a floating-point register: forward by the register's own
 * arithmetic, backward as if sums were exact, or stopped where the register's masks say.
 *
 * @see "docs/training.md, equation (30)"
 */
final class FloatRegisterSums {
  /** More pieces than threads, because cores are shared and threads do not progress evenly. */
  private static final int PIECES_A_THREAD = 4;

  private final CustomGradient custom;
  private final Workers workers;

  FloatRegisterSums(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /**
   * The register's result for every sum.
   *
   * @param weights output channel outermost in memory, channels last
   * @param size one image's output
   */
  Tensor apply(
      FloatRegister register, DotNode dot, Tensor input, Tensor weights, FeatureMapShape size) {
    Tensor x = Torch.dense(input);
    int rows = (int) x.size(0);
    Layer layer =
        switch (dot) {
          case ConvolutionNode _, TransposedConvolutionNode _ -> {
            FeatureMapShape in =
                new FeatureMapShape((int) x.size(1), (int) x.size(2), (int) x.size(3));
            float[] values = values(weights);
            FloatPatches patches =
                new FloatPatches(KernelTaps.of(dot, in, size), values, register.simulator());
            yield new Images(patches, values.length);
          }
          case DenseNode dense -> new Rows(dense, values(weights), register.simulator());
        };
    Tensor result = layer.empty(rows, size);
    MemorySegment source = Torch.floats(x.detach());
    MemorySegment sums = Torch.floats(result);
    pieces(rows, (_, from, to) -> layer.sum(from, to, source, sums));
    if (!GradMode.is_enabled()) {
      return result;
    }
    return register.masked()
        ? custom.attach(result, g -> masked(layer, x, weights, g), x, weights)
        : custom.attach(result, g -> new Tensor[] {g}, FloatGraph.products(dot, input, weights));
  }

  private Tensor[] masked(Layer layer, Tensor x, Tensor weights, Tensor gradient) {
    Tensor upstream = Torch.dense(gradient);
    Tensor inputs = Torch.emptyLike(x.detach());
    Tensor weightGradient = Torch.emptyLike(weights.detach());
    int rows = (int) x.size(0);
    float[][] parts = new float[count(rows)][layer.weights()];
    MemorySegment source = Torch.floats(x.detach());
    MemorySegment from = Torch.floats(upstream);
    MemorySegment to = Torch.floats(inputs);
    pieces(rows, (piece, first, end) -> layer.backward(first, end, source, from, parts[piece], to));
    for (int piece = 1; piece < parts.length; piece++) {
      for (int i = 0; i < parts[0].length; i++) {
        parts[0][i] += parts[piece][i];
      }
    }
    MemorySegment.copy(
        parts[0], 0, Torch.floats(weightGradient), ValueLayout.JAVA_FLOAT, 0, parts[0].length);
    return new Tensor[] {inputs, weightGradient};
  }

  private static float[] values(Tensor weights) {
    return Torch.floats(Torch.dense(weights.detach())).toArray(ValueLayout.JAVA_FLOAT);
  }

  private interface Piece {
    void run(int piece, int from, int to);
  }

  private int count(int rows) {
    return Math.min(rows, workers.threads() * PIECES_A_THREAD);
  }

  private void pieces(int rows, Piece piece) {
    int pieces = count(rows);
    workers.run(
        pieces,
        i ->
            piece.run(i, (int) ((long) rows * i / pieces), (int) ((long) rows * (i + 1) / pieces)));
  }

  /** A layer's sums over some of a batch's rows. */
  private sealed interface Layer {
    Tensor empty(int rows, FeatureMapShape size);

    int weights();

    void sum(int from, int to, MemorySegment input, MemorySegment sums);

    void backward(
        int from,
        int to,
        MemorySegment input,
        MemorySegment upstream,
        float[] weights,
        MemorySegment inputs);
  }

  private record Images(FloatPatches patches, int weights) implements Layer {
    @Override
    public Tensor empty(int rows, FeatureMapShape size) {
      return Torch.emptyImages(rows, size.channels(), size.height(), size.width());
    }

    @Override
    public void sum(int from, int to, MemorySegment input, MemorySegment sums) {
      patches.sum(from, to, input, sums);
    }

    @Override
    public void backward(
        int from,
        int to,
        MemorySegment input,
        MemorySegment upstream,
        float[] into,
        MemorySegment inputs) {
      patches.backward(from, to, input, upstream, into, inputs);
    }
  }

  /** A dense layer: a row of the batch is a column of products. */
  private static final class Rows implements Layer {
    private final int terms;
    private final int channels;
    private final FloatDots product;

    Rows(DenseNode dense, float[] weights, FloatDotSimulator simulator) {
      this.terms = dense.terms();
      this.channels = dense.outputChannels();
      this.product = simulator.prepare(channels, terms, weights);
    }

    @Override
    public Tensor empty(int rows, FeatureMapShape size) {
      return Torch.emptyRows(rows, channels);
    }

    @Override
    public int weights() {
      return channels * terms;
    }

    @Override
    public void sum(int from, int to, MemorySegment input, MemorySegment sums) {
      int rows = to - from;
      FloatDotBlock block = product.block(rows);
      fill(block, from, rows, input);
      float[] held = new float[channels * rows];
      block.sum(held);
      write(held, channels, rows, rows, from, sums);
    }

    @Override
    public void backward(
        int from,
        int to,
        MemorySegment input,
        MemorySegment upstream,
        float[] into,
        MemorySegment inputs) {
      int rows = to - from;
      FloatDotBlock block = product.block(rows);
      fill(block, from, rows, input);
      float[] given = new float[channels * rows];
      read(upstream, from, rows, channels, given, rows);
      float[] columns = new float[block.inputs().length];
      block.backward(given, into, columns);
      write(columns, terms, rows, block.stride(), from, inputs);
    }

    private void fill(FloatDotBlock block, int from, int rows, MemorySegment input) {
      read(input, from, rows, terms, block.inputs(), block.stride());
    }

    /** From [row][value] to [value][row]. */
    private static void read(
        MemorySegment source, int from, int rows, int values, float[] target, int stride) {
      float[] row = new float[values];
      for (int j = 0; j < rows; j++) {
        MemorySegment.copy(
            source, ValueLayout.JAVA_FLOAT, 4L * (from + j) * values, row, 0, values);
        for (int k = 0; k < values; k++) {
          target[k * stride + j] = row[k];
        }
      }
    }

    /** From [value][row] to [row][value]. */
    private static void write(
        float[] source, int values, int rows, int stride, int from, MemorySegment target) {
      float[] row = new float[values];
      for (int j = 0; j < rows; j++) {
        for (int k = 0; k < values; k++) {
          row[k] = source[k * stride + j];
        }
        MemorySegment.copy(
            row, 0, target, ValueLayout.JAVA_FLOAT, 4L * (from + j) * values, values);
      }
    }
  }
}
