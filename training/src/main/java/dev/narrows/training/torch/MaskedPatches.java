package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.qat.MaskedSimulator;
import dev.narrows.training.qat.MaskedSimulator.MaskedBlock;
import dev.narrows.training.qat.MaskedSimulator.MaskedDots;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** {@link Patches} with gradients: puts the columns' gradients together again. Thread-safe. */
final class MaskedPatches implements SimulatedLayer.MaskedLayer {
  private final KernelTaps taps;
  private final Patches<float[]> sums;
  private final List<MaskedDots> groups;

  /**
   * @param weights [out][kernel row][kernel column][in/groups]
   */
  MaskedPatches(KernelTaps taps, float[] weights, MaskedSimulator simulator) {
    this.taps = taps;
    this.groups =
        IntStream.range(0, taps.groups())
            .mapToObj(
                group -> simulator.prepare(taps.groupOutputs(), taps.terms(), own(weights, group)))
            .toList();
    this.sums = new Patches<>(taps, groups, DotArrays.FLOATS);
  }

  private int size() {
    return taps.groupOutputs() * taps.terms();
  }

  private float[] own(float[] weights, int group) {
    return Arrays.copyOfRange(weights, group * size(), (group + 1) * size());
  }

  @Override
  public void sum(int from, int to, MemorySegment input, MemorySegment target) {
    sums.sum(from, to, input, target);
  }

  @Override
  public void backward(
      int from,
      int to,
      MemorySegment input,
      MemorySegment upstream,
      float[] weights,
      MemorySegment inputs) {
    FeatureMapShape in = taps.in();
    FeatureMapShape out = taps.out();
    List<MaskedBlock> blocks = groups.stream().map(group -> group.block(taps.positions())).toList();
    float[] between = Patches.between(taps);
    float[] planes = new float[in.size()];
    float[] given = new float[out.size()];
    float[] part = new float[out.size() / taps.groups()];
    float[] columns = new float[blocks.getFirst().inputs().length];
    float[] gradients = new float[in.size()];
    for (int image = from; image < to; image++) {
      Patches.readPlanes(DotArrays.FLOATS, input, image, in, between, planes);
      Patches.readPlanes(DotArrays.FLOATS, upstream, image, out, between, given);
      Arrays.fill(gradients, 0);
      for (int group = 0; group < taps.groups(); group++) {
        MaskedBlock block = blocks.get(group);
        Patches.gather(taps, DotArrays.FLOATS, planes, group, block);
        System.arraycopy(given, group * part.length, part, 0, part.length);
        float[] own = own(weights, group);
        block.backward(part, own, columns);
        System.arraycopy(own, 0, weights, group * size(), size());
        spread(group, columns, block.stride(), gradients);
      }
      Patches.writePlanes(DotArrays.FLOATS, gradients, image, in, between, inputs);
    }
  }

  /** Adds each column's gradients to the pixels that it was read from. */
  private void spread(int group, float[] columns, int stride, float[] gradients) {
    taps.forEachTerm(
        group,
        (k, plane, ky, kx) -> {
          int at = k * stride;
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
