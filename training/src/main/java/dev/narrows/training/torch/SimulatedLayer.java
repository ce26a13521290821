package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.qat.DotSimulator;
import dev.narrows.training.qat.MaskedSimulator;
import java.lang.foreign.MemorySegment;

/** A dot layer's sums in a simulator, over some of a batch's examples. Thread-safe. */
interface SimulatedLayer {
  /** More pieces than threads, because cores are shared and threads do not progress evenly. */
  int PIECES_A_THREAD = 4;

  /**
   * A layer with its weights.
   *
   * @param in the shape of an example of a convolution's input
   * @param out the shape of an example's output
   * @param weights output channel outermost, channels last
   */
  static <A> SimulatedLayer of(
      DotNode dot,
      FeatureMapShape in,
      FeatureMapShape out,
      A weights,
      DotSimulator<A> simulator,
      DotArrays<A> arrays) {
    return switch (dot) {
      case ConvolutionNode _, TransposedConvolutionNode _ ->
          Patches.of(KernelTaps.of(dot, in, out), weights, simulator, arrays);
      case DenseNode dense -> {
        int channels = dense.outputChannels();
        DotSimulator.Dots<A> dots = simulator.prepare(channels, dense.terms(), weights);
        yield new DenseRows<>(dense.terms(), channels, dots, arrays);
      }
    };
  }

  /** The same layer with gradients. */
  static MaskedLayer masked(
      DotNode dot,
      FeatureMapShape in,
      FeatureMapShape out,
      float[] weights,
      MaskedSimulator simulator) {
    return switch (dot) {
      case ConvolutionNode _, TransposedConvolutionNode _ ->
          new MaskedPatches(KernelTaps.of(dot, in, out), weights, simulator);
      case DenseNode dense -> {
        int channels = dense.outputChannels();
        yield new MaskedRows(
            dense.terms(), channels, simulator.prepare(channels, dense.terms(), weights));
      }
    };
  }

  /** Sums all outputs of the examples {@code from} to {@code to} − 1; channels are innermost. */
  void sum(int from, int to, MemorySegment input, MemorySegment sums);

  /** A layer whose sums have gradients. */
  interface MaskedLayer extends SimulatedLayer {
    /**
     * Gradients of the examples {@code from} to {@code to} − 1.
     *
     * @param weights added to
     * @param inputs out
     */
    void backward(
        int from,
        int to,
        MemorySegment input,
        MemorySegment upstream,
        float[] weights,
        MemorySegment inputs);
  }

  /** Some examples of a batch. */
  interface ExamplePiece {
    void run(int piece, int from, int to);
  }

  /** Pieces that a batch is cut into. */
  static int pieces(int examples, Workers workers) {
    return Math.min(examples, workers.threads() * PIECES_A_THREAD);
  }

  /** Runs all pieces of a batch. */
  static void run(int examples, Workers workers, ExamplePiece piece) {
    int pieces = pieces(examples, workers);
    workers.run(
        pieces,
        i ->
            piece.run(
                i,
                (int) ((long) examples * i / pieces),
                (int) ((long) examples * (i + 1) / pieces)));
  }
}
