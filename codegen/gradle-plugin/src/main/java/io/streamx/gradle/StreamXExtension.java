package io.streamx.gradle;

import org.gradle.api.file.ConfigurableFileCollection;
import org.gradle.api.provider.ListProperty;
import org.gradle.api.provider.MapProperty;
import org.gradle.api.provider.Property;

/** The block {@code streamx} of a build file: what holds for all source sets of the project. Each task may say otherwise. */
public interface StreamXExtension {
    /**
     * More folders with Thrift files of the source set {@code main}, beside {@code src/main/thrift}. A missing folder is an
     * empty one. Those of other source sets are set at their tasks.
     */
    ConfigurableFileCollection getSourceDirectories();

    /**
     * Which of the files in the source folders are read: Ant patterns, relative to their folder; all with the ending
     * {@code .thrift} unless set. A file that is included by another is read all the same.
     */
    ListProperty<String> getIncludes();

    /** Which of the files in the source folders are not read: Ant patterns, which go before those of {@code includes}. */
    ListProperty<String> getExcludes();

    /**
     * More folders in which to look for included files, behind the source folders and that of the including file and before
     * the jars of the dependencies. Java is generated for the files included from here, but not for those included from jars.
     */
    ConfigurableFileCollection getIncludeDirectories();

    /** The Java package of all generated files, instead of the one their IDL names. */
    Property<String> getJavaPackage();

    /** The Java packages of single files, by file name without extension; goes before {@code javaPackage}. */
    MapProperty<String, String> getJavaPackages();

    /**
     * Also writes, for each service, a client with suspending functions and flows of Kotlin and an interface of such to handle
     * its calls. The project applies the Kotlin plugin and depends on {@code streamx-kotlin}.
     */
    Property<Boolean> getKotlin();

    /**
     * The older version with which {@code checkThriftCompatibility} compares the files of {@code main}: a folder, or a jar.
     * An artifact is named as a dependency of the configuration {@code thriftBaseline} instead.
     */
    ConfigurableFileCollection getBaseline();

    /** Which findings fail {@code checkThriftCompatibility}: {@code any}, or those for {@code wire} or {@code source} alone. */
    Property<String> getFailOn();
}
