/**
 * JMH benchmarks of the kernels, each beside the plain reference and a float32 product measured in
 * the same run: the machine's cores are shared, so trust ratios.
 *
 * <p>Build with {@code mvn package -pl benchmarks -am -DskipTests}; every class names its command.
 */
@NullMarked
package dev.narrows.benchmarks;

import org.jspecify.annotations.NullMarked;
