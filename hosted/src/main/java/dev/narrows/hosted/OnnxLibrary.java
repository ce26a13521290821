package dev.narrows.hosted;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedSession;

/**
 * ONNX Runtime's library, in this process. One thread, so that its sums always have the same order;
 * the basic optimisations only, which change no arithmetic; no library of custom operators, no file
 * read or written.
 */
final class OnnxLibrary implements HostedRuntime {
  @Override
  public String describe() {
    return "ONNX Runtime " + environment().getVersion();
  }

  @Override
  public HostedSession open(byte[] model) {
    OrtEnvironment environment = environment();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OptLevel.BASIC_OPT);
      options.setDeterministicCompute(true);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      OrtSession session = environment.createSession(model, options);
      return new OnnxRuntimeSession(environment, session);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  /** What the library says, in one line. */
  static HostedException failure(OrtException e) {
    String message = String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\n\\s*", " ");
    return new HostedException(message, e);
  }

  private static OrtEnvironment environment() {
    try {
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "narrows");
    } catch (LinkageError | IllegalStateException e) {
      throw new HostedException(
          "ONNX Runtime's library does not load on this machine: " + e.getMessage(), e);
    }
  }
}
