package dev.narrows.hardware.lanes;

/**
 * Where a reduction can fail.
 *
 * @param level from 0; the first that fails
 * @param channel output channel, 0 without weights
 * @param lane the place of the lane among all of its level
 * @param upwards whether the greatest sum does not fit; else the least
 */
record LaneFailure(int level, int channel, int lane, boolean upwards) {}
