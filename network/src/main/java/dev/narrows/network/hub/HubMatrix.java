package dev.narrows.network.hub;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.safetensors.MappedSafetensors;
import dev.narrows.network.safetensors.SafetensorsEntry;
import java.util.Set;

/** A matrix, or a vector as its only row, in the form in which its file stores it. */
sealed interface HubMatrix {
  int rows();

  int columns();

  /** The tensors that it consists of. */
  Set<String> parts();

  /**
   * Rows in binary32.
   *
   * @param out gets [rows][columns], from its beginning
   * @throws NetworkFileException if a number is infinite or not a number
   */
  void read(int first, int rows, float[] out) throws NetworkFileException;

  /** F32, F16 or BF16. */
  record Plain(MappedSafetensors file, SafetensorsEntry entry, int rows, int columns)
      implements HubMatrix {
    @Override
    public Set<String> parts() {
      return Set.of(entry.name());
    }

    @Override
    public void read(int first, int count, float[] out) throws NetworkFileException {
      file.floats(entry, (long) first * columns, count * columns, out, 0);
    }
  }
}
