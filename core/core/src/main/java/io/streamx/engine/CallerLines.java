package io.streamx.engine;

import io.streamx.service.ServiceClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines of a program that uses StreamX, behind the frames of StreamX itself and of generated clients. */
public final class CallerLines {
    /** So many lines tell where a program stands, also behind middleware. */
    private static final int SHOWN = 12;

    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private static final String ROOT = "io.streamx";
    /** Below the root. Programs and tests may have packages below these; the packages themselves are those of StreamX. */
    private static final Set<String> OWN_PACKAGES =
            Set.of("client", "engine", "engine.flow", "flow", "generic", "service");

    private CallerLines() {}

    /** Where this thread was called from, outermost frames of StreamX left out; at most so many lines, innermost first. */
    static List<StackTraceElement> ofThisThread(int limit) {
        return WALKER.walk(frames -> frames.dropWhile(CallerLines::isOwn)
                .limit(limit)
                .map(StackWalker.StackFrame::toStackTraceElement)
                .toList());
    }

    /** The line that has called StreamX on this thread, such as {@code com.acme.Orders.load(Orders.java:42)}. */
    static String callerOfThisThread() {
        List<StackTraceElement> lines = ofThisThread(1);
        return lines.isEmpty() ? "an unknown place" : lines.getFirst().toString();
    }

    /** The lines of a thread that waits in StreamX, as a stack trace shows them. */
    static String whereItWaits(Thread thread) {
        String lines = shown(Stream.of(thread.getStackTrace()).dropWhile(CallerLines::isOwnOrJava));
        return lines.isEmpty() ? " nowhere any more: it goes on just now" : lines;
    }

    /** Lines as a stack trace shows them. */
    static String shown(List<StackTraceElement> lines) {
        return shown(lines.stream());
    }

    private static String shown(Stream<StackTraceElement> lines) {
        return lines.limit(SHOWN).map(line -> "\n\tat " + line).collect(Collectors.joining());
    }

    private static boolean isOwn(StackWalker.StackFrame frame) {
        Class<?> owner = frame.getDeclaringClass();
        return isOwn(owner.getPackageName()) || ServiceClient.class.isAssignableFrom(owner);
    }

    private static boolean isOwnOrJava(StackTraceElement line) {
        String name = line.getClassName();
        return name.startsWith("java.")
                || name.startsWith("jdk.")
                || isOwn(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
    }

    private static boolean isOwn(String packageName) {
        return packageName.equals(ROOT)
                || (packageName.startsWith(ROOT + ".")
                        && OWN_PACKAGES.contains(packageName.substring(ROOT.length() + 1)));
    }
}
