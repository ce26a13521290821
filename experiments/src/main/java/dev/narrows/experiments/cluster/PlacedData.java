package dev.narrows.experiments.cluster;

import dev.narrows.data.InputShape;
import dev.narrows.data.Layout;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.file.ImageFolder;
import java.util.Optional;

/**
 * Images as a user names them, to be read where they are.
 *
 * @param text what {@code --data} says
 * @param roots where known sets are looked for
 * @param preprocess what {@code --preprocess} says
 * @param resize the size to bring images to
 * @param layout of arrays
 * @param usualLayout of arrays whose shape fits both
 * @param shape of the network's inputs
 * @param validation how validation images are split off
 * @param limit the first so many images
 * @param scored whether labels will be compared with the network's classes
 * @param skipUnreadable whether images that cannot be read are left out and counted
 */
public record PlacedData(
    String text,
    DataRoots roots,
    Optional<String> preprocess,
    Optional<ImageFolder.Size> resize,
    Optional<Layout> layout,
    Optional<Layout> usualLayout,
    InputShape shape,
    DataCatalog.Validation validation,
    Optional<Integer> limit,
    boolean scored,
    boolean skipUnreadable) {}
