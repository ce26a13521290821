package dev.narrows.network.execute;

import dev.narrows.network.Network;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntPredicate;
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
  private int[] spare = {};

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

  /** The buffers of the thread. */
  Workspace workspace() {
    return workspace;
  }

  /** Runs a block in the base's registers, counted by the profiles that the workspace is in. */
  void base(ImageSource source, int first, int count) {
    workspace.meters(Map.of(), first);
    SampleBlock block = SampleBlock.read(network, source, first, count, States.initial(network));
    workspace.block(block);
    block.interleave(0, network.input().elements(), base[0]);
    for (int i = 0; i < plan.steps().size(); i++) {
      run(plan.steps().get(i), i + 1, base, count);
    }
  }

  /**
   * Runs the same block again under a branch, from the first layer that differs. An image is run
   * from the first layer on that its register may change.
   *
   * @param first the block's first image
   * @param sums what is known of the base's sums
   * @return the images of the block, in any order, that may have another output
   */
  int[] run(Branch branch, int first, int count, SumsOfImages sums) {
    int[] images = {};
    view = base.clone();
    for (int t = branch.first(); t < view.length; t++) {
      if (!branch.affected()[t]) {
        continue;
      }
      LayerRegister register = branch.registers().get(t);
      if (register != null) {
        images = joined(branch, t, images, count, image -> !sums.exact(register, first + image));
      }
      if (images.length == 0) {
        continue;
      }
      view[t] = flattened(t) ? view[source(t)] : twin(t);
      Step step = branch.own().getOrDefault(t, plan.steps().get(t - 1));
      run(step, t, view, images.length);
      if (t == branch.first() && branch.single()) {
        images = changed(branch, t, images, count);
      }
    }
    return branch.affected()[view.length - 1] ? images : new int[0];
  }

  private void run(Step step, int tensor, int[][] tensors, int count) {
    try {
      step.run(workspace, tensors, count);
    } catch (ArithmeticException e) {
      throw new LayerArithmeticException(network.layers().get(tensor - 1).name(), e);
    }
  }

  private int[] twin(int tensor) {
    if (twins[tensor].length == 0) {
      twins[tensor] = new int[size(tensor)];
    }
    return twins[tensor];
  }

  /** The images run so far and those that layer {@code t} may change, in its inputs. */
  private int[] joined(Branch branch, int t, int[] images, int count, IntPredicate changes) {
    boolean[] in = new boolean[count];
    for (int image : images) {
      in[image] = true;
    }
    int[] all =
        IntStream.concat(
                Arrays.stream(images),
                IntStream.range(0, count).filter(image -> !in[image] && changes.test(image)))
            .toArray();
    boolean asTheyLie = images.length == 0 && all.length == count;
    if (all.length > images.length && !asTheyLie) {
      regroup(branch, t, images, all, count);
    }
    return all;
  }

  /** Leaves only the images in which some code of a layer differs from the base's. */
  private int[] changed(Branch branch, int t, int[] images, int count) {
    boolean[] differs = new boolean[images.length];
    int elements = network.tensor(t).elements();
    int[] mine = view[t];
    int[] theirs = base[t];
    for (int e = 0; e < elements; e++) {
      int from = e * images.length;
      int beside = e * count;
      for (int i = 0; i < images.length; i++) {
        differs[i] |= mine[from + i] != theirs[beside + images[i]];
      }
    }
    int[] left =
        IntStream.range(0, images.length).filter(i -> differs[i]).map(i -> images[i]).toArray();
    if (left.length > 0 && left.length < images.length) {
      regroup(branch, t + 1, images, left, count);
    }
    return left;
  }

  /**
   * Puts other images into every tensor that layers from {@code next} on read: from the branch's
   * own where it has made them, from the base's elsewhere.
   */
  private void regroup(Branch branch, int next, int[] before, int[] now, int count) {
    int[] places = new int[count];
    Arrays.fill(places, -1);
    for (int i = 0; i < before.length; i++) {
      places[before[i]] = i;
    }
    boolean[] read = read(branch, next);
    for (int t = 0; t < view.length; t++) {
      boolean made = branch.affected()[t];
      if (!read[t] || made && t >= next) {
        continue;
      }
      int elements = network.tensor(t).elements();
      boolean own = made && view[t] != base[t];
      int[] to = spare(elements * now.length);
      for (int e = 0; e < elements; e++) {
        for (int i = 0; i < now.length; i++) {
          int place = own ? places[now[i]] : -1;
          to[e * now.length + i] =
              place < 0 ? base[t][e * count + now[i]] : view[t][e * before.length + place];
        }
      }
      System.arraycopy(to, 0, twin(t), 0, elements * now.length);
      view[t] = twin(t);
    }
    for (int t = 1; t < view.length; t++) {
      if (flattened(t) && !(branch.affected()[t] && t >= next)) {
        view[t] = view[root(t)];
      }
    }
  }

  private int[] spare(int size) {
    if (spare.length < size) {
      spare = new int[size];
    }
    return spare;
  }

  /** The tensors with an array of their own that affected layers from {@code next} on read. */
  private boolean[] read(Branch branch, int next) {
    boolean[] read = new boolean[view.length];
    read[root(view.length - 1)] = true;
    for (int t = next; t < view.length; t++) {
      if (branch.affected()[t]) {
        network.layers().get(t - 1).inputs().forEach(input -> read[root(input)] = true);
      }
    }
    return read;
  }

  private int root(int tensor) {
    int root = tensor;
    while (flattened(root)) {
      root = source(root);
    }
    return root;
  }
}
