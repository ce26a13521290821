package dev.narrows.hardware.lanes;

/**
 * What one level's lanes can reach.
 *
 * @param level from 0
 * @param products that the lane with the most of them adds, directly or through earlier levels; 0
 *     where that is not known
 * @param lo the least sum that counts: any write of a saturating lane, what a wrapping one hands
 *     over
 * @param hi the greatest; sums beyond 64 bits are cut to them
 * @param holds whether the register holds both, or does not have to
 */
public record RegisterReach(int level, long products, long lo, long hi, boolean holds) {}
