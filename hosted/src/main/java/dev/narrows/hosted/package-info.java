/** ONNX Runtime behind {@link dev.narrows.network.hosted.HostedRuntime}. */
@NullMarked
package dev.narrows.hosted;

import org.jspecify.annotations.NullMarked;
