package dev.narrows.cluster.sweep;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A trial that runs elsewhere, seen as a process: it is alive until its answer has come, and asked
 * to end by the end of its standard input.
 */
final class RemoteTrial extends Process {
  private final CompletableFuture<Integer> code = new CompletableFuture<>();
  private final Runnable cancel;
  private volatile boolean cancelled;

  /**
   * One at work.
   *
   * @param cancel stops it where it runs
   */
  RemoteTrial(Runnable cancel) {
    this.cancel = cancel;
  }

  /** It has come to its end. */
  void ended(int exitCode) {
    code.complete(exitCode);
  }

  /** Whether it was asked to stop. */
  boolean cancelled() {
    return cancelled;
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("a trial on another machine reads nothing");
      }

      @Override
      public void close() {
        destroy();
      }
    };
  }

  @Override
  public InputStream getInputStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public InputStream getErrorStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public int waitFor() throws InterruptedException {
    try {
      return code.get();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  @Override
  public int exitValue() {
    if (!code.isDone()) {
      throw new IllegalThreadStateException("the trial has not ended");
    }
    return code.join();
  }

  @Override
  public void destroy() {
    cancelled = true;
    cancel.run();
  }
}
