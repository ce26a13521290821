package dev.narrows.data.catalog;

import dev.narrows.data.DataException;
import dev.narrows.data.file.AtomicFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Downloads known sets into a data root. Every file is compared with its known checksum before it
 * gets its name; whatever fails, or Ctrl-C, leaves no part of a file behind. Files that are already
 * there and right are not fetched again.
 *
 * @param root the data root to write into; made if absent
 * @param mirror if present, an address that holds the downloads under their file names, in place of
 *     the official ones
 * @param patience how long the server may be silent, also between two parts of a file
 */
public record DataFetcher(Path root, Optional<URI> mirror, Duration patience) {
  /** Fetches from the official addresses into {@code root}, with a minute of patience. */
  public DataFetcher(Path root) {
    this(root, Optional.empty(), Duration.ofMinutes(1));
  }

  /**
   * Fetches what is missing or wrong of {@code set}.
   *
   * @return the files written
   * @throws DataException if what came does not have the known checksum
   * @throws IOException if the server cannot be reached, answers with an error or breaks off, or if
   *     the disk is full
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public List<Path> fetch(KnownSet set, FetchProgress progress)
      throws IOException, InterruptedException {
    List<Path> written = new ArrayList<>();
    try (Http http = new Http(patience)) {
      for (Download download : set.downloads()) {
        switch (download) {
          case Download.Gzipped one ->
              fetchFile(http, one, one.file(), true, progress).ifPresent(written::add);
          case Download.Plain one ->
              fetchFile(http, one, one.file(), false, progress).ifPresent(written::add);
          case Download.Archive archive -> written.addAll(fetchArchive(http, archive, progress));
        }
      }
    } catch (ClosedByInterruptException interrupted) {
      // Files are closed by an interrupt; to the caller that is one thing with a wait that ends.
      Thread.interrupted();
      throw new InterruptedException(set.name() + ": interrupted");
    }
    return written;
  }

  private Optional<Path> fetchFile(
      Http http, Download download, DataFile file, boolean gzipped, FetchProgress progress)
      throws IOException, InterruptedException {
    if (isRight(file)) {
      return Optional.empty();
    }
    URI address = address(download);
    Path target = root.resolve(file.path() + (gzipped ? ".gz" : ""));
    Files.createDirectories(target.resolveSibling(""));
    try (AtomicFile.Temporary raw = temporary(target)) {
      http.download(address, download.maxBytes(), raw.path(), progress);
      String found;
      try (InputStream raws = Files.newInputStream(raw.path());
          InputStream in = gzipped ? new GZIPInputStream(raws, 1 << 16) : raws) {
        found = Sha256.ofContent(in, file.bytes());
      } catch (ZipException | EOFException damaged) {
        throw new DataException(address + ": is not a whole gzip file", damaged);
      }
      requireChecksum(address + " (uncompressed)", file.sha256(), found);
      AtomicFile.publish(raw, target);
    }
    return Optional.of(target);
  }

  private List<Path> fetchArchive(Http http, Download.Archive download, FetchProgress progress)
      throws IOException, InterruptedException {
    Set<DataFile> wanted = new HashSet<>();
    for (DataFile file : download.members().values()) {
      if (!isRight(file)) {
        wanted.add(file);
      }
    }
    List<Path> written = new ArrayList<>();
    if (wanted.isEmpty()) {
      return written;
    }
    URI address = address(download);
    Files.createDirectories(root);
    try (AtomicFile.Temporary archive = temporary(root.resolve("archive"))) {
      http.download(address, download.maxBytes(), archive.path(), progress);
      try (InputStream in = Files.newInputStream(archive.path())) {
        requireChecksum(
            address.toString(), download.sha256(), Sha256.ofContent(in, download.maxBytes()));
      }
      try (InputStream in =
          new GZIPInputStream(
              new BufferedInputStream(Files.newInputStream(archive.path())), 1 << 16)) {
        TarReader tar = new TarReader(address.toString(), in);
        for (var member = tar.next(); member.isPresent(); member = tar.next()) {
          DataFile file = download.members().get(member.get().name());
          if (file != null && wanted.remove(file)) {
            Path target = root.resolve(file.path());
            Files.createDirectories(target.resolveSibling(""));
            AtomicFile.write(target, out -> unpack(address, tar, file, out));
            written.add(target);
          }
        }
      }
    }
    for (DataFile missing : wanted) {
      throw new DataException(address + ": the archive lacks " + missing.name());
    }
    return written;
  }

  private static void unpack(URI address, TarReader tar, DataFile file, OutputStream out)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[1 << 16];
    for (int got = tar.read(buffer); got >= 0; got = tar.read(buffer)) {
      digest.update(buffer, 0, got);
      out.write(buffer, 0, got);
    }
    requireChecksum(address + "!" + file.name(), file.sha256(), Sha256.hex(digest));
  }

  private static AtomicFile.Temporary temporary(Path target) {
    return new AtomicFile.Temporary(target.resolveSibling(""), target.getFileName().toString());
  }

  private boolean isRight(DataFile file) throws IOException {
    Optional<Path> there = DataRoots.findIn(root, file);
    if (there.isEmpty()) {
      return false;
    }
    try (InputStream in = DataCatalog.content(there.get())) {
      return Sha256.ofContent(in, file.bytes()).equals(file.sha256());
    } catch (ZipException | EOFException damaged) {
      return false;
    }
  }

  private URI address(Download download) {
    String path = download.address().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    return mirror
        .map(base -> URI.create(base.toString().replaceAll("/+$", "") + "/" + name))
        .orElse(download.address());
  }

  private static void requireChecksum(String what, String expected, String found) {
    if (!found.equals(expected)) {
      throw new DataException(
          what + ": SHA-256 is " + found + ", expected " + expected + "; nothing was kept");
    }
  }
}
