package dev.narrows.network.execute;

/** One layer, ready to run on blocks of images; immutable, shared by all threads. */
interface Step {
  /**
   * Makes the layer's tensor.
   *
   * @param tensors by index, [C][H][W][batch]; this step's own is allocated, its inputs are filled
   */
  void run(Workspace workspace, int[][] tensors, int batch);
}
