package dev.narrows.network.execute;

import dev.narrows.network.Network;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All tensors of a block of images in the base's registers, and beside them those of one branch at
 * a time; one thread's.
 */
final class BranchTensors {
  private final Network network;
  private final Plan plan;
  private final int batch;
  private final Workspace workspace;
  private final int[][] base;
  private final int[][] twins;
  private int[][] view;

  BranchTensors(Network network, Plan plan, int batch) {
    this.network = network;
    this.plan = plan;
    this.batch = batch;
    this.workspace = plan.workspace(batch);
    this.base = new int[network.tensors()][];
    this.twins = new int[network.tensors()][];
    for (int t = 0; t < base.length; t++) {
      base[t] = flattened(t) ? base[source(t)] : new int[size(t)];
      twins[t] = new int[0]; // made when a branch first needs them
    }
    this.view = base;
  }

  private int size(int tensor) {
    return network.tensor(tensor).elements() * batch;
  }

  private boolean flattened(int tensor) {
    return tensor > 0 && Slots.shares(network.layers().get(tensor - 1));
  }

  private int source(int tensor) {
    return network.layers().get(tensor - 1).inputs().getFirst();
  }

  /** The tensors of the base, [C][H][W][images of the block]. */
  int[][] base() {
    return base;
  }

  /** The tensors of the last branch, [C][H][W][images it changed]. */
  int[][] view() {
    return view;
  }

  /** Runs a block in the base's registers. */
  void base(ImageSource source, int first, int count) {
    SampleBlock block = SampleBlock.read(network, source, first, count, States.initial(network));
    workspace.block(block);
    block.interleave(0, network.input().elements(), base[0]);
    for (Step step : plan.steps()) {
      step.run(workspace, base, count);
    }
  }

  /**
   * Runs the same block again under a branch, from the first layer that differs.
   *
   * @return the images of the block, ascending, that may have another output
   */
  int[] run(Branch branch, int count) {
    int[] all = IntStream.range(0, count).toArray();
    int[] images = all;
    view = base.clone();
    for (int t = branch.first(); t < view.length; t++) {
      if (!branch.affected()[t]) {
        continue;
      }
      view[t] = flattened(t) ? view[source(t)] : twin(t);
      Step step = branch.own().getOrDefault(t, plan.steps().get(t - 1));
      step.run(workspace, view, images.length);
      if (t == branch.first() && branch.single()) {
        images = changed(t, count);
        if (images.length == 0) {
          return images;
        }
        if (images.length < count) {
          compact(branch, images, count);
        }
      }
    }
    return branch.affected()[view.length - 1] ? images : new int[0];
  }

  private int[] twin(int tensor) {
    if (twins[tensor].length == 0) {
      twins[tensor] = new int[size(tensor)];
    }
    return twins[tensor];
  }

  /** The images in which some code differs from the base's. */
  private int[] changed(int tensor, int count) {
    boolean[] differs = new boolean[count];
    int words = network.tensor(tensor).elements() * count;
    int[] mine = view[tensor];
    int[] theirs = base[tensor];
    for (int i = 0; i < words; i += count) {
      if (Arrays.equals(mine, i, i + count, theirs, i, i + count)) {
        continue;
      }
      for (int image = 0; image < count; image++) {
        differs[image] |= mine[i + image] != theirs[i + image];
      }
    }
    return IntStream.range(0, count).filter(image -> differs[image]).toArray();
  }

  /** Leaves only some images in every tensor that the rest of the branch reads. */
  private void compact(Branch branch, int[] images, int count) {
    boolean[] read = new boolean[view.length];
    for (int t = branch.first() + 1; t < view.length; t++) {
      if (branch.affected()[t]) {
        List<Integer> inputs = network.layers().get(t - 1).inputs();
        inputs.forEach(input -> read[input] = true);
      }
    }
    for (int t = 0; t < view.length; t++) {
      boolean made = t == branch.first(); // by the branch itself
      if (made || read[t] && !branch.affected()[t]) {
        int[] from = view[t];
        int[] to = twin(t);
        int elements = network.tensor(t).elements();
        for (int e = 0; e < elements; e++) {
          for (int i = 0; i < images.length; i++) {
            to[e * images.length + i] = from[e * count + images[i]]; // never overtakes its source
          }
        }
        view[t] = to;
      }
    }
  }
}
