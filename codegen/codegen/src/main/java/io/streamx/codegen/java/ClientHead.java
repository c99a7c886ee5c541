package io.streamx.codegen.java;

import org.jspecify.annotations.Nullable;

/** Writes what all generated clients begin with, whichever IDL they come from: Javadoc, class line, constructors. */
public final class ClientHead {
    private final JavaFile file;

    private ClientHead(JavaFile file) {
        this.file = file;
    }

    /**
     * Begins the body of {@code file}, whose class is left open for its methods.
     *
     * @param comment of the service in its IDL; null for none
     * @param service its name in the IDL
     * @param failures a paragraph on the failures of calls
     * @param deprecation the reason why nobody should use the service any more, which may be empty; null when it is not deprecated
     * @param annotations of the class, besides that of deprecation
     */
    public static void write(
            JavaFile file,
            @Nullable String comment,
            String service,
            String failures,
            @Nullable String deprecation,
            String... annotations) {
        ClientHead head = new ClientHead(file);
        head.describe(comment, service, failures, deprecation);
        for (String annotation : annotations) {
            file.head().line("@" + file.use(annotation));
        }
        if (deprecation != null) {
            file.head().line("@" + file.use("java.lang.Deprecated"));
        }
        head.open();
    }

    private void describe(@Nullable String comment, String service, String failures, @Nullable String deprecation) {
        new Javadoc(file.head())
                .text(comment, "Calls the service {@code " + service + "}.")
                .paragraph(
                        "Immutable, safe from any number of threads; the {@code with} methods return further views of"
                                + " the same channel, whose owner closes it.")
                .paragraph(failures)
                .deprecation(deprecation)
                .write();
    }

    private void open() {
        String name = file.name().simpleName();
        String channel = file.use(RuntimeNames.CHANNEL);
        String options = file.use(RuntimeNames.CALL_OPTIONS);
        file.body()
                .open("public final class " + name + " extends " + file.use(RuntimeNames.SERVICE_CLIENT) + "<" + name
                        + "> {")
                .line("/** A client that calls through {@code channel}, which the caller keeps and closes. */")
                .open("public " + name + "(" + channel + " channel) {")
                .line("this(channel, " + options + ".NONE);")
                .close("}")
                .blank()
                .open("private " + name + "(" + channel + " channel, " + options + " options) {")
                .line("super(channel, options);")
                .close("}")
                .blank()
                .line("@" + file.use("java.lang.Override"))
                .open("protected " + name + " withOptions(" + channel + " channel, " + options + " options) {")
                .line("return new " + name + "(channel, options);")
                .close("}");
    }
}
