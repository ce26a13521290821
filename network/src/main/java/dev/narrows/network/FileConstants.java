package dev.narrows.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A network's file whose constants can be replaced, everything else staying as it is. What layers
 * compute with other constants is what the file's ordinary reader makes of them: scales are rounded
 * to what the file holds, and factors of requantisation follow from those, as in the runtime.
 */
public interface FileConstants {
  /** The network as its reader reads the file. */
  Network network();

  /** How the file holds a layer's constants; empty where they cannot be replaced. */
  Optional<ConstantForm> form(String layer);

  /**
   * The network that the file would hold. Scales are those nearest to the wanted ones that it can
   * hold; integers are as wanted.
   *
   * @param changes by layer name; other layers keep what they have
   * @throws IllegalArgumentException naming the layer whose constants cannot be replaced by these
   * @throws NetworkFileException if what came out is no longer such a network
   */
  Network with(Map<String, LayerConstants> changes) throws IOException;

  /**
   * Writes the file with other constants, all or not at all, never over the file that was read.
   *
   * @return the network as the written file holds it
   * @throws IllegalArgumentException as {@link #with}
   * @throws NetworkFileException as {@link #with}, and if {@code out} is the file that was read
   */
  Network write(Map<String, LayerConstants> changes, Path out) throws IOException;
}
