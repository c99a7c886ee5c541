package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles Java with all warnings as errors. */
final class JavaSources {
    private JavaSources() {}

    static JavaFileObject source(String path, String content) {
        return new Source(path, content);
    }

    /** Compiles into {@code output}, with the class path of the tests and {@code folder}. */
    static void compile(List<JavaFileObject> sources, Path output, Path folder) {
        StringBuilder messages = new StringBuilder();
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        diagnostic -> messages.append(diagnostic).append('\n'),
                        List.of(
                                "-Xlint:all",
                                "-Werror",
                                "--release",
                                "21",
                                "-d",
                                output.toString(),
                                "-proc:none",
                                "-classpath",
                                folder + File.pathSeparator + System.getProperty("java.class.path")),
                        null,
                        sources)
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String content;

        Source(String path, String content) {
            super(URI.create("string:///" + path), Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }
}
