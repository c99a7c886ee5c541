package io.streamx.gradle;

import io.streamx.codegen.build.ThriftFolders;
import java.util.List;
import org.gradle.api.Plugin;
import org.gradle.api.Project;
import org.gradle.api.artifacts.Configuration;
import org.gradle.api.attributes.LibraryElements;
import org.gradle.api.file.FileCollection;
import org.gradle.api.plugins.JavaBasePlugin;
import org.gradle.api.plugins.JavaPlugin;
import org.gradle.api.plugins.JavaPluginExtension;
import org.gradle.api.tasks.SourceSet;
import org.gradle.api.tasks.SourceSetContainer;
import org.gradle.api.tasks.TaskProvider;

/**
 * The plugin {@code io.streamx}: for each source set of a Java or Kotlin project a task that generates Java from the Thrift
 * files in {@code src/NAME/thrift}, and one that compares those of {@code main} with an older version.
 */
public final class StreamXPlugin implements Plugin<Project> {
    /** The name of the block in build files. */
    public static final String EXTENSION = "streamx";

    /** Where the artifact with the older version is named as a dependency. */
    public static final String BASELINE = "thriftBaseline";

    /** The task that compares the files of {@code main} with an older version. */
    public static final String CHECK = "checkThriftCompatibility";

    /** Called by Gradle. */
    @Override
    public void apply(Project project) {
        StreamXExtension extension = project.getExtensions().create(EXTENSION, StreamXExtension.class);
        extension.getIncludes().convention(List.of(ThriftFolders.ALL));
        extension.getKotlin().convention(false);
        extension.getFailOn().convention("any");
        project.getPlugins()
                .withType(
                        JavaBasePlugin.class,
                        java -> project.getExtensions()
                                .getByType(JavaPluginExtension.class)
                                .getSourceSets()
                                .all(sources -> generate(project, extension, sources)));
        project.getPlugins().withType(JavaPlugin.class, java -> {
            SourceSetContainer all =
                    project.getExtensions().getByType(JavaPluginExtension.class).getSourceSets();
            beforeTests(project, all.getByName(SourceSet.MAIN_SOURCE_SET_NAME), all.getByName("test"));
            check(project, extension, all.getByName(SourceSet.MAIN_SOURCE_SET_NAME));
        });
    }

    /** {@code generateThrift} for {@code main}, {@code generateTestThrift} for {@code test}, and so on. */
    private static String taskName(SourceSet sources) {
        return sources.getTaskName("generate", "thrift");
    }

    private static String folder(SourceSet sources) {
        return "src/" + sources.getName() + "/thrift";
    }

    private static void generate(Project project, StreamXExtension extension, SourceSet sources) {
        TaskProvider<GenerateThrift> generate = project.getTasks()
                .register(taskName(sources), GenerateThrift.class, task -> {
                    task.setDescription("Generates Java from the Thrift files of " + sources.getName() + ".");
                    configure(project, extension, sources, task);
                    task.getJavaPackage().convention(extension.getJavaPackage());
                    task.getJavaPackages().convention(extension.getJavaPackages());
                    task.getKotlin().convention(extension.getKotlin());
                    task.getOutputDirectory()
                            .convention(project.getLayout()
                                    .getBuildDirectory()
                                    .dir("generated/sources/streamx/java/" + sources.getName()));
                });
        sources.getJava().srcDir(generate.flatMap(GenerateThrift::getOutputDirectory));
    }

    private static void configure(Project project, StreamXExtension extension, SourceSet sources, ThriftTask task) {
        task.getSourceDirectories().from(folder(sources));
        if (sources.getName().equals(SourceSet.MAIN_SOURCE_SET_NAME)) {
            task.getSourceDirectories().from(extension.getSourceDirectories());
        }
        task.getIncludes().convention(extension.getIncludes());
        task.getExcludes().convention(extension.getExcludes());
        task.getIncludeDirectories().from(extension.getIncludeDirectories());
        task.getDependencies().from(jars(project, sources));
    }

    /** The dependencies as jars: the folder with the classes of another project has no Thrift files. */
    private static FileCollection jars(Project project, SourceSet sources) {
        Configuration dependencies =
                project.getConfigurations().getByName(sources.getCompileClasspathConfigurationName());
        return dependencies
                .getIncoming()
                .artifactView(view -> view.attributes(attributes -> attributes.attribute(
                        LibraryElements.LIBRARY_ELEMENTS_ATTRIBUTE,
                        project.getObjects().named(LibraryElements.class, LibraryElements.JAR))))
                .getFiles();
    }

    /** Files of the tests may include those of {@code main}, whose Java is compiled there. */
    private static void beforeTests(Project project, SourceSet main, SourceSet test) {
        TaskProvider<GenerateThrift> generate = project.getTasks().named(taskName(main), GenerateThrift.class);
        project.getTasks().named(taskName(test), GenerateThrift.class, task -> {
            task.getDirectoriesGeneratedElsewhere().from(generate.map(GenerateThrift::getSourceDirectories));
            task.getOutputsGeneratedElsewhere().from(generate.flatMap(GenerateThrift::getOutputDirectory));
        });
    }

    private static void check(Project project, StreamXExtension extension, SourceSet main) {
        Configuration baseline = project.getConfigurations().create(BASELINE, configuration -> {
            configuration.setDescription("The artifact with the older version of the Thrift files, for " + CHECK + ".");
            configuration.setCanBeConsumed(false);
            configuration.setTransitive(false);
        });
        TaskProvider<CheckThriftCompatibility> check = project.getTasks()
                .register(CHECK, CheckThriftCompatibility.class, task -> {
                    task.setDescription("Compares the Thrift files with an older version of them.");
                    task.setGroup("verification");
                    configure(project, extension, main, task);
                    task.getBaseline().from(extension.getBaseline(), baseline);
                    task.getFailOn().convention(extension.getFailOn());
                    task.getReport()
                            .convention(project.getLayout()
                                    .getBuildDirectory()
                                    .file("reports/streamx/thrift-compatibility.txt"));
                });
        project.getTasks().named("check", task -> task.dependsOn(check));
    }
}
