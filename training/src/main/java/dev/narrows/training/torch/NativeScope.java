package dev.narrows.training.torch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * A stretch of native work: what it allocates is freed at its end, and the process waits for it.
 */
final class NativeScope implements AutoCloseable {
  private final RunningTraining.NativeCall call = RunningTraining.nativeCall();
  private final PointerScope pointers = new PointerScope();

  private NativeScope(Workers workers) {
    Torch.useThreads(workers.threads());
  }

  /** Work whose gradients are recorded. */
  static NativeScope recording(Workers workers) {
    return new NativeScope(workers);
  }

  /** Runs work without gradients. */
  static <T> T evaluate(Workers workers, Supplier<T> work) {
    try (NativeScope _ = new NativeScope(workers);
        NoGradGuard _ = new NoGradGuard()) {
      return work.get();
    }
  }

  @Override
  public void close() {
    pointers.close();
    call.close();
  }
}
