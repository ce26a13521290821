package dev.narrows.release;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives the classes of a jar that was compiled for Java 5 the stack maps of Java 8, and changes
 * nothing else: without them a JVM verifies by an older and slower way, and leaves such classes out
 * of a start-up archive. Picocli is compiled so.
 *
 * <p>Depends on nothing but the JDK: the launcher of a checkout starts this very source file.
 */
public final class StackMaps {
  /** Class files of Java 6 and before may lack stack maps. */
  private static final int LAST_WITHOUT = 50;

  private static final int JAVA_8 = 52;

  private StackMaps() {}

  /** Rewrites each jar that is named, unless it has stack maps already. */
  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      add(Path.of(jar));
    }
  }

  /** Rewrites a jar in place; the same jar gives the same bytes. */
  static void add(Path jar) throws IOException {
    Path part = Path.of(jar + ".part");
    boolean changed = false;
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        JarFile from = new JarFile(jar.toFile());
        OutputStream file = Files.newOutputStream(part);
        JarOutputStream to = new JarOutputStream(file)) {
      ClassFile classes =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ConstantPoolSharingOption.NEW_POOL,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(loader).cached()));
      for (JarEntry entry : from.stream().toList()) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(".class") && !entry.getName().endsWith("-info.class")) {
          ClassModel model = classes.parse(content);
          if (model.majorVersion() <= LAST_WITHOUT) {
            content = classes.transformClass(model, StackMaps::raise);
            changed = true;
          }
        }
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        to.putNextEntry(copy);
        to.write(content);
        to.closeEntry();
      }
    }
    if (changed) {
      Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(part);
    }
  }

  private static void raise(ClassBuilder builder, ClassElement element) {
    switch (element) {
      case ClassFileVersion _ -> builder.withVersion(JAVA_8, 0);
      case MethodModel method ->
          builder.transformMethod(
              method,
              (made, part) -> {
                if (part instanceof CodeModel code) {
                  made.transformCode(code, CodeTransform.ACCEPT_ALL);
                } else {
                  made.with(part);
                }
              });
      default -> builder.with(element);
    }
  }
}
