package io.streamx.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;

/**
 * An installation of Gradle made of the one jar that has all of it. Gradle looks for a jar for each of its modules and of the
 * libraries it uses, and asks each module's jar what else it needs. So each has a jar here that names the large one in its
 * manifest and is empty otherwise.
 */
final class GradleInstallation {
    private static final Pattern API = Pattern.compile("gradle-api-([0-9.]+)\\.jar");
    private static final Pattern MODULE = Pattern.compile("(gradle-[a-z0-9-]+)-classpath\\.properties");
    private static final Pattern LIBRARY = Pattern.compile("(groovy|kotlin-stdlib)(-[a-z0-9]+)*-[0-9.]+\\.jar");

    /** Libraries that Gradle asks for by name; their classes are in the large jar. */
    private static final List<String> LIBRARIES = List.of(
            "ant",
            "ant-launcher",
            "asm",
            "asm-commons",
            "asm-tree",
            "commons-io",
            "commons-lang",
            "commons-lang3",
            "failureaccess",
            "fastutil",
            "guava",
            "jansi",
            "javaparser-core",
            "javax.inject",
            "jcl-over-slf4j",
            "jsr305",
            "jul-to-slf4j",
            "kotlin-reflect",
            "kotlin-stdlib-common",
            "kotlin-stdlib-jdk8",
            "kryo",
            "log4j-over-slf4j",
            "minlog",
            "native-platform",
            "objenesis",
            "slf4j-api",
            "trove4j");

    /** What the large jar lacks, and what its parts ask for: one stands for all modules, the other has nothing. */
    private static final String SERVER = "gradle-daemon-server";

    private static final String COMPILER_PLUGIN = "gradle-java-compiler-plugin";
    private static final String BEACON = "gradle-installation-beacon";

    private static final String LAUNCHER = """
            /** Runs Gradle in this process: jars, "--", what Gradle is told. */
            public final class GradleLauncher {
                public static void main(String[] arguments) throws Exception {
                    // Gradle's jar has such providers too, which must not be found while the JDK's are looked for.
                    java.nio.file.spi.FileSystemProvider.installedProviders();
                    java.util.List<String> all = java.util.List.of(arguments);
                    int count = all.indexOf("--");
                    java.net.URL[] jars = new java.net.URL[count];
                    for (int i = 0; i < count; i++) {
                        jars[i] = java.nio.file.Path.of(arguments[i]).toUri().toURL();
                    }
                    ClassLoader loader = new java.net.URLClassLoader(jars, ClassLoader.getPlatformClassLoader());
                    Thread.currentThread().setContextClassLoader(loader);
                    String[] ofGradle = all.subList(count + 1, all.size()).toArray(new String[0]);
                    loader.loadClass("org.gradle.launcher.GradleMain")
                            .getMethod("main", String[].class)
                            .invoke(null, (Object) ofGradle);
                }
            }
            """;

    private static final String BEACON_CLASS = """
            package org.gradle.internal.installation.beacon;

            /** Where the jar with this class is, Gradle is installed. */
            public class InstallationBeacon {}
            """;

    private GradleInstallation() {}

