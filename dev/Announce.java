import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says at the beginning of a build what is about to happen and for about how long, where a reader would otherwise look at
 * an empty screen: before the demo, which Maven builds in silence, and before a build that has to download everything.
 *
 * <p>Run by the root pom.xml as a source file: {@code java Announce.java LOCAL_REPOSITORY WHAT}. WHAT is {@code demo} or
 * {@code build}.
 */
final class Announce {
    private Announce() {}

    public static void main(String[] arguments) {
        Path repository = Path.of(arguments[0]);
        boolean demo = arguments[1].equals("demo");
        // The build needs Netty from its first module on, so a repository without Netty has never built StreamX.
        boolean first = !Files.isDirectory(repository.resolve(Path.of("io", "netty", "netty-common")));
        if (demo) {
            System.out.println("StreamX demo: building the modules it needs without their tests, which takes a minute or"
                    + " two on two processors; then a Java server and a Java client run, a few seconds.");
        }
        if (first) {
            System.out.println("First build with " + repository + ": Maven downloads plugins and libraries as it needs"
                    + " them, some " + (demo ? 200 : 700) + " MB in all, and says nothing of it. Allow a few minutes more,"
                    + " by your connection.");
            if (!demo) {
                System.out.println("With all tests a build takes about twenty minutes; -DskipTests leaves them out.");
            }
        }
        System.out.flush();
    }
}
