import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Prints which tests of a module were skipped, and why, where whoever runs the build sees it: what tests print themselves
 * goes into files beside their reports.
 *
 * <p>Run by the build of a module, once its tests have ended, as a source file: {@code java SkippedTests.java MODULE FOLDER}.
 * FOLDER is the one with the XML reports of Surefire; without it there is nothing to say.
 */
final class SkippedTests {
    /** What an assumption of AssertJ is described as. */
    private static final Pattern ASSERTJ = Pattern.compile("assumption was not met due to: \\[(.+)\\]");

    private SkippedTests() {}

    public static void main(String[] arguments) throws Exception {
        Path reports = Path.of(arguments[1]);
        if (!Files.isDirectory(reports)) {
            return;
        }
        // A class with one missing peer has many tests, so that each reason is printed once for a class.
        Map<String, Integer> skipped = new TreeMap<>();
        DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(reports, "TEST-*.xml")) {
            for (Path file : files) {
                count(parser, file, skipped);
            }
        }
        skipped.forEach((what, times) ->
                System.out.println("SKIPPED in " + arguments[0] + ": " + what + (times > 1 ? " (" + times + " tests)" : "")));
    }

    private static void count(DocumentBuilder parser, Path file, Map<String, Integer> skipped)
            throws IOException, SAXException {
        Document report = parser.parse(file.toFile());
        NodeList elements = report.getElementsByTagName("skipped");
        for (int i = 0; i < elements.getLength(); i++) {
            Element reason = (Element) elements.item(i);
            Element test = (Element) reason.getParentNode();
            String type = test.getAttribute("classname");
            skipped.merge(type.substring(type.lastIndexOf('.') + 1) + ": " + said(reason), 1, Integer::sum);
        }
    }

    /** Why a test was skipped, in one line. */
    private static String said(Element reason) {
        // The message of AssertJ begins with an empty line, and Surefire's attribute has the first line alone.
        Matcher assertJ = ASSERTJ.matcher(reason.getTextContent());
        if (assertJ.find()) {
            return assertJ.group(1);
        }
        // Without the attribute the message stands before the stack trace, behind the class of the exception.
        String message = reason.hasAttribute("message")
                ? reason.getAttribute("message")
                : reason.getTextContent().replaceFirst("^[\\w.$]+: ", "");
        return message.replaceFirst("(?s)^.* ==> ", "")
                .replace("Assumption failed: ", "")
                .strip()
                .lines()
                .findFirst()
                .orElse("no reason given");
    }
}
