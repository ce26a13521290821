package dev.narrows.network.files;

import dev.narrows.network.Network;
import dev.narrows.network.program.ProgramModel;
import java.util.Optional;

/**
 * What a model's file holds.
 *
 * @param network the network; of a program that of its sums
 * @param program present where not all of it is ours
 */
public record OpenedNetwork(Network network, Optional<ProgramModel> program) {}
