package dev.narrows.report;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The Javadoc of a package's types, of their parameters and of their constants, as Markdown. */
final class TypeComments {
  private final DocTrees trees;
  private final Map<String, List<? extends DocTree>> comments = new HashMap<>();

  private TypeComments(DocTrees trees) {
    this.trees = trees;
  }

  /** Those of the files in a folder, which are of one package. */
  static TypeComments in(Path folder, String packageName) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  null,
                  null,
                  manager.getJavaFileObjectsFromPaths(sources(folder)));
      TypeComments comments = new TypeComments(DocTrees.instance(task));
      for (CompilationUnitTree unit : task.parse()) {
        comments.new Reader().scan(unit, packageName);
      }
      return comments;
    }
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** What is said of a type; empty if nothing is. Paragraphs have an empty line between them. */
  String of(Class<?> type) {
    return markdown(type.getCanonicalName());
  }

  /** What is said of a component of a record, or of a constant; empty if nothing is. */
  String of(Class<?> type, String member) {
    return markdown(type.getCanonicalName() + "." + member);
  }

  private String markdown(String name) {
    return markdown(comments.getOrDefault(name, List.of()));
  }

  private String markdown(List<? extends DocTree> parts) {
    return parts.stream().map(this::markdown).collect(Collectors.joining()).strip();
  }

  private String markdown(DocTree part) {
    return switch (part) {
      case TextTree text -> text.getBody().replaceAll("\\s+", " ").replace("<", "&lt;");
      case LiteralTree code -> "`" + code.getBody().getBody().strip() + "`";
      case LinkTree link when link.getLabel().isEmpty() ->
          "`" + link.getReference().getSignature().replaceFirst(".*#", "") + "`";
      case LinkTree link -> markdown(link.getLabel());
      case EntityTree entity -> entity.toString();
      case StartElementTree element when element.getName().contentEquals("p") -> "\n\n";
      default -> throw new IllegalStateException("not known in Markdown: " + part);
    };
  }

  /** Collects comments; what it is given is the full name of what holds the tree at hand. */
  private final class Reader extends TreePathScanner<@Nullable Void, String> {
    @Override
    public @Nullable Void visitClass(ClassTree type, String holder) {
      String name = holder + "." + type.getSimpleName();
      keep(name);
      return super.visitClass(type, name);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree constant, String holder) {
      keep(holder + "." + constant.getName());
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, String holder) {
      return null; // what methods do is nothing that JSON holds
    }

    private void keep(String name) {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment == null) {
        return;
      }
      comments.put(name, comment.getFullBody());
      for (DocTree tag : comment.getBlockTags()) {
        if (tag instanceof ParamTree parameter) {
          comments.put(name + "." + parameter.getName(), parameter.getDescription());
        }
      }
    }
  }
}
