package io.streamx.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * grpc-java's own interop server and client, in this process but on a class path of their own, since they bring another
 * Netty and another Protobuf. Maven writes down that class path (this module's {@code pom.xml}).
 */
final class GrpcJavaPeer implements AutoCloseable {
    private static final Path CLASS_PATH = Path.of("target", "grpc-java.classpath");
    private static final String PACKAGE = "io.grpc.testing.integration.";

    /** Stays open as long as this process: threads of its Netty end later than its server, and load classes until then. */
    private final URLClassLoader classes;

    private final Object server;

    /** Starts its server on a free port. */
    GrpcJavaPeer() throws Exception {
        classes = new URLClassLoader("grpc-java", urls(), ClassLoader.getPlatformClassLoader());
        server = create("TestServiceServer");
        call(server, "parseArgs", "--port=0", "--use_tls=false");
        call(server, "start");
    }

    private static URL[] urls() {
        try {
            return Stream.of(Files.readString(CLASS_PATH).trim().split(java.io.File.pathSeparator))
                    .map(GrpcJavaPeer::url)
                    .toArray(URL[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read " + CLASS_PATH + " (expected: what the plugin in test/interop/pom.xml writes)", e);
        }
    }

    private static URL url(String file) {
        try {
            return Path.of(file).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address its server listens on. */
    String address() throws Exception {
        return "127.0.0.1:" + call(server, "getPort");
    }

    /** Plays one of its cases against a server; throws what its assertions throw. */
    void play(String testCase, int port) throws Exception {
        Object client = create("TestServiceClient");
        call(
                client,
                "parseArgs",
                "--server_host=127.0.0.1",
                "--server_port=" + port,
                "--use_tls=false",
                "--test_case=" + testCase);
        call(client, "setUp");
        try {
            call(client, "run");
        } finally {
            call(client, "tearDown");
        }
    }

    private Object create(String name) throws ReflectiveOperationException {
        return classes.loadClass(PACKAGE + name).getDeclaredConstructor().newInstance();
    }

    /** Its methods are those of its mains: none is public. */
    private Object call(Object target, String name, String... arguments) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(classes);
        try {
            Method method = name.equals("parseArgs")
                    ? target.getClass().getDeclaredMethod(name, String[].class)
                    : target.getClass().getDeclaredMethod(name);
            method.setAccessible(true);
            return name.equals("parseArgs") ? method.invoke(target, (Object) arguments) : method.invoke(target);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Override
    public void close() throws Exception {
        call(server, "stop");
    }
}
