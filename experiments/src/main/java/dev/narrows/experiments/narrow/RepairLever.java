package dev.narrows.experiments.narrow;

import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.FileConstants;
import dev.narrows.repair.network.NarrowInputs;
import java.util.Optional;

/**
 * That layers may be repaired for registers narrower than what their weights need.
 *
 * @param file whose format is to hold the repaired network; empty: our own
 * @param calibration inputs that repairs look at; empty: the first of the search's images
 * @param most so many of them
 * @param activations whether inputs of layers may become narrower
 * @param allowZero whether a channel may lose all its weights
 */
public record RepairLever(
    Optional<FileConstants> file,
    Optional<NetworkInputs> calibration,
    int most,
    NarrowInputs activations,
    boolean allowZero) {}
