package dev.narrows.data.catalog;

import java.net.URI;
import java.util.OptionalLong;

/** Told how a download gets on, some times a second. */
@FunctionalInterface
public interface FetchProgress {
  /** Tells nobody. */
  FetchProgress SILENT = (address, bytes, total) -> {};

  /**
   * Called on the fetching thread.
   *
   * @param address what is being fetched
   * @param bytes how many bytes of it have come
   * @param total how many there will be, if the server says so
   */
  void downloaded(URI address, long bytes, OptionalLong total);
}
