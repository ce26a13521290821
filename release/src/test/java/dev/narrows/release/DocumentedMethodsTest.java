package dev.narrows.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The artifacts are libraries: nearly all that can be called says what it does. */
class DocumentedMethodsTest {
  private static final double LEAST = 0.95;

  @ParameterizedTest
  @ValueSource(strings = {"core", "kernels", "network", "verify"})
  void publicMethods_ofALibrary_areDocumented(String room) throws IOException {
    Count count = count(Path.of("..", room, "src", "main", "java"));
    assertThat(count.methods).isGreaterThan(0);
    assertThat(1 - (double) count.missing.size() / count.methods)
        .as("%s: %d of %d are not: %s", room, count.missing.size(), count.methods, count.missing)
        .isGreaterThanOrEqualTo(LEAST);
  }

  private static Count count(Path sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Path> files;
    try (Stream<Path> all = Files.walk(sources)) {
      files = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    Count count = new Count();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      Trees trees = Trees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        count.scan(new TreePath(unit), trees);
      }
    }
    return count;
  }

  /**
   * Counts public and protected methods and constructors of public types. What overrides another
   * method takes its comment from there, and a record's compact constructor from its components.
   */
  private static final class Count extends TreePathScanner<@Nullable Void, Trees> {
    private final List<String> missing = new ArrayList<>();
    private int methods;

    @Override
    public @Nullable Void visitClass(ClassTree type, Trees trees) {
      return isOpen(type.getModifiers().getFlags()) ? super.visitClass(type, trees) : null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, Trees trees) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(each -> each.getAnnotationType().toString().equals("Override"));
      if (isOpen(method.getModifiers().getFlags()) && !overrides && !isCompact(method, trees)) {
        methods++;
        if (trees.getDocComment(getCurrentPath()) == null) {
          missing.add(holder().getSimpleName() + "." + method.getName());
        }
      }
      return null; // types inside methods are nobody else's
    }

    private ClassTree holder() {
      return (ClassTree) getCurrentPath().getParentPath().getLeaf();
    }

    /** Whether others can see it: members of interfaces are public without a word. */
    private boolean isOpen(Set<Modifier> flags) {
      TreePath parent = getCurrentPath().getParentPath();
      boolean inInterface =
          parent != null
              && (parent.getLeaf().getKind() == Tree.Kind.INTERFACE
                  || parent.getLeaf().getKind() == Tree.Kind.ANNOTATION_TYPE);
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || inInterface && !flags.contains(Modifier.PRIVATE);
    }

    /** Whether it is a constructor without a list of parameters in its source. */
    private boolean isCompact(MethodTree method, Trees trees) {
      if (holder().getKind() != Tree.Kind.RECORD || !method.getName().contentEquals("<init>")) {
        return false;
      }
      CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
      SourcePositions positions = trees.getSourcePositions();
      int from = (int) positions.getStartPosition(unit, method);
      int to = (int) positions.getStartPosition(unit, method.getBody());
      try {
        String head = unit.getSourceFile().getCharContent(true).subSequence(from, to).toString();
        return !head.contains("(");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
