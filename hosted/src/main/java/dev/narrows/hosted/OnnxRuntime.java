package dev.narrows.hosted;

import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedSession;

/**
 * ONNX Runtime, in processes of its own: it is native code, and a file that breaks it ends that
 * process and not the user's command. Each thread that opens sessions has a process.
 */
public final class OnnxRuntime implements HostedRuntime {
  @Override
  public String describe() {
    return RuntimeProcess.ofThread().describe();
  }

  @Override
  public HostedSession open(byte[] model) {
    return RuntimeProcess.ofThread().open(model);
  }
}
