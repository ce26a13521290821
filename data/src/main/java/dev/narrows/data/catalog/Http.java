package dev.narrows.data.catalog;

import dev.narrows.data.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Downloads one address to one file, with a limit on bytes and on silence. */
final class Http implements Closeable {
  private final Duration patience;
  private final HttpClient client;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "download-watch");
        thread.setDaemon(true);
        return thread;
      });

  Http(Duration patience) {
    this.patience = patience;
    client =
        HttpClient.newBuilder()
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  /** Writes the body of a GET to {@code file}, which must not exist, and forces it to the disk. */
  void download(URI address, long maxBytes, Path file, FetchProgress progress)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(patience).GET().build();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException problem) {
      throw failed(address, "cannot be reached", problem);
    }
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException(address + ": the server answered " + response.statusCode());
      }
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        copy(address, response, in, maxBytes, out, progress);
      }
    }
  }

  private void copy(
      URI address,
      HttpResponse<InputStream> response,
      InputStream in,
      long maxBytes,
      OutputStream out,
      FetchProgress progress)
      throws IOException, InterruptedException {
    OptionalLong total = response.headers().firstValueAsLong("Content-Length");
    AtomicLong lastHeard = new AtomicLong(System.nanoTime());
    // HttpClient's own timeout ends with the headers. Closing the body wakes the reader up.
    var watch =
        clock.scheduleWithFixedDelay(
            () -> {
              if (System.nanoTime() - lastHeard.get() > patience.toNanos()) {
                closeQuietly(in);
              }
            },
            patience.toMillis(),
            Math.max(patience.toMillis() / 4, 1),
            TimeUnit.MILLISECONDS);
    try {
      byte[] buffer = new byte[1 << 16];
      long bytes = 0;
      for (int got = read(address, in, buffer); got >= 0; got = read(address, in, buffer)) {
        lastHeard.set(System.nanoTime());
        bytes += got;
        if (bytes > maxBytes) {
          throw new DataException(
              address + ": more than the expected " + maxBytes + " bytes; nothing was kept");
        }
        out.write(buffer, 0, got);
        progress.downloaded(address, bytes, total);
      }
      if (total.isPresent() && bytes != total.getAsLong()) {
        throw new IOException(
            "%s: broke off after %d of %d bytes".formatted(address, bytes, total.getAsLong()));
      }
    } finally {
      watch.cancel(false);
    }
  }

  private int read(URI address, InputStream in, byte[] buffer)
      throws IOException, InterruptedException {
    try {
      return in.read(buffer);
    } catch (IOException problem) {
      // The body's stream turns an interrupt into an IOException and keeps the thread's flag.
      if (Thread.interrupted() || problem instanceof InterruptedIOException) {
        throw new InterruptedException(address + ": interrupted");
      }
      throw failed(address, "broke off, or was silent for " + patience.toMillis() + " ms", problem);
    }
  }

  private IOException failed(URI address, String what, IOException problem) {
    String why = problem.getMessage();
    String kind = problem.getClass().getSimpleName();
    return new IOException(
        "%s: %s (%s)".formatted(address, what, why == null ? kind : kind + ": " + why), problem);
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException alreadyBroken) {
      // The reader gets to know.
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    client.shutdownNow();
  }
}
