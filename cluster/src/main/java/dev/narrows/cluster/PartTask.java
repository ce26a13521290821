package dev.narrows.cluster;

import dev.narrows.network.parts.TravellingSource;
import java.io.Serializable;

/**
 * A part of a run as it is sent to an executor.
 *
 * @param first its first image among all
 * @param source its images alone
 */
record PartTask(int first, TravellingSource source) implements Serializable {}
