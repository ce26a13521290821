package dev.narrows.templates;

import java.io.File;
import java.io.IOException;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.project.MavenProject;

/**
 * Maven's goal {@code expand}: expands a module's templates and adds the classes to its sources.
 * Its parameters are declared in {@code META-INF/maven/plugin.xml}; Maven sets them.
 */
public final class ExpandMojo extends AbstractMojo {
  private File templates = new File("src/main/templates");
  private File target = new File("target/generated-sources/templates");
  private MavenProject project = new MavenProject();

  @Override
  public void execute() throws MojoFailureException {
    try {
      new JavaTemplates(templates.toPath()).expandInto(target.toPath());
    } catch (IOException | IllegalArgumentException e) {
      throw new MojoFailureException(e.getMessage(), e);
    }
    project.addCompileSourceRoot(target.getPath());
  }
}
