package dev.narrows.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.narrows.data.DataException;
import dev.narrows.data.catalog.DataCatalog.FileCheck;
import dev.narrows.data.catalog.DataCatalog.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DataFetcherTest {
  private static final byte[] CONTENT =
      "the content of a data file".repeat(9000).getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "another".getBytes(StandardCharsets.UTF_8);

  /** Answers a request; the body that it sends may be whole or not. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @TempDir Path root;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch testEnds = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server = newServer();

  private static HttpServer newServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException problem) {
      throw new AssertionError(problem);
    }
  }

  @BeforeEach
  void start() {
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          Answer missing = e -> e.sendResponseHeaders(404, -1);
          try (exchange) {
            answers.getOrDefault(exchange.getRequestURI().getPath(), missing).to(exchange);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    testEnds.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static Answer whole(byte[] body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static DataFile file(String path, byte[] content) {
    var digest = Sha256.digest();
    digest.update(content);
    return new DataFile(path, content.length, Sha256.hex(digest));
  }

  private static KnownSet set(List<DataFile> files, List<Download> downloads) {
    return new KnownSet(
        "toy",
        "",
        "",
        "",
        KnownSet.FileForm.IDX,
        List.of("a"),
        0,
        files.subList(0, 1),
        files.subList(1, files.size()),
        downloads);
  }

  private static KnownSet gzippedSet() {
    List<DataFile> files = List.of(file("toy/content", CONTENT), file("toy/other", OTHER));
    return set(
        files,
        files.stream()
            .<Download>map(f ->
                new Download.Gzipped(
                    URI.create("https://example.invalid/deep/" + f.name() + ".gz"), f))
            .toList());
  }

  private DataFetcher fetcher() {
    return fetcher(Duration.ofSeconds(20));
  }

  private DataFetcher fetcher(Duration patience) {
    URI mirror = URI.create("http://localhost:" + server.getAddress().getPort() + "/mirror/");
    return new DataFetcher(root, Optional.of(mirror), patience);
  }

  private List<String> filesLeft() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> root.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void fetch_goodFiles_areKeptCheckedAndNotFetchedAgain() throws Exception {
    answers.put("/mirror/content.gz", whole(gzip(CONTENT)));
    answers.put("/mirror/other.gz", whole(gzip(OTHER)));
    List<Long> progress = new ArrayList<>();
    List<Path> written =
        fetcher()
            .fetch(
                gzippedSet(),
                (address, bytes, total) -> {
                  progress.add(bytes);
                  assertThat(total).isPresent();
                });
    assertThat(written)
        .containsExactly(root.resolve("toy/content.gz"), root.resolve("toy/other.gz"));
    assertThat(filesLeft()).containsExactly("toy/content.gz", "toy/other.gz");
    assertThat(progress).contains((long) gzip(CONTENT).length, (long) gzip(OTHER).length);
    DataCatalog catalog = new DataCatalog(new DataRoots(List.of(root), root));
    assertThat(catalog.check(gzippedSet())).extracting(FileCheck::status).containsOnly(Status.OK);
    assertThat(fetcher().fetch(gzippedSet(), FetchProgress.SILENT)).isEmpty();
    assertThat(requests).hasValue(2);
  }

  @Test
  void fetch_damagedFileThere_isReplaced() throws Exception {
    answers.put("/mirror/content.gz", whole(gzip(CONTENT)));
    answers.put("/mirror/other.gz", whole(gzip(OTHER)));
    Files.createDirectories(root.resolve("toy"));
    Files.write(root.resolve("toy/other.gz"), gzip(CONTENT));
    Files.write(root.resolve("toy/content.gz"), Arrays.copyOf(gzip(CONTENT), 50));
    assertThat(fetcher().fetch(gzippedSet(), FetchProgress.SILENT)).hasSize(2);
    DataCatalog catalog = new DataCatalog(new DataRoots(List.of(root), root));
    assertThat(catalog.check(gzippedSet())).extracting(FileCheck::status).containsOnly(Status.OK);
  }

  @Test
  void fetch_wrongChecksum_leavesNothing() throws Exception {
    byte[] changed = CONTENT.clone();
    changed[100]++;
    answers.put("/mirror/content.gz", whole(gzip(changed)));
    assertThatThrownBy(() -> fetcher().fetch(gzippedSet(), FetchProgress.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("/mirror/content.gz (uncompressed): SHA-256 is ")
        .hasMessageContaining("expected " + file("", CONTENT).sha256());
    assertThat(filesLeft()).isEmpty();
  }

  @Test
  void fetch_moreThanExpected_isStoppedAndLeavesNothing() throws Exception {
    // A bomb that is small on the wire, and a body that is large on the wire.
    answers.put("/mirror/content.gz", whole(gzip(new byte[50_000_000])));
    assertThatThrownBy(() -> fetcher().fetch(gzippedSet(), FetchProgress.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("longer than " + CONTENT.length + " bytes");
    answers.put("/mirror/content.gz", whole(new byte[CONTENT.length + 5000]));
    assertThatThrownBy(() -> fetcher().fetch(gzippedSet(), FetchProgress.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("more than the expected");
    assertThat(filesLeft()).isEmpty();
  }

  @Test
  void fetch_truncatedBody_leavesNothing() throws Exception {
    byte[] body = gzip(CONTENT);
    answers.put(
        "/mirror/content.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body, 0, body.length / 2);
          exchange.getResponseBody().flush();
          throw new IOException("the server breaks off");
        });
    assertThatThrownBy(() -> fetcher().fetch(gzippedSet(), FetchProgress.SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/mirror/content.gz: broke off");
    assertThat(filesLeft()).isEmpty();
  }

  @Test
  void fetch_truncatedContentOfFullLength_leavesNothing() throws Exception {
    answers.put("/mirror/content.gz", whole(Arrays.copyOf(gzip(CONTENT), 300)));
    assertThatThrownBy(() -> fetcher().fetch(gzippedSet(), FetchProgress.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("is not a whole gzip file");
    assertThat(filesLeft()).isEmpty();
  }

  @Test
  void fetch_notFound_keepsWhatCameBefore() throws Exception {
    answers.put("/mirror/content.gz", whole(gzip(CONTENT)));
    assertThatThrownBy(() -> fetcher().fetch(gzippedSet(), FetchProgress.SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("/mirror/other.gz: the server answered 404");
    assertThat(filesLeft()).containsExactly("toy/content.gz");
  }

  @Test
  void fetch_noServer_saysSo() throws Exception {
    server.stop(0);
    assertThatThrownBy(() -> fetcher().fetch(gzippedSet(), FetchProgress.SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/mirror/content.gz: cannot be reached");
    assertThat(filesLeft()).isEmpty();
  }

  private Answer startsAndHangs(byte[] body, CountDownLatch started) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, 100);
      exchange.getResponseBody().flush();
      started.countDown();
      try {
        testEnds.await();
      } catch (InterruptedException end) {
        throw new IOException(end);
      }
    };
  }

  @Test
  void fetch_serverFallsSilent_givesUpAndLeavesNothing() throws Exception {
    answers.put("/mirror/content.gz", startsAndHangs(gzip(CONTENT), new CountDownLatch(1)));
    assertThatThrownBy(
            () -> fetcher(Duration.ofMillis(400)).fetch(gzippedSet(), FetchProgress.SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/mirror/content.gz: broke off");
    assertThat(filesLeft()).isEmpty();
  }

  @Test
  void fetch_interrupted_endsAndLeavesNothing() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    answers.put("/mirror/content.gz", startsAndHangs(gzip(CONTENT), started));
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread fetching =
        Thread.ofPlatform()
            .start(() -> {
              try {
                fetcher().fetch(gzippedSet(), (address, bytes, total) -> {});
              } catch (Exception end) {
                outcome.set(end);
              }
            });
    started.await();
    fetching.interrupt();
    fetching.join();
    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    assertThat(filesLeft()).isEmpty();
  }

  /** Fetches the toy set: what the test below runs in a process of its own. */
  static final class InAnotherProcess {
    public static void main(String[] args) throws Exception {
      new DataFetcher(Path.of(args[0]), Optional.of(URI.create(args[1])), Duration.ofSeconds(20))
          .fetch(gzippedSet(), FetchProgress.SILENT);
    }
  }

  @Test
  void fetch_processTerminated_leavesNothing() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    answers.put("/mirror/content.gz", startsAndHangs(gzip(CONTENT), started));
    // The terminal's Ctrl-C and this signal end a JVM in the same way.
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                InAnotherProcess.class.getName(),
                root.toString(),
                "http://localhost:" + server.getAddress().getPort() + "/mirror")
            .inheritIO()
            .start();
    started.await();
    while (filesLeft().isEmpty()) {
      Thread.sleep(20);
    }
    assertThat(filesLeft().get(0)).endsWith(".tmp");
    process.destroy();
    assertThat(process.waitFor()).isNotZero();
    assertThat(filesLeft()).isEmpty();
  }

  // The archive, as CIFAR-10 comes.

  private static byte[] tar(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (var member : members.entrySet()) {
      byte[] header = new byte[512];
      boolean isFolder = member.getKey().endsWith("/");
      put(header, 0, member.getKey());
      put(header, 100, "0000644\0");
      put(header, 124, "%011o ".formatted(member.getValue().length));
      put(header, 148, "        ");
      put(header, 156, isFolder ? "5" : "0");
      put(header, 257, "ustar\00000");
      int sum = 0;
      for (byte b : header) {
        sum += b & 0xFF;
      }
      put(header, 148, "%06o\0 ".formatted(sum));
      out.write(header);
      out.write(member.getValue());
      out.write(new byte[-member.getValue().length & 511]);
    }
    out.write(new byte[1024]);
    return gzip(out.toByteArray());
  }

  private static void put(byte[] header, int start, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, start, bytes.length);
  }

  private static KnownSet archiveSet(byte[] archive) {
    List<DataFile> files = List.of(file("toy/content.bin", CONTENT), file("toy/other.bin", OTHER));
    DataFile whole = file("", archive);
    return set(
        files,
        List.of(
            new Download.Archive(
                URI.create("https://example.invalid/~x/toy.tar.gz"),
                whole.bytes(),
                whole.sha256(),
                Map.of("in/content.bin", files.get(0), "in/other.bin", files.get(1)))));
  }

  @Test
  void fetchArchive_good_unpacksOnlyTheKnownMembers() throws Exception {
    byte[] archive =
        tar(
            Map.of(
                "in/", new byte[0],
                "in/content.bin", CONTENT,
                "../../evil", OTHER,
                "in/other.bin", OTHER,
                "in/readme.html", OTHER));
    answers.put("/mirror/toy.tar.gz", whole(archive));
    assertThat(fetcher().fetch(archiveSet(archive), FetchProgress.SILENT)).hasSize(2);
    assertThat(filesLeft()).containsExactly("toy/content.bin", "toy/other.bin");
    assertThat(root.resolve("toy/content.bin")).hasBinaryContent(CONTENT);
    Files.delete(root.resolve("toy/other.bin"));
    assertThat(fetcher().fetch(archiveSet(archive), FetchProgress.SILENT))
        .containsExactly(root.resolve("toy/other.bin"));
    assertThat(fetcher().fetch(archiveSet(archive), FetchProgress.SILENT)).isEmpty();
    assertThat(requests).hasValue(2);
  }

  @Test
  void fetchArchive_wrongChecksum_isNotUnpacked() throws Exception {
    byte[] archive = tar(Map.of("in/content.bin", CONTENT, "in/other.bin", OTHER));
    byte[] changed = archive.clone();
    changed[4]++; // the gzip header's time stamp: the content is unchanged
    answers.put("/mirror/toy.tar.gz", whole(changed));
    assertThatThrownBy(() -> fetcher().fetch(archiveSet(archive), FetchProgress.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("/mirror/toy.tar.gz: SHA-256 is ");
    assertThat(filesLeft()).isEmpty();
  }

  @Test
  void fetchArchive_memberMissingOrWrong_isToldAndNotKept() throws Exception {
    byte[] lacking = tar(Map.of("in/content.bin", CONTENT));
    answers.put("/mirror/toy.tar.gz", whole(lacking));
    assertThatThrownBy(() -> fetcher().fetch(archiveSet(lacking), FetchProgress.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("the archive lacks other.bin");
    assertThat(filesLeft()).containsExactly("toy/content.bin");
    byte[] wrong = tar(Map.of("in/other.bin", CONTENT));
    answers.put("/mirror/toy.tar.gz", whole(wrong));
    assertThatThrownBy(() -> fetcher().fetch(archiveSet(wrong), FetchProgress.SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("/mirror/toy.tar.gz!other.bin: SHA-256 is ");
    assertThat(filesLeft()).containsExactly("toy/content.bin");
  }

  @Test
  void knownSets_everyDownload_bringsExactlyTheSetsFiles() {
    for (KnownSet set : KnownSets.ALL) {
      List<DataFile> brought = new ArrayList<>();
      for (Download download : set.downloads()) {
        switch (download) {
          case Download.Gzipped one -> brought.add(one.file());
          case Download.Plain one -> brought.add(one.file());
          case Download.Archive archive -> brought.addAll(archive.members().values());
        }
      }
      if (!set.embedded()) {
        assertThat(brought).containsExactlyInAnyOrderElementsOf(set.files());
      }
      assertThat(KnownSets.named(set.name())).contains(set);
      assertThat(set.licence()).isNotBlank();
    }
  }
}
