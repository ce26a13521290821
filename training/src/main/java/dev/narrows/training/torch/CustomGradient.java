package dev.narrows.training.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.EdgeVector;
import org.bytedeco.pytorch.FunctionPostHook;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Operations whose forward and backward are written in Java.
 *
 * <p>libtorch offers Java no way to subclass an autograd node, so an existing node is borrowed: the
 * concatenation of as many one-element tensors as there are inputs. Its edges are set to the
 * inputs' own nodes, the value computed in Java becomes a second output of the node, and a hook
 * that runs after the node replaces what the node would return. The node itself has nothing to do,
 * because the gradient of its own output never arrives. None of this is documented upstream; a test
 * compares it with native autograd.
 *
 * <p>One object serves one step: it keeps the hooks alive until {@link #release()}, which must come
 * after the backward pass.
 *
 * @see "docs/training.md, Straight-through gradients"
 */
final class CustomGradient {
  /**
   * Maps the gradient of a value to the gradients of its inputs, in order and of the inputs'
   * shapes.
   */
  interface BackwardFunction {
    Tensor[] gradients(Tensor outputGradient);
  }

  private final Tensor seed;
  private final List<FunctionPostHook> hooks = new ArrayList<>();

  CustomGradient() {
    seed = torch.zeros(1);
    seed.set_requires_grad(true);
  }

  /**
   * Makes {@code value} a function of {@code inputs} for autograd.
   *
   * @param value a new tensor without history, not a view
   * @param inputs in the order of the gradients; those that require none are left out
   * @return {@code value}; without history while gradients are off or no input requires one
   */
  Tensor attach(Tensor value, BackwardFunction backward, Tensor... inputs) {
    int[] wanting =
        IntStream.range(0, inputs.length).filter(i -> inputs[i].requires_grad()).toArray();
    if (!GradMode.is_enabled() || wanting.length == 0) {
      return value;
    }
    Tensor[] seeds = new Tensor[wanting.length];
    Edge[] edges = new Edge[wanting.length];
    for (int i = 0; i < wanting.length; i++) {
      seeds[i] = seed;
      edges[i] = edge(inputs[wanting[i]]);
    }
    Node node = torch.cat(new TensorVector(seeds)).grad_fn();
    node.set_next_edges(new EdgeVector(edges));
    Hook hook = new Hook(backward, wanting);
    hooks.add(hook);
    node.add_post_hook(hook);
    torch.create_gradient_edge(value, node);
    return value;
  }

  /** Lets go of the hooks of a finished step. */
  void release() {
    hooks.clear();
  }

  private static Edge edge(Tensor input) {
    // A leaf has no node of its own that Java can reach; an alias of it has one that leads there.
    return input.is_leaf()
        ? new Edge(input.alias().grad_fn(), 0)
        : new Edge(input.grad_fn(), Math.toIntExact(input.output_nr()));
  }

  private static final class Hook extends FunctionPostHook {
    private final transient BackwardFunction backward;
    private final transient int[] wanting;

    Hook(BackwardFunction backward, int[] wanting) {
      this.backward = backward;
      this.wanting = wanting;
    }

    @Override
    public TensorVector apply(TensorVector nodeOutputs, TensorVector gradients) {
      Tensor[] all = backward.gradients(gradients.get(1));
      return new TensorVector(IntStream.of(wanting).mapToObj(i -> all[i]).toArray(Tensor[]::new));
    }
  }
}