    /** How Gradle is started in that folder, but for what it is told. */
    static List<String> command(Path work) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("-classpath", work.resolve("classes").toString(), "GradleLauncher"));
        try (Stream<Path> all = Files.list(work.resolve("installation/lib"))) {
            all.filter(jar -> {
                        String name = jar.getFileName().toString();
                        return name.startsWith(BEACON)
                                || API.matcher(name).matches()
                                || LIBRARY.matcher(name).matches();
                    })
                    .sorted()
                    .forEach(jar -> command.add(jar.toString()));
        }
        command.add("--");
        return command;
    }

    /**
     * Makes an installation in that folder of the jars on the class path of this process, unless there is one that was made of
     * those jars. One of other jars, such as those of another version of Gradle, is deleted first.
     */
    static synchronized void make(Path work) throws IOException {
        make(work, System.getProperty("java.class.path"));
    }

    static synchronized void make(Path work, String classPath) throws IOException {
        Path api = null;
        List<Path> libraries = new ArrayList<>();
        for (String entry : classPath.split(System.getProperty("path.separator"), -1)) {
            Path jar = Path.of(entry);
            String name = String.valueOf(jar.getFileName());
            if (API.matcher(name).matches()) {
                api = jar;
            } else if (LIBRARY.matcher(name).matches()) {
                libraries.add(jar);
            }
        }
        if (api == null) {
            throw new IllegalStateException("no dev.gradleplugins:gradle-api on the class path of the test");
        }
        Path done = work.resolve("done");
        String madeOf = api.toAbsolutePath() + "\n" + libraries;
        if (Files.exists(done) && Files.readString(done).equals(madeOf)) {
            return;
        }
        // The mark goes first: what a process leaves that ends in the middle of this is no installation.
        Files.deleteIfExists(done);
        delete(work.resolve("installation"));
        Path lib = work.resolve("installation/lib");
        Files.createDirectories(lib.resolve("plugins"));
        link(lib, api);
        for (Path library : libraries) {
            link(lib, library);
        }
        Path classes = compile(work, "GradleLauncher", LAUNCHER);
        compile(work, "org/gradle/internal/installation/beacon/InstallationBeacon", BEACON_CLASS);
        modules(
                lib,
                api,
                libraries.stream().map(jar -> jar.getFileName().toString()).toList(),
                classes);
        Files.writeString(done, madeOf);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            // What lies in a folder has a longer path than the folder, and is deleted before it.
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    private static void link(Path lib, Path jar) throws IOException {
        Path link = lib.resolve(jar.getFileName());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, jar.toAbsolutePath());
    }

    private static void modules(Path lib, Path api, List<String> libraries, Path classes) throws IOException {
        String name = api.getFileName().toString();
        Matcher version = API.matcher(name);
        if (!version.matches()) {
            throw new IllegalStateException(name + " (expected: gradle-api-VERSION.jar)");
        }
        Map<String, String> modules = new LinkedHashMap<>();
        try (ZipFile jar = new ZipFile(api.toFile())) {
            for (ZipEntry entry : jar.stream().map(ZipEntry.class::cast).toList()) {
                Matcher module = MODULE.matcher(entry.getName());
                if (module.matches()) {
                    String text = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                    modules.put(module.group(1), text.replaceAll("(?m)^runtime=.*$", "runtime="));
                }
            }
        }
        modules.computeIfPresent(
                "gradle-core",
                (core, text) -> text.replace("runtime=", "runtime=" + name + "," + String.join(",", libraries)));
        modules.put(SERVER, "projects=" + String.join(",", modules.keySet()) + "\nruntime=\n");
        modules.put(COMPILER_PLUGIN, "projects=\nruntime=\n");
        modules.put(BEACON, "projects=\nruntime=\n");
        for (Map.Entry<String, String> module : modules.entrySet()) {
            String key = module.getKey();
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put(
                    "META-INF/MANIFEST.MF",
                    ("Manifest-Version: 1.0\n" + (key.equals(BEACON) ? "" : "Class-Path: " + name + "\n"))
                            .getBytes(StandardCharsets.UTF_8));
            files.put(key + "-classpath.properties", module.getValue().getBytes(StandardCharsets.UTF_8));
            if (key.equals(BEACON)) {
                String beacon = "org/gradle/internal/installation/beacon/InstallationBeacon.class";
                files.put(beacon, Files.readAllBytes(classes.resolve(beacon)));
            }
            jar(lib.resolve(key + "-" + version.group(1) + ".jar"), files);
        }
        for (String library : LIBRARIES) {
            jar(
                    lib.resolve(library + "-0.jar"),
                    Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n".getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** On the Java that runs Gradle, which is older than the one that runs this test. */
    private static Path compile(Path work, String name, String source) throws IOException {
        Path file = work.resolve("sources").resolve(name + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        Path classes = Files.createDirectories(work.resolve("classes"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-d", classes.toString(), file.toString());
        if (result != 0) {
            throw new IllegalStateException(file + " does not compile: " + result);
        }
        return classes;
    }

    private static void jar(Path jar, Map<String, byte[]> files) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
    }
}
