package dev.narrows.network.onnx.read;

import java.util.List;
import java.util.Optional;

/**
 * A value whose layers wait for what reads it. A reader that quantises may get codes from one layer
 * that does everything up to there; for any other reader it is lowered as it stands.
 */
interface Deferred {
  /**
   * The value quantised.
   *
   * @param steps functions of each element by itself that come first, in order
   * @return empty if there is no layer for it
   */
  Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps)
      throws NotNativeException;

  /** The number of the value's dimensions. */
  int rank() throws NotNativeException;

  /** Lowers the value as it stands and puts it. */
  void settle() throws NotNativeException;
}
