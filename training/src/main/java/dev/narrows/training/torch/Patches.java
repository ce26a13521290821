package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.qat.DotSimulator;
import dev.narrows.training.qat.DotSimulator.DotBlock;
import dev.narrows.training.qat.DotSimulator.Dots;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts images into the columns of products that a convolution sums, group by group. Memories are
 * [image][row][column][channel]. Thread-safe.
 *
 * @param <A> the simulator's arrays
 */
final class Patches<A> implements SimulatedLayer {
  private final KernelTaps taps;
  private final DotArrays<A> arrays;
  private final List<Dots<A>> groups;

  Patches(KernelTaps taps, List<? extends Dots<A>> groups, DotArrays<A> arrays) {
    this.taps = taps;
    this.groups = List.copyOf(groups);
    this.arrays = arrays;
  }

  /**
   * @param weights [out][kernel row][kernel column][in/groups]
   */
  static <A> Patches<A> of(
      KernelTaps taps, A weights, DotSimulator<A> simulator, DotArrays<A> arrays) {
    int size = taps.groupOutputs() * taps.terms();
    List<Dots<A>> groups =
        IntStream.range(0, taps.groups())
            .mapToObj(group -> arrays.copy(weights, group * size, (group + 1) * size))
            .map(own -> simulator.prepare(taps.groupOutputs(), taps.terms(), own))
            .toList();
    return new Patches<>(taps, groups, arrays);
  }

  @Override
  public void sum(int from, int to, MemorySegment input, MemorySegment sums) {
    FeatureMapShape in = taps.in();
    FeatureMapShape out = taps.out();
    List<DotBlock<A>> blocks = groups.stream().map(group -> group.block(taps.positions())).toList();
    float[] between = between(taps);
    A planes = arrays.zeros(in.size());
    A part = arrays.zeros(out.size() / taps.groups());
    A results = arrays.zeros(out.size());
    int partSize = out.size() / taps.groups();
    for (int image = from; image < to; image++) {
      readPlanes(arrays, input, image, in, between, planes);
      for (int group = 0; group < taps.groups(); group++) {
        gather(taps, arrays, planes, group, blocks.get(group));
        blocks.get(group).sum(part);
        System.arraycopy(part, 0, results, group * partSize, partSize);
      }
      writePlanes(arrays, results, image, out, between, sums);
    }
  }

  /** Room for an image on its way from or to memory. */
  static float[] between(KernelTaps taps) {
    return new float[Math.max(taps.in().size(), taps.out().size())];
  }

  /** From [row][column][channel] to [channel][row][column], where a tap reads runs of a row. */
  static <A> void readPlanes(
      DotArrays<A> arrays,
      MemorySegment source,
      int image,
      FeatureMapShape shape,
      float[] between,
      A planes) {
    int size = shape.height() * shape.width();
    arrays.read(source, (long) image * size, size, shape.channels(), between, planes, size);
  }

  static <A> void writePlanes(
      DotArrays<A> arrays,
      A planes,
      int image,
      FeatureMapShape shape,
      float[] between,
      MemorySegment target) {
    int size = shape.height() * shape.width();
    arrays.write(planes, size, size, shape.channels(), between, target, (long) image * size);
  }

  /** Fills a block with what a group's taps read. */
  static <A> void gather(
      KernelTaps taps, DotArrays<A> arrays, A planes, int group, DotBlock<A> block) {
    A target = block.inputs();
    KernelTaps.ElementCopy copier = arrays.copier(planes, target);
    taps.forEachTerm(
        group,
        (k, plane, ky, kx) -> {
          int at = k * block.stride();
          arrays.clear(target, at, at + taps.positions());
          taps.gather(planes, plane, ky, kx, target, at, copier);
        });
  }
}
