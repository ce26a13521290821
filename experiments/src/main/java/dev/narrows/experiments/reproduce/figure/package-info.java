/**
 * What every figure of a paper is made of: its scale, the workshop that trains and evaluates, the
 * networks and images on which methods are compared, and figures over several seeds.
 */
@NullMarked
package dev.narrows.experiments.reproduce.figure;

import org.jspecify.annotations.NullMarked;
