package dev.narrows.kernels.floating;

/**
 * What a walk notes of a tile of four channels and two vectors of columns. A part that the masks at
 * hand do not need stays zero and cuts nothing.
 *
 * @param sums [chunks][channels][vectors · lanes], registers at the end of each chunk
 * @param now [K][channels]: a bit for each column whose gradient the step cuts at once
 * @param last [chunks][channels][vectors · lanes]: the number of terms, counted from the first
 *     chunk's, up to the chunk's last clamped sum
 * @param chunks [channels][vectors · lanes]: the number of chunks up to the last clamped join
 */
record CutNotes(float[] sums, int[] now, int[] last, int[] chunks) {
  static CutNotes of(FloatRegisterWalk walk, int channels, int width) {
    int tile = channels * width;
    return new CutNotes(
        new float[walk.chunks() * tile],
        new int[walk.terms() * channels],
        new int[walk.chunks() * tile],
        new int[tile]);
  }
}
