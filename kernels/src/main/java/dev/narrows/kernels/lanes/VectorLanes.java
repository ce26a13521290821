package dev.narrows.kernels.lanes;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector shape of this run, read once: the compiler needs species that are constants. */
public final class VectorLanes {
  /** Columns of a panel: eight of the widest vectors, a whole number of tiles at every shape. */
  public static final int PANEL = 128;

  public static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, shape());
  public static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, shape());
  public static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, shape());
  public static final int COUNT = INTS.length();

  /** As many shorts as there are ints in a vector. */
  public static final VectorSpecies<Short> HALF_SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(COUNT * Short.SIZE));

  /**
   * 1.5·2^23. From here to ±2^22 floats are one apart, so that the bits of {@code MAGIC + r} are
   * {@code MAGIC_BITS + r}: a float register whose bits compare, clip and subtract as integers.
   */
  public static final float MAGIC = 0x1.8p23f;

  public static final int MAGIC_BITS = Float.floatToRawIntBits(MAGIC);

  /** The largest |r| that a register at {@link #MAGIC} holds exactly. */
  public static final int MAGIC_REACH = 1 << 22;

  private VectorLanes() {}

  private static VectorShape shape() {
    int bits = Integer.getInteger("narrows.vector.bits", 0);
    return switch (bits) {
      case 0 -> IntVector.SPECIES_PREFERRED.vectorShape();
      case 128, 256, 512 -> VectorShape.forBitSize(bits);
      default ->
          throw new IllegalArgumentException(
              "narrows.vector.bits must be 128, 256 or 512, got " + bits);
    };
  }
}
