package dev.narrows.network.hosted;

import java.util.Optional;
import java.util.ServiceLoader;

/** A runtime for ONNX graphs that is not Narrows' own. */
public interface HostedRuntime {
  /** The runtime on the class path, if there is one. */
  static Optional<HostedRuntime> find() {
    return ServiceLoader.load(HostedRuntime.class).findFirst();
  }

  /** What messages call it: "ONNX Runtime 1.29.0". */
  String describe();

  /**
   * Makes a graph ready to run. Nothing of it runs yet.
   *
   * @param model an ONNX model; it may name no other file
   * @throws HostedException if the runtime refuses it
   */
  HostedSession open(byte[] model);
}
