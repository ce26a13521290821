package dev.narrows.network.onnx.read;

import dev.narrows.network.onnx.graph.OnnxModel;
import java.util.List;

/** A sound model of which some nodes do not become layers: another way to run it may be found. */
public final class NotAllNativeException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_LISTED = 50;

  private final transient OnnxModel model;
  private final transient List<String> reasons;

  /**
   * @param reasons one text a node or input: which, and why
   */
  public NotAllNativeException(OnnxModel model, List<String> reasons) {
    super(
        "%d not supported: %s%s"
            .formatted(
                reasons.size(),
                String.join("; ", reasons.subList(0, Math.min(MAX_LISTED, reasons.size()))),
                reasons.size() > MAX_LISTED ? "; …" : ""));
    this.model = model;
    this.reasons = List.copyOf(reasons);
  }

  /** The model. */
  public OnnxModel model() {
    return model;
  }

  /** What stands in the way, in the file's order. */
  public List<String> reasons() {
    return reasons;
  }

  /** All reasons, as far as a message holds them. */
  public String listed() {
    return String.valueOf(getMessage());
  }
}
